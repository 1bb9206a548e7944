"""Uploads the bundle of a dataset to a repository of its own."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError

from basetype_benchmark.dataset.huggingface.bundle import TEXT_NAMES, Bundle, is_ours
from basetype_benchmark.dataset.manifest import MANIFEST_NAME, Manifest
from basetype_benchmark.errors import UsageError
from basetype_benchmark.hub.client import Hub, RemoteFiles
from basetype_benchmark.hub.parcel import Parcel
from basetype_benchmark.hub.upload import Upload, upload_parcel
from basetype_benchmark.progress import SILENT, Progress


class _Identity(BaseModel):
    """What a manifest of any version says."""

    profile: str
    seed: int


def upload_bundle(
    hub: Hub, bundle: Bundle, *, is_private: bool = False, progress: Progress = SILENT
) -> Upload:
    """Make the repository hold exactly the bundle; it is made if it is not there.

    While a dataset is replaced, the repository is without manifest.

    Raises:
        UsageError: the repository holds something else, or is public and `is_private` is set.
        HostError: there is no token, it is refused, or the Hub cannot be reached.
    """
    manifest = bundle.dataset.manifest
    parcel = Parcel(
        repository=bundle.repository,
        folder=bundle.folder,
        files=bundle.files,
        declaring=frozenset(TEXT_NAMES),
        seal=MANIFEST_NAME,
        is_ours=is_ours,
        refuse_other=lambda hub, remote: _refuse_other_dataset(hub, remote, manifest),
        message=f"Publish {manifest.profile} with seed {manifest.seed}, "
        f"fingerprint {manifest.fingerprint}",
    )
    return upload_parcel(hub, parcel, is_private=is_private, progress=progress)


def _refuse_other_dataset(hub: Hub, remote: RemoteFiles, wanted: Manifest) -> None:
    if MANIFEST_NAME not in remote.names:
        return
    try:
        found = _Identity.model_validate_json(hub.read(remote, MANIFEST_NAME))
    except ValidationError as error:
        raise UsageError(
            f"{remote.repository} has a {MANIFEST_NAME} that is not of a dataset of the benchmark; "
            "publish to another repository with --repo OWNER/NAME"
        ) from error
    if (found.profile, found.seed) != (wanted.profile, wanted.seed):
        raise UsageError(
            f"{remote.repository} holds {found.profile} with seed {found.seed}; publish "
            f"{wanted.profile} with seed {wanted.seed} to another repository with --repo OWNER/NAME"
        )
