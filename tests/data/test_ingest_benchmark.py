from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from anirec.data.ingest import ingest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def run(script: str, *arguments: str | Path) -> str:
    command = [sys.executable, str(BENCHMARKS / script), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def measure(tmp_path: Path, *arguments: str) -> dict[str, Any]:
    run("ingest.py", *arguments, "--json", tmp_path / "figures.json")
    figures: dict[str, Any] = json.loads((tmp_path / "figures.json").read_text())
    return figures


def test_the_benchmark_measures_what_it_says(tmp_path: Path) -> None:
    figures = measure(tmp_path, "--rows", "20000", "--bad-every", "100", "--shuffled", "--gzip")
    assert figures["rows"] == 20_000
    assert figures["entries_written"] + figures["entries_rejected"] == 20_000
    assert 100 < figures["entries_rejected"] <= 200
    assert figures["rows_per_second"] > 0
    assert 50 < figures["peak_rss_mb"] < 2000


def test_generated_lists_have_the_shape_of_2020_and_show_the_bias(tmp_path: Path) -> None:
    run("generate_lists.py", tmp_path / "animelist.csv", "--rows", "300000")
    summary = ingest([str(tmp_path / "animelist.csv")], tmp_path / "tables")
    assert (summary.entries, summary.entries_repeated) == (300_000, 0)
    assert 250 < summary.entries / summary.viewers < 450
    rows = pl.read_parquet(tmp_path / "tables" / "interactions.parquet")
    assert rows["anime_id"].n_unique() == 17_562
    printed = run("sampling_bias.py", tmp_path / "tables", "--shares", "0.1")
    cut = next(line for line in printed.splitlines() if line.startswith("lists_cut"))
    assert cut.split() == ["lists_cut", "0", "1", "0"]


@pytest.mark.soak
def test_20_million_rows_stay_below_2_gb(tmp_path: Path) -> None:
    assert measure(tmp_path)["peak_rss_mb"] < 2000
