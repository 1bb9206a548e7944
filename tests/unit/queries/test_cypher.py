"""What a Cypher driver binds: texts as they are, times as seconds since 1970."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from basetype_benchmark.queries.cypher import cypher_parameters

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["b01", "'", '"', "\\", "$start", "a\nb", "é😀", ""])
def test_a_text_stays_as_it_is(text: str) -> None:
    assert cypher_parameters({"space_id": text}) == {"space_id": text}


def test_a_whole_second_is_an_integer() -> None:
    bound = cypher_parameters({"start": NOON})
    assert bound == {"start": 1_704_110_400}
    assert isinstance(bound["start"], int)


def test_a_part_of_a_second_is_kept() -> None:
    assert cypher_parameters({"end": NOON + timedelta(milliseconds=250)}) == {
        "end": 1_704_110_400.25
    }


def test_the_zone_of_a_time_makes_no_difference() -> None:
    paris = timezone(timedelta(hours=1))
    assert cypher_parameters({"end": NOON.astimezone(paris)}) == cypher_parameters({"end": NOON})
