from pathlib import Path

import pytest

from basetype_benchmark.infrastructure.meters.rapl import open_energy_meter


class Powercap:
    """A folder as the kernel shows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, zone: str, name: str, energy_uj: int, range_uj: int = 1000) -> None:
        folder = self.folder / zone
        folder.mkdir(parents=True)
        (folder / "name").write_text(f"{name}\n")
        (folder / "max_energy_range_uj").write_text(f"{range_uj}\n")
        self.set(zone, energy_uj)

    def set(self, zone: str, energy_uj: int | str) -> None:
        (self.folder / zone / "energy_uj").write_text(f"{energy_uj}\n")


@pytest.fixture
def powercap(tmp_path: Path) -> Powercap:
    return Powercap(tmp_path)


def test_whole_packages_are_added_up_and_their_parts_are_not(powercap: Powercap) -> None:
    powercap.add("intel-rapl:0", "package-0", 100)
    powercap.add("intel-rapl:0:0", "core", 90)
    powercap.add("intel-rapl:1", "package-1", 500)
    powercap.add("intel-rapl:2", "psys", 700)
    powercap.add("intel-rapl-mmio:0", "package-0", 100)
    meter = open_energy_meter(powercap.folder)
    assert meter.read_uj() == 0
    for zone in ("intel-rapl:0", "intel-rapl:0:0", "intel-rapl:2", "intel-rapl-mmio:0"):
        powercap.set(zone, 800)
    powercap.set("intel-rapl:1", 505)
    assert meter.read_uj() == 700 + 5
    meter.close()


def test_a_counter_that_wraps_around_goes_on(powercap: Powercap) -> None:
    powercap.add("intel-rapl:0", "package-0", 900, range_uj=1000)
    meter = open_energy_meter(powercap.folder)
    for energy_uj, total_uj in ((950, 50), (30, 130), (30, 130), (999, 1099), (0, 1100)):
        powercap.set("intel-rapl:0", energy_uj)
        assert meter.read_uj() == total_uj
    meter.close()
    meter.close()


def test_a_counter_that_cannot_be_read_for_once_is_bridged(powercap: Powercap) -> None:
    powercap.add("intel-rapl:0", "package-0", 100)
    meter = open_energy_meter(powercap.folder)
    powercap.set("intel-rapl:0", "")
    assert meter.read_uj() is None
    powercap.set("intel-rapl:0", 160)
    assert meter.read_uj() == 60
    meter.close()


def test_a_host_without_counters_tells_nothing(tmp_path: Path) -> None:
    meter = open_energy_meter(tmp_path / "missing")
    assert meter.read_uj() is None
    meter.close()


def test_counters_that_may_not_be_read_tell_nothing(powercap: Powercap) -> None:
    powercap.add("intel-rapl:0", "package-0", 100)
    (powercap.folder / "intel-rapl:0" / "energy_uj").unlink()
    assert open_energy_meter(powercap.folder).read_uj() is None
