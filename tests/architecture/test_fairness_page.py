"""The fairness page says what the code does; ``--update-golden`` writes its tables anew."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.engines import ENGINES
from basetype_benchmark.queries.catalog import load_questions
from basetype_benchmark.queries.federation import BATCH_THRESHOLD
from basetype_benchmark.workflows.sent import list_texts
from tests.fairness_page import PAGE, SETTINGS, fill, make_tables


def test_every_table_is_as_the_code_has_it(request: pytest.FixtureRequest) -> None:
    page = PAGE.read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        PAGE.write_text(fill(page), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == fill(page)


def test_no_table_is_left_out() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"<!-- made from the code: (.+?) -->", page)
    assert sorted(named) == sorted(make_tables())


def test_every_engine_has_its_settings_there() -> None:
    assert SETTINGS.keys() == ENGINES.keys()


def test_every_scenario_and_engine_has_its_part() -> None:
    headings = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:2] == "##"]
    told = " ".join(headings)
    assert [s for s in SCENARIOS if not re.search(rf"\b{s}\b", told)] == []
    assert [e.title for e in ENGINES.values() if e.title not in told] == []


def test_the_threshold_is_the_one_of_the_code() -> None:
    threshold = f"{BATCH_THRESHOLD:,}".replace(",", " ")
    assert f"fewer than {threshold} rows" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", sorted(PAGE.parents[1].rglob("*.md")), ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def broken_links(page: Path) -> Sequence[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = (found.split("#")[0] for found in re.findall(r"\]\(([^)\s]+)\)", text))
    return [t for t in targets if t and "://" not in t and not (page.parent / t).exists()]


def test_the_senders_of_every_text_are_as_the_reference_says() -> None:
    rows = re.findall(
        r"^\| `([\w.]+)` \|.*\| (.+) \|$",
        (PAGE.parents[1] / "reference" / "questions.md").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    found: dict[str, set[str]] = {}
    for question in load_questions().values():
        for text in list_texts(question):
            if text.file.count(".") > 1:  # an override, which the fairness page lists
                continue
            senders = {sender.split()[0] for sender in text.senders}
            found.setdefault(text.file, set()).update(senders)
    assert {file: set(re.findall(r"\b[A-Z]\d\b(?<!Q\d)", told)) for file, told in rows} == found


def test_every_address_is_in_the_guide() -> None:
    guide = (PAGE.parents[1] / "how-to" / "external-servers.md").read_text(encoding="utf-8")
    examples = {e.id: e.url_example for e in ENGINES.values() if e.url_example is not None}
    assert [name for name, url in examples.items() if f"`{name}={url}`" not in guide] == []
