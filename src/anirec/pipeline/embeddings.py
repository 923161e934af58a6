"""Vectors of viewers and shows with labels, for a projector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.models.content import Content
from anirec.models.recommender_net import RecommenderNet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.models.registry import AnyModel

MOST_ROWS: Final = 10_000
"""More points than this no projector shows in a browser."""
SHOW_LABELS: Final = ("anime_id", "title", "type", "year", "genre", "viewers")
VIEWER_LABELS: Final = ("shows", "mean rating", "favourite genre")
UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class Embedding:
    """Vectors and what each stands for."""

    name: str
    vectors: NDArray[np.float32]
    """(n, size)"""
    columns: tuple[str, ...]
    labels: Sequence[tuple[str, ...]]
    """n rows"""


def embeddings_of(model: AnyModel, dataset: Dataset) -> list[Embedding]:
    """Return the embeddings of a model fitted on this data set; none where it has none.

    At most ``MOST_ROWS`` of each: the shows that most viewers watched, and the viewers who watched
    most. Viewers are told by what their lists look like, never by their ids.
    """
    if isinstance(model, RecommenderNet):
        return [
            _of_shows(model.name, model.item_vectors, dataset),
            _of_viewers(model.name, model, dataset),
        ]
    if isinstance(model, Content):
        return [_of_shows(model.name, model.vectors.dense, dataset)]
    return []


def _of_shows(name: str, vectors: NDArray[np.float32], dataset: Dataset) -> Embedding:
    watched = np.bincount(dataset.histories.watched().items, minlength=dataset.n_items)
    order = np.argsort(-watched, kind="stable")
    rows = order[np.any(vectors[order] != 0, axis=1)][:MOST_ROWS]
    labels = []
    for row in rows.tolist():
        show = dataset.shows[row]
        facts = (show.type, show.year, show.genres[0] if show.genres else None)
        told = (str(fact or UNKNOWN) for fact in facts)
        labels.append((str(show.anime_id), show.title, *told, str(watched[row])))
    return Embedding(f"{name}-shows", np.asarray(vectors[rows]), SHOW_LABELS, labels)


def _of_viewers(name: str, model: RecommenderNet, dataset: Dataset) -> Embedding:
    lists = dataset.histories.watched()
    lists = lists.select(np.argsort(-lists.lengths, kind="stable")[:MOST_ROWS])
    lists = lists.select(np.isin(lists.user_ids, model.user_ids))
    labels = []
    for number in range(len(lists)):
        entries = slice(int(lists.indptr[number]), int(lists.indptr[number + 1]))
        rated = lists.ratings[entries][lists.ratings[entries] > 0]
        mean = f"{rated.mean():.1f}" if len(rated) else "not rated"
        genre = _favourite_genre(dataset, lists.items[entries])
        labels.append((str(entries.stop - entries.start), mean, genre))
    vectors = model.user_vectors[np.searchsorted(model.user_ids, lists.user_ids)]
    return Embedding(f"{name}-viewers", np.asarray(vectors), VIEWER_LABELS, labels)


def _favourite_genre(dataset: Dataset, items: NDArray[np.int32]) -> str:
    """Return the genre of most shows, the first by name of equals."""
    counts: dict[str, int] = {}
    for row in items.tolist():
        for genre in dataset.shows[row].genres:
            counts[genre] = counts.get(genre, 0) + 1
    return min(counts, key=lambda genre: (-counts[genre], genre), default=UNKNOWN)
