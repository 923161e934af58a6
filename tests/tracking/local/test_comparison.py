from __future__ import annotations

from anirec.tracking.local.comparison import MOST, comparisons
from anirec.tracking.local.records import Metric, RunRecord


def record(verb: str, number: int, **params: int) -> tuple[RunRecord, list[Metric]]:
    metrics = [Metric("loss", [1, 2], [0.5, 0.25 * number]), Metric(f"only {number}", [], [1.0])]
    return RunRecord(f"{verb}-{number}", verb, "", params=dict(params)), metrics


def test_params_that_differ_and_all_figures_stand_side_by_side() -> None:
    found = [record("train", 2, seed=7, size=64), record("publish", 1), record("train", 1, seed=7)]
    (table,) = comparisons(found)

    assert (table.verb, table.runs) == ("train", ["train-2", "train-1"])
    assert table.params == [("size", ["64", ""])]
    assert table.figures == [
        ("loss", ["0.5", "0.25"]),
        ("only 1", ["", "1"]),
        ("only 2", ["1", ""]),
    ]


def test_only_the_newest() -> None:
    (table,) = comparisons([record("train", number) for number in range(MOST + 3)])
    assert table.runs == [f"train-{number}" for number in range(MOST)]
