"""``anirec split`` from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from anirec.cli.main import main
from anirec.data.schema import CATALOGUE_FILE, INTERACTIONS_FILE
from anirec.data.show import Show
from anirec.data.tables import LIST_SCHEMA, write_catalogue

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    directory = tmp_path / "tables"
    write_catalogue([Show(i, f"show {i}") for i in range(1, 21)], directory / CATALOGUE_FILE)
    rows = [(user_id, anime_id, 0, 2) for user_id in range(80) for anime_id in range(1, 21)]
    table = pl.DataFrame(rows, schema=LIST_SCHEMA, orient="row")
    table.write_parquet(directory / INTERACTIONS_FILE)
    return directory


def run(*args: str) -> int:
    """Return the exit status of the command line."""
    try:
        main([*args])
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_counts_are_printed_for_people_and_for_programs(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "split"
    assert run("split", "--tables", str(tables), "--out", str(out)) == 0
    text = capsys.readouterr()
    assert "validation" in text.out
    assert "writing training lists" in text.err
    assert run("split", "--tables", str(tables), "--out", str(out), "--json") == 0
    text = capsys.readouterr()
    assert json.loads(text.out) == json.loads((out / "split.json").read_text())
    assert text.err == ""


def test_parameters_come_from_the_file(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    params = tmp_path / "params.yaml"
    params.write_text("split: {salt: another, test_share: 0.3}\n")
    out = ("--out", str(tmp_path / "split"))
    assert run("split", "--tables", str(tables), *out, "--params", str(params), "--json") == 0
    about = json.loads(capsys.readouterr().out)
    assert about["params"]["salt"] == "another"
    assert about["counts"]["test"]["viewers"] > 15


def test_an_error_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("split", "--tables", str(tmp_path / "none"), "--out", str(tmp_path / "s")) == 1
    assert capsys.readouterr().err.startswith("anirec: no table")
