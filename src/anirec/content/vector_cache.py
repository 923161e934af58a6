"""Text vectors on disk, one file per encoder, so that an unchanged text is encoded once.

The file is a SHA-256 digest and then a numpy array of (key, vector) records, sorted by key. A key
is the SHA-256 of encoder name, version and text; a vector is kept as float16. The file is replaced
as a whole: a reader sees the old or the new one, and two processes that write at the same time
cost each other at most some vectors that are encoded again.
"""

from __future__ import annotations

import io
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from anirec.data.staging import sole_writer
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.content.encoders import TextEncoder

KEY_BYTES = 32
CHUNK = 4096
"""Texts encoded before the file is written: what a killed run loses at most."""


def encode_cached(
    texts: Sequence[str],
    encoder: TextEncoder,
    directory: Path | None = None,
    progress: Progress = SILENT,
) -> NDArray[np.float32]:
    """Return float32 (n_texts, encoder.size), encoding only texts not yet in ``directory``.

    The result is rounded to float16 precision with and without a cache. A damaged cache file is
    reported through ``progress`` and written anew.
    """
    cache = _VectorFile(encoder, directory, progress)
    keys = np.array([cache.key(text) for text in texts], dtype=cache.record["key"])
    wanted, first = np.unique(keys, return_index=True)
    missing = first[~np.isin(wanted, cache.records["key"])]
    if len(missing):
        with progress.bar(f"encoding texts ({encoder.name})", len(missing)) as done:
            for start in range(0, len(missing), CHUNK):
                chunk = missing[start : start + CHUNK]
                cache.add(keys[chunk], encoder.encode([texts[row] for row in chunk]))
                done(len(chunk))
    if not len(texts):
        return np.zeros((0, encoder.size), dtype=np.float32)
    found = np.searchsorted(cache.records["key"], keys)
    return cache.records["vector"][found].astype(np.float32)


class _VectorFile:
    """The records of one encoder, in memory and (with a directory) on disk."""

    def __init__(self, encoder: TextEncoder, directory: Path | None, progress: Progress) -> None:
        self.record = np.dtype([("key", f"S{2 * KEY_BYTES}"), ("vector", "<f2", (encoder.size,))])
        self._salt = f"{encoder.name}\0{encoder.version}\0"
        self._path = directory / f"{encoder.name}.vectors" if directory else None
        self._progress = progress
        self.records = self._read()

    def key(self, text: str) -> bytes:
        """Return the key of a text: hexadecimal, since numpy strips zero bytes from the end."""
        return sha256((self._salt + text).encode()).hexdigest().encode()

    def add(self, keys: NDArray[np.bytes_], vectors: NDArray[np.float32]) -> None:
        """Take over vectors, and write the file together with what others wrote meanwhile."""
        new = np.empty(len(keys), dtype=self.record)
        new["key"], new["vector"] = keys, vectors
        merged = np.concatenate([new, self.records, self._read()])
        _, first = np.unique(merged["key"], return_index=True)
        self.records = merged[first]
        self._write()

    def _read(self) -> NDArray[Any]:
        nothing = np.empty(0, dtype=self.record)
        if self._path is None or not self._path.exists():
            return nothing
        raw = self._path.read_bytes()
        digest, payload = raw[:KEY_BYTES], memoryview(raw)[KEY_BYTES:]
        if sha256(payload).digest() != digest:
            self._progress.step(f"{self._path} is damaged: its vectors are computed anew")
            return nothing
        records: NDArray[Any] = np.load(io.BytesIO(payload), allow_pickle=False)
        return records if records.dtype == self.record else nothing

    def _write(self) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        payload = io.BytesIO()
        np.save(payload, self.records, allow_pickle=False)
        view = payload.getbuffer()
        # One name, so that what a killed run left is written over.
        beside = self._path.with_name(f".{self._path.name}.part")
        with sole_writer(self._path):
            try:
                with beside.open("wb") as file:
                    file.write(sha256(view).digest())
                    file.write(view)
                beside.replace(self._path)
            finally:
                beside.unlink(missing_ok=True)
