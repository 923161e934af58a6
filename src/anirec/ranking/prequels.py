"""What comes first: the prequels of each show, and which one to start with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.data.item_index import ItemIndex
    from anirec.data.show import Show

NONE: Final = -1
LONGEST_DOUBLINGS: Final = 12
"""Chains of up to 2 ** 12 prequels are followed to their start; what is left then is a circle."""


@dataclass(frozen=True)
class Prequels:
    """The relations from shows to their prequels that the catalogue holds."""

    shows: NDArray[np.int32]
    """(n_relations,) row of the later show"""
    prequels: NDArray[np.int32]
    """(n_relations,) row of its prequel"""
    main: NDArray[np.int32]
    """(n_items,) row of the prequel that most people have on their list, -1 without any"""

    @classmethod
    def of(cls, shows: Sequence[Show], index: ItemIndex) -> Self:
        """Gather them, whichever of the two shows names the other."""
        pairs = []
        for show in shows:
            for other, kind in show.relations:
                if kind == "PREQUEL":
                    pairs.append((show.anime_id, other))
                elif kind == "SEQUEL":
                    pairs.append((other, show.anime_id))
        rows = index.rows(np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2))
        rows = rows[(rows >= 0).all(axis=1) & (rows[:, 0] != rows[:, 1])]
        members = np.array([show.members or 0 for show in shows], dtype=np.int64)
        main = np.full(len(shows), NONE, dtype=np.int32)
        # Best last, for the last assignment stays; of equals the older id wins.
        order = np.lexsort((-rows[:, 1], members[rows[:, 1]]))
        main[rows[order, 0]] = rows[order, 1]
        return cls(rows[:, 0].copy(), rows[:, 1].copy(), main)

    def stand_ins(self, seen: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Return int32 (n_items,), the row to offer in place of each show, mostly itself.

        A show with prequels of which none is ``seen``, bool (n_items,), waits for its main one,
        and that one perhaps for its own. -1 where a circle of prequels has no start.
        """
        rows = np.arange(len(self.main), dtype=np.int32)
        waits = self.main != NONE
        waits[self.shows[seen[self.prequels]]] = False
        waits[seen] = False
        first = np.where(waits, self.main, rows)
        waiting = np.flatnonzero(waits)
        for _ in range(LONGEST_DOUBLINGS):
            further = first[first[waiting]]
            if np.array_equal(further, first[waiting]):
                break
            first[waiting] = further
        first[waiting[waits[first[waiting]]]] = NONE
        return first
