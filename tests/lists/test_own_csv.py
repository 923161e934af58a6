"""Our CSV: what is written is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anirec.data.histories import Entry
from anirec.data.schema import Status
from anirec.lists import own_csv
from anirec.lists.errors import ListFileError
from anirec.lists.file_formats import read_list

if TYPE_CHECKING:
    from pathlib import Path

entries = st.lists(
    st.builds(
        Entry,
        st.integers(1, 2**31 - 1),
        st.integers(0, 10),
        st.sampled_from([int(status) for status in Status]),
    ),
    max_size=30,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries)
def test_what_is_written_is_read(tmp_path: Path, written: list[Entry]) -> None:
    path = tmp_path / "list.csv"
    own_csv.write(written, path)
    found = read_list(path.read_bytes())
    assert [Entry(e.show_id, e.rating, e.status) for e in found.entries] == written
    assert found.skipped == {}
    assert [file.name for file in tmp_path.iterdir()] == ["list.csv"]


def test_only_the_id_must_be_there() -> None:
    found = read_list(b'\xef\xbb\xbf\n Title, ANIME_ID \r\n"a, b",5\r\n\r\n,6\r\n')
    assert [(e.show_id, e.rating, e.status, e.title) for e in found.entries] == [
        (5, 0, Status.COMPLETED, "a, b"),
        (6, 0, Status.COMPLETED, None),
    ]


def test_the_columns_of_the_interactions_table_are_read() -> None:
    found = read_list(
        b"user_id,anime_id,rating,status,episodes_watched,updated_at\n"
        b"7,5,10,1,3,0000-00-00\n7,6,0,6,0,2009\n7,8,12,9,0,\n7,x,1,1,0,\n"
    )
    assert [(e.show_id, e.rating, e.status) for e in found.entries] == [(5, 10, 1), (6, 0, 6)]
    assert found.skipped == {"unknown status": 1, "no id": 1}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"anime_id,rating\n5\n", "has 1 fields in line 2, not 2"),
        (b'anime_id,rating\n5,"8\n', "is broken CSV in line 2"),
        (b"anime_id,user_id\n5,1\n6,2\n", r"lists of several viewers \(line 3\)"),
        (b"anime_id\n" + b"1" * 200_000, "has more than 10,000 characters in line 2"),
        (b"id,rating\n5,1\n", "is no list that is known"),
        (b"\x89PNG\r\n\x1a\n", "is no list that is known"),
    ],
)
def test_other_csv_is_refused_with_its_line(data: bytes, says: str) -> None:
    with pytest.raises(ListFileError, match=says):
        read_list(data)


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    own_csv.write([Entry(5)], path)
    with pytest.raises(AttributeError):
        own_csv.write([Entry(6), None], path)  # type: ignore[list-item]
    assert b"5" in path.read_bytes()
    assert len(list(tmp_path.iterdir())) == 1
