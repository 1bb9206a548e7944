"""The root of an image as one archive, put together from packages and files."""

import io
import re
import subprocess
import tarfile
from pathlib import Path, PurePosixPath
from typing import IO

# Documentation, other languages, and what only JIT compilation needs.
_LEFT_OUT = re.compile(
    r"usr/share/(doc|man|locale|i18n|lintian|bug|info|perl5?)/|.*/(gconv|bitcode)/|.*/llvmjit"
)
_MERGED = ("bin", "lib", "lib64", "sbin")
POSTGRES = 1000


class Root:
    """Writes the archive of a root into `file`, which the caller opens and closes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT)  # noqa: SIM115
        self._made: set[str] = set()
        for name in ("usr", *(f"usr/{merged}" for merged in _MERGED)):
            self.add_folder(name)
        for name in _MERGED:
            self._add_link(name, f"usr/{name}")
        for name in ("etc", "proc", "sys", "dev", "run", "root"):
            self.add_folder(name)
        self.add_folder("tmp", mode=0o1777)
        self.add_text("etc/passwd", _PASSWD)
        self.add_text("etc/group", _GROUP)
        self.add_text("etc/nsswitch.conf", "hosts: files dns\n")

    def add_package(self, deb: Path) -> None:
        """Add the files of a Debian package; none of its scripts is run."""
        command = ["dpkg-deb", "--fsys-tarfile", deb]
        with (
            subprocess.Popen(command, stdout=subprocess.PIPE) as unpacking,
            tarfile.open(fileobj=unpacking.stdout, mode="r|") as package,
        ):
            for member in package:
                member.name = _merge(member.name)
                if member.islnk():
                    member.linkname = _merge(member.linkname)
                if not _LEFT_OUT.match(f"{member.name}/" if member.isdir() else member.name):
                    self._add(member, package.extractfile(member) if member.isreg() else None)

    def add_file(self, source: Path, name: str, *, mode: int = 0o755) -> None:
        """Add a file of this machine under another name."""
        self._add_parents(name)
        member = _member(name, mode=mode, kind=tarfile.REGTYPE)
        member.size = source.stat().st_size
        with source.open("rb") as content:
            self._add(member, content)

    def add_tree(self, source: Path, name: str) -> None:
        """Add a folder of this machine with all in it."""
        for path in sorted(source.rglob("*")):
            if path.is_file():
                mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
                self.add_file(path, f"{name}/{path.relative_to(source)}", mode=mode)

    def add_text(self, name: str, text: str, *, mode: int = 0o644) -> None:
        """Add a file of this content."""
        self._add_parents(name)
        member = _member(name, mode=mode, kind=tarfile.REGTYPE)
        content = text.encode()
        member.size = len(content)
        self._add(member, io.BytesIO(content))

    def add_folder(self, name: str, *, mode: int = 0o755, owner: int = 0) -> None:
        """Add an empty folder."""
        self._add_parents(name)
        member = _member(name, mode=mode, kind=tarfile.DIRTYPE)
        member.uid = member.gid = owner
        self._add(member, None)

    def close(self) -> None:
        """Finish the archive."""
        self._tar.close()

    def _add_link(self, name: str, target: str) -> None:
        member = _member(name, mode=0o777, kind=tarfile.SYMTYPE)
        member.linkname = target
        self._add(member, None)

    def _add_parents(self, name: str) -> None:
        for parent in reversed(PurePosixPath(name).parents[:-1]):
            self._add(_member(str(parent), mode=0o755, kind=tarfile.DIRTYPE), None)

    def _add(self, member: tarfile.TarInfo, content: IO[bytes] | None) -> None:
        if member.name not in self._made:
            self._made.add(member.name)
            self._tar.addfile(member, content)


def _member(name: str, *, mode: int, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.mode, member.type = mode, kind
    return member


def _merge(name: str) -> str:
    """Put what a package has in ``/bin`` and the like where all of it is now."""
    clean = str(PurePosixPath(name))
    return f"usr/{clean}" if clean.split("/", maxsplit=1)[0] in _MERGED else clean


_PASSWD = f"""\
root:x:0:0:root:/root:/bin/sh
postgres:x:{POSTGRES}:{POSTGRES}::/home/postgres:/bin/sh
"""
_GROUP = f"""\
root:x:0:
postgres:x:{POSTGRES}:
"""
