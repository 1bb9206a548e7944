"""Datasets by name, made ready for the Hugging Face Hub and sent there."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark.config.dataset_names import dataset_name
from basetype_benchmark.config.hub import check_repository, default_repository
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.huggingface.bundle import Bundle, write_bundle
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.workflows.dataset import find_dataset

PUBLISH_FOLDER = "publish"


def make_bundle(
    profile: str,
    seed: int,
    settings: Settings,
    *,
    repository: str | None = None,
    output: Path | None = None,
    progress: Progress = SILENT,
) -> Bundle:
    """Make a folder of a dataset that is ready for the Hub, see `write_bundle`.

    Raises:
        UsageError: the profile is unknown, the repository's name can be none, or something else is
            in the folder.
        DatasetError: the dataset is missing, incomplete or damaged.
        DiskFull: there is no space left.
    """
    chosen = check_repository(repository or default_repository(profile, seed))
    dataset = find_dataset(profile, seed, settings)
    folder = settings.home / PUBLISH_FOLDER / dataset_name(profile, seed)
    return write_bundle(dataset, chosen, (output or folder).resolve(), progress)
