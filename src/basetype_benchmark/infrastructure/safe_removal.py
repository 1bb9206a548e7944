"""Removing files and folders of ours: never what lies elsewhere, and never by halves.

What is removed first gets another name, which begins with a dot and which nobody looks for. So a
process killed in between leaves nothing that looks like a damaged dataset, campaign or store; what
it leaves is found by that name.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import psutil

from basetype_benchmark.errors import HostError

_MARK = ".btb-removed-"
_LEFT = re.compile(rf"\..+{re.escape(_MARK)}[0-9a-f]{{8}}")
_TO_REMOVE = os.R_OK | os.W_OK | os.X_OK
_LONGEST_STEM = 50  # a name has at most 255 bytes, and a sign at most four
_BLOCK_BYTES = 512  # of st_blocks, whatever the file system's own are


@dataclass(frozen=True, kw_only=True)
class Extent:
    """What a file or folder takes on its disk, links not followed, and when it last changed.

    `changed_at` is in seconds since the epoch, the newest of all in it.
    """

    size_bytes: int
    changed_at: float


def measure_extent(path: Path) -> Extent | None:
    """Add up a file or folder; None when there is none. What vanishes meanwhile does not count.

    What may not be looked into counts nothing.
    """
    own = _stat(path)
    if own is None:
        return None
    found = [own]
    for folder, names, files in os.walk(path):
        found += [s for n in (*names, *files) if (s := _stat(Path(folder, n))) is not None]
    several = {(s.st_dev, s.st_ino): s for s in found}.values()  # a file of two names is one
    return Extent(
        size_bytes=sum(s.st_blocks * _BLOCK_BYTES for s in several),
        changed_at=max(s.st_mtime for s in several),
    )


def why_not_removed(path: Path, root: Path) -> str | None:
    """Say why `remove` would refuse a path; None: it would not. The path need not exist.

    `root` is the folder that everything removed must be in, however it is spelt.
    """
    whole = root.resolve()
    parent = path.parent.resolve()
    if not parent.is_relative_to(whole):
        return f"it lies in {parent}, outside of {whole}"
    if path.name in ("", ".", "..") or parent / path.name == whole:
        return f"{path} is {whole} itself, or above it"
    if path.is_symlink():
        return f"a link to {path.readlink()}, which is not followed"
    mounted = next(_mounts_in(parent / path.name), None)
    if mounted is not None:
        return f"a file system is mounted on {mounted}"
    closed = next(_closed_folders(path), None)
    return None if closed is None else f"{closed} is not yours to change"


def remove(path: Path, root: Path) -> None:
    """Remove a file, or a folder with all that is in it; nothing when there is none.

    Links in it are removed, what they point to stays. So is what earlier removals of this name
    left. When this ends with an error after the folder was renamed, the rest of it is what
    `find_removed` gives.

    Raises:
        HostError: `why_not_removed` says why it must not, or the system why it cannot.
    """
    reason = why_not_removed(path, root)
    if reason is not None:
        raise HostError(f"{path} is kept: {reason}")
    try:
        for left in find_removed(path.parent):
            if left.name.startswith(_stem(path)):
                _remove_tree(left)
        if not is_removed(path):
            _remove_tree(_renamed(path))
        elif path.exists():
            _remove_tree(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise HostError(
            f"cannot remove {error.filename or path}: {error.strerror or error}; see that it is "
            "yours to remove"
        ) from error


def is_removed(path: Path) -> bool:
    """Whether a name is one that `remove` gives what it removes."""
    return _LEFT.fullmatch(path.name) is not None


def find_removed(folder: Path) -> list[Path]:
    """List what is left right under a folder of removals that were cut short."""
    try:
        return sorted(path for path in folder.iterdir() if is_removed(path))
    except OSError:
        return []


def _renamed(path: Path) -> Path:
    return path.rename(path.with_name(f"{_stem(path)}{secrets.token_hex(4)}"))


def _stem(path: Path) -> str:
    return f".{path.name[:_LONGEST_STEM]}{_MARK}"


def _remove_tree(path: Path) -> None:
    if not stat.S_ISDIR(path.lstat().st_mode):
        path.unlink(missing_ok=True)
        return
    while path.exists():
        try:
            shutil.rmtree(path)
        except FileNotFoundError:  # somebody else removes it, too: each time less is left
            continue


def _mounts_in(path: Path) -> Iterator[str]:
    points = (Path(partition.mountpoint) for partition in psutil.disk_partitions(all=True))
    return (str(point) for point in points if point.is_relative_to(path))


def _closed_folders(path: Path) -> Iterator[str]:
    """Find folders out of which nothing may be removed, so that none is left without a part."""
    inner = (Path(folder, name) for folder, names, _ in os.walk(path) for name in names)
    outer = (place for place in (path.parent.resolve(), path) if place.is_dir())
    for place in chain(outer, inner):
        if not place.is_symlink() and not os.access(place, _TO_REMOVE) and _stat(place):
            yield str(place)  # asked last: what somebody else has removed meanwhile is not closed


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except OSError:
        return None
