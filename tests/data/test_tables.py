"""Tables: what is written is read back; lists come by viewer, without unknown shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.data import tables
from anirec.data.item_index import ItemIndex
from anirec.data.schema import CATALOGUE_FILE, INTERACTIONS_FILE
from anirec.data.show import Relation, Show
from anirec.data.tables import (
    LIST_SCHEMA,
    load_dataset,
    read_catalogue_table,
    read_interactions,
    write_catalogue,
)
from anirec.errors import DataError
from anirec.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

FULL = Show(
    anime_id=5,
    title="Tengoku no Tobira",
    title_english="The Movie",
    title_japanese="天国の扉",
    synonyms=("a", "b"),
    synopsis="Two\nlines.",
    genres=("Action",),
    tags=("Future",),
    studios=("Bones",),
    source="Original",
    type="Movie",
    episodes=1,
    year=2001,
    season="fall",
    age_rating="R",
    score=8.38,
    members=414561,
    poster_url="https://images.example/5.jpg",
    anilist_id=105,
    relations=(Relation(1, "PARENT"), Relation(9, "OTHER")),
    franchise=1,
    is_adult=True,
)
INDEX = ItemIndex([10, 20, 30, 40])

Row = tuple[int, int, int, int]


class Told(Progress):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def step(self, text: str) -> None:
        self.lines.append(text)


def write_rows(path: Path, rows: list[Row]) -> Path:
    pl.DataFrame(rows, schema=LIST_SCHEMA, orient="row").write_parquet(path)
    return path


def test_a_catalogue_is_read_back_by_id(tmp_path: Path) -> None:
    path = tmp_path / "new" / CATALOGUE_FILE
    write_catalogue([FULL, Show(1, "Only a title")], path)
    assert read_catalogue_table(path) == (Show(1, "Only a title"), FULL)
    assert [file.name for file in path.parent.iterdir()] == [CATALOGUE_FILE]


def test_a_table_from_before_the_anilist_ids_is_read(tmp_path: Path) -> None:
    path = tmp_path / CATALOGUE_FILE
    write_catalogue([FULL], path)
    pl.read_parquet(path).drop("anilist_id").write_parquet(path)
    assert read_catalogue_table(path) == (replace(FULL, anilist_id=None),)


def test_equal_catalogues_are_equal_bytes(tmp_path: Path) -> None:
    shows = [FULL] + [Show(i, f"show {i}", genres=("Action",) * (i % 3)) for i in range(6, 500)]
    for name in ("one", "other"):
        write_catalogue(shows, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_an_interrupted_write_leaves_the_old_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / CATALOGUE_FILE
    write_catalogue([FULL], path)

    def interrupt(frame: pl.DataFrame, file: Path) -> None:
        file.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(pl.DataFrame, "write_parquet", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_catalogue([], path)
    assert read_catalogue_table(path) == (FULL,)
    assert len(list(tmp_path.iterdir())) == 1


def test_lists_come_by_viewer_without_unknown_shows(tmp_path: Path) -> None:
    rows = [(3, 99, 5, 2), (3, 40, 8, 2), (1, 30, 0, 6), (1, 10, 10, 1), (2, 99, 1, 4)]
    told = Told()
    lists = read_interactions(write_rows(tmp_path / "i.parquet", rows), INDEX, told)
    assert lists.user_ids.tolist() == [1, 2, 3]
    assert lists.indptr.tolist() == [0, 2, 2, 3]
    assert lists.items.tolist() == [0, 2, 3]
    assert lists.ratings.tolist() == [10, 0, 8]
    assert lists.statuses.tolist() == [1, 6, 2]
    assert [str(array.dtype) for array in (lists.user_ids, lists.indptr, lists.items)] == [
        *("int64", "int64", "int32")
    ]
    assert told.lines == ["i.parquet: 2 entries of shows that the catalogue lacks left out"]


@given(
    entries=st.dictionaries(
        st.tuples(st.integers(0, 6), st.sampled_from([10, 20, 30, 40, 99])),
        st.tuples(st.integers(0, 10), st.sampled_from([1, 2, 6])),
    ),
    chunk_rows=st.integers(1, 5),
    ordered=st.booleans(),
)
def test_chunks_and_order_of_the_table_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory,
    entries: dict[tuple[int, int], tuple[int, int]],
    chunk_rows: int,
    ordered: bool,
) -> None:
    rows = [(*key, *value) for key, value in entries.items()]
    path = write_rows(tmp_path_factory.mktemp("t") / "i", sorted(rows) if ordered else rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "CHUNK_ROWS", chunk_rows)
        lists = read_interactions(path, INDEX)
    assert lists.user_ids.tolist() == sorted({user_id for user_id, _ in entries})
    found = {
        (int(lists.user_ids[viewer]), int(INDEX.ids(item))): (int(rating), int(status))
        for viewer, item, rating, status in zip(
            lists.viewers, lists.items, lists.ratings, lists.statuses, strict=True
        )
    }
    assert found == {key: value for key, value in entries.items() if key[1] != 99}
    assert len(lists.items) == len(found)


def test_a_show_named_twice_in_a_list_is_refused(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "i.parquet", [(1, 10, 0, 2), (1, 10, 5, 2)])
    with pytest.raises(DataError, match="twice in one list"):
        read_interactions(path, INDEX)


def test_a_table_that_cannot_be_used_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "i.parquet"
    with pytest.raises(DataError, match=r"no table .*i\.parquet: make it with anirec ingest"):
        read_interactions(path, INDEX)
    path.write_bytes(b"not parquet at all")
    with pytest.raises(DataError, match="damaged or no Parquet file") as error:
        read_interactions(path, INDEX)
    assert "\n" not in str(error.value)
    pl.DataFrame({"user_id": [1], "anime_id": [2]}).write_parquet(path)
    with pytest.raises(DataError, match="the column anime_id is Int64, not Int32"):
        read_interactions(path, INDEX)
    pl.DataFrame({"user_id": [1]}).write_parquet(path)
    with pytest.raises(DataError, match="lacks the column anime_id; it has: user_id"):
        read_interactions(path, INDEX)


def test_a_data_set_is_both_tables(tmp_path: Path) -> None:
    write_catalogue([FULL, Show(1, "one")], tmp_path / CATALOGUE_FILE)
    write_rows(tmp_path / INTERACTIONS_FILE, [(7, 5, 9, 2), (7, 8, 9, 2)])
    dataset = load_dataset(tmp_path)
    assert dataset.n_items == 2
    assert [show.anime_id for show in dataset.shows] == dataset.index.anime_ids.tolist() == [1, 5]
    assert dataset.histories.items.tolist() == [1]
    assert np.array_equal(dataset.histories.user_ids, [7])
