"""The command ``btb``: which commands there are, and how a command ends."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType
from typing import Annotated

import typer

from basetype_benchmark import __version__
from basetype_benchmark.cli import dataset, doctor, queries, query, run, scenarios, validate
from basetype_benchmark.cli.formatters import print_err
from basetype_benchmark.errors import BenchmarkError, HostError

DEBUG_OPTION = "--debug"
INTERRUPTED = 130

app = typer.Typer(
    name="btb",
    help="Which storage does a building's digital twin need? Real servers, one simulated "
    "building, thirteen queries, every answer checked.",
    epilog="First time? btb dataset generate tiny-2d, then btb validate tiny-2d, then "
    "btb run tiny-2d. Any command takes --debug to show the stack trace of an error.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(dataset.app, name="dataset")
app.add_typer(queries.app, name="queries")
app.command("scenarios")(scenarios.show_scenarios)
app.command("doctor")(doctor.show_doctor)
app.command("query")(query.run_query)
app.command("validate")(validate.run_validation)
app.command("run")(run.run_benchmark)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"btb {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; an error is one line on standard error."""
    is_debug = DEBUG_OPTION in arguments
    kept = [argument for argument in arguments if argument != DEBUG_OPTION]
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = app(kept, prog_name="btb", standalone_mode=False)
    except typer.TyperException as error:
        return _fail(error, error.format_message(), error.exit_code, is_debug)
    except BenchmarkError as error:
        return _fail(error, str(error), error.exit_code, is_debug)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing may be written to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        # What no module below could put in better words: a file that is not ours to read.
        place = f"{error.filename}: " if error.filename else ""
        reason = f"{place}{error.strerror or error}; see that it is yours to use, or free some"
        return _fail(error, reason, HostError.exit_code, is_debug)
    except Exception as error:  # noqa: BLE001 - the last resort: a line instead of a stack trace
        reason = f"unexpected {type(error).__name__}: {error}; this is a fault of btb, see --debug"
        return _fail(error, reason, 1, is_debug)
    finally:
        signal.signal(signal.SIGTERM, previous)
    if code == INTERRUPTED:
        print_err("interrupted; the servers that btb started are stopped")
    return int(code or 0)


def _fail(error: Exception, text: str, exit_code: int, is_debug: bool) -> int:
    if is_debug:
        traceback.print_exception(error)
    print_err(text)
    return exit_code


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Treat being told to end like Ctrl-C, so that servers are stopped in the same way."""
    signal.raise_signal(signal.SIGINT)
