"""Which trackers there are, by the names that people choose them with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anirec.tracking.comet.process import CometProcess
from anirec.tracking.local.tracker import LocalTracker

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from anirec.tracking.folder import RunFolder
    from anirec.tracking.tracker import Tracker

TRACKERS: Final[dict[str, Callable[[RunFolder, str], Tracker]]] = {
    "local": LocalTracker,
    "comet": CometProcess,
}


def openers(names: Collection[str]) -> list[tuple[str, Callable[[RunFolder, str], Tracker]]]:
    """Return the trackers of these names, once each; the name ``none`` stands for no tracker."""
    return [(name, opener) for name, opener in TRACKERS.items() if name in names]
