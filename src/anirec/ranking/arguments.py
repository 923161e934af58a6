"""Arguments of a request that are checked nowhere else: list, count, switch, discovery.

Weights, filters and diversity are checked where they are defined.
"""

from __future__ import annotations

from numbers import Integral, Real
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from anirec.data.schema import MAX_RATING, NOT_RATED, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anirec.data.histories import Entry

STATUSES: Final = frozenset(Status)
PLAIN: Final = frozenset([int])
STATUS_TYPES: Final = frozenset([int, Status])
_NUMBERS: Final = attrgetter("anime_id", "rating", "status")


def parse_count(n: int) -> int:
    """Return ``n`` as a plain int, since small integers of numpy overflow.

    Raises
    ------
    ValueError
        If it is not a whole number, or less than 1.
    """
    if not _is_whole(n):
        raise ValueError(f"n must be a whole number, not {n!r}")
    if n < 1:
        raise ValueError(f"n must be at least 1, not {n}")
    return int(n)


def check_dislikes(dislikes: bool) -> bool:
    """Return the switch.

    Raises
    ------
    ValueError
        If it is neither True nor False.
    """
    if not isinstance(dislikes, bool):
        raise ValueError(f"dislikes must be True or False, not {dislikes!r}")
    return dislikes


def check_discovery(discovery: float | None) -> None:
    """Look at the setting; None is the bundle's own.

    Raises
    ------
    ValueError
        If it is no number from 0 to 1.
    """
    if discovery is None:
        return
    is_number = isinstance(discovery, Real) and not isinstance(discovery, bool)
    if not is_number or not 0 <= discovery <= 1:
        raise ValueError(f"discovery must be a number from 0 to 1, not {discovery!r}")


def check_entries(history: Sequence[Entry]) -> None:
    """Look at every entry of a list; ids that no catalogue has are fine.

    Raises
    ------
    ValueError
        If a number is not whole, or a rating or status is out of range.
    """
    if not _are_fine(history):
        for entry in history:
            _check_entry(entry)


def _are_fine(history: Sequence[Entry]) -> bool:
    """Tell whether all numbers are plain and in range, as nearly always.

    Of the whole list at once: looking at entries one by one takes longer than many a model.
    """
    if not history:
        return True
    anime_ids, ratings, statuses = zip(*map(_NUMBERS, history), strict=True)
    return (
        PLAIN.issuperset(map(type, anime_ids + ratings))
        and min(ratings) >= NOT_RATED
        and max(ratings) <= MAX_RATING
        and STATUS_TYPES.issuperset(map(type, statuses))
        and STATUSES.issuperset(statuses)
    )


def _check_entry(entry: Entry) -> None:
    for name in ("anime_id", "rating", "status"):
        value = getattr(entry, name)
        if not _is_whole(value):
            raise ValueError(f"the {name} of a list entry must be a whole number, not {value!r}")
    if not NOT_RATED <= entry.rating <= MAX_RATING:
        raise ValueError(
            f"the rating of anime {entry.anime_id} must be from {NOT_RATED} (not rated) to "
            f"{MAX_RATING}, not {entry.rating}"
        )
    if entry.status not in STATUSES:
        raise ValueError(
            f"the status of anime {entry.anime_id} must be one of "
            f"{', '.join(str(int(status)) for status in Status)}, not {entry.status}"
        )


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
