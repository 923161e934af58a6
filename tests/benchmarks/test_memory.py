"""What a peer's process is measured to hold."""

from __future__ import annotations

import subprocess
import sys

from comparison.peer_process import BENCHMARKS
from peers.memory import peak_mb

PRINT = "from peers.memory import peak_mb; print(peak_mb())"


def test_peak_is_of_the_process_and_not_of_its_parent() -> None:
    held = b"x" * 200_000_000
    command = [sys.executable, "-c", PRINT]
    done = subprocess.run(command, cwd=BENCHMARKS, capture_output=True, text=True, check=True)
    assert peak_mb() > len(held) / 1e6
    assert 1 < float(done.stdout) < 100
