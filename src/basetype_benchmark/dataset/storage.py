"""Where a dataset is written: a local folder, or a folder of any file system that Arrow reaches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import unquote, urlsplit

import fsspec
import pyarrow as pa
from pyarrow import fs

from basetype_benchmark.atomic_files import open_atomically, temporary_path
from basetype_benchmark.errors import HostError, UsageError


@dataclass(frozen=True, kw_only=True)
class Storage:
    """A folder to write into; names are relative to it, with slashes. It can be pickled.

    `local` is the folder as a path where it is on this machine, and None elsewhere.
    """

    location: str
    filesystem: fs.FileSystem = field(compare=False)
    root: str
    local: Path | None = None

    def path(self, name: str) -> str:
        """Path of a file in the file system."""
        return f"{self.root}/{name}"

    @contextmanager
    def open_to_write(self, name: str) -> Iterator[BinaryIO]:
        """Open a file that has its name once the context ends without an error, never a part.

        Raises:
            DiskFull, HostError: the folder cannot be written to.
        """
        if self.local is not None:
            with open_atomically(self.local / name) as file:
                yield file
            return
        whole = self.path(name)
        partial = str(temporary_path(Path(whole)))
        with self._naming_errors():
            self.filesystem.create_dir(whole.rpartition("/")[0], recursive=True)
            with self.filesystem.open_output_stream(partial) as stream:
                yield cast(BinaryIO, stream)
            self.filesystem.move(partial, whole)

    def files(self, folder: str = "") -> dict[str, int]:
        """Names and sizes in bytes of the files in a folder at any depth, or of those at the top.

        The top may hold what is not ours, so that nothing is looked for below it.
        """
        selector = fs.FileSelector(
            self.path(folder).rstrip("/"), recursive=bool(folder), allow_not_found=True
        )
        with self._naming_errors():
            return {
                info.path.removeprefix(self.root).lstrip("/"): info.size or 0
                for info in self.filesystem.get_file_info(selector)
                if info.is_file
            }

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with self._naming_errors():
            if self.filesystem.get_file_info(self.path(name)).type is not fs.FileType.NotFound:
                self.filesystem.delete_file(self.path(name))

    @contextmanager
    def _naming_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, pa.ArrowException) as error:
            raise HostError(
                f"cannot use {self.location}: {error}; see that it is yours to write"
            ) from error


def local_storage(folder: Path) -> Storage:
    """Give a folder of this machine; for other processes too, wherever they were started."""
    place = folder.absolute()
    return Storage(
        location=str(folder), filesystem=fs.LocalFileSystem(), root=str(place), local=place
    )


def open_storage(url: str) -> Storage:
    """Give the folder at a URL, or at a local path.

    Raises:
        UsageError: it is empty, its scheme is not known, or what that needs is not installed.
    """
    if not url:
        raise UsageError("the place to write to is empty; give a folder or a URL")
    scheme, separator, _ = url.partition("://")
    if not separator:
        return local_storage(Path(url))
    if scheme == "file":
        return local_storage(_path_of_file_url(url))
    filesystem, root = _reach(url)
    return Storage(location=_without_secrets(url), filesystem=filesystem, root=root.rstrip("/"))


def _reach(url: str) -> tuple[fs.FileSystem, str]:
    """Find the file system of a URL, Arrow's own before that of fsspec, and the path in it."""
    try:
        filesystem, root = fs.FileSystem.from_uri(url)
    except (pa.ArrowException, ValueError):
        try:
            reached, root = fsspec.core.url_to_fs(url)
        except (ValueError, ImportError, OSError) as error:
            raise UsageError(
                f"{_without_secrets(url)} cannot be written to: {error}; give a folder, or a URL "
                "such as s3://... whose file system fsspec or pyarrow has here"
            ) from error
        filesystem = fs.PyFileSystem(fs.FSSpecHandler(reached))
    if not root.strip("/"):
        raise UsageError(f"{_without_secrets(url)} names no folder to write to; give one below it")
    return filesystem, root


def _path_of_file_url(url: str) -> Path:
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        raise UsageError(
            f"{url} names the machine {parts.netloc!r}; give file:///path for a folder of this one"
        )
    return Path(unquote(parts.path))


def _without_secrets(url: str) -> str:
    """Leave out who may write there, and the password: this is for messages."""
    parts = urlsplit(url)
    if not parts.netloc:
        return url
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
