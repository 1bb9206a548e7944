"""Homes with a little of everything, made by hand."""

import os
from dataclasses import replace
from pathlib import Path

from basetype_benchmark.benchmark.checksums import write_checksums
from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, Journal
from basetype_benchmark.benchmark.results_io import write_campaign
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.manifest import write_manifest
from tests.fakes import make_dataset
from tests.records import make_campaign, make_cell, write_whole_cell

LONG_AGO = 1_000_000_000.0


def add_dataset(settings: Settings, name: str, *, is_whole: bool = True) -> Path:
    folder = settings.datasets_dir / name
    folder.mkdir(parents=True)
    (folder / "nodes.parquet").write_bytes(b"x" * 10_000)
    if is_whole:
        write_manifest(folder, make_dataset(folder).manifest)
    return folder


def add_campaign(settings: Settings, name: str, *, is_finished: bool = True) -> Path:
    folder = settings.results_dir / name
    record = replace(make_campaign(), campaign=name)
    write_campaign(folder, record)
    journal = Journal(folder / JOURNAL_FILE)
    journal.add(Event.OPENED)
    if is_finished:
        write_whole_cell(folder, make_cell())
        journal.add(Event.COMPLETED)
        write_checksums(folder)
    return folder


def add_store(settings: Settings, scenario: str, engine: str) -> Path:
    folder = settings.engines_dir / scenario / engine
    folder.mkdir(parents=True)
    (folder / "data").write_bytes(b"x" * 10_000)
    for name in (f"{engine}.lock", f"{engine}.log", f"{engine}.log.1", "loaded.txt"):
        (folder.parent / name).write_text("1\n")
    return folder


def make_old(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (LONG_AGO, LONG_AGO), follow_symlinks=False)
