"""Builds the page out of what a campaign has written, and its summary."""

from __future__ import annotations

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.summary import CampaignSummary
from basetype_benchmark.config.prices import Prices
from basetype_benchmark.report.html.answer import QUESTION, answer_sentences, answer_tiles
from basetype_benchmark.report.html.answer_table import answer_table
from basetype_benchmark.report.html.costs import cost_section
from basetype_benchmark.report.html.curves import points_for
from basetype_benchmark.report.html.environment import (
    environment_section,
    method_section,
)
from basetype_benchmark.report.html.facts import ProfileFacts, sort_facts
from basetype_benchmark.report.html.footprint import footprint_section
from basetype_benchmark.report.html.heatmap import query_section
from basetype_benchmark.report.html.latency_charts import latency_chart
from basetype_benchmark.report.html.loads import load_section
from basetype_benchmark.report.html.model import Page, Part, ProfileView, Section
from basetype_benchmark.report.html.omissions import omission_section
from basetype_benchmark.report.html.plans import plan_section
from basetype_benchmark.report.html.resources import cpu_section, memory_section
from basetype_benchmark.report.html.shares import client_section, federated_section
from basetype_benchmark.report.html.tradeoff import find_spots
from basetype_benchmark.report.html.tradeoff_charts import front_chart, least_chart


def build_page(data: CampaignData, summary: CampaignSummary, prices: Prices) -> Page:
    """Say everything that there is to say of a campaign, finished or not.

    `prices` are what a year is reckoned with.

    Raises:
        CheckFailed: the readings of a cell are missing, torn, or not of this version.
    """
    # The biggest of which anything is measured comes first, as it says most.
    biggest_first = sort_facts(data, summary)[::-1]
    profiles = sorted(biggest_first, key=lambda profile: not profile.measured)
    servers = [len(r.result.load.stores) if r.result.load else 1 for r in data.cells]
    points = points_for(sum(servers))
    spent = (footprint_section(data), cost_section(data, prices))
    return Page(
        title=f"BaseType Benchmark · campaign {data.campaign.campaign}",
        question=QUESTION,
        facts=_facts(data),
        profiles=tuple(
            _profile_view(profile, data, f"d{number}", points)
            for number, profile in enumerate(profiles, start=1)
        ),
        sections=(
            *(section for section in spent if section is not None),
            omission_section(data, summary),
            plan_section(profiles),
            environment_section(data),
            method_section(),
        ),
        footer=(
            f"Made by btb {data.campaign.code.package} from the files of the campaign; every "
            "latency is in samples.parquet, every reading in resources.parquet beside it."
        ),
    )


def _facts(data: CampaignData) -> tuple[tuple[str, str], ...]:
    campaign = data.campaign
    done = len(data.cells)
    return (
        ("measured", f"{campaign.created_at:%-d %B %Y, %H:%M} UTC"),
        ("data", ", ".join(planned.profile for planned in campaign.profiles)),
        ("machine", campaign.host_class),
        ("cells", f"{done} of {len(campaign.cells)} have a result"),
        ("mode", campaign.mode.value),
    )


def _profile_view(profile: ProfileFacts, data: CampaignData, key: str, points: int) -> ProfileView:
    sections = [_answer_section(profile, key)]
    if profile.measured:
        made = (
            Section(
                key=f"{key}-time",
                title="How time changes with RAM" if profile.limits else "Time",
                lead=(),
                parts=(latency_chart(profile, key),),
            ),
            query_section(profile, key),
            load_section(profile, key),
            federated_section(profile, key),
            client_section(profile, key),
            memory_section(profile, data.readings, key, points),
            cpu_section(profile, key),
        )
        sections += [section for section in made if section is not None]
    return ProfileView(profile=profile.profile, sections=tuple(sections))


def _answer_section(profile: ProfileFacts, key: str) -> Section:
    parts: list[Part] = []
    if profile.measured:
        parts += [answer_tiles(profile), answer_table(profile, key)]
        spots = find_spots(profile)
        if len(profile.limits) > 1:
            parts.append(least_chart(profile, key))
        if len(profile.limits) > 1 and spots:
            parts.append(front_chart(spots, key))
    return Section(
        key=f"{key}-answer",
        title="The answer",
        lead=answer_sentences(profile),
        parts=tuple(parts),
        is_answer=True,
    )
