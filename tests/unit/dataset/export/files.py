"""What lies in the folder of an export."""

import gzip
from pathlib import Path

from basetype_benchmark.dataset.export.manifest import EXPORT_MANIFEST_NAME
from basetype_benchmark.dataset.export.relational import scripts

_SHOWN_LINES = 30
_SHOWN_LINES_OF_TURTLE = 1_000  # all of a toy: it is the only file of its format
_SHOWN_CHARACTERS = 160
_COPIED = {
    scripts.TABLES,
    scripts.CONSTRAINTS,
    scripts.SERIES_NATIVE,
    scripts.SERIES_TIMESCALEDB,
    scripts.SERIES_INDEX,
}


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file by its name, with slashes."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def read_data(folder: Path, name: str) -> bytes:
    """One file of data, compressed or not."""
    packed = folder / f"{name}.gz"
    return (
        gzip.decompress(packed.read_bytes()) if packed.is_file() else (folder / name).read_bytes()
    )


def describe_folder(folder: Path) -> str:
    """All files in one text, ``export.json`` first: it holds the digest of those that are cut.

    The scripts that an export copies from the package are left to their digest.
    """
    files = read_folder(folder)
    shown = [EXPORT_MANIFEST_NAME, *(name for name in files if name != EXPORT_MANIFEST_NAME)]
    return "".join(
        f"=== {name}\n{_cut(name, files[name].decode())}" for name in shown if name not in _COPIED
    )


def _cut(name: str, text: str) -> str:
    most = _SHOWN_LINES_OF_TURTLE if name.endswith(".ttl") else _SHOWN_LINES
    lines = text.splitlines()
    shown = [
        line if len(line) <= _SHOWN_CHARACTERS else f"{line[:_SHOWN_CHARACTERS]}…"
        for line in lines[:most]
    ]
    left = len(lines) - len(shown)
    return "\n".join([*shown, *([f"… {left} lines more"] if left else [])]) + "\n"
