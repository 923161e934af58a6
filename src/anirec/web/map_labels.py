"""Where the names of regions are written on the map, so that they do not cover each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from anirec.web.map_drawing import MAP_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anirec.bundle.shows_map import Region

LETTER: Final = 0.56
"""Width of a letter as a share of its height"""
SIZES: Final = {"always": 31.0, "roomy": 19.0}
"""Heights of letters on a narrow and on a wide page, in units of the map"""
NEAR: Final = "near"
"""Shown only when the map is enlarged"""
GAP: Final = 1.35
"""Lines apart"""


class MapLabel(NamedTuple):
    """One name."""

    name: str
    x: float
    y: float
    shown: str
    """``always``, ``roomy`` (on wide pages) or ``near`` (when enlarged)"""


def placed_labels(regions: Iterable[Region]) -> list[MapLabel]:
    """Return all names; of two that would overlap the larger region's is shown first."""
    labels: list[MapLabel] = []
    for region in regions:
        x, y = round(region.x * MAP_SIZE, 1), round(region.y * MAP_SIZE, 1)
        # What is shown on narrow pages is shown on wide ones too.
        fits = {
            shown: all(
                not _overlap(region.name, x, y, other, size)
                for other in labels
                if other.shown != NEAR and not (shown == "always" and other.shown == "roomy")
            )
            and _inside(region.name, x, size)
            for shown, size in SIZES.items()
        }
        shown = next((name for name, free in fits.items() if free), NEAR)
        labels.append(MapLabel(region.name, x, y, shown))
    return labels


def _overlap(name: str, x: float, y: float, other: MapLabel, size: float) -> bool:
    width = LETTER * size * (len(name) + len(other.name)) / 2
    return abs(x - other.x) < width and abs(y - other.y) < GAP * size


def _inside(name: str, x: float, size: float) -> bool:
    half = LETTER * size * len(name) / 2
    return half < x < MAP_SIZE - half
