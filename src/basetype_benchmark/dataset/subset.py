"""Cuts a smaller dataset out of a bigger one; it equals the one that would be generated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from basetype_benchmark.config.profiles import Profile, load_scales
from basetype_benchmark.dataset.cutting import keep_buildings
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.dataset.partitions import Partition, read_partition, series_partitions
from basetype_benchmark.dataset.parts import SITE_PARTITION, SeriesPart
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.writer import write_dataset
from basetype_benchmark.errors import UsageError


def can_extract(source: Manifest, target: Profile) -> str | None:
    """Say why `target` cannot be cut out of a dataset; None if it can."""
    days = (source.end - source.start).days
    if target.days > days:
        return f"{target.name} lasts {target.days} days and {source.profile} only {days}"
    scale_name = source.profile.rpartition("-")[0]
    if scale_name == target.scale.name:
        return None
    scale = load_scales().get(scale_name)
    if scale is None:
        return f"the scale {scale_name} is not known here, so what nests in it is not either"
    if not target.scale.nests_in(scale):
        return f"the buildings of {target.scale.name} are not the first ones of {scale_name}"
    return None


def extract_subset(
    source: Dataset, target: Profile, folder: Path, *, overwrite: bool = False
) -> Dataset:
    """Write the dataset of `target`, with the seed of `source`, out of `source`.

    Raises:
        UsageError: it cannot be cut out, see `can_extract`.
        DatasetError: the source is damaged, or the folder holds a complete dataset.
        DiskFull: there is no space left.
    """
    reason = can_extract(source.manifest, target)
    if reason is not None:
        raise UsageError(
            f"{target.name} cannot be cut out of {source.manifest.profile}: {reason}; "
            f"generate it: btb dataset generate {target.name}"
        )
    buildings = source.manifest.buildings[: len(target.scale.buildings)]
    whole = Graph(
        nodes=source.nodes(), edges=source.edges(), ghosts=tuple(source.manifest.planted.ghosts)
    )
    return write_dataset(
        folder,
        profile=target.name,
        seed=source.manifest.seed,
        start=source.manifest.start,
        end=target.end(source.manifest.start),
        graph=keep_buildings(whole, buildings),
        series=_parts(source, buildings, target.days),
        overwrite=overwrite,
    )


def _parts(source: Dataset, buildings: list[str], days: int) -> Iterator[SeriesPart]:
    end = (source.manifest.start + timedelta(days=days)).date()
    for partition in series_partitions(source):
        if _is_wanted(partition, buildings) and partition.day < end:
            yield SeriesPart(
                building_id=partition.building_id,
                day=partition.day,
                table=read_partition(partition),
            )


def _is_wanted(partition: Partition, buildings: list[str]) -> bool:
    return partition.building_id in buildings or partition.building_id == SITE_PARTITION
