"""Processes that kill themselves at a chosen moment, and how to run them.

Moments are counted by what leaves a trace: files opened for writing, renames, removals, locks, pieces
of requests.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TRACES = ("os.", "fcntl.flock", "shutil.rmtree", "http.client.send")
READ = ("os.listdir", "os.scandir", "os.walk", "os.fork", "os.putenv", "os.unsetenv")


def die_at(fatal: int) -> Callable[[], int]:
    """Kill this process in place of its ``fatal``-th trace from now on; with 0 none is fatal.

    Returns what tells how many traces there have been.
    """
    counted = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal counted
        if event == "open":
            traced = bool(int(arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
        else:
            traced = event.startswith(TRACES) and event not in READ
        if traced:
            counted += 1
            if counted == fatal:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.dont_write_bytecode = True  # else the first run would leave more traces than the next
    sys.addaudithook(count)
    return lambda: counted


def run(
    program: Path, *arguments: object, at: Path | None = None, **environment: str
) -> int | None:
    """Run a program, in the directory ``at``, whose last line tells how many traces it left; None if it was killed before."""
    done = subprocess.run(
        [sys.executable, str(program), *map(str, arguments)],
        capture_output=True,
        cwd=at,
        text=True,
        # The program imports what stands beside the tests.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )
    if done.returncode == -signal.SIGKILL:
        return None
    assert done.returncode == 0, done.stderr
    return int(done.stdout.splitlines()[-1])
