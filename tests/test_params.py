"""Parameters: ``params.yaml`` mirrors the defaults, mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from anirec.errors import AnirecError
from anirec.models.registry import MODELS
from anirec.params import Params, load_params

REPOSITORY = Path(__file__).parents[1]


def test_the_file_says_what_the_code_does() -> None:
    """Someone reading params.yaml sees every setting with the value that holds without it."""
    written = yaml.safe_load((REPOSITORY / "params.yaml").read_text())
    defaults = Params().model_dump(mode="json")
    defaults["models"] = {
        name: model.config_class().model_dump(mode="json")
        for name, model in MODELS.items()
        if model.config_class.model_fields
    }

    assert written == defaults


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert load_params() == Params()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("seeed: 3", "seeed"),
        ("split: {test_share: 2}", "split.test_share"),
        ("models: {nobody: {}}", "nobody"),
        ("models: {recommender_net: {embedding: -1}}", "models.recommender_net"),
        ("hybrid: {collaborative: nobody}", "hybrid.collaborative: .* there are: popularity"),
        ("hybrid: {content: nobody}", "hybrid.content"),
        ("seed: [", "not valid YAML"),
        ("- 1", "Params"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(text)

    with pytest.raises(AnirecError, match=named) as error:
        load_params(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_bytes("# Größe\nseed: 3".encode("latin-1"))
    with pytest.raises(AnirecError, match=r"params\.yaml is not UTF-8"):
        load_params(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnirecError, match="no parameter file"):
        load_params(tmp_path / "params.yaml")
