"""Dropping cached pages of files, so that the next reader really reads from the disk."""

from __future__ import annotations

import ctypes
import mmap
import os
from pathlib import Path

DROP_FILE = Path("/proc/sys/vm/drop_caches")
_PAGES_AND_INODES = "3"


def drop_cached_pages(folder: Path) -> bool:
    """Drop the pages of all files below a folder; for the owner of the files, or root.

    Written to the disk first, since only clean pages can be dropped. False when any page is left:
    of a file that a process has mapped, or on a file system that lives in memory.
    """
    kept = [path for path in _files(folder) if not _drop_file(path)]
    return not kept


def drop_all_caches(*, drop_file: Path = DROP_FILE) -> bool:
    """Drop all clean pages of the machine, others' too; False where only another root may."""
    os.sync()
    try:
        drop_file.write_text(_PAGES_AND_INODES, encoding="ascii")
    except OSError:
        return False
    return True


def cached_bytes(path: Path) -> int:
    """Count what of a file is in the page cache; all of it, where the kernel does not tell.

    Raises:
        OSError: it cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _cached_bytes(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path) -> list[Path]:
    return [
        path
        for parent, _, names in os.walk(folder)
        for name in names
        if (path := Path(parent, name)).is_file() and not path.is_symlink()
    ]


def _drop_file(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        return _cached_bytes(descriptor) == 0
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _cached_bytes(descriptor: int) -> int:
    size = os.fstat(descriptor).st_size
    if size == 0:
        return 0
    pages = -(-size // mmap.PAGESIZE)
    resident = (ctypes.c_ubyte * pages)()
    # A private writable mapping, because ctypes gives the address of no other; nothing is written.
    with mmap.mmap(descriptor, size, access=mmap.ACCESS_COPY) as mapping:
        start = ctypes.c_char.from_buffer(mapping)
        failed = _LIBC.mincore(
            ctypes.c_void_p(ctypes.addressof(start)), ctypes.c_size_t(size), resident
        )
        del start
    if failed:
        return size
    return min(sum(bytes(resident).translate(_LOWEST_BIT)) * mmap.PAGESIZE, size)


_LIBC = ctypes.CDLL(None, use_errno=True)
_LOWEST_BIT = bytes(byte & 1 for byte in range(256))  # the others are reserved
