"""``btb verify`` of files that nobody's btb wrote: whatever is in them, it ends with findings."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from basetype_benchmark.analysis.verify.tally import Finding
from basetype_benchmark.benchmark.checksums import CARD_FILE, CHECKSUMS_FILE, REPORT_FILE
from basetype_benchmark.cli.main import run_command
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.workflows.publish_results import make_results_bundle
from basetype_benchmark.workflows.verification import page_check
from basetype_benchmark.workflows.verify_bundle import Verdict, verify_bundle
from tests.integration.forging import correct_digest, read_document, write_document
from tests.toy import build_toy

pytestmark = pytest.mark.servers

CELL = "cells/tiny-2d.D1.r1"
MUTATIONS = 24
VALUES = (None, 0, -1, 10**30, 1e308, float("nan"), "", "x\0y", "2020-99-99", True, [], {}, [None])


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small campaign as it is published, in a folder of its own."""
    home = tmp_path_factory.mktemp("home")
    build_toy(home / "datasets" / "tiny-2d_seed42", profile="tiny-2d", seed=42)
    run = ["run", "tiny-2d", "--scenarios", "D1", "--queries", "Q3,Q8", "--home", str(home)]
    assert run_command(run) == 0
    [campaign] = (home / "results").iterdir()
    settings = Settings(home=home)
    made = make_results_bundle(verify_bundle(campaign), settings, repository="ada/r")
    verdict = verify_bundle(made.parcel.folder)
    assert verdict.is_ok
    assert not any(check.left_out for check in verdict.checks)
    return made.parcel.folder


@contextmanager
def changed(bundle: Path) -> Iterator[None]:
    """Put every file back afterwards, with its links."""
    kept = {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    yield
    for path in bundle.rglob("*"):
        if path.is_symlink() or (path.is_file() and path not in kept):
            path.unlink()
    for path, content in kept.items():
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def findings(bundle: Path) -> list[Finding]:
    return [finding for check in verify_bundle(bundle).checks for finding in check.findings]


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items: Any = ()
    if isinstance(document, dict):
        items = document.items()
    elif isinstance(document, list):
        items = enumerate(document)
    for name, part in items:
        yield (*path, name)
        yield from places(part, (*path, name))


def mutated(document: Any, chance: random.Random) -> Any:
    """Take one thing out of a document, double it, or put something else in its place."""
    changed = copy.deepcopy(document)
    path = chance.choice(list(places(changed)))
    around = changed
    for part in path[:-1]:
        around = around[part]
    match chance.choice(["replace", "replace", "remove", "double"]):
        case "remove":
            del around[path[-1]]
        case "double" if isinstance(around, list):
            around.insert(path[-1], copy.deepcopy(around[path[-1]]))
        case _:
            old = around[path[-1]]
            around[path[-1]] = chance.choice([v for v in VALUES if repr(v) != repr(old)])
    return changed


def test_whatever_is_in_the_files_no_check_ends_with_an_error(bundle: Path) -> None:
    chance = random.Random(5)
    files = sorted([*bundle.rglob("*.json"), *bundle.glob("*.jsonl")])
    for number in range(MUTATIONS):
        file = files[number % len(files)]
        with changed(bundle):
            write_document(file, mutated(read_document(file), chance))
            verdict = verify_bundle(bundle)
        assert not verdict.is_ok, (number, file)
        assert "errors" not in {check.name for check in verdict.checks}, (number, verdict.checks)


def set_field(file: str, *path: Any, value: Any) -> Callable[[Path], None]:
    """Set a field in a JSON file, and correct the digest of the file."""

    def forge(bundle: Path) -> None:
        document = read_document(bundle / file)
        around = document
        for part in path[:-1]:
            around = around[part]
        around[path[-1]] = value
        write_document(bundle / file, document)
        correct_digest(bundle, file)

    return forge


def name_with_nul(bundle: Path) -> None:
    with (bundle / CHECKSUMS_FILE).open("a") as sums:
        sums.write(f"{'0' * 64}  cells/a\0b\n")


def circle_of_links(bundle: Path) -> None:
    (bundle / "circle").symlink_to("circle")
    with (bundle / CHECKSUMS_FILE).open("a") as sums:
        sums.write(f"{'0' * 64}  circle\n")


def unknown_outcome(bundle: Path) -> None:
    file = f"{CELL}.samples.parquet"
    table = pq.read_table(bundle / file)
    place = table.column_names.index("outcome")
    values = ["splendid"] * table.num_rows
    pq.write_table(table.set_column(place, table.schema.field(place), [values]), bundle / file)
    correct_digest(bundle, file)


def rubbish(bundle: Path) -> None:
    (bundle / "sentinel.jsonl").write_text("rubbish\n{}\n")
    correct_digest(bundle, "sentinel.jsonl")


def time_that_is_none(bundle: Path) -> None:
    document = read_document(bundle / f"{CELL}.json")
    [query] = (q for q in document["result"]["queries"] if q["query"] == "Q8")
    for variant in query["variants"]:
        variant["parameters"] = dict.fromkeys(variant["parameters"], "2020-99-99")
    write_document(bundle / f"{CELL}.json", document)
    correct_digest(bundle, f"{CELL}.json")


@pytest.mark.parametrize(
    ("forge", "file", "check"),
    [
        (set_field("campaign.json", "profiles", value=[]), "campaign.json", "plan"),
        (
            set_field("environment.json", "host", "memory_bytes", value="8 GiB"),
            "environment.json",
            "fingerprints",
        ),
        (
            set_field("environment.json", "host", "memory_bytes", value=10**30),
            "environment.json",
            "schemas",
        ),
        (
            set_field("campaign.json", "profiles", 0, "protocol", "runs", value=10**15),
            f"{CELL}.samples.parquet",
            "statistics",
        ),
        (
            set_field(f"{CELL}.json", "result", "profile", value="small-2d"),
            "disclosure.json",
            "disclosure",
        ),
        (
            set_field("sentinel.jsonl", 1, "after_cell", value="another"),
            "sentinel.jsonl",
            "journal",
        ),
        (name_with_nul, CHECKSUMS_FILE, "files"),
        (circle_of_links, CHECKSUMS_FILE, "files"),
        (unknown_outcome, f"{CELL}.samples.parquet", "schemas"),
        (rubbish, "sentinel.jsonl", "schemas"),
        (time_that_is_none, "disclosure.json", "disclosure"),
    ],
)
def test_what_is_malformed_is_a_finding_and_the_other_checks_are_made(
    bundle: Path, forge: Callable[[Path], None], file: str, check: str
) -> None:
    with changed(bundle):
        forge(bundle)
        checks = {found.name: found for found in verify_bundle(bundle).checks}
    assert file in {finding.file for finding in checks[check].findings}
    assert {"files", "plan", "statistics", "journal", "disclosure", "pages"} <= checks.keys()
    assert "errors" not in checks


def test_a_check_that_ends_with_an_error_does_not_lose_what_others_found(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise IndexError("tuple index out of range")

    monkeypatch.setattr(page_check, "render_report", fail)
    verdict: Verdict = verify_bundle(bundle)
    *others, failed = verdict.checks
    assert [finding.problem for finding in failed.findings] == [
        "cannot be checked: IndexError: tuple index out of range"
    ]
    assert all(check.is_ok for check in others)


@pytest.mark.parametrize("page", [REPORT_FILE, CARD_FILE])
def test_a_number_on_a_page_for_people_is_held_to_the_files(bundle: Path, page: str) -> None:
    name = json.loads((bundle / "campaign.json").read_text())["campaign"]
    text = (bundle / page).read_text()
    with changed(bundle):
        (bundle / page).write_text(text.replace(name, f"{name}1", 1))
        correct_digest(bundle, page)
        [finding] = findings(bundle)
    assert finding.file == page
    assert finding.field.startswith("line ")
    assert f"{name}1" in finding.problem


def test_pages_of_another_version_of_the_code_are_said_not_to_be_checked(bundle: Path) -> None:
    digest = json.loads((bundle / "campaign.json").read_text())["code"]["digest"]
    card = (bundle / CARD_FILE).read_text()
    with changed(bundle):
        written = f"digest `{digest}`. That code writes it"
        (bundle / CARD_FILE).write_text(card.replace(written, "digest `ab12`. That code writes it"))
        correct_digest(bundle, CARD_FILE)
        verdict = verify_bundle(bundle)
    assert verdict.is_ok
    assert verdict.checks[-1].left_out == (
        f"{CARD_FILE}: another version of the code wrote it; its digest is ab12",
    )
