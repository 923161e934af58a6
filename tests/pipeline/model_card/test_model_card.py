"""The model card: figures are those of the reports, limits follow from them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from anirec.bundle.manifest import Manifest
from anirec.evaluation.wording import PROTOCOL_TITLES
from anirec.params import Params
from anirec.pipeline.model_card import CardSource, model_card
from anirec.pipeline.model_card.limits import limits


def interval(mean: float, by: float = 0.01) -> dict[str, float]:
    return {"mean": mean, "low": mean - by, "high": mean + by}


def figures(mean: float, headline: str = "ndcg@10", **look: Any) -> dict[str, Any]:
    return {headline: interval(mean), "coverage": 0.25, **look}


def report(protocol: str, learned: float, ease: float, headline: str = "ndcg@10") -> dict[str, Any]:
    """Return a report in which popularity reaches 0.1."""
    means = {"popularity": 0.1, "ease": ease, "learned": learned}
    difference = learned - ease
    verdict = (
        "better" if difference > 0.01 else "worse" if difference < -0.01 else "no difference shown"
    )
    lift = {"popularity_lift": interval(0.4), "miscalibration": interval(0.5)}
    return {
        "protocol": protocol,
        "viewers": 720,
        "items": 27_604,
        "headline": headline,
        "bootstrap_resamples": 2000,
        "models": {name: figures(mean, headline, **lift) for name, mean in means.items()},
        "groups": {
            "taste": [
                {
                    "label": "niche",
                    "viewers": 240,
                    "models": {
                        name: figures(mean, headline, **lift) for name, mean in means.items()
                    },
                }
            ]
        },
        "to_best_other": [
            {"model": "learned", "other": "ease", **interval(difference), "verdict": verdict},
            {"model": "ease", "other": "learned", **interval(-difference), "verdict": "worse"},
        ],
    }


REPORTS = {
    "new-viewers": report("new-viewers", 0.674, 0.625),
    "discovery": report("discovery", 0.091, 0.142),
    "short-histories-1": report("short-histories-1", 0.19, 0.185),
    "cold-items": report("cold-items", 0.31, 0.2, "recall@50"),
}
MANIFEST = Manifest(
    version="20260101T000000Z-bbbbbbbb",
    bundle_hash="b" * 64,
    created_at="2026-01-01T00:00:00+00:00",
    revision=None,
    data_hash="d" * 64,
    params_hash="p" * 64,
    threads=1,
    collaborative="ease",
    content="content",
    weights={"collaborative": 0.95, "content": 0.05},
    n_items=27_604,
    n_viewers=7_923,
    has_viewers=True,
    simulated=False,
    evaluation=REPORTS,
)
SOURCE = CardSource(
    answers="learned",
    params=Params(),
    ingest={
        "lists": [{"name": "somewhere/private/a|b.csv", "layout": "Kaggle 2020 animelist"}],
        "catalogues": [],
        "shows_in_lists": 21_417,
    },
    entries=1_333_089,
    adult_shows=1_623,
    fit_seconds=126.4,
)


@pytest.fixture(scope="module")
def card() -> str:
    return model_card(MANIFEST, SOURCE)


def row(card: str, first: str) -> list[str]:
    (line,) = [line for line in card.splitlines() if line.startswith(f"| {first} |")]
    return [cell.strip() for cell in line.strip("|").split(" | ")]


def test_each_protocol_has_its_figures_with_intervals(card: str) -> None:
    assert row(card, "New viewers")[1:] == [
        *("720", "NDCG@10", "0.674 (0.664 to 0.684)", "0.100"),
        *("ease", "+0.049 (+0.039 to +0.059)", "better"),
    ]
    assert row(card, "Cold items among all")[2:4] == ["recall@50", "0.310 (0.300 to 0.320)"]
    assert row(card, "taste: niche")[1:] == [
        *("240", "0.674 (0.664 to 0.684)", "0.100"),
        *("0.400 (0.390 to 0.410)", "0.500 (0.490 to 0.510)"),
    ]


def test_what_it_is_made_of_is_told(card: str) -> None:
    for text in (
        *(
            "1,333,089",
            "7,923",
            "21,417",
            "1,623 of 27,604",
            "126 s with 1\nthread,",
            "weight 0.95",
        ),
        *("b" * 64, "d" * 64, "p" * 64, "a\\|b.csv (Kaggle 2020 animelist)", "revision unknown"),
    ):
        assert text in card
    assert "private" not in card
    assert card.endswith(".\n")


def test_limits_are_what_the_figures_say() -> None:
    found = limits(REPORTS, "learned")
    assert found[0] == (
        "Discovery: it falls behind `ease`, 0.091 against 0.142, difference -0.051 (-0.061 to -0.041)."
    )
    assert found[1].startswith(
        "History of 1: no difference is shown to `ease`, 0.190 against 0.185"
    )
    assert found[2] == (
        "What it shows is 40% more widely watched than what these viewers watch (by taste: niche +40%)."
    )
    assert "hold 6,901 of 27,604 shows (25.0%)" in found[3]
    assert found[4].startswith("Not measured for this bundle: known viewers, liked, history of 3,")
    assert len(found) == 5


def test_better_everywhere_leaves_no_limit_of_accuracy() -> None:
    every = {name: report(name, 0.6, 0.5) for name in PROTOCOL_TITLES}
    assert not any("behind" in one or "Not measured" in one for one in limits(every, "learned"))


def test_tuning_is_told_where_there_was_some(card: str) -> None:
    assert "tuned" not in card
    main = REPORTS["new-viewers"] | {"hybrid": {"weights": MANIFEST.weights}}
    told = model_card(replace(MANIFEST, evaluation={"new-viewers": main}), SOURCE)
    assert "the hybrid's weights were tuned on other viewers (validation). Of each" in told


def test_tables_are_whole(card: str) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", card, flags=re.MULTILINE):
        lines = table.splitlines()
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1, table


def test_no_line_break_or_bracket_is_left_of_the_template(card: str) -> None:
    assert not re.search(r"\{[{%#]|[%#]\}|\n\n\n", card)


@pytest.mark.parametrize("evaluation", [{}, {"new-viewers": {}}])
def test_without_figures_the_card_says_so(evaluation: dict[str, Any]) -> None:
    card = model_card(replace(MANIFEST, evaluation=evaluation), replace(SOURCE, ingest={}))
    assert "Not measured for this bundle: no report" in card
    assert "| sources | not noted |" in card
    assert "0.674" not in card


def test_figures_of_something_else_than_what_answers_are_not_told() -> None:
    card = model_card(MANIFEST, replace(SOURCE, answers="hybrid"))
    assert "Not measured for this bundle: no report" in card
    assert "The hybrid brings both components" in card


def test_a_card_of_simulated_viewers_has_no_figure_of_quality() -> None:
    card = model_card(replace(MANIFEST, simulated=True), SOURCE)
    assert "**The viewers behind this bundle are simulated**" in card
    assert "7,923, simulated" in card
    for figure in ("0.674", "0.091", "40%", "NDCG"):
        assert figure not in card
