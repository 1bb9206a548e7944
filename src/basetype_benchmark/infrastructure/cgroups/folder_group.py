"""A server's own group as folders that root makes: one in version 2, several in version 1."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.infrastructure.cgroups.kill_count import KillCount
from basetype_benchmark.infrastructure.cgroups.server_group import (
    FindPid,
    hold_folder,
    join_launcher,
    make_folder,
    remove_folders,
    require_joinable,
)


@dataclass(frozen=True, kw_only=True)
class GroupLayout:
    """What differs by version: the folders, where kills are counted, and what reads the use."""

    method: str
    folders: Sequence[Path]
    kills: Path | None
    make_meter: Callable[[], Meter]


class FolderGroup:
    """Groups right under the roots of their hierarchies, as far as we see these.

    Not inside of the harness's own groups: its limit would be the server's too, and the server's
    use part of its own. The folders are there before.
    """

    def __init__(self, layout: GroupLayout) -> None:
        self.method = layout.method
        self.launcher = join_launcher(layout.folders)
        self._layout = layout
        with ExitStack() as stack:
            for folder in layout.folders:
                stack.callback(os.close, hold_folder(folder))
            self._kills = stack.enter_context(closing(KillCount(layout.kills)))
            self._open = stack.pop_all()

    def open_meter(self, _find_pid: FindPid) -> Meter:
        """Read these groups."""
        return self._layout.make_meter()

    def oom_kills(self) -> int | None:
        """Read the count; after the removal, give the last one."""
        return self._kills.read()

    def remove(self) -> None:
        """Kill what is left in the groups and remove them."""
        with self._open:
            self._kills.read()
            remove_folders(self._layout.folders)

    def close(self) -> None:
        """Give back what is open, and leave the groups as they are."""
        self._open.close()


def open_folder_group(layout: GroupLayout, limit: Callable[[], None]) -> FolderGroup:
    """Make the groups, and set the limit by `limit` before anything joins.

    Raises:
        LimitRefused: they cannot be made, limited or joined; none is left.
    """
    with ExitStack() as stack:
        for folder in layout.folders:
            make_folder(folder)
            stack.callback(remove_folders, [folder])
        limit()
        group = FolderGroup(layout)
        stack.callback(group.close)
        require_joinable(group.launcher)
        stack.pop_all()
    return group
