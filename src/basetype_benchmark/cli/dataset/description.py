"""What ``btb dataset info`` says of a dataset, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.cli.formatters import format_count, print_note, print_table
from basetype_benchmark.dataset.manifest import Manifest, PlantedDefects, SensorFault
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.units import format_bytes

MOST_LISTED = 12
"""Of planted defects; what is more is in the JSON form."""


def print_description(dataset: Dataset) -> None:
    """Print facts, counts by type and planted defects."""
    manifest = dataset.manifest
    print_table(["what", "value"], _facts(dataset))
    for title, counts in (("nodes", manifest.counts.nodes), ("relations", manifest.counts.edges)):
        rows = [[name, format_count(count)] for name, count in sorted(counts.items())]
        rows.append(["all", format_count(sum(counts.values()))])
        print_table([title, "count"], rows, numeric=("count",))
    _print_planted(manifest)


def _facts(dataset: Dataset) -> list[tuple[str, str]]:
    manifest = dataset.manifest
    return [
        ("dataset", f"{manifest.profile}, seed {manifest.seed}"),
        ("folder", str(dataset.folder)),
        ("history", f"{manifest.start:%Y-%m-%d} to {manifest.end:%Y-%m-%d}, end excluded"),
        ("buildings", ", ".join(manifest.buildings)),
        ("samples", format_count(manifest.counts.samples)),
        ("size", format_bytes(manifest.size_bytes)),
        ("planted ghosts", f"{len(manifest.planted.ghosts)}, the answer of Q5"),
        ("planted sensor faults", _faults_by_kind(manifest.planted)),
        ("planted gaps", f"{100 * manifest.planted.gap_rate:g} % of the polled points a day"),
        ("fingerprint", manifest.fingerprint),
        ("generator", manifest.generator_version),
    ]


def _faults_by_kind(planted: PlantedDefects) -> str:
    kinds = [fault.kind.value for fault in planted.sensor_faults]
    if not kinds:
        return "none"
    counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))
    return f"{len(kinds)}: {counts}"


def _print_planted(manifest: Manifest) -> None:
    planted = manifest.planted
    if planted.sensor_faults:
        rows = [_row(fault) for fault in planted.sensor_faults[:MOST_LISTED]]
        print_table(["faulty sensor", "fault", "amount", "unit"], rows, numeric=("amount",))
        _print_rest(manifest, "faulty sensors", planted.sensor_faults)
    if planted.ghosts:
        print_note(f"ghosts: {', '.join(planted.ghosts[:MOST_LISTED])}")
        _print_rest(manifest, "ghosts", planted.ghosts)


def _row(fault: SensorFault) -> list[str]:
    return [fault.point_id, fault.kind.value, f"{fault.amount:+g}", fault.unit]


def _print_rest(manifest: Manifest, what: str, listed: Sequence[object]) -> None:
    if len(listed) > MOST_LISTED:
        print_note(
            f"and {format_count(len(listed) - MOST_LISTED)} more {what}; all of them: "
            f"btb dataset info {manifest.profile} --seed {manifest.seed} --json"
        )
