"""Running a peer in a process of its own, under the Python that has its library."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anirec.errors import AnirecError
from anirec.pipeline.bench.fresh_process import ONE_THREAD

if TYPE_CHECKING:
    from numpy.typing import NDArray

BENCHMARKS = Path(__file__).parents[1]
PYTHON = "ANIREC_PEERS_PYTHON"


@dataclass(frozen=True)
class Answer:
    """What a peer gave back."""

    tops: dict[str, NDArray[np.int32]]
    """By the name of what was told, int32 (n_viewers, n), in the peer's items"""
    about: dict[str, Any]
    """``settings``, ``space``, ``library`` and ``costs``"""


def peers_python() -> Path:
    """Return the Python of the peers' environment, or the one that ANIREC_PEERS_PYTHON names.

    Raises
    ------
    AnirecError
        If it is not there.
    """
    python = Path(os.environ.get(PYTHON, BENCHMARKS / "peers/.venv/bin/python"))
    if not python.exists():
        raise AnirecError(
            f"no Python with the peers at {python}: run `make peers`, or set {PYTHON}"
        )
    return python


def ask(
    peer: str,
    lists: Path,
    *,
    trial: int = 0,
    settings: dict[str, Any] | None = None,
    seconds: float | None = None,
) -> Answer:
    """Fit a peer and rank, on one core.

    Raises
    ------
    AnirecError
        If the peer fails.
    TimeoutError
        If it takes more than ``seconds`` of processor time.
    """
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "answer.npz"
        command = [str(peers_python()), "-W", "ignore", "-m", "peers.run"]
        command += [peer, str(lists.resolve()), str(out), "--trial", str(trial)]
        if settings is not None:
            command += ["--settings", json.dumps(settings)]
        if seconds is not None:
            command += ["--seconds", str(seconds)]
        # Their Python must not find ours, nor ours theirs.
        environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(BENCHMARKS)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if -done.returncode in (signal.SIGXCPU, signal.SIGKILL) and seconds is not None:
            raise TimeoutError(f"{peer} took more than {seconds:.0f} s")
        if done.returncode:
            how = f"it ended with {done.returncode} and said nothing (negative: a signal)"
            reason = (done.stderr.strip().splitlines() or [how])[-1]
            raise AnirecError(f"the peer {peer} failed: {reason}")
        with np.load(out) as archive:
            tops = {name[4:]: archive[name] for name in archive if name.startswith("top/")}
            return Answer(tops, json.loads(str(archive["about"])))
