"""What a new process needs until it has answered: time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from anirec.errors import AnirecError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anirec.data.histories import Entry

PROGRAM: Final = """
import json, sys, time
lists = json.load(sys.stdin)
began = time.perf_counter()
from anirec import Entry, Recommender
imported = time.perf_counter()
rec = Recommender.load(sys.argv[1])
loaded = time.perf_counter()
rec.recommend([Entry(**entry) for entry in lists[0]])
answered = time.perf_counter()
for entries in lists[1:]:
    rec.recommend([Entry(**entry) for entry in entries])
from anirec.pipeline.bench.memory import memory_held
print(json.dumps({
    "import_ms": 1000 * (imported - began),
    "load_ms": 1000 * (loaded - imported),
    "answer_ms": 1000 * (answered - loaded),
    "memory": memory_held(),
}))
"""
ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)


@dataclass(frozen=True)
class Start:
    """One new process, from its first import on."""

    import_ms: float
    load_ms: float
    """Every checksum verified."""
    answer_ms: float
    """The first answer, reasons included."""
    memory: dict[str, float] | None
    """Megabytes by kind after all answers (``memory.py``); None where the system does not tell."""


def start(bundle: Path, lists: Sequence[Sequence[Entry]]) -> Start:
    """Let a new Python process load a bundle and answer each of the lists, with one thread.

    Raises
    ------
    AnirecError
        If it fails; the text is the last line that it wrote.
    """
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM, str(bundle)],
        input=json.dumps([[asdict(entry) for entry in entries] for entries in lists]),
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise no_answer(bundle, done.stderr, done.returncode)
    return Start(**json.loads(done.stdout))


def no_answer(bundle: Path, said: str, status: int) -> AnirecError:
    """Return the error of a process that failed, with the last line that it wrote.

    Parameters
    ----------
    said
        All that it wrote.
    status
        What it ended with; below 0 a signal, of which it could say nothing.
    """
    lines = said.strip().splitlines()
    why = lines[-1] if lines and status >= 0 else f"exit status {status}"
    return AnirecError(f"a new process could not answer from {bundle}: {why}")
