"""Make the portrait of a dataset: choose, read, draw."""

from __future__ import annotations

from datetime import date

from basetype_benchmark.dataset.manifest import Manifest, SensorFault
from basetype_benchmark.dataset.portrait.figure import Figure, Omission, Sketch, Table
from basetype_benchmark.dataset.portrait.figures import SKETCHERS, gaps
from basetype_benchmark.dataset.portrait.inventory import Inventory, read_inventory
from basetype_benchmark.dataset.portrait.page import Page, render
from basetype_benchmark.dataset.portrait.traces import read_traces, series_files_of
from basetype_benchmark.dataset.portrait.window import Window, choose_window
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import UsageError
from basetype_benchmark.units import format_bytes


def portray(
    dataset: Dataset, *, building_id: str | None = None, first_day: date | None = None
) -> str:
    """Give the HTML page of one building (default: the first) over up to a week.

    Raises:
        UsageError: there is no such building, or no such day in the history.
        DatasetError: a file of the dataset cannot be read.
    """
    manifest = dataset.manifest
    chosen = manifest.buildings[0] if building_id is None else building_id
    if chosen not in manifest.buildings:
        known = ", ".join(manifest.buildings)
        raise UsageError(f"{manifest.profile} has no building {chosen!r}; it has {known}")
    window = choose_window(manifest, first_day)
    inventory = read_inventory(dataset, chosen)
    return render(
        Page(
            title=f"{manifest.profile}, seed {manifest.seed}: building {chosen}",
            lead="A look at one building of the dataset over a few days. Shaded days are days "
            "off. Point at a chart to read its values; drag over it for a shorter time, and click "
            "twice for all of it again.",
            facts=_facts(manifest, inventory, window),
            figures=make_figures(dataset, inventory, window),
            planted=_planted(manifest.planted.sensor_faults),
        )
    )


def make_figures(dataset: Dataset, inventory: Inventory, window: Window) -> list[Figure | Omission]:
    """Make every figure of a building; all samples but those of the gaps are read at once.

    Raises:
        DatasetError: a file of the dataset cannot be read.
    """
    sketches = [sketcher(inventory, window) for sketcher in SKETCHERS]
    ids = {point for item in sketches if isinstance(item, Sketch) for point in item.points}
    traces = read_traces(dataset, inventory.building_id, window.dates, window.start, ids)
    drawn = [item.draw(traces) if isinstance(item, Sketch) else item for item in sketches]
    return [*drawn, _gaps(dataset, inventory, window)]


def _gaps(dataset: Dataset, inventory: Inventory, window: Window) -> Figure | Omission:
    day = window.busiest_day
    files = series_files_of(dataset, inventory.building_id, day)
    counts = gaps.count_gaps(inventory, dataset.series_batches(files))
    if not counts:
        reason = "the dataset does not tell how often its points sample"
        return Omission(key=gaps.KEY, title=gaps.TITLE, reason=reason)
    return gaps.draw(counts, f"{day:%A %-d %B}", dataset.manifest.planted.gap_rate)


def _facts(manifest: Manifest, inventory: Inventory, window: Window) -> tuple[tuple[str, str], ...]:
    area = f"{inventory.area_m2:,.0f} m²" if inventory.area_m2 else "not known"
    planted = manifest.planted
    return (
        ("building", f"{inventory.building_id}, one of {len(manifest.buildings)}"),
        ("days shown", f"{window.days} from {window.first_day}"),
        ("floor area", area),
        ("spaces", f"{len(inventory.spaces):,}"),
        ("points, with those of the site", f"{len(inventory.points):,}"),
        ("samples of the dataset", f"{manifest.counts.samples:,}"),
        ("size of the dataset", format_bytes(manifest.size_bytes)),
        ("ghosts", f"{len(planted.ghosts):,}"),
        ("faulty sensors", f"{len(planted.sensor_faults):,}"),
        ("gap rate", f"{100 * planted.gap_rate:g} % of polled points a day"),
        ("generator", manifest.generator_version),
        ("fingerprint", manifest.fingerprint),
    )


def _planted(faults: list[SensorFault]) -> Table:
    rows = tuple(
        (fault.point_id, fault.kind.value, f"{fault.amount:+g}", fault.unit) for fault in faults
    )
    return Table(columns=("point", "kind", "amount", "unit"), rows=rows)
