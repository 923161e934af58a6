"""The tables behind the taste page, kept as long as the recommender that they belong to."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from anirec.taste.tables import TasteTables
from anirec.web.context import recommender

if TYPE_CHECKING:
    from anirec.recommender import Recommender

_kept: WeakKeyDictionary[Recommender, TasteTables] = WeakKeyDictionary()
_making = Lock()


def taste_tables() -> TasteTables:
    """Return the tables of this request's bundle."""
    return tables_of(recommender())


def tables_of(face: Recommender) -> TasteTables:
    """Return the tables of a bundle, made when they are first asked for."""
    tables = _kept.get(face)
    if tables is None:
        # Outside the lock: those whose bundle has its tables do not wait for those of the next.
        tables = TasteTables.of(face.bundle)
    with _making:
        return _kept.setdefault(face, tables)
