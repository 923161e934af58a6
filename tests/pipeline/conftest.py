"""The stages, run once on a small made-up community."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from anirec.data.split import Split, load_split
from anirec.models.registry import MODELS
from anirec.pipeline.training import Workplace, train, tune_and_write_blend
from pipeline.quick_pipeline import NAMES, PARAMS, QuickNet, write_data

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def quick_net() -> Iterator[None]:
    """RecommenderNet takes no time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(MODELS, QuickNet.name, QuickNet)
        yield


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("artifacts")
    write_data(place, PARAMS)
    params = PARAMS.model_dump(mode="json")
    (place / "params.yaml").write_text(json.dumps(params))
    return place


@pytest.fixture(scope="module")
def split(place: Path) -> Split:
    return load_split(place / "split", place / "tables")


@pytest.fixture(scope="module")
def models(place: Path, split: Split, quick_net: None) -> Path:
    """A directory with both trained models and the tuned blend."""
    out = place / "models"
    trained = train(NAMES, split, PARAMS, out, Workplace())
    assert tune_and_write_blend(trained, split, PARAMS, out, Workplace().progress) is not None
    return out
