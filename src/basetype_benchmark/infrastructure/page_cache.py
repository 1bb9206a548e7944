"""Dropping cached pages of files, so that the next reader really reads from the disk."""

from __future__ import annotations

import ctypes
import mmap
import os
from pathlib import Path

from basetype_benchmark.units import MIB

DROP_FILE = Path("/proc/sys/vm/drop_caches")
_PAGES_AND_INODES = "3"


def drop_cached_pages(folder: Path) -> bool:
    """Drop the pages of a file or of all files below a folder; for their owner, or root.

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
    if folder.is_file():
        return [folder]
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
    windows = range(0, size, _WINDOW_BYTES)
    return sum(_cached_in(descriptor, start, min(_WINDOW_BYTES, size - start)) for start in windows)


def _cached_in(descriptor: int, start: int, length: int) -> int:
    """Count what is cached of one window: a file may be bigger than the memory.

    Mapped to be read alone, which commits no memory; `mmap` of Python gives no address of that.
    """
    flags = mmap.MAP_PRIVATE | _MAP_NORESERVE
    address = _LIBC.mmap(None, length, mmap.PROT_READ, flags, descriptor, start)
    if address == _MAP_FAILED:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    try:
        resident = (ctypes.c_ubyte * -(-length // mmap.PAGESIZE))()
        if _LIBC.mincore(address, length, resident):
            return length
        pages = bytes(resident).translate(_LOWEST_BIT).count(1)
        return min(pages * mmap.PAGESIZE, length)
    finally:
        _LIBC.munmap(address, length)


_WINDOW_BYTES = 256 * MIB
_MAP_NORESERVE = 0x4000  # in `mmap` from Python 3.13 on
_MAP_FAILED = ctypes.c_void_p(-1).value
_LOWEST_BIT = bytes(byte & 1 for byte in range(256))  # the others are reserved

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.mmap.restype = ctypes.c_void_p
_LIBC.mmap.argtypes = (
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_long,
)
_LIBC.munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
_LIBC.mincore.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
