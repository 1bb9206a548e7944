"""A harness to be interrupted and killed: opens one service and says so on its standard output.

Usage: python -m tests.integration.harness ENGINE DATA_DIR
"""

import sys
from pathlib import Path

from basetype_benchmark.errors import BenchmarkError
from basetype_benchmark.infrastructure.services.arcadedb import open_arcadedb
from basetype_benchmark.infrastructure.services.duckdb import open_duckdb
from basetype_benchmark.infrastructure.services.falkordb import open_falkordb
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.infrastructure.services.postgres import open_postgres

OPENERS = {
    "postgresql": open_postgres,
    "oxigraph": open_oxigraph,
    "falkordb": open_falkordb,
    "arcadedb": open_arcadedb,
    "duckdb": open_duckdb,
}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(engine: str, data_dir: str) -> None:
    try:
        with OPENERS[engine](Path(data_dir)) as service:
            say(f"ready {service.pid}")
            sys.stdin.read()  # until the test closes it
    except BenchmarkError as error:
        say(f"refused {error}")
        raise SystemExit(error.exit_code) from None


if __name__ == "__main__":
    main(*sys.argv[1:])
