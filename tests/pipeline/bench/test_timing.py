"""Requests are timed one by one, after a warm-up, with one thread."""

from __future__ import annotations

import itertools

import numpy as np
from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

from anirec.pipeline.bench.timing import WARM_UP, time_requests


def test_every_question_in_every_round() -> None:
    asked: list[int] = []
    ticks = itertools.count()
    took = time_requests(asked.append, range(12), rounds=2, clock=lambda: float(next(ticks)))
    assert asked == [*range(WARM_UP), *range(12), *range(12)]
    np.testing.assert_array_equal(took, np.full((2, 12), 1000.0))


def test_one_thread() -> None:
    threads: list[int] = []

    def ask(_: int) -> None:
        threads.extend(p["num_threads"] for p in threadpool_info() if p["user_api"] == "blas")

    time_requests(ask, [0])
    assert set(threads) == {1}
