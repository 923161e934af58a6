"""Ingestion of the real lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from anirec.data.ingest import ingest
from anirec.data.list_stream import Selection

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real


def test_every_entry_of_the_real_lists_is_kept(real_data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    summary = ingest([str(real_data)], out)
    (lists,) = summary.lists
    assert lists.name == f"{real_data}/animelist.csv.gz"
    assert (summary.entries_read, summary.entries, summary.viewers) == (1_333_089,) * 2 + (7_923,)
    assert summary.shows >= 27_424
    assert {entry.name.rsplit("/")[-1] for entry in summary.skipped} == {
        "list_updates_2022.csv.gz",
        "useranimelist_sample.csv.gz",
    }
    raw = pl.read_csv(real_data / "animelist.csv.gz").sort("user_id", "anime_id")
    written = pl.read_parquet(out / "interactions.parquet")
    names = ("rating", "status", "episodes_watched")
    for column, name in zip(raw.columns, ("user_id", "anime_id", *names), strict=True):
        assert raw[column].cast(pl.Int64).equals(written[name].cast(pl.Int64)), name
    assert written["updated_at"].null_count() == written.height


def test_the_other_real_lists_join_with_an_offset(real_data: Path, tmp_path: Path) -> None:
    addresses = [
        str(real_data / name)
        for name in ("animelist.csv.gz", "list_updates_2022.csv.gz", "useranimelist_sample.csv.gz")
    ]
    summary = ingest(addresses, tmp_path / "out", Selection(user_offset=10_000_000))
    assert [entry.entries_read for entry in summary.lists] == [1_333_089, 74_212, 9_998]
    assert [entry.entries_rejected for entry in summary.lists] == [0, 0, 0]
    assert (summary.entries_repeated, summary.viewers) == (1_507, 7_923 + 36_085 + 18)
    dated = pl.col("updated_at").is_not_null().sum()
    written = pl.scan_parquet(tmp_path / "out" / "interactions.parquet")
    without_date = 411  # written as 1970-01-01
    assert written.select(dated).collect().item() == 74_212 - 1_507 + 9_998 - without_date
