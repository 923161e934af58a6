"""Whether a bundle answers within the budget: measured on this machine, when it is promoted."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from anirec.data.histories import Entry
from anirec.pipeline.gate.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from anirec.params import GateParams
    from anirec.recommender import Recommender

    Clock = Callable[[], float]

LIST_LENGTH: Final = 150
WELL_KNOWN: Final = 2000
"""Lists are drawn from so many of the most watched shows."""
LISTS: Final = 100
ROUNDS: Final = 5
WARM_UP: Final = 10
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


def request_lists(rec: Recommender, count: int, seed: int = SEED) -> list[list[Entry]]:
    """Draw lists of ``LIST_LENGTH`` rated shows from a bundle's catalogue.

    Shorter ones where the catalogue is small, so that half of it is left to be recommended.
    """
    rng = np.random.default_rng(seed)
    popular = rec.recommend([], n=min(WELL_KNOWN, rec.manifest.n_items))
    ids = [show.anime_id for show in popular]
    length = min(LIST_LENGTH, len(ids) // 2)
    return [
        [Entry(int(i), int(rng.integers(0, 11))) for i in rng.permutation(ids)[:length]]
        for _ in range(count)
    ]


def measure_latency(rec: Recommender, clock: Clock = time.perf_counter) -> Latency:
    """Time ``recommend``, reasons included, with one thread.

    ``LISTS`` lists are answered in each of ``ROUNDS`` rounds; of median and 99th percentile the
    median over the rounds counts, so that one bad moment of the machine does not.
    """
    lists = request_lists(rec, LISTS)
    with threadpool_limits(limits=1):
        for history in lists[:WARM_UP]:
            rec.recommend(history)
        took = np.empty((ROUNDS, LISTS))
        for place in np.ndindex(took.shape):
            began = clock()
            rec.recommend(lists[place[1]])
            took[place] = 1000 * (clock() - began)
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
