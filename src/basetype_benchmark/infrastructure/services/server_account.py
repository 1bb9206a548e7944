"""Running a server that refuses root: as another account, which may still read below /root."""

from __future__ import annotations

import os
import pwd
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.errors import ServiceUnavailable

CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
CAP_SETPCAP = 8
ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True, kw_only=True)
class Account:
    """The account a server runs as, and the launcher that execs it so; empty for our own."""

    uid: int
    gid: int
    launcher: tuple[str, ...] = ()

    def own(self, folder: Path) -> None:
        """Make a folder the account's, with all that is in it, unless it already is."""
        if not self.launcher or folder.stat().st_uid == self.uid:
            return
        for parent, folders, files in os.walk(folder, topdown=False):
            for name in (*folders, *files):
                os.chown(Path(parent, name), self.uid, self.gid, follow_symlinks=False)
        # Last, so that an interrupted walk is done again.
        os.chown(folder, self.uid, self.gid)


def choose_account() -> Account:
    """Choose our own account, or, as root, ``postgres`` if there is one, else ``nobody``.

    Raises:
        ServiceUnavailable: root, and neither account or no ``setpriv``.
    """
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid())
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise ServiceUnavailable(
            "PostgreSQL refuses to run as root and setpriv, which changes the account, is "
            "missing; run as a normal user or `apt-get install util-linux`"
        )
    entry = _find_entry()
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    launcher = launcher_arguments(setpriv, entry.pw_uid, entry.pw_gid, usable_capabilities(status))
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, launcher=launcher)


def launcher_arguments(
    setpriv: str, uid: int, gid: int, capabilities: frozenset[int]
) -> tuple[str, ...]:
    """Build the command that execs what follows it as `uid`.

    One ambient capability lets the account reach binaries and data below a directory closed to
    it, as /root is; ``no_setuid_fixup`` makes access(2) honour it. Docker's default set lacks
    CAP_DAC_READ_SEARCH but has CAP_DAC_OVERRIDE; with neither, only open directories work.
    """
    arguments = (setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    name = _reading_capability(capabilities)
    if name is None:
        return (*arguments, "--")
    keep = (f"--inh-caps=+{name}", f"--ambient-caps=+{name}", "--securebits=+no_setuid_fixup")
    return (*arguments, *keep, "--")


def usable_capabilities(status: str) -> frozenset[int]:
    """Read from ``/proc/self/status`` the capabilities that we hold and may hand on."""
    masks = [
        int(found.group(1), 16)
        for field in ("CapPrm", "CapEff", "CapBnd")
        if (found := re.search(rf"^{field}:\s*([0-9a-f]+)$", status, re.MULTILINE))
    ]
    return frozenset(
        bit for bit in range(64) if len(masks) == 3 and all(mask >> bit & 1 for mask in masks)
    )


def _reading_capability(capabilities: frozenset[int]) -> str | None:
    if CAP_SETPCAP not in capabilities:
        return None
    if CAP_DAC_READ_SEARCH in capabilities:
        return "dac_read_search"
    return "dac_override" if CAP_DAC_OVERRIDE in capabilities else None


def _find_entry(names: Sequence[str] = ACCOUNTS) -> pwd.struct_passwd:
    for name in names:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServiceUnavailable(
        f"PostgreSQL refuses to run as root and there is no account {' or '.join(names)} to run "
        "it as; run as a normal user or add one"
    )
