"""Control groups as the kernel's documentation shows them, in a folder of the test's own."""

import shutil
from pathlib import Path

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.infrastructure.cgroup_monitor import open_cgroup_meter

GOLDEN = Path(__file__).parents[2] / "golden" / "cgroups"
IN_A_GROUP, IN_THE_ROOT = 4242, 4243


class CgroupTree:
    """A copy of one golden tree: ``proc`` and ``cgroup``."""

    def __init__(self, version: str, folder: Path) -> None:
        shutil.copytree(GOLDEN / version, folder, dirs_exist_ok=True)
        self.proc, self.root = folder / "proc", folder / "cgroup"
        mountinfo = self.proc / "self" / "mountinfo"
        self.mount(mountinfo.read_text())

    def mount(self, lines: str) -> None:
        text = lines.replace("@ROOT@", str(self.root))
        (self.proc / "self" / "mountinfo").write_text(text)

    def put_into(self, pid: int, groups: str) -> None:
        (self.proc / str(pid)).mkdir(exist_ok=True)
        (self.proc / str(pid) / "cgroup").write_text(groups)

    def open_meter(self, pid: int = IN_A_GROUP) -> Meter | None:
        return open_cgroup_meter(pid, cgroup_root=self.root, proc=self.proc)
