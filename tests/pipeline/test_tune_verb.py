"""Training without tuning, and tuning without training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from anirec.cli import train as train_verb
from anirec.cli import tune as tune_verb
from anirec.errors import DataError
from pipeline.quick_pipeline import run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("quick_net")


def tune(place: Path, models: Path) -> Result:
    return CliRunner().invoke(
        tune_verb.command,
        [
            *("--tables", str(place / "tables"), "--split", str(place / "split")),
            *("--params", str(place / "params.yaml"), "--models", str(models)),
        ],
        catch_exceptions=False,
    )


def test_the_two_steps_give_what_train_gives_at_once(
    place: Path, models: Path, tmp_path: Path
) -> None:
    for name in ("popularity", "user_neighbours"):
        run(train_verb.command, place, "--model", name, "--no-tune", "--out", str(tmp_path))
    assert not (tmp_path / "hybrid.json").exists()
    said = tune(place, tmp_path)

    assert "hybrid of user_neighbours and popularity" in said.output
    assert (tmp_path / "hybrid.json").read_bytes() == (models / "hybrid.json").read_bytes()


def test_a_missing_part_is_named(place: Path, tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"has no user_neighbours .*anirec train --model user_neigh"
    ):
        tune(place, tmp_path)
    run(
        train_verb.command, place, "--model", "user_neighbours", "--no-tune", "--out", str(tmp_path)
    )
    with pytest.raises(DataError, match=r"has no popularity .*anirec train --model popularity"):
        tune(place, tmp_path)
