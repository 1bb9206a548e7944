import json

import pexpect
import pytest

from basetype_benchmark.cli.purge import format_age
from basetype_benchmark.config.settings import Settings
from tests.unit.cli.terminal import BTB, run_btb
from tests.unit.workflows.purging.homes import add_campaign, add_dataset


@pytest.fixture
def settings(tmp_path):
    found = Settings(home=tmp_path / "home")
    add_dataset(found, "tiny-2d_seed42")
    add_campaign(found, "20260101-000000-tiny-2d", is_finished=False)
    return found


def on_terminal(settings, *arguments):
    return pexpect.spawn(
        BTB[0],
        [*BTB[1:], "purge", *arguments, "--home", str(settings.home)],
        encoding="utf-8",
        dimensions=(50, 160),
        timeout=60,
    )


@pytest.mark.parametrize("answer", ["y", "n"])
def test_it_lists_and_asks_on_a_terminal(answer, settings):
    child = on_terminal(settings, "results")
    child.expect(r"Remove 1 campaign \([\d.]+ KiB\), of them 1 not published and 1 resumable\?")
    child.sendline(answer)
    child.expect("removed 1 campaign" if answer == "y" else "nothing was removed")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert (settings.results_dir / "20260101-000000-tiny-2d").exists() is (answer == "n")


def test_without_a_terminal_it_asks_for_yes_in_one_clear_line(settings):
    done = run_btb("purge", "datasets", "--home", str(settings.home))
    assert done.returncode == 2
    assert "tiny-2d_seed42" in done.stdout
    assert done.stderr.startswith(
        "error: there is no terminal to ask on: give --yes to remove 1 dataset ("
    )
    assert done.stderr.count("\n") == 1
    assert (settings.datasets_dir / "tiny-2d_seed42").exists()


def test_a_dry_run_removes_nothing_even_with_yes(settings):
    done = run_btb("purge", "datasets", "--dry-run", "--yes", "--home", str(settings.home))
    assert done.returncode == 0
    assert "would remove 1 dataset (" in done.stderr
    assert (settings.datasets_dir / "tiny-2d_seed42").exists()


def test_json_lists_and_with_yes_removes(settings):
    for options, key in ([], "kept"), (["--yes"], "removed"):
        done = run_btb("purge", "datasets", "--json", "--home", str(settings.home), *options)
        found = json.loads(done.stdout)
        [item] = found[key]
        assert (item["kind"], item["name"], item["why_kept"]) == (
            "dataset",
            "tiny-2d_seed42",
            None,
        )
        assert item["size_bytes"] > 10_000
    assert not (settings.datasets_dir / "tiny-2d_seed42").exists()


def test_nothing_there_needs_nobody_to_ask(tmp_path):
    done = run_btb("purge", "datasets", "--home", str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (0, "")
    assert "there is nothing to remove" in done.stderr


def test_all_without_a_docker_says_so_and_removes_the_rest(settings, tmp_path):
    done = run_btb(
        *("purge", "all", "--yes", "--home", str(settings.home)),
        environment={"DOCKER_HOST": f"unix://{tmp_path}/none"},
    )
    assert done.returncode == 0
    assert "removed 1 campaign and 1 dataset (" in done.stderr
    assert "Docker was not looked into: " in done.stderr
    assert [path for path in settings.home.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("age_s", "text"), [(0, "now"), (59, "now"), (60, "1 min"), (7200, "2 h"), (260_000, "3 d")]
)
def test_an_age_is_one_number(age_s, text):
    assert format_age(age_s) == text
