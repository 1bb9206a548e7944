from contextlib import closing
from pathlib import Path

from basetype_benchmark.benchmark.resources import NOTHING_READ
from basetype_benchmark.infrastructure.meters.host_meter import HostMeter
from basetype_benchmark.infrastructure.meters.proc_formats import TICK_NS

FILES = {
    "stat": "cpu  1000 20 300 40000 50 6 7 80 9 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n",
    "meminfo": (
        "MemTotal:       1000 kB\nMemFree:         300 kB\nMemAvailable:    600 kB\n"
        "Buffers:          40 kB\nCached:          260 kB\nSwapCached:       10 kB\n"
        "AnonPages:       200 kB\nShmem:            60 kB\nSlab:             50 kB\n"
        "KernelStack:       5 kB\nPageTables:        7 kB\nPercpu:            3 kB\n"
    ),
    "vmstat": "nr_free_pages 5\npgpgin 2048\npgpgout 4096\noom_kill 3\n",
    "pressure/memory": (
        "some avg10=0.00 avg60=0.00 avg300=0.00 total=1500\n"
        "full avg10=0.00 avg60=0.00 avg300=0.00 total=700\n"
    ),
}


def test_the_machine_is_read_as_the_kernel_tells_it(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    with closing(HostMeter(proc=tmp_path)) as meter:
        reading = meter.read()
        assert meter.reset_peak() is False
    assert reading.memory_bytes == 700 * 1024
    assert reading.memory_peak_bytes is None
    assert reading.anonymous_bytes == 260 * 1024
    assert reading.file_bytes == 240 * 1024
    assert reading.kernel_bytes == 65 * 1024
    assert reading.cpu_user_ns == 1020 * TICK_NS
    assert reading.cpu_system_ns == 313 * TICK_NS
    assert reading.read_bytes == 2048 * 1024
    assert reading.written_bytes == 4096 * 1024
    assert reading.memory_pressure_ns == 1_500_000
    assert reading.oom_kills == 3


def test_a_machine_that_tells_nothing_gives_none_and_no_zero(tmp_path: Path) -> None:
    with closing(HostMeter(proc=tmp_path)) as meter:
        assert meter.read() == NOTHING_READ


def test_this_machine_tells_memory_and_cpu_time() -> None:
    with closing(HostMeter()) as meter:
        before = meter.read()
        sum(range(2_000_000))
        after = meter.read()
    assert before.memory_bytes > 10 << 20
    assert after.cpu_user_ns >= before.cpu_user_ns > 0
