import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from basetype_benchmark.config.profiles import Profile, Scale, find_profile, load_scales
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.huggingface.bundle import write_bundle
from basetype_benchmark.dataset.huggingface.download import Download
from basetype_benchmark.dataset.huggingface.parts_list import PartsList
from basetype_benchmark.dataset.manifest import encode_manifest
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.verify import verify_dataset
from basetype_benchmark.errors import BenchmarkError, DatasetError, DiskFull, HostError, UsageError
from basetype_benchmark.hub.client import Hub, open_hub
from basetype_benchmark.workflows.download_dataset import download
from tests.hub_server import TOKEN, Fault, HubServer, Repository
from tests.unit.dataset.huggingface.conftest import WEEK

Fetch = Callable[..., Download]
FIRST = "timeseries/building_id=b01/day=2024-01-01/part-0.parquet"


@pytest.fixture
def repository(server: HubServer, week_files: dict[str, bytes]) -> Repository:
    return server.add(WEEK, week_files)


@pytest.fixture
def fetch(hub: Hub, settings: Settings) -> Fetch:
    def call(profile: str, seed: int = 42, **options: object) -> Download:
        return download(profile, seed, settings, hub, **{"repository": WEEK, **options})

    return call


def whole_days(server: HubServer) -> set[str]:
    """The parts whose content was asked for, as building and day."""
    asked = server.asked("GET", "/timeseries/")
    return {"/".join(request.path.split("/")[-3:-1]) for request in asked}


@pytest.mark.usefixtures("repository")
def test_the_whole_is_the_dataset_that_was_published(fetch: Fetch, week: Dataset) -> None:
    made = fetch("tiny-1w")
    assert made.dataset.manifest == week.manifest
    assert verify_dataset(made.dataset.folder).fingerprint == week.fingerprint
    assert (made.fetched_parts, made.kept_parts) == (14, 0)


@pytest.mark.usefixtures("repository")
def test_two_days_of_a_week_are_two_days_generated(
    fetch: Fetch, server: HubServer, tiny: Dataset
) -> None:
    made = fetch("tiny-2d")
    assert made.dataset.manifest == tiny.manifest
    assert verify_dataset(made.dataset.folder).fingerprint == tiny.fingerprint
    assert whole_days(server) == {
        f"building_id={place}/day=2024-01-0{day}" for place in ("b01", "site") for day in (1, 2)
    }


@pytest.mark.usefixtures("repository")
def test_nothing_but_the_dataset_is_left(fetch: Fetch, tiny: Dataset, settings: Settings) -> None:
    made = fetch("tiny-2d")
    files = {str(p.relative_to(made.dataset.folder)) for p in made.dataset.folder.rglob("*.*")}
    assert files == {str(p.relative_to(tiny.folder)) for p in tiny.folder.rglob("*.*")}
    assert [path.name for path in settings.home.rglob("*") if path.name.startswith(".")] == []


@pytest.mark.usefixtures("repository")
def test_the_token_goes_to_the_hub_alone(fetch: Fetch, server: HubServer) -> None:
    fetch("tiny-2d")
    assert {request.token for request in server.asked("HEAD", "/resolve/")} == {TOKEN}
    assert {request.token for request in server.asked("GET", "/content/")} == {None}


@pytest.mark.usefixtures("repository")
def test_a_public_dataset_needs_no_token(anonymous: Hub, settings: Settings) -> None:
    assert download("tiny-2d", 42, settings, anonymous, repository=WEEK).fetched_parts == 4


@pytest.mark.usefixtures("repository")
def test_a_transfer_that_broke_off_is_taken_up_again(
    fetch: Fetch, server: HubServer, tiny: Dataset
) -> None:
    server.faults["GET", FIRST] = Fault()
    assert fetch("tiny-2d").dataset.fingerprint == tiny.fingerprint
    assert len([r for r in server.asked("GET", "/content/") if r.path.endswith(FIRST)]) == 2


def test_of_a_big_file_only_the_rest_is_sent(server: HubServer, hub: Hub, tmp_path: Path) -> None:
    content = bytes(range(256)) * (96 << 10)
    server.add(WEEK, {FIRST: content})
    server.faults["GET", FIRST] = Fault()
    remote = hub.look_up(WEEK)
    assert hub.fetch(remote, FIRST, tmp_path).read_bytes() == content
    ranges = [request.range for request in server.asked("GET", "/content/")]
    assert ranges == [None, f"bytes={10 << 20}-"]  # the client keeps whole blocks of 10 MiB


@pytest.mark.usefixtures("repository")
def test_a_download_that_failed_is_no_dataset_and_is_continued(
    fetch: Fetch, server: HubServer, settings: Settings, tiny: Dataset
) -> None:
    server.faults["GET", FIRST] = Fault(status=500, message="out of order")
    with pytest.raises(HostError, match=r"answered 500 \(out of order\)"):
        fetch("tiny-2d")
    folder = settings.dataset_dir("tiny-2d", 42)
    assert not (folder / "dataset.json").exists()
    kept = len(list(folder.rglob("part-0.parquet")))
    made = fetch("tiny-2d")
    assert made.dataset.manifest == tiny.manifest
    assert made.kept_parts == kept
    assert made.fetched_parts == 4 - kept


@pytest.mark.usefixtures("repository")
def test_what_is_there_is_not_fetched_again(fetch: Fetch, server: HubServer, week: Dataset) -> None:
    fetch("tiny-1w")
    damaged, *_ = week.series_files()
    place = fetch("tiny-1w", overwrite=True).dataset.folder / damaged.relative_to(week.folder)
    place.write_bytes(place.read_bytes()[:-100] + bytes(100))
    server.requests.clear()
    again = fetch("tiny-1w", overwrite=True)
    assert (again.fetched_parts, again.kept_parts) == (1, 13)
    assert len(server.asked("GET", "/timeseries/")) == 1
    assert verify_dataset(again.dataset.folder).fingerprint == week.fingerprint


@pytest.mark.usefixtures("repository")
def test_a_dataset_that_is_there_is_replaced_only_when_told(
    fetch: Fetch, server: HubServer
) -> None:
    fetch("tiny-2d")
    server.requests.clear()
    with pytest.raises(DatasetError, match="already holds a complete dataset"):
        fetch("tiny-2d")
    assert server.requests == []


@pytest.mark.usefixtures("repository")
def test_a_dataset_that_is_there_survives_a_repository_that_is_none(
    fetch: Fetch, settings: Settings
) -> None:
    fetch("tiny-2d")
    with pytest.raises(UsageError):
        fetch("tiny-2d", repository="ada/nothing", overwrite=True)
    verify_dataset(settings.dataset_dir("tiny-2d", 42))


@pytest.mark.parametrize(
    ("change", "error", "expected"),
    [
        ({"repository": "ada/nothing"}, UsageError, "no dataset ada/nothing"),
        ({"repository": "nothing"}, UsageError, "write OWNER/NAME"),
        ({"repository": "../x/y"}, UsageError, "write OWNER/NAME"),
        ({"revision": "v9"}, UsageError, "no revision 'v9'"),
        ({"seed": 7}, DatasetError, "holds tiny-1w with seed 42"),
        ({"profile": "small-2d"}, UsageError, "not the first ones"),
        ({"profile": "tiny-1m"}, UsageError, "only 7"),
        ({"profile": "tiny-9d"}, UsageError, "there is no profile 'tiny-9d'"),
        ({"profile": "garden-2d"}, UsageError, "there is no profile 'garden-2d'"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_what_cannot_be_had_is_said(
    fetch: Fetch,
    settings: Settings,
    change: dict[str, object],
    error: type[BenchmarkError],
    expected: str,
) -> None:
    with pytest.raises(error, match=expected):
        fetch(**{"profile": "tiny-2d", **change})
    assert not settings.home.exists()


def without(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.pop(name) and None


def with_content(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.update({name: content})


def with_text(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return change


def with_another_day(files: dict[str, bytes]) -> None:
    files[FIRST] = files[FIRST.replace("01/part", "02/part")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (without("dataset.json"), "no dataset of the benchmark"),
        (with_content("dataset.json", b'{"name": "mine"}'), "none of ours"),
        (with_content("dataset.json", b"<html>"), "none of ours"),
        (with_text("dataset.json", b'format_version": 1', b'format_version": 2'), "has format 2"),
        (with_text("dataset.json", b"2024-01-08", b"2024-01-09"), "other buildings or days"),
        (without("parts.json"), r"lacks parts\.json"),
        (with_text("parts.json", b'"rows": ', b'"rows": -'), r"parts\.json of .* is damaged"),
        (
            with_text("parts.json", b'"building_id": "site"', b'"building_id": "../.."'),
            r"parts\.json of .* is damaged",
        ),
        (with_text("parts.json", b'2024-01-07",', b'2024-01-06",'), "does not agree"),
        (without("nodes.parquet"), r"lacks nodes\.parquet"),
        (without(FIRST), "lacks timeseries/building_id=b01/day=2024-01-01"),
        (with_content(FIRST, b"PAR1 and no more"), "day=2024-01-01.* is not what its manifest"),
        (with_another_day, "day=2024-01-01.* is not what its manifest"),
    ],
)
def test_a_damaged_repository_gives_no_dataset(
    server: HubServer,
    fetch: Fetch,
    settings: Settings,
    week_files: dict[str, bytes],
    change: Callable[[dict[str, bytes]], None],
    expected: str,
) -> None:
    files = dict(week_files)
    change(files)
    server.add(WEEK, files)
    with pytest.raises(DatasetError, match=expected):
        fetch("tiny-2d")
    assert not (settings.dataset_dir("tiny-2d", 42) / "dataset.json").exists()


def test_relations_that_were_changed_are_found(
    server: HubServer, fetch: Fetch, week_files: dict[str, bytes], tiny: Dataset
) -> None:
    files = {**week_files, "edges.parquet": (tiny.folder / "edges.parquet").read_bytes()[:-1]}
    server.add(WEEK, files)
    with pytest.raises(DatasetError, match=r"edges\.parquet"):
        fetch("tiny-2d")


def test_a_private_repository_is_for_those_who_may_see_it(
    server: HubServer,
    repository: Repository,
    anonymous: Hub,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository.private = True
    with pytest.raises(UsageError, match=r"is private and you are not logged in .*hf auth login"):
        download("tiny-2d", 42, settings, anonymous, repository=WEEK)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert download("tiny-2d", 42, settings, open_hub(server.url), repository=WEEK).fetched_parts


def test_a_gated_repository_says_where_to_ask(fetch: Fetch, repository: Repository) -> None:
    repository.gated = True
    with pytest.raises(HostError, match="ask for access"):
        fetch("tiny-2d")


@pytest.mark.usefixtures("repository")
def test_a_token_that_is_refused(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_expired")
    with pytest.raises(HostError, match="does not accept the token"):
        fetch("tiny-2d")


@pytest.mark.usefixtures("anonymous")
def test_no_network(settings: Settings) -> None:
    with pytest.raises(HostError, match=r"127\.0\.0\.1:1 cannot be reached: .*refused"):
        download("tiny-2d", 42, settings, open_hub("http://127.0.0.1:1"), repository=WEEK)


@pytest.mark.usefixtures("anonymous")
def test_a_password_in_the_address_is_not_told(settings: Settings) -> None:
    hub = open_hub("http://me:secret@127.0.0.1:1")
    with pytest.raises(HostError, match=r"127\.0\.0\.1:1 cannot be reached") as failed:
        download("tiny-2d", 42, settings, hub, repository=WEEK)
    assert "secret" not in str(failed.value)


def test_the_smallest_dataset_that_holds_it_is_taken(
    server: HubServer, fetch: Fetch, week_files: dict[str, bytes], tiny: Dataset
) -> None:
    for name in ("tiny-1m_seed42", "tiny-1w_seed7", "small-2d_seed42", "notes"):
        server.add(f"basetype-benchmark/{name}", {})
    server.add("basetype-benchmark/tiny-1w_seed42", week_files)
    made = fetch("tiny-2d", repository=None)
    assert made.source.files.repository == "basetype-benchmark/tiny-1w_seed42"
    assert made.dataset.fingerprint == tiny.fingerprint


def test_where_nothing_holds_it_generation_is_advised(
    server: HubServer, fetch: Fetch, week_files: dict[str, bytes]
) -> None:
    server.add("basetype-benchmark/tiny-1w_seed42", week_files)
    with pytest.raises(UsageError, match="btb dataset generate tiny-1m"):
        fetch("tiny-1m", repository=None)


def test_another_version_of_the_generator_gives_the_whole_alone(
    server: HubServer, fetch: Fetch, week: Dataset, week_files: dict[str, bytes]
) -> None:
    older = week.manifest.model_copy(update={"generator_version": "0.0.1"})
    server.add(WEEK, {**week_files, "dataset.json": encode_manifest(older)})
    with pytest.raises(UsageError, match=r"version 0\.0\.1 of the generator"):
        fetch("tiny-2d")
    made = fetch("tiny-1w")
    assert made.is_of_another_version
    assert made.dataset.manifest == older


def test_a_profile_that_is_not_known_here_can_be_fetched(
    server: HubServer, fetch: Fetch, week: Dataset, week_files: dict[str, bytes]
) -> None:
    own = week.manifest.model_copy(update={"profile": "garden-1w"})
    server.add(WEEK, {**week_files, "dataset.json": encode_manifest(own)})
    assert fetch("garden-1w").dataset.manifest == own


def test_a_revision_can_be_named(repository: Repository, fetch: Fetch, week: Dataset) -> None:
    first = repository.head
    repository.commit({"README.md": b"moved away"})
    with pytest.raises(DatasetError, match="no dataset of the benchmark"):
        fetch("tiny-1w")
    assert fetch("tiny-1w", revision=first).dataset.fingerprint == week.fingerprint


@pytest.mark.root
@pytest.mark.usefixtures("repository")
def test_a_disk_that_is_too_small_is_seen_before_anything_is_fetched(
    hub: Hub, server: HubServer, small_disk: Callable[[str], Path]
) -> None:
    settings = Settings(home=small_disk("2m"))
    with pytest.raises(DiskFull, match="to be downloaded"):
        download("tiny-1w", 42, settings, hub, repository=WEEK)
    assert not server.asked("GET", "/timeseries/")


def test_files_lie_in_their_place_as_published(repository: Repository, fetch: Fetch) -> None:
    folder = fetch("tiny-2d").dataset.folder
    digest = hashlib.sha256((folder / FIRST).read_bytes()).hexdigest()
    assert digest == hashlib.sha256(repository.files[FIRST]).hexdigest()


def test_a_list_of_parts_that_claims_other_content_is_found(
    server: HubServer, fetch: Fetch, week_files: dict[str, bytes]
) -> None:
    """The list agrees with the fingerprint of its manifest, and the files with neither."""
    listed = PartsList.model_validate_json(week_files["parts.json"])
    swapped = [part.model_copy(update={"digest": listed.parts[0].digest}) for part in listed.parts]
    forged = listed.model_copy(update={"parts": swapped})
    text = week_files["dataset.json"].decode()
    text = text.replace(listed.fingerprint, forged.fingerprint)
    files = {"dataset.json": text.encode(), "parts.json": forged.model_dump_json().encode()}
    server.add(WEEK, {**week_files, **files})
    with pytest.raises(DatasetError, match="is not what its manifest states"):
        fetch("tiny-2d")


def test_one_building_of_two_is_the_building_generated(
    server: HubServer, fetch: Fetch, settings: Settings, tiny: Dataset, tmp_path: Path
) -> None:
    settings.profiles_dir.mkdir(parents=True)
    building = load_scales()["tiny"].buildings[0]
    pair = Scale(name="pair", purpose="tests", buildings=(building, building))
    (settings.profiles_dir / "pair.yaml").write_text(pair.model_dump_json(exclude_none=True))
    profile = Profile(scale=pair, duration="2d", days=2)
    source = generate_dataset(profile, 42, tmp_path / "pair", workers=1)
    bundle = write_bundle(source, "ada/pair-2d_seed42", tmp_path / "bundle")
    server.add(bundle.repository, {n: (bundle.folder / n).read_bytes() for n in bundle.files})
    made = fetch("tiny-2d", repository=bundle.repository)
    assert made.dataset.manifest == tiny.manifest
    assert {part.split("/")[0] for part in whole_days(server)} == {
        "building_id=b01",
        "building_id=site",
    }


@pytest.mark.usefixtures("repository")
def test_generation_finishes_what_a_download_began(fetch: Fetch, tiny: Dataset) -> None:
    folder = fetch("tiny-2d").dataset.folder
    (folder / "dataset.json").unlink()
    (folder / FIRST).unlink()
    (folder / "timeseries" / ".download").mkdir()
    (folder / "timeseries" / ".download" / "half.incomplete").touch()
    kept = {path: path.stat().st_ino for path in folder.glob("timeseries/b*/*/*.parquet")}
    made = generate_dataset(find_profile("tiny-2d"), 42, folder, workers=1)
    assert made.manifest == tiny.manifest
    assert len(kept) == 3
    assert all(path.stat().st_ino == inode for path, inode in kept.items())
    assert not (folder / "timeseries" / ".download").exists()
