"""``SHA256SUMS``: the digests of all files of a finished campaign, as ``sha256sum -c`` reads them.

It stands for "complete": it is written last, and taken away before anything is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from basetype_benchmark.atomic_files import TEMPORARY_SUFFIX, naming_write_errors, write_atomically
from basetype_benchmark.benchmark.tables_io import digest_file
from basetype_benchmark.errors import CheckFailed

CHECKSUMS_FILE = "SHA256SUMS"
REPORT_FILE = "report.html"
"""The page that says for people what the files say, sealed with them."""
CARD_FILE = "README.md"
"""The card of a published campaign."""

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_BESIDE = re.compile(r".*\.lock|live\.json|published\.json|.*\.log(\.\d+)?")
EXPORTS_DIR = "exports"
"""Where tables are exported to, in the folder of a campaign: they only say again what it says."""

ASIDE_DIR = "set_aside"
"""What a campaign does not read any more and does not delete."""

_ASIDE = (f"{ASIDE_DIR}/", f"{EXPORTS_DIR}/")


def list_files(folder: Path) -> Iterator[str]:
    """Give the files of a campaign by their paths in it, sorted.

    What a running process needs, its log, where it was published, results that were set aside, and
    exports are none of them.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if (
            path.is_file()
            and name != CHECKSUMS_FILE
            and not name.startswith(_ASIDE)
            and not any(part.startswith(".") for part in path.relative_to(folder).parts)
            and not name.endswith(TEMPORARY_SUFFIX)
            and not _BESIDE.fullmatch(path.name)
        ):
            yield name


def write_checksums(folder: Path) -> Path:
    """Write the digests of the files that are there now; nothing may be added after it.

    Raises:
        DiskFull: there is no space left.
    """
    lines = [f"{digest_file(folder / name)}  {name}\n" for name in list_files(folder)]
    write_atomically(folder / CHECKSUMS_FILE, "".join(lines).encode())
    return folder / CHECKSUMS_FILE


def drop_checksums(folder: Path) -> None:
    """Take the digests away before anything changes: what is open again is not complete."""
    with naming_write_errors(folder):
        (folder / CHECKSUMS_FILE).unlink(missing_ok=True)


def read_checksums(folder: Path) -> Mapping[str, str] | None:
    """Read the digests by file; None where there are none: the campaign is not complete.

    Raises:
        CheckFailed: the file cannot be read, or is not what we write.
    """
    path = folder / CHECKSUMS_FILE
    if not path.exists():
        return None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CheckFailed(f"{path} cannot be read: {error}") from error
    found = [_LINE.fullmatch(line) for line in lines]
    torn = next((line for line, match in zip(lines, found, strict=True) if match is None), None)
    if torn is not None:
        raise CheckFailed(f"{path} is torn: {torn[:80]!r} is no digest with the name of a file")
    return {match[2]: match[1] for match in found if match is not None}
