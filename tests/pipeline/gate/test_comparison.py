"""Figures that were measured on other catalogues or on other lists: what is compared, what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from anirec.bundle.manifest import MEASURED_ON, Manifest
from anirec.pipeline.gate.comparison import (
    HANDICAP,
    MINIMUM_VIEWERS,
    SHOWS_LOST,
    Comparison,
    compare,
)
from anirec.pipeline.gate.held_out_figures import (
    MAIN_PROTOCOL,
    CannotCompareError,
    read_figures,
)
from anirec.pipeline.gate.quality import judge_quality
from anirec.pipeline.viewer_keys import viewer_keys
from pipeline.gate.gate_world import GOOD, USERS, WORSE, evaluation, sketch

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.pipeline.gate.verdict import Finding

SALT = "pepper"
A_LITTLE_WORSE = [value - 0.01 for value in GOOD]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path


def judged(candidate: dict[str, Any], current: dict[str, Any], place: Path) -> Finding:
    return judge_quality(sketch(place / "new", candidate), sketch(place / "old", current), SALT)


def compared(candidate: dict[str, Any], current: dict[str, Any], place: Path) -> Comparison:
    directories = sketch(place / "new", candidate), sketch(place / "old", current)
    ours, theirs = (
        read_figures(Manifest.read(directory), "hybrid", directory.name)
        for directory in directories
    )
    return compare(ours, theirs, SALT)


def without_ids(about: dict[str, Any]) -> dict[str, Any]:
    """Return it as ``publish --without-viewers`` does."""
    told = about[MAIN_PROTOCOL]["per_viewer"]
    del told["list_keys"]
    told["viewer_keys"] = viewer_keys(told.pop("user_ids"), SALT)
    return about


def test_over_the_same_shows_and_lists_nothing_needs_a_remark(place: Path) -> None:
    found = compared(evaluation({"hybrid": GOOD}), evaluation({"hybrid": GOOD}), place)
    assert found.paired
    assert found.remarks == ()


def test_more_shows_are_a_handicap_that_counts(place: Path) -> None:
    larger = evaluation({"hybrid": A_LITTLE_WORSE}, items=27_604)
    finding = judged(larger, evaluation({"hybrid": GOOD}, items=20_000), place)
    assert finding.outcome == "refused"
    assert "27,604 shows competed against 20,000" in finding.text
    assert "counts against this bundle" in finding.text
    assert (finding.figures["items"], finding.figures["current_items"]) == (27_604, 20_000)


@pytest.mark.parametrize(("items", "outcome"), [(60, "refused"), (61, "passed")])
def test_what_new_shows_cost_at_most_is_allowed_to_a_larger_catalogue(
    items: int, outcome: str, place: Path
) -> None:
    hardly_worse = [value - HANDICAP / 2 for value in GOOD]
    finding = judged(
        evaluation({"hybrid": hardly_worse}, items=items), evaluation({"hybrid": GOOD}), place
    )
    assert finding.outcome == outcome


def test_a_larger_catalogue_passes_where_it_finds_as_much(place: Path) -> None:
    larger = evaluation({"hybrid": GOOD}, items=27_604)
    finding = judged(larger, evaluation({"hybrid": GOOD}, items=27_500), place)
    assert finding.outcome == "passed"
    assert "27,604 shows competed against 27,500" in finding.text


def test_a_few_shows_may_be_lost(place: Path) -> None:
    shows = round(27_604 * (1 - SHOWS_LOST)) + 1
    smaller = evaluation({"hybrid": GOOD}, items=shows)
    finding = judged(smaller, evaluation({"hybrid": GOOD}, items=27_604), place)
    assert finding.outcome == "passed"
    assert "1.00% fewer, which may flatter this bundle a little" in finding.text


def test_whoever_loses_more_shows_is_refused_however_good_the_figures(place: Path) -> None:
    smaller = evaluation({"hybrid": GOOD}, items=27_000)
    finding = judged(smaller, evaluation({"hybrid": WORSE}, items=27_604), place)
    assert finding.outcome == "refused"
    assert (
        "its figures are a ranking of 27,000 shows and the current one's of 27,604: what viewers "
        "lose with the others does not show in them"
    ) in finding.text


def test_viewers_whose_lists_grew_are_left_out(place: Path) -> None:
    """However bad they are: the same was not asked of them."""
    grown = len(USERS) - MINIMUM_VIEWERS
    figures = [0.0] * grown + GOOD[grown:]
    found = compared(
        evaluation({"hybrid": figures}, grown=grown), evaluation({"hybrid": GOOD}), place
    )
    assert (found.paired, found.viewers, found.difference.mean) == (True, MINIMUM_VIEWERS, 0)
    assert found.remarks == (f"{grown} more whose lists changed in between are left out",)


@pytest.mark.parametrize(
    ("figures", "outcome"),
    [(GOOD, "passed"), (A_LITTLE_WORSE, "passed"), (WORSE, "refused")],
)
def test_where_most_lists_changed_only_a_large_loss_is_refused(
    figures: list[float], outcome: str, place: Path
) -> None:
    changed = evaluation({"hybrid": figures}, grown=len(USERS) - MINIMUM_VIEWERS + 1)
    finding = judged(changed, evaluation({"hybrid": GOOD}), place)
    assert finding.outcome == outcome
    assert finding.figures["paired"] is False
    assert finding.figures["viewers"] == len(USERS)
    assert "the figures come from different held-out lists" in finding.text
    difference = finding.figures["difference"]
    assert difference["mean"] == pytest.approx(np.mean(figures) - np.mean(GOOD))
    assert difference["high"] - difference["low"] > 0.05


def test_figures_of_an_earlier_anirec_do_not_say_which_lists_they_are_of(place: Path) -> None:
    earlier = evaluation({"hybrid": GOOD})
    del earlier[MAIN_PROTOCOL]["lists"], earlier[MAIN_PROTOCOL]["per_viewer"]["list_keys"]
    found = compared(evaluation({"hybrid": A_LITTLE_WORSE}), earlier, place)
    assert not found.paired
    assert "the figures may come from different lists" in found.remarks[0]


@pytest.mark.parametrize(("grown", "paired"), [(0, True), (1, False)])
def test_without_ids_all_lists_are_the_same_or_nobody_is_paired(
    grown: int, paired: bool, place: Path
) -> None:
    candidate = without_ids(evaluation({"hybrid": GOOD}, grown=grown))
    found = compared(candidate, evaluation({"hybrid": GOOD}), place)
    assert found.paired is paired
    assert found.viewers == len(USERS)


def test_list_keys_that_are_not_one_for_each_viewer_are_damage(place: Path) -> None:
    torn = evaluation({"hybrid": GOOD})
    torn[MAIN_PROTOCOL]["per_viewer"]["list_keys"].pop()
    with pytest.raises(CannotCompareError, match="the figures of new do not name their viewers"):
        compared(torn, evaluation({"hybrid": GOOD}), place)


def test_a_refreshed_bundle_has_the_figures_of_its_base(place: Path) -> None:
    """Also where an earlier anirec measured them: one measurement asked the same of everyone."""
    base = evaluation({"hybrid": GOOD}, items=57)
    del base[MAIN_PROTOCOL]["lists"], base[MAIN_PROTOCOL]["per_viewer"]["list_keys"]
    refreshed = {MAIN_PROTOCOL: {MEASURED_ON: "old", **base[MAIN_PROTOCOL]}}
    finding = judged(refreshed, base, place)
    assert finding.outcome == "passed"
    assert finding.figures["paired"] is True
    assert finding.figures["difference"] == {"mean": 0, "low": 0, "high": 0}
    assert finding.figures["measured_on"] == finding.figures["current_measured_on"] == "old"
    assert finding.text.endswith(
        "; its figures are those of the recipe of old, whose catalogue was refreshed (57 shows then, "
        "60 now): shows that are new are not in them"
    )


def test_a_retrained_bundle_is_compared_with_the_figures_that_a_refreshed_one_carries(
    place: Path,
) -> None:
    refreshed = evaluation({"hybrid": GOOD}, items=57)
    refreshed[MAIN_PROTOCOL][MEASURED_ON] = "before"
    finding = judged(evaluation({"hybrid": GOOD}), refreshed, place)
    assert finding.outcome == "passed"
    assert "60 shows competed against 57" in finding.text
    assert "whose catalogue was refreshed" not in finding.text
