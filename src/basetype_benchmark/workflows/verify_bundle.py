"""Checks a published result without running an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from basetype_benchmark.analysis.verify.answer_check import check_answers
from basetype_benchmark.analysis.verify.bundle import Bundle, read_bundle
from basetype_benchmark.analysis.verify.checksum_check import check_checksums
from basetype_benchmark.analysis.verify.environment_check import check_environment
from basetype_benchmark.analysis.verify.journal_check import check_journal
from basetype_benchmark.analysis.verify.plan_check import check_plan
from basetype_benchmark.analysis.verify.sample_check import check_samples
from basetype_benchmark.analysis.verify.table_check import check_tables
from basetype_benchmark.analysis.verify.tally import Check, Tally, show
from basetype_benchmark.analysis.verify.use_check import check_use
from basetype_benchmark.benchmark.fingerprint import CodeVersion, code_version
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.workflows.verification.dataset_check import check_dataset
from basetype_benchmark.workflows.verification.disclosure_check import check_disclosure
from basetype_benchmark.workflows.verification.fingerprint_check import check_fingerprints
from basetype_benchmark.workflows.verification.gradient_check import check_gradient
from basetype_benchmark.workflows.verification.page_check import check_pages

_CHECKS = (
    check_checksums,
    check_plan,
    check_fingerprints,
    check_tables,
    check_samples,
    check_answers,
    check_use,
    check_environment,
    check_journal,
    check_gradient,
    check_disclosure,
)

_OF_CONTENT = (ArithmeticError, LookupError, TypeError, ValueError)
"""What malformed content ends in where a check did not foresee it: the files are from strangers."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of all checks. Of a campaign that is not complete, `cells` of `planned` are."""

    folder: Path
    is_complete: bool
    cells: int
    planned: int
    checks: tuple[Check, ...]
    other_code: CodeVersion | None = None
    """The code that made the campaign, where it is not the code that checked it."""

    @property
    def is_ok(self) -> bool:
        """Whether nothing was found wrong; an incomplete campaign can be, so far."""
        return all(check.is_ok for check in self.checks)


def verify_bundle(
    folder: Path, *, settings: Settings | None = None, progress: Progress = SILENT
) -> Verdict:
    """Check everything that can be checked of a campaign's files.

    With `settings`, the datasets of its home are read, and the oracle's answers compared.

    Raises:
        DatasetError: a dataset that is there is damaged.
    """
    bundle, schemas = read_bundle(folder)
    if bundle is None:
        return Verdict(folder=folder, is_complete=False, cells=0, planned=0, checks=(schemas,))
    made_by = bundle.campaign.code
    checks = [schemas, *_run_checks(bundle, progress)]
    checks.append(_check_pages(bundle, checks, progress))
    if settings is not None:
        checks.append(check_dataset(bundle, settings, progress))
    return Verdict(
        folder=folder,
        is_complete=bundle.checksums is not None,
        cells=len(bundle.cells),
        planned=len(bundle.campaign.cells),
        checks=tuple(checks),
        other_code=None if made_by.digest == code_version().digest else made_by,
    )


def _run_checks(bundle: Bundle, progress: Progress) -> Iterator[Check]:
    with progress.task("checks", len(_CHECKS), "checks") as task:
        for check in _CHECKS:
            found = _guard(check, bundle, progress)
            if found is not None:
                yield found
            task.advance()


def _check_pages(bundle: Bundle, before: Sequence[Check], progress: Progress) -> Check:
    is_sound = all(check.is_ok for check in before)
    with progress.task("pages", 1, "checks") as task:
        found = _guard(partial(check_pages, is_sound=is_sound), bundle, progress)
        task.advance()
    assert found is not None  # every campaign has pages
    return found


def _guard(
    check: Callable[[Bundle], Check | None], bundle: Bundle, progress: Progress
) -> Check | None:
    """Make a check; one that cannot bear the files is a finding, and loses no other."""
    try:
        return check(bundle)
    except _OF_CONTENT as error:
        progress.trace(error)
        tally = Tally("errors", "no check ends with an error")
        problem = f"cannot be checked: {type(error).__name__}: {show(str(error))}"
        tally.demand(False, f"{bundle.folder.name}/", "", problem)
        return tally.result()
