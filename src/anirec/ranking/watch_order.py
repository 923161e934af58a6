"""In which order to watch the shows of a franchise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray


def watch_order(
    rows: Sequence[int],
    released: Callable[[int], tuple[int, ...]],
    shows: NDArray[np.integer],
    prequels: NDArray[np.integer],
) -> list[int]:
    """Return the rows as they came out, but every show after its prequels.

    Parameters
    ----------
    rows
        The shows of a franchise.
    released
        Gives for a row what to sort by, earlier ones first.
    shows, prequels
        (n_relations,) each: the rows of the later show and of its prequel. Circles are broken at
        what came out first.
    """
    left = sorted(rows, key=released)
    before = _prequels_of(left, shows.tolist(), prequels.tolist())
    ordered: list[int] = []
    while left:
        waiting = set(left)
        free = (row for row in left if not before[row] & waiting)
        ordered.append(next(free, left[0]))
        left.remove(ordered[-1])
    return ordered


def _prequels_of(
    rows: Sequence[int], shows: Iterable[int], prequels: Iterable[int]
) -> dict[int, set[int]]:
    before: dict[int, set[int]] = {row: set() for row in rows}
    for show, prequel in zip(shows, prequels, strict=True):
        if show in before and prequel != show:
            before[show].add(prequel)
    return before
