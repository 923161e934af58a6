"""Viewers who watch what they are offered: does the loop narrow down to a few shows?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.bundle.bundle import open_bundle
from anirec.recommender import Recommender
from pipeline.retrain.nightly_world import World

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 4
ACCEPTED = 0.5
"""How likely a viewer is to watch a show that is recommended."""
PLACES = 10


def distinct(shown: dict[int, list[int]]) -> int:
    return len({show for shows in shown.values() for show in shows})


def most_popular(bundle: Path) -> dict[int, list[int]]:
    """What a system would show that knows popularity only: the ten most watched unseen shows."""
    opened = open_bundle(bundle)
    lists = opened.viewers
    assert lists is not None
    shown = {}
    for viewer, user_id in enumerate(lists.user_ids):
        share = np.array(opened.popularity.share)
        share[lists.items[lists.indptr[viewer] : lists.indptr[viewer + 1]]] = -1
        shown[int(user_id)] = np.argsort(-share)[:PLACES].tolist()
    return shown


@pytest.mark.real
def test_coverage_does_not_collapse_when_viewers_react(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.draw()
    draw = np.random.default_rng(5)
    coverage, of_popular = [], []
    for _ in range(ROUNDS):
        report = world.retrain()
        assert report.outcome == "promoted", report.why
        assert report.current is not None
        bundle = world.registry.fetch(report.current)
        rec = Recommender.load(bundle)
        viewers = most_popular(bundle)
        shown = {
            user_id: [found.anime_id for found in rec.recommend_user(user_id, n=PLACES)]
            for user_id in viewers
        }
        coverage.append(distinct(shown))
        of_popular.append(distinct(viewers))
        world.watch(
            {u: [s for s in shows if draw.random() < ACCEPTED] for u, shows in shown.items()}
        )
    # Measured on two states of the catalogue: 196, 200, 220, 280 and 201, 170, 269, 306 of 580 shows;
    # what is most popular: 60, 68, 74, 78. One round may dip; the loop must not narrow down.
    assert coverage[-1] >= coverage[0], coverage
    assert all(n > 2 * popular for n, popular in zip(coverage, of_popular, strict=True)), coverage
