"""Whether the files are those that the campaign was closed with."""

from __future__ import annotations

from basetype_benchmark.analysis.verify.bundle import Bundle
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.checksums import CHECKSUMS_FILE, list_files
from basetype_benchmark.benchmark.tables_io import digest_file
from basetype_benchmark.errors import CheckFailed


def check_checksums(bundle: Bundle) -> Check:
    """Compute every digest of ``SHA256SUMS`` again."""
    tally = Tally("files", f"every file is the one that {CHECKSUMS_FILE} names, and no other")
    if bundle.checksums is None:
        tally.leave_out(f"there is no {CHECKSUMS_FILE}: the campaign is not complete")
        return tally.result()
    for name, digest in bundle.checksums.items():
        _check_file(bundle, name, digest, tally)
    for name in list_files(bundle.folder):
        if name not in bundle.checksums:
            tally.demand(False, name, "", f"is not in {CHECKSUMS_FILE}")
    return tally.result()


def _check_file(bundle: Bundle, name: str, digest: str, tally: Tally) -> None:
    try:
        path = (bundle.folder / name).resolve()
    except (OSError, RuntimeError, ValueError):  # a circle of links, or no name of a file
        tally.demand(False, CHECKSUMS_FILE, name, "names no file")
        return
    if not path.is_relative_to(bundle.folder.resolve()):
        tally.demand(False, CHECKSUMS_FILE, name, "lies outside of the bundle")
        return
    try:
        found = digest_file(path) if path.is_file() else None
    except CheckFailed:
        found = None
    if found is None:
        tally.demand(False, name, "", "is missing, or cannot be read")
    else:
        tally.demand(found == digest, name, "", f"is not the file that {CHECKSUMS_FILE} names")
