from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from basetype_benchmark.queries.answer import Answer
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.compare import compare

HOUR = datetime(2024, 1, 1, 9, tzinfo=UTC)


def profile_row(hour: datetime) -> tuple[object, ...]:
    return (hour, 20.5, 20.0, 21.0, 12)


def test_utc_by_another_name_is_the_same_time() -> None:
    polars_row = profile_row(HOUR.astimezone(ZoneInfo("UTC")))
    found = compare(find_question("Q6"), Answer([polars_row]), Answer([profile_row(HOUR)]))
    assert found.is_equal, found.differences


def test_an_hour_read_as_local_time_is_caught() -> None:
    shifted = profile_row(HOUR - timedelta(hours=1))
    found = compare(find_question("Q6"), Answer([profile_row(HOUR)]), Answer([shifted]))
    assert not found.is_equal
