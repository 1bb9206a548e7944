"""All tables of a campaign."""

from __future__ import annotations

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.analysis.tables.cells import cell_tables
from basetype_benchmark.analysis.tables.footprint import footprint_tables
from basetype_benchmark.analysis.tables.gradient import gradient_tables
from basetype_benchmark.analysis.tables.phases import use_tables
from basetype_benchmark.analysis.tables.queries import summary_tables
from basetype_benchmark.analysis.tables.raw import raw_tables
from basetype_benchmark.analysis.tables.services import environment_tables
from basetype_benchmark.analysis.tables.stores import store_tables
from basetype_benchmark.analysis.tables.table import Table
from basetype_benchmark.config.prices import Prices


def all_tables(data: CampaignData, prices: Prices) -> tuple[Table, ...]:
    """Give all there is to export; empty where a campaign has no such thing.

    Raises:
        CheckFailed: the samples of a cell are missing, torn, or not of this version.
    """
    return (
        *summary_tables(summarise_campaign(data)),
        *cell_tables(data),
        *store_tables(data),
        *use_tables(data),
        *footprint_tables(data, prices),
        *gradient_tables(data),
        *environment_tables(data),
        *raw_tables(data),
    )
