"""Batches that several processes answer at the same time, as the workers of a server do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final, Self

from anirec.pipeline.bench.fresh_process import ONE_THREAD, no_answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

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
    processes
        How many.
    rounds
        How often each of the ways is timed, after once untimed.

    Returns
    -------
    For each of the ways the milliseconds of every round, until the last process is done.

    Raises
    ------
    AnirecError
        If a process fails; the text is the last line that it wrote.
    """
    question = json.dumps([[asdict(entry) for entry in entries] for entries in lists])
    with ExitStack() as stack:
        workers = [stack.enter_context(_Worker.start(bundle)) for _ in range(processes)]
        for worker in workers:
            worker.tell(question)
        return [[_round(workers, weights) for _ in range(rounds + 1)][1:] for weights in ways]


def _round(workers: Sequence[_Worker], weights: Mapping[str, float] | None) -> float:
    began = time.perf_counter()
    for worker in workers:
        worker.tell(json.dumps(weights))
    for worker in workers:
        worker.wait_for_answer()
    return 1000 * (time.perf_counter() - began)


@dataclass(frozen=True)
class _Worker:
    """A process that answers a batch for every line that it is told; killed on leaving."""

    bundle: Path
    process: subprocess.Popen[str]
    told: IO[str]
    answers: IO[str]
    errors: IO[str]
    """A file: a pipe that nobody reads would stop a process that writes much."""

    @classmethod
    def start(cls, bundle: Path) -> Self:
        errors = TemporaryFile("w+")  # noqa: SIM115
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", PROGRAM, str(bundle)],
            env={**os.environ, **ONE_THREAD},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdin is not None and process.stdout is not None  # noqa: PT018
        return cls(bundle, process, process.stdin, process.stdout, errors)

    def tell(self, line: str) -> None:
        try:
            print(line, file=self.told, flush=True)
        except BrokenPipeError:
            # It has ended; why is read where its answer is waited for.
            return

    def wait_for_answer(self) -> None:
        if not self.answers.readline():
            status = self.process.wait()
            self.errors.seek(0)
            raise no_answer(self.bundle, self.errors.read(), status)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.process.kill()
        # Also drops what it was told and did not read.
        self.process.communicate()
        self.errors.close()
