"""The script of the page on statistics, run as it stands there, gives the same figures."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.analysis.summary import CampaignSummary
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.results import unsupported_query
from basetype_benchmark.benchmark.statistics import Interval
from tests.measured import MadeCell, log_normal, measured_query, write_measured

PAGE = Path(__file__).parents[3] / "docs/explanation/statistics.md"
PLACE = "btb-home/results/<campaign>/samples.parquet"

CANNOT = unsupported_query("Q3", "no way", "it has no joins")
REPEATED = [
    MadeCell(
        queries={
            "Q1": log_normal(10 + n, runs=20, variants=3, sigma=0.2),
            "Q2": log_normal(20 + n, runs=7, median_ns=5e7 * n),
            "Q3": CANNOT,
        },
        repetition=n,
    )
    for n in (1, 2, 3)
]
ONCE = [
    MadeCell(
        queries={
            "Q1": [*log_normal(31, runs=40), *log_normal(32, runs=41, median_ns=2e6)],
            "Q2": log_normal(33, runs=3, variants=2, sigma=0.5),
            "Q3": log_normal(34, runs=2),
        },
        scenario="O2",
        ram_bytes=2**30,
    )
]
WRONG = [
    MadeCell(
        queries={
            "Q1": log_normal(41),
            "Q2": measured_query("Q2", log_normal(42), Outcome.WRONG_ANSWER),
            "Q3": CANNOT,
        },
        scenario="F1",
    )
]


def run_script(samples: Path) -> Mapping[str, Any]:
    (script,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert PLACE in script
    found: dict[str, Any] = {}
    exec(script.replace(PLACE, str(samples)), found)
    return found


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[CampaignSummary, Mapping[str, Any]]:
    folder = tmp_path_factory.mktemp("campaign")
    data = write_measured(folder, [*REPEATED, *ONCE, *WRONG])
    return summarise_campaign(data), run_script(folder / "samples.parquet")


def ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return (None, None) if interval is None else (interval.low_ns, interval.high_ns)


def test_every_figure_of_every_query_is_that_of_the_script(
    both: tuple[CampaignSummary, Mapping[str, Any]],
) -> None:
    summary, script = both
    assert len(script["queries"]) == 7
    for query in summary.queries:
        if query.latency is None:
            continue
        key = (query.profile, query.scenario, query.ram_bytes, query.query)
        told, latency = script["queries"].pop(key), query.latency
        assert told["n"] == latency.n
        for name in ("min", "p50", "p95", "p99", "max", "mean"):
            assert told[name] == pytest.approx(getattr(latency, f"{name}_ns"), rel=1e-12)
        for name in ("p50", "p95"):
            for end, found in zip(
                (told[f"{name}_low"], told[f"{name}_high"]),
                ends(getattr(latency, f"{name}_interval")),
                strict=True,
            ):
                assert end is None if found is None else end == pytest.approx(found, rel=1e-9)
        assert told["p50_each"] == pytest.approx(query.p50_by_repetition_ns, rel=1e-12)
    assert not script["queries"]


def test_every_geometric_mean_is_that_of_the_script(
    both: tuple[CampaignSummary, Mapping[str, Any]],
) -> None:
    summary, script = both
    ranked = [level for level in summary.levels if level.geometric_mean_p50_ns is not None]
    assert [level.scenario for level in ranked] == ["P1", "O2"]
    assert {(x.profile, x.scenario, x.ram_bytes) for x in ranked} == script["levels"].keys()
    for level in ranked:
        mean, *interval = script["levels"][level.profile, level.scenario, level.ram_bytes]
        assert mean == pytest.approx(level.geometric_mean_p50_ns, rel=1e-12)
        assert interval == pytest.approx(ends(level.geometric_mean_interval), rel=1e-9)
