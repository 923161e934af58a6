from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.data.id_counts import IdCounts
from anirec.data.list_parser import TIMESTAMP
from anirec.data.list_spill import Spill

if TYPE_CHECKING:
    import pytest

SCHEMA = {
    "user_id": pl.Int64,
    "anime_id": pl.Int32,
    "rating": pl.UInt8,
    "status": pl.UInt8,
    "episodes_watched": pl.UInt16,
    "line": pl.UInt32,
}

entry = st.tuples(st.integers(0, 5), st.integers(1, 4), st.integers(0, 10))
frames = st.lists(
    st.tuples(st.booleans(), st.lists(st.tuples(entry, st.integers(-1, 3)), max_size=12)),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, derandomize=True)
@given(frames=frames, range_rows=st.integers(1, 20))
def test_merge_is_a_sort_that_keeps_the_last(
    tmp_path_factory: pytest.TempPathFactory,
    frames: list[tuple[bool, list[tuple[tuple[int, int, int], int]]]],
    range_rows: int,
) -> None:
    spill = Spill(tmp_path_factory.mktemp("spill"))
    viewers = IdCounts()
    expected: dict[tuple[int, int], tuple[tuple[int, int, int], int]] = {}
    n_rows = 0
    for source, (dated, rows) in enumerate(frames):
        frame = pl.DataFrame(
            {
                "user_id": [user for (user, _, _), _ in rows],
                "anime_id": [anime for (_, anime, _), _ in rows],
                "rating": [rating for (_, _, rating), _ in rows],
                "status": [2] * len(rows),
                "episodes_watched": [0] * len(rows),
                "line": range(2, len(rows) + 2),
            },
            schema=SCHEMA,
        )
        if dated:
            days = pl.Series("updated_at", [day if day >= 0 else None for _, day in rows])
            frame = frame.with_columns(days.cast(pl.Int64).cast(TIMESTAMP))
        half = len(rows) // 2  # a source comes in several blocks
        for part in (frame[:half], frame[half:]):
            spill.add(part, source)
        users = frame["user_id"].to_numpy()
        viewers.add(users, np.ones(len(users), np.int64))
        n_rows += len(rows)
        for line, ((user, anime, rating), day) in enumerate(rows):
            age = (source, day if dated else -1, line)
            if age >= expected.get((user, anime), (age, 0))[0]:
                expected[user, anime] = (age, rating)
    found: list[tuple[int, int, int]] = []
    n_repeated = 0
    for merged in spill.merge(viewers, range_rows):
        columns = (merged.kept[name].tolist() for name in ("user_id", "anime_id", "rating"))
        found += zip(*columns, strict=True)
        n_repeated += len(merged.repeated["user_id"])
    assert found == [(*key, rating) for key, (_, rating) in sorted(expected.items())]
    assert n_repeated == n_rows - len(found)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.dictionaries(st.integers(0, 20), st.integers(0, 5), max_size=8), max_size=6))
def test_counts_add_up(batches: list[dict[int, int]]) -> None:
    counts = IdCounts()
    expected: dict[int, int] = {}
    for batch in batches:
        counts.add(np.array(list(batch), np.int64), np.array(list(batch.values()), np.int64))
        for key, n in batch.items():
            expected[key] = expected.get(key, 0) + n
    ids, totals = counts.totals()
    assert dict(zip(ids.tolist(), totals.tolist(), strict=True)) == expected
    assert (np.diff(ids) > 0).all()
