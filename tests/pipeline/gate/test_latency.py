"""What the gate says of speed, by a clock of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.models.registry import MODELS
from anirec.params import GateParams
from anirec.pipeline.gate.latency import (
    LISTS,
    ROUNDS,
    judge_latency,
    measure_latency,
)
from anirec.recommender import Recommender
from small_world import TEST_MODELS, small_bundle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@pytest.fixture
def rec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recommender:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)
    small_bundle(tmp_path / "bundle")
    return Recommender.load(tmp_path / "bundle")


class Clock:
    """Lets each request take as long as told, in milliseconds; the last of them from then on."""

    def __init__(self, took: Iterable[float]) -> None:
        self.took = list(took)
        self.now = 0.0
        self.calls = 0

    def __call__(self) -> float:
        if self.calls % 2:
            self.now += self.took[min(self.calls // 2, len(self.took) - 1)] / 1000
        self.calls += 1
        return self.now


def test_one_bad_round_does_not_count(rec: Recommender) -> None:
    found = measure_latency(rec, Clock([500.0] * LISTS + [4.0]))
    assert found.median_ms == pytest.approx(4)
    assert found.p99_ms == pytest.approx(4)


def test_a_slow_tail_counts(rec: Recommender) -> None:
    slow = [4.0] * (LISTS - 5) + [90.0] * 5
    found = measure_latency(rec, Clock(slow * ROUNDS))
    assert found.median_ms == pytest.approx(4)
    assert found.p99_ms == pytest.approx(90)


def test_within_the_budget(rec: Recommender) -> None:
    clock = Clock([4.0])
    finding = judge_latency(rec, GateParams(median_ms=5, p99_ms=9), clock)
    assert finding.outcome == "passed"
    assert clock.calls == 2 * LISTS * ROUNDS
    assert "4.0 ms in the median" in finding.text
    assert finding.figures["budget_p99_ms"] == 9


@pytest.mark.parametrize(
    "budget", [GateParams(median_ms=3, p99_ms=9), GateParams(median_ms=5, p99_ms=3.5)]
)
def test_beyond_either_budget_is_refused(rec: Recommender, budget: GateParams) -> None:
    finding = judge_latency(rec, budget, Clock([4.0]))
    assert finding.outcome == "refused"
    assert finding.text == (
        "it is too slow: an answer to a list of 30 shows takes 4.0 ms in the median and 4.0 ms at "
        "the 99th percentile, one thread; the budget is "
        f"{budget.median_ms:g} ms and {budget.p99_ms:g} ms"
    )


def test_a_bundle_gets_a_second_chance(rec: Recommender) -> None:
    clock = Clock([50.0] * (LISTS * ROUNDS) + [4.0])
    assert judge_latency(rec, GateParams(median_ms=5, p99_ms=9), clock).outcome == "passed"
