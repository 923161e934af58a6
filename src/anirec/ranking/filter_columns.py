"""The columns of the catalogue that filters look at, as memory-mappable arrays."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from anirec.data.recaps import recaps
from anirec.data.unreleased import unreleased
from anirec.ranking.labels import Labels
from anirec.ranking.prequels import Prequels

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.data.item_index import ItemIndex
    from anirec.data.show import Show

NAMES_FILE: Final = "names.json"
PLAIN: Final = (
    *("is_adult", "is_recap", "is_unreleased", "year", "episodes", "members", "score"),
    "franchise",
)
LABELS: Final = {
    "types": "type",
    "genres": "genre",
    "tags": "tag",
    "age_ratings": "age rating",
}
PREQUELS: Final = ("shows", "prequels", "main")


@dataclass(frozen=True)
class FilterColumns:
    """One value a row; 0 where a number is not known."""

    is_adult: NDArray[np.bool_]
    is_recap: NDArray[np.bool_]
    is_unreleased: NDArray[np.bool_]
    year: NDArray[np.int16]
    episodes: NDArray[np.int32]
    members: NDArray[np.int32]
    score: NDArray[np.float32]
    """The community's, 1 to 10"""
    franchise: NDArray[np.int32]
    """Codes from 0 on"""
    types: Labels
    genres: Labels
    tags: Labels
    age_ratings: Labels
    prequels: Prequels

    @classmethod
    def of(cls, shows: Sequence[Show], index: ItemIndex) -> Self:
        """Gather the columns of a catalogue."""
        of_franchise = [show.franchise or show.anime_id for show in shows]
        franchise = np.unique(of_franchise, return_inverse=True)[1]
        return cls(
            is_adult=np.array([show.is_adult for show in shows], dtype=np.bool_),
            is_recap=np.array(recaps(shows), dtype=np.bool_),
            is_unreleased=np.array(unreleased(shows), dtype=np.bool_),
            year=np.array([show.year or 0 for show in shows], dtype=np.int16),
            episodes=np.array([show.episodes or 0 for show in shows], dtype=np.int32),
            members=np.array([show.members or 0 for show in shows], dtype=np.int32),
            score=np.array([show.score or 0 for show in shows], dtype=np.float32),
            franchise=franchise.astype(np.int32),
            types=Labels.of("type", [_known(show.type) for show in shows]),
            genres=Labels.of("genre", [show.genres for show in shows]),
            tags=Labels.of("tag", [show.tags for show in shows]),
            age_ratings=Labels.of("age rating", [_known(show.age_rating) for show in shows]),
            prequels=Prequels.of(shows, index),
        )

    def save(self, directory: Path) -> None:
        """Write one ``.npy`` file per array, and the names of the labels, into ``directory``."""
        directory.mkdir(parents=True)
        arrays: dict[str, NDArray[Any]] = {name: getattr(self, name) for name in PLAIN}
        for name in LABELS:
            labels: Labels = getattr(self, name)
            arrays |= {f"{name}_indptr": labels.indptr, f"{name}_rows": labels.rows}
        arrays |= {f"prequels_{name}": getattr(self.prequels, name) for name in PREQUELS}
        for name, array in arrays.items():
            np.save(directory / f"{name}.npy", array, allow_pickle=False)
        names = {name: getattr(self, name).names for name in LABELS}
        (directory / NAMES_FILE).write_text(json.dumps(names, ensure_ascii=False, indent=1) + "\n")

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what ``save`` wrote, memory-mapped.

        Raises
        ------
        OSError, ValueError, KeyError
            If a file is missing or damaged.
        """

        def array(name: str) -> NDArray[Any]:
            # As plain arrays: indexing np.memmap objects is slow.
            return np.asarray(np.load(directory / f"{name}.npy", mmap_mode="r", allow_pickle=False))

        names = json.loads((directory / NAMES_FILE).read_text())
        plain: dict[str, Any] = {name: array(name) for name in PLAIN}
        n_items = len(plain["is_adult"])
        labels: dict[str, Any] = {
            name: Labels(
                kind, tuple(names[name]), array(f"{name}_indptr"), array(f"{name}_rows"), n_items
            )
            for name, kind in LABELS.items()
        }
        prequels = Prequels(*(array(f"prequels_{name}") for name in PREQUELS))
        return cls(**plain, **labels, prequels=prequels)


def _known(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()
