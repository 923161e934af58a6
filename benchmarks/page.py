"""Server time of the page and of the API for imported lists, under viewers who ask at once.

Starts ``anirec serve`` as it is and asks it from as many threads as there are viewers. A viewer looks
at an answer for a second, and for none in the last row, where the server never has a moment to spare. What the server took is read from its own request log, so that the time of the asking
side does not count; it still shares the cores::

    python benchmarks/page.py --bundle bundles/current
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anirec import Recommender
from anirec.lists.list_code import CodedList, encode_list
from anirec.web.settings import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anirec import Entry

LISTS = 20


def lists_of(recommender: Recommender, length: int) -> list[list[Entry]]:
    """Return lists of one length, cut at random from those of the viewers who watch the most."""
    rng = np.random.default_rng(0)
    found = []
    viewers = recommender.bundle.viewers
    assert viewers is not None
    for user_id in viewers.user_ids[viewers.lengths >= length][: 4 * LISTS].tolist():
        history = recommender.history(user_id)
        if len(history) >= length:
            rows = rng.choice(len(history), length, replace=False)
            found.append([history[row] for row in sorted(rows)])
        if len(found) == LISTS:
            break
    if not found:
        sys.exit(f"no viewer of the bundle has {length} entries")
    return found


@contextmanager
def server(bundle: Path, log: Path) -> Iterator[int]:
    """Yield the port of a server that writes its request log to a file."""
    command = [sys.executable, "-m", "anirec", "serve", "--bundle", str(bundle), "--port", "0"]
    environment = {**os.environ, f"{PREFIX}REQUEST_LOG": "1"}
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
        try:
            while not (found := re.search(r"http://[\d.]+:(\d+)", log.read_text())):
                if process.poll() is not None:
                    sys.exit(log.read_text())
            yield int(found[1])
        finally:
            process.terminate()
            process.wait()


def ask(
    port: int, requests: Sequence[tuple[str, str, str | None]], pause: float = 0, viewer: int = 0
) -> None:
    """Send requests one after the other over one connection, with about ``pause`` seconds between.

    Each viewer has pauses of their own: nobody asks in step with the others.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    rng = random.Random(viewer)
    for method, path, body in requests:
        time.sleep(pause * rng.uniform(0.5, 1.5))
        # What browsers say: the time to compress counts. Loopback has no rate limit.
        headers = {"Accept-Encoding": "gzip, deflate, br, zstd"}
        if body:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            sys.exit(f"{path[:60]}: {answer.status}")
    connection.close()


def requests_for(lists: Sequence[Sequence[Entry]]) -> dict[str, list[tuple[str, str, str | None]]]:
    """Return by name what is asked."""
    page: list[tuple[str, str, str | None]] = []
    api: list[tuple[str, str, str | None]] = []
    for entries in lists:
        page.append(
            ("GET", f"/recommendations?list={encode_list(CodedList(tuple(entries)))}", None)
        )
        history = [
            {"anime_id": e.anime_id, "rating": e.rating, "status": e.status} for e in entries
        ]
        body = json.dumps({"history": history, "n": 24})
        api.append(("POST", "/api/v1/recommendations", body))
    return {"page": page, "API": api}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", type=Path, default=Path("bundles/current"))
    parser.add_argument("--entries", type=int, default=500)
    parser.add_argument("--viewers", type=int, default=16)
    parser.add_argument("--requests", type=int, default=60, help="of each viewer")
    parser.add_argument("--log", type=Path, default=Path("page-requests.log"))
    arguments = parser.parse_args()
    lists = lists_of(Recommender.load(arguments.bundle), arguments.entries)
    print(f"lists of {arguments.entries} entries, {os.cpu_count()} cores\n")
    print("|  | viewers | seconds between | median, ms | p99, ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, asked in requests_for(lists).items():
        for viewers, pause in ((1, 0.0), (arguments.viewers, 1.0), (arguments.viewers, 0.0)):
            with server(arguments.bundle, arguments.log) as port:
                ask(port, asked)  # posters and pages are warm from here on
                seen = len(arguments.log.read_text().splitlines())
                with ThreadPoolExecutor(viewers) as pool:
                    for first in range(viewers):
                        start = first % len(asked)
                        some = list(islice(cycle(asked), start, start + arguments.requests))
                        pool.submit(ask, port, some, pause, first)
            took = _milliseconds(arguments.log.read_text().splitlines()[seen:])
            median, p99 = np.median(took), np.quantile(took, 0.99)
            print(f"| {name} | {viewers} | {pause:g} | {median:.1f} | {p99:.1f} |", flush=True)
    arguments.log.unlink()


def _milliseconds(lines: Sequence[str]) -> list[float]:
    of_route: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        record: dict[str, Any] = json.loads(line) if line.startswith("{") else {}
        if record.get("message") == "request":
            of_route[record["route"]].append(record["milliseconds"])
    return max(of_route.values(), key=len)


if __name__ == "__main__":
    main()
