"""Profiles by name: those that ship, and those of files of the user's own in the home."""

from __future__ import annotations

from basetype_benchmark.config.profile_files import read_profiles
from basetype_benchmark.config.profiles import (
    Profiles,
    load_scales,
    scale_of_name,
    shipped_like,
)
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.catalogue import default_catalogue
from basetype_benchmark.dataset.manifest import read_manifest
from basetype_benchmark.dataset.model import NodeType


def load_profiles(settings: Settings) -> Profiles:
    """Read the profiles that can be made with a home."""
    return read_profiles(settings.profiles_dir, default_catalogue().buildings)


def find_scale_name(profile: str, seed: int, settings: Settings) -> str:
    """Give the scale of a profile that is known, or of which the dataset is there.

    A dataset needs no profile file: it may come from elsewhere, or the file may be gone.

    Raises:
        ConfigError: the file that would give the profile has mistakes.
        UsageError: there is no such profile and no such dataset.
    """
    scale_name = scale_of_name(profile)
    if scale_name is not None and settings.dataset_dir(profile, seed).is_dir():
        return scale_name
    return load_profiles(settings).find(profile).scale.name


def find_measured_scale(profile: str, seed: int, settings: Settings) -> str:
    """Give the shipped scale by whose protocol and least RAM a profile is measured.

    Its own. For a scale of the user's own the biggest that ships and has no more spaces.

    Raises:
        ConfigError: the file that would give the profile has mistakes.
        UsageError: there is no such profile and no such dataset.
        DatasetError: the dataset is of no scale that ships, and its manifest cannot be read.
    """
    scale_name = find_scale_name(profile, seed, settings)
    if scale_name in load_scales():
        return scale_name
    return shipped_like(_count_spaces(profile, seed, settings)).name


def _count_spaces(profile: str, seed: int, settings: Settings) -> int:
    folder = settings.dataset_dir(profile, seed)
    if folder.is_dir():
        return read_manifest(folder).counts.nodes.get(NodeType.SPACE, 0)
    return load_profiles(settings).find(profile).scale.spaces
