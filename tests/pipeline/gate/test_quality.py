"""What the gate says of held-out figures."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.evaluation.protocols import NEW_VIEWERS
from anirec.pipeline.gate.comparison import MINIMUM_VIEWERS
from anirec.pipeline.gate.held_out_figures import MAIN_PROTOCOL
from anirec.pipeline.gate.quality import judge_quality
from anirec.pipeline.viewer_keys import viewer_keys
from pipeline.gate.gate_world import GOOD, USERS, WORSE, evaluation, sketch

if TYPE_CHECKING:
    from anirec.pipeline.gate.verdict import Finding

SALT = "pepper"


def judged(
    candidate: dict[str, Any], current: dict[str, Any], place: Path | None = None, **how: Any
) -> Finding:
    place = place or Path(tempfile.mkdtemp())
    one = sketch(place / "new", candidate, **how)
    return judge_quality(one, sketch(place / "old", current), SALT)


def keyed(about: dict[str, Any]) -> dict[str, Any]:
    told = about[MAIN_PROTOCOL]["per_viewer"]
    told["viewer_keys"] = viewer_keys(told.pop("user_ids"), SALT)
    del told["list_keys"]
    return about


def test_the_protocol_is_the_one_that_publish_keeps_figures_of() -> None:
    assert MAIN_PROTOCOL == NEW_VIEWERS


def test_the_same_figures_pass(tmp_path: Path) -> None:
    finding = judged(evaluation({"hybrid": GOOD}), evaluation({"hybrid": GOOD}), tmp_path)
    assert finding.outcome == "passed"
    assert finding.figures["difference"] == {"mean": 0, "low": 0, "high": 0}
    assert finding.figures["viewers"] == len(USERS)


def test_better_passes_and_worse_is_refused_with_the_figures(tmp_path: Path) -> None:
    good, worse = evaluation({"hybrid": GOOD}), evaluation({"hybrid": WORSE})
    assert judged(good, worse).outcome == "passed"
    finding = judged(worse, good, tmp_path)
    assert finding.outcome == "refused"
    assert finding.text == (
        "it finds less for new viewers: NDCG@10 of hybrid 0.3975 against 0.4975 of hybrid in the "
        "current bundle, -0.1000 (-0.1000 to -0.1000) over 80 common held-out viewers"
    )


def test_a_loss_within_the_interval_passes(tmp_path: Path) -> None:
    """The mean is lower, but so that other viewers might tell the opposite."""
    noise = np.random.default_rng(3).normal(-0.005, 0.1, len(GOOD))
    shaken = [value + float(by) for value, by in zip(GOOD, noise, strict=True)]
    finding = judged(evaluation({"hybrid": shaken}), evaluation({"hybrid": GOOD}), tmp_path)
    difference = finding.figures["difference"]
    assert difference["mean"] < 0 < difference["high"]
    assert finding.outcome == "passed"


def test_compared_is_what_answers_where_no_weights_are_named(tmp_path: Path) -> None:
    candidate = evaluation({"hybrid": GOOD, "learned": WORSE})
    current = evaluation({"hybrid": GOOD, "learned": WORSE})
    assert judged(candidate, current).outcome == "passed"
    finding = judged(candidate, current, tmp_path, learned=True)
    assert finding.outcome == "refused"
    assert (finding.figures["model"], finding.figures["current_model"]) == ("learned", "hybrid")


HERE = evaluation({"hybrid": GOOD})


@pytest.mark.parametrize(
    ("candidate", "says"),
    [
        ({}, "this bundle has no figures of the protocol new-viewers"),
        (evaluation({"ease": GOOD}), "this bundle has no figures of hybrid, which answers in it"),
        (evaluation({"hybrid": GOOD}, n=20), "the number of places is 20 here and 10 there"),
        (
            evaluation({"hybrid": GOOD}, items=59),
            "a ranking of 59 shows and the current one's of 60",
        ),
        (evaluation({"hybrid": GOOD}, items="many"), "do not name their viewers one by one"),
        (evaluation({"hybrid": GOOD}, headline="mrr@10"), "do not name their viewers one by one"),
        (evaluation({"hybrid": GOOD}, per_viewer=3), "do not name their viewers one by one"),
        (evaluation({"hybrid": GOOD[:-1]}), "do not name their viewers one by one"),
        (evaluation({"hybrid": [float("nan"), *GOOD[1:]]}), "do not name their viewers one by one"),
        (
            evaluation({"hybrid": GOOD}, [user + 40 for user in USERS]),
            "40 held-out viewers are common to both, 50 are needed",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(candidate: dict[str, Any], says: str) -> None:
    finding = judged(candidate, HERE)
    assert finding.outcome == "refused"
    assert finding.text.startswith("it cannot be compared with the current one: ")
    assert says in finding.text
    assert "\n" not in finding.text


def test_a_current_bundle_without_figures_or_damaged_is_no_ground(tmp_path: Path) -> None:
    finding = judged(HERE, {})
    assert "the current bundle has no figures" in finding.text
    one, other = sketch(tmp_path / "new", HERE), sketch(tmp_path / "old", HERE)
    for left in ("ranker.json", "manifest.json"):
        (other / left).write_text("{")
        finding = judge_quality(one, other, SALT)
        assert finding.outcome == "refused"
        assert left in finding.text


def test_simulated_viewers_are_no_ground_for_a_judgement(tmp_path: Path) -> None:
    real = sketch(tmp_path / "real", evaluation({"hybrid": GOOD}))
    worse = sketch(tmp_path / "worse", evaluation({"hybrid": WORSE}), simulated=True)
    drawn = sketch(tmp_path / "drawn", evaluation({"hybrid": GOOD}), simulated=True)
    for candidate in (worse, real):
        finding = judge_quality(candidate, drawn, SALT)
        assert finding.outcome == "not judged"
        assert "simulated" in finding.text
    finding = judge_quality(drawn, real, SALT)
    assert finding.outcome == "refused"
    assert "it learned from simulated viewers" in finding.text


def test_bundles_without_ids_are_paired_by_keys() -> None:
    with_ids = judged(evaluation({"hybrid": WORSE}), evaluation({"hybrid": GOOD}))
    for candidate in (evaluation({"hybrid": WORSE}), keyed(evaluation({"hybrid": WORSE}))):
        finding = judged(candidate, keyed(evaluation({"hybrid": GOOD})))
        assert finding.outcome == "refused"
        assert finding.figures["viewers"] == with_ids.figures["viewers"] == len(USERS)
        assert finding.figures["mean"] == pytest.approx(with_ids.figures["mean"])


def test_viewers_who_share_a_key_are_left_out() -> None:
    about = keyed(evaluation({"hybrid": GOOD}))
    keys = about[MAIN_PROTOCOL]["per_viewer"]["viewer_keys"]
    keys[1] = keys[0]
    assert judged(about, HERE).figures["viewers"] == len(USERS) - 2


@given(
    figures=st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 20)),
        min_size=MINIMUM_VIEWERS,
        max_size=MINIMUM_VIEWERS + 20,
    ),
    data=st.data(),
)
def test_the_verdict_depends_on_the_pairs_and_not_on_their_order(
    figures: list[tuple[int, int]], data: st.DataObject
) -> None:
    n = len(figures)

    def in_order(side: int, order: list[int]) -> dict[str, Any]:
        values = [figures[viewer][side] / 20 for viewer in order]
        return evaluation({"hybrid": values}, [USERS[0] + viewer for viewer in order])

    as_given = judged(in_order(0, list(range(n))), in_order(1, list(range(n))))
    orders = [data.draw(st.permutations(range(n))) for _ in range(2)]
    shuffled = judged(in_order(0, orders[0]), in_order(1, orders[1]))
    assert shuffled == as_given
    by_hand = [one / 20 - other / 20 for one, other in figures]
    assert as_given.figures["difference"]["mean"] == pytest.approx(np.mean(by_hand))
    assert (as_given.outcome == "refused") == (as_given.figures["difference"]["high"] < 0)


def test_pairing_matters() -> None:
    """Equal figures for other viewers are other figures."""
    low = [value - 0.01 for value in GOOD]
    paired = judged(evaluation({"hybrid": low}), evaluation({"hybrid": GOOD}))
    crossed = judged(evaluation({"hybrid": low}, USERS[::-1]), evaluation({"hybrid": GOOD}))
    assert paired.figures["difference"]["mean"] == pytest.approx(
        crossed.figures["difference"]["mean"]
    )
    assert (paired.outcome, crossed.outcome) == ("refused", "passed")
