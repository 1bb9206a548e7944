import itertools
import json
from collections.abc import Callable
from pathlib import Path

import mlcroissant
import pyarrow.parquet as pq
import pytest
import yaml

from basetype_benchmark.dataset.huggingface.bundle import Bundle, write_bundle
from basetype_benchmark.dataset.huggingface.facts import size_category
from basetype_benchmark.dataset.huggingface.parts_list import PartsList
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DatasetError, UsageError
from tests.toy import build_toy

ReadAll = Callable[[Path], dict[str, bytes]]


def front_matter(bundle: Bundle) -> dict:
    return yaml.safe_load((bundle.folder / "README.md").read_text().split("---\n")[1])


def test_the_data_are_those_of_the_dataset_linked(week: Dataset, week_bundle: Bundle) -> None:
    assert len(week_bundle.data_names) == 2 + 2 * 7
    for name in (*week_bundle.data_names, "dataset.json"):
        assert (week_bundle.folder / name).read_bytes() == (week.folder / name).read_bytes()
    assert (week_bundle.folder / "nodes.parquet").samefile(week.folder / "nodes.parquet")


def test_the_same_dataset_gives_the_same_bytes(
    week: Dataset, week_bundle: Bundle, tmp_path: Path, files_below: ReadAll
) -> None:
    again = write_bundle(week, week_bundle.repository, tmp_path / "again")
    assert files_below(again.folder) == files_below(week_bundle.folder)


def test_the_list_of_parts_makes_the_fingerprint(week: Dataset, week_bundle: Bundle) -> None:
    listed = PartsList.model_validate_json((week_bundle.folder / "parts.json").read_bytes())
    assert listed.fingerprint == week.fingerprint
    changed = listed.parts[3].model_copy(update={"digest": listed.parts[2].digest})
    parts = [*listed.parts[:3], changed, *listed.parts[4:]]
    assert listed.model_copy(update={"parts": parts}).fingerprint != week.fingerprint


def test_the_front_matter_names_files_that_are_there_with_their_columns(
    week_bundle: Bundle,
) -> None:
    found = front_matter(week_bundle)
    assert found["license"] == "cc-by-4.0"
    assert found["size_categories"] == ["1M<n<10M"]
    features = {
        entry["config_name"]: [feature["name"] for feature in entry["features"]]
        for entry in found["dataset_info"]
    }
    named = set()
    for config in found["configs"]:
        paths = list(week_bundle.folder.glob(config["data_files"][0]["path"]))
        named |= {str(path.relative_to(week_bundle.folder)) for path in paths}
        for path in paths:
            assert pq.read_schema(path).names == features[config["config_name"]]
    assert named == set(week_bundle.data_names)


def test_the_card_states_what_the_manifest_does(week: Dataset, week_bundle: Bundle) -> None:
    card = (week_bundle.folder / "README.md").read_text()
    assert week.fingerprint in card
    assert "btb dataset generate tiny-1w\n" in card
    assert f"btb dataset download tiny-1w --repo {week_bundle.repository}\n" in card
    for node_type, count in week.manifest.counts.nodes.items():
        assert f"| {node_type} | {count:,} |".replace(",", " ") in card
    planted = week.manifest.planted
    assert planted.ghosts
    assert planted.sensor_faults
    for planted_id in (*planted.ghosts, *(fault.point_id for fault in planted.sensor_faults)):
        assert f"`{planted_id}`" in card
    assert "| temperature | °C | " in card
    titles = [line.removeprefix("## ") for line in card.splitlines() if line.startswith("## ")]
    for title in titles:
        assert f"[{title}](#{title.lower().replace(' ', '-')})" in card


# Those of the library of Croissant, which calls rdflib and pandas in ways of old.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_croissant_metadata_are_valid_and_lead_to_the_records(
    week: Dataset, week_bundle: Bundle
) -> None:
    path = week_bundle.folder / "croissant.json"
    here = {
        "nodes.parquet": str(week_bundle.folder / "nodes.parquet"),
        "edges.parquet": str(week_bundle.folder / "edges.parquet"),
        "repository": str(week_bundle.folder),
    }
    described = mlcroissant.Dataset(jsonld=str(path), mapping=here)
    assert not described.metadata.issues.errors
    # A date would have to be that of the day of publication, which the content does not know.
    assert all("datePublished" in warning for warning in described.metadata.issues.warnings)
    first = next(iter(described.records("nodes")))
    assert first["nodes/id"].decode() == week.nodes().column("id")[0].as_py()
    edge = next(iter(described.records("edges")))
    assert edge["edges/rel_type"].decode() == week.edges().column("rel_type")[0].as_py()
    samples = list(itertools.islice(described.records("timeseries"), 3))
    assert [set(sample) for sample in samples] == [
        {"timeseries/time", "timeseries/point_id", "timeseries/value"}
    ] * 3


def test_croissant_states_the_digest_of_the_graph(week_bundle: Bundle) -> None:
    found = json.loads((week_bundle.folder / "croissant.json").read_text())
    nodes = next(f for f in found["distribution"] if f["@id"] == "nodes.parquet")
    assert nodes["contentSize"] == f"{week_bundle.files['nodes.parquet']} B"
    assert nodes["contentUrl"].endswith(f"{week_bundle.repository}/resolve/main/nodes.parquet")


@pytest.mark.parametrize(
    ("rows", "category"),
    [
        (0, "n<1K"),
        (999, "n<1K"),
        (1000, "1K<n<10K"),
        (63_999_999, "10M<n<100M"),
        (10**12, "n>1T"),
    ],
)
def test_sizes_are_named_as_the_hub_does(rows: int, category: str) -> None:
    assert size_category(rows) == category


def test_a_dataset_without_defects_has_a_card_too(tmp_path: Path) -> None:
    toy = build_toy(tmp_path / "toy", profile="tiny-2d", seed=7)
    bundle = write_bundle(toy, "ada/toy", tmp_path / "bundle")
    card = (bundle.folder / "README.md").read_text()
    assert "btb dataset generate tiny-2d --seed 7\n" in card
    assert "**faulty sensors**: none" in card
    assert "profile file" not in card


def test_who_wants_a_scale_of_somebodys_own_again_is_told_what_it_takes(tmp_path: Path) -> None:
    toy = build_toy(tmp_path / "toy", profile="garden-2d", seed=42)
    bundle = write_bundle(toy, "ada/garden", tmp_path / "bundle")
    assert "needs the profile file" in (bundle.folder / "README.md").read_text()


def test_a_bundle_is_replaced_and_nothing_else_is(tiny: Dataset, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    write_bundle(tiny, "ada/one", folder)
    (folder / "left_over.parquet").touch()
    made = write_bundle(tiny, "ada/two", folder)
    assert not (folder / "left_over.parquet").exists()
    assert "ada/two" in (made.folder / "README.md").read_text()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(UsageError, match="in the way"):
        write_bundle(tiny, "ada/one", tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_a_changed_dataset_is_not_bundled(tiny_copy: Dataset, tmp_path: Path) -> None:
    one, other, *_ = tiny_copy.series_files()
    one.write_bytes(other.read_bytes())
    with pytest.raises(DatasetError, match="not what its manifest states"):
        write_bundle(tiny_copy, "ada/one", tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()
