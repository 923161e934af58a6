"""Measures lists with RecTools, LensKit and irspack; run by the Python that has them.

Reads JSON from standard input, writes the figures of each library as JSON. Knows nothing of anirec.

    n         places of a list
    n_items   items there are
    lists     per viewer, item numbers, best first
    held_out  per viewer, item numbers
    watched   per training viewer, item numbers
    distance  (n_items, n_items) between items
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import pandas as pd
from irspack.evaluation import Evaluator
from lenskit.data import ItemList
from lenskit.metrics import NDCG, Hit, Recall, RecipRank
from lenskit.metrics.ranking import LogRankWeight
from rectools import Columns
from rectools import metrics as rectools
from rectools.metrics.distances import PairwiseDistanceCalculator
from scipy.sparse import csr_matrix


class Given(PairwiseDistanceCalculator):  # type: ignore[misc]
    """Looks distances up."""

    def __init__(self, distance: Any) -> None:
        self.distance = np.array(distance)

    def _get_distances_for_item_pairs(self, one: Any, other: Any) -> Any:
        return self.distance[np.asarray(one, dtype=int), np.asarray(other, dtype=int)]


class Ranked:
    """Stands for a fitted irspack recommender: the scores that give these lists."""

    def __init__(self, lists: list[list[int]], n_items: int) -> None:
        self.n_users, self.n_items = len(lists), n_items
        self.X_train_all = csr_matrix((self.n_users, n_items))
        self.scores = np.full((self.n_users, n_items), -1e3)
        for viewer, items in enumerate(lists):
            self.scores[viewer, items] = -np.arange(len(items))

    def get_score_block(self, begin: int, end: int) -> Any:
        return self.scores[begin:end].copy()


def of_rectools(given: dict[str, Any]) -> dict[str, Any]:
    n = given["n"]
    lists = long_table(given["lists"])
    lists[Columns.Rank] = lists.groupby(Columns.User).cumcount() + 1
    held_out, watched = long_table(given["held_out"]), long_table(given["watched"])
    viewers = range(len(given["lists"]))
    by_viewer = {
        "ndcg": rectools.NDCG(n, divide_by_achievable=True).calc_per_user(lists, held_out),
        "recall": rectools.Recall(n).calc_per_user(lists, held_out),
        "hit_rate": rectools.HitRate(n).calc_per_user(lists, held_out),
        "mrr": rectools.MRR(n).calc_per_user(lists, held_out),
        "novelty": rectools.MeanInvUserFreq(n).calc_per_user(lists, watched),
        "popularity": rectools.AvgRecPopularity(n).calc_per_user(lists, watched),
        "diversity": rectools.IntraListDiversity(n, Given(given["distance"])).calc_per_user(lists),
    }
    coverage = rectools.CatalogCoverage(n, normalize=True).calc(lists, range(given["n_items"]))
    figures = {name: values.reindex(viewers).tolist() for name, values in by_viewer.items()}
    return {**figures, "coverage": coverage}


def of_lenskit(given: dict[str, Any]) -> dict[str, Any]:
    n = given["n"]
    metrics = {
        "ndcg": NDCG(n, weight=LogRankWeight(offset=1)),
        "ndcg_clipped": NDCG(n),
        "recall": Recall(n),
        "hit_rate": Hit(n),
        "mrr": RecipRank(n),
    }
    pairs = [
        (ItemList(np.array(items), ordered=True), ItemList(np.array(wanted)))
        for items, wanted in zip(given["lists"], given["held_out"], strict=True)
    ]
    return {
        name: [float(metric.measure_list(items, wanted)) for items, wanted in pairs]
        for name, metric in metrics.items()
    }


def of_irspack(given: dict[str, Any]) -> dict[str, Any]:
    """Return means: irspack has no figures per viewer."""
    held_out, n_items = given["held_out"], given["n_items"]
    rows = np.repeat(np.arange(len(held_out)), [len(items) for items in held_out])
    truth = csr_matrix(
        (np.ones(len(rows)), (rows, np.concatenate(held_out))), (len(held_out), n_items)
    )
    ranked = Ranked(given["lists"], n_items)
    score = Evaluator(truth, cutoff=given["n"], recall_with_cutoff=True, n_threads=1).get_score(
        ranked
    )
    whole = Evaluator(truth, cutoff=given["n"], n_threads=1).get_score(ranked)
    return {
        "ndcg": score["ndcg"],
        "recall": score["recall"],
        "recall_of_all": whole["recall"],
        "hit_rate": score["hit"],
        "coverage": score["appeared_item"] / n_items,
    }


def long_table(lists: list[list[int]]) -> Any:
    return pd.DataFrame(
        [(viewer, item) for viewer, items in enumerate(lists) for item in items],
        columns=[Columns.User, Columns.Item],
    )


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    answer = {
        "rectools": of_rectools(asked),
        "lenskit": of_lenskit(asked),
        "irspack": of_irspack(asked),
    }
    json.dump(answer, sys.stdout)
