"""``btb dataset profiles``: what can be made, and how big it comes out."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from basetype_benchmark.cli.formatters import (
    format_count,
    print_json,
    print_note,
    print_table,
    print_warning,
)
from basetype_benchmark.cli.options import AsJson, Home
from basetype_benchmark.config.profile_files import example_text
from basetype_benchmark.config.profiles import DURATION_DAYS, Profiles, Scale
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.dataset.extent import measure_extent
from basetype_benchmark.units import format_bytes
from basetype_benchmark.workflows.profiles import load_profiles

_NUMERIC = ("buildings", "m2", "points", "rows a day", "size a day")


def show_profiles(
    *,
    example: Annotated[
        bool, typer.Option("--example", help="Print a profile file that explains itself, and stop.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List the scales and durations of which a dataset can be made, and about how big it is.

    Files in the folder profiles of --home are scales too: --example prints one to begin with.
    """
    if example:
        sys.stdout.write(example_text())
        return
    settings = resolve_settings(home)
    profiles = load_profiles(settings)
    if as_json:
        print_json(_document(profiles))
        return
    print_table(
        ["scale", "for", *_NUMERIC, "from"],
        [_row(scale, _source(profiles, scale)) for scale in profiles.scales.values()],
        numeric=_NUMERIC,
    )
    days = ", ".join(f"{name} ({count} days)" for name, count in DURATION_DAYS.items())
    print_note(f"A profile is <scale>-<duration>, for instance small-1w; durations: {days}.")
    for mistake in profiles.mistakes:
        print_warning(mistake)


def _row(scale: Scale, source: str) -> list[str]:
    extent = measure_extent(scale)
    return [
        scale.name,
        scale.purpose,
        str(extent.buildings),
        format_count(extent.area_m2),
        format_count(extent.points),
        format_count(extent.rows_a_day),
        format_bytes(extent.bytes_a_day),
        source,
    ]


def _source(profiles: Profiles, scale: Scale) -> str:
    paths = [file.path.name for file in profiles.files if file.scale == scale]
    return paths[0] if paths else "btb"


def _document(profiles: Profiles) -> dict[str, object]:
    paths = {file.scale.name: str(file.path) for file in profiles.files if file.scale is not None}
    scales = []
    for scale in profiles.scales.values():
        extent = measure_extent(scale)
        scales.append(
            {
                **scale.model_dump(mode="json"),
                "file": paths.get(scale.name),
                "about": {
                    **asdict(extent),
                    "rows_a_day": extent.rows_a_day,
                    "bytes_a_day": extent.bytes_a_day,
                },
            }
        )
    return {"scales": scales, "durations_days": DURATION_DAYS, "mistakes": profiles.mistakes}
