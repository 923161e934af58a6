"""The one way in which requests are timed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Clock = Callable[[], float]

Question = TypeVar("Question")

WARM_UP: Final = 10


def time_requests(
    ask: Callable[[Question], object],
    questions: Sequence[Question],
    rounds: int = 1,
    clock: Clock = time.perf_counter,
) -> NDArray[np.float64]:
    """Ask every question in each round, one after the other with one thread, as a server does.

    The first ``WARM_UP`` questions are asked once before, untimed.

    Returns
    -------
    (rounds, n_questions) milliseconds that each answer took.
    """
    took = np.empty((rounds, len(questions)))
    with threadpool_limits(limits=1):
        for question in questions[:WARM_UP]:
            ask(question)
        for place in np.ndindex(took.shape):
            question = questions[place[1]]
            began = clock()
            ask(question)
            took[place] = 1000 * (clock() - began)
    return took
