"""Generation gives the same content on every processor, for any number of workers.

NumPy and the C library choose their elementary functions by what the processor can do, and these
differ by a last bit. Here they are made to choose as older processors would.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generation import generate_dataset
from tests.integration.generation import ROOT, digest_exponentials

_GENERATE = """
import sys
from pathlib import Path

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generation import generate_dataset
from tests.integration.generation import digest_exponentials

made = generate_dataset(find_profile("tiny-2d"), 42, Path(sys.argv[1]), workers=int(sys.argv[2]))
print(made.fingerprint, digest_exponentials())
"""

_WITH_FUNCTIONS_OFF_BY_A_LITTLE = f"""
import math

import numpy as np

rng = np.random.default_rng(4711)


def off(function):
    def result(*arguments):
        right = function(*arguments)
        wrong = right * (1 + 1e-12 * rng.uniform(-1, 1, np.shape(right)))
        return np.where(right == 1, right, wrong)  # one to any power is exact everywhere

    return result


for name in ("exp", "sin", "cos", "tan", "arcsin", "arctan", "arctan2", "log10", "power"):
    setattr(np, name, off(getattr(np, name)))
math.exp = off(math.exp)
{_GENERATE}
"""

_FOUND = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
_OLD_C_LIBRARY = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F"}
_PROCESSORS = {
    "without the newest instructions": {"NPY_DISABLE_CPU_FEATURES": " ".join(_FOUND[1:])},
    "as plain as can be": {"NPY_DISABLE_CPU_FEATURES": " ".join(_FOUND), **_OLD_C_LIBRARY},
}


@pytest.fixture(scope="module")
def fingerprint(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What this process makes of tiny-2d."""
    folder = tmp_path_factory.mktemp("here") / "tiny-2d"
    return generate_dataset(find_profile("tiny-2d"), 42, folder, workers=1).fingerprint


def generated(
    folder: Path, environment: dict[str, str], *, workers: int = 1, script: str = _GENERATE
) -> tuple[str, str]:
    """Fingerprint of what another process makes, and the digest of its exponentials."""
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder), str(workers)],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made, exponentials = done.stdout.split()
    return made, exponentials


@pytest.mark.parametrize("processor", _PROCESSORS)
def test_another_processor_makes_the_same(processor: str, fingerprint: str, tmp_path: Path):
    made, exponentials = generated(tmp_path / "there", _PROCESSORS[processor])
    assert made == fingerprint
    if platform.machine() == "x86_64" and "X86_V4" in _FOUND:  # what NumPy's own exponential needs
        assert exponentials != digest_exponentials()


@pytest.mark.thorough
def test_code_compiled_for_a_generic_processor_makes_the_same(fingerprint: str, tmp_path: Path):
    environment = {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NUMBA_CACHE_DIR": str(tmp_path / "compiled"),
        "OPENBLAS_CORETYPE": "Prescott",
    }
    assert generated(tmp_path / "there", environment)[0] == fingerprint
    assert any((tmp_path / "compiled").rglob("*.nbc"))


@pytest.mark.thorough
def test_interpreted_code_makes_the_same(fingerprint: str, tmp_path: Path):
    assert generated(tmp_path / "there", {"NUMBA_DISABLE_JIT": "1"})[0] == fingerprint


@pytest.mark.thorough
def test_three_workers_with_other_hashes_make_the_same(fingerprint: str, tmp_path: Path):
    made, _ = generated(tmp_path / "there", {"PYTHONHASHSEED": "4711"}, workers=3)
    assert made == fingerprint


@pytest.mark.thorough
def test_nothing_hangs_on_the_last_bits_of_elementary_functions(fingerprint: str, tmp_path: Path):
    made, _ = generated(
        tmp_path / "there",
        {"NUMBA_DISABLE_JIT": "1"},  # compiled code would not see the functions that are off
        script=_WITH_FUNCTIONS_OFF_BY_A_LITTLE,
    )
    assert made == fingerprint
