"""The table of the documentation is that of the code."""

from pathlib import Path

from basetype_benchmark.dataset.invariants.catalogue import INVARIANTS

REFERENCE = Path(__file__).parents[4] / "docs" / "reference" / "invariants.md"


def test_the_reference_lists_every_invariant_with_its_meaning_in_order():
    rows = [line for line in REFERENCE.read_text(encoding="utf-8").splitlines() if "| `" in line]
    assert rows == [f"| `{item.name}` | {item.meaning} |" for item in INVARIANTS]
