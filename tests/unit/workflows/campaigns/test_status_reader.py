from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.campaign import CampaignRecord
from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, Journal
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.results_io import CAMPAIGN_FILE, cell_path, write_campaign
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import UsageError
from basetype_benchmark.infrastructure.local.data_lock import DataLock
from basetype_benchmark.workflows.campaigns.find import find_results
from basetype_benchmark.workflows.campaigns.lock_files import LOCK_FILE
from basetype_benchmark.workflows.campaigns.status import CampaignStatus, CellState, State
from basetype_benchmark.workflows.campaigns.status_reader import (
    StatusReader,
    UnreadableCampaign,
    list_campaigns,
)
from tests.records import make_campaign, make_cell, make_query, make_result, write_whole_cell


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def begin(settings: Settings, record: CampaignRecord) -> Path:
    folder = settings.results_dir / record.campaign
    folder.mkdir(parents=True)
    Journal(folder / JOURNAL_FILE).add(Event.OPENED)
    write_campaign(folder, record)
    return folder


def test_a_campaign_is_running_while_its_lock_is_held(settings: Settings) -> None:
    folder = begin(settings, make_campaign())
    with DataLock(what="it", lock_file=folder / LOCK_FILE):
        assert StatusReader(folder).read().state is State.RUNNING
    assert StatusReader(folder).read().state is State.INTERRUPTED


def test_results_are_counted_as_they_come(settings: Settings) -> None:
    folder = begin(settings, make_campaign())
    reader = StatusReader(folder)
    assert reader.read().left == 1
    write_whole_cell(folder, make_cell())
    assert reader.read().cells[0].state is CellState.DONE
    wrong = make_result(queries=(make_query(outcome=Outcome.WRONG_ANSWER),))
    write_whole_cell(folder, make_cell(result=wrong))
    assert reader.read().cells[0].failure == "wrong answer Q7"
    cell_path(folder, "tiny-2d.P1.r1").write_text("{")
    assert reader.read().cells[0].state is CellState.LEFT


def test_campaigns_are_listed_newest_first_and_what_is_none_is_told_of(settings: Settings) -> None:
    old = make_campaign()
    new = replace(old, campaign="b", created_at=datetime(2026, 2, 1, tzinfo=UTC))
    for record in (old, new):
        begin(settings, record)
    (settings.results_dir / "foreign").mkdir()
    torn = settings.results_dir / "torn"
    torn.mkdir()
    (torn / CAMPAIGN_FILE).write_text('{"campaign": ')
    (settings.results_dir / "a file").touch()
    found = list_campaigns(settings)
    assert [campaign.campaign for campaign in found] == ["b", old.campaign, "torn", "foreign"]
    assert all(isinstance(c, CampaignStatus) and c.size_bytes for c in found[:2])
    problems = [c.problem for c in found if isinstance(c, UnreadableCampaign)]
    assert "torn or not a result of this version" in problems[0]
    assert "cannot be read: No such file" in problems[1]


def test_a_journal_that_ends_torn_costs_its_last_line_only(settings: Settings) -> None:
    folder = begin(settings, make_campaign())
    Journal(folder / JOURNAL_FILE).add(Event.STOPPED)
    with (folder / JOURNAL_FILE).open("ab") as file:
        file.write(b'{"at": "20')
    status = StatusReader(folder).read()
    assert (status.state, status.torn_lines) == (State.STOPPED, 1)


def test_the_newest_is_meant_unless_one_is_named(settings: Settings) -> None:
    for day, name in ((1, "20260101-a"), (3, "20260103-b"), (2, "20260102-c")):
        created_at = datetime(2026, 1, day, tzinfo=UTC)
        begin(settings, replace(make_campaign(), campaign=name, created_at=created_at))
    assert find_results(None, settings).name == "20260103-b"
    assert find_results("20260102", settings).name == "20260102-c"
    with pytest.raises(UsageError, match="begins the name of 3 campaigns"):
        find_results("2026", settings)


def test_an_empty_home_has_no_campaign(settings: Settings) -> None:
    assert list_campaigns(settings) == []
    with pytest.raises(UsageError, match="make one with btb run"):
        find_results(None, settings)
