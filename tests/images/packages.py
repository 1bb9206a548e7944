"""Debian packages for images: resolved and downloaded by the machine's own apt, installed nowhere.

The images are of one release of Debian, whatever this machine has. apt works on a state of its
own, in which nothing is installed, so that it resolves everything down to the C library.
"""

import platform
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

SUITE = "trixie"


class Packages:
    """The packages of `SUITE`, from the mirror that this machine uses; files go into `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("lists/partial", "cache/archives/partial", "debs"):
            (folder / name).mkdir(parents=True)
        (folder / "status").touch()
        (folder / "sources.list").write_text(f"deb {find_mirror()} {SUITE} main\n")
        self._apt("update", "-qq")

    def resolve(self, packages: Sequence[str], *, without: str = "(?!)") -> list[str]:
        """Give these packages with all they depend on, less those whose name matches `without`."""
        plan = self._apt("install", "--simulate", "--quiet", *packages)
        names = re.findall(r"^Inst (\S+)", plan, flags=re.MULTILINE)
        return [name for name in names if not re.match(without, name)]

    def download(self, names: Iterable[str]) -> dict[str, Path]:
        """Download packages, without their dependencies, and give the files by name."""
        debs = self._folder / "debs"
        self._apt("download", "-qq", *sorted(set(names)), cwd=debs)
        return {path.name.split("_")[0]: path for path in debs.glob("*.deb")}

    def _apt(self, *arguments: str, cwd: Path | None = None) -> str:
        options = {
            "Dir::State": self._folder,
            "Dir::State::lists": self._folder / "lists",
            "Dir::State::status": self._folder / "status",
            "Dir::Cache": self._folder / "cache",
            "Dir::Etc::sourcelist": self._folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "APT::Sandbox::User": "root",
            "APT::Install-Recommends": "false",
            "Acquire::Languages": "none",
            "Debug::NoLocking": "true",
        }
        given = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        return _run(["apt-get", *given, *arguments], cwd)


def find_mirror() -> str:
    """Give the mirror from which this machine has its own release of Debian."""
    release = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    line = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    told = _run(["apt-get", "indextargets", "--format", line, "Identifier: Packages"], None)
    for uri, suite, component in (entry.split() for entry in told.splitlines()):
        if suite == release and component == "main" and "debian" in uri:
            return uri
    raise RuntimeError(
        f"no mirror of Debian {release} among the sources of apt, which are read after apt-get "
        "update; another system has none: build in a container of Debian, as ci.yml does"
    )


def _run(command: Sequence[str], cwd: Path | None) -> str:
    done = subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]} {command[-1]}: {done.stderr.strip()}")
    return done.stdout
