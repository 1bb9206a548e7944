"""``btb report`` says where the page is, and finds the campaign by what it is given."""

import json
import webbrowser
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from basetype_benchmark.cli.main import run_command
from tests.made_campaign import Making, make_campaign

ONE = Making(scenarios=("P1",), levels_mib=(None,), readings=5, runs=2)
OLDER, NEWER = "20260102-030405-small-2d", "20260202-030405-small-2d"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in (OLDER, NEWER):
        make_campaign(tmp_path / "results" / name, ONE)
    return tmp_path


def test_the_newest_campaign_is_taken_without_a_name(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["report", "--home", str(home), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    page = home / "results" / NEWER / "report.html"
    assert told == {"campaign": NEWER, "page": str(page), "size_bytes": page.stat().st_size}


def test_the_begin_of_a_name_or_a_folder_is_enough(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("202601", str(home / "results" / OLDER)):
        assert run_command(["report", name, "--home", str(home)]) == 0
        assert f"wrote {home / 'results' / OLDER / 'report.html'}" in capsys.readouterr().err


def test_a_campaign_that_is_not_there_is_bad_input(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["report", "1999", "--home", str(home)]) == 2
    assert "there is no campaign '1999'" in capsys.readouterr().err


def test_a_year_is_reckoned_with_prices_of_ones_own(home: Path, tmp_path: Path) -> None:
    limited = replace(ONE, levels_mib=(64, 128))
    folder = make_campaign(home / "results" / "20260302-030405-small-2d", limited)
    shipped = files("basetype_benchmark.config").joinpath("prices.yaml").read_text(encoding="utf-8")
    prices = tmp_path / "own.yaml"
    prices.write_text(shipped.replace("currency: USD", "currency: CHF"), encoding="utf-8")
    for arguments, currency in (([], "USD"), (["--prices", str(prices)], "CHF")):
        assert run_command(["report", "202603", "--home", str(home), *arguments]) == 0
        assert f"{currency} a year" in (folder / "report.html").read_text(encoding="utf-8")


def test_prices_that_are_not_there_are_bad_input(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["report", "--home", str(home), "--prices", "none.yaml"]) == 2
    assert "none.yaml: file: is missing" in capsys.readouterr().err


def test_a_browser_that_cannot_be_started_is_a_warning(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    page = tmp_path / "page.html"
    arguments = ["report", "202601", "--home", str(home), "--output", str(page), "--open"]
    assert run_command(arguments) == 0
    assert opened == [page.as_uri()]
    assert f"no browser could be started; open {page} yourself" in capsys.readouterr().err
