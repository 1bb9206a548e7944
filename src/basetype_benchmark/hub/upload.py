"""Uploads a parcel: first the data in several commits, then all that declares it whole in one.

What the repository has already is not sent again, so an interrupted upload is continued.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from basetype_benchmark.errors import UsageError
from basetype_benchmark.hub.client import REPOSITORY_TYPE, Hub, RemoteFiles
from basetype_benchmark.hub.parcel import Parcel
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


def upload_parcel(
    hub: Hub, parcel: Parcel, *, is_private: bool = False, progress: Progress = SILENT
) -> Upload:
    """Make the repository hold exactly the parcel; it is made if it is not there.

    While data is replaced, the repository is without its seal.

    Raises:
        UsageError: the repository holds something else, or is public and `is_private` is set.
        HostError: there is no token, it is refused, or the Hub cannot be reached.
    """
    hub.require_token()
    remote = _prepare(hub, parcel, is_private)
    there = _list_files(hub, remote)
    changed = [name for name in parcel.files if not _is_same(parcel.folder / name, there.get(name))]
    outdated = sorted(name for name in there if parcel.is_ours(name) and name not in parcel.files)
    size_bytes = sum(parcel.files[name] for name in changed)
    if changed or outdated:
        with (
            hub.naming_errors(parcel.repository),
            progress.task("upload", total=size_bytes, unit="bytes") as task,
        ):
            if parcel.seal in there and (outdated or not set(changed) <= parcel.declaring):
                _commit(hub, parcel, _deletions([parcel.seal]), "Withdraw, to replace the data")
            _send_data(
                hub, parcel, [name for name in changed if name not in parcel.declaring], task
            )
            _declare_whole(hub, parcel, outdated)
            task.advance(sum(parcel.files[name] for name in changed if name in parcel.declaring))
    return Upload(
        repository=parcel.repository,
        commit=hub.look_up(parcel.repository).commit,
        sent_files=len(changed),
        sent_bytes=size_bytes,
        kept_files=len(parcel.files) - len(changed),
    )


def _prepare(hub: Hub, parcel: Parcel, is_private: bool) -> RemoteFiles:
    """Make the repository if it is not there, and see that it may be written to."""
    repository = parcel.repository
    with hub.naming_errors(repository):
        # A token may have the right to write to this repository and none to make one.
        if not hub.api.repo_exists(repository, repo_type=REPOSITORY_TYPE):
            hub.api.create_repo(repository, repo_type=REPOSITORY_TYPE, private=is_private or None)
    remote = hub.look_up(repository)
    _refuse_other_content(hub, remote, parcel)
    if is_private and not remote.is_private:
        raise UsageError(
            f"{repository} is there already and public; make it private on its page, or choose "
            "another one with --repo"
        )
    return remote


def _send_data(hub: Hub, parcel: Parcel, data: Sequence[str], task: Task) -> None:
    for first in range(0, len(data), _FILES_PER_COMMIT):
        names = data[first : first + _FILES_PER_COMMIT]
        additions = _additions(parcel, names)
        for step in _steps(names, parcel.files):
            hub.api.preupload_lfs_files(
                parcel.repository,
                [additions[name] for name in step],
                repo_type=REPOSITORY_TYPE,
                free_memory=False,
            )
            task.advance(sum(parcel.files[name] for name in step))
        message = f"Add data, files {first + 1} to {first + len(names)} of {len(data)}"
        _commit(hub, parcel, list(additions.values()), message)


def _declare_whole(hub: Hub, parcel: Parcel, outdated: Sequence[str]) -> None:
    """Commit card, metadata and manifest, and take away what does not belong to them."""
    texts = [name for name in parcel.files if name in parcel.declaring]
    _commit(
        hub,
        parcel,
        [*_additions(parcel, texts).values(), *_deletions(outdated)],
        parcel.message,
    )


def _commit(
    hub: Hub,
    parcel: Parcel,
    operations: Sequence[CommitOperationAdd | CommitOperationDelete],
    message: str,
) -> None:
    hub.api.create_commit(
        parcel.repository,
        operations,
        commit_message=message,
        repo_type=REPOSITORY_TYPE,
    )


def _additions(parcel: Parcel, names: Sequence[str]) -> dict[str, CommitOperationAdd]:
    from huggingface_hub import CommitOperationAdd  # noqa: PLC0415 - an extra

    return {
        name: CommitOperationAdd(path_in_repo=name, path_or_fileobj=parcel.folder / name)
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


def _refuse_other_content(hub: Hub, remote: RemoteFiles, parcel: Parcel) -> None:
    """Refuse a repository of somebody's own, or of something else."""
    foreign = sorted(name for name in remote.names - _HARMLESS if not parcel.is_ours(name))
    if foreign:
        raise UsageError(
            f"{remote.repository} holds other files, such as {foreign[0]}; publish to a repository "
            "of its own with --repo OWNER/NAME"
        )
    parcel.refuse_other(hub, remote)
