"""No site is asked more often than it allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.lists.by_name.pace import Pace
from anirec.lists.errors import SiteBusyError
from lists.by_name.conftest import Clock

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMITS = ((3, 1.0), (5, 60.0))


def most_within(times: Sequence[float], seconds: float) -> int:
    # A hair less than the window: its ends touch where times are added up.
    return max(sum(begin <= t < begin + seconds - 1e-6 for t in times) for begin in times)


@given(st.lists(st.floats(0, 30), min_size=1, max_size=30))
def test_every_limit_holds_whoever_asks_when(pauses: list[float]) -> None:
    clock = Clock()
    pace = Pace("Site", LIMITS, 1e9, clock.time, clock.sleep)
    times = []
    for pause in pauses:
        clock.now += pause
        pace.wait()
        times.append(clock.now)
    for count, seconds in LIMITS:
        assert most_within(times, seconds) <= count


def test_nobody_waits_longer_than_anyone_would(clock: Clock) -> None:
    pace = Pace("Site", LIMITS, 10, clock.time, clock.sleep)
    for _ in range(5):
        pace.wait()
    with pytest.raises(SiteBusyError, match="Site asks us to wait: try again in 59 seconds"):
        pace.wait()
    assert sum(clock.slept) == 1
    clock.now += 59
    pace.wait()


def test_a_site_that_asks_for_it_is_left_alone(clock: Clock) -> None:
    pace = Pace("Site", LIMITS, 10, clock.time, clock.sleep)
    pace.hold(5)
    pace.hold(2)
    pace.wait()
    assert clock.slept == [5]
