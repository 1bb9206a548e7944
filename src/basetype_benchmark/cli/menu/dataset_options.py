"""What can be chosen about datasets, from what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from basetype_benchmark.cli.formatters import format_count
from basetype_benchmark.cli.menu.held import HeldDataset
from basetype_benchmark.cli.prompts import Option, align
from basetype_benchmark.config.profiles import DEFAULT_SEED, DURATION_DAYS, Profile, Scale
from basetype_benchmark.dataset.extent import Extent, measure_extent
from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.dataset.subset import can_extract
from basetype_benchmark.units import format_bytes


def held_options(held: Sequence[HeldDataset]) -> list[Option[HeldDataset]]:
    """One line for each dataset: its size, and what is in it."""
    abouts = align(
        [(format_bytes(d.size_bytes), f"{format_count(d.samples)} samples") for d in held]
    )
    return [
        Option(title=dataset.name, about=about, value=dataset)
        for dataset, about in zip(held, abouts, strict=True)
    ]


def scale_options(scales: Mapping[str, Scale]) -> list[Option[Scale]]:
    """One line for each scale: what its buildings come to."""
    abouts = align(
        [(*_contents(measure_extent(scale)), scale.purpose) for scale in scales.values()]
    )
    return [
        Option(title=name, about=about, value=scale)
        for (name, scale), about in zip(scales.items(), abouts, strict=True)
    ]


def _contents(extent: Extent) -> tuple[str, str]:
    buildings = "1 building" if extent.buildings == 1 else f"{extent.buildings} buildings"
    return buildings, f"{format_count(extent.points)} points"


def duration_options(
    scale: Scale, held: Sequence[HeldDataset], begun: Sequence[str], free_bytes: int
) -> list[Option[Profile]]:
    """One line for each duration of a scale: about how big it is, and whether it is there.

    `begun` names the profiles of which a part is there. `free_bytes` is the room on the disk.
    """
    profiles = [_profile(scale, duration) for duration in DURATION_DAYS]
    sizes = {d.profile: d.size_bytes for d in held if d.seed == DEFAULT_SEED}
    titles = align([(profile.name, f"{profile.days} days") for profile in profiles])
    return [
        Option(
            title=title,
            about=f"about {format_bytes(about_bytes(profile))}{_mark(profile, begun)}",
            value=profile,
            why_not=_why_not_made(profile, sizes.get(profile.name), free_bytes),
        )
        for title, profile in zip(titles, profiles, strict=True)
    ]


def about_bytes(profile: Profile) -> int:
    """Give about how big the dataset of a profile comes out."""
    return measure_extent(profile.scale).bytes_a_day * profile.days


def _mark(profile: Profile, begun: Sequence[str]) -> str:
    return ", begun: goes on" if profile.name in begun else ""


def _why_not_made(profile: Profile, held_bytes: int | None, free_bytes: int) -> str | None:
    if held_bytes is not None:
        return f"on disk, {format_bytes(held_bytes)}"
    if about_bytes(profile) > free_bytes:
        return (
            f"about {format_bytes(about_bytes(profile))}, and {format_bytes(free_bytes)} are free"
        )
    return None


def part_options(
    source: Manifest, scales: Mapping[str, Scale], held: Sequence[HeldDataset]
) -> list[Option[Profile]]:
    """One line for each profile that can be cut out of a dataset and is not the dataset."""
    there = {dataset.profile for dataset in held if dataset.seed == source.seed}
    targets = [_profile(scale, duration) for scale in scales.values() for duration in DURATION_DAYS]
    return [
        Option(
            title=target.name,
            about=f"about {format_bytes(about_bytes(target))}",
            value=target,
            why_not="on disk already" if target.name in there else None,
        )
        for target in targets
        if target.name != source.profile and can_extract(source, target, scales) is None
    ]


def _profile(scale: Scale, duration: str) -> Profile:
    return Profile(scale=scale, duration=duration, days=DURATION_DAYS[duration])
