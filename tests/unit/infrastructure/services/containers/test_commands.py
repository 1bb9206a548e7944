"""What each container is started with, word for word, and that it follows from the budget."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.config.images import IMAGES
from basetype_benchmark.engines import ENGINES
from basetype_benchmark.infrastructure.docker.service import ContainerEngine
from basetype_benchmark.infrastructure.service import ServerStart
from basetype_benchmark.infrastructure.services.containers.arcadedb import ArcadeDBContainer
from basetype_benchmark.infrastructure.services.containers.table import CONTAINERS
from basetype_benchmark.infrastructure.services.postgres_settings import postgres_settings
from basetype_benchmark.units import GIB, MIB

LEVELS = {"512mib-2cpu": (512 * MIB, 2), "16gib-8cpu": (16 * GIB, 8)}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("engine", CONTAINERS)
def test_a_container_is_started_as_published(
    engine: str, level: str, golden: Callable[[str, str], None]
) -> None:
    ram_bytes, cpu_count = LEVELS[level]
    golden(f"containers/{engine}/{level}.txt", text_of(describe(engine, ram_bytes, cpu_count)))


@pytest.mark.parametrize("engine", CONTAINERS)
def test_the_image_is_the_pinned_one_or_the_users(engine: str) -> None:
    assert describe(engine, GIB, 2).image == IMAGES[engine]
    start = ServerStart(data_dir=Path("data"), timeout_s=60, ram_bytes=GIB)
    assert CONTAINERS[engine](start, "mirror.example/mine:1", 2).image == "mirror.example/mine:1"


@pytest.mark.parametrize("engine", CONTAINERS)
def test_every_setting_reaches_the_server(engine: str) -> None:
    described = describe(engine, GIB, 2)
    given = " ".join([*described.command, *described.environment.values()])
    missing = [s.name for s in described.settings if s.name not in given]
    assert missing == []
    assert all(s.value in given for s in described.settings)


@pytest.mark.parametrize("engine", CONTAINERS)
def test_it_is_the_engine_of_the_table(engine: str) -> None:
    described = describe(engine, GIB, 2)
    assert (described.engine, described.title) == (engine, ENGINES[engine].title)
    opened = ENGINES[engine].open_docker
    assert opened is not None
    service = opened(ServerStart(data_dir=Path("data"), timeout_s=60, ram_bytes=GIB), None)
    assert (service.engine, service.provider, service.ram_bytes) == (engine, "docker", GIB)


def test_postgres_has_in_a_container_what_it_has_locally_but_for_three_settings() -> None:
    local = {s.name: s.value for s in postgres_settings(GIB, 2)}
    contained = {s.name: s.value for s in describe("postgresql", GIB, 2).settings}
    assert {name for name in contained if contained[name] != local.get(name)} == {
        "listen_addresses",
        "shared_preload_libraries",
        "timescaledb.telemetry_level",
    }
    assert local.keys() <= contained.keys()


def test_arcadedb_has_a_password_of_its_own_at_every_start() -> None:
    one, other = describe("arcadedb", GIB, 2), describe("arcadedb", GIB, 2)
    passwords = [e.endpoint("127.0.0.1", 1).password for e in (one, other)]
    assert len(set(passwords)) == 2
    assert all(password is not None and len(password) >= 20 for password in passwords)


def describe(engine: str, ram_bytes: int, cpu_count: int) -> ContainerEngine:
    start = ServerStart(data_dir=Path("data"), timeout_s=60, ram_bytes=ram_bytes)
    return CONTAINERS[engine](start, None, cpu_count)


def text_of(engine: ContainerEngine) -> str:
    if isinstance(engine, ArcadeDBContainer):
        engine = replace(engine, password="PASSWORD")
    facts = {
        "port": engine.port,
        "data": engine.data_path,
        "user": engine.user,
        "stop": f"{engine.stop_signal}, {engine.stop_patience_s:g} s",
        "init": engine.needs_init,
        "shm": engine.shm_bytes,
        "endpoint": engine.endpoint("127.0.0.1", 49152),
    }
    parts = [
        [f"{name}: {value}" for name, value in facts.items()],
        [f"{name}={value}" for name, value in engine.environment.items()],
        list(engine.command),
        [f"{s.name} {s.value}: {s.reason}" for s in engine.settings],
    ]
    return "\n\n".join("\n".join(part) or "(nothing)" for part in parts) + "\n"
