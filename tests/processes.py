"""How ``pytest -n`` deals the tests out: what shares servers or datasets stays in one process."""

import re

from xdist.scheduler import LoadScopeScheduling

from basetype_benchmark.config.scenarios import SCENARIOS

_SCENARIO = re.compile(r"^tests/conformance/.*\[([A-Z][0-9]+)\b")


class SharingScheduling(LoadScopeScheduling):
    """Gives a process a whole file, or all tests of the conformance suite for one engine.

    xdist has ``--dist loadgroup`` for that, which does nothing with pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return shared_by(nodeid)


def shared_by(nodeid: str) -> str:
    """Name what the test of this id shares with others.

    Scenarios of one graph store share its server; the id of a scenario comes first in brackets.
    """
    found = _SCENARIO.match(nodeid)
    if found is None or found[1] not in SCENARIOS:
        return nodeid.split("::", maxsplit=1)[0]
    return SCENARIOS[found[1]].graph.engine
