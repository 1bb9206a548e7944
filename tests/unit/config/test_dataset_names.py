"""Names of datasets, and the commands that make them."""

import pytest

from basetype_benchmark.config.dataset_names import (
    dataset_name,
    generate_command,
    parse_dataset_name,
)


def test_a_dataset_is_named_by_profile_and_seed() -> None:
    assert dataset_name("small-1w", 7) == "small-1w_seed7"
    assert parse_dataset_name("my_own-1w_seed7") == ("my_own-1w", 7)


@pytest.mark.parametrize("name", ["small-1w", "small-1w_seed", "_seed7", "small-1w_seed7.old"])
def test_other_names_are_none(name: str) -> None:
    assert parse_dataset_name(name) is None


def test_the_command_names_the_seed_unless_it_is_the_usual_one() -> None:
    assert generate_command("small-1w", 42) == "btb dataset generate small-1w"
    assert generate_command("small-1w", 7) == "btb dataset generate small-1w --seed 7"
