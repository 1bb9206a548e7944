"""Options that several commands share, so that each is spelt and explained once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from basetype_benchmark.config.profiles import DEFAULT_SEED

LARGEST_SEED = 2**63 - 1
"""The largest integer that every format we write can hold."""

MOST_TIMES = 100_000
"""More of anything than a campaign can want: a slip of the keyboard."""

LONGEST_TIMEOUT_S = 86_400

Home = Annotated[
    str | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Folder for datasets, results and server data. Default: $BTB_HOME, else ./btb-home.",
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed", min=0, max=LARGEST_SEED, help=f"Seed of the dataset. Default: {DEFAULT_SEED}."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
ProfileName = Annotated[
    str, typer.Argument(metavar="PROFILE", help="<scale>-<duration>, for instance tiny-2d.")
]
CampaignToRead = Annotated[
    str | None,
    typer.Argument(
        metavar="[CAMPAIGN]",
        help="Its name in --home, the begin of it, or its folder. Default: the newest.",
        show_default=False,
    ),
]
Scenarios = Annotated[
    str | None,
    typer.Option(
        "--scenarios", metavar="IDS", help="For instance P1,O2. Default: all that can run here."
    ),
]
Queries = Annotated[
    str | None,
    typer.Option("--queries", metavar="IDS", help="For instance Q1,Q7. Default: all."),
]
Runs = Annotated[
    int | None,
    typer.Option("--runs", min=1, max=MOST_TIMES, help="Measured runs. Default: by scale."),
]
Warmup = Annotated[
    int | None,
    typer.Option("--warmup", min=0, max=MOST_TIMES, help="Warm-up runs. Default: by scale."),
]
Repeat = Annotated[
    int,
    typer.Option(
        "--repeat", min=1, max=MOST_TIMES, help="Times each scenario is loaded and measured."
    ),
]
PricesFile = Annotated[
    Path | None,
    typer.Option(
        "--prices", metavar="FILE", help="Reckon with these prices instead of those we ship."
    ),
]
PlanOnly = Annotated[bool, typer.Option("--plan", help="Print what would run, and stop.")]
Variants = Annotated[
    int | None,
    typer.Option(
        "--variants", min=1, max=MOST_TIMES, help="Parameter sets per query. Default: by scale."
    ),
]
Variant = Annotated[
    int, typer.Option("--variant", min=1, help="Which parameter set; numbered as in btb run.")
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        min=0.1,
        max=LONGEST_TIMEOUT_S,
        metavar="SECONDS",
        help="Deadline of one execution, a day at most. Default: by scale.",
    ),
]
ProviderName = Annotated[
    str,
    typer.Option(
        "--provider",
        metavar="local|docker|external|auto",
        help="Where the servers run: as child processes, in containers, at the URLs given; auto: "
        "at its URL where one is given, else as a child process, else in a container.",
    ),
]
Urls = Annotated[
    list[str] | None,
    typer.Option(
        "--url",
        metavar="ENGINE=URL",
        help="A running server, for instance oxigraph=http://host:7878; repeat it.",
    ),
]
Images = Annotated[
    list[str] | None,
    typer.Option(
        "--image",
        metavar="ENGINE=IMAGE",
        help="A container image instead of the pinned one, for instance "
        "oxigraph=mirror.example/oxigraph:0.5.11; repeat it.",
    ),
]
Yes = Annotated[
    bool,
    typer.Option("--yes", help="Empty external servers even of what btb did not load."),
]
Notify = Annotated[
    str | None,
    typer.Option(
        "--notify",
        metavar="COMMAND",
        help="A line of the shell to run at the end, however it ends; $BTB_CAMPAIGN, $BTB_EVENT "
        "and $BTB_FOLDER tell of it. Default: $BTB_NOTIFY.",
    ),
]
