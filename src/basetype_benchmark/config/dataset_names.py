"""What datasets are called, and the commands that make them."""

from __future__ import annotations

import re

from basetype_benchmark.config.profiles import DEFAULT_SEED

_NAME = re.compile(r"(?P<profile>.+)_seed(?P<seed>\d+)", re.ASCII)


def dataset_name(profile: str, seed: int) -> str:
    """Folder name of a dataset: ``small-1w_seed42``."""
    return f"{profile}_seed{seed}"


def parse_dataset_name(name: str) -> tuple[str, int] | None:
    """Read profile and seed off the name of a dataset; None if it is none."""
    found = _NAME.fullmatch(name)
    return None if found is None else (found["profile"], int(found["seed"]))


def seed_option(seed: int) -> str:
    """How a seed is given on the command line, with a blank before; empty if it is not."""
    return "" if seed == DEFAULT_SEED else f" --seed {seed}"


def generate_command(profile: str, seed: int) -> str:
    """Give the command that makes a dataset, for messages."""
    return f"btb dataset generate {profile}{seed_option(seed)}"
