"""The oracle itself: which function answers which question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.queries.answer import Answer
from basetype_benchmark.queries.catalog import Parameters, Question
from basetype_benchmark.queries.oracle.building_graph import BuildingGraph
from basetype_benchmark.queries.oracle.comfort_question import office_comfort
from basetype_benchmark.queries.oracle.graph_questions import (
    energy_chain,
    floor_temperature_inventory,
    functional_impact,
    orphans,
    space_services,
)
from basetype_benchmark.queries.oracle.operations_questions import it_impact, security_access
from basetype_benchmark.queries.oracle.series import SeriesReader
from basetype_benchmark.queries.oracle.series_questions import (
    building_dashboard,
    drift_top20,
    hourly_profile,
)
from basetype_benchmark.queries.oracle.tenant_questions import tenant_carbon, tenant_energy
from basetype_benchmark.queries.oracle.world import Answering, World

ANSWERINGS: Mapping[str, Answering] = {
    "Q1": energy_chain,
    "Q2": functional_impact,
    "Q3": space_services,
    "Q4": floor_temperature_inventory,
    "Q5": orphans,
    "Q6": hourly_profile,
    "Q7": drift_top20,
    "Q8": tenant_energy,
    "Q9": tenant_carbon,
    "Q10": security_access,
    "Q11": it_impact,
    "Q12": building_dashboard,
    "Q13": office_comfort,
}


class Oracle:
    """Answers the thirteen questions on one dataset, and remembers the answers it gave."""

    def __init__(self, dataset: Dataset) -> None:
        """Read the graph; samples are read when a question needs them.

        Raises:
            DatasetError: a file cannot be read, or the graph is damaged.
        """
        self.dataset = dataset
        self.world = World(graph=BuildingGraph(dataset), series=SeriesReader(dataset))
        self._answers: dict[tuple[object, ...], Answer] = {}

    def answer(self, question: Question, parameters: Parameters) -> Answer:
        """Give the rows in contract types and order; for Q7 with those that tie at the cut.

        Raises:
            DatasetError: a series file cannot be read.
            UsageError: a parameter is missing or of the wrong type.
        """
        key = (question.id, *sorted(parameters.items()))
        if key not in self._answers:
            self._answers[key] = _in_utc(ANSWERINGS[question.id](self.world, parameters))
        known = self._answers[key]
        return Answer(known, beyond_cut=known.beyond_cut)


def _in_utc(answer: Answer) -> Answer:
    """Give the times the plain UTC zone; Polars gives them the one named so."""
    return Answer(
        (tuple(v.astimezone(UTC) if isinstance(v, datetime) else v for v in row) for row in answer),
        beyond_cut=answer.beyond_cut,
    )
