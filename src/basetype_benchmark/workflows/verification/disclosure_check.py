"""Whether the disclosure says what the other files say, and the texts are those of the code."""

from __future__ import annotations

import jsonschema
import orjson

from basetype_benchmark.analysis.verify.bounds import find_beyond
from basetype_benchmark.analysis.verify.bundle import Bundle, cell_file
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.fingerprint import code_version
from basetype_benchmark.benchmark.results_io import CAMPAIGN_FILE, ENVIRONMENT_FILE
from basetype_benchmark.dataset.manifest import FORMAT_VERSION
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.report.disclosure.files import (
    DISCLOSURE_FILE,
    DISCLOSURE_PAGE,
    load_disclosure_schema,
    read_disclosure,
)
from basetype_benchmark.report.disclosure.page import render_disclosure
from basetype_benchmark.report.disclosure.record import DisclosureRecord
from basetype_benchmark.workflows.disclosure import collect_disclosure

_STATED_TWICE = f"in {DISCLOSURE_FILE}"


def check_disclosure(bundle: Bundle) -> Check:
    """Compare the disclosure with one that is made anew of the other files."""
    tally = Tally("disclosure", f"{DISCLOSURE_FILE} says what the other files say")
    if bundle.checksums is None:
        tally.leave_out("the campaign is not complete: it is disclosed at its end")
        return tally.result()
    record = _read(bundle, tally)
    if record is not None:
        _compare(bundle, record, tally)
    return tally.result()


def _read(bundle: Bundle, tally: Tally) -> DisclosureRecord | None:
    try:
        record = read_disclosure(bundle.folder)
        document = orjson.loads((bundle.folder / DISCLOSURE_FILE).read_bytes())
    except (CheckFailed, orjson.JSONDecodeError) as error:
        tally.demand(False, DISCLOSURE_FILE, "", str(error))
        return None
    beyond = find_beyond(document)
    if beyond is not None:
        tally.demand(False, DISCLOSURE_FILE, beyond, "is more than 64 bits hold")
        return None
    is_valid = jsonschema.Draft202012Validator(load_disclosure_schema()).is_valid(document)
    tally.demand(is_valid, DISCLOSURE_FILE, "", "is not valid against its JSON Schema")
    return record


def _compare(bundle: Bundle, record: DisclosureRecord, tally: Tally) -> None:
    tally.compare(CAMPAIGN_FILE, "", bundle.campaign, record.campaign, _STATED_TWICE)
    if bundle.environment is not None:
        tally.compare(ENVIRONMENT_FILE, "", bundle.environment, record.environment, _STATED_TWICE)
    try:
        due = collect_disclosure(bundle.data)
    except CheckFailed as error:
        tally.demand(False, DISCLOSURE_FILE, "", f"cannot be made anew: {error}")
        return
    _compare_cells(bundle, record, due, tally)
    for part in ("datasets", "parameters", "left_out"):
        stated, made = getattr(record, part), getattr(due, part)
        tally.compare(DISCLOSURE_FILE, part, stated, made, "by the other files")
    if bundle.campaign.code.digest != code_version().digest:
        tally.leave_out(
            "the texts of the queries and stores: another version of the code made them; "
            f"its digest is {bundle.campaign.code.digest}"
        )
        return
    for index, data in enumerate(record.datasets):
        is_ours = data.format_version in (None, FORMAT_VERSION)
        field = f"datasets.{index}.format_version"
        tally.demand(is_ours, DISCLOSURE_FILE, field, f"is not {FORMAT_VERSION}")
    for part in ("stores", "queries", "not_measured"):
        stated, made = getattr(record, part), getattr(due, part)
        tally.compare(DISCLOSURE_FILE, part, stated, made, "by this version of the code")
    _compare_page(bundle, record, tally)


def _compare_cells(
    bundle: Bundle, record: DisclosureRecord, due: DisclosureRecord, tally: Tally
) -> None:
    stated = {cell.cell: cell for cell in record.cells}
    for cell in due.cells:
        if cell.cell in stated:
            file = cell_file(cell.cell)
            tally.compare(file, "disclosed", cell, stated.pop(cell.cell), _STATED_TWICE)
        else:
            tally.demand(False, DISCLOSURE_FILE, "cells", f"lacks {cell.cell}")
    for name in stated:
        tally.demand(False, DISCLOSURE_FILE, "cells", f"{name} has no result")


def _compare_page(bundle: Bundle, record: DisclosureRecord, tally: Tally) -> None:
    path = bundle.folder / DISCLOSURE_PAGE
    try:
        page = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        tally.demand(False, DISCLOSURE_PAGE, "", "cannot be read")
        return
    is_same = page == render_disclosure(record)
    tally.demand(is_same, DISCLOSURE_PAGE, "", f"does not say what {DISCLOSURE_FILE} does")
