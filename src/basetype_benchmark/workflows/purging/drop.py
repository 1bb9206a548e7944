"""Removing the stores of one scenario, by the campaign that loaded them."""

from __future__ import annotations

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.engines import engines_of
from basetype_benchmark.infrastructure.docker.leftovers import open_leftovers
from basetype_benchmark.workflows.placement import Provider, ServiceChoice
from basetype_benchmark.workflows.purging.stores import remove_store


def drop_store(scenario: Scenario, settings: Settings, choice: ServiceChoice) -> None:
    """Remove what a scenario has loaded: folders of local servers, volumes of containers.

    Its servers must have stopped. External servers keep what they hold. Nothing is said where
    there is no store.

    Raises:
        HostError: one is in use, or cannot be removed; those before it are gone.
    """
    for engine in engines_of(scenario):
        data_dir = settings.engines_dir / scenario.id / engine.id
        provider = choice.provider_of(engine)
        if provider is Provider.DOCKER:
            with open_leftovers() as leftovers:
                leftovers.remove_store(engine.id, data_dir)
        if provider in (Provider.DOCKER, Provider.LOCAL):
            remove_store(data_dir, settings)
