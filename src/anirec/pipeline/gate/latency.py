"""Whether a bundle answers within the budget: measured on this machine, when it is promoted."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.pipeline.bench.request_lists import LIST_LENGTH, request_lists
from anirec.pipeline.bench.timing import time_requests
from anirec.pipeline.gate.verdict import Finding

if TYPE_CHECKING:
    from anirec.params import GateParams
    from anirec.pipeline.bench.timing import Clock
    from anirec.recommender import Recommender

LISTS: Final = 100
ROUNDS: Final = 5
SEED: Final = 7


@dataclass(frozen=True)
class Latency:
    """How long single answers take, in milliseconds."""

    median_ms: float
    p99_ms: float
    list_length: int
    """Shows in each list."""

    def within(self, budget: GateParams) -> bool:
        """Tell whether both are allowed."""
        return self.median_ms <= budget.median_ms and self.p99_ms <= budget.p99_ms


def measure_latency(rec: Recommender, clock: Clock = time.perf_counter) -> Latency:
    """Time ``recommend``, reasons included, with one thread.

    ``LISTS`` lists are answered in each of ``ROUNDS`` rounds; of median and 99th percentile the
    median over the rounds counts, so that one bad moment of the machine does not.
    """
    lists = request_lists(rec, LISTS, LIST_LENGTH, SEED)
    took = time_requests(rec.recommend, lists, ROUNDS, clock)
    return Latency(
        median_ms=float(np.median(np.median(took, axis=1))),
        p99_ms=float(np.median(np.quantile(took, 0.99, axis=1))),
        list_length=len(lists[0]),
    )


def judge_latency(
    rec: Recommender, budget: GateParams, clock: Clock = time.perf_counter
) -> Finding:
    """Measure, and measure once more before a bundle is refused; the second figures count then."""
    found = measure_latency(rec, clock)
    if not found.within(budget):
        found = measure_latency(rec, clock)
    within = found.within(budget)
    text = (
        f"an answer to a list of {found.list_length} shows takes {found.median_ms:.1f} ms in the median and "
        f"{found.p99_ms:.1f} ms at the 99th percentile, one thread; the budget is "
        f"{budget.median_ms:g} ms and {budget.p99_ms:g} ms"
    )
    return Finding(
        "latency",
        "passed" if within else "refused",
        text if within else f"it is too slow: {text}",
        {
            **asdict(found),
            "budget_median_ms": budget.median_ms,
            "budget_p99_ms": budget.p99_ms,
        },
    )
