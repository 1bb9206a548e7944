"""``btb resume``: go on with a campaign that was cut short."""

from __future__ import annotations

from typing import Annotated

import typer

from basetype_benchmark.cli.campaign_run import go_on
from basetype_benchmark.cli.options import AsJson, Home, Notify, Urls
from basetype_benchmark.cli.services import read_pairs
from basetype_benchmark.config.settings import resolve_notify, resolve_settings

Name = Annotated[
    str | None,
    typer.Argument(
        metavar="[CAMPAIGN]",
        help="Its name, or the begin of it. Default: the newest with something left to run.",
    ),
]
Redo = Annotated[
    bool,
    typer.Option(
        "--redo",
        help="Set aside and measure again what was measured with other code, servers or on "
        "another machine.",
    ),
]
RetryFailed = Annotated[
    bool,
    typer.Option(
        "--retry-failed",
        help="Also run cells again that ended in an error or whose server did not come up.",
    ),
]


def resume(
    *,
    name: Name = None,
    redo: Redo = False,
    retry_failed: RetryFailed = False,
    url: Urls = None,
    notify: Notify = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Run the cells of a campaign that have no valid result yet, as it was planned.

    Finished cells are kept. Servers run where they ran; only addresses of external ones are given
    again.
    """
    urls = read_pairs("--url", "URL", url or [], example="oxigraph=http://host:7878")
    go_on(
        name,
        resolve_settings(home),
        urls=urls,
        redoes=redo,
        retries_failed=retry_failed,
        notify=resolve_notify(notify),
        as_json=as_json,
    )
