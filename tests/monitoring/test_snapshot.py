"""The training snapshot as a document of a bundle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.bundle.bundle import SNAPSHOT_FILE, verify_bundle
from anirec.errors import BundleError
from anirec.monitoring.counts import Counts
from anirec.monitoring.snapshot import Snapshot
from anirec.monitoring.take_snapshot import take_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring.answers_world import AnswersWorld


def test_it_is_read_as_it_was_written(world: AnswersWorld, watched_bundle: Path) -> None:
    read = Snapshot.read(watched_bundle / SNAPSHOT_FILE)
    assert read.to_json() == world.snapshot.to_json()
    assert read.counts.answers == 200


def test_it_is_checksummed_and_not_part_of_the_hash(
    world: AnswersWorld, watched_bundle: Path, tmp_path: Path
) -> None:
    manifest = verify_bundle(watched_bundle)
    assert SNAPSHOT_FILE in manifest.documents
    assert SNAPSHOT_FILE not in manifest.files


def test_the_same_seed_takes_the_same_snapshot(world: AnswersWorld) -> None:
    some = world.lists.select(slice(0, 60))
    first, again = (take_snapshot(world.recommender, some, seed=4) for _ in range(2))

    assert first.to_json() == again.to_json()
    assert first.counts.answers == 60


def test_it_tells_no_list(world: AnswersWorld) -> None:
    about = json.loads(world.snapshot.to_json())
    assert about.keys() == {"version", "counts", "distinct_answers", "distinct_shows", "chance"}
    assert len(world.snapshot.to_json()) < 10_000


def test_distinct_shows_grow_with_the_answers(world: AnswersWorld) -> None:
    snapshot, traits = world.snapshot, world.recommender.traits
    for n in (1, 10, 100):
        rng = np.random.default_rng(n)
        counted = []
        for _ in range(20):
            chosen = [world.answers[2 * place] for place in rng.choice(200, n)]
            rows = np.concatenate([answer.recommended_rows for answer in chosen])
            counted.append(len(np.unique(rows)))
        places = round(n * snapshot.counts.recommended_shows / 200)
        assert snapshot.expected_distinct(places) == pytest.approx(np.mean(counted), rel=0.1)
    assert snapshot.expected_distinct(0) == 0
    assert snapshot.expected_distinct(10**9) <= len(traits.index)


def test_chance_goes_less_far_with_more_answers(world: AnswersWorld) -> None:
    for name in world.snapshot.chance:
        reached = [world.snapshot.by_chance(name, n) for n in (50, 100, 1000, 10**6)]
        assert reached == sorted(reached, reverse=True)
        assert reached[-1] > 0


def test_counts_survive_json(world: AnswersWorld) -> None:
    counts = Counts.of(world.answers[:5], world.recommender.traits)
    again = Counts.from_dict(json.loads(json.dumps(counts.to_dict())))
    assert again.to_dict() == counts.to_dict()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "publish it again"),
        ("{", "cannot be read"),
        ('{"version": 99}', "of version 99"),
        ('{"version": 1}', "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(
    tmp_path: Path, text: str | None, why: str
) -> None:
    path = tmp_path / SNAPSHOT_FILE
    if text is not None:
        path.write_text(text)
    with pytest.raises(BundleError, match=why):
        Snapshot.read(path)
