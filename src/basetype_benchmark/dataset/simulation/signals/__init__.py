"""What a point of each behaviour shows of a simulated day, before its sensor samples it."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation.signals.electric import ELECTRIC
from basetype_benchmark.dataset.simulation.signals.plant import PLANT
from basetype_benchmark.dataset.simulation.signals.reading import (
    Course,
    Reading,
    View,
    view_points,
)
from basetype_benchmark.dataset.simulation.signals.rooms import ROOMS
from basetype_benchmark.dataset.simulation.signals.services import SERVICES
from basetype_benchmark.dataset.simulation.signals.surroundings import SURROUNDINGS

__all__ = ["SIGNALS", "Course", "Reading", "View", "view_points"]

SIGNALS: Mapping[Behaviour, Reading] = {**SURROUNDINGS, **ROOMS, **PLANT, **ELECTRIC, **SERVICES}
"""Every behaviour but those of `reporting` that have exact times: energy, carbon and badges."""
