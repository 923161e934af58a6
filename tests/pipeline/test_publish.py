from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from anirec.bundle.bundle import open_bundle
from anirec.bundle.registry import Registry
from anirec.data import schema
from anirec.data.dataset import Dataset
from anirec.data.tables import write_catalogue
from anirec.errors import DataError
from anirec.models.registry import MODELS
from anirec.params import HybridParams, Params
from anirec.pipeline.publish import hash_of_dataset, publish
from small_world import TEST_MODELS, small_dataset

if TYPE_CHECKING:
    from pathlib import Path

PARAMS = Params(
    hybrid=HybridParams(collaborative="linear", content="other_linear"),
    models={"linear": {"seed": 11}},
)

BLEND = {
    "collaborative": "linear",
    "content": "other_linear",
    "weights": {"collaborative": 0.75, "content": 0.25},
    "validation_ndcg_at_10": [],
}


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    dataset = small_dataset()
    tables = tmp_path / "artifacts" / "tables"
    tables.mkdir(parents=True)
    write_catalogue(dataset.shows, tables / schema.CATALOGUE_FILE)
    histories = dataset.histories
    order = np.argsort(histories.user_ids[histories.viewers], kind="stable")
    pl.DataFrame(
        {
            schema.USER_ID: histories.user_ids[histories.viewers][order],
            schema.ANIME_ID: dataset.index.ids(histories.items)[order],
            schema.RATING: histories.ratings[order],
            schema.STATUS: histories.statuses[order],
            schema.EPISODES_WATCHED: np.zeros(len(order), dtype=np.uint16),
        }
    ).with_columns(pl.lit(None, dtype=pl.Datetime("us")).alias(schema.UPDATED_AT)).write_parquet(
        tables / schema.INTERACTIONS_FILE
    )
    return tmp_path / "artifacts"


def write_json(path: Path, value: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value))


def test_publishes_the_models_of_the_parameters_refitted(artifacts: Path, tmp_path: Path) -> None:
    write_json(artifacts / "models" / "hybrid.json", BLEND)
    write_json(artifacts / "evaluation" / "new_viewers.json", {"ndcg": 0.4})
    manifest = publish(artifacts, tmp_path / "bundles", PARAMS, why="first")
    opened = open_bundle(tmp_path / "bundles" / "current")
    assert opened.manifest == manifest
    assert opened.hybrid.weights == {"collaborative": 0.75, "content": 0.25}
    assert opened.hybrid.models["collaborative"].config.seed == 11
    assert manifest.evaluation == {"new_viewers": {"ndcg": 0.4}}
    assert manifest.n_viewers == len(small_dataset().histories)
    assert opened.viewers is not None
    assert [move.why for move in Registry(tmp_path / "bundles").history()] == ["first"]


def test_the_blend_is_even_where_none_was_tuned(artifacts: Path, tmp_path: Path) -> None:
    write_json(artifacts / "models" / "hybrid.json", BLEND | {"content": "another"})
    manifest = publish(artifacts, tmp_path / "bundles", PARAMS, with_viewers=False)
    assert manifest.weights == {"collaborative": 0.5, "content": 0.5}
    assert manifest.evaluation == {}
    assert not manifest.simulated
    (artifacts / "tables" / "ingest.json").write_text('{"simulated": true}')
    assert publish(artifacts, tmp_path / "demo", PARAMS).simulated
    assert open_bundle(tmp_path / "bundles").viewers is None


def test_without_viewers_their_ids_stay_behind(artifacts: Path, tmp_path: Path) -> None:
    report = {"per_viewer": {"user_ids": [1, 2], "ndcg@10": {"linear": [0.5, 0.1]}}}
    write_json(artifacts / "evaluation" / "new-viewers.json", report)
    manifest = publish(artifacts, tmp_path / "bundles", PARAMS, with_viewers=False)
    assert manifest.evaluation["new-viewers"] == {"per_viewer": {"ndcg@10": {"linear": [0.5, 0.1]}}}


def test_the_same_input_gives_the_same_hashes(artifacts: Path, tmp_path: Path) -> None:
    first = publish(artifacts, tmp_path / "a", PARAMS)
    second = publish(artifacts, tmp_path / "b", PARAMS)
    other = publish(artifacts, tmp_path / "c", PARAMS.model_copy(update={"models": {}}))
    assert first.bundle_hash == second.bundle_hash != other.bundle_hash
    assert first.data_hash == second.data_hash == other.data_hash
    assert first.params_hash == second.params_hash != other.params_hash


@pytest.mark.parametrize("weights", [{"collaborative": -1}, {"liking": 1}, 3, None])
def test_damaged_weights_are_named(artifacts: Path, tmp_path: Path, weights: Any) -> None:
    write_json(artifacts / "models" / "hybrid.json", BLEND | {"weights": weights})
    with pytest.raises(DataError, match=r"models/hybrid\.json"):
        publish(artifacts, tmp_path / "bundles", PARAMS)


def test_without_tables(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="tables"):
        publish(tmp_path / "nothing", tmp_path / "bundles", PARAMS)
    assert not (tmp_path / "bundles").exists()


def test_the_data_hash_notices_a_changed_rating_or_title() -> None:
    dataset = small_dataset()
    before = hash_of_dataset(dataset)
    dataset.histories.ratings[0] ^= 1
    rated = hash_of_dataset(dataset)
    renamed = Dataset(dataset.index, dataset.shows[::-1], dataset.histories)
    assert len({before, rated, hash_of_dataset(renamed)}) == 3
