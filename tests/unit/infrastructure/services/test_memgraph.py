"""Memgraph, which cannot run here: what would be sent to it, word for word."""

from pathlib import Path

import pytest

from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services import memgraph
from basetype_benchmark.infrastructure.services.memgraph import (
    MEMGRAPH,
    LocalMemgraph,
    binary_version,
    find_memgraph_binary,
    memgraph_settings,
    read_memory,
)
from basetype_benchmark.units import GIB, MIB


@pytest.mark.parametrize(
    ("ram_bytes", "query_timeout_s"),
    [(256 * MIB, None), (GIB, 60), (256 * GIB, 0.5)],
    ids=["256mib", "1gib-60s", "256gib-half-a-second"],
)
def test_the_command_line_is_as_published(ram_bytes, query_timeout_s, request, golden):
    settings = memgraph_settings(ram_bytes, query_timeout_s)
    engine = LocalMemgraph(binary=Path("/usr/bin/memgraph"), port=None, settings=settings)
    command = engine.command(Path("/data"), Endpoint(host="127.0.0.1", port=7687))
    reasons = [f"{s.name} {s.value}: {s.reason}" for s in settings]
    golden(
        f"memgraph_command/{request.node.callspec.id}.txt",
        "\n".join([*command.argv, "", *reasons, ""]),
    )


def test_the_statements_are_as_published(golden):
    indexes = [text for label in NodeType for text in MEMGRAPH.create_indexes(label)]
    parts = {
        "before a load": [*MEMGRAPH.before_load, *indexes],
        "after a load": MEMGRAPH.after_load,
        "to empty it": [*MEMGRAPH.clear, *MEMGRAPH.delete_some],
        "to ask for its memory": [MEMGRAPH.memory_query],
    }
    lines = [line for title, texts in parts.items() for line in (f"// {title}", *texts)]
    golden("memgraph_command/statements.cypher", "\n".join([*lines, ""]))


def test_nothing_is_loaded_or_dropped_without_a_snapshot_or_the_right_mode():
    """A restart would lose what the analytical mode does not log."""
    after = list(MEMGRAPH.after_load)
    assert after.index("CREATE SNAPSHOT") < after.index("STORAGE MODE IN_MEMORY_TRANSACTIONAL")
    assert MEMGRAPH.before_load[0] == MEMGRAPH.clear[0] == "STORAGE MODE IN_MEMORY_ANALYTICAL"
    assert MEMGRAPH.clear[-1] == "STORAGE MODE IN_MEMORY_TRANSACTIONAL"


@pytest.mark.parametrize(
    ("rows", "details"),
    [
        (
            [["vertex_count", 3], ["memory_res", "41.2MiB"], ["allocation_limit", "1GiB"]],
            {"memory_res": "41.2MiB"},
        ),
        (
            [["vm_max_map_count", 1], ["disk_usage", "1KiB"], ["memory_tracked", "2MiB"]],
            {"memory_tracked": "2MiB", "disk_usage": "1KiB"},
        ),
        ([], {}),
    ],
    ids=["before 3.11", "since 3.11", "nothing"],
)
def test_memory_is_read_by_name_whatever_the_version_reports(rows, details):
    assert read_memory(rows) == details


@pytest.fixture
def make_command(monkeypatch, tmp_path):
    """Put a command ``memgraph`` into an otherwise empty PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(memgraph, "PACKAGED_BINARY", tmp_path / "none")

    def make(script: str) -> Path:
        command = tmp_path / "memgraph"
        command.write_text(f"#!/bin/sh\n{script}\n")
        command.chmod(0o755)
        return command

    return make


def test_a_binary_in_the_path_is_found_with_its_version(make_command):
    command = make_command("echo memgraph version 3.12.0")
    assert find_memgraph_binary() == command
    assert binary_version(command) == "3.12.0"


def test_a_binary_that_does_not_run_is_said(make_command):
    command = make_command("exit 1")
    with pytest.raises(ServiceUnavailable, match="does not tell its version"):
        binary_version(command)


# The easiest first.
_WAYS = r"; take --provider docker, .*its package, .*docker run .*--url memgraph=bolt://"


def test_without_a_binary_it_is_said_how_to_get_one(make_command):
    with pytest.raises(ServiceUnavailable, match=_WAYS) as caught:
        find_memgraph_binary()
    assert "\n" not in str(caught.value)
