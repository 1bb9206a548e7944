"""Datasets by name: made, found and verified."""

from __future__ import annotations

from basetype_benchmark.config.profiles import DEFAULT_SEED, find_profile
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.generate import generate_dataset
from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.dataset.verify import VerifyReport, verify_dataset
from basetype_benchmark.errors import DatasetError
from basetype_benchmark.progress import SILENT, Progress


def generate(
    profile: str,
    seed: int,
    settings: Settings,
    *,
    workers: int | None = None,
    overwrite: bool = False,
    progress: Progress = SILENT,
) -> Dataset:
    """Make a dataset.

    Raises:
        UsageError: the profile is unknown.
        DatasetError: it is there already and `overwrite` is not set.
        DiskFull: there is no space left; what was written does not pass for a dataset.
    """
    return generate_dataset(
        find_profile(profile),
        seed,
        settings.dataset_dir(profile, seed),
        workers=workers,
        overwrite=overwrite,
        progress=progress,
    )


def find_dataset(profile: str, seed: int, settings: Settings) -> Dataset:
    """Open a dataset by its name.

    Raises:
        UsageError: the profile is unknown.
        DatasetError: it is missing, incomplete or damaged; says the command that makes it.
    """
    folder = settings.dataset_dir(find_profile(profile).name, seed)
    if not folder.is_dir():
        with_seed = "" if seed == DEFAULT_SEED else f" --seed {seed}"
        raise DatasetError(
            f"there is no dataset {profile} with seed {seed} in {settings.datasets_dir}; "
            f"make it with: btb dataset generate {profile}{with_seed}"
        )
    dataset = open_dataset(folder)
    found = dataset.manifest
    if (found.profile, found.seed) != (profile, seed):
        raise DatasetError(
            f"{folder} holds the dataset {found.profile} with seed {found.seed}; move it to "
            f"{settings.dataset_dir(found.profile, found.seed).name}, its own name"
        )
    return dataset


def verify(
    profile: str, seed: int, settings: Settings, progress: Progress = SILENT
) -> VerifyReport:
    """Read a dataset in full and compare it with what its manifest states.

    Raises:
        UsageError: the profile is unknown.
        DatasetError: it is missing, incomplete, damaged, or its content has changed.
    """
    return verify_dataset(find_dataset(profile, seed, settings).folder, progress)
