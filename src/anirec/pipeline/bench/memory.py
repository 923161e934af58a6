"""How much memory this process holds."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SMAPS: Final = Path("/proc/self/smaps_rollup")
"""Linux only (4.14 and later)."""
KINDS: Final = {
    "resident": ("Rss",),
    "private": ("Private_Clean", "Private_Dirty"),
    "proportional": ("Pss",),
}
"""Which lines of the file add up to what."""


def memory_held(path: Path = SMAPS) -> dict[str, float] | None:
    """Return megabytes (10^6 bytes) by kind, None where the system does not tell.

    ``resident`` counts every page; ``private`` those that no other process has mapped;
    ``proportional`` (PSS) a page that k processes share as 1/k.
    """
    try:
        lines = path.read_text().splitlines()[1:]
    except OSError:
        return None
    kibibytes = {name: int(rest.split()[0]) for name, _, rest in (x.partition(":") for x in lines)}
    return {kind: sum(kibibytes[name] for name in names) * 1024e-6 for kind, names in KINDS.items()}
