"""Whatever is wrong with a command: one line on standard error and the right exit code."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from basetype_benchmark.cli import main as cli_main
from basetype_benchmark.cli import scenarios
from basetype_benchmark.cli.main import app, run_command
from basetype_benchmark.errors import BenchmarkError, ConfigError, DiskFull, LoadError


def fails(capsys: pytest.CaptureFixture[str], arguments: Sequence[str], exit_code: int) -> str:
    found = run_command(arguments)
    output = capsys.readouterr()
    lines = output.err.splitlines()
    assert (found, len(lines)) == (exit_code, 1), output.err
    assert lines[0].startswith("error: ")
    assert output.out == ""
    return lines[0]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.mark.parametrize(
    "command",
    [
        ["dataset", "generate", "huge-2d"],
        ["dataset", "info", "huge-2d"],
        ["dataset", "verify", "tiny"],
        ["run", "tiny-3d"],
        ["validate", "nonsense"],
        ["query", "Q1", "nonsense"],
    ],
)
def test_an_unknown_profile(
    capsys: pytest.CaptureFixture[str], home: Path, command: list[str]
) -> None:
    line = fails(capsys, [*command, "--home", str(home)], 2)
    assert "there is no profile" in line
    assert "tiny-2d" in line
    assert not home.exists()


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["run", "tiny-2d", "--scenarios", "P1,X9"], "there is no scenario 'X9'; choose from: P1"),
        (["validate", "tiny-2d", "--scenarios", "X9"], "there is no scenario 'X9'"),
        (["query", "Q1", "tiny-2d", "--scenario", "X9"], "there is no scenario 'X9'"),
        (["queries", "show", "Q1", "--scenario", "X9"], "there is no scenario 'X9'"),
        (["run", "tiny-2d", "--scenarios", "P1", "--queries", "Q14"], "there is no query 'Q14'"),
        (["query", "Q0", "tiny-2d"], "there is no query 'Q0'; choose from: Q1"),
        (["queries", "show", "seven"], "there is no query 'seven'"),
        (["run", "tiny-2d", "--provider", "cloud"], "there is no provider 'cloud'"),
        (
            ["run", "tiny-2d", "--provider", "local", "--oxigraph-url", "http://localhost:1"],
            "leave the URLs out",
        ),
        (["query", "Q1", "tiny-2d", "--param", "meter_id"], "write it as name=value"),
        (["run", "tiny-2d", "--runs", "0"], "--runs"),
        (["run", "tiny-2d", "--runs", "many"], "--runs"),
        (["run", "tiny-2d", "--speed", "high"], "--speed"),
        (["run"], "PROFILE"),
        (["fly"], "fly"),
    ],
)
def test_an_unknown_name_or_option(
    capsys: pytest.CaptureFixture[str], home: Path, command: list[str], expected: str
) -> None:
    own_home = [] if command in (["run"], ["fly"]) or "show" in command else ["--home", str(home)]
    assert expected in fails(capsys, [*command, *own_home], 2)
    assert not home.exists()


@pytest.mark.parametrize(
    "command",
    [
        ["run", "tiny-2d", "--scenarios", "P1"],
        ["validate", "tiny-2d", "--scenarios", "P1"],
        ["query", "Q1", "tiny-2d"],
        ["dataset", "info", "tiny-2d"],
        ["dataset", "verify", "tiny-2d"],
        ["queries", "show", "Q1", "--params", "tiny-2d"],
    ],
)
def test_a_missing_dataset_names_the_command_that_makes_it(
    capsys: pytest.CaptureFixture[str], home: Path, command: list[str]
) -> None:
    line = fails(capsys, [*command, "--seed", "7", "--home", str(home)], 2)
    assert line.endswith("make it with: btb dataset generate tiny-2d --seed 7")
    assert not home.exists()


def test_an_incomplete_dataset_says_so(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    (home / "datasets" / "tiny-2d_seed42").mkdir(parents=True)
    command = ["run", "tiny-2d", "--scenarios", "P1", "--home", str(home)]
    assert "incomplete" in fails(capsys, command, 2)


def test_a_damaged_manifest_says_so(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    folder = home / "datasets" / "tiny-2d_seed42"
    folder.mkdir(parents=True)
    (folder / "dataset.json").write_text('{"format_version": 1')
    line = fails(capsys, ["dataset", "info", "tiny-2d", "--home", str(home)], 2)
    assert "dataset.json is damaged" in line


def raising(error: BaseException) -> object:
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [(LoadError("a"), 1), (ConfigError("b"), 2), (DiskFull("c"), 3), (BenchmarkError("d"), 1)],
)
def test_each_error_class_has_its_exit_code(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BenchmarkError,
    exit_code: int,
) -> None:
    monkeypatch.setattr(scenarios, "print_table", lambda *_: raising(error)())
    assert fails(capsys, ["scenarios"], exit_code) == f"error: {error}"


def test_a_fault_of_our_own_is_one_line_and_with_debug_a_stack_trace(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = ZeroDivisionError("division\nby zero")
    monkeypatch.setattr(scenarios, "print_table", lambda *_: raising(fault)())
    line = fails(capsys, ["scenarios"], 1)
    assert "unexpected ZeroDivisionError: division by zero" in line
    assert run_command(["--debug", "scenarios"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_ends_with_130_and_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenarios, "print_table", lambda *_: raising(KeyboardInterrupt())())
    assert "interrupted" in fails(capsys, ["scenarios"], 130)


def test_being_told_to_end_counts_as_an_interrupt(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_to_end(*_: object) -> None:
        cli_main.signal.raise_signal(cli_main.signal.SIGTERM)

    monkeypatch.setattr(scenarios, "print_table", told_to_end)
    before = cli_main.signal.getsignal(cli_main.signal.SIGTERM)
    assert "interrupted" in fails(capsys, ["scenarios"], 130)
    assert cli_main.signal.getsignal(cli_main.signal.SIGTERM) is before


def test_every_command_is_there() -> None:
    names = {command.name for command in app.registered_commands}
    groups = {group.name for group in app.registered_groups}
    assert names == {"doctor", "query", "run", "scenarios", "validate"}
    assert groups == {"dataset", "queries"}
