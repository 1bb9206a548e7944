from typing import Any

import pytest

from basetype_benchmark.config.modes import Mode
from basetype_benchmark.errors import UsageError
from basetype_benchmark.units import GIB
from basetype_benchmark.workflows.plans.request import RunRequest, settle_mode

ONE, TWO = (GIB,), (GIB, 2 * GIB)


@pytest.mark.parametrize(
    ("wishes", "mode"),
    [
        ({}, Mode.QUICK),
        ({"ram_bytes": ONE}, Mode.QUICK),
        ({"ram_bytes": TWO}, Mode.SELECT),
        ({"scales": "tiny"}, Mode.SELECT),
        ({"durations": "2d,1w"}, Mode.SELECT),
        ({"mode": Mode.SELECT}, Mode.SELECT),
        ({"mode": Mode.FULL, "ram_bytes": TWO}, Mode.FULL),
        ({"mode": Mode.GRADIENT, "levels_bytes": TWO, "bisects": True}, Mode.GRADIENT),
    ],
)
def test_the_mode_is_the_one_asked_for_or_the_one_the_wishes_are_for(
    wishes: dict[str, Any], mode: Mode
) -> None:
    assert settle_mode(RunRequest(**wishes)) is mode


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ({"levels_bytes": ONE}, "add --mode gradient"),
        ({"is_auto": True}, "add --mode gradient"),
        ({"mode": Mode.FULL, "bisects": True}, "add --mode gradient"),
        ({"mode": Mode.GRADIENT, "ram_bytes": ONE}, "--ram is for the other modes"),
        ({"mode": Mode.GRADIENT, "levels_bytes": ONE, "is_auto": True}, "leave out --auto"),
        ({"mode": Mode.GRADIENT, "cells": ("*",)}, "--cells is not for a gradient"),
        ({"mode": Mode.QUICK, "ram_bytes": TWO}, "takes one RAM level"),
        ({"mode": Mode.QUICK, "scales": "tiny"}, "for --mode select or full, not quick"),
        ({"mode": Mode.GRADIENT, "durations": "2d"}, "for --mode select or full, not gradient"),
    ],
)
def test_wishes_that_would_not_be_used_are_refused(wishes: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        settle_mode(RunRequest(**wishes))
