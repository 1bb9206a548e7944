"""Which datasets a campaign takes: the one named or found, and those that can be cut out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from basetype_benchmark.benchmark.campaign import SkippedPart
from basetype_benchmark.config.dataset_names import generate_command
from basetype_benchmark.config.profiles import DURATION_DAYS, Profile, Profiles
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.listing import list_datasets
from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.dataset.subset import can_extract
from basetype_benchmark.errors import DatasetError, UsageError
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.profiles import load_profiles


@dataclass(frozen=True, kw_only=True)
class Extractable:
    """Profiles that can be measured with one dataset at hand, smallest first, and those asked for
    that cannot.
    """

    profiles: tuple[str, ...]
    skipped: tuple[SkippedPart, ...] = ()


def choose_master(profile: str | None, seed: int, settings: Settings) -> str:
    """Give the profile named, else that of the biggest dataset there is with this seed.

    Raises:
        DatasetError: none is named and none is there.
    """
    if profile is not None:
        return profile
    found = [
        entry.manifest
        for entry in list_datasets(settings.datasets_dir)
        if entry.manifest is not None and entry.manifest.seed == seed
    ]
    if not found:
        raise DatasetError(
            f"there is no dataset with seed {seed} in {settings.datasets_dir}; make one with: "
            f"{generate_command('tiny-2d', seed)}"
        )
    return max(found, key=lambda manifest: (manifest.counts.samples, manifest.profile)).profile


def find_extractable(
    master: str,
    seed: int,
    settings: Settings,
    *,
    scales: Sequence[str] | None = None,
    durations: Sequence[str] | None = None,
) -> Extractable:
    """Give the profiles of these scales and durations (None: all) that a dataset has in it.

    Raises:
        DatasetError: the dataset is missing or damaged.
        UsageError: a scale or duration is unknown, or nothing is left.
    """
    manifest = find_dataset(master, seed, settings).manifest
    profiles = load_profiles(settings)
    wanted = _wanted(manifest, profiles, scales, durations)
    reasons = {target.name: can_extract(manifest, target, profiles.scales) for target in wanted}
    left = [target for target in wanted if reasons[target.name] is None]
    is_chosen = scales is not None or durations is not None
    skipped = [SkippedPart(what=name, why=why) for name, why in reasons.items() if why is not None]
    if not left:
        why = skipped[0].why if skipped else f"{master} has none of them in it"
        raise UsageError(f"nothing to run: {why}")
    return Extractable(
        profiles=tuple(target.name for target in sorted(left, key=_size)),
        skipped=tuple(skipped) if is_chosen else (),
    )


def _wanted(
    manifest: Manifest,
    profiles: Profiles,
    scales: Sequence[str] | None,
    durations: Sequence[str] | None,
) -> list[Profile]:
    """Look up every scale with every duration; what is not there is a mistake of the user's."""
    known = profiles.scales
    _refuse_unknown("scale", scales or (), list(known))
    _refuse_unknown("duration", durations or (), list(DURATION_DAYS))
    own_scale, _, own_duration = manifest.profile.rpartition("-")
    targets = [
        Profile(scale=known[scale], duration=duration, days=DURATION_DAYS[duration])
        for scale in scales or known
        for duration in durations or DURATION_DAYS
        if scale in known
    ]
    is_own_wanted = own_scale in (scales or (own_scale,)) and own_duration in (
        durations or (own_duration,)
    )
    if is_own_wanted and manifest.profile not in {target.name for target in targets}:
        raise UsageError(
            f"the scale {own_scale} of {manifest.profile} is not known here, so nothing can be cut "
            "out of it; take --mode quick"
        )
    return targets


def _refuse_unknown(what: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise UsageError(f"there is no {what} {name!r}; choose from: {', '.join(known)}")


def _size(profile: Profile) -> tuple[int, str]:
    spaces = sum(building.spaces for building in profile.scale.buildings)
    return spaces * profile.days, profile.name
