"""Writes a file of the shape of the 2020 ``animelist.csv``: simulated, for measuring speed only.

python benchmarks/generate_lists.py FILE [--rows N] [--shuffled] [--bad-every N] [--seed N]

As in the original (109 million rows, 325,772 viewers, 17,562 shows) a viewer has 335 entries on
average, viewers come in ascending order and the shows of a viewer in none.
"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = b"user_id,anime_id,rating,watching_status,watched_episodes\n"
N_SHOWS = 17_562
LARGEST_ANIME_ID = 48_492
MEAN_LENGTH = 335
VIEWERS_AT_ONCE = 3_000


def entries(n_rows: int, rng: np.random.Generator) -> Iterator[pl.DataFrame]:
    """Yield ``n_rows`` entries, whole viewers at a time but for the last."""
    anime_ids = np.sort(rng.choice(np.arange(1, LARGEST_ANIME_ID + 1), N_SHOWS, replace=False))
    # A walk with one of these strides visits every show once before it comes back.
    strides = np.array([s for s in range(1, N_SHOWS) if np.gcd(s, N_SHOWS) == 1])
    first_user = 0
    while n_rows > 0:
        drawn = rng.lognormal(np.log(MEAN_LENGTH) - 0.5, 1.0, VIEWERS_AT_ONCE)
        lengths = drawn.astype(np.int64).clip(1, N_SHOWS)
        viewer = np.repeat(np.arange(VIEWERS_AT_ONCE), lengths)[:n_rows]
        step = np.arange(len(viewer)) - np.repeat(np.cumsum(lengths) - lengths, lengths)[:n_rows]
        start = rng.integers(0, N_SHOWS, VIEWERS_AT_ONCE)
        stride = rng.choice(strides, VIEWERS_AT_ONCE)
        n = len(viewer)
        yield pl.DataFrame(
            {
                "user_id": viewer + first_user,
                "anime_id": anime_ids[(start[viewer] + step * stride[viewer]) % N_SHOWS],
                "rating": rng.integers(0, 11, n).astype(np.uint8),
                "watching_status": rng.choice(np.array([1, 2, 3, 4, 6], np.uint8), n),
                "watched_episodes": rng.integers(0, 27, n).astype(np.uint16),
            }
        )
        n_rows -= n
        first_user += VIEWERS_AT_ONCE


def write(file: BinaryIO, rows: pl.DataFrame, bad_every: int | None) -> None:
    """Write rows as CSV, every n-th with a text for a rating."""
    if bad_every:
        is_bad = pl.int_range(pl.len()) % bad_every == bad_every - 1
        rating = pl.when(is_bad).then(pl.lit("good")).otherwise(pl.col("rating").cast(pl.String))
        rows = rows.with_columns(rating.alias("rating"))
    rows.write_csv(file, include_header=False)


def main() -> None:
    """Parse the arguments and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--shuffled", action="store_true", help="viewers in no order, in memory")
    parser.add_argument("--bad-every", type=int, help="spoil every n-th row")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    chunks = entries(options.rows, rng)
    if options.shuffled:
        whole = pl.concat(chunks)
        chunks = iter([whole[rng.permutation(whole.height)]])
    with (
        gzip.open(options.file, "wb", compresslevel=1)
        if options.file.suffix == ".gz"
        else options.file.open("wb")
    ) as file:
        file.write(HEADER)
        for chunk in chunks:
            write(file, chunk, options.bad_every)


if __name__ == "__main__":
    main()
