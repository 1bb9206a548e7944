"""Generated datasets that several tests read; none of them changes one."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.model import EPOCH
from basetype_benchmark.dataset.reader import Dataset, open_dataset

WORKING_DAY = 1  # 2 January 2024, a Tuesday; the first is a holiday


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The profile tiny-2d, made by one process."""
    folder = tmp_path_factory.mktemp("datasets") / "tiny-2d_seed42"
    return generate_dataset(find_profile("tiny-2d"), 42, folder, workers=1)


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The profile tiny-1w, made by one process."""
    folder = tmp_path_factory.mktemp("week") / "tiny-1w_seed42"
    return generate_dataset(find_profile("tiny-1w"), 42, folder, workers=1)


@pytest.fixture
def tiny_copy(tiny: Dataset, tmp_path: Path) -> Dataset:
    """A copy of `tiny` to damage."""
    return open_dataset(Path(shutil.copytree(tiny.folder, tmp_path / "copy")))


@pytest.fixture(scope="session")
def points(tiny: Dataset) -> pl.DataFrame:
    """Points of `tiny` with their owner and reporting rules."""
    nodes = pl.DataFrame(pl.from_arrow(tiny.nodes()))
    edges = pl.DataFrame(pl.from_arrow(tiny.edges()))
    owners = edges.filter(pl.col("rel_type") == "HAS_POINT").select(id="dst_id", owner_id="src_id")
    chosen = nodes.filter(pl.col("type") == "Point").join(owners, on="id")
    rules = [json.loads(text) for text in chosen["properties"]]
    return chosen.with_columns(
        pl.Series(name, [rule.get(name) for rule in rules], strict=False)
        for name in ("behaviour", "interval_s", "resolution", "deadband", "heartbeat_s")
    )


@pytest.fixture(scope="session")
def samples(tiny: Dataset, points: pl.DataFrame) -> pl.DataFrame:
    """Samples of `tiny` with the rules of their points, sorted by point and time."""
    series = pl.concat(pl.DataFrame(pl.from_arrow(batch)) for batch in tiny.series_batches())
    rules = points.select(
        "behaviour",
        "interval_s",
        "resolution",
        "deadband",
        "heartbeat_s",
        "owner_id",
        "space_id",
        "role",
        point_id="id",
    )
    return (
        series.with_columns(pl.col("point_id").cast(pl.String))
        .join(rules, on="point_id")
        .with_columns(day=(pl.col("time").dt.date() - EPOCH.date()).dt.total_days())
        .sort("point_id", "time")
    )
