"""The layer of the map that is the same for everybody: a dot for each of the most watched shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.web.poster.colour import oklch
from anirec.web.poster.drawing import hue_of

if TYPE_CHECKING:
    from anirec.bundle.bundle import Bundle

MAP_SIZE: Final = 1000
"""Units of the drawing along each side"""
DOTS: Final = 5000
LARGE: Final = (300, 1500)
"""So many of the most watched shows have large dots, and so many large or middling ones"""
WIDTHS: Final = (10.0, 7.5, 5.5)
HUES: Final = 12
"""Colours that the dots are sorted into"""
MAP_VERSION: Final = 1
"""Rises with every change of the drawing"""


def draw_dots(bundle: Bundle) -> str | None:
    """Return the dots as an SVG document, coloured by genre; None if the bundle has no map.

    Colours have a middling lightness, so that the same picture goes with a light and a dark page.
    """
    if bundle.shows_map is None:
        return None
    popularity = np.where(bundle.catalogue.columns.is_adult, -1, bundle.popularity.share)
    order = np.argsort(-popularity, kind="stable")[:DOTS]
    order = order[popularity[order] >= 0]
    places = np.rint(bundle.shows_map.positions * MAP_SIZE).astype(int)
    paths: dict[tuple[int, int], list[str]] = {}
    for rank, row in enumerate(order.tolist()):
        size = sum(rank >= edge for edge in LARGE)
        hue = round(hue_of(bundle.catalogue.show(row).genres) / 360 * HUES) % HUES
        paths.setdefault((size, hue), []).append(f"M{places[row, 0]} {places[row, 1]}h0")
    # Small dots first: the well known ones lie on top.
    drawn = "".join(
        f'<path stroke="{oklch(0.68, 0.13, 360 * hue / HUES)}" stroke-width="{WIDTHS[size]}"'
        f' d="{"".join(dots)}"/>'
        for (size, hue), dots in sorted(paths.items(), reverse=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {MAP_SIZE} {MAP_SIZE}"'
        f' width="{MAP_SIZE}" height="{MAP_SIZE}">'
        f'<g fill="none" stroke-linecap="round" stroke-opacity=".62">{drawn}</g></svg>\n'
    )
