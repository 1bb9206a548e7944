"""The commands in tutorial and how-tos, run as they stand there, on a tiny building."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.docs.blocks import (
    RUN_LANGUAGES,
    RUN_PAGES,
    SHOWN_LANGUAGES,
    Block,
    read_blocks,
)

BIN = Path(sys.executable).parent
DATASET = "tiny-2d_seed42"

REPLACED = {
    "small-2d": "tiny-2d",
    "small-1w": "tiny-2d",
    "/var/lib/btb/home": "$PWD/btb-home",
    "/data/exports": "$PWD/exports",
    "source .venv/bin/activate": "true",
}
"""What would take too long, or is elsewhere on a reader's machine; all else is run as it stands."""

NEWEST = "import pathlib; print(max(p.name for p in pathlib.Path('btb-home/results').iterdir()))"


def runnable(page: Path) -> Sequence[Block]:
    blocks = [b for b in read_blocks(page) if b.language in RUN_LANGUAGES]
    return [block for block in blocks if block.reason is None]


PAGES = [page for page in RUN_PAGES if runnable(page)]
ALWAYS = ("first-benchmark", "verify-results", "run-unattended")
"""The other pages take long, and tell to type what is tested elsewhere as well."""


@pytest.fixture(scope="module")
def tiny_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made")
    command = [BIN / "btb", "dataset", "generate", "tiny-2d", "--home", home]
    subprocess.run(command, check=True, capture_output=True)
    return home / "datasets" / DATASET


@pytest.mark.servers
@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=[] if page.stem in ALWAYS else [pytest.mark.thorough])
        for page in PAGES
    ],
    ids=[page.stem for page in PAGES],
)
def test_what_a_page_tells_to_type_works(page: Path, tiny_dataset: Path, tmp_path: Path) -> None:
    script = as_script(runnable(page))
    if "dataset generate tiny-2d" not in script:
        place = tmp_path / "btb-home" / "datasets" / DATASET
        shutil.copytree(tiny_dataset, place, copy_function=os.link)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("BTB_")},
        "PATH": f"{BIN}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{page.name}:\n{done.stdout[-3000:]}"


@pytest.mark.parametrize("page", RUN_PAGES, ids=lambda page: page.stem)
def test_every_block_is_run_or_says_why_not_or_is_only_shown(page: Path) -> None:
    strange = [
        f"{page.name}:{block.line}: ```{block.language}"
        for block in read_blocks(page)
        if block.language not in (*RUN_LANGUAGES, *SHOWN_LANGUAGES)
    ]
    assert strange == []


def test_most_of_the_pages_have_something_that_is_run() -> None:
    assert len(PAGES) >= len(RUN_PAGES) // 2


def as_script(blocks: Sequence[Block]) -> str:
    """Put blocks one after the other into one script of bash, which names each before it runs."""
    parts = []
    for block in blocks:
        text = block.text
        for written, run in REPLACED.items():
            text = text.replace(written, run)
        if "<campaign>" in text:
            newest = f'campaign=$("{sys.executable}" -c "{NEWEST}")\n'
            text = newest + wrap(block, text.replace("<campaign>", "$campaign"))
        else:
            text = wrap(block, text)
        parts.append(f"echo '=== line {block.line}'\n{text}")
    return "\n".join(parts)


def wrap(block: Block, text: str) -> str:
    """Give a block of Python to Python; what stands for a campaign is the shell's to fill in."""
    if block.language != "python":
        return text
    end = "END" if "$campaign" in text else "'END'"
    return f'"{sys.executable}" - <<{end}\n{text}END\n'
