"""What becomes of recommended shows is told, and never an alarm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from anirec.monitoring.acceptance import acceptance, in_words
from anirec.monitoring.comparison import compare
from anirec.monitoring.counts import Counts
from anirec.monitoring.report import to_page

if TYPE_CHECKING:
    from monitoring.answers_world import AnswersWorld

KINDS = {"impression": 200.0, "click": 20.0, "added": 5.0, "rating": 3.0, "seen": 1.0}


@pytest.fixture
def live(world: AnswersWorld) -> Counts:
    return Counts.of(world.answers, world.recommender.traits)


def test_shares_are_of_what_was_shown(live: Counts) -> None:
    found = acceptance(replace(live, feedback=KINDS))
    assert found == {
        "impressions": 200,
        "opened": 0.1,
        "added": 0.025,
        "rated_or_seen": 0.02,
        "dismissed": 0,
    }
    assert in_words(found) == (
        "Of 200 recommended shows that were shown: "
        "10.0% opened, 2.5% added, 2.0% rated or seen, 0.0% dismissed"
    )


@pytest.mark.parametrize("kinds", [{}, {"click": 3.0}])
def test_nothing_is_said_where_no_client_tells(live: Counts, kinds: dict[str, float]) -> None:
    assert acceptance(replace(live, feedback=kinds)) == {}


def test_servers_add_up_and_readings_subtract(live: Counts) -> None:
    told = replace(live, feedback=KINDS)
    twice = told.plus(told)
    assert twice.feedback == {kind: 2 * n for kind, n in KINDS.items()}
    assert twice.since(told).feedback == KINDS


def test_the_report_tells_it(world: AnswersWorld, live: Counts) -> None:
    comparison = compare(replace(live, feedback=KINDS), world.snapshot, "v1")
    assert not comparison.drifted
    assert "10.0% opened" in to_page(comparison, datetime.now(UTC))
    assert comparison.to_dict()["acceptance"]["impressions"] == 200
    silent = compare(live, world.snapshot, "v1")
    assert "recommended shows" not in to_page(silent, datetime.now(UTC))
