"""Reports of made-up campaigns, built once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from basetype_benchmark.analysis.campaign_data import read_campaign_data
from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.report.html.facts import ProfileFacts, sort_facts
from tests.made_campaign import Making, make_campaign


@pytest.fixture
def facts_of(tmp_path: Path) -> Callable[[Making], ProfileFacts]:
    """Make a campaign up, and give the facts of its first dataset."""

    def make(making: Making) -> ProfileFacts:
        data = read_campaign_data(make_campaign(tmp_path / "made", making))
        return sort_facts(data, summarise_campaign(data))[0]

    return make
