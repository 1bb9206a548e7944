import pytest

from basetype_benchmark.cli.levels import read_levels
from basetype_benchmark.errors import UsageError
from basetype_benchmark.units import GIB, MIB


def test_levels_are_read_in_gib() -> None:
    assert read_levels("--levels", "0.25, 0.5,1,2") == (256 * MIB, 512 * MIB, GIB, 2 * GIB)
    assert read_levels("--ram", None) == ()


def test_limits_are_whole_pages() -> None:
    [level] = read_levels("--ram", "0.3")
    assert level % 4096 == 0
    assert 0 <= 0.3 * GIB - level < 4096


@pytest.mark.parametrize(
    "text", ["", ",", "1,", "a", "1,1", "2,1", "1;2", "1g", "nan", "0.5,inf", "0.5,nan"]
)
def test_what_is_no_ascending_list_of_numbers_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--levels takes numbers of GiB, each above the one befor"):
        read_levels("--levels", text)


@pytest.mark.parametrize("text", ["0", "-1,1", "0.01,1", "1e-300", "1,1e300"])
def test_a_level_that_no_machine_has_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"a level is at least 0.03125 GiB \(32 MiB\)"):
        read_levels("--ram", text)
