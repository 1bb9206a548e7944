"""What the monitor says of any course of a cell follows from the readings it keeps."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.analysis.verify.bundle import Bundle
from basetype_benchmark.analysis.verify.tally import Check
from basetype_benchmark.analysis.verify.use_check import check_use
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.journal import JournalContent
from basetype_benchmark.benchmark.monitoring.resource_use import HARNESS, HOST
from basetype_benchmark.benchmark.monitoring.resources_io import write_cell_readings
from basetype_benchmark.benchmark.monitoring.source_recorder import MeteredSource
from basetype_benchmark.benchmark.resource_monitor import ResourceMonitor
from basetype_benchmark.benchmark.results_io import CELLS_DIR
from tests.meters import FakeMeter, SetClock
from tests.records import make_campaign, make_cell, make_query, make_result

SECOND = 1_000_000_000
SOURCES = ("postgresql", HARNESS, HOST)
ACTIONS = st.sampled_from(["wait", "hold", "use", "anew", "gone", "back", "read", "execute"])
COURSES = st.lists(
    st.lists(st.tuples(ACTIONS, st.integers(0, 2), st.integers(0, 3 * SECOND)), max_size=12),
    min_size=1,
    max_size=4,
)


class Course:
    """A monitor over three sources, and what happens to them."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.meters = [FakeMeter(), FakeMeter(), FakeMeter(has_peak=False)]
        self.monitor = ResourceMonitor(
            [
                MeteredSource(name=name, meter=meter, has_executions=name != HOST)
                for name, meter in zip(SOURCES, self.meters, strict=True)
            ],
            clock=self.clock,
            reading_share=1e9,
        )
        self.executions = 0

    def do(self, action: str, which: int, amount: int) -> None:
        meter = self.meters[which]
        match action:
            case "wait":
                self.clock.now_ns += amount
            case "hold":
                meter.set(memory_bytes=amount, anonymous_bytes=amount // 2)
            case "use":
                meter.use(cpu_user_ns=amount, cpu_system_ns=amount // 3, read_bytes=amount)
            case "anew":
                meter.begin_anew()
            case "gone" | "back":
                meter.is_readable = action == "back"
            case "read":
                self.monitor.read_due()
            case "execute" if self.executions < 3:
                self.executions += 1
                self.monitor.begin_execution("Q7")
                meter.use(cpu_user_ns=amount, read_bytes=1)
                self.clock.now_ns += amount
                self.monitor.end_execution("Q7")


def check(record: CellRecord, folder: Path) -> Check:
    bundle = Bundle(
        folder=folder,
        campaign=make_campaign(),
        environment=None,
        gradient=None,
        journal=JournalContent(entries=(), torn_lines=0),
        sentinel=(),
        cells={record.cell: record},
        checksums=None,
    )
    return check_use(bundle)


def record_of(course: Course) -> CellRecord:
    use = course.monitor.result()
    query = replace(make_query(), resources=course.monitor.query_use("Q7"))
    total = sum(phase.elapsed_ns for phase in use.phases)
    result = replace(make_result(queries=(query,)), resources=use, load=None, elapsed_ns=total)
    return make_cell(result=result)


@given(COURSES)
def test_no_course_of_a_cell_is_taken_for_a_forgery(
    phases: list[list[tuple[str, int, int]]],
) -> None:
    course = Course()
    for number, actions in enumerate(phases):
        is_last = number == len(phases) - 1
        with course.monitor.phase("measure" if is_last else f"phase {number}"):
            for action in actions:
                if is_last or action[0] != "execute":
                    course.do(*action)
        course.clock.now_ns += SECOND
        course.monitor.read_due()
    record = record_of(course)
    with tempfile.TemporaryDirectory() as folder:
        write_cell_readings(Path(folder) / CELLS_DIR, record.cell, course.monitor.log)
        found = check(record, Path(folder))
    assert found.findings == ()
    assert found.compared > 0


def test_a_restart_that_was_not_or_is_left_out_is_noticed(tmp_path: Path) -> None:
    course = Course()
    with course.monitor.phase("measure"):
        course.do("use", 0, SECOND)
        course.monitor.begin_execution("Q7")
        course.do("anew", 0, 0)
        course.monitor.end_execution("Q7")
        course.do("use", 0, 5)
    record = record_of(course)
    write_cell_readings(tmp_path / CELLS_DIR, record.cell, course.monitor.log)
    assert check(record, tmp_path).findings == ()
    use = record.result.resources
    assert use is not None
    [phase] = use.phases
    assert phase.sources[0].counter_restarts == 1
    for index, restarts in ((0, 0), (1, 1)):
        sources = list(phase.sources)
        sources[index] = replace(sources[index], counter_restarts=restarts)
        forged = replace(use, phases=(replace(phase, sources=tuple(sources)),))
        wrong = replace(record, result=replace(record.result, resources=forged))
        fields = {finding.field.rpartition(".")[2] for finding in check(wrong, tmp_path).findings}
        assert fields & {"counter_restarts", "cpu_user_ns"}
