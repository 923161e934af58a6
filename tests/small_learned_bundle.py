"""The shows and viewers of ``small_world`` with real models: any process can open the bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anirec.bundle.bundle import Provenance, write_bundle
from anirec.models.base import FitContext
from anirec.models.content import Content
from anirec.models.ease import Ease
from anirec.models.item_neighbours import ItemNeighbours
from anirec.models.popularity import Popularity
from anirec.pipeline.ranker_training import train_ranker
from anirec.ranking.hybrid import Hybrid
from anirec.ranking.learned.learned_ranker import Parts
from small_world import small_dataset

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.bundle.manifest import Manifest


def small_learned_bundle(directory: Path, *, with_viewers: bool = True) -> Manifest:
    """Write a bundle that answers with a learned ranker where no weights are given."""
    dataset = small_dataset()
    popularity, content = Popularity().fit(dataset), Content().fit(dataset, FitContext())
    ease = Ease().fit(dataset, FitContext(fitted={Content.name: content}))
    parts = Parts(popularity, content, ease, ItemNeighbours().fit(dataset))
    return write_bundle(
        directory,
        dataset,
        Hybrid(ease, content),
        popularity,
        Provenance("d" * 64, "p" * 64, 1, None, {}),
        learned=train_ranker(dataset, parts, 0.8, FitContext(threads=1)),
        with_viewers=with_viewers,
    )
