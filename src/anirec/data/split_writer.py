"""Writes a split: the training table, and for each fold what models see and what is held out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from anirec.data.held_out_draw import FOLDS, fold_numbers, held_out_mask
from anirec.data.schema import (
    ANIME_ID,
    CATALOGUE_FILE,
    INTERACTIONS_FILE,
    STATUS,
    USER_ID,
    Status,
)
from anirec.data.split import (
    FILES,
    SPLIT_FILE,
    SPLIT_FORMAT,
    TRAIN_FILE,
    held_out_file,
    history_file,
    table_hashes,
)
from anirec.data.staging import check_replaceable, staged_directory
from anirec.data.tables import LIST_SCHEMA, scan
from anirec.errors import DataError
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.params import SplitParams


def write_split(
    tables: Path, directory: Path, params: SplitParams, progress: Progress = SILENT
) -> dict[str, Any]:
    """Split the interactions of ``tables`` into training, validation and test tables.

    Validation and test viewers with fewer than ``params.minimum_interactions`` entries are in no
    table; plan-to-watch entries count for nobody and stay with training viewers only. An old split
    in ``directory`` is replaced when the new one is whole.

    Returns
    -------
    What ``split.json`` holds.

    Raises
    ------
    DataError
        If a table cannot be read, ``directory`` holds other files, or nobody is left in a fold.
    """
    check_replaceable(directory, FILES)
    table = scan(tables / INTERACTIONS_FILE, LIST_SCHEMA)
    catalogue = scan(tables / CATALOGUE_FILE, pl.Schema({ANIME_ID: pl.Int32()}))
    known = catalogue.select(ANIME_ID).collect()[ANIME_ID]
    progress.step("hashing viewers")
    viewers = table.select(pl.col(USER_ID).unique()).collect()[USER_ID].sort().to_numpy()
    fold_of = fold_numbers(viewers, params)
    counts: dict[str, dict[str, int]] = {}
    with staged_directory(directory) as draft:
        for number, fold in enumerate(FOLDS):
            progress.step(f"drawing {fold} lists")
            chosen = viewers[fold_of == number]
            counts[fold] = _write_fold(draft, fold, _of(table, chosen).collect(), params, known)
            counts[fold]["viewers_too_short"] = len(chosen) - counts[fold]["viewers"]
            if not counts[fold]["viewers"]:
                raise DataError(
                    f"none of {len(viewers):,} viewers is left for {fold}: it takes more viewers, or "
                    f"a lower split.minimum_interactions than {params.minimum_interactions}"
                )
        progress.step("writing training lists")
        _of(table, viewers[fold_of < 0]).sink_parquet(draft / TRAIN_FILE)
        counts["train"] = {
            "viewers": int(np.count_nonzero(fold_of < 0)),
            "entries": pl.scan_parquet(draft / TRAIN_FILE).select(pl.len()).collect().item(),
        }
        about = {
            "format": SPLIT_FORMAT,
            "params": params.model_dump(mode="json"),
            "tables": table_hashes(tables),
            "counts": counts,
        }
        (draft / SPLIT_FILE).write_text(json.dumps(about, indent=1, sort_keys=True) + "\n")
    return about


def _of(table: pl.LazyFrame, viewers: NDArray[np.int64]) -> pl.LazyFrame:
    return table.filter(pl.col(USER_ID).is_in(pl.Series(viewers).implode()))


def _write_fold(
    draft: Path, fold: str, lists: pl.DataFrame, params: SplitParams, known: pl.Series
) -> dict[str, int]:
    watched = lists.filter(pl.col(STATUS) != Status.PLAN_TO_WATCH)
    enough = pl.len().over(USER_ID) >= params.minimum_interactions
    watched = watched.filter(enough).sort(USER_ID, ANIME_ID)
    held_out = held_out_mask(watched[USER_ID].to_numpy(), watched[ANIME_ID].to_numpy(), params)
    parts = {history_file(fold): watched.filter(~held_out)}
    parts[held_out_file(fold)] = taken = watched.filter(held_out)
    for name, part in parts.items():
        part.write_parquet(draft / name)
    return {
        "viewers": watched[USER_ID].n_unique(),
        "history": watched.height - taken.height,
        "held_out": taken.height,
        "held_out_not_in_catalogue": taken.height
        - int(taken[ANIME_ID].is_in(known.implode()).sum()),
    }
