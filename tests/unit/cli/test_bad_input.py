"""Whatever is wrong with a command: one line on standard error and the right exit code."""

import errno
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from basetype_benchmark.cli import scenarios
from basetype_benchmark.cli.main import run_command
from basetype_benchmark.dataset.manifest import write_manifest
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import BenchmarkError, ConfigError, DiskFull, LoadError
from tests.toy import build_toy


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
        (["queries", "show", "Q1", "--params", "tiny-2d"], "name it with --scenario"),
        (["run", "tiny-2d", "--provider", "cloud"], "there is no provider 'cloud'"),
        (
            ["run", "tiny-2d", "--provider", "local", "--url", "oxigraph=http://localhost:1"],
            "leave the URLs out",
        ),
        (
            ["run", "tiny-2d", "--provider", "docker", "--url", "oxigraph=http://localhost:1"],
            "--provider docker starts its own servers",
        ),
        (["run", "tiny-2d", "--provider", "local", "--image", "oxigraph=a:1"], "no containers"),
        (["doctor", "--provider", "docker", "--image", "oxigraph"], "--image takes ENGINE=IMAGE"),
        (["doctor", "--provider", "docker", "--image", "duckdb=a:1"], "DuckDB has no container"),
        (["doctor", "--image", "oxigraph=a:1", "--image", "oxigraph=a:2"], "is given twice"),
        (["query", "Q1", "tiny-2d", "--param", "meter_id"], "write it as name=value"),
        (["run", "tiny-2d", "--runs", "0"], "--runs"),
        (["run", "tiny-2d", "--seed", "-1"], "--seed"),
        (["run", "tiny-2d", "--seed", str(2**63)], "--seed"),
        (["run", "tiny-2d", "--runs", "many"], "--runs"),
        (["run", "tiny-2d", "--runs", "9" * 20], "--runs"),
        (["run", "tiny-2d", "--repeat", "9" * 20], "--repeat"),
        (["validate", "tiny-2d", "--variants", "9" * 20], "--variants"),
        (["query", "Q1", "tiny-2d", "--timeout", "inf"], "--timeout"),
        (["query", "Q1", "tiny-2d", "--timeout", "1e7"], "--timeout"),
        (["validate", "tiny-2d", "--provider", "external"], "--url ENGINE=URL"),
        (["query", "Q1", "tiny-2d", "--param", "a=1", "--param", "a=2"], "a is given twice"),
        (["run", "tiny-2d", "--speed", "high"], "--speed"),
        (["run"], "make one with: btb dataset generate tiny-2d"),
        (["fly"], "fly"),
    ],
)
def test_an_unknown_name_or_option(
    capsys: pytest.CaptureFixture[str], home: Path, command: list[str], expected: str
) -> None:
    own_home = [] if command == ["fly"] or "show" in command else ["--home", str(home)]
    assert expected in fails(capsys, [*command, *own_home], 2)
    assert not home.exists()


@pytest.mark.parametrize("scenario", ["P1", "O2"])
@pytest.mark.parametrize("text", ["\udcff", "a\0b"])
def test_a_parameter_that_is_no_text(
    capsys: pytest.CaptureFixture[str], home: Path, toy: Dataset, text: str, scenario: str
) -> None:
    where = ["--scenario", scenario, "--home", str(home)]
    command = ["query", "Q1", toy.manifest.profile, "--param", f"meter_id={text}", *where]
    assert fails(capsys, command, 2).startswith("error: meter_id=")


@pytest.mark.parametrize(
    "moment", ["yesterday", "", "0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00"]
)
def test_a_parameter_that_is_no_time(
    capsys: pytest.CaptureFixture[str], home: Path, toy: Dataset, moment: str
) -> None:
    given = ["--param", f"start={moment}", "--home", str(home)]
    assert "is not a time" in fails(capsys, ["query", "Q7", toy.manifest.profile, *given], 2)


@pytest.mark.parametrize(
    "command",
    [
        ["run", "tiny-2d", "--scenarios", "P1"],
        ["validate", "tiny-2d", "--scenarios", "P1"],
        ["query", "Q1", "tiny-2d"],
        ["dataset", "info", "tiny-2d"],
        ["dataset", "verify", "tiny-2d"],
        ["queries", "show", "Q1", "--scenario", "P1", "--params", "tiny-2d"],
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


@pytest.mark.parametrize("content", ["", "null", "[]", '{"format_version": 1}', "\xff"])
@pytest.mark.parametrize(
    "command",
    [
        ["info", "tiny-2d", "--json"],
        ["verify", "tiny-2d"],
        ["extract", "tiny-2d", "small-2d"],
        ["extend", "tiny-2d", "tiny-1w"],
        ["export", "tiny-2d", "--format", "p1"],
        ["generate", "tiny-2d"],
    ],
    ids=lambda command: command[0],
)
def test_a_damaged_manifest_ends_every_command_on_the_dataset(
    capsys: pytest.CaptureFixture[str], home: Path, command: list[str], content: str
) -> None:
    folder = home / "datasets" / "tiny-2d_seed42"
    folder.mkdir(parents=True)
    (folder / "dataset.json").write_text(content, encoding="latin-1")
    line = fails(capsys, ["dataset", *command, "--home", str(home)], 2)
    assert f"{folder}/dataset.json is damaged" in line
    assert ("--force" in line) == (command[0] == "generate")
    assert list(folder.iterdir()) == [folder / "dataset.json"]


def test_what_is_no_dataset_is_not_listed(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    datasets = home / "datasets"
    (datasets / "holiday pictures").mkdir(parents=True)
    (datasets / "notes.txt").write_text("mine")
    assert run_command(["dataset", "list", "--json", "--home", str(home)]) == 0
    assert capsys.readouterr().out == "[]\n"


def test_another_dataset_in_the_place_of_one_to_make_is_named(
    capsys: pytest.CaptureFixture[str], home: Path, toy: Dataset
) -> None:
    command = ["dataset", "generate", "small-2d", "--output", str(toy.folder), "--home", str(home)]
    assert "holds the dataset tiny-2d with seed 42; choose another" in fails(capsys, command, 2)


def test_a_damaged_manifest_says_so(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    folder = home / "datasets" / "tiny-2d_seed42"
    folder.mkdir(parents=True)
    (folder / "dataset.json").write_text('{"format_version": 1')
    line = fails(capsys, ["dataset", "info", "tiny-2d", "--home", str(home)], 2)
    assert "dataset.json is damaged" in line


@pytest.mark.parametrize(
    ("home_option", "expected"),
    [("", "--home is empty"), ("~nobody-of-that-name/x", "leads nowhere")],
)
def test_a_home_that_is_no_place(
    capsys: pytest.CaptureFixture[str], home_option: str, expected: str
) -> None:
    assert expected in fails(capsys, ["dataset", "list", "--home", home_option], 2)


@pytest.mark.parametrize("command", [["list"], ["info", "tiny-2d"], ["generate", "tiny-2d"]])
def test_a_home_that_is_a_file(
    capsys: pytest.CaptureFixture[str], home: Path, command: list[str]
) -> None:
    home.write_text("in the way")
    line = fails(capsys, ["dataset", *command, "--home", str(home)], 2)
    assert line == f"error: the home {home} is no folder; give another one with --home"


@pytest.mark.parametrize("taken", ["datasets", "datasets/tiny-2d_seed42"])
def test_a_file_where_a_folder_is_wanted(
    capsys: pytest.CaptureFixture[str], home: Path, taken: str
) -> None:
    (home / taken).parent.mkdir(parents=True, exist_ok=True)
    (home / taken).write_text("in the way")
    line = fails(capsys, ["dataset", "generate", "tiny-2d", "--home", str(home)], 3)
    assert f"cannot write {home}" in line


def test_a_file_of_somebody_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    denied = PermissionError(errno.EACCES, "Permission denied", "/data/btb/datasets")
    monkeypatch.setattr(scenarios, "print_table", lambda *_: raising(denied)())
    line = fails(capsys, ["scenarios"], 3)
    assert line.startswith("error: /data/btb/datasets: Permission denied")


@pytest.fixture
def toy(home: Path) -> Dataset:
    """The toy building under the name of tiny-2d."""
    return build_toy(home / "datasets" / "tiny-2d_seed42", profile="tiny-2d", seed=42)


def lose_a_node(dataset: Dataset) -> None:
    path = dataset.folder / "nodes.parquet"
    kept = pc.not_equal(dataset.nodes().column("id"), "b01.f01.s01")
    pq.write_table(dataset.nodes().filter(kept), path)


def null_an_id(dataset: Dataset) -> None:
    ids = [None, *dataset.nodes().column("id").to_pylist()[1:]]
    table = dataset.nodes().set_column(0, pa.field("id", pa.string()), pa.array(ids))
    pq.write_table(table, dataset.folder / "nodes.parquet")


def null_a_value(dataset: Dataset) -> None:
    for path in dataset.series_files():
        table = pq.ParquetFile(path).read()
        nulls = pa.nulls(table.num_rows, pa.float64())
        pq.write_table(table.set_column(2, pa.field("value", pa.float64()), nulls), path)


def misname_a_day(dataset: Dataset) -> None:
    folder = dataset.series_files()[0].parent
    folder.rename(folder.with_name("day=monday"))


def claim_another_fingerprint(dataset: Dataset) -> None:
    changed = dataset.manifest.model_copy(update={"fingerprint": "0" * 40})
    write_manifest(dataset.folder, changed)


def claim_another_seed(dataset: Dataset) -> None:
    write_manifest(dataset.folder, dataset.manifest.model_copy(update={"seed": 7}))


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lose_a_node, "edges.parquet is damaged"),
        (null_an_id, "nodes.parquet cannot be read"),
        (null_a_value, "part-0.parquet is damaged"),
        (misname_a_day, "day=monday is not a partition by day"),
        (claim_another_fingerprint, "is not what its manifest states"),
        (claim_another_seed, "holds the dataset tiny-2d with seed 7"),
    ],
)
@pytest.mark.parametrize("command", ["run", "validate"])
def test_what_is_not_the_dataset_is_refused_before_anything_runs(
    capsys: pytest.CaptureFixture[str],
    home: Path,
    toy: Dataset,
    command: str,
    damage: Callable[[Dataset], None],
    expected: str,
) -> None:
    damage(toy)
    line = fails(capsys, [command, "tiny-2d", "--scenarios", "P1", "--home", str(home)], 2)
    assert expected in line
    assert not (home / "engines").exists()
    assert not (home / "results").exists()


@pytest.mark.parametrize(
    ("damage", "query"), [(lose_a_node, "Q4"), (null_a_value, "Q9"), (misname_a_day, "Q6")]
)
def test_parameters_are_not_chosen_from_a_damaged_dataset(
    capsys: pytest.CaptureFixture[str],
    home: Path,
    toy: Dataset,
    damage: Callable[[Dataset], None],
    query: str,
) -> None:
    damage(toy)
    command = ["queries", "show", query, "--scenario", "P1", "--params", "tiny-2d"]
    fails(capsys, [*command, "--home", str(home)], 2)


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


@pytest.fixture
def interrupts_later() -> Iterator[None]:
    """An interrupted command ignores further ones; this process does not end with it."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts_later")
def test_an_interrupt_ends_with_130_and_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenarios, "print_table", lambda *_: raising(KeyboardInterrupt())())
    assert "interrupted" in fails(capsys, ["scenarios"], 130)


@pytest.mark.usefixtures("interrupts_later")
def test_being_told_to_end_counts_as_an_interrupt(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_to_end(*_: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(scenarios, "print_table", told_to_end)
    before = signal.getsignal(signal.SIGTERM)
    assert "interrupted" in fails(capsys, ["scenarios"], 130)
    assert signal.getsignal(signal.SIGTERM) is before
