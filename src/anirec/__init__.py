"""anirec: a hybrid anime recommender.

>>> from anirec import Recommender, Entry
>>> rec = Recommender.load("bundles/current")  # doctest: +SKIP
>>> rec.recommend([Entry(anime_id=5114, rating=10)], n=5)  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anirec.data.histories import Entry
    from anirec.ranking.filters import Filters
    from anirec.ranking.reasons import Reason
    from anirec.ranking.recommendation import Recommendation
    from anirec.recommender import Recommender

__all__ = ["Entry", "Filters", "Reason", "Recommendation", "Recommender"]

_HOMES = {
    "Entry": "anirec.data.histories",
    "Filters": "anirec.ranking.filters",
    "Reason": "anirec.ranking.reasons",
    "Recommendation": "anirec.ranking.recommendation",
    "Recommender": "anirec.recommender",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: ``import anirec.data`` loads no models."""
    if name not in _HOMES:
        raise AttributeError(f"module 'anirec' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
