"""The few numbers of ``summary/``, from reports as they are written."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from split_world import Fixed, taste_split

from anirec.errors import DataError
from anirec.evaluation.contestants import Contestants
from anirec.evaluation.protocols import LIKED, NEW_VIEWERS, ON_NEW_VIEWERS, evaluate_each
from anirec.evaluation.report import read_report
from anirec.evaluation.summary import write_summary
from anirec.models.popularity import Popularity

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("evaluation")
    split = taste_split()
    models = {"popularity": Popularity().fit(split.train)}
    contestants = Contestants(models, None, [Fixed(len(split.index), "learned")])
    for report in evaluate_each(ON_NEW_VIEWERS, "test", split, contestants):
        report.write(place)
    return place


def test_metrics_are_those_of_what_answers(place: Path) -> None:
    out = write_summary(place, "test", "")
    written = json.loads((out / "metrics.json").read_text())

    assert list(written) == ["learned"]
    assert {NEW_VIEWERS, LIKED} <= set(written["learned"])
    assert not [name for name in written["learned"] if name.startswith("short")]
    report = read_report(place / f"{NEW_VIEWERS}.json")
    mean = report["models"]["learned"]["ndcg@10"]["mean"]
    assert written["learned"][NEW_VIEWERS] == {"ndcg@10": mean}


def test_every_model_has_a_column_by_entries_known(place: Path) -> None:
    out = write_summary(place, "test", "")
    with (out / "accuracy_by_entries_known.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert [row["entries_known"] for row in rows] == ["1", "3", "5", "10", "20"]
    report = read_report(place / "short-histories-3.json")
    for model, figures in report["models"].items():
        assert float(rows[1][model]) == figures["ndcg@10"]["mean"]


def test_reports_of_other_settings_are_left_out(place: Path) -> None:
    out = write_summary(place, "test", "another recipe")

    assert json.loads((out / "metrics.json").read_text()) == {}
    assert (out / "accuracy_by_entries_known.csv").read_text() == "entries_known\n"


def test_without_a_ranker_the_best_model_counts(tmp_path: Path) -> None:
    split = taste_split()
    contestants = Contestants({"popularity": Popularity().fit(split.train)}, None, [])
    (report,) = evaluate_each([NEW_VIEWERS], "validation", split, contestants)
    report.write(tmp_path)
    out = write_summary(tmp_path, "validation", "")

    assert out.name == "summary-validation"
    assert list(json.loads((out / "metrics.json").read_text())) == ["popularity"]


def test_a_damaged_report_is_named(tmp_path: Path) -> None:
    (tmp_path / f"{LIKED}.json").write_text("{")
    with pytest.raises(DataError, match=rf"{LIKED}\.json is not valid JSON"):
        write_summary(tmp_path, "test", "")
