from pathlib import Path

import pytest

from basetype_benchmark.dataset.huggingface.bundle import Bundle, write_bundle
from basetype_benchmark.dataset.huggingface.upload_bundle import upload_bundle
from basetype_benchmark.dataset.manifest import Manifest, write_manifest
from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.errors import HostError, UsageError
from basetype_benchmark.hub.client import Hub
from tests.hub_server import TOKEN, Fault, HubServer
from tests.unit.dataset.huggingface.conftest import WEEK

# The client's own: how it calls its HTTP library.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")


def test_the_repository_holds_the_bundle(
    server: HubServer, hub: Hub, week_bundle: Bundle, week_files: dict[str, bytes]
) -> None:
    sent = upload_bundle(hub, week_bundle)
    repository = server.repositories[WEEK]
    assert repository.files == {**week_files, ".gitattributes": b"*.parquet\n"}
    assert not repository.private
    assert (sent.sent_files, sent.sent_bytes) == (len(week_files), week_bundle.size_bytes)
    assert sent.commit == repository.head


def test_the_manifest_comes_with_the_last_commit(
    server: HubServer, hub: Hub, week_bundle: Bundle
) -> None:
    upload_bundle(hub, week_bundle)
    *before, last = server.repositories[WEEK].commits.values()
    assert all("dataset.json" not in files for files in before)
    assert {"dataset.json", "parts.json", "README.md", "croissant.json"} <= last.keys()


def test_nothing_is_sent_twice(server: HubServer, hub: Hub, week_bundle: Bundle) -> None:
    upload_bundle(hub, week_bundle)
    server.requests.clear()
    again = upload_bundle(hub, week_bundle)
    assert (again.sent_files, again.sent_bytes) == (0, 0)
    assert again.kept_files == len(week_bundle.files)
    assert not server.asked("PUT", "/store")
    assert not server.asked("POST", "/commit")


def test_an_upload_that_was_refused_half_way_is_continued(
    server: HubServer, hub: Hub, week_bundle: Bundle, week_files: dict[str, bytes]
) -> None:
    server.faults["POST", "/commit/main"] = Fault(status=409, message="somebody was faster")
    with pytest.raises(HostError, match=r"answered 409 \(somebody was faster\)"):
        upload_bundle(hub, week_bundle)
    assert "dataset.json" not in server.repositories[WEEK].files
    stored = len(server.asked("PUT", "/store"))
    assert stored == len(week_bundle.data_names)
    upload_bundle(hub, week_bundle)
    assert server.repositories[WEEK].files.items() >= week_files.items()
    assert len(server.asked("PUT", "/store")) == stored


def test_a_replaced_dataset_is_withdrawn_first_and_its_old_parts_removed(
    server: HubServer, hub: Hub, week_bundle: Bundle, week_files: dict[str, bytes]
) -> None:
    old = "timeseries/building_id=b02/day=2024-01-01/part-0.parquet"
    some_day = next(name for name in week_files if "b01" in name)
    repository = server.add(WEEK, {**week_files, old: b"old", some_day: b"old"})
    upload_bundle(hub, week_bundle)
    withdrawn, *_, last = list(repository.commits.values())[1:]
    assert "dataset.json" not in withdrawn
    assert last == week_files


def test_only_a_new_card_needs_no_withdrawal(
    server: HubServer, hub: Hub, week_bundle: Bundle, week_files: dict[str, bytes]
) -> None:
    repository = server.add(WEEK, {**week_files, "README.md": b"an older card"})
    sent = upload_bundle(hub, week_bundle)
    assert sent.sent_files == 1
    assert all("dataset.json" in files for files in repository.commits.values())
    assert repository.files == week_files


def test_a_repository_can_be_private(server: HubServer, hub: Hub, week_bundle: Bundle) -> None:
    upload_bundle(hub, week_bundle, is_private=True)
    assert server.repositories[WEEK].private


def test_what_is_to_be_private_is_not_sent_to_a_public_place(
    server: HubServer, hub: Hub, week_bundle: Bundle
) -> None:
    server.add(WEEK, {})
    with pytest.raises(UsageError, match="already and public"):
        upload_bundle(hub, week_bundle, is_private=True)
    assert server.repositories[WEEK].files == {}


def test_files_of_somebody_else_are_left_alone(
    server: HubServer, hub: Hub, week_bundle: Bundle
) -> None:
    server.add(WEEK, {"model.safetensors": b"weights"})
    with pytest.raises(UsageError, match=r"other files, such as model\.safetensors"):
        upload_bundle(hub, week_bundle)
    assert server.repositories[WEEK].files == {"model.safetensors": b"weights"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"profile": "small-2d", "seed": 42, "format_version": 9}', "holds small-2d"),
        (b'{"name": "something"}', "not of a dataset of the benchmark"),
    ],
)
def test_another_dataset_is_left_alone(
    server: HubServer, hub: Hub, week_bundle: Bundle, content: bytes, expected: str
) -> None:
    server.add(WEEK, {"dataset.json": content})
    with pytest.raises(UsageError, match=expected):
        upload_bundle(hub, week_bundle)
    assert server.repositories[WEEK].files == {"dataset.json": content}


def test_without_token_nothing_is_asked(
    server: HubServer, anonymous: Hub, week_bundle: Bundle
) -> None:
    with pytest.raises(HostError, match="hf auth login"):
        upload_bundle(anonymous, week_bundle)
    assert server.requests == []


def test_a_refusal_does_not_tell_the_token(
    server: HubServer, hub: Hub, tiny: Dataset, tmp_path: Path
) -> None:
    bundle = write_bundle(tiny, "basetype-benchmark/tiny-2d_seed42", tmp_path / "bundle")
    with pytest.raises(HostError, match="may not write to this namespace") as refused:
        upload_bundle(hub, bundle)
    assert server.asked("POST", "/api/repos/create")[0].token == TOKEN
    assert TOKEN not in str(refused.value)


def test_a_token_that_is_not_known_is_named_as_the_reason(
    server: HubServer, hub: Hub, week_bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_expired")
    with pytest.raises(HostError, match="does not accept the token"):
        upload_bundle(hub, week_bundle)
    assert not server.repositories


def test_many_files_take_several_commits(
    server: HubServer, hub: Hub, week_bundle: Bundle, tmp_path: Path
) -> None:
    names = [f"timeseries/building_id=b01/day={n}/part-0.parquet" for n in range(150)]
    texts = {name: size for name, size in week_bundle.files.items() if name.endswith(".json")}
    for name in (*names, *texts):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    files = {name: (tmp_path / name).stat().st_size for name in (*names, *texts)}
    many = Bundle(folder=tmp_path, repository=WEEK, dataset=week_bundle.dataset, files=files)
    upload_bundle(hub, many)
    held = [len(files) for files in server.repositories[WEEK].commits.values()]
    assert held == [1, 101, 151, 151 + len(texts)]


def test_a_new_version_replaces_the_old_one(
    server: HubServer, hub: Hub, tiny_copy: Dataset, tmp_path: Path
) -> None:
    repository = "ada/tiny-2d_seed42"
    upload_bundle(hub, write_bundle(tiny_copy, repository, tmp_path / "old"))
    newer = tiny_copy.manifest.model_copy(update={"generator_version": "9.9.9"})
    write_manifest(tiny_copy.folder, newer)
    upload_bundle(hub, write_bundle(open_dataset(tiny_copy.folder), repository, tmp_path / "new"))
    held = server.repositories[repository].files["dataset.json"]
    assert Manifest.model_validate_json(held).generator_version == "9.9.9"
