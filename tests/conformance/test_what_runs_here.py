"""Which engines of the table this suite runs, and which it cannot: told here, skipped nowhere."""

from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.engines import ENGINES, engines_of
from tests.conformance.bench import LOCAL, SCENARIOS_HERE

WITHOUT_A_WHEEL = {"memgraph"}
"""No package index has their server; where a machine has it, the suite runs it like any other."""


def test_every_engine_runs_here_that_can_be_installed_with_pip() -> None:
    missing = {
        engine.id: found.why_not
        for engine in ENGINES.values()
        if (found := LOCAL.availability(engine)).why_not is not None
    }
    assert missing.keys() <= WITHOUT_A_WHEEL, missing


def test_what_does_not_run_here_is_for_lack_of_an_engine_without_a_wheel() -> None:
    """No scenario is left out for another reason, and every engine of the table is in one."""
    left_out = [scenario for scenario in SCENARIOS.values() if scenario not in SCENARIOS_HERE]
    assert all({e.id for e in engines_of(s)} & WITHOUT_A_WHEEL for s in left_out)
    assert {e.id for s in SCENARIOS.values() for e in engines_of(s)} == ENGINES.keys()


def test_an_engine_that_is_missing_says_what_to_do() -> None:
    for engine in ENGINES.values():
        found = LOCAL.availability(engine)
        assert (found.version is None) == (found.why_not is not None)
        assert found.why_not is None or len(found.why_not.splitlines()) == 1
