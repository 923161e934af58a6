"""Which shows are not out yet, judged by what a catalogue lacks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anirec.data.show import Show


def unreleased(shows: Sequence[Show]) -> list[bool]:
    """Say for each show whether it is announced rather than released.

    Catalogues carry no status. A show counts as announced if it has neither a year nor a number of
    episodes, or if it has no community score (nobody can rate it yet) and its year is the newest
    one of which any show has a score, or a later one. Without any score and year in the catalogue
    only the first rule is left.
    """
    scored = [show.year for show in shows if show.year and show.score is not None]
    newest = max(scored, default=None)
    return [
        (show.year is None and show.episodes is None)
        if show.year is None or newest is None
        else show.score is None and show.year >= newest
        for show in shows
    ]
