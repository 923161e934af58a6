from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hash_encoder import HashEncoder
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.content.vector_cache import encode_cached
from anirec.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = ["one", "two", "", "one", "three"]


class Lines(Progress):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def step(self, text: str) -> None:
        self.lines.append(text)


def test_each_distinct_text_is_encoded_once_and_never_again(tmp_path: Path) -> None:
    first, again = HashEncoder(), HashEncoder()
    vectors = encode_cached(TEXTS, first, tmp_path)
    assert sorted(first.asked) == ["", "one", "three", "two"]
    np.testing.assert_array_equal(encode_cached(TEXTS, again, tmp_path), vectors)
    assert again.asked == []
    assert [path.name for path in tmp_path.iterdir()] == ["hash.vectors"]


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    encode_cached(["one", "two"], HashEncoder(), tmp_path)
    encoder = HashEncoder()
    encode_cached(["two", "four"], encoder, tmp_path)
    assert encoder.asked == ["four"]
    encode_cached(["one", "four"], encoder, tmp_path)
    assert encoder.asked == ["four"]


@settings(deadline=None)
@given(texts=st.lists(st.text(max_size=8), max_size=12))
def test_rows_belong_to_their_texts_whatever_the_order(texts: list[str]) -> None:
    encoder = HashEncoder()
    vectors = encode_cached(texts, encoder)
    assert vectors.shape == (len(texts), encoder.size)
    for text, vector in zip(texts, vectors, strict=True):
        np.testing.assert_allclose(vector, encoder.vector(text), atol=1e-3)


def test_with_and_without_a_cache_the_vectors_are_the_same(tmp_path: Path) -> None:
    cached = encode_cached(TEXTS, HashEncoder(), tmp_path / "new" / "folder")
    np.testing.assert_array_equal(cached, encode_cached(TEXTS, HashEncoder()))


def test_another_version_of_an_encoder_uses_nothing_of_the_old_one(tmp_path: Path) -> None:
    encode_cached(TEXTS, HashEncoder(version="1"), tmp_path)
    newer = HashEncoder(version="2")
    encode_cached(TEXTS, newer, tmp_path)
    assert len(newer.asked) == 4


@pytest.mark.parametrize("damage", ["truncated", "flipped", "emptied", "foreign"])
def test_a_damaged_file_is_reported_and_written_anew(tmp_path: Path, damage: str) -> None:
    vectors = encode_cached(TEXTS, HashEncoder(), tmp_path)
    path = tmp_path / "hash.vectors"
    raw = path.read_bytes()
    flipped = bytes([*raw[:-9], raw[-9] ^ 1, *raw[-8:]])
    path.write_bytes(
        {"truncated": raw[:-5], "flipped": flipped, "emptied": b"", "foreign": b"PK\3\4"}[damage]
    )
    heard = Lines()
    np.testing.assert_array_equal(encode_cached(TEXTS, HashEncoder(), tmp_path, heard), vectors)
    assert f"{path} is damaged: its vectors are computed anew" in heard.lines
    after = HashEncoder()
    encode_cached(TEXTS, after, tmp_path)
    assert after.asked == []


def test_a_file_of_other_sizes_is_not_used(tmp_path: Path) -> None:
    class Wider(HashEncoder):
        size = 16

    encode_cached(TEXTS, HashEncoder(), tmp_path)
    assert encode_cached(TEXTS, Wider(), tmp_path).shape == (len(TEXTS), 16)


def test_a_failing_encoder_leaves_the_old_file_whole(tmp_path: Path) -> None:
    class Failing(HashEncoder):
        def encode(self, texts: object) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
            raise RuntimeError("no memory")

    encode_cached(["one"], HashEncoder(), tmp_path)
    before = (tmp_path / "hash.vectors").read_bytes()
    with pytest.raises(RuntimeError):
        encode_cached(["two"], Failing(), tmp_path)
    assert (tmp_path / "hash.vectors").read_bytes() == before


def test_what_a_killed_run_left_is_written_over(tmp_path: Path) -> None:
    (tmp_path / ".hash.vectors.part").write_bytes(b"half")
    (tmp_path / ".hash.vectors.lock").touch()
    encode_cached(TEXTS, HashEncoder(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["hash.vectors"]


def test_runs_at_the_same_time_each_get_their_vectors(tmp_path: Path) -> None:
    lists = [[f"text {start + row}" for row in range(30)] for start in range(0, 80, 10)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda texts: encode_cached(texts, HashEncoder(), tmp_path), lists))
    for texts, vectors in zip(lists, found, strict=True):
        np.testing.assert_array_equal(vectors, encode_cached(texts, HashEncoder()))
    assert [path.name for path in tmp_path.iterdir()] == ["hash.vectors"]
    heard = Lines()
    encode_cached(lists[0], HashEncoder(), tmp_path, heard)
    assert not any("damaged" in line for line in heard.lines)
