"""A dataset in a repository, as it says of itself, and what to take of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ValidationError

from basetype_benchmark.config.dataset_names import generate_command
from basetype_benchmark.config.profiles import Profile, Scale
from basetype_benchmark.dataset.huggingface.parts_list import PARTS_NAME, Part, PartsList
from basetype_benchmark.dataset.manifest import FORMAT_VERSION, MANIFEST_NAME, Manifest
from basetype_benchmark.dataset.model import DAY
from basetype_benchmark.dataset.parts import SITE_PARTITION
from basetype_benchmark.dataset.subset import can_extract
from basetype_benchmark.errors import DatasetError, UsageError
from basetype_benchmark.hub.client import Hub, RemoteFiles


class _Version(BaseModel):
    """The one key of a manifest of which every version says what it means."""

    format_version: int


@dataclass(frozen=True, kw_only=True)
class RemoteDataset:
    """A dataset of a repository, whose list of parts agrees with its fingerprint."""

    files: RemoteFiles
    manifest: Manifest
    parts: PartsList


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which of a remote dataset is wanted: its first buildings, and its days before `end`."""

    profile: str
    buildings: tuple[str, ...]
    end: datetime
    target: Profile | None = None  # what is cut out must follow from it; None: all is taken

    def holds(self, part: Part) -> bool:
        """Whether a part is wanted."""
        return part.building_id in (*self.buildings, SITE_PARTITION) and part.day < self.end.date()


def open_remote(hub: Hub, repository: str, revision: str | None = None) -> RemoteDataset:
    """Read what a repository says of its dataset.

    Raises:
        UsageError: there is no such repository or revision, or it may not be seen.
        DatasetError: it holds no dataset of ours, or one that was not published whole.
        HostError: the Hub cannot be reached, or refuses.
    """
    files = hub.look_up(repository, revision)
    where = f"{repository} on {hub.host}"
    if MANIFEST_NAME not in files.names:
        raise DatasetError(
            f"{where} holds no dataset of the benchmark: it has no {MANIFEST_NAME}, which is "
            "uploaded last"
        )
    manifest = _parse_manifest(hub.read(files, MANIFEST_NAME), where)
    try:
        parts = PartsList.model_validate_json(hub.read(files, PARTS_NAME))
    except ValidationError as error:
        raise DatasetError(f"{PARTS_NAME} of {where} is damaged; publish it again") from error
    if parts.fingerprint != manifest.fingerprint:
        raise DatasetError(
            f"{PARTS_NAME} of {where} does not agree with the fingerprint of its {MANIFEST_NAME}; "
            "publish it again"
        )
    _check_presence(manifest, parts, where)
    return RemoteDataset(files=files, manifest=manifest, parts=parts)


def select_all(source: RemoteDataset) -> Selection:
    """Choose the whole dataset."""
    manifest = source.manifest
    return Selection(
        profile=manifest.profile, buildings=tuple(manifest.buildings), end=manifest.end
    )


def select_subset(source: RemoteDataset, target: Profile, scales: Mapping[str, Scale]) -> Selection:
    """Choose the buildings and days of a smaller profile; `scales` are those known by name.

    Raises:
        UsageError: it cannot be cut out, see `can_extract`.
    """
    manifest = source.manifest
    reason = can_extract(manifest, target, scales)
    if reason is not None:
        raise UsageError(
            f"{target.name} cannot be cut out of {manifest.profile} in "
            f"{source.files.repository}: {reason}; generate it: "
            f"{generate_command(target.name, manifest.seed)}"
        )
    return Selection(
        profile=target.name,
        buildings=tuple(manifest.buildings[: len(target.scale.buildings)]),
        end=target.end(manifest.start),
        target=target,
    )


def _check_presence(manifest: Manifest, parts: PartsList, where: str) -> None:
    """See that there is a part for every building and day; the site may have none at all."""
    days = [manifest.start.date() + n * DAY for n in range((manifest.end - manifest.start).days)]
    listed = {(part.building_id, part.day) for part in parts.parts}
    places = {*manifest.buildings, *({SITE_PARTITION} & {place for place, _ in listed})}
    if listed != {(place, day) for place in places for day in days}:
        raise DatasetError(
            f"{PARTS_NAME} of {where} lists other buildings or days than its {MANIFEST_NAME}; "
            "publish it again"
        )


def _parse_manifest(content: bytes, where: str) -> Manifest:
    try:
        version = _Version.model_validate_json(content).format_version
        if version != FORMAT_VERSION:
            raise DatasetError(
                f"{where} has format {version} and this version of btb reads {FORMAT_VERSION}; "
                "take the btb that goes with it, or another --revision"
            )
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        raise DatasetError(
            f"{where} holds no dataset of the benchmark: its {MANIFEST_NAME} is none of ours"
        ) from error
