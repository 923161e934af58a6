"""Which shows belong together: sequels, side stories, films of one series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anirec.data.show import Show

NOT_BINDING: Final = frozenset({"CHARACTER", "OTHER"})
"""Relations that do not make one franchise: a shared character, a commercial, a crossover."""


def franchises(shows: Iterable[Show]) -> dict[int, int]:
    """Return the franchise of each show, keyed by anime_id.

    A franchise is a connected component of the relations other than CHARACTER and OTHER, whichever
    of two shows names the other. A related show that is not among ``shows`` still links those that
    are. The smallest anime_id among ``shows`` names the franchise.
    """
    parent: dict[int, int] = {}

    def root(anime_id: int) -> int:
        parent.setdefault(anime_id, anime_id)
        while parent[anime_id] != anime_id:
            parent[anime_id] = parent[parent[anime_id]]
            anime_id = parent[anime_id]
        return anime_id

    present = []
    for show in shows:
        present.append(show.anime_id)
        for related, kind in show.relations:
            if kind not in NOT_BINDING:
                parent[root(related)] = root(show.anime_id)
    names: dict[int, int] = {}
    for anime_id in sorted(present):
        names.setdefault(root(anime_id), anime_id)
    return {anime_id: names[root(anime_id)] for anime_id in present}
