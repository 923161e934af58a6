"""A catalogue in which tastes are plain to see, and a community that can be counted by hand."""

from __future__ import annotations

import numpy as np

from anirec.bundle.bundle import Provenance, open_bundle, write_bundle
from anirec.data.dataset import Dataset
from anirec.data.histories import Histories
from anirec.data.item_index import ItemIndex
from anirec.data.schema import Status
from anirec.data.show import Show
from anirec.models.popularity import Popularity
from anirec.ranking.hybrid import Hybrid
from anirec.taste.community import Community

N_SHOWS = 200
N_VIEWERS = 50
ADULT = 199
"""The row of the only adult show."""


def shows() -> tuple[Show, ...]:
    """Every tenth show is a mecha of Kite; rows 101 to 104 are one franchise; scores are all 7."""
    return tuple(
        Show(
            anime_id=row + 1,
            title=f"Show {row}",
            genres=("Mecha",) if row % 10 == 0 else ("Drama",),
            studios=("Kite",) if row % 10 == 0 else ("Loft",),
            year=1995 if row < 100 else 2005,
            score=7.0,
            franchise=102 if 101 <= row <= 104 else row + 1,
            is_adult=row == ADULT,
        )
        for row in range(N_SHOWS)
    )


def histories() -> Histories:
    """Each viewer has watched 40 shows, drawn evenly."""
    rng = np.random.default_rng(3)
    items = [np.sort(rng.permutation(N_SHOWS)[:40]) for _ in range(N_VIEWERS)]
    n = 40 * N_VIEWERS
    return Histories(
        user_ids=np.arange(1, N_VIEWERS + 1),
        indptr=np.arange(0, n + 1, 40),
        items=np.concatenate(items).astype(np.int32),
        ratings=np.zeros(n, dtype=np.uint8),
        statuses=np.full(n, Status.COMPLETED, dtype=np.uint8),
    )


def taste_dataset() -> Dataset:
    return Dataset(ItemIndex(range(1, N_SHOWS + 1)), shows(), histories())


def community(tmp_path_factory, *, with_viewers: bool = True) -> Community:  # type: ignore[no-untyped-def]
    dataset = taste_dataset()
    popularity = Popularity().fit(dataset)
    place = tmp_path_factory.mktemp("taste") / "bundle"
    provenance = Provenance("d" * 64, "p" * 64, 1, None, {})
    hybrid = Hybrid(popularity, popularity)
    write_bundle(place, dataset, hybrid, popularity, provenance, with_viewers=with_viewers)
    return Community.of(open_bundle(place))
