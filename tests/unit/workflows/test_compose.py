"""The Compose file at the root is what ``btb compose`` prints, and agrees with the containers.

``--update-golden`` makes it anew.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from basetype_benchmark.cli.main import run_command
from basetype_benchmark.config.images import IMAGES
from basetype_benchmark.engines import ENGINES
from basetype_benchmark.infrastructure.service import ServerStart
from basetype_benchmark.infrastructure.services.containers.table import CONTAINERS
from basetype_benchmark.infrastructure.services.falkordb_settings import falkordb_settings
from basetype_benchmark.units import GIB, MIB

FILE = Path(__file__).parents[3] / "compose.yaml"
NAMES = {engine: "timescaledb" if engine == "postgresql" else engine for engine in CONTAINERS}
KNOWN_TO_COMPOSE = {
    "image", "command", "environment", "ports", "mem_limit", "memswap_limit", "shm_size", "init",
    "stop_signal", "stop_grace_period", "healthcheck", "volumes", "labels",
}  # fmt: skip


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert content["volumes"].keys() == content["services"].keys()
    found: dict[str, Any] = content["services"]
    return found


def test_the_file_is_what_its_first_lines_say_made_it(
    capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    made_by = re.search(r"^# Made by: btb (.+)$", FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert made_by is not None
    made = printed(capsys, *made_by[1].split())
    if request.config.getoption("--update-golden"):
        FILE.write_text(made, encoding="utf-8")
    assert made == FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("engine", CONTAINERS)
def test_a_service_is_the_container_that_btb_starts(engine: str, services: dict[str, Any]) -> None:
    service = services[NAMES[engine]]
    start = ServerStart(data_dir=Path("data"), timeout_s=60, ram_bytes=4 * GIB)
    described = CONTAINERS[engine](start, None, 4)
    assert service.keys() <= KNOWN_TO_COMPOSE
    assert service["image"] == IMAGES[engine]
    assert service.get("command", []) == list(described.command)
    assert service.get("environment", {}).keys() == described.environment.keys()
    if engine != "arcadedb":  # whose password is of each start
        assert service.get("environment", {}) == described.environment
    assert service["stop_signal"] == described.stop_signal
    assert service.get("init", False) == described.needs_init
    assert service["volumes"] == [f"{NAMES[engine]}:{described.data_path}"]
    assert service["ports"][0].endswith(f":{described.port}")


def test_nothing_swaps_and_nothing_listens_but_on_loopback(services: dict[str, Any]) -> None:
    assert {(s["mem_limit"], s["memswap_limit"]) for s in services.values()} == {("4096m",) * 2}
    ports = [port for s in services.values() for port in s["ports"]]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert len({port.split(":")[1] for port in ports}) == len(ports)


def test_every_url_that_the_file_gives_is_one_that_btb_takes() -> None:
    given = re.findall(r"--url (\w+)=(\S+)", FILE.read_text(encoding="utf-8"))
    assert [engine for engine, _ in given] == list(CONTAINERS)
    for engine, url in given:
        endpoint = ENGINES[engine].open_external(url).endpoint
        assert endpoint.host == "127.0.0.1"
        assert f"127.0.0.1:{endpoint.port}:" in FILE.read_text(encoding="utf-8")


def test_only_the_password_is_a_variable_of_the_caller() -> None:
    assert re.findall(r"\$\S+", FILE.read_text(encoding="utf-8")) == [
        "${BTB_ARCADEDB_PASSWORD:-basetype-benchmark}"
    ]


def test_engines_images_and_memory_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--engines", "oxigraph,falkordb", "--image", "oxigraph=mine:1", "--ram", "0.5")
    text = printed(capsys, "compose", *options, "--cpus", "2")
    made = yaml.safe_load(text)["services"]
    assert list(made) == ["oxigraph", "falkordb"]
    assert made["oxigraph"]["image"] == "mine:1"
    assert made["falkordb"]["mem_limit"] == "512m"
    settings = falkordb_settings(512 * MIB, 2)
    maxmemory = next(s.value for s in settings if s.name == "maxmemory")
    assert f"--maxmemory {maxmemory} " in made["falkordb"]["environment"]["REDIS_ARGS"]
    assert (
        "# Made by: btb compose --ram 0.5 --cpus 2 --engines oxigraph,falkordb "
        "--image oxigraph=mine:1\n" in text
    )


def test_an_engine_without_a_container_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(("compose", "--engines", "duckdb")) == 2
    assert "no container of duckdb; choose from: postgresql," in capsys.readouterr().err


def printed(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    assert run_command(command) == 0, capsys.readouterr().err
    return capsys.readouterr().out
