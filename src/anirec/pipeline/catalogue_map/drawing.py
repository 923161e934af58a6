"""The map of a bundle that is published, and of one whose catalogue grows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from anirec.bundle.shows_map import ShowsMap
from anirec.pipeline.catalogue_map.projection import DRAWN, place, project
from anirec.pipeline.catalogue_map.regions import regions
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.data.catalogue_growth import CatalogueGrowth
    from anirec.data.show import Show


def draw_map(
    vectors: NDArray[np.float32],
    popularity: NDArray[np.float32],
    shows: Sequence[Show],
    seed: int,
    progress: Progress = SILENT,
) -> ShowsMap:
    """Project the catalogue and name its regions; see ``project`` and ``regions``."""
    began = time.perf_counter()
    positions = project(vectors, popularity, seed)
    watched = np.argsort(-popularity, kind="stable")[:DRAWN]
    watched = watched[[not shows[row].is_adult for row in watched.tolist()]]
    named = regions(positions[watched], [shows[row].genres for row in watched.tolist()], seed)
    progress.step(f"the map of {len(shows):,} shows is drawn, {time.perf_counter() - began:.0f} s")
    return ShowsMap(positions, named)


def grow_map(before: ShowsMap, vectors: NDArray[np.float32], growth: CatalogueGrowth) -> ShowsMap:
    """Return the map with the shows that a catalogue gained; nothing else moves.

    Parameters
    ----------
    vectors
        float32 (n_items, n_dimensions), of the catalogue now.
    """
    positions = growth.array(before.positions)
    positions[growth.new] = place(vectors[growth.new], vectors[growth.rows], before.positions)
    return ShowsMap(positions, before.regions)
