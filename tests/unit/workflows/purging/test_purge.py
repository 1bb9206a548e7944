import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st

from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import UsageError
from basetype_benchmark.infrastructure.local.data_lock import DataLock
from basetype_benchmark.workflows.purge import purge
from basetype_benchmark.workflows.purging.items import Item, Kind, Purge
from basetype_benchmark.workflows.purging.selection import Selection, Target
from tests.unit.workflows.purging.homes import add_campaign, add_dataset, add_store, make_old

HOME_TARGETS = (Target.DATASETS, Target.RESULTS, Target.ENGINES)


@pytest.fixture(autouse=True)
def no_daemon(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def run(settings: Settings, *targets: Target, names: Sequence[str] = (), **options) -> Purge:
    older_than = options.pop("older_than", None)
    selection = Selection(
        targets=frozenset(targets or HOME_TARGETS), names=tuple(names), older_than_days=older_than
    )
    return purge(selection, settings, options.pop("may_remove", lambda _found: True))


def names(items: Sequence[Item]) -> set[str]:
    return {item.name for item in items}


def reasons(done: Purge) -> dict[str, str | None]:
    return {item.name: item.why_kept for item in done.kept}


def fill(settings: Settings) -> None:
    add_dataset(settings, "tiny-2d_seed42")
    add_campaign(settings, "20260101-000000-tiny-2d")
    add_store(settings, "P1", "postgresql")


def test_what_is_ours_is_removed_with_its_files_beside_and_its_lock_stays(settings):
    fill(settings)
    done = run(settings)
    assert names(done.removed) == {"tiny-2d_seed42", "20260101-000000-tiny-2d", "P1/postgresql"}
    assert (done.kept, done.failed) == ([], [])
    left = {str(path.relative_to(settings.home)) for path in settings.home.rglob("*.*")}
    assert left == {"engines/P1/postgresql.lock"}


def test_a_home_that_is_not_there_has_nothing(settings):
    assert run(settings).removed == []


def test_the_list_says_what_everything_takes_and_what_would_be_lost(settings):
    fill(settings)
    add_campaign(settings, "20260102-000000-tiny-2d", is_finished=False)
    published = add_campaign(settings, "20260103-000000-tiny-2d")
    (published / "published.json").write_text("{}")
    add_dataset(settings, "tiny-1w_seed42", is_whole=False)
    listed = []
    done = run(settings, may_remove=lambda found: bool(listed.extend(found)))
    by_name = {item.name: item for item in listed}
    assert names(done.kept) == by_name.keys()
    assert by_name["tiny-2d_seed42"].size_bytes >= 10_000
    assert by_name["P1/postgresql"].size_bytes >= 10_000
    remarks = {item.name: item.remark for item in listed if item.kind is not Kind.STORE}
    assert remarks == {
        "tiny-2d_seed42": None,
        "tiny-1w_seed42": "not whole",
        "20260101-000000-tiny-2d": "not published",
        "20260102-000000-tiny-2d": "resumable: 1 of 1 cells left, not published",
        "20260103-000000-tiny-2d": None,
    }
    assert (settings.datasets_dir / "tiny-2d_seed42").is_dir()


@pytest.mark.parametrize(
    ("target", "name", "expected"),
    [
        (Target.DATASETS, "tiny-2d", {"tiny-2d_seed42", "tiny-2d_seed7"}),
        (Target.DATASETS, "tiny-2d_seed7", {"tiny-2d_seed7"}),
        (Target.RESULTS, "20260101*", {"20260101-000000-tiny-2d"}),
        (Target.ENGINES, "O2", {"O2/oxigraph", "O2/postgresql"}),
        (Target.ENGINES, "*/postgresql", {"O2/postgresql", "P1/postgresql"}),
    ],
)
def test_names_and_patterns_choose(target, name, expected, settings):
    fill(settings)
    add_dataset(settings, "tiny-2d_seed7")
    add_dataset(settings, "small-2d_seed7")
    add_campaign(settings, "20260102-000000-tiny-2d")
    add_store(settings, "O2", "postgresql")
    add_store(settings, "O2", "oxigraph")
    assert names(run(settings, target, names=[name]).removed) == expected


def test_a_name_that_nothing_has_is_refused_before_anything_is_removed(settings):
    fill(settings)
    with pytest.raises(UsageError, match="nothing called 'tiny-3d'; there are: tiny-2d_seed42"):
        run(settings, Target.DATASETS, names=["tiny-2d", "tiny-3d"])
    assert (settings.datasets_dir / "tiny-2d_seed42").is_dir()


def test_only_what_has_not_changed_for_so_long_is_chosen(settings):
    fill(settings)
    make_old(settings.results_dir / "20260101-000000-tiny-2d")
    make_old(settings.engines_dir / "P1")
    done = run(settings, older_than=30)
    assert names(done.removed) == {"20260101-000000-tiny-2d", "P1/postgresql"}
    assert done.kept == []


def test_links_are_listed_and_neither_they_nor_their_targets_removed(settings, tmp_path):
    elsewhere = Settings(home=tmp_path / "elsewhere")
    fill(elsewhere)
    (settings.home / "datasets").mkdir(parents=True)
    (settings.datasets_dir / "tiny-2d_seed42").symlink_to(elsewhere.datasets_dir / "tiny-2d_seed42")
    settings.results_dir.symlink_to(elsewhere.results_dir)
    (settings.engines_dir).mkdir()
    (settings.engines_dir / "P1").symlink_to(elsewhere.engines_dir / "P1")
    done = run(settings)
    assert done.removed == []
    assert reasons(done).keys() == {"tiny-2d_seed42", "results", "P1"}
    assert all("a link to" in str(reason) for reason in reasons(done).values())
    assert len(list(elsewhere.home.rglob("*.*"))) > 5
    assert settings.results_dir.is_symlink()


def test_strange_things_are_kept_and_named(settings):
    fill(settings)
    strange = {
        "datasets/notes.txt": "not a dataset",
        "datasets/mine": "not a dataset",
        "results/old": "not a campaign",
        "engines/P1/dump.sql": "not a store of btb",
        "engines/X9": "not the folder of a scenario",
        "engines/P2/postgresql": "not a store of btb",  # no lock of ours beside it
    }
    for place in strange:
        path = settings.home / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir() if "." not in path.name else path.touch()
    (settings.datasets_dir / "mine/nodes.parquet").touch()  # like a dataset, not called like one
    done = run(settings)
    assert {item.place: item.why_kept for item in done.kept} == {
        str(settings.home / place): reason for place, reason in strange.items()
    }
    assert done.failed == []
    assert all((settings.home / place).exists() for place in strange)


HOLDER = """
import sys
from pathlib import Path
from basetype_benchmark.infrastructure.local.data_lock import DataLock
with DataLock(what="it", lock_file=Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder():
    """Holds a lock in another process until the test ends."""
    processes = []

    def hold(lock_file: Path) -> int:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, lock_file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stdout.readline() == "held\n"
        return process.pid

    yield hold
    for process in processes:
        process.communicate()


def test_a_campaign_that_runs_keeps_itself_its_datasets_and_all_stores(settings, holder):
    fill(settings)
    add_campaign(settings, "20260102-000000-tiny-2d")
    add_dataset(settings, "small-2d_seed42")
    pid = holder(settings.results_dir / "20260101-000000-tiny-2d/campaign.lock")
    measuring = holder(settings.engines_dir / "measuring.lock")
    done = run(settings)
    assert names(done.removed) == {"20260102-000000-tiny-2d", "small-2d_seed42"}
    assert reasons(done) == {
        "tiny-2d_seed42": f"in use by process {pid}, the campaign 20260101-000000-tiny-2d",
        "20260101-000000-tiny-2d": f"in use by process {pid}",
        "P1/postgresql": f"in use by the campaign of process {measuring}",
    }
    assert done.failed == []


def test_what_is_taken_after_the_list_is_kept_and_the_rest_removed(settings, holder):
    fill(settings)

    def take(_found):
        holder(settings.results_dir / "20260101-000000-tiny-2d/campaign.lock")
        return True

    done = run(settings, may_remove=take)
    assert names(done.removed) == {"P1/postgresql"}
    assert names(done.failed) == {"tiny-2d_seed42", "20260101-000000-tiny-2d"}
    assert all("in use by process" in str(reason) for reason in reasons(done).values())
    assert (settings.results_dir / "20260101-000000-tiny-2d/campaign.json").is_file()
    assert (settings.datasets_dir / "tiny-2d_seed42/dataset.json").is_file()


def test_what_vanishes_after_the_list_is_no_failure(settings):
    fill(settings)

    def vanish(_found):
        shutil.rmtree(settings.home)
        return True

    done = run(settings, may_remove=vanish)
    assert (done.kept, done.failed) == ([], [])


def test_a_dataset_that_may_be_just_being_made_is_kept(settings):
    new = add_dataset(settings, "tiny-1w_seed42", is_whole=False)
    old = add_dataset(settings, "tiny-2d_seed42", is_whole=False)
    make_old(old)
    done = run(settings)
    assert names(done.removed) == {"tiny-2d_seed42"}
    assert "it may be just being made" in str(reasons(done)["tiny-1w_seed42"])
    assert new.is_dir()


def test_what_a_killed_removal_left_is_found_and_removed(settings):
    fill(settings)
    left = [
        settings.datasets_dir / ".tiny-1w_seed42.btb-removed-0a1b2c3d",
        settings.results_dir / ".20260101-000000-tiny-2d.btb-removed-0a1b2c3d",
        settings.engines_dir / "P1/.postgresql.btb-removed-0a1b2c3d",
        settings.engines_dir / "P1/postgresql.discarded-0a1b2c3d",
    ]
    for path in left:
        path.mkdir()
    done = run(settings, names=[".*", "*discarded*"])
    assert {item.kind for item in done.removed} == {Kind.REMAINS}
    assert len(done.removed) == 4
    assert not any(path.exists() for path in left)
    assert (settings.engines_dir / "P1/postgresql/data").is_file()


def test_logs_of_a_server_whose_store_is_a_volume_are_removed(settings):
    store = add_store(settings, "P1", "postgresql")
    shutil.rmtree(store)
    done = run(settings)
    assert names(done.removed) == {"P1/postgresql.log", "P1/postgresql.log.1"}
    assert {path.name for path in store.parent.iterdir()} == {"postgresql.lock", "loaded.txt"}


def test_a_campaign_killed_before_it_wrote_anything_is_ours(settings):
    folder = settings.results_dir / "20260101-000000-tiny-2d"
    folder.mkdir(parents=True)
    with DataLock(what="it", lock_file=folder / "campaign.lock"):
        pass
    assert names(run(settings).removed) == {folder.name}


PLACES = st.sampled_from(["datasets", "results", "engines", "engines/P1", "."])
THINGS = st.lists(
    st.tuples(PLACES, st.sampled_from(["file", "folder", "link"]), st.text("ab_.", min_size=3)),
    max_size=8,
)


@of_hypothesis(max_examples=40, deadline=None)
@given(THINGS)
def test_whatever_else_lies_in_a_home_stays(things):
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder, "home"))
        fill(settings)
        out = Path(folder, "out")
        out.mkdir()
        (out / "kept").touch()
        strange = set()
        for place, kind, name in things:
            path = settings.home / place / name
            if path.exists() or set(name) == {"."}:
                continue
            strange.add(path)
            if kind == "file":
                path.touch()
            elif kind == "folder":
                path.mkdir()
            else:
                path.symlink_to(out)
        assert len(run(settings).removed) == 3
        assert all(os.path.lexists(path) for path in strange)
        assert (out / "kept").exists()
