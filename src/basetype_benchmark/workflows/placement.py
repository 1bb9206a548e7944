"""Where the servers of a scenario run: what the user chose, whether it can be, and its start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from basetype_benchmark.config.images import IMAGES
from basetype_benchmark.config.scenarios import SCENARIOS, Scenario
from basetype_benchmark.engines import ENGINES, Engine, Services, engines_of
from basetype_benchmark.errors import OutOfMemory, ServiceUnavailable, UsageError
from basetype_benchmark.infrastructure.availability import (
    Availability,
    docker_availability,
    external_availability,
)
from basetype_benchmark.infrastructure.docker.images import fetch_image
from basetype_benchmark.infrastructure.service import ServerStart, Service
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.units import format_bytes


class Provider(StrEnum):
    """Where servers run."""

    AUTO = "auto"  # at the URL where one is given, else as a child process, else in a container
    LOCAL = "local"
    DOCKER = "docker"
    EXTERNAL = "external"


@dataclass(frozen=True, kw_only=True)
class ServiceChoice:
    """What the user wants of the servers.

    `urls` are of running servers, `images` are to be taken instead of the pinned ones, both by
    engine id. `may_empty`: a load may delete what others put into servers at URLs. `settled` says
    by engine id what ``auto`` has become, and `image_ids` which images the names stand for.
    """

    provider: Provider = Provider.AUTO
    urls: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    may_empty: bool = False
    settled: Mapping[str, Provider] = field(default_factory=dict)
    image_ids: Mapping[str, str] = field(default_factory=dict)

    def settle(self, scenarios: Sequence[Scenario]) -> ServiceChoice:
        """Decide once for the engines of these scenarios: what is found must not move later."""
        engines = {engine.id: engine for s in scenarios for engine in engines_of(s)}
        return replace(self, settled={e.id: self.provider_of(e) for e in engines.values()})

    def identify_images(
        self, scenarios: Sequence[Scenario], progress: Progress = SILENT
    ) -> ServiceChoice:
        """Note which images the names stand for now; missing ones are pulled.

        Raises:
            ServiceUnavailable: an image is missing and cannot be pulled.
        """
        engines = {engine.id: engine for s in scenarios for engine in engines_of(s)}
        ids = {
            engine.id: fetch_image(self.image(engine), engine=engine.id, progress=progress)
            for engine in engines.values()
            if self.provider_of(engine) is Provider.DOCKER and engine.open_docker is not None
        }
        return replace(self, image_ids=ids)

    def url(self, engine: Engine) -> str | None:
        """Give the URL at which the engine is to be used; None where we start it."""
        return self.urls.get(engine.id) if self.provider in _WITH_URLS else None

    def image(self, engine: Engine) -> str:
        """Give the image of an engine that has containers: the user's, else the pinned one."""
        return self.images.get(engine.id) or IMAGES[engine.id]

    def lacks_url(self, engine: Engine) -> bool:
        """Whether the engine must be external and no URL says where it is."""
        return self.provider is Provider.EXTERNAL and engine.id not in self.urls

    def provider_of(self, engine: Engine) -> Provider:
        """Settle ``auto`` for an engine: a URL, else a child process, else a container."""
        if engine.id in self.settled:
            return self.settled[engine.id]
        if self.url(engine) is not None:
            return Provider.EXTERNAL
        if self.provider is not Provider.AUTO:
            return self.provider
        is_only_docker = (
            engine.local_availability().why_not is not None
            and self._docker_availability(engine).why_not is None
        )
        return Provider.DOCKER if is_only_docker else Provider.LOCAL

    def availability(self, engine: Engine) -> Availability:
        """Say whether an engine can be used; starts nothing, but asks an external server."""
        if self.lacks_url(engine):
            return Availability(
                engine=engine.id, provider=self.provider.value, why_not=_why_no_url(engine)
            )
        url = self.url(engine)
        if url is not None:
            return external_availability(engine.open_external(url))
        if self.provider_of(engine) is Provider.DOCKER:
            return self._docker_availability(engine)
        return engine.local_availability()

    def open(self, engine: Engine, start: ServerStart) -> Service:
        """Give the service of an engine; nothing starts before it is entered.

        Raises:
            ServiceUnavailable: it cannot run here.
        """
        url = self.url(engine)
        if url is not None:
            return engine.open_external(url)
        if self.provider_of(engine) is not Provider.DOCKER:
            return engine.open_local(start)
        if engine.open_docker is None:
            raise ServiceUnavailable(_why_no_container(engine))
        return engine.open_docker(start, self.images.get(engine.id))

    def _docker_availability(self, engine: Engine) -> Availability:
        if engine.open_docker is None:
            return Availability(
                engine=engine.id, provider="docker", why_not=_why_no_container(engine)
            )
        return docker_availability(engine.id, self.image(engine))


_WITH_URLS = frozenset({Provider.AUTO, Provider.EXTERNAL})


def _why_no_url(engine: Engine) -> str:
    if engine.url_example is None:
        return f"{engine.title} is never external: btb runs it itself; take --provider auto"
    return (
        f"--provider external needs the address of {engine.title}: "
        f"--url {engine.id}={engine.url_example}"
    )


def _why_no_container(engine: Engine) -> str:
    return f"{engine.title} has no container: btb runs it itself; take --provider local"


def runnable_scenarios(choice: ServiceChoice) -> tuple[Scenario, ...]:
    """Scenarios all of whose engines can be used here."""
    usable = {e.id for e in ENGINES.values() if choice.availability(e).why_not is None}
    return tuple(
        scenario
        for scenario in SCENARIOS.values()
        if all(engine.id in usable for engine in engines_of(scenario))
    )


def require_engines(
    scenarios: Sequence[Scenario],
    choice: ServiceChoice,
    *,
    to_load: bool = True,
    progress: Progress = SILENT,
) -> None:
    """See that every engine of these scenarios can be used, before any of them is.

    Missing images are pulled. With `to_load`, also that loading deletes nothing of others.

    Raises:
        UsageError: an external server has no URL, or holds what we did not load.
        ServiceUnavailable: an engine cannot run here; says what is missing.
    """
    needed = {engine.id: engine for s in scenarios for engine in engines_of(s)}
    for engine in needed.values():
        if choice.provider_of(engine) is Provider.DOCKER and engine.open_docker is not None:
            fetch_image(choice.image(engine), engine=engine.id, progress=progress)
        reason = choice.availability(engine).why_not
        if reason is not None:
            raise (UsageError if choice.lacks_url(engine) else ServiceUnavailable)(reason)
    if to_load:
        for engine in needed.values():
            _require_own_data(engine, choice)


def _require_own_data(engine: Engine, choice: ServiceChoice) -> None:
    url = choice.url(engine)
    if url is None or choice.may_empty:
        return
    with engine.open_external(url) as service:
        found = engine.describe_foreign(service)
        place = f"{service.endpoint.host}:{service.endpoint.port}"
    if found is not None:
        raise UsageError(
            f"the external {engine.title} at {place} holds {found} that basetype-benchmark did not "
            "load and would delete; take another database, or allow it with --yes"
        )


def choice_of(
    places: Mapping[str, str], urls: Mapping[str, str], *, provider: str
) -> ServiceChoice:
    """Give the choice that `describe_places` describes; `urls` by engine id for external servers.

    Raises:
        UsageError: the URL of an engine is missing, or one is given that is not external.
    """
    settled = {engine: Provider(place.split(" ", 1)[0]) for engine, place in places.items()}
    for engine, settled_as in settled.items():
        if settled_as is Provider.EXTERNAL and engine not in urls:
            raise UsageError(
                f"{ENGINES[engine].title} ran as {places[engine]}; give its address again: "
                f"--url {engine}={ENGINES[engine].url_example}"
            )
    unused = [engine for engine in urls if settled.get(engine) is not Provider.EXTERNAL]
    if unused:
        raise UsageError(f"--url {unused[0]}=...: it ran as {places.get(unused[0], 'nowhere')}")
    images = {
        engine: places[engine].split(" ")[1]
        for engine, settled_as in settled.items()
        if settled_as is Provider.DOCKER
    }
    return ServiceChoice(
        provider=Provider(provider), urls=dict(urls), images=images, settled=settled
    )


def describe_places(scenario: Scenario, choice: ServiceChoice) -> dict[str, str]:
    """Say by engine where it runs, without passwords: part of a result's fingerprint."""
    return {engine.id: _describe_place(engine, choice) for engine in engines_of(scenario)}


def _describe_place(engine: Engine, choice: ServiceChoice) -> str:
    url = choice.url(engine)
    if url is not None:
        endpoint = engine.open_external(url).endpoint
        return f"external {endpoint.host}:{endpoint.port}/{endpoint.database}"
    provider = choice.provider_of(engine)
    if provider is not Provider.DOCKER:
        return provider.value
    return f"docker {choice.image(engine)} {choice.image_ids.get(engine.id, '')}".rstrip()


@contextmanager
def open_services(
    scenario: Scenario,
    choice: ServiceChoice,
    folder: Path,
    timeout_s: float,
    *,
    fresh: bool = False,
    ram_bytes: Mapping[str, int] | None = None,
) -> Iterator[Services]:
    """Run the servers of a scenario while the context is open, with their data under `folder`.

    With `fresh`, servers of our own start with new, empty stores; external ones stay as they are.
    `ram_bytes` limits servers of our own, by engine id.

    Raises:
        HostError: a server did not start or does not answer.
        OutOfMemory: the kernel ended it at its start.
    """
    with ExitStack() as stack:
        services: dict[str, Service] = {}
        for engine in engines_of(scenario):
            start = ServerStart(
                data_dir=folder / engine.id,
                timeout_s=timeout_s,
                is_fresh=fresh,
                ram_bytes=None if ram_bytes is None else ram_bytes[engine.id],
            )
            services[engine.id] = stack.enter_context(_entered(choice.open(engine, start)))
        yield services


@contextmanager
def _entered(service: Service) -> Iterator[Service]:
    """Run a server while the context is open, and say so when it could not start for its limit."""
    with ExitStack() as stack:
        try:
            stack.enter_context(service)
        except ServiceUnavailable as error:
            if not service.oom_kills() or service.ram_bytes is None:
                raise
            raise OutOfMemory(
                f"{service.engine}: the kernel ended the server at its start for lack of memory; "
                f"the limit is {format_bytes(service.ram_bytes)}: {error}"
            ) from None
        yield service
