"""Which code and settings made a result: what tells a result that may be kept from one to redo."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import basetype_benchmark
from basetype_benchmark.config.protocol import Protocol

PACKAGE_DIR = Path(basetype_benchmark.__file__).parent
_CODE_SUFFIXES = frozenset(
    {".py", ".yaml", ".sql", ".rq", ".cypher", ".json", ".j2", ".css", ".js"}
)


@dataclass(frozen=True, kw_only=True)
class CodeVersion:
    """The code that runs."""

    package: str
    """Version of the package."""
    digest: str
    """Over the content of the package's files: equal code has an equal digest, committed or not,
    installed or not."""
    commit: str | None = None
    """The commit that is checked out. None: not a git checkout."""
    is_dirty: bool | None = None
    """Whether files of the package differ from it. None: not a git checkout."""


@cache
def code_version() -> CodeVersion:
    """Describe the code that runs now."""
    commit = _git("rev-parse", "HEAD")
    changes = None if commit is None else _git("status", "--porcelain", "--", ".")
    return CodeVersion(
        package=basetype_benchmark.__version__,
        digest=code_digest(PACKAGE_DIR),
        commit=commit,
        is_dirty=None if changes is None else bool(changes),
    )


def code_digest(folder: Path) -> str:
    """Digest code, queries, templates and configuration under `folder`, by path and content."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in _CODE_SUFFIXES):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def cell_fingerprint(
    *,
    code: CodeVersion,
    dataset_fingerprint: str,
    scenario: str,
    queries: Sequence[str],
    protocol: Protocol,
    ram_bytes: int | None,
    graph_share: float | None = None,
    reuses_store: bool = False,
    services: Mapping[str, str],
    host_class: str,
) -> str:
    """Digest everything that decides what a cell measures.

    `services` says by engine where it runs: ``local``, the image of its container or the URL of an
    external server; `host_class` is the machine in words.
    `graph_share` is how a RAM limit is split over two servers, None for one; with `reuses_store`
    the server is started anew, with cold files, between load and measurement.
    """
    facts = {
        "code": code.digest,
        "dataset": dataset_fingerprint,
        "scenario": scenario,
        "queries": list(queries),
        "protocol": asdict(protocol),
        "ram_bytes": ram_bytes,
        "graph_share": graph_share,
        "reuses_store": reuses_store,
        "services": dict(services),
        "host": host_class,
    }
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _git(*arguments: str) -> str | None:
    """Ask git about this package's own files; None where they are not tracked by a repository."""
    try:
        tracked = _run_git("ls-files", "--error-unmatch", "__init__.py")
        return None if tracked is None else _run_git(*arguments)
    except FileNotFoundError:
        return None


def _run_git(*arguments: str) -> str | None:
    done = subprocess.run(
        ["git", "-C", str(PACKAGE_DIR), *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else None
