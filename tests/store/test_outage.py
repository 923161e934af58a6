"""A database that is down costs one thread every few seconds, and no more."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from anirec.store import outage as module
from anirec.store.address import CONNECTIONS
from anirec.store.errors import StoreUnavailableError
from anirec.store.outage import REST_SECONDS, Outage


class Clock:
    now = 100.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", lambda: clock.now)
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    return clock


def fail(outage: Outage) -> StoreUnavailableError:
    with pytest.raises(StoreUnavailableError) as refused, outage.asking():
        raise StoreUnavailableError("it is down")
    return refused.value


def test_after_a_failure_nobody_asks_for_a_while(clock: Clock) -> None:
    outage = Outage()
    asked = []
    for later in (0, 1, REST_SECONDS - 0.1, REST_SECONDS + 0.1, REST_SECONDS + 1):
        clock.now = 100.0 + later
        refused = fail(outage)
        asked.append(refused.asked)
        assert refused.why == "it is down"
    assert asked == [True, False, False, True, False]


def test_while_one_tries_again_the_others_rest(clock: Clock) -> None:
    outage = Outage()
    fail(outage)
    clock.now += REST_SECONDS + 1
    with outage.asking():
        assert not fail(outage).asked
    with outage.asking(), outage.asking():
        pass


@pytest.mark.parametrize("down_before", [True, False])
def test_what_fails_otherwise_is_no_outage(clock: Clock, down_before: bool) -> None:
    outage = Outage()
    if down_before:
        fail(outage)
        clock.now += REST_SECONDS + 1
    with pytest.raises(KeyError), outage.asking():
        raise KeyError
    with outage.asking(), outage.asking():
        pass


def test_only_some_ask_at_the_same_time_and_that_is_no_outage(clock: Clock) -> None:
    outage = Outage()
    with ExitStack() as several:
        for _ in range(CONNECTIONS):
            several.enter_context(outage.asking())
        with pytest.raises(StoreUnavailableError, match="in use"), outage.asking():
            pass
    with outage.asking():
        pass
