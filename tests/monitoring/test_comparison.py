"""No alarm where nothing changed, an alarm where something did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.data.histories import Entry
from anirec.monitoring.answer_profile import AnswerProfile
from anirec.monitoring.comparison import LEAST_ANSWERS, Comparison, compare
from anirec.monitoring.counts import Counts
from monitoring.answers_world import GENRES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.answers_world import AnswersWorld

SEEDS = range(50)


def drawn(
    world: AnswersWorld, answers: Sequence[AnswerProfile], seed: int, n: int = 100
) -> Comparison:
    """The comparison of ``n`` of some answers."""
    rng = np.random.default_rng(seed)
    live = [answers[place] for place in rng.choice(len(answers), n)]
    return compare(Counts.of(live, world.recommender.traits), world.snapshot, "v1")


@pytest.mark.parametrize("n", [LEAST_ANSWERS, 100, 400, 3000])
def test_lists_of_the_training_call_no_alarm(world: AnswersWorld, n: int) -> None:
    alarms = [seed for seed in SEEDS if drawn(world, world.answers, seed, n).drifted]
    assert alarms == []


def test_only_long_lists_call_an_alarm(world: AnswersWorld) -> None:
    long = [answer for answer in world.answers if answer.list_length > 40]
    for seed in SEEDS:
        drifted = {finding.measure for finding in drawn(world, long, seed).drifted}
        assert "list_length" in drifted


def test_only_one_genre_calls_an_alarm(world: AnswersWorld) -> None:
    """Viewers who list nothing but horror."""
    horror = GENRES.index("Horror")
    shows = [show for show in range(120) if show % 4 == horror]
    ids = world.recommender.traits.index.ids(np.array(shows))
    rng = np.random.default_rng(0)
    answers = [
        AnswerProfile.of(
            world.recommender.recommend(
                [Entry(int(one)) for one in rng.choice(ids, rng.integers(1, 30), replace=False)]
            ),
            world.recommender.traits,
        )
        for _ in range(60)
    ]
    for seed in SEEDS:
        drifted = {finding.measure for finding in drawn(world, answers, seed).drifted}
        assert "list_genres" in drifted


def test_lists_that_stay_away_call_an_alarm(world: AnswersWorld) -> None:
    cold = AnswerProfile.of(world.recommender.recommend([]), world.recommender.traits)
    some_cold = [*world.answers[:70], *[cold] * 30]
    comparison = compare(Counts.of(some_cold, world.recommender.traits), world.snapshot, "v1")
    assert "cold_share" in {finding.measure for finding in comparison.drifted}


def test_the_same_shows_for_everyone_call_an_alarm(world: AnswersWorld) -> None:
    same = [world.answers[0]] * 200
    comparison = compare(Counts.of(same, world.recommender.traits), world.snapshot, "v1")
    assert "coverage" in {finding.measure for finding in comparison.drifted}


def test_few_answers_say_nothing(world: AnswersWorld) -> None:
    few = Counts.of([world.answers[0]] * (LEAST_ANSWERS - 1), world.recommender.traits)
    comparison = compare(few, world.snapshot, "v1")

    assert not comparison.enough
    assert comparison.findings == ()


def test_a_trifle_over_many_answers_calls_no_alarm(world: AnswersWorld) -> None:
    """Beyond chance over 100,000 answers, and yet of no importance."""
    traits = world.recommender.traits
    a_little_longer = sorted(world.answers, key=lambda answer: answer.list_length)[8:]
    live = Counts.of([*a_little_longer] * 250, traits)
    (finding,) = [
        one for one in compare(live, world.snapshot, "v1").findings if one.measure == "list_length"
    ]
    assert not finding.drifted
    assert 0 < finding.statistics["psi"] < finding.limits["matters"]
