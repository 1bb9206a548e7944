"""Datasets by name: found, verified, and cut out of one another."""

from __future__ import annotations

from basetype_benchmark.config.dataset_names import generate_command
from basetype_benchmark.config.profiles import Profile, Profiles
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.dataset.subset import extract_subset
from basetype_benchmark.dataset.verify import VerifyReport, verify_dataset
from basetype_benchmark.errors import DatasetError, UsageError
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.workflows.profiles import find_scale_name, load_profiles


def find_dataset(profile: str, seed: int, settings: Settings) -> Dataset:
    """Open a dataset by its name; no profile file is needed for one that is there.

    Raises:
        UsageError: the profile is unknown.
        ConfigError: the file that would give the profile has mistakes.
        DatasetError: it is missing, incomplete or damaged; says the command that makes it.
    """
    find_scale_name(profile, seed, settings)
    folder = settings.dataset_dir(profile, seed)
    if not folder.is_dir():
        raise DatasetError(
            f"there is no dataset {profile} with seed {seed} in {settings.datasets_dir}; "
            f"make it with: {generate_command(profile, seed)}"
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


def extract(
    source: str,
    target: str,
    seed: int,
    settings: Settings,
    *,
    overwrite: bool = False,
    progress: Progress = SILENT,
) -> Dataset:
    """Cut a dataset out of a bigger one, see `extract_subset`.

    Raises:
        UsageError: a profile is unknown, both are the same, or the one does not nest in the other.
        DatasetError: the source is missing or damaged, or the target is there already.
    """
    profiles = load_profiles(settings)
    return extract_subset(
        find_dataset(source, seed, settings),
        find_target(source, target, profiles),
        settings.dataset_dir(target, seed),
        scales=profiles.scales,
        overwrite=overwrite,
        progress=progress,
    )


def find_target(source: str, target: str, profiles: Profiles) -> Profile:
    """Give the profile that a dataset is to become.

    Raises:
        UsageError: it is unknown, or that of the source.
    """
    if source == target:
        raise UsageError(f"source and target are both {source}; give another target")
    return profiles.find(target)
