"""Datasets that are simulated: whole ones, and days added to one.

Apart from what only reads them: the simulation is compiled, and takes its time to be imported.
"""

from __future__ import annotations

from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.extension import extend_dataset
from basetype_benchmark.dataset.generation import simulate_dataset, start_workers_for
from basetype_benchmark.dataset.generation.dask_cluster import dask_cluster
from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.dataset.origin import refuse_other_dataset
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.storage import Storage
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.workflows.dataset import find_dataset, find_target
from basetype_benchmark.workflows.profiles import load_profiles


def generate(
    profile: str,
    seed: int,
    storage: Storage,
    settings: Settings,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    overwrite: bool = False,
    progress: Progress = SILENT,
) -> Manifest:
    """Make a dataset, or make what an interrupted run has left of it to make.

    `scheduler` is the address of a Dask scheduler, whose workers must reach `storage` by its name.

    Raises:
        UsageError: the profile is unknown, or the scheduler's address needs what is not installed.
        ConfigError: the file that would give the profile has mistakes.
        DatasetError: it is there already, or another one in its place, and `overwrite` is not set.
        DiskFull: there is no space left; what was written does not pass for a dataset.
        HostError: the cluster cannot be reached, or workers died.
    """
    chosen = load_profiles(settings).find(profile)
    if not overwrite:
        refuse_other_dataset(storage, chosen, seed)
    if scheduler is None:
        start_workers_for(chosen, workers)
    return simulate_dataset(
        build_graph(chosen, seed),
        chosen,
        seed,
        storage,
        workers=workers,
        executor=None if scheduler is None else dask_cluster(scheduler),
        overwrite=overwrite,
        progress=progress,
    )


def extend(
    source: str,
    target: str,
    seed: int,
    settings: Settings,
    *,
    workers: int | None = None,
    overwrite: bool = False,
    progress: Progress = SILENT,
) -> Dataset:
    """Lengthen a dataset, see `extend_dataset`.

    Raises:
        UsageError: a profile is unknown, both are the same, or the one cannot become the other.
        DatasetError: the source is missing or damaged, or the target is there already.
    """
    profiles = load_profiles(settings)
    return extend_dataset(
        find_dataset(source, seed, settings),
        find_target(source, target, profiles),
        settings.dataset_dir(target, seed),
        scales=profiles.scales,
        workers=workers,
        overwrite=overwrite,
        progress=progress,
    )
