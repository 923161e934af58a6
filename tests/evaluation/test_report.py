from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.errors import DataError
from anirec.evaluation.bootstrap import ratio_interval
from anirec.evaluation.figures import LIFT, Figures, Ratio
from anirec.evaluation.groups import Grouping
from anirec.evaluation.report import Report, best_of, margin, read_report, to_best_other
from anirec.evaluation.tables import columns, look_rows, markdown, rows, sentence

if TYPE_CHECKING:
    from pathlib import Path

VIEWERS = 200


def figures_of(mean: float) -> Figures:
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, VIEWERS)
    values = (mean + noise).clip(0, 1)
    return Figures(
        per_viewer={"ndcg": values, "recall": values, "hit_rate": values, "mrr": values},
        overall={"coverage": mean / 10},
        lists={
            "novelty": values * 3,
            "diversity": values,
            "miscalibration": np.where(np.arange(VIEWERS) < 50, np.nan, values),
        },
        ratios={LIFT: Ratio(values, np.full(VIEWERS, 0.25))},
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
        groupings=[Grouping("taste", ("low", "nobody", "high"), np.arange(VIEWERS) % 2 * 2)],
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


def test_groups_hold_the_figures_of_their_viewers(report: Report) -> None:
    low, high = report.to_dict()["groups"]["taste"]
    assert (low["label"], high["label"]) == ("low", "high")
    assert low["viewers"] == high["viewers"] == VIEWERS / 2
    values = report.figures["good"].per_viewer["ndcg"]
    good = low["models"]["good"]
    assert good["ndcg@10"]["mean"] == pytest.approx(values[::2].mean(), abs=1e-6)
    assert good[LIFT]["mean"] == pytest.approx(values[::2].mean() / 0.25 - 1, abs=1e-6)


def test_what_is_undefined_counts_for_nobody(report: Report) -> None:
    values = report.figures["good"].per_viewer["ndcg"]
    found = report.to_dict()["models"]["good"]["miscalibration"]
    assert found["mean"] == pytest.approx(values[50:].mean(), abs=1e-6)
    nothing = Figures(
        report.figures["good"].per_viewer,
        {"coverage": 0.5},
        {"novelty": np.full(VIEWERS, np.nan)},
        {LIFT: Ratio(np.ones(VIEWERS), np.zeros(VIEWERS))},
    )
    of_nothing = replace(report, figures={"good": nothing, "bad": nothing})
    assert "novelty" not in of_nothing.to_dict()["models"]["good"]
    assert LIFT not in of_nothing.to_dict()["models"]["good"]
    assert look_rows(of_nothing) == []


def test_the_lift_is_a_ratio_of_means_drawn_together() -> None:
    generator = np.random.default_rng(2)
    base = generator.uniform(0.1, 0.5, VIEWERS)
    lift = ratio_interval(2 * base, base)
    # The same viewers above and below: whoever is drawn, the ratio is 2.
    assert (lift.mean, lift.low, lift.high) == pytest.approx((1, 1, 1))
    with pytest.raises(ValueError, match="nothing to take a ratio to"):
        ratio_interval(base, np.zeros(VIEWERS))


def test_each_model_is_compared_with_the_best_other(report: Report) -> None:
    figures = report.figures | {"best": figures_of(0.7)}
    assert to_best_other("best", figures).other == "good"
    assert to_best_other("good", figures).other == "best"
    assert to_best_other("bad", figures).verdict == "worse"
    written = replace(report, figures=figures).to_dict()["to_best_other"]
    assert [(one["model"], one["other"]) for one in written] == [
        ("good", "best"),
        ("bad", "best"),
        ("best", "good"),
    ]


def test_another_metric_may_decide(report: Report) -> None:
    figures = {
        name: replace(of_model, per_viewer={**of_model.per_viewer, "recall@50": 1 - values})
        for name, of_model in report.figures.items()
        if (values := of_model.per_viewer["ndcg"]) is not None
    }
    cold = replace(report, figures=figures, headline="recall@50")
    assert [row[0] for row in rows(cold)] == ["good", "bad"]
    assert columns(cold)[:2] == ["model", "recall@50"]
    written = cold.to_dict()
    assert list(written["per_viewer"]) == ["user_ids", "recall@50"]
    assert written["to_best_other"][0]["metric"] == "recall@50"
    assert written["to_best_other"][0]["verdict"] == "worse"


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
