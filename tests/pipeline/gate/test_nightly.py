"""A season passes: a refreshed bundle, then ones that are trained on more shows and longer lists."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from anirec.bundle.registry import LocalRegistry
from anirec.data.schema import (
    ANIME_ID,
    CATALOGUE_FILE,
    INTERACTIONS_FILE,
    RATING,
    STATUS,
    USER_ID,
    Status,
)
from anirec.data.split import load_split
from anirec.data.split_writer import write_split
from anirec.data.tables import LIST_SCHEMA, read_catalogue_table, write_catalogue
from anirec.evaluation.protocols import NEW_VIEWERS
from anirec.params import GateParams, HybridParams, Params, SplitParams
from anirec.pipeline.evaluation import evaluate_trained
from anirec.pipeline.gate.promotion import GateRefusalError, promote
from anirec.pipeline.publish import publish
from anirec.pipeline.refresh import refresh_catalogue
from anirec.pipeline.training import Workplace, train, tune_and_write_blend
from pipeline.quick_pipeline import write_data
from pipeline.refresh_world import NEW, write_newest

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.bundle.manifest import Manifest
    from anirec.pipeline.gate.verdict import Finding

PARAMS = Params(
    hybrid=HybridParams(collaborative="ease", content="content"),
    split=SplitParams(test_share=0.3, validation_share=0.1),
    gate=GateParams(median_ms=1e6, p99_ms=1e6),
)
POOR = PARAMS.model_copy(
    update={"hybrid": HybridParams(collaborative="popularity", content="popularity")}
)
"""A recipe that is clearly worse."""


def run_stages(place: Path, params: Params) -> Manifest:
    """Split, train, evaluate and publish, as a nightly run does."""
    write_split(place / "tables", place / "split", params.split)
    split = load_split(place / "split", place / "tables")
    models = place / "models"
    names = {"popularity", params.hybrid.collaborative, params.hybrid.content}
    trained = train(sorted(names), split, params, models, Workplace())
    tune_and_write_blend(trained, split, params, models, Workplace().progress)
    (report,) = evaluate_trained([NEW_VIEWERS], "test", split, models, params, Workplace())
    report.write(place / "evaluation")
    return publish(place, place / "bundles", params)


def grow_lists(place: Path, every: int) -> None:
    """Let one in so many viewers watch a show that the catalogue has since gained."""
    tables = place / "tables"
    write_catalogue([*read_catalogue_table(tables / CATALOGUE_FILE), *NEW], tables / CATALOGUE_FILE)
    table = pl.read_parquet(tables / INTERACTIONS_FILE)
    viewers = table[USER_ID].unique().sort().to_numpy()[::every]
    added = pl.DataFrame(
        {
            USER_ID: viewers,
            ANIME_ID: np.full(len(viewers), NEW[0].anime_id),
            RATING: np.full(len(viewers), 8),
            STATUS: np.full(len(viewers), int(Status.COMPLETED)),
        },
        schema=LIST_SCHEMA,
    )
    grown = pl.concat([table, added]).sort(USER_ID, ANIME_ID)
    grown.write_parquet(tables / INTERACTIONS_FILE)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("season")
    write_data(place, PARAMS)
    run_stages(place, PARAMS)
    return place


@pytest.fixture
def place(published: Path, tmp_path: Path) -> Path:
    """A copy of the published world that a test may change."""
    shutil.copytree(published, tmp_path / "place", symlinks=True)
    return tmp_path / "place"


def quality(place: Path, version: str) -> Finding:
    """Promote without force; returns what the gate says of quality."""
    registry = LocalRegistry(place / "bundles")
    verdict = promote(registry, version, PARAMS).verdict
    assert verdict is not None
    assert registry.current() == version
    assert not registry.history()[-1].forced
    return verdict.findings[0]


def test_a_refreshed_bundle_takes_the_place_of_its_base(place: Path) -> None:
    base = LocalRegistry(place / "bundles").current()
    write_newest(place)
    refreshed = refresh_catalogue(place, place / "bundles", PARAMS)
    assert refreshed is not None
    found = quality(place, refreshed.version)
    assert found.outcome == "passed"
    assert found.figures["difference"] == {"mean": 0, "low": 0, "high": 0}
    assert f"those of the recipe of {base}, whose catalogue was refreshed" in found.text
    assert "(102 shows then, 105 now): shows that are new are not in them" in found.text


@pytest.mark.parametrize(("every", "paired"), [(9, True), (1, False)])
def test_longer_lists_and_more_shows(place: Path, every: int, paired: bool) -> None:
    grow_lists(place, every)
    poor = run_stages(place, POOR)
    with pytest.raises(GateRefusalError, match="it finds less for new viewers"):
        promote(LocalRegistry(place / "bundles"), poor.version, PARAMS)
    retrained = run_stages(place, PARAMS)
    found = quality(place, retrained.version)
    assert found.outcome == "passed"
    assert found.figures["paired"] is paired
    assert "105 shows competed against 102" in found.text
    said = "whose lists changed in between are left out" if paired else "different held-out lists"
    assert said in found.text
