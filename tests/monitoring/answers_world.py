"""Answers to 400 viewers of a small world, whose lists differ in length and in taste."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.bundle.bundle import Provenance, open_bundle, write_bundle
from anirec.data.dataset import Dataset
from anirec.data.histories import Histories
from anirec.data.item_index import ItemIndex
from anirec.data.show import Show
from anirec.models.popularity import Popularity
from anirec.models.registry import MODELS
from anirec.monitoring.take_snapshot import answer_profiles, summarise
from anirec.recommender import Recommender
from small_world import TEST_MODELS, small_hybrid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anirec.monitoring.answer_profile import AnswerProfile
    from anirec.monitoring.snapshot import Snapshot

N_SHOWS = 120
N_VIEWERS = 400
GENRES = ("Action", "Comedy", "Drama", "Horror")


@dataclass(frozen=True)
class AnswersWorld:
    recommender: Recommender
    lists: Histories
    answers: Sequence[AnswerProfile]
    """One for each list."""
    snapshot: Snapshot


def shows() -> tuple[Show, ...]:
    return tuple(
        Show(
            anime_id=3 * row + 1,
            title=f"Show {row}",
            genres=(GENRES[row % 4], *((GENRES[(row + 1) % 4],) if row % 3 else ())),
        )
        for row in range(N_SHOWS)
    )


def lists(rng: np.random.Generator) -> Histories:
    """Each viewer leans to one genre; popular shows are found on more lists."""
    lengths = rng.integers(1, 60, N_VIEWERS)
    weight = 1 / (1 + np.arange(N_SHOWS))
    items = []
    for viewer, length in enumerate(lengths):
        leaning = np.where(np.arange(N_SHOWS) % 4 == viewer % 4, 3.0, 1.0) * weight
        items.append(rng.choice(N_SHOWS, length, replace=False, p=leaning / leaning.sum()))
    n = int(lengths.sum())
    return Histories(
        user_ids=np.arange(1, N_VIEWERS + 1, dtype=np.int64),
        indptr=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        items=np.concatenate(items).astype(np.int32),
        ratings=rng.integers(0, 11, n).astype(np.uint8),
        statuses=np.full(n, 2, dtype=np.uint8),
    )


def answers_world(place: Path) -> AnswersWorld:
    """Publish a bundle with its snapshot at ``place``, and ask it for everyone's answer."""
    rng = np.random.default_rng(3)
    catalogue = shows()
    dataset = Dataset(ItemIndex([show.anime_id for show in catalogue]), catalogue, lists(rng))
    made: list[tuple[list[AnswerProfile], Snapshot]] = []

    def snapshot(bundle: object) -> str:
        recommender = Recommender(bundle)  # type: ignore[arg-type]
        answers = answer_profiles(recommender, dataset.histories)
        # As a publication does it: the snapshot knows half of the viewers only.
        taken = summarise(answers[::2], recommender.traits, np.random.default_rng(1))
        made.append((answers, taken))
        return taken.to_json()

    write_bundle(
        place,
        dataset,
        small_hybrid(dataset),
        Popularity().fit(dataset),
        Provenance("d" * 64, "p" * 64, 2, None, {}),
        snapshot=snapshot,
    )
    ((answers, taken),) = made
    with pytest.MonkeyPatch.context() as patch:
        for name, model in TEST_MODELS.items():
            patch.setitem(MODELS, name, model)
        bundle = open_bundle(place)
    return AnswersWorld(Recommender(bundle), dataset.histories, answers, taken)
