"""Finds what is to be compared, and compares it."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark.analysis.campaign_data import CampaignData, read_campaign_data
from basetype_benchmark.analysis.comparison import Comparison, compare
from basetype_benchmark.analysis.comparison_pairs import Term
from basetype_benchmark.atomic_files import write_atomically
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import UsageError
from basetype_benchmark.report.compare import comparison_page
from basetype_benchmark.workflows.campaigns.find import find_results


def compare_terms(a: str, b: str, settings: Settings) -> Comparison:
    """Hold B against A; each is ``CAMPAIGN`` or ``CAMPAIGN:SCENARIO``.

    A campaign is given by its name, the begin of it, or its folder.

    Raises:
        UsageError: a term names nothing, or they have nothing in common.
        CheckFailed: a result is torn, or not of this version.
    """
    read: dict[Path, CampaignData] = {}
    ours, theirs = (_read_term(text, settings, read) for text in (a, b))
    if ours == theirs:
        raise UsageError(
            f"{a} and {b} are the same; to compare two scenarios of a campaign write "
            f"{ours.data.campaign.campaign}:P1 {ours.data.campaign.campaign}:O2"
        )
    comparison = compare(ours, theirs)
    if not comparison.levels:
        raise UsageError(
            f"{ours.name} and {theirs.name} have nothing in common: in A there is "
            f"{_list(comparison.only_in_a)}, in B {_list(comparison.only_in_b)}. To compare two "
            "scenarios, name both: CAMPAIGN:P1 CAMPAIGN:O2"
        )
    return comparison


def write_comparison(comparison: Comparison, path: Path) -> None:
    """Write a comparison as one page that opens offline.

    Raises:
        DiskFull: there is no space left.
    """
    write_atomically(path, comparison_page(comparison).encode())


def _read_term(text: str, settings: Settings, read: dict[Path, CampaignData]) -> Term:
    name, scenario = _split(text)
    folder = find_results(name, settings)
    if folder not in read:
        read[folder] = read_campaign_data(folder)
    there = dict.fromkeys(cell.result.scenario for cell in read[folder].cells)
    if scenario is not None and scenario not in there:
        raise UsageError(f"{name} has no results of {scenario}; it has {_list(tuple(there))}")
    return Term(data=read[folder], scenario=scenario)


def _split(text: str) -> tuple[str, str | None]:
    """Part a term; what stands behind the last colon counts when it is a scenario."""
    name, colon, scenario = text.rpartition(":")
    if colon and scenario.strip().upper() in SCENARIOS:
        return name, scenario.strip().upper()
    return text, None


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names) if names else "nothing"
