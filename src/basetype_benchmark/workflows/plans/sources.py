"""Which datasets a campaign measures: those that are there, and what can be cut out of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from basetype_benchmark.benchmark.campaign import SkippedPart
from basetype_benchmark.config.dataset_names import generate_command
from basetype_benchmark.config.profiles import DURATION_DAYS, Profile, Profiles, Scale
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.listing import list_datasets
from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.dataset.subset import can_extract
from basetype_benchmark.errors import DatasetError, UsageError
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.profiles import load_profiles


@dataclass(frozen=True, kw_only=True)
class Measurable:
    """Profiles that can be measured, smallest first, by the dataset that each is cut out of, which
    may be itself; and those asked for that cannot be.
    """

    sources: Mapping[str, str]
    skipped: tuple[SkippedPart, ...] = ()


def choose_dataset(profile: str | None, seed: int, settings: Settings) -> str:
    """Give the profile named, else that of the biggest dataset there is with this seed.

    Raises:
        DatasetError: none is named and none is there.
    """
    return profile or find_sources(None, seed, settings)[0].profile


def find_sources(profile: str | None, seed: int, settings: Settings) -> list[Manifest]:
    """Give the dataset of the profile named, else all there are with this seed, biggest first.

    Raises:
        UsageError: the profile named is unknown.
        DatasetError: its dataset is missing or damaged, or none is named and none is there.
    """
    if profile is not None:
        return [find_dataset(profile, seed, settings).manifest]
    listed = [entry.manifest for entry in list_datasets(settings.datasets_dir)]
    found = [manifest for manifest in listed if manifest is not None and manifest.seed == seed]
    if not found:
        raise DatasetError(
            f"there is no dataset with seed {seed} in {settings.datasets_dir}; make one with: "
            f"{generate_command('tiny-2d', seed)}"
        )
    return sorted(found, key=lambda m: (m.counts.samples, m.profile), reverse=True)


def find_measurable(
    sources: Sequence[Manifest],
    settings: Settings,
    *,
    scales: Sequence[str] | None = None,
    durations: Sequence[str] | None = None,
) -> Measurable:
    """Give the profiles of these scales and durations (None: all) that these datasets have in them.

    Raises:
        UsageError: a scale or duration is unknown, or nothing is left.
    """
    profiles = load_profiles(settings)
    own_scales = [manifest.profile.rpartition("-")[0] for manifest in sources]
    _refuse_unknown("scale", scales, [*profiles.scales, *own_scales])
    _refuse_unknown("duration", durations, list(DURATION_DAYS))
    found: dict[str, str] = {}
    skipped: list[SkippedPart] = []
    for name in _wanted(sources, profiles, scales, durations):
        source, why = _find_source(name, sources, profiles)
        if source is not None:
            found[name] = source
        elif scales is not None or durations is not None:
            skipped.append(SkippedPart(what=name, why=why))
    if not found:
        raise UsageError(f"nothing to run: {skipped[0].why if skipped else 'no profile is left'}")
    return Measurable(
        sources={n: found[n] for n in sorted(found, key=lambda n: _size(n, sources, profiles))},
        skipped=tuple(skipped),
    )


def _wanted(
    sources: Sequence[Manifest],
    profiles: Profiles,
    scales: Sequence[str] | None,
    durations: Sequence[str] | None,
) -> list[str]:
    """Name all profiles there could be, and those of datasets of which no profile is known."""
    known = [f"{s}-{d}" for s in scales or profiles.scales for d in durations or DURATION_DAYS]
    own = [
        manifest.profile
        for manifest in sources
        if scales is None or manifest.profile.rpartition("-")[0] in scales
        if durations is None or manifest.profile.rpartition("-")[2] in durations
    ]
    return list(dict.fromkeys([*known, *own]))


def _find_source(
    name: str, sources: Sequence[Manifest], profiles: Profiles
) -> tuple[str | None, str]:
    """Give the smallest dataset that has a profile in it, or why the biggest has not."""
    if any(manifest.profile == name for manifest in sources):
        return name, ""
    target = _profile(name, profiles.scales)
    if target is None:
        return None, f"the scale of {name} is not known here"
    reasons = {m.profile: can_extract(m, target, profiles.scales) for m in sources}
    can = [profile for profile, reason in reasons.items() if reason is None]
    return (can[-1], "") if can else (None, next(iter(reasons.values())) or "")


def _profile(name: str, scales: Mapping[str, Scale]) -> Profile | None:
    scale, _, duration = name.rpartition("-")
    if scale not in scales:
        return None
    return Profile(scale=scales[scale], duration=duration, days=DURATION_DAYS[duration])


def _size(name: str, sources: Sequence[Manifest], profiles: Profiles) -> tuple[int, str]:
    """Order by rooms and days; what is of no known profile comes last, by its own size."""
    target = _profile(name, profiles.scales)
    if target is not None:
        return sum(building.spaces for building in target.scale.buildings) * target.days, name
    return next(m.counts.samples for m in sources if m.profile == name), name


def _refuse_unknown(what: str, names: Sequence[str] | None, known: Sequence[str]) -> None:
    for name in names or ():
        if name not in known:
            raise UsageError(
                f"there is no {what} {name!r}; choose from: {', '.join(dict.fromkeys(known))}"
            )
