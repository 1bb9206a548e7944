"""Being told to end while a command runs, by whatever signal."""

import signal

import pytest

from basetype_benchmark.cli import invocation
from basetype_benchmark.cli.invocation import INTERRUPTED, invoke

TELL = [signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(autouse=True)
def _keep_handlers():
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, *TELL)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", TELL)
def test_a_command_told_to_end_is_interrupted_and_the_signal_is_as_it_was(
    number, monkeypatch, capsys
):
    ended = []

    def command(*_arguments: object, **_options: object) -> None:
        try:
            signal.raise_signal(number)
        finally:
            ended.append("what it began")

    before = signal.getsignal(number)
    monkeypatch.setattr(invocation, "app", command)
    assert invoke([]) == INTERRUPTED
    assert ended == ["what it began"]
    assert "interrupted" in capsys.readouterr().err
    assert signal.getsignal(number) is before


@pytest.mark.parametrize("number", TELL)
def test_what_is_to_be_ignored_stays_so(number, monkeypatch):
    """``nohup btb run`` outlives its terminal."""
    signal.signal(number, signal.SIG_IGN)
    monkeypatch.setattr(invocation, "app", lambda *_, **__: signal.raise_signal(number))
    assert invoke([]) == 0
    assert signal.getsignal(number) is signal.SIG_IGN
