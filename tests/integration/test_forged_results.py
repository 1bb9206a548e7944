"""``btb verify`` notices any number that was changed, or the number is listed here as one that
nothing can tell.

The forger is careful: the digests of the tables and ``SHA256SUMS`` are corrected. What two files
say is changed in one of them; who changes all of them consistently is not found out.
"""

import random
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from basetype_benchmark.analysis.verify.tally import Finding
from basetype_benchmark.benchmark.checksums import REPORT_FILE
from basetype_benchmark.benchmark.results_io import CELLS_DIR
from basetype_benchmark.cli.main import run_command
from basetype_benchmark.infrastructure.cgroups.local_limits import find_limit_support
from basetype_benchmark.report.disclosure.files import DISCLOSURE_FILE
from basetype_benchmark.workflows.verify_bundle import verify_bundle
from tests.integration.forging import (
    Number,
    change,
    change_sample,
    correct_digest,
    numbers_in,
    value_of,
)
from tests.toy import build_toy

pytestmark = pytest.mark.servers

SINGLE = (
    "what the executions of one query used is read around each, and these readings are not kept"
)
CLOCK = "read off a clock that nothing else in the bundle tells"
PEAK = "only readings around executions, or the kernel, saw the peak"

BOUNDED = {
    "cell: result.resources.phases.begin_ns": CLOCK,
    "cell: result.resources.phases.elapsed_ns": CLOCK,
    "cell: result.resources.phases.sources[engine].memory_peak_bytes": PEAK,
    "cell: result.resources.phases.sources[harness].memory_peak_bytes": PEAK,
    "cell: result.queries.resources[engine].executions": SINGLE,
    "cell: result.queries.resources[harness].executions": SINGLE,
    "cell: result.queries.resources[engine].cpu_ns": SINGLE,
    "cell: result.queries.resources[harness].cpu_ns": SINGLE,
    "cell: result.queries.resources[engine].read_bytes": SINGLE,
    "cell: result.queries.resources[harness].read_bytes": SINGLE,
    "cell: result.queries.resources[engine].memory_peak_bytes": SINGLE,
    "cell: result.queries.resources[harness].memory_peak_bytes": SINGLE,
}
"""Kinds of numbers of which only a gross change is noticed, and why."""

UNSEEN = {
    "cell: result.resources.phases.package_energy_j": "the meter is read at both ends alone",
    "journal.jsonl: pid": "which process it was decides on nothing",
    "sentinel.jsonl: cpu_ns": CLOCK,
    "sentinel.jsonl: disk_ns": CLOCK,
}
"""Kinds of numbers of which no change is noticed, and why."""

_COPIES = 8  # kinds changed in the disclosure, which says again what other files do
_IN_REPORT = 12  # numbers changed in the report, out of thousands


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradient with client work, federated queries and stores that are loaded once."""
    support = find_limit_support()
    if support.why_not is not None:
        pytest.skip(f"needs RAM limits for child processes: {support.why_not}")
    home = tmp_path_factory.mktemp("home")
    for place in (home, *home.parents[:2]):
        place.chmod(0o755)
    build_toy(home / "datasets" / "tiny-2d_seed42", profile="tiny-2d", seed=42)
    choice = ["--scenarios", "O1,O2", "--queries", "Q3,Q8", "--provider", "local"]
    levels = ["--mode", "gradient", "--levels", "0.25,0.5"]
    assert run_command(["run", "tiny-2d", "--home", str(home), *choice, *levels]) == 0
    [campaign] = (home / "results").iterdir()
    assert verify(campaign) == []
    assert verify_bundle(campaign).is_complete
    return campaign


def verify(folder: Path) -> list[Finding]:
    checks = verify_bundle(folder).checks
    return [finding for check in checks for finding in check.findings]


@contextmanager
def forged(folder: Path, *files: str) -> Iterator[None]:
    """Put these files, and the digests, back afterwards."""
    kept = {name: (folder / name).read_bytes() for name in (*files, "SHA256SUMS")}
    yield
    for name, content in kept.items():
        (folder / name).write_bytes(content)


def findings_after(folder: Path, number: Number, *, gross: bool = False) -> list[Finding]:
    with forged(folder, number.file):
        change(folder, number, gross=gross)
        return verify(folder)


def names(finding: Finding, number: Number) -> bool:
    """Whether a finding names the file and the field that was changed.

    Where two files say the same, it names both: nothing tells which of them was changed.
    """
    where = f"{finding.file} {finding.problem}"
    is_named = number.file in where or Path(number.file).stem in where
    return is_named and number.name in f"{finding.field} {finding.problem}"


def by_kind(folder: Path) -> dict[str, list[Number]]:
    """Find the numbers of each kind in all JSON files."""
    found: dict[str, list[Number]] = defaultdict(list)
    for path in sorted([*folder.rglob("*.json"), *folder.glob("*.jsonl")]):
        for number in numbers_in(folder, path.relative_to(folder).as_posix()):
            found[number.kind].append(number)
    return found


def one_of_each_kind(folder: Path) -> dict[str, Number]:
    """Choose a number of each kind by a fixed seed; of some kinds in the disclosure."""
    chance, found = random.Random(7), by_kind(folder)
    copies = [kind for kind in found if kind.startswith(DISCLOSURE_FILE)]
    for kind in chance.sample(copies, len(copies) - _COPIES):
        del found[kind]
    return {kind: chance.choice(numbers) for kind, numbers in found.items()}


@pytest.mark.thorough
def test_every_number_that_is_changed_is_named(folder: Path) -> None:
    unnoticed: dict[str, Number] = {}
    unnamed: list[tuple[Number, list[Finding]]] = []
    chosen = one_of_each_kind(folder)
    for kind, number in chosen.items():
        found = findings_after(folder, number)
        if all(finding.file == REPORT_FILE for finding in found):
            unnoticed[kind] = number
        elif not any(names(finding, number) for finding in found):
            unnamed.append((number, found[:3]))
    assert not unnamed
    assert unnoticed.keys() <= BOUNDED.keys() | UNSEEN.keys(), unnoticed
    assert UNSEEN.keys() & chosen.keys() <= unnoticed.keys()


def test_a_number_that_is_changed_in_the_report_is_noticed(folder: Path) -> None:
    page = (folder / REPORT_FILE).read_text(encoding="utf-8")
    chance = random.Random(13)
    main = slice(page.index("<h1>"), page.index("</main>"))
    found = [(m.start(), m[0]) for m in re.finditer(r"\d+", page[main])]
    for place, digits in chance.sample(found, _IN_REPORT):
        begin = main.start + place
        changed = str(int(digits) + 1)
        with forged(folder, REPORT_FILE):
            forgery = f"{page[:begin]}{changed}{page[begin + len(digits) :]}"
            (folder / REPORT_FILE).write_text(forgery, encoding="utf-8")
            correct_digest(folder, REPORT_FILE)
            [finding] = verify(folder)
        assert finding.file == REPORT_FILE, (digits, finding)


def test_a_gross_change_of_what_is_only_bounded_is_noticed(folder: Path) -> None:
    def value(number: Number) -> float:
        return value_of(folder, number)

    found = by_kind(folder)
    bounded = {kind: max(found[kind], key=value) for kind in BOUNDED.keys() & found.keys()}
    assert len(bounded) > len(BOUNDED) / 2
    missed = [
        kind
        for kind, number in bounded.items()
        if not any(
            finding.file == number.file for finding in findings_after(folder, number, gross=True)
        )
    ]
    assert not missed


@pytest.mark.parametrize("joined", [False, True])
def test_a_sample_that_is_changed_is_noticed(folder: Path, joined: bool) -> None:
    chance = random.Random(11)
    for path in sorted((folder / CELLS_DIR).glob("*.samples.parquet")):
        cell = path.name.removesuffix(".samples.parquet")
        table = pq.read_table(path)
        columns = [
            name
            for name in (
                "variant",
                "run",
                "rows",
                "elapsed_ns",
                "graph_ns",
                "decode_ns",
                "ram_bytes",
            )
            if table.column(name).null_count < table.num_rows
        ]
        for column in columns:
            told = [i for i, v in enumerate(table.column(column).to_pylist()) if v is not None]
            files = [f"{CELLS_DIR}/{path.name}", f"{CELLS_DIR}/{cell}.json", "samples.parquet"]
            with forged(folder, *files):
                change_sample(folder, cell, chance.choice(told), column, joined=joined)
                assert any(cell in f"{finding.file} {finding.field}" for finding in verify(folder))


def test_a_file_that_is_lost_added_or_damaged_is_named(folder: Path) -> None:
    cell = next((folder / CELLS_DIR).glob("*.json")).relative_to(folder).as_posix()
    for file in ("gradient.json", "samples.parquet", "disclosure.md", cell):
        with forged(folder, file):
            (folder / file).unlink()
            assert any(finding.file == file for finding in verify(folder)), file
        with forged(folder, file):
            (folder / file).write_bytes((folder / file).read_bytes()[:-40])
            assert any(finding.file == file for finding in verify(folder)), file
    added = folder / CELLS_DIR / "other.json"
    shutil.copyfile(folder / cell, added)
    try:
        assert any(finding.file == f"{CELLS_DIR}/other.json" for finding in verify(folder))
    finally:
        added.unlink()
    assert verify(folder) == []
