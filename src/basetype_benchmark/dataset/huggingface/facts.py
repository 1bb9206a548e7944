"""What card and metadata say of a dataset, counted from its content."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from basetype_benchmark.config.dataset_names import (
    dataset_name,
    generate_command,
    seed_option,
)
from basetype_benchmark.config.hub import HUB_URL, default_repository
from basetype_benchmark.config.profiles import load_scales
from basetype_benchmark.dataset.huggingface.parts_list import PartsList
from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.dataset.model import DAY, NodeType
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.writer import EDGES_NAME, NODES_NAME
from basetype_benchmark.units import group_digits

SERIES_PATTERN = "timeseries/building_id=*/day=*/part-0.parquet"

_SIZE_NAMES = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A quantity with its unit, and how many points measure it; no unit: a number or a state."""

    name: str
    unit: str | None
    points: int


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """A file of the graph."""

    name: str
    rows: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that is said; nothing of it depends on when or where it was counted."""

    repository: str
    manifest: Manifest
    nodes: FileFacts
    edges: FileFacts
    series_files: int
    series_bytes: int
    quantities: tuple[Quantity, ...]
    equipment_types: int
    point_types: int
    brick_classes: int

    @property
    def url(self) -> str:
        """Page of the repository."""
        return f"{HUB_URL}/datasets/{self.repository}"

    @property
    def days(self) -> int:
        """Length of the history."""
        return (self.manifest.end - self.manifest.start).days

    @property
    def last_day(self) -> date:
        """Of the history."""
        return (self.manifest.end - DAY).date()

    @property
    def name(self) -> str:
        """For programs."""
        return f"basetype-benchmark-{dataset_name(self.manifest.profile, self.manifest.seed)}"

    @property
    def title(self) -> str:
        """For people."""
        return f"BaseType Benchmark {self.manifest.profile}, seed {self.manifest.seed}"

    @property
    def description(self) -> str:
        """In some sentences."""
        manifest = self.manifest
        houses = len(manifest.buildings)
        return (
            f"A simulated {'building' if houses == 1 else f'site of {houses} buildings'} as its "
            "digital twin sees it: an inventory of "
            f"{group_digits(manifest.counts.nodes.get('Equipment', 0))} pieces of equipment and "
            f"{group_digits(manifest.counts.nodes.get('Point', 0))} points in a graph typed with "
            f"Brick 1.5, and {self.days} days of their time series, "
            f"{group_digits(manifest.counts.samples)} samples, from one "
            "shared physical state. It is the dataset of the BaseType Benchmark, which compares "
            "ways of storing building data."
        )

    @property
    def seed_option(self) -> str:
        """How the seed is given on the command line, with a blank before; empty if it is not."""
        return seed_option(self.manifest.seed)

    @property
    def repository_option(self) -> str:
        """How the repository is given, likewise."""
        usual = default_repository(self.manifest.profile, self.manifest.seed)
        return "" if self.repository == usual else f" --repo {self.repository}"

    @property
    def is_of_a_known_scale(self) -> bool:
        """Whether its scale ships with the benchmark; else a profile file gives it."""
        return self.manifest.profile.rpartition("-")[0] in load_scales()

    @property
    def command(self) -> str:
        """What makes the same dataset."""
        return generate_command(self.manifest.profile, self.manifest.seed)

    @property
    def citation(self) -> str:
        """In BibTeX."""
        key = re.sub("[^a-z0-9]+", "_", self.name)
        return (
            f"@misc{{{key},\n"
            f"  title = {{{self.title}}},\n"
            "  author = {{The BaseType Benchmark authors}},\n"
            "  publisher = {Hugging Face},\n"
            f"  howpublished = {{\\url{{{self.url}}}}},\n"
            f"  note = {{Generator version {self.manifest.generator_version}, fingerprint "
            f"{self.manifest.fingerprint}}}\n"
            "}"
        )


def collect_facts(dataset: Dataset, parts: PartsList, repository: str) -> Facts:
    """Count what there is to say."""
    nodes = pl.DataFrame(dataset.nodes())
    points = nodes.filter(pl.col("type") == NodeType.POINT.value)
    counts = dataset.manifest.counts
    return Facts(
        repository=repository,
        manifest=dataset.manifest,
        nodes=_describe(dataset.folder, NODES_NAME, sum(counts.nodes.values())),
        edges=_describe(dataset.folder, EDGES_NAME, sum(counts.edges.values())),
        series_files=len(parts.parts),
        series_bytes=sum(part.size_bytes for part in parts.parts),
        quantities=_count_quantities(points),
        equipment_types=nodes["equipment_type"].drop_nulls().n_unique(),
        point_types=points["point_type"].drop_nulls().n_unique(),
        brick_classes=nodes["brick_class"].drop_nulls().n_unique(),
    )


def size_category(rows: int) -> str:
    """Name the class of size that the Hub sorts datasets by: ``1M<n<10M``."""
    for exponent, name in enumerate(_SIZE_NAMES):
        if rows < 10 ** (exponent + 3):
            return f"{_SIZE_NAMES[exponent - 1]}<n<{name}" if exponent else f"n<{name}"
    return f"n>{_SIZE_NAMES[-1]}"


def _count_quantities(points: pl.DataFrame) -> tuple[Quantity, ...]:
    counted = points.group_by("quantity", "unit").len().sort("quantity", "unit")
    return tuple(
        Quantity(name=quantity or "none", unit=unit, points=count)
        for quantity, unit, count in counted.iter_rows()
    )


def _describe(folder: Path, name: str, rows: int) -> FileFacts:
    content = (folder / name).read_bytes()
    return FileFacts(
        name=name,
        rows=rows,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
