from __future__ import annotations

import gzip
import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.data.sources import HEAD_BYTES, SourceStream, find
from anirec.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = b"user_id,anime_id\n" + b"".join(b"%d,%d\n" % (i, i * 7919) for i in range(20_000))


def read_all(stream: SourceStream) -> bytes:
    return b"".join(iter(lambda: stream.read(100_000), b""))


def read_file(address: Path | str) -> tuple[bytes, str | None]:
    (file,) = find(str(address)).files
    with file.open() as stream:
        return read_all(stream), stream.damage


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["list.csv", "list.csv.gz", "misleading.txt"])
def test_plain_and_gzip_are_told_apart_by_their_bytes(tmp_path: Path, name: str) -> None:
    for data in (TEXT, gzip.compress(TEXT)):
        (tmp_path / name).write_bytes(data)
        assert read_file(tmp_path / name) == (TEXT, None)


def test_gzip_of_several_members_and_padding(tmp_path: Path) -> None:
    data = gzip.compress(TEXT[:1000]) + gzip.compress(TEXT[1000:]) + b"\0" * 512
    (tmp_path / "list.gz").write_bytes(data)
    assert read_file(tmp_path / "list.gz") == (TEXT, None)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_gzip_that_is_cut_off_gives_its_readable_part(tmp_path: Path, kept: float) -> None:
    data = gzip.compress(TEXT)
    (tmp_path / "list.gz").write_bytes(data[: int(len(data) * kept)])
    text, damage = read_file(tmp_path / "list.gz")
    assert damage == "the gzip file is cut off"
    assert TEXT.startswith(text)
    assert len(text) > len(TEXT) * (kept - 0.1)


def test_gzip_with_a_wrong_checksum_loses_nothing_but_says_so(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(TEXT))
    data[-8] ^= 1
    (tmp_path / "list.gz").write_bytes(data)
    text, damage = read_file(tmp_path / "list.gz")
    assert damage == "the gzip file is damaged"
    assert TEXT.startswith(text)
    assert len(text) > len(TEXT) - 20_000


@settings(deadline=None, derandomize=True)
@given(
    data=st.binary(min_size=1, max_size=400),
    flipped=st.integers(0, 10_000),
    cut=st.integers(0, 10_000),
)
def test_no_damage_to_a_gzip_raises(data: bytes, flipped: int, cut: int) -> None:
    packed = bytearray(gzip.compress(data))
    packed[2 + flipped % (len(packed) - 2)] ^= 0x55
    packed = packed[: 2 + cut % len(packed)]
    read_all(SourceStream("list.gz", io.BytesIO(bytes(packed))))


def test_zip_is_a_collection_whose_members_can_be_named(tmp_path: Path) -> None:
    path = make_zip(
        tmp_path / "archive.zip",
        {"b/rating.csv": TEXT, "anime.csv.gz": gzip.compress(TEXT), "notes.md": b"x"},
    )
    source = find(str(path))
    assert source.is_collection
    assert [file.name for file in source.files] == [f"{path}/anime.csv.gz", f"{path}/b/rating.csv"]
    for file in source.files:
        with file.open() as stream:
            assert read_all(stream) == TEXT
        assert file.head() == TEXT[:HEAD_BYTES]
    named = find(f"{path}/b/rating.csv")
    assert not named.is_collection
    assert named.files == source.files[1:]


def test_zip_with_a_damaged_member_gives_its_readable_part(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "archive.zip", {"list.csv": TEXT})
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    text, damage = read_file(path)
    assert damage == "the zip archive is damaged"
    assert len(text) < len(TEXT)


def test_zip_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "archive.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(DataError, match=r"archive\.zip is not a readable zip archive"):
        find(str(tmp_path / "archive.zip"))


def test_directory_lists_data_files_by_name(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv.gz", "README.md", ".hidden.csv"):
        (tmp_path / name).write_bytes(TEXT)
    (tmp_path / "deeper.csv").mkdir()
    source = find(f"{tmp_path}/")
    assert source.is_collection
    assert [file.name for file in source.files] == [f"{tmp_path}/a.csv.gz", f"{tmp_path}/b.csv"]
    assert source.files[0].size == len(TEXT)


@pytest.mark.parametrize("address", ["missing.csv", "missing.zip/list.csv", "list.csv/deeper"])
def test_nothing_there(tmp_path: Path, address: str) -> None:
    (tmp_path / "list.csv").write_bytes(TEXT)
    with pytest.raises(DataError, match="there is no file or directory"):
        find(f"{tmp_path}/{address}")


def test_unknown_kind_of_address() -> None:
    with pytest.raises(DataError, match="nosuch://"):
        find("nosuch://bucket/list.csv")
