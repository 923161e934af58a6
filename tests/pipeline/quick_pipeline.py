"""Tables and models that go through the stages in a second, and a way to call a verb on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
import polars as pl
from click.testing import CliRunner, Result

from anirec.data.schema import ANIME_ID, RATING, STATUS, USER_ID
from anirec.data.split_writer import write_split
from anirec.data.tables import LIST_SCHEMA, write_catalogue
from anirec.models.recommender_net import RecommenderNet
from anirec.params import HybridParams, Params, SplitParams
from taste_groups import community

if TYPE_CHECKING:
    from pathlib import Path

    import click

    from anirec.data.dataset import Dataset
    from anirec.models.base import FitContext

PARAMS = Params(
    hybrid=HybridParams(collaborative="user_neighbours", content="popularity"),
    split=SplitParams(test_share=0.2, validation_share=0.2),
)
"""Two models that fit in milliseconds stand for the parts of the hybrid."""
NAMES = ["popularity", "recommender_net", "user_neighbours"]


class QuickNet(RecommenderNet):
    """Draws its vectors instead of training them."""

    def fit(self, dataset: Dataset, context: FitContext | None = None) -> Self:
        assert context is not None
        draw = np.random.default_rng(context.seed)
        self.n_items = dataset.n_items
        self._take_over(
            item_vectors=draw.normal(size=(dataset.n_items, 4)).astype("f4"),
            gram=np.eye(4, dtype="f4"),
            mean_viewer=np.ones(4, dtype="f4"),
            head=np.array([1, 0], dtype="f4"),
            user_ids=np.sort(dataset.histories.user_ids),
            user_vectors=draw.normal(size=(len(dataset.histories), 4)).astype("f4"),
        )
        return self


def write_data(place: Path, params: Params) -> None:
    dataset, _, _ = community()
    write_catalogue(dataset.shows, place / "tables" / "catalogue.parquet")
    lists = dataset.histories
    columns = {
        USER_ID: lists.user_ids[lists.viewers],
        ANIME_ID: dataset.index.ids(lists.items),
        RATING: lists.ratings,
        STATUS: lists.statuses,
    }
    table = pl.DataFrame(columns, schema=LIST_SCHEMA).sort(USER_ID, ANIME_ID)
    table.write_parquet(place / "tables" / "interactions.parquet")
    write_split(place / "tables", place / "split", params.split)


def run(verb: click.Command, place: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        verb,
        [
            *("--tables", str(place / "tables"), "--split", str(place / "split")),
            *("--params", str(place / "params.yaml"), "--cache", str(place / "cache")),
            *arguments,
        ],
        catch_exceptions=False,
    )
