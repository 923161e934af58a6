"""The scores behind a list, split into components: the blend, or popularity where it is mute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.data.histories import NEW_VIEWER, Histories
from anirec.data.schema import Status
from anirec.ranking.hybrid import standardise
from anirec.ranking.weights import parse_weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from anirec.models.popularity import Popularity
    from anirec.ranking.hybrid import Hybrid

POPULARITY: Final = "popularity"


@dataclass(frozen=True)
class Scored:
    """The scores of all items for one viewer, in components that add up."""

    components: dict[str, NDArray[np.float32]]
    """Per component (n_items,)."""
    scales: dict[str, float]
    """What a model's contributions are multiplied by to become those of its component."""

    @property
    def total(self) -> NDArray[np.float32]:
        """float32 (n_items,)."""
        first, *others = self.components.values()
        return sum(others, start=first)


class Ranker:
    """Scores by the hybrid; by popularity where there is no taste to go by.

    Parameters
    ----------
    hybrid, popularity
        Fitted on one catalogue.
    """

    def __init__(self, hybrid: Hybrid, popularity: Popularity) -> None:
        self.hybrid = hybrid
        self.popularity = popularity

    def for_histories(
        self, watched: Histories, weights: Mapping[str, float] | None = None
    ) -> list[Scored]:
        """Score all items for each list, which holds no plan-to-watch entries."""
        if weights is not None:
            weights = parse_weights(weights)
        if not watched.lengths.any():
            return [self._popular() for _ in range(len(watched))]
        blend = self.hybrid.blend(watched, weights)
        mute = blend.undecided | (watched.lengths == 0)
        return [
            self._popular()
            if mute[viewer]
            else Scored(
                {name: part[viewer] for name, part in blend.components.items()},
                {name: float(scale[viewer]) for name, scale in blend.scales.items()},
            )
            for viewer in range(len(watched))
        ]

    def for_item(self, row: int, weights: Mapping[str, float] | None = None) -> Scored:
        """Score all items by their likeness to one.

        A component that knows no likeness gives its weight to the other.
        """
        chosen = self.hybrid.weights if weights is None else parse_weights(weights)
        alike = {name: model.similar(row) for name, model in self.hybrid.models.items()}
        known = {name: values for name, values in alike.items() if values is not None}
        share = sum(chosen[name] for name in known)
        itself = _list_of(row)
        components = {}
        for name in chosen:
            if name in known:
                weight = chosen[name] / share if share > 0 else 1 / len(known)
                components[name] = standardise(known[name][None], itself, weight)[0][0]
            else:
                components[name] = np.zeros(self.hybrid.n_items, dtype=np.float32)
        if not any(part.any() for part in components.values()):
            return self._popular()
        return Scored(components, {})

    def _popular(self) -> Scored:
        return Scored({POPULARITY: self.popularity.share}, {})


def _list_of(row: int) -> Histories:
    return Histories(
        user_ids=np.array([NEW_VIEWER]),
        indptr=np.array([0, 1]),
        items=np.array([row], dtype=np.int32),
        ratings=np.zeros(1, dtype=np.uint8),
        statuses=np.array([Status.COMPLETED], dtype=np.uint8),
    )
