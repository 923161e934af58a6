from __future__ import annotations

import csv
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.data.csv_blocks import Block
from anirec.data.list_layouts import (
    ANIMELIST_2020,
    LIST_UPDATES,
    RATING_2016,
    RATING_COMPLETE_2020,
    USER_ANIME_LIST_2018,
    USER_ANIME_LIST_2018_BY_NAME,
    ListLayout,
)
from anirec.data.list_parser import CLIPPED, UNREADABLE_DATE, ListParser, hashed_user_id
from anirec.data.rejects import Rejects

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS_2020 = list(ANIMELIST_2020.columns)
GOOD = "1,5114,10,2,64"


def parse(
    text: str | bytes, layout: ListLayout = ANIMELIST_2020, columns: list[str] | None = None
) -> tuple[list[tuple[object, ...]], ListParser, Rejects]:
    """Return (user, anime, rating, status, episodes[, updated], line) of the valid rows."""
    rejects = Rejects()
    parser = ListParser(layout, columns or list(layout.columns), "list.csv", rejects)
    data = text.encode() if isinstance(text, str) else text
    frame = parser.parse(Block(data, 2))
    assert frame.height + rejects.count == parser.n_read
    return frame.rows(), parser, rejects


def rejected(tmp_path: Path, text: str | bytes, layout: ListLayout = ANIMELIST_2020) -> list[list[str]]:  # fmt: skip
    """Return the rows of the rejects file without the source."""
    path = tmp_path / "rejected.csv"
    with Rejects(path) as rejects:
        parser = ListParser(layout, list(layout.columns), "list.csv", rejects)
        parser.parse(Block(text.encode() if isinstance(text, str) else text, 2))
    with path.open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert all(row[0] == "list.csv" for row in rows)
    return [row[1:] for row in rows]


def test_the_2020_layout() -> None:
    rows, parser, rejects = parse(f"{GOOD}\n0,1,0,6,0\n")
    assert rows == [(1, 5114, 10, 2, 64, 2), (0, 1, 0, 6, 0, 3)]
    assert (parser.n_read, rejects.count) == (2, 0)


def test_types_are_those_of_the_table() -> None:
    parser = ListParser(ANIMELIST_2020, COLUMNS_2020, "list.csv", Rejects())
    for text in (f"{GOOD}\n", f"{GOOD}\nx\n", ""):
        assert parser.parse(Block(text.encode(), 2)).schema == {
            "user_id": pl.Int64,
            "anime_id": pl.Int32,
            "rating": pl.UInt8,
            "status": pl.UInt8,
            "episodes_watched": pl.UInt16,
            "line": pl.UInt32,
        }


def test_2016_and_rating_complete_know_no_status() -> None:
    assert parse("1,20,-1\n1,24,8\n", RATING_2016)[0] == [(1, 20, 0, 2, 0, 2), (1, 24, 8, 2, 0, 3)]
    rows, _, rejects = parse("1,20,-1\n1,24,8\n", RATING_COMPLETE_2020)
    assert rows == [(1, 24, 8, 2, 0, 3)]
    assert rejects.by_reason == {"rating is not between 0 and 10": 1}


def test_2018_dates_as_text_or_seconds() -> None:
    columns = list(USER_ANIME_LIST_2018.columns)
    assert columns == [
        "user_id",
        "anime_id",
        "my_score",
        "my_status",
        "my_watched_episodes",
        "my_last_updated",
    ]
    rows, parser, _ = parse(
        "7,20,9,1,586,2013-03-03 10:52:53\n7,21,9,1,5,1362307973\n7,22,9,1,5,0000-00-00\n"
        "7,23,9,1,5,yesterday\n7,24,9,1,5,\n",
        USER_ANIME_LIST_2018,
    )
    moment = datetime(2013, 3, 3, 10, 52, 53, tzinfo=UTC)
    assert [row[5] for row in rows] == [moment, moment, None, None, None]
    assert parser.adjusted == {UNREADABLE_DATE: 1}


def test_2018_viewers_by_name() -> None:
    rows, _, rejects = parse(
        "karthiga,20,9,1,5,\nkarthiga,21,9,1,5,\nDamonashu,21,9,1,5,\n,21,9,1,5,\n",
        USER_ANIME_LIST_2018_BY_NAME,
    )
    karthiga = hashed_user_id("karthiga")
    assert [row[0] for row in rows] == [karthiga, karthiga, hashed_user_id("Damonashu")]
    assert 0 <= karthiga < 2**62
    assert hashed_user_id("bob") == 2106781698633607460  # the same for ever
    assert rejects.by_reason == {"username is missing": 1}


def test_2018_names_that_are_no_utf8_are_rejected_and_other_text_does_not_matter() -> None:
    columns = [*USER_ANIME_LIST_2018_BY_NAME.columns, "my_tags"]
    text = "jos\xe9,20,9,1,5,,\nbob,20,9,1,5,,d\xe9j\xe0 vu\n".encode("latin-1")
    rows, _, rejects = parse(text, USER_ANIME_LIST_2018_BY_NAME, columns)
    assert [row[0] for row in rows] == [hashed_user_id("bob")]
    assert rejects.by_reason == {"username is not UTF-8 text": 1}


def test_tags_may_hold_commas_quotes_and_line_breaks() -> None:
    columns = [*USER_ANIME_LIST_2018.columns, "my_tags"]
    text = '7,20,9,1,5,,"a, ""b""\nc"\n7,21,8,2,3,,\n"7","22",7,2,3,,x\n'
    rows, parser, rejects = parse(text, USER_ANIME_LIST_2018, columns)
    assert [(row[1], row[-1]) for row in rows] == [(20, 2), (21, 4), (22, 5)]
    assert (parser.n_read, rejects.count) == (3, 0)


def test_list_updates() -> None:
    rows, _, rejects = parse(
        "2912,1,0,Completed,26.0,2022-06-16T10:55:05+00:00\n"
        "2913,1,9,on-hold,,2022-06-16T12:54:36+02:00\n"
        "2913,1,9,Watched,,2022-06-16T12:54:36+02:00\n",
        LIST_UPDATES,
    )
    assert rows == [
        (2912, 1, 0, 2, 26, datetime(2022, 6, 16, 10, 55, 5, tzinfo=UTC), 2),
        (2913, 1, 9, 3, 0, datetime(2022, 6, 16, 10, 54, 36, tzinfo=UTC), 3),
    ]
    assert rejects.by_reason == {"status is not a known status": 1}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x,5114,10,2,64", "user_id is not a whole number"),
        (",5114,10,2,64", "user_id is missing"),
        ("-1,5114,10,2,64", "user_id is negative or beyond 62 bits"),
        ("99999999999999999999,5114,10,2,64", "user_id is not a whole number"),
        ("4611686018427387904,5114,10,2,64", "user_id is negative or beyond 62 bits"),
        ("1,,10,2,64", "anime_id is missing"),
        ("1,0,10,2,64", "anime_id is not between 1 and 2147483647"),
        ("1,-5,10,2,64", "anime_id is not between 1 and 2147483647"),
        ("1,2147483648,10,2,64", "anime_id is not between 1 and 2147483647"),
        ("1,5114,11,2,64", "rating is not between 0 and 10"),
        ("1,5114,-1,2,64", "rating is not between 0 and 10"),
        ("1,5114,7.5,2,64", "rating is not a whole number"),
        ("1,5114,,2,64", "rating is missing"),
        ("1,5114,10,5,64", "watching_status is not a known status"),
        ("1,5114,10,0,64", "watching_status is not a known status"),
        ("1,5114,10,2,-1", "watched_episodes is negative"),
        ("1,5114,10,2,all", "watched_episodes is not a whole number"),
        ("1,5114,10,2", "wrong number of fields"),
        ("1,5114,10,2,64,", "wrong number of fields"),
        (",".join(COLUMNS_2020), "user_id is not a whole number"),
        ('1,"5114,10,2,64', "a quote is opened and never closed"),
        ("1,51\x0014,10,2,64", "anime_id is not a whole number"),
        ("١,5114,10,2,64", "user_id is not a whole number"),
    ],
)
def test_a_bad_row_is_rejected_alone_with_its_line_and_reason(
    tmp_path: Path, row: str, reason: str
) -> None:
    text = f"{GOOD}\n\n{row}\n2,20,3,4,5\n"
    assert rejected(tmp_path, text) == [["4", reason, row]]
    assert [r[0] for r in parse(text)[0]] == [1, 2]


@pytest.mark.parametrize(
    "row", ["1.0,5114.0,10.,2,64.00", " 1 ,5114, 10,2 ,64", "+1,5114,10,2,64", '"1","5114",10,2,64']
)
def test_whole_numbers_in_disguise_are_fine(row: str) -> None:
    assert parse(row + "\n")[0] == [(1, 5114, 10, 2, 64, 2)]


def test_episodes_may_be_missing_and_are_clipped() -> None:
    rows, parser, _ = parse("1,5114,10,2,\n1,20,10,2,70000\n1,21,10,2,65535\n")
    assert [row[4] for row in rows] == [0, 65535, 65535]
    assert parser.adjusted == {CLIPPED: 1}


def test_a_line_that_damage_cut_off_is_rejected() -> None:
    rejects = Rejects()
    parser = ListParser(ANIMELIST_2020, COLUMNS_2020, "list.csv", rejects)
    assert parser.parse(Block(b"1,5114,1\n", 9, is_fragment=True)).height == 0
    assert rejects.by_reason == {"line cut off": 1}


fields = st.one_of(
    st.integers(-3, 12).map(str),
    st.integers(-(2**70), 2**70).map(str),
    st.floats(-5, 20).map(str),
    st.text("0123456789.+-e x_", max_size=5),
    st.sampled_from(["", "1.0", "2.", " 3", "4 ", "+5", "--1", "1e3", "0x1", "NaN", "null", "é"]),
)


@settings(deadline=None, derandomize=True)
@given(rows=st.lists(st.lists(fields, min_size=4, max_size=6).map(",".join), max_size=8))
def test_no_row_is_judged_by_its_neighbours(rows: list[str]) -> None:
    """The fast way for clean blocks and the careful way for others agree on every row."""
    alone = [parsed[0][0][:-1] for row in rows if (parsed := parse(row + "\n"))[0]]
    together = [row[:-1] for row in parse("".join(f"{row}\n" for row in rows))[0]]
    beside_a_bad_one = [row[:-1] for row in parse("".join(f"{r}\n" for r in ["bad", *rows]))[0]]
    beside_a_quote = [row[:-1] for row in parse("".join(f"{r}\n" for r in [*rows, '"x"']))[0]]
    assert alone == together == beside_a_bad_one == beside_a_quote


@settings(deadline=None, derandomize=True)
@given(
    ratings=st.lists(st.tuples(st.integers(0, 2**62 - 1), st.integers(0, 10)), max_size=20),
    quoted=st.booleans(),
)
def test_what_was_written_is_read(ratings: list[tuple[int, int]], quoted: bool) -> None:
    mark = '"' if quoted else ""
    text = "".join(f"{mark}{user}{mark},7,{rating}\n" for user, rating in ratings)
    assert [(row[0], row[2]) for row in parse(text, RATING_2016)[0]] == ratings
