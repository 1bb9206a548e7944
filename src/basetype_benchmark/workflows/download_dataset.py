"""Datasets by name, from the Hugging Face Hub."""

from __future__ import annotations

from collections.abc import Iterator

from basetype_benchmark.config.dataset_names import generate_command
from basetype_benchmark.config.hub import (
    NAMESPACE,
    check_repository,
    parse_repository,
)
from basetype_benchmark.config.profiles import Profile, Profiles, scale_of_name
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.huggingface.download import Download, download_dataset
from basetype_benchmark.dataset.huggingface.remote import (
    RemoteDataset,
    Selection,
    open_remote,
    select_all,
    select_subset,
)
from basetype_benchmark.dataset.manifest import MANIFEST_NAME
from basetype_benchmark.errors import DatasetError, UsageError
from basetype_benchmark.hub.client import Hub
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.workflows.profiles import load_profiles


def download(
    profile: str,
    seed: int,
    settings: Settings,
    hub: Hub,
    *,
    repository: str | None = None,
    revision: str | None = None,
    overwrite: bool = False,
    progress: Progress = SILENT,
) -> Download:
    """Fetch a dataset by its name: the whole of a repository, or the part of a bigger one.

    Without `repository`, the smallest one of `NAMESPACE` that holds it is taken. A profile that is
    not known here can be fetched where a repository holds exactly that.

    Raises:
        UsageError: the profile or the repository is unknown, or the one cannot be cut out of the
            other.
        DatasetError: it is there already and `overwrite` is not set, or the repository holds no
            dataset, another one, or a damaged one.
        HostError: the Hub cannot be reached, or refuses.
        DiskFull: there is no space left; what was downloaded does not pass for a dataset.
    """
    profiles = load_profiles(settings)
    if scale_of_name(profile) is None:
        profiles.find(profile)  # says what a profile can be
    folder = settings.dataset_dir(profile, seed)
    if (folder / MANIFEST_NAME).is_file() and not overwrite:
        raise DatasetError(
            f"{folder} already holds a complete dataset; use it, or replace it with --force"
        )
    chosen = (
        find_repository(profile, seed, profiles, hub)
        if repository is None
        else check_repository(repository)
    )
    source = open_remote(hub, chosen, revision)
    selection = _select(source, profile, seed, profiles)
    return download_dataset(hub, source, selection, folder, overwrite=overwrite, progress=progress)


def find_repository(profile: str, seed: int, profiles: Profiles, hub: Hub) -> str:
    """Find the smallest dataset of `NAMESPACE` that is, or holds, the one that is wanted.

    Raises:
        UsageError: there is none.
        HostError: the Hub cannot be reached, or refuses.
    """
    found = dict(_candidates(profile, seed, profiles, hub.list_repositories(NAMESPACE)))
    if not found:
        raise UsageError(
            f"{NAMESPACE} on {hub.host} has no dataset that holds {profile} with seed {seed}; name "
            f"another repository with --repo, or make it: {generate_command(profile, seed)}"
        )
    return min(found, key=lambda name: found[name])


def _candidates(
    profile: str, seed: int, profiles: Profiles, repositories: list[str]
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Repositories that by their names hold a profile, with their length and their buildings."""
    known = profile in profiles.names
    for repository in repositories:
        named = parse_repository(repository)
        if named == (profile, seed):
            yield repository, (0, 0)
        elif named is not None and known and named[1] == seed and named[0] in profiles.names:
            bigger, wanted = profiles.find(named[0]), profiles.find(profile)
            if wanted.days <= bigger.days and wanted.scale.nests_in(bigger.scale):
                yield repository, (bigger.days, len(bigger.scale.buildings))


def _select(source: RemoteDataset, profile: str, seed: int, profiles: Profiles) -> Selection:
    found = source.manifest
    if found.seed != seed:
        raise DatasetError(
            f"{source.files.repository} holds {found.profile} with seed {found.seed}, and seed "
            f"{seed} is wanted; give --seed {found.seed}, or another --repo"
        )
    if found.profile == profile:
        return select_all(source)
    target: Profile = profiles.find(profile)
    return select_subset(source, target, profiles.scales)
