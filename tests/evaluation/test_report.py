from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.errors import DataError
from anirec.evaluation.figures import Figures
from anirec.evaluation.report import Report, best_of, margin, read_report
from anirec.evaluation.tables import columns, markdown, rows, sentence

if TYPE_CHECKING:
    from pathlib import Path

VIEWERS = 200


def figures_of(mean: float) -> Figures:
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, VIEWERS)
    values = (mean + noise).clip(0, 1)
    return Figures(
        per_viewer={"ndcg": values, "recall": values, "hit_rate": values, "mrr": values},
        overall={"coverage": mean / 10},
    )


@pytest.fixture
def report() -> Report:
    figures = {"good": figures_of(0.6), "bad": figures_of(0.3)}
    return Report(
        protocol="new-viewers",
        on="test",
        user_ids=list(range(VIEWERS)),
        n_items=1234,
        figures=figures,
        margins=[margin("good", "bad", figures), margin("bad", "bad", figures)],
        about={"hybrid": {"weights": {"collaborative": 0.5, "content": 0.5}}},
    )


def test_the_json_holds_means_intervals_and_every_viewer(report: Report, tmp_path: Path) -> None:
    path = report.write(tmp_path / "evaluation")
    assert path.name == "new-viewers.json"
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    read = read_report(path)
    assert read == json.loads(json.dumps(report.to_dict()))
    good = read["models"]["good"]
    assert good["ndcg@10"]["low"] < good["ndcg@10"]["mean"] < good["ndcg@10"]["high"]
    assert good["coverage"] == 0.06
    each = read["per_viewer"]["ndcg@10"]["good"]
    assert len(each) == len(read["per_viewer"]["user_ids"]) == VIEWERS
    assert np.mean(each) == pytest.approx(good["ndcg@10"]["mean"], abs=1e-5)
    assert read["hybrid"]["weights"]["content"] == 0.5


def test_a_margin_is_better_worse_or_nothing_shown(report: Report) -> None:
    assert margin("good", "bad", report.figures).verdict == "better"
    assert margin("bad", "good", report.figures).verdict == "worse"
    assert margin("bad", "bad", report.figures).verdict == "no difference shown"
    assert best_of(["bad", "good"], report.figures) == "good"


def test_the_table_goes_from_floor_to_best(report: Report) -> None:
    table = rows(report)
    assert [row[0] for row in table] == ["bad", "good"]
    assert all(len(row) == len(columns(report)) for row in table)
    text = markdown(report)
    assert "| model | NDCG@10 | 95 % interval | recall@10 | hit rate | MRR | coverage |" in text
    assert "200 test viewers, full ranking over 1,234 shows" in text
    assert sentence(report.margins[0]) in text


def test_damaged_and_missing_reports_are_named(tmp_path: Path) -> None:
    path = tmp_path / "new-viewers.json"
    with pytest.raises(DataError, match="anirec evaluate"):
        read_report(path)
    path.write_text("{")
    with pytest.raises(DataError, match="not valid JSON"):
        read_report(path)
    path.write_text('{"figures": 3}')
    with pytest.raises(DataError, match="no report"):
        read_report(path)
    path.write_text('{"report_version": 99}')
    with pytest.raises(DataError, match="newer anirec"):
        read_report(path)
