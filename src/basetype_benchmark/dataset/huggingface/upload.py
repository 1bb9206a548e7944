"""Uploads a bundle: first the data in several commits, then all that declares it whole in one.

What the repository has already is not sent again, so an interrupted upload is continued.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from basetype_benchmark.dataset.huggingface.bundle import TEXT_NAMES, Bundle, is_ours
from basetype_benchmark.dataset.huggingface.hub import REPOSITORY_TYPE, Hub, RemoteFiles
from basetype_benchmark.dataset.manifest import MANIFEST_NAME
from basetype_benchmark.errors import UsageError
from basetype_benchmark.progress import SILENT, Progress, Task
from basetype_benchmark.units import MIB

if TYPE_CHECKING:
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete
    from huggingface_hub.hf_api import RepoFile

_FILES_PER_COMMIT = 100  # what the Hub advises
_BYTES_PER_STEP = 32 * MIB  # how often progress is told
_HARMLESS = frozenset({".gitattributes", "LICENSE"})


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What was sent, and what the repository had already."""

    repository: str
    commit: str
    sent_files: int
    sent_bytes: int
    kept_files: int


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
    hub.require_token()
    remote = _prepare(hub, bundle, is_private)
    there = _list_files(hub, remote)
    changed = [name for name in bundle.files if not _is_same(bundle.folder / name, there.get(name))]
    outdated = sorted(name for name in there if is_ours(name) and name not in bundle.files)
    size_bytes = sum(bundle.files[name] for name in changed)
    if changed or outdated:
        with (
            hub.naming_errors(bundle.repository),
            progress.task("upload", total=size_bytes, unit="bytes") as task,
        ):
            if MANIFEST_NAME in there and (outdated or not set(changed) <= set(TEXT_NAMES)):
                _commit(hub, bundle, _deletions([MANIFEST_NAME]), "Withdraw, to replace the data")
            _send_data(hub, bundle, [name for name in changed if name not in TEXT_NAMES], task)
            _declare_whole(hub, bundle, outdated)
            task.advance(sum(bundle.files[name] for name in changed if name in TEXT_NAMES))
    return Upload(
        repository=bundle.repository,
        commit=hub.look_up(bundle.repository).commit,
        sent_files=len(changed),
        sent_bytes=size_bytes,
        kept_files=len(bundle.files) - len(changed),
    )


def _prepare(hub: Hub, bundle: Bundle, is_private: bool) -> RemoteFiles:
    """Make the repository if it is not there, and see that it may be written to."""
    repository = bundle.repository
    with hub.naming_errors(repository):
        # A token may have the right to write to this repository and none to make one.
        if not hub.api.repo_exists(repository, repo_type=REPOSITORY_TYPE):
            hub.api.create_repo(repository, repo_type=REPOSITORY_TYPE, private=is_private or None)
    remote = hub.look_up(repository)
    _refuse_other_content(hub, remote, bundle)
    if is_private and not remote.is_private:
        raise UsageError(
            f"{repository} is there already and public; make it private on its page, or choose "
            "another one with --repo"
        )
    return remote


def _send_data(hub: Hub, bundle: Bundle, data: Sequence[str], task: Task) -> None:
    for first in range(0, len(data), _FILES_PER_COMMIT):
        names = data[first : first + _FILES_PER_COMMIT]
        additions = _additions(bundle, names)
        for step in _steps(names, bundle.files):
            hub.api.preupload_lfs_files(
                bundle.repository,
                [additions[name] for name in step],
                repo_type=REPOSITORY_TYPE,
                free_memory=False,
            )
            task.advance(sum(bundle.files[name] for name in step))
        message = f"Add data, files {first + 1} to {first + len(names)} of {len(data)}"
        _commit(hub, bundle, list(additions.values()), message)


def _declare_whole(hub: Hub, bundle: Bundle, outdated: Sequence[str]) -> None:
    """Commit card, metadata and manifest, and take away what does not belong to them."""
    texts = [name for name in bundle.files if name in TEXT_NAMES]
    manifest = bundle.dataset.manifest
    _commit(
        hub,
        bundle,
        [*_additions(bundle, texts).values(), *_deletions(outdated)],
        f"Publish {manifest.profile} with seed {manifest.seed}, fingerprint {manifest.fingerprint}",
    )


def _commit(
    hub: Hub,
    bundle: Bundle,
    operations: Sequence[CommitOperationAdd | CommitOperationDelete],
    message: str,
) -> None:
    hub.api.create_commit(
        bundle.repository,
        operations,
        commit_message=message,
        repo_type=REPOSITORY_TYPE,
    )


def _additions(bundle: Bundle, names: Sequence[str]) -> dict[str, CommitOperationAdd]:
    from huggingface_hub import CommitOperationAdd  # noqa: PLC0415 - an extra

    return {
        name: CommitOperationAdd(path_in_repo=name, path_or_fileobj=bundle.folder / name)
        for name in names
    }


def _deletions(names: Sequence[str]) -> list[CommitOperationDelete]:
    from huggingface_hub import CommitOperationDelete  # noqa: PLC0415 - an extra

    return [CommitOperationDelete(path_in_repo=name, is_folder=False) for name in names]


def _steps(names: Sequence[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Cut into runs of about `_BYTES_PER_STEP`, one file at least."""
    step: list[str] = []
    for name in names:
        step.append(name)
        if sum(sizes[sent] for sent in step) >= _BYTES_PER_STEP:
            yield step
            step = []
    if step:
        yield step


def _list_files(hub: Hub, remote: RemoteFiles) -> dict[str, RepoFile]:
    from huggingface_hub.hf_api import RepoFile  # noqa: PLC0415 - an extra

    with hub.naming_errors(remote.repository):
        return {
            entry.path: entry
            for entry in hub.api.list_repo_tree(
                remote.repository,
                recursive=True,
                revision=remote.commit,
                repo_type=REPOSITORY_TYPE,
            )
            if isinstance(entry, RepoFile)
        }


def _is_same(path: Path, there: RepoFile | None) -> bool:
    """Whether a file of a repository is the one on the disk, by the digest the Hub keeps."""
    if there is None or there.size != path.stat().st_size:
        return False
    with path.open("rb") as file:
        if there.lfs is not None:
            return hashlib.file_digest(file, "sha256").hexdigest() == there.lfs.sha256
        content = file.read()
    blob = b"blob %d\0%s" % (len(content), content)
    return hashlib.sha1(blob, usedforsecurity=False).hexdigest() == there.blob_id


def _refuse_other_content(hub: Hub, remote: RemoteFiles, bundle: Bundle) -> None:
    """Refuse a repository of somebody's own, or of another dataset."""
    foreign = sorted(name for name in remote.names - _HARMLESS if not is_ours(name))
    if foreign:
        raise UsageError(
            f"{remote.repository} holds other files, such as {foreign[0]}; publish to a repository "
            "of its own with --repo OWNER/NAME"
        )
    if MANIFEST_NAME not in remote.names:
        return
    try:
        found = _Identity.model_validate_json(hub.read(remote, MANIFEST_NAME))
    except ValidationError as error:
        raise UsageError(
            f"{remote.repository} has a {MANIFEST_NAME} that is not of a dataset of the benchmark; "
            "publish to another repository with --repo OWNER/NAME"
        ) from error
    wanted = bundle.dataset.manifest
    if (found.profile, found.seed) != (wanted.profile, wanted.seed):
        raise UsageError(
            f"{remote.repository} holds {found.profile} with seed {found.seed}; publish "
            f"{wanted.profile} with seed {wanted.seed} to another repository with --repo OWNER/NAME"
        )
