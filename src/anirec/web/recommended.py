"""What a page of recommendations shows, whoever they are for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anirec.web.cards import recommendation_cards
from anirec.web.context import recommender
from anirec.web.filter_words import FILTER_WORDS
from anirec.web.metrics import count_answer

if TYPE_CHECKING:
    from anirec.ranking.recommendation import Recommendations
    from anirec.web.cards import Card
    from anirec.web.wishes import Wishes

FILTERS_NAMED: Final = 3


@dataclass(frozen=True)
class Recommended:
    """The cards of one answer, and why there are not more."""

    cards: list[Card]
    bundle: str
    """Version of the bundle that gave it, which feedback names"""
    removed: tuple[tuple[str, int], ...] = ()
    """Where the list is not full: the filters that removed the most, and how many"""


def recommended(found: Recommendations, wishes: Wishes) -> Recommended:
    """Return what the page shows of an answer, and count it."""
    count_answer(found, wishes.n)
    removed: tuple[tuple[str, int], ...] = ()
    if len(found) < wishes.n:
        most = sorted(found.removed.items(), key=lambda item: -item[1])[:FILTERS_NAMED]
        removed = tuple((FILTER_WORDS[name], count) for name, count in most if count)
    version = recommender().manifest.version
    return Recommended(recommendation_cards(found), version, removed)
