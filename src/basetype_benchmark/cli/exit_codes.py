"""With which code a command ends that did its work and found failures in it."""

from __future__ import annotations

from collections.abc import Iterable

from basetype_benchmark import errors
from basetype_benchmark.benchmark.results import BenchmarkResult


def exit_code(results: Iterable[BenchmarkResult]) -> int:
    """Give 0 when all is right, 3 when the host failed a cell, else 1."""
    failed = [result for result in results if not result.is_ok]
    if not failed:
        return 0
    kinds = [getattr(errors, result.error_type, None) for result in failed if result.error_type]
    host = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, errors.HostError)]
    return errors.HostError.exit_code if host else errors.CheckFailed.exit_code
