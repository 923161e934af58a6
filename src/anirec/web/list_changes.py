"""What a click does to a list: ``8:5114`` rates a show, ``hide:5114`` keeps it out, and so on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from anirec.data.histories import Entry
from anirec.data.schema import MAX_ANIME_ID, MAX_LIST, MAX_RATING, NOT_RATED, Status
from anirec.lists.list_code import CodedList
from anirec.web.wishes import WishError

if TYPE_CHECKING:
    from collections.abc import Callable

CHANGE_NAME: Final = "change"
"""Of the buttons that change the list."""

LIKED: Final = 9
DISLIKED: Final = 3
"""What a thumb stands for, as a rating."""

ENTRIES: Final[dict[str, Callable[[int], Entry]]] = {
    "like": lambda anime_id: Entry(anime_id, LIKED),
    "dislike": lambda anime_id: Entry(anime_id, DISLIKED),
    "seen": lambda anime_id: Entry(anime_id, NOT_RATED),
    "drop": lambda anime_id: Entry(anime_id, NOT_RATED, Status.DROPPED),
    "plan": lambda anime_id: Entry(anime_id, NOT_RATED, Status.PLAN_TO_WATCH),
}
HIDE: Final = "hide"
FORGET: Final = "forget"


def changed(coded: CodedList, change: str) -> CodedList:
    """Return a list after one change.

    Parameters
    ----------
    coded
        The list before.
    change
        What, a colon, and the id of a show: a rating from 1 to 10, ``like``, ``dislike``, ``seen``,
        ``drop``, ``plan``, ``hide`` (not interested), or ``forget`` (as if it had never been named).

    Raises
    ------
    WishError
        If it is nothing of these.
    """
    match = re.fullmatch(r"([a-z]+|[0-9]{1,2}):([0-9]{1,10})", change, re.ASCII)
    if match is None or int(match[2]) > MAX_ANIME_ID:
        raise WishError("That button is none of ours; please use those on the page.")
    what, anime_id = match[1], int(match[2])
    entries = tuple(entry for entry in coded.entries if entry.anime_id != anime_id)
    hidden = coded.hidden - {anime_id}
    if what in ENTRIES:
        entries = (*entries, ENTRIES[what](anime_id))
    elif what.isdigit() and 1 <= int(what) <= MAX_RATING:
        before = next((e for e in coded.entries if e.anime_id == anime_id), None)
        keeps = before is not None and before.status != Status.PLAN_TO_WATCH
        status = before.status if before is not None and keeps else Status.COMPLETED
        entries = (*entries, Entry(anime_id, int(what), status))
    elif what == HIDE:
        hidden |= {anime_id}
    elif what != FORGET:
        raise WishError("That button is none of ours; please use those on the page.")
    if len(entries) + len(hidden) > MAX_LIST:
        raise WishError(f"A list holds {MAX_LIST:,} shows at most; take one out first.")
    return CodedList(entries, hidden)
