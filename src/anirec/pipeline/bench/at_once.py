"""Batches that several processes answer at the same time, as the workers of a server do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Final

from anirec.pipeline.bench.fresh_process import ONE_THREAD, no_answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anirec.data.histories import Entry

PROGRAM: Final = """
import json, sys
from anirec import Entry, Recommender
lists = [[Entry(**entry) for entry in entries] for entries in json.loads(sys.stdin.readline())]
rec = Recommender.load(sys.argv[1])
for weights in sys.stdin:
    rec.recommend_batch(lists, weights=json.loads(weights))
    print(flush=True)
"""


def batches_at_once(
    bundle: Path,
    lists: Sequence[Sequence[Entry]],
    ways: Sequence[Mapping[str, float] | None],
    processes: int,
    rounds: int,
) -> list[list[float]]:
    """Let each of some processes answer the same lists at the same time, with one thread each.

    Parameters
    ----------
    bundle
        What they load.
    lists
        The batch.
    ways
        The weights to answer with, one after the other.
    rounds
        How often each is timed, after once untimed.

    Returns
    -------
    For each of the ways the milliseconds of every round, until the last process is done.

    Raises
    ------
    AnirecError
        If a process fails; the text is the last line that it wrote.
    """
    with ExitStack() as stack:
        workers = [
            stack.enter_context(
                subprocess.Popen(  # noqa: S603
                    [sys.executable, "-c", PROGRAM, str(bundle)],
                    env={**os.environ, **ONE_THREAD},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(processes)
        ]
        question = json.dumps([[asdict(entry) for entry in entries] for entries in lists])
        try:
            for worker in workers:
                _say(worker.stdin, question)
            return [
                [_round(bundle, workers, weights) for _ in range(rounds + 1)][1:]
                for weights in ways
            ]
        except BaseException:
            for worker in workers:
                worker.kill()
                # Also drops what it was told and did not read.
                worker.communicate()
            raise


def _round(
    bundle: Path, workers: Sequence[subprocess.Popen[str]], weights: Mapping[str, float] | None
) -> float:
    began = time.perf_counter()
    for worker in workers:
        _say(worker.stdin, json.dumps(weights))
    for worker in workers:
        if worker.stdout is None or not worker.stdout.readline():
            _, said = worker.communicate()
            raise no_answer(bundle, said, worker.returncode)
    return 1000 * (time.perf_counter() - began)


def _say(stream: IO[str] | None, line: str) -> None:
    try:
        print(line, file=stream, flush=True)
    except BrokenPipeError:
        # It has ended; what it said is read where its answer is waited for.
        return
