"""Whether the pages for people say what the files say: the report, and the card if published."""

from __future__ import annotations

import re
from itertools import zip_longest
from math import isclose

from basetype_benchmark.analysis.verify.bundle import Bundle
from basetype_benchmark.analysis.verify.tally import Check, Tally, show
from basetype_benchmark.benchmark.checksums import CARD_FILE, REPORT_FILE
from basetype_benchmark.benchmark.fingerprint import code_version
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.report.card.origin import read_origin
from basetype_benchmark.workflows.card import make_card
from basetype_benchmark.workflows.report import render_report

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TOLERANCE = 1e-12
"""Relative; another processor may round the last digit of a mean otherwise."""
_BEFORE, _SHOWN = 30, 80


def check_pages(bundle: Bundle, *, is_sound: bool) -> Check:
    """Write the pages anew and compare them.

    They are made of the other files, and so not looked at where these are not sound.
    """
    tally = Tally("pages", f"{REPORT_FILE} and {CARD_FILE} say what the other files say")
    if bundle.checksums is None:
        tally.leave_out("the campaign is not complete: its pages are sealed at its end")
    elif not is_sound:
        tally.leave_out(f"{REPORT_FILE} and {CARD_FILE}: the other files are not sound")
    else:
        _check_report(bundle, tally)
        _check_card(bundle, tally)
    return tally.result()


def _check_report(bundle: Bundle, tally: Tally) -> None:
    digest, stated = bundle.campaign.code.digest, _read(bundle, REPORT_FILE, tally)
    if stated is None:
        tally.leave_out(f"there is no {REPORT_FILE} that can be read")
    elif digest != code_version().digest:
        tally.leave_out(_other_code(REPORT_FILE, digest))
    else:
        try:
            due = render_report(bundle.data)
        except CheckFailed as error:
            tally.demand(False, REPORT_FILE, "", f"cannot be written anew: {error}")
        else:
            _compare(REPORT_FILE, stated, due, tally)


def _check_card(bundle: Bundle, tally: Tally) -> None:
    stated = _read(bundle, CARD_FILE, tally)
    if stated is None:  # only what is published has one
        return
    origin = read_origin(stated)
    if origin is None:
        problem = "does not say for which repository and by which code it was written"
        tally.demand(False, CARD_FILE, "", problem)
    elif origin.code_digest != code_version().digest:
        tally.leave_out(_other_code(CARD_FILE, origin.code_digest))
    else:
        _compare(CARD_FILE, stated, make_card(bundle.data, origin.repository), tally)


def _other_code(name: str, digest: str) -> str:
    return f"{name}: another version of the code wrote it; its digest is {digest}"


def _read(bundle: Bundle, name: str, tally: Tally) -> str | None:
    """Give the text of a page; None where it is not there, or is none."""
    path = bundle.folder / name
    if not path.is_file():
        return None
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        tally.demand(False, name, "", "cannot be read")
        return None


def _compare(name: str, stated: str, due: bytes, tally: Tally) -> None:
    """Compare line by line up to the first that differs."""
    lines = zip_longest(stated.split("\n"), due.decode().split("\n"), fillvalue="")
    for number, (left, right) in enumerate(lines, start=1):
        tally.count(1)
        if left != right and not _says_the_same(left, right):
            start = max(0, _first_other(left, right) - _BEFORE)
            here, there = (show(line[start : start + _SHOWN]) for line in (left, right))
            tally.report(name, f"line {number}", f"is {here!r}, and {there!r} by the other files")
            return


def _first_other(left: str, right: str) -> int:
    """Say how long the same begin of two lines is."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(left), len(right)))


def _says_the_same(left: str, right: str) -> bool:
    """Whether two lines differ in nothing but the last digits of their numbers."""
    if _NUMBER.split(left) != _NUMBER.split(right):
        return False
    pairs = zip(_NUMBER.findall(left), _NUMBER.findall(right), strict=True)
    return all(isclose(float(a), float(b), rel_tol=_TOLERANCE) for a, b in pairs)
