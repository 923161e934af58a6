"""A data set with its validation and test viewers set aside: what it holds, and how it opens."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.data.dataset import Dataset
from anirec.data.held_out_draw import FOLDS
from anirec.data.histories import Histories
from anirec.data.item_index import ItemIndex
from anirec.data.schema import (
    ANIME_ID,
    CATALOGUE_FILE,
    INTERACTIONS_FILE,
    RATING,
    USER_ID,
)
from anirec.data.tables import LIST_SCHEMA, read_catalogue_table, read_interactions, scan
from anirec.errors import DataError
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.data.show import Show

TRAIN_FILE: Final = "train.parquet"
SPLIT_FILE: Final = "split.json"
SPLIT_FORMAT: Final = 1


def history_file(fold: str) -> str:
    """Return the name of the table with the histories of a fold."""
    return f"{fold}_history.parquet"


def held_out_file(fold: str) -> str:
    """Return the name of the table with what was held out of a fold."""
    return f"{fold}_held_out.parquet"


FILES: Final = (
    *(TRAIN_FILE, SPLIT_FILE),
    *(name(fold) for fold in FOLDS for name in (history_file, held_out_file)),
)


@dataclass(frozen=True)
class HeldOut:
    """What was held out of n lists, in compressed rows: of list ``i``, ``indptr[i]:indptr[i + 1]``.

    A show that the catalogue lacks is kept, for it counts as a miss.
    """

    indptr: NDArray[np.int64]
    """(n + 1,)"""
    anime_ids: NDArray[np.int32]
    """(n_entries,)"""
    rows: NDArray[np.int32]
    """(n_entries,) row of the item, -1 where the catalogue lacks it"""
    ratings: NDArray[np.uint8]
    """(n_entries,), 0 = not rated, 1-10"""

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """(n,) number of held-out entries per list."""
        return np.diff(self.indptr)

    @property
    def viewers(self) -> NDArray[np.int64]:
        """(n_entries,) the list number of each entry."""
        return np.repeat(np.arange(len(self)), self.lengths)


@dataclass(frozen=True)
class Fold:
    """The viewers of one evaluation: what models see of them, and what is held out.

    List ``i`` of both belongs to the same viewer; viewers come by ascending user_id. Neither
    holds plan-to-watch entries.
    """

    history: Histories
    held_out: HeldOut


@dataclass(frozen=True)
class Split:
    """A data set with its validation and test viewers set aside."""

    train: Dataset
    """The lists of all other viewers, plan-to-watch included, and the whole catalogue."""
    validation: Fold
    test: Fold
    about: dict[str, Any]
    """What ``split.json`` holds: parameters, hashes of the tables, counts."""

    @property
    def index(self) -> ItemIndex:
        """The rows of all parts."""
        return self.train.index

    @property
    def shows(self) -> tuple[Show, ...]:
        """The catalogue."""
        return self.train.shows

    @property
    def history_share(self) -> float:
        """Of a held-out viewer's list, what models see of it."""
        return float(self.about["params"]["history_share"])


def known_viewers_dataset(split: Split) -> Dataset:
    """Return the training lists and the histories of validation and test viewers, as one.

    A model fitted on it knows the viewers who are evaluated, and 80 % of their lists.
    """
    parts = (split.train.histories, split.validation.history, split.test.history)
    together = Histories(
        user_ids=np.concatenate([part.user_ids for part in parts]),
        indptr=np.concatenate([[0], np.cumsum(np.concatenate([p.lengths for p in parts]))]),
        items=np.concatenate([part.items for part in parts]),
        ratings=np.concatenate([part.ratings for part in parts]),
        statuses=np.concatenate([part.statuses for part in parts]),
    )
    return Dataset(split.index, split.shows, together.select(np.argsort(together.user_ids)))


def load_split(directory: Path, tables: Path, progress: Progress = SILENT) -> Split:
    """Open what ``write_split`` wrote, with the catalogue of the tables that it was made from.

    Raises
    ------
    DataError
        If a file is missing or damaged, or the tables are not those that were split.
    """
    about = read_about(directory)
    if about["tables"] != table_hashes(tables):
        raise DataError(f"{tables} has changed since {directory} was made: run anirec split again")
    shows = read_catalogue_table(tables / CATALOGUE_FILE)
    index = ItemIndex([show.anime_id for show in shows])

    def histories(name: str) -> Histories:
        return read_interactions(directory / name, index, progress)

    validation, test = (
        _read_fold(directory, fold, histories(history_file(fold)), index) for fold in FOLDS
    )
    return Split(Dataset(index, shows, histories(TRAIN_FILE)), validation, test, about)


def _read_fold(directory: Path, fold: str, history: Histories, index: ItemIndex) -> Fold:
    path = directory / held_out_file(fold)
    table = scan(path, LIST_SCHEMA).select(LIST_SCHEMA.names()).collect()
    viewers, starts = np.unique(table[USER_ID].to_numpy(), return_index=True)
    if not np.array_equal(viewers, history.user_ids):
        raise DataError(f"{path} and the histories name different viewers: run anirec split again")
    anime_ids = table[ANIME_ID].to_numpy()
    held_out = HeldOut(
        indptr=np.append(starts, table.height).astype(np.int64),
        anime_ids=anime_ids,
        rows=index.rows(anime_ids),
        ratings=table[RATING].to_numpy(),
    )
    return Fold(history, held_out)


def read_about(directory: Path) -> dict[str, Any]:
    """Return what ``split.json`` holds.

    Raises
    ------
    DataError
        If it is missing, damaged, or of a newer format.
    """
    path = directory / SPLIT_FILE
    try:
        about: dict[str, Any] = json.loads(path.read_text())
        newer = about["format"] > SPLIT_FORMAT
    except FileNotFoundError:
        raise DataError(f"no split in {directory}: make it with anirec split") from None
    except (ValueError, KeyError, TypeError):
        raise DataError(f"{path} is damaged: run anirec split again") from None
    if newer:
        raise DataError(f"{path} was written by a newer anirec: upgrade anirec, or split again")
    return about


def table_hashes(tables: Path) -> dict[str, str]:
    """Return the SHA-256 of each table."""
    hashes = {}
    for name in (CATALOGUE_FILE, INTERACTIONS_FILE):
        try:
            with (tables / name).open("rb") as file:
                hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            raise DataError(f"no table {tables / name}: make it with anirec ingest") from None
    return hashes
