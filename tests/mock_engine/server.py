"""A real server with a known nature: how long it takes, how much it holds, what it answers.

It logs its own service time of every query and its own memory: what the harness finds is compared
with that, not with what was intended. Run by file with ``-I -S``: a Python of a few MiB. One line
of JSON is a request, and one an answer.
"""

import argparse
import json
import mmap
import random
import socket
import time
from pathlib import Path
from typing import Any, TextIO

MIB = 1 << 20
PAGE = 4096
LOG = "served.jsonl"


class Server:
    """Holds memory after a load, more after each query, and answers what it was loaded with."""

    def __init__(self, options: argparse.Namespace, log: TextIO) -> None:
        self._options = options
        self._log = log
        self._latencies = random.Random(options.seed)
        self._answers: dict[str, Any] = {}
        self._counts: dict[str, Any] = {}
        self._held: list[mmap.mmap] = []

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        handle = {
            "ping": lambda: {"title": "Mock engine 1.0"},
            "clear": self._clear,
            "load": lambda: self._load(request["answers"], request["counts"]),
            "count": lambda: self._counts,
            "query": lambda: self._query(request["key"]),
        }
        return handle[request["do"]]()

    def _clear(self) -> dict[str, Any]:
        self._answers, self._counts, self._held = {}, {}, []
        return {}

    def _load(self, answers: dict[str, Any], counts: dict[str, Any]) -> dict[str, Any]:
        self._hold(round(self._options.hold_mib * MIB))
        self._answers, self._counts = answers, counts
        return {}

    def _query(self, key: str) -> dict[str, Any]:
        begin_ns = time.perf_counter_ns()
        drawn_s = self._latencies.lognormvariate(0, self._options.sigma) * self._options.median_s
        self._hold(round(self._options.grow_mib * MIB))
        left_s = drawn_s - (time.perf_counter_ns() - begin_ns) / 1e9
        time.sleep(max(0.0, left_s))
        answer = self._answers.get(key)
        took_ns = time.perf_counter_ns() - begin_ns
        memory = {"own_kib": read_kib("RssAnon"), "resident_kib": read_kib("VmRSS")}
        entry = {"key": key, "took_ns": took_ns, "drawn_s": drawn_s, **memory}
        print(json.dumps(entry), file=self._log, flush=True)
        return {"error": "nothing is loaded"} if answer is None else answer

    def _hold(self, size: int) -> None:
        """Take memory and touch every page, or the kernel would not count it."""
        if size >= PAGE:
            memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            for offset in range(0, size, PAGE):
                memory[offset] = 1
            self._held.append(memory)


def read_kib(name: str) -> int:
    """Read one figure of this process's memory as the kernel counts it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise RuntimeError(f"/proc/self/status tells no {name}")


def serve(options: argparse.Namespace) -> None:
    with Path(options.data, LOG).open("a") as log, socket.socket(socket.AF_UNIX) as listener:
        server = Server(options, log)
        listener.bind(options.socket)
        listener.listen()
        while True:
            peer, _ = listener.accept()
            with peer, peer.makefile("rwb") as stream:
                for line in stream:
                    stream.write(json.dumps(server.answer(json.loads(line))).encode() + b"\n")
                    stream.flush()


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--seed", type=int, required=True)
    for name in ("--median-s", "--sigma", "--hold-mib", "--grow-mib"):
        parser.add_argument(name, type=float, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    serve(read_options())
