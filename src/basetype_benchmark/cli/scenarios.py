"""``btb scenarios``."""

from __future__ import annotations

from basetype_benchmark.cli.formatters import NOT_MEASURED, print_json, print_table
from basetype_benchmark.cli.options import AsJson
from basetype_benchmark.config.scenarios import SCENARIOS, Scenario, Side


def show_scenarios(as_json: AsJson = False) -> None:
    """The ways of storing a building that can be compared."""
    if as_json:
        print_json([_document(scenario) for scenario in SCENARIOS.values()])
        return
    print_table(
        ["scenario", "title", "graph side", "series side", "cannot run"],
        [
            [s.id, s.title, _side(s.graph), _side(s.series), ", ".join(s.cannot) or NOT_MEASURED]
            for s in SCENARIOS.values()
        ],
    )


def _side(side: Side | None) -> str:
    return "same server" if side is None else f"{side.engine}, {side.model.value}"


def _document(scenario: Scenario) -> dict[str, object]:
    sides = {"graph": scenario.graph, "series": scenario.series}
    return {
        "id": scenario.id,
        "title": scenario.title,
        "is_federated": scenario.is_federated,
        "cannot": dict(scenario.cannot),
        **{
            name: None if side is None else {"engine": side.engine, "model": side.model.value}
            for name, side in sides.items()
        },
    }
