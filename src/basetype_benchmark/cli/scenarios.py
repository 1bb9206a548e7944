"""``btb scenarios``."""

from __future__ import annotations

from basetype_benchmark.cli.formatters import fits_in_lines, print_json, print_note, print_table
from basetype_benchmark.cli.options import AsJson
from basetype_benchmark.config.scenarios import SCENARIOS, Scenario
from basetype_benchmark.workflows.sent import ExecutionKind, hybrid_execution

_MEANINGS = {
    ExecutionKind.NATIVE: "one statement to one engine",
    ExecutionKind.FEDERATED: "rows of the first engine enter a statement to the second",
    ExecutionKind.CLIENT: "the application aggregates the chunks that the engine hands out",
}


def show_scenarios(as_json: AsJson = False) -> None:
    """The ways of storing a building that can be compared."""
    if as_json:
        print_json([_document(scenario) for scenario in SCENARIOS.values()])
        return
    columns = ["scenario", "title", "execution", "storage models"]
    rows = [_row(scenario) for scenario in SCENARIOS.values()]
    if not fits_in_lines(columns, rows):
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    print_table(columns, rows)
    print_note("How a question about graph and series is answered:")
    for kind, meaning in _MEANINGS.items():
        print_note(f"  {kind.value:<10} {meaning}")
    for scenario in SCENARIOS.values():
        for query, reason in scenario.cannot.items():
            print_note(f"{scenario.id} cannot run {query}: {reason}")
    print_note("Which of them can run here: btb doctor")


def _row(scenario: Scenario) -> list[str]:
    models = [side.model.value for side in (scenario.graph, scenario.series) if side is not None]
    return [scenario.id, scenario.title, hybrid_execution(scenario).value, " + ".join(models)]


def _document(scenario: Scenario) -> dict[str, object]:
    sides = {"graph": scenario.graph, "series": scenario.series}
    return {
        "id": scenario.id,
        "title": scenario.title,
        "is_federated": scenario.is_federated,
        "execution": hybrid_execution(scenario).value,
        "cannot": dict(scenario.cannot),
        **{
            name: None if side is None else {"engine": side.engine, "model": side.model.value}
            for name, side in sides.items()
        },
    }
