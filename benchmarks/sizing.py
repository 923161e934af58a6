"""What one core and one replica carry: ``python benchmarks/sizing.py --bundle PATH``.

Starts ``anirec serve`` with one worker on one core and asks it from another with wrk
(``apt-get install wrk``), several short runs of each kind of request. Prints medians: requests per
second of the server's processor time (which others on the machine hardly change), requests per second
of the clock, and the 99th percentile. Then the memory of the whole server (proportional set size) with
one worker and with two. docs/sizing.md says what follows.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

import psutil

from anirec import Recommender
from anirec.pipeline.bench.request_lists import LIST_LENGTH, request_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "http://127.0.0.1"
SERVER_CORE, CLIENT_CORE = 0, 1
CONNECTIONS = 8
MEBIBYTE = 2**20
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}
# One body after the other: the same list each time would only measure a cache.
ASK = """
local bodies = {%s}
local next = 0
request = function()
  next = next %% #bodies + 1
  return wrk.format("POST", "/api/v1/recommendations", {["Content-Type"] = "application/json"}, bodies[next])
end
"""


@contextmanager
def server(bundle: Path, workers: int) -> Iterator[tuple[psutil.Process, str]]:
    """Run ``anirec serve`` on one core; yield its process and address once it is ready."""
    command = ["taskset", "-c", str(SERVER_CORE), sys.executable, "-m", "anirec", "serve"]
    command += ["--bundle", str(bundle), "--port", "0", "--workers", str(workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        said = [started.stdout.readline(), started.stdout.readline()]
        found = re.search(r":(\d+)", said[-1])
        if found is None:
            sys.exit("the server did not start")
        # Read on: with a pipe full of requests' log lines the server would wait for ever.
        Thread(target=deque, args=(started.stdout, 0)).start()
        address = f"{HOST}:{found[1]}"
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=60):
                pass
            yield psutil.Process(started.pid), address
        finally:
            started.terminate()
            started.wait()


def family(process: psutil.Process) -> list[psutil.Process]:
    """Return a server's first process and its workers."""
    return [process, *process.children(recursive=True)]


def memory(process: psutil.Process) -> float:
    """Return the proportional set size of a server, in MiB."""
    return sum(member.memory_full_info().pss for member in family(process)) / MEBIBYTE


def processor_time(process: psutil.Process) -> float:
    """Return the processor seconds that a server has used."""
    return sum(sum(member.cpu_times()[:2]) for member in family(process))


class Run(NamedTuple):
    """One run of wrk."""

    a_core: float
    """Requests per second of processor time."""
    a_second: float
    """Requests per second of the clock."""
    p99_ms: float


def load(process: psutil.Process, url: str, seconds: int, script: Path | None) -> Run:
    """Ask as fast as ``CONNECTIONS`` connections can."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    command += ["-s", str(script)] if script else []
    before = processor_time(process)
    said = subprocess.run(
        ["taskset", "-c", str(CLIENT_CORE), *command, url],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    spent = processor_time(process) - before
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(f"not every request was answered:\n{said}")
    found = re.search(
        r"99%\s*([\d.]+)(us|ms|s).*?(\d+) requests in.*?Requests/sec:\s*([\d.]+)", said, re.DOTALL
    )
    assert found is not None
    slow, unit, requests, rate = found.groups()
    return Run(int(requests) / spent, float(rate), float(slow) * UNITS[unit])


def write_script(recommender: Recommender, lists: int, seed: int, place: Path) -> Path:
    """Write the requests for wrk: lists of ``LIST_LENGTH`` entries, as the gate asks them."""
    bodies = [
        json.dumps(
            {
                "history": [
                    {"anime_id": e.anime_id, "rating": e.rating, "status": e.status}
                    for e in entries
                ]
            }
        )
        for entries in request_lists(recommender, lists, LIST_LENGTH, seed)
    ]
    script = place / "lists.lua"
    script.write_text(ASK % ",".join(f"[==[{body}]==]" for body in bodies))
    return script


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundles/current"))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=5, help="of one run")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    recommender = Recommender.load(arguments.bundle)
    shown = recommender.recommend([], n=1)[0].anime_id
    with tempfile.TemporaryDirectory() as place:
        script = write_script(recommender, 200, arguments.seed, Path(place))
        kinds: list[tuple[str, str, Path | None]] = [
            (f"POST recommendations, {LIST_LENGTH} entries", "", script),
            ("GET similar", f"/api/v1/anime/{shown}/similar", None),
            ("GET search", "/api/v1/anime?q=mo", None),
            ("GET a show's page", f"/anime/{shown}", None),
        ]
        began = time.perf_counter()
        with server(arguments.bundle, workers=1) as (process, address):
            print(f"ready after {time.perf_counter() - began:.1f} s, {memory(process):.0f} MiB")
            print(f"{'':40}{'a core':>8}{'a second':>10}{'p99 ms':>8}   medians")
            for name, path, lua in kinds:
                runs = [
                    load(process, address + path, arguments.seconds, lua)
                    for _ in range(arguments.runs)
                ]
                cored, clocked, slow = (
                    statistics.median(column) for column in zip(*runs, strict=True)
                )
                print(f"{name:40}{cored:8.0f}{clocked:10.0f}{slow:8.0f}")
            print(f"1 worker after the load: {memory(process):.0f} MiB")
        with server(arguments.bundle, workers=2) as (process, address):
            for _, path, lua in kinds:
                load(process, address + path, arguments.seconds, lua)
            print(f"2 workers after the load: {memory(process):.0f} MiB")


if __name__ == "__main__":
    main()
