from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from anirec.bundle.bundle import REPORT_FILE, SNAPSHOT_FILE, open_bundle
from anirec.bundle.registry import LocalRegistry
from anirec.data import schema
from anirec.data.dataset import Dataset
from anirec.data.tables import write_catalogue
from anirec.errors import BundleError, DataError
from anirec.evaluation.figures import Figures
from anirec.evaluation.report import Report, read_report
from anirec.models.registry import MODELS
from anirec.monitoring.snapshot import Snapshot
from anirec.params import HybridParams, Params, SplitParams
from anirec.pipeline.publish import hash_of_dataset, publish
from anirec.pipeline.recipe import recipe_hash, split_of
from anirec.pipeline.viewer_keys import viewer_keys
from gcs_server import gcs_server
from notes import Notes
from small_world import TEST_MODELS, small_dataset, small_shows

if TYPE_CHECKING:
    from pathlib import Path

PARAMS = Params(
    hybrid=HybridParams(collaborative="linear", content="other_linear"),
    models={"linear": {"seed": 11}},
)

PARTS = {"collaborative": "linear", "content": "other_linear"}
WEIGHTS = {"collaborative": 0.75, "content": 0.25}


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


ABOUT = {
    "hybrid": {"parts": PARTS, "weights": WEIGHTS},
    "ranking": PARAMS.ranking.model_dump(),
}


def write_blend(artifacts: Path, **changed: Any) -> None:
    """Write what ``anirec train`` leaves."""
    recipe = recipe_hash(PARTS.values(), split_of(artifacts / "tables", PARAMS), PARAMS)
    blend = PARTS | {"weights": WEIGHTS, "validation_ndcg_at_10": [], "recipe": recipe}
    (artifacts / "models").mkdir(exist_ok=True)
    (artifacts / "models" / "hybrid.json").write_text(json.dumps(blend | changed))


def write_report(artifacts: Path, **changed: Any) -> dict[str, Any]:
    """Write what ``anirec evaluate`` leaves; returns it as publish should attach it."""
    names = ["popularity", *PARTS.values()]
    values = np.array([0.5, 0.1])
    per_viewer = {"ndcg": values, "recall": values, "hit_rate": values, "mrr": values}
    report = Report(
        protocol="new-viewers",
        on="test",
        user_ids=[1, 2],
        n_items=60,
        figures={name: Figures(per_viewer, {"coverage": 0.5}) for name in [*names, "hybrid"]},
        about=ABOUT,
        recipe=recipe_hash(names, split_of(artifacts / "tables", PARAMS), PARAMS),
    )
    path = replace(report, **changed).write(artifacts / "evaluation")
    return read_report(path)


def test_publishes_the_models_of_the_parameters_refitted(artifacts: Path, tmp_path: Path) -> None:
    write_blend(artifacts)
    report = write_report(artifacts)
    write_report(artifacts, on="validation")
    manifest = publish(artifacts, tmp_path / "bundles", PARAMS, why="first")
    opened = open_bundle(tmp_path / "bundles" / "current")
    assert opened.manifest == manifest
    assert opened.hybrid.weights == WEIGHTS
    assert opened.hybrid.models["collaborative"].config.seed == 11
    assert manifest.evaluation == {"new-viewers": report}
    assert manifest.n_viewers == len(small_dataset().histories)
    assert opened.viewers is not None
    assert [move.why for move in LocalRegistry(tmp_path / "bundles").history()] == ["first"]


@pytest.mark.real
def test_publishes_to_a_bucket_what_it_publishes_to_a_directory(
    artifacts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANIREC_BUNDLE_CACHE", str(tmp_path / "cache"))
    local = publish(artifacts, tmp_path / "bundles", PARAMS)
    with gcs_server("shelf"):
        remote = publish(artifacts, "gs://shelf/bundles", PARAMS, why="first")
        assert open_bundle("gs://shelf/bundles").manifest == remote
    assert remote.bundle_hash == local.bundle_hash
    assert remote.files == local.files


def test_the_model_card_is_checksummed_but_no_part_of_the_hash(
    artifacts: Path, tmp_path: Path
) -> None:
    first = publish(artifacts, tmp_path / "a", PARAMS)
    (artifacts / "tables" / "ingest.json").write_text('{"simulated": true}')
    second = publish(artifacts, tmp_path / "b", PARAMS)
    assert first.bundle_hash == second.bundle_hash
    assert first.documents != second.documents
    assert "model_card.md" not in first.files
    card = tmp_path / "a" / first.version / "model_card.md"
    assert card.read_text().startswith(f"# Model card: anirec bundle {first.version}\n")
    card.write_text(card.read_text().replace("A recommender", "The best recommender"))
    with pytest.raises(BundleError, match=r"model_card\.md"):
        open_bundle(tmp_path / "a")


@pytest.mark.parametrize("with_viewers", [True, False])
def test_the_training_snapshot_goes_with_the_bundle(
    tmp_path: Path, artifacts: Path, with_viewers: bool
) -> None:
    out = tmp_path / "bundles"
    manifest = publish(artifacts, out, PARAMS, with_viewers=with_viewers)
    snapshot = Snapshot.read(out / manifest.version / SNAPSHOT_FILE)

    assert SNAPSHOT_FILE in manifest.documents
    assert SNAPSHOT_FILE not in manifest.files
    assert snapshot.counts.answers == len(small_dataset().histories)
    assert snapshot.counts.recommended_shows > 0


def test_the_model_card_tells_the_figures_that_go_into_the_manifest(
    artifacts: Path, tmp_path: Path
) -> None:
    write_blend(artifacts)
    write_report(artifacts)
    manifest = publish(artifacts, tmp_path / "bundles", PARAMS)
    card = (tmp_path / "bundles" / manifest.version / "model_card.md").read_text()
    assert "| New viewers | 2 | NDCG@10 | 0.300 (0.100 to 0.500) |" in card


def test_the_evaluation_report_tells_the_figures_that_go_into_the_manifest(
    artifacts: Path, tmp_path: Path
) -> None:
    write_blend(artifacts)
    write_report(artifacts)
    write_report(artifacts, protocol="liked", recipe="another")
    first = publish(artifacts, tmp_path / "a", PARAMS)
    second = publish(artifacts, tmp_path / "b", PARAMS)
    report = open_bundle(tmp_path / "a").evaluation_report
    assert report is not None
    assert "0.300" in report
    assert "Not measured, or not with these models: known viewers, liked," in report
    assert REPORT_FILE not in first.files
    assert first.documents[REPORT_FILE] == second.documents[REPORT_FILE]


def test_no_report_tells_of_figures_that_say_nothing(artifacts: Path, tmp_path: Path) -> None:
    publish(artifacts, tmp_path / "unmeasured", PARAMS)
    assert open_bundle(tmp_path / "unmeasured").evaluation_report is None
    (artifacts / "tables" / "ingest.json").write_text('{"simulated": true}')
    write_blend(artifacts)
    write_report(artifacts)
    assert publish(artifacts, tmp_path / "demo", PARAMS).evaluation != {}
    assert open_bundle(tmp_path / "demo").evaluation_report is None


def test_the_blend_is_even_where_none_was_tuned(artifacts: Path, tmp_path: Path) -> None:
    notes = Notes()
    manifest = publish(artifacts, tmp_path / "bundles", PARAMS, with_viewers=False, progress=notes)
    assert manifest.weights == {"collaborative": 0.5, "content": 0.5}
    assert "no weights are tuned for linear and other_linear" in notes.text
    assert manifest.evaluation == {}
    assert not manifest.simulated
    (artifacts / "tables" / "ingest.json").write_text('{"simulated": true}')
    assert publish(artifacts, tmp_path / "demo", PARAMS).simulated
    assert open_bundle(tmp_path / "bundles").viewers is None


@pytest.mark.parametrize(
    "params",
    [
        PARAMS.model_copy(update={"models": {"linear": {"seed": 12}}}),
        PARAMS.model_copy(update={"hybrid": HybridParams(collaborative="linear", content="mute")}),
        PARAMS.model_copy(update={"split": SplitParams(salt="other")}),
        PARAMS.model_copy(update={"seed": 8}),
        PARAMS.model_copy(update={"threads": 1}),
    ],
)
def test_weights_and_figures_of_other_settings_stay_behind(
    artifacts: Path, tmp_path: Path, params: Params
) -> None:
    write_blend(artifacts)
    write_report(artifacts)
    notes = Notes()
    manifest = publish(artifacts, tmp_path / "bundles", params, progress=notes)
    assert manifest.weights == {"collaborative": 0.5, "content": 0.5}
    assert manifest.evaluation == {}
    assert "hybrid.json is left out" in notes.text
    assert "new-viewers.json is left out" in notes.text


def test_weights_and_figures_of_other_tables_stay_behind(artifacts: Path, tmp_path: Path) -> None:
    write_blend(artifacts)
    write_report(artifacts)
    write_catalogue(small_shows()[::-1], artifacts / "tables" / schema.CATALOGUE_FILE)
    manifest = publish(artifacts, tmp_path / "bundles", PARAMS)
    assert manifest.weights == {"collaborative": 0.5, "content": 0.5}
    assert manifest.evaluation == {}


@pytest.mark.parametrize(
    "changed",
    [
        {"recipe": "another"},
        {"figures": {"gone": Figures({"ndcg": np.array([0.5])}, {})}},
        {
            "about": ABOUT
            | {"hybrid": {"parts": PARTS, "weights": {"collaborative": 1, "content": 0}}}
        },
        {"about": ABOUT | {"ranking": {"discovery": 0.9}}},
    ],
)
def test_figures_of_another_hybrid_stay_behind(
    artifacts: Path, tmp_path: Path, changed: dict[str, Any]
) -> None:
    write_blend(artifacts)
    write_report(artifacts, **changed)
    notes = Notes()
    manifest = publish(artifacts, tmp_path / "bundles", PARAMS, progress=notes)
    assert manifest.weights == WEIGHTS
    assert manifest.evaluation == {}
    assert "new-viewers.json is left out" in notes.text


def test_without_viewers_their_ids_stay_behind(artifacts: Path, tmp_path: Path) -> None:
    write_blend(artifacts)
    report = write_report(artifacts, list_keys=["aaaaaaaa", "bbbbbbbb"])
    manifest = publish(artifacts, tmp_path / "bundles", PARAMS, with_viewers=False)
    user_ids = report["per_viewer"].pop("user_ids")
    assert report["per_viewer"].pop("list_keys") == ["aaaaaaaa", "bbbbbbbb"]
    assert report["lists"]
    report["per_viewer"]["viewer_keys"] = viewer_keys(user_ids, PARAMS.split.salt)
    assert manifest.evaluation["new-viewers"] == report


def test_without_viewers_a_model_of_lists_is_refused_before_fitting(
    artifacts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TEST_MODELS["linear"], "keeps_lists", True)
    notes = Notes()
    with pytest.raises(BundleError, match="publish with viewers"):
        publish(artifacts, tmp_path / "bundles", PARAMS, with_viewers=False, progress=notes)
    assert not notes.lines


def test_the_same_input_gives_the_same_hashes(artifacts: Path, tmp_path: Path) -> None:
    first = publish(artifacts, tmp_path / "a", PARAMS)
    second = publish(artifacts, tmp_path / "b", PARAMS)
    other = publish(artifacts, tmp_path / "c", PARAMS.model_copy(update={"models": {}}))
    assert first.bundle_hash == second.bundle_hash != other.bundle_hash
    assert first.data_hash == second.data_hash == other.data_hash
    assert first.params_hash == second.params_hash != other.params_hash


@pytest.mark.parametrize("weights", [{"collaborative": -1}, {"liking": 1}, 3, None])
def test_damaged_weights_are_named(artifacts: Path, tmp_path: Path, weights: Any) -> None:
    write_blend(artifacts, weights=weights)
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
