"""Where datasets and results are shared, and under which licence: names on the Hugging Face Hub."""

from __future__ import annotations

import re

from basetype_benchmark.config.dataset_names import dataset_name, parse_dataset_name
from basetype_benchmark.errors import UsageError

HUB_URL = "https://huggingface.co"

DATA_LICENCE = "CC-BY-4.0"
DATA_LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
"""Of datasets and results; the code has its own."""

NAMESPACE = "basetype-benchmark"
"""Who publishes the datasets that are downloaded where no ``--repo`` is given."""

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)


def default_repository(profile: str, seed: int) -> str:
    """Give the repository of a dataset: one for each, named like its folder."""
    return f"{NAMESPACE}/{dataset_name(profile, seed)}"


def check_repository(name: str) -> str:
    """Give the name of a repository back if it can be one.

    Raises:
        UsageError: it is not OWNER/NAME.
    """
    if not _REPOSITORY.fullmatch(name):
        raise UsageError(
            f"{name!r} is no repository; write OWNER/NAME, for instance {NAMESPACE}/tiny-2d_seed42"
        )
    return name


def parse_repository(name: str) -> tuple[str, int] | None:
    """Read profile and seed off a repository named like a dataset; None if it is not."""
    return parse_dataset_name(name.rpartition("/")[2])
