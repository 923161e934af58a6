"""A saved model that is damaged, or of another version, is named in one sentence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from anirec.errors import BundleError
from anirec.models.popularity import Popularity
from anirec.models.registry import load_model
from small_world import small_dataset

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    Popularity().fit(small_dataset()).save(tmp_path)
    return tmp_path


def refusal(saved: Path) -> str:
    with pytest.raises(BundleError) as error:
        load_model(saved)
    assert "\n" not in str(error.value)
    assert str(saved) in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("text", ["{}", "[]", "3", "null", '{"state_version": "1"}'])
def test_a_description_that_lacks_something(saved: Path, text: str) -> None:
    (saved / "model.json").write_text(text)
    assert "is damaged" in refusal(saved)


@pytest.mark.parametrize(
    "changed", [{"config": {"gone": 1}}, {"n_items": "many"}, {"arrays": ["gone"]}, {"arrays": []}]
)
def test_a_description_of_something_else(saved: Path, changed: dict[str, Any]) -> None:
    about = json.loads((saved / "model.json").read_text())
    (saved / "model.json").write_text(json.dumps(about | changed))
    assert "of another version of popularity" in refusal(saved)


def test_a_newer_layout(saved: Path) -> None:
    (saved / "model.json").write_text('{"state_version": 99}')
    assert "upgrade anirec" in refusal(saved)


@pytest.mark.parametrize("length", [0, 6, 60, 200])
def test_a_cut_array(saved: Path, length: int) -> None:
    path = saved / "share.npy"
    path.write_bytes(path.read_bytes()[:length])
    assert "is damaged" in refusal(saved)
