"""A file is told by what it holds, and refused in one sentence where it is no list."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.lists.errors import ListFileError, TooLargeError
from anirec.lists.file_formats import read_list
from anirec.lists.read_list import ReadList
from anirec.lists.unpacking import MAX_BYTES
from lists.exports import anime, gdpr, mal_xml


def gzipped(data: bytes) -> bytes:
    """Gzip without the time of packing: test ids hold these bytes, and each worker makes its own."""
    return gzip.compress(data, mtime=0)


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("animelist.xml", data)
    return file.getvalue()


def bomb(times: int) -> bytes:
    """Zeros that unpack to ``times`` megabytes."""
    packer = zlib.compressobj(9, wbits=31)
    mega = bytes(1_000_000)
    return b"".join([*(packer.compress(mega) for _ in range(times)), packer.flush()])


@pytest.mark.parametrize(
    ("data", "source"),
    [
        (mal_xml(anime(5)), "MyAnimeList export"),
        (b"\n  " + mal_xml(anime(5)).partition(b"?>")[2], "MyAnimeList export"),
        (gdpr({"series_id": 5}), "AniList data download"),
        (b'\xef\xbb\xbf {"lists": []}', "AniList data download"),
        (b"anime_id\n5\n", "CSV"),
    ],
)
def test_content_tells_the_format(data: bytes, source: str) -> None:
    assert read_list(data).source == source
    packed = gzipped(data[:20]) + gzipped(data[20:])
    assert read_list(packed) == read_list(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (gzipped(b""), "is empty"),
        (zipped(mal_xml(anime(5))), "is a ZIP archive: unpack it"),
        (bz2.compress(b"x"), "is a bzip2 archive"),
        (lzma.compress(b"x"), "is a xz archive"),
        (gzipped(gzipped(mal_xml())), "is a gzip archive"),
        (gzipped(mal_xml())[:-9], "is a damaged gzip file"),
        (b"\x1f\x8b\x08garbage", "is a damaged gzip file"),
        (b"\x7fELF\0\0", "is no text file"),
        (b"Dear diary, today I watched", "is no list that is known"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(ListFileError, match=rf"^my list {says}") as caught:
        read_list(data, "my list")
    assert "\n" not in str(caught.value)


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(TooLargeError, match="holds more than 20 MB"):
        read_list(bomb(200))
    with pytest.raises(TooLargeError, match="holds more than 20 MB"):
        read_list(b" " * (MAX_BYTES + 1))


@given(
    st.one_of(
        st.binary(max_size=300),
        st.tuples(
            st.sampled_from(
                [b"<myanimelist>", b'{"lists":[', b"anime_id\n", b"\x1f\x8b\x08", b"<"]
            ),
            st.binary(max_size=200),
        ).map(b"".join),
        st.tuples(st.integers(0, 900), st.binary(max_size=9), st.just(mal_xml(anime(5)))).map(
            lambda at: at[2][: at[0]] + at[1] + at[2][at[0] :]
        ),
        st.tuples(st.integers(0, 200), st.binary(max_size=9), st.just(gdpr({"series_id": 5}))).map(
            lambda at: at[2][: at[0]] + at[1] + at[2][at[0] :]
        ),
    )
)
def test_any_bytes_are_a_list_or_one_sentence(data: bytes) -> None:
    refusal = ""
    try:
        assert isinstance(read_list(data), ReadList)
    except ListFileError as error:
        refusal = str(error)
    assert len(refusal) < 400
    assert "\n" not in refusal
