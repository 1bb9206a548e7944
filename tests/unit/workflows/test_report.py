"""The report is written where it is asked for, of what there is."""

from pathlib import Path

import pytest

from basetype_benchmark.benchmark.checksums import write_checksums
from basetype_benchmark.errors import CheckFailed, UsageError
from basetype_benchmark.workflows import report
from basetype_benchmark.workflows.report import write_report
from tests.made_campaign import Making, make_campaign

ONE = Making(scenarios=("P1",), levels_mib=(None,), readings=5, runs=2)


def test_it_lies_in_the_folder_of_its_campaign(tmp_path: Path):
    folder = make_campaign(tmp_path / "made", ONE)
    assert write_report(folder) == folder / "report.html"
    assert "campaign made" in (folder / "report.html").read_text(encoding="utf-8")


def test_it_goes_elsewhere_when_told_so(tmp_path: Path):
    folder = make_campaign(tmp_path / "made", ONE)
    page = tmp_path / "new" / "page.html"
    assert write_report(folder, page) == page
    assert not (folder / "report.html").exists()


def test_a_folder_is_no_place_for_a_page(tmp_path: Path):
    folder = make_campaign(tmp_path / "made", ONE)
    with pytest.raises(UsageError, match="is a folder"):
        write_report(folder, tmp_path)


def test_a_torn_result_is_refused(tmp_path: Path):
    folder = make_campaign(tmp_path / "made", ONE)
    (folder / "cells" / "small-2d.P1.r1.json").write_text("{")
    with pytest.raises(CheckFailed, match="torn"):
        write_report(folder)


def test_the_same_files_give_the_same_page(tmp_path: Path):
    folder = make_campaign(tmp_path / "made", ONE)
    first = write_report(folder).read_bytes()
    assert write_report(folder).read_bytes() == first


def test_the_page_that_is_sealed_with_its_campaign_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = make_campaign(tmp_path / "made", ONE)
    sealed = write_report(folder).read_bytes()
    write_checksums(folder)
    assert write_report(folder) == folder / "report.html"
    monkeypatch.setattr(report, "render", lambda _: "as a later version writes it")
    later = write_report(folder)
    assert later == folder / "exports" / "report.html"
    assert later.read_text() == "as a later version writes it"
    assert (folder / "report.html").read_bytes() == sealed


def test_a_campaign_without_results_has_a_page(tmp_path: Path):
    making = Making(scenarios=("P1",), levels_mib=(None,), missing=frozenset({"small-2d.P1.r1"}))
    page = write_report(make_campaign(tmp_path / "made", making))
    assert "Nothing has been measured yet" in page.read_text(encoding="utf-8")
