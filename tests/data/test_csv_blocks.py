from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.data.csv_blocks import (
    Lines,
    Record,
    all_have_fields,
    blocks,
    quoted_records,
    read_header,
)
from anirec.data.sources import SourceStream
from anirec.errors import DataError


def stream(data: bytes) -> SourceStream:
    return SourceStream("list.csv", io.BytesIO(data))


lines = st.lists(st.text("ab,1 \t", max_size=9), min_size=1, max_size=30)


@settings(deadline=None, derandomize=True)
@given(lines=lines, size=st.integers(1, 40), line_break=st.sampled_from(["\n", "\r\n"]))
def test_blocks_hold_every_line_once_with_its_number(
    lines: list[str], size: int, line_break: str
) -> None:
    data = line_break.join(["header", *lines, ""]).encode()
    seen: list[tuple[int, str]] = []
    for block in blocks(stream(data), size):
        texts = block.data.decode().split("\n")[:-1]
        seen += list(enumerate(texts, block.first_line))
    assert seen == list(enumerate(lines, 2))


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_missing_last_line_break_makes_no_difference(size: int) -> None:
    found = b"".join(block.data for block in blocks(stream(b"header\n1,2\n3,4"), size))
    assert found == b"1,2\n3,4\n"


@settings(deadline=None, derandomize=True)
@given(size=st.integers(1, 60))
def test_a_quoted_line_break_is_never_a_cut(size: int) -> None:
    records = [b'1,"a\nb",2\n', b"3,c,4\n", b'5,"d ""e""\n\nf",6\n', b"7,,8\n"]
    data = b"header\n" + b"".join(records * 3)
    ends = set()
    at = 0
    for record in records * 3:
        at += len(record)
        ends.add(at)
    at = 0
    for block in blocks(stream(data), size):
        at += len(block.data)
        assert at in ends or not block.data


def test_a_stray_quote_does_not_hold_up_the_rest() -> None:
    data = b'header\n1,"2\n' + b"3,4\n" * 600_000
    found = list(blocks(stream(data), 1 << 20))
    assert len(found) > 2
    assert b"header\n" + b"".join(block.data for block in found) == data


def test_header_alone_gives_no_lines() -> None:
    for data in (b"header", b"header\n"):
        assert not b"".join(block.data for block in blocks(stream(data)))


def test_header_names_are_cleaned() -> None:
    head = b"\xef\xbb\xbfUser_ID, anime_id ,\"rating\"\r\n1,2,3\n"  # fmt: skip
    assert read_header(head, "list.csv") == ["user_id", "anime_id", "rating"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_named(encoding: str) -> None:
    with pytest.raises(DataError, match=r"list\.csv is not UTF-8 text .*UTF-16.*save it as UTF-8"):
        read_header("user_id,anime_id\n".encode(encoding), "list.csv")


def test_latin1_header_is_refused() -> None:
    with pytest.raises(DataError, match=r"list\.csv is not UTF-8 text in its first line"):
        read_header("user_id,titré\n".encode("latin-1"), "list.csv")


def test_the_line_breaks_of_old_macs_are_named() -> None:
    with pytest.raises(DataError, match=r"list\.csv has a lone carriage return .*line feeds"):
        read_header(b"user_id,anime_id\r1,2\r3,4\r", "list.csv")


@pytest.mark.parametrize("head", [b"", b"\n", b" \r\n"])
def test_empty_file(head: bytes) -> None:
    with pytest.raises(DataError, match=r"list\.csv is empty"):
        read_header(head, "list.csv")


@settings(deadline=None, derandomize=True)
@given(text=st.text('a,"\n', max_size=40), n_fields=st.integers(2, 4))
def test_lines(text: str, n_fields: int) -> None:
    text += "\n"
    texts = text.split("\n")[:-1]
    lines = Lines(text.encode())
    commas = lines.counts(b",")
    assert commas.tolist() == [line.count(",") for line in texts]
    expected = "".join(f"{line}\n" for line in texts if line.count(",") == n_fields - 1)
    assert lines.select(commas == n_fields - 1).decode() == expected
    regular = all(line.count(",") == n_fields - 1 and '"' not in line for line in texts)
    assert all_have_fields(text.encode(), n_fields) == regular


def test_quoted_records() -> None:
    text = '1,"a, ""b""",2\n\n3,"c\nd",4\n5,plain,6\n'
    assert list(quoted_records(text, one_line=[0, 2])) == [
        Record(0, '1,"a, ""b""",2', ["1", 'a, "b"', "2"]),
        Record(2, '3,"c\nd",4', ["3", "c\nd", "4"]),
        Record(4, "5,plain,6", ["5", "plain", "6"]),
    ]


def test_stray_quotes_cost_their_own_lines_only() -> None:
    text = '1,"2\n3,4\n5,"6\n7,8\n9,"10"\n'
    records = list(quoted_records(text, one_line=[0, 1]))
    assert [record.fields for record in records] == [
        None,
        ["3", "4"],
        None,
        ["7", "8"],
        ["9", "10"],
    ]
    assert [record.line for record in records] == [0, 1, 2, 3, 4]
