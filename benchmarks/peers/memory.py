"""The most memory that the running process held."""

from __future__ import annotations

import resource
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_mb() -> float:
    """Return it in MB (10^6 bytes).

    ``ru_maxrss`` will not do on Linux: a child starts with what its parent held. ``VmHWM`` begins
    anew with each program. Elsewhere (macOS) ``ru_maxrss`` is in bytes.
    """
    if not STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    lines = STATUS.read_text().splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak) * 1024 / 1e6
