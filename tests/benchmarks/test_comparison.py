"""Side by side: made-up rankings through the evaluator, the exchange with peers, the page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from anirec.data.split import Split
from anirec.evaluation.bootstrap import Interval
from anirec.evaluation.contestants import Contestants
from anirec.evaluation.figures import TOP_N
from anirec.evaluation.full_ranking import rank
from anirec.evaluation.protocols import ON_NEW_VIEWERS, evaluate_each
from anirec.models.popularity import Popularity
from anirec.progress import SILENT
from comparison import exchange, tuning
from comparison.contestant import Contestant
from comparison.page import page
from comparison.peer_process import BENCHMARKS, PYTHON, Answer, ask
from comparison.quality import gains, reports_of, served
from comparison.questions import NEW_FRANCHISES, Question, questions_of
from comparison.result import Result
from taste_groups import community

if TYPE_CHECKING:
    from pathlib import Path

TRAIN, FOLD, _ = community()
SPLIT = Split(TRAIN, FOLD, FOLD, {"params": {"salt": "tests"}, "tables": {}})
BUDGET = {"settings": {"k": 3}, "space": {"k": "1 to 9"}, "seconds": 1.0}
TUNED = {"shuffled": {**BUDGET, "trials": [{"settings": {"k": 3}, "ndcg@10": 0.125}]}}


def contestant(name: str, *, ours: bool, shuffle: bool = False) -> Contestant:
    model = Popularity().fit(SPLIT.train)
    tops = {}
    for name_of_question, question in questions_of(SPLIT).items():
        top = rank(model, question.left_out, TOP_N)
        assert len(question.known) == len(top)
        tops[name_of_question] = np.random.default_rng(3).permuted(top, axis=1) if shuffle else top
    settings = {"model": "learned"} if ours else {"k": 3}
    costs = {"fit_seconds": 1.5, "model_mb": 12.0}
    return Contestant(name, ours, f"{name} 1.0", tops, costs, "yes", settings)


@pytest.fixture(scope="module")
def result() -> Result:
    contestants = [
        contestant("shuffled", ours=False, shuffle=True),
        contestant("anirec learned", ours=True),
    ]
    reports = reports_of(contestants, SPLIT)
    name = served(contestants)
    assert name == "anirec learned"
    ahead = gains(reports, name, ["shuffled"])
    return Result(
        "make bench",
        "2030-01-31",
        "a machine",
        contestants,
        reports,
        ahead,
        {"anirec learned, discovery 1": ahead},
        TUNED,
        {},
    )


def test_figures_are_those_of_evaluate(result: Result) -> None:
    model = Popularity().fit(SPLIT.train)
    expected = evaluate_each(ON_NEW_VIEWERS, "test", SPLIT, Contestants({"popularity": model}))
    *others, by_request = result.reports
    assert by_request.protocol == "discovery, by request"
    for ours, theirs in zip(others, expected, strict=True):
        assert ours.protocol == theirs.protocol
        assert ours.user_ids == theirs.user_ids
        # Popularity does not look at the list, so shorter ones change nothing.
        assert ours.intervals("anirec learned") == theirs.intervals("popularity")


def test_discovery_by_request_is_asked_without_known_franchises() -> None:
    question = questions_of(SPLIT)[NEW_FRANCHISES]
    franchises = np.array([show.franchise or show.anime_id for show in SPLIT.shows])
    for known, left_out in zip(
        question.known.batches(1), question.left_out.batches(1), strict=True
    ):
        expected = np.isin(franchises, franchises[known.items])
        np.testing.assert_array_equal(left_out.items, np.flatnonzero(expected))
        assert np.isin(known.items, left_out.items).all()


def test_gain_is_paired_and_relative(result: Result) -> None:
    gain, report = result.gains[0], result.reports[0]
    ours, peer = (
        report.figures[name].per_viewer["ndcg"].mean() for name in ("anirec learned", "shuffled")
    )
    assert gain.points.mean == pytest.approx(ours - peer)
    assert gain.share.mean == pytest.approx(ours / peer - 1)
    assert gain.share.low < gain.share.mean < gain.share.high
    assert gains([report], "shuffled", ["shuffled"])[0].share == Interval(0, 0, 0)


def test_page_says_everything(result: Result) -> None:
    text = page(result)
    for part in ("make bench", "2030-01-31", "a machine", "shuffled 1.0", "k 1 to 9", "0.1250"):
        assert part in text
    assert "| **anirec learned** | 1.5 | – | 12.0 | – | yes |" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in tables)
    assert "nan" not in text


def test_result_is_written_without_rankings(result: Result, tmp_path: Path) -> None:
    kept = json.loads(result.write(tmp_path).read_text())
    assert set(kept["protocols"]) == {report.protocol for report in result.reports}
    assert all("tops" not in row for row in kept["contestants"])
    assert [path.name for path in tmp_path.iterdir()] == ["side_by_side.json"]


def test_contestant_survives_a_file(tmp_path: Path) -> None:
    one = contestant("shuffled", ours=False, shuffle=True)
    one.save(tmp_path / "one.npz")
    back = Contestant.load(tmp_path / "one.npz")
    assert (back.name, back.settings, back.costs) == (one.name, one.settings, one.costs)
    for told, top in one.tops.items():
        np.testing.assert_array_equal(back.tops[told], top)


def test_peers_read_the_lists_without_what_hardly_anybody_watched(tmp_path: Path) -> None:
    items = exchange.peer_items(SPLIT, fewest=3)
    assert 0 < len(items) < SPLIT.train.n_items
    history = SPLIT.test.history
    exchange.write_lists(
        tmp_path / "lists.npz", SPLIT, items, {"all": Question(history, history)}, TOP_N
    )
    with np.load(tmp_path / "lists.npz") as lists:
        assert int(lists["n_items"]) == len(items)
        rows = exchange.rows_of(lists["told/all/items"], items)
        np.testing.assert_array_equal(rows, history.items[np.isin(history.items, items)])
        train = SPLIT.train.histories.watched()
        counts = np.bincount(lists["train/items"], minlength=len(items))
        assert counts.min() >= 3
        np.testing.assert_array_equal(counts, np.bincount(train.items, minlength=900)[items])
    np.testing.assert_array_equal(
        exchange.rows_of(np.array([[1, -1]], dtype=np.int32), items), [[items[1], -1]]
    )


def test_tuning_keeps_the_best_and_is_not_redone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    best = rank(Popularity().fit(SPLIT.train), SPLIT.validation.history, TOP_N)

    def fake(peer: str, lists: Path, *, trial: int, seconds: float) -> Answer:
        asked.append(trial)
        if trial == 4:
            raise TimeoutError
        with np.load(lists) as archive:
            assert archive["questions"].tolist() == ["history"]
        top = best if trial == 2 else np.full_like(best, -1)
        about: dict[str, Any] = {"settings": {"k": trial}, "space": {"k": "0 to 9"}}
        return Answer({"history": top}, about)

    monkeypatch.setattr(tuning, "ask", fake)
    monkeypatch.setattr(tuning, "peer_items", lambda split, fewest: np.arange(split.train.n_items))
    paths = tmp_path / "lists.npz", tmp_path / "tuning.json"
    found = tuning.tune_peers(["one"], SPLIT, *paths, SILENT)
    assert found["one"]["settings"] == {"k": 2}
    assert [trial["settings"]["k"] for trial in found["one"]["trials"]] == [0, 1, 2, 3]
    assert tuning.tune_peers(["one"], SPLIT, *paths, SILENT) == found
    assert asked == [0, 1, 2, 3, 4]


def test_missing_environment_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PYTHON, str(tmp_path / "python"))
    with pytest.raises(Exception, match="make peers"):
        ask("popularity", tmp_path / "lists.npz")


def test_peak_memory_is_not_that_of_the_parent() -> None:
    ballast = bytearray(300_000_000)
    code = "from peers.run import peak_mb; print(peak_mb())"
    environment = {**os.environ, "PYTHONPATH": str(BENCHMARKS)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert 5 < float(done.stdout) < 200 < len(ballast) / 1e6
