"""A recommender on trained models, for benchmarks on validation viewers (publishing refits)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from anirec import Entry, Recommender
from anirec.bundle.bundle import Provenance, write_bundle
from anirec.data.split import load_split
from anirec.errors import DataError
from anirec.evaluation.figures import accuracy
from anirec.models.popularity import Popularity
from anirec.models.registry import MODELS
from anirec.params import load_params
from anirec.pipeline.learned_stage import learned_ranker
from anirec.pipeline.training import hybrid_of, load_trained, read_blend

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.data.split import HeldOut, Split
    from anirec.ranking.recommendation import Recommendations

TOP_N = 10


def add_places(parser: ArgumentParser) -> None:
    """Add where tables, split and models lie."""
    parser.add_argument("--tables", type=Path, default=Path("artifacts/tables"))
    parser.add_argument("--split", type=Path, default=Path("artifacts/split"))
    parser.add_argument("--models", type=Path, default=Path("artifacts/models"))
    parser.add_argument("--params", type=Path)


def trained_recommender(arguments: Namespace) -> tuple[Split, Recommender]:
    """Return the split and what answers with the models that were trained on it.

    Raises
    ------
    DataError
        If something is not trained.
    """
    split = load_split(arguments.split, arguments.tables)
    params = load_params(arguments.params)
    models = load_trained(MODELS, arguments.models, split, params)
    blend = read_blend(arguments.models, split.about, params)
    hybrid = hybrid_of(models, blend) if blend else None
    popularity = models.get(Popularity.name)
    learned = learned_ranker(arguments.models, models, split.about, params)
    if hybrid is None or learned is None or not isinstance(popularity, Popularity):
        raise DataError("not all of the models are trained: run `anirec train` first")
    with TemporaryDirectory() as directory:
        place = Path(directory) / "bundle"
        provenance = Provenance("", "", 1, None, {})
        write_bundle(place, split.train, hybrid, popularity, provenance, learned=learned)
        return split, Recommender.load(place)


def entries_of(split: Split, histories: Histories) -> list[list[Entry]]:
    """Return the lists as a caller would give them."""
    ids = split.index.ids(histories.items)
    entries = [
        Entry(int(anime_id), int(rating), int(status))
        for anime_id, rating, status in zip(ids, histories.ratings, histories.statuses, strict=True)
    ]
    ends = histories.indptr.tolist()
    return [entries[start:end] for start, end in pairwise(ends)]


def ndcg(split: Split, answers: list[Recommendations], relevant: HeldOut) -> NDArray[np.float64]:
    """Return NDCG@10 of each viewer."""
    top = np.full((len(answers), TOP_N), -1, dtype=np.int32)
    for viewer, found in enumerate(answers):
        rows = split.index.rows([show.anime_id for show in found][:TOP_N])
        top[viewer, : len(rows)] = rows
    return accuracy(top, relevant, len(split.index))["ndcg"]
