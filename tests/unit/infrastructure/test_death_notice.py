"""How a server ended is told when it is seen dead, and waited for no longer than a moment."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from basetype_benchmark.infrastructure import death_notice
from basetype_benchmark.infrastructure.death_notice import await_death


def service_that_says(answers: Iterator[str | None]) -> Any:
    return SimpleNamespace(why_dead=lambda: next(answers))


def test_a_server_that_is_seen_dead_a_moment_later_is_told() -> None:
    answers = iter([None, None, "signal 9", "signal 9"])
    assert await_death(service_that_says(answers)) == "signal 9"


def test_a_server_that_still_runs_is_not_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(death_notice, "DEATH_NOTICE_S", 0.02)
    assert await_death(SimpleNamespace(why_dead=lambda: None)) is None  # type: ignore[arg-type]
