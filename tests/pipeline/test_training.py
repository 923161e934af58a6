"""The stages train and evaluate, from tables to reports, on a small made-up community."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.cli import train as train_verb
from anirec.data.split import Split, load_split
from anirec.data.split_writer import write_split
from anirec.errors import AnirecError, DataError
from anirec.models.popularity import Popularity
from anirec.models.user_neighbours import UserNeighbours
from anirec.pipeline.evaluation import evaluate_trained
from anirec.pipeline.training import (
    TunedBlend,
    Workplace,
    fit_models,
    load_trained,
    names_of,
    read_blend,
    save_trained,
    train,
    tune_and_write_blend,
)
from notes import Notes
from pipeline.quick_pipeline import NAMES, PARAMS, run

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.params import Params


pytestmark = pytest.mark.usefixtures("quick_net")


def test_names() -> None:
    assert names_of(["popularity"]) == ["popularity"]
    assert names_of(["ease", "popularity", "ease"]) == ["ease", "popularity"]
    assert set(NAMES) < set(names_of(["all"]))
    assert sorted(names_of(["ease", "all"])) == sorted(names_of(["all"]))
    with pytest.raises(AnirecError, match="there are: popularity"):
        names_of(["popularity", "nonsense"])


def test_models_are_saved_and_found_again(models: Path, split: Split) -> None:
    assert sorted(p.name for p in models.iterdir()) == ["hybrid.json", *NAMES]
    found = load_trained(NAMES, models, split, PARAMS)
    assert list(found) == NAMES
    history = split.test.history.select(slice(0, 3))
    assert found["user_neighbours"].score(history).shape == (3, len(split.index))


def test_the_blend_is_the_best_point_of_its_grid(models: Path, split: Split) -> None:
    blend = read_blend(models, split.about, PARAMS)
    assert blend is not None
    grid = {p["collaborative"]: p["mean"] for p in blend.validation_ndcg_at_10}
    assert min(grid) == 0
    assert max(grid) == 1
    assert blend.best == max(grid.values()) == grid[blend.weights["collaborative"]]
    assert sum(blend.weights.values()) == pytest.approx(1)


def test_a_model_of_another_split_is_left_out(models: Path, split: Split, place: Path) -> None:
    """It may have learned from the viewers who are now held out."""
    other = PARAMS.split.model_copy(update={"salt": "other"})
    write_split(place / "tables", place / "other_split", other)
    other_split = load_split(place / "other_split", place / "tables")
    assert load_trained(NAMES, models, other_split, PARAMS) == {}
    assert read_blend(models, other_split.about, PARAMS) is None
    with pytest.raises(DataError, match="anirec train"):
        evaluate_trained(
            ["new-viewers"],
            "test",
            other_split,
            models,
            PARAMS,
            Workplace(),
        )
    assert load_trained(NAMES, models, split, PARAMS)


def with_settings(name: str, **settings: float) -> Params:
    return PARAMS.model_copy(update={"models": {name: settings}})


@pytest.mark.parametrize(
    ("params", "left"),
    [
        (with_settings("user_neighbours", neighbours=3), ["popularity", "recommender_net"]),
        (with_settings("user_neighbours", neighbours=90), NAMES),  # the default, spelt out
        (with_settings("recommender_net", epochs=3), ["popularity"]),  # neighbours build on it
        (PARAMS.model_copy(update={"seed": 8}), []),
        (PARAMS.model_copy(update={"threads": 1}), []),
    ],
)
def test_models_trained_with_other_settings_are_left_out(
    models: Path, split: Split, params: Params, left: list[str]
) -> None:
    notes = Notes()
    assert list(load_trained(NAMES, models, split, params, notes)) == left
    for name in set(NAMES) - set(left):
        assert f"run `anirec train --model {name}`" in notes.text
    assert (read_blend(models, split.about, params, notes) is None) == (left != NAMES)
    assert ("hybrid.json is left out" in notes.text) == (left != NAMES)


def test_a_damaged_model_is_left_out(tmp_path: Path, split: Split) -> None:
    train(["popularity"], split, PARAMS, tmp_path, Workplace())
    (tmp_path / "popularity" / "share.npy").write_bytes(b"\x93NUMPY")
    notes = Notes()
    assert load_trained(NAMES, tmp_path, split, PARAMS, notes) == {}
    assert "popularity is left out" in notes.text
    assert "is damaged" in notes.text


def test_what_a_model_needs_is_trained_first_whatever_the_order(
    models: Path, split: Split, tmp_path: Path
) -> None:
    train(["user_neighbours"], split, PARAMS, tmp_path, Workplace())
    assert (tmp_path / "recommender_net" / "model.json").exists()
    train(["popularity"], split, PARAMS, tmp_path, Workplace())
    train(["user_neighbours"], split, PARAMS, tmp_path, Workplace())
    for path in sorted((models / "user_neighbours").iterdir()):
        assert (tmp_path / "user_neighbours" / path.name).read_bytes() == path.read_bytes()
    fitted = fit_models(["user_neighbours"], split.train, PARAMS, Workplace())["user_neighbours"]
    assert isinstance(fitted, UserNeighbours)
    np.testing.assert_array_equal(fitted.vectors, np.load(models / "user_neighbours/vectors.npy"))
    assert fitted.vectors.any(axis=1).all()


def test_a_new_part_takes_the_old_blend_away(
    models: Path, split: Split, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is killed before it tunes leaves no weights of the models before."""
    (tmp_path / "hybrid.json").write_bytes((models / "hybrid.json").read_bytes())

    def kill(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("anirec.pipeline.training.save_trained", kill)
    with pytest.raises(KeyboardInterrupt):
        train(["popularity"], split, PARAMS, tmp_path, Workplace())
    assert not (tmp_path / "hybrid.json").exists()


def test_an_interrupted_save_leaves_the_old_model(
    tmp_path: Path, split: Split, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Popularity().fit(split.train)
    save_trained(model, tmp_path / "popularity", split, PARAMS)
    before = sorted(p.name for p in (tmp_path / "popularity").iterdir())

    def fail(self: Popularity) -> dict[str, np.ndarray]:
        raise KeyboardInterrupt

    monkeypatch.setattr(Popularity, "state", fail)
    with pytest.raises(KeyboardInterrupt):
        save_trained(model, tmp_path / "popularity", split, PARAMS)
    assert sorted(p.name for p in (tmp_path / "popularity").iterdir()) == before
    assert [p.name for p in tmp_path.iterdir()] == ["popularity"]


def test_a_directory_of_somebody_else_is_not_replaced(tmp_path: Path, split: Split) -> None:
    (tmp_path / "popularity").mkdir()
    (tmp_path / "popularity" / "thesis.txt").write_text("years of work")
    with pytest.raises(DataError, match="holds no model"):
        train(["popularity"], split, PARAMS, tmp_path, Workplace())
    assert (tmp_path / "popularity" / "thesis.txt").exists()


def test_without_a_part_an_old_blend_is_removed(tmp_path: Path, split: Split) -> None:
    (tmp_path / "hybrid.json").write_text("{}")
    trained = train(["popularity"], split, PARAMS, tmp_path, Workplace())
    assert tune_and_write_blend(trained, split, PARAMS, tmp_path, Workplace().progress) is None
    assert not (tmp_path / "hybrid.json").exists()


def test_a_damaged_blend_is_named(tmp_path: Path, split: Split) -> None:
    (tmp_path / "hybrid.json").write_text('{"weights": ')
    with pytest.raises(DataError, match="damaged"):
        read_blend(tmp_path, split.about, PARAMS)


def test_train_verb_takes_several_models(place: Path, tmp_path: Path) -> None:
    names = ("popularity", "user_neighbours")
    arguments = [word for name in names for word in ("--model", name)]
    result = run(train_verb.command, place, *arguments, "--out", str(tmp_path))
    assert result.exit_code == 0
    for name in names:
        assert f"{name}: {tmp_path / name}" in result.output
        assert (tmp_path / name).is_dir()
    assert (tmp_path / "hybrid.json").exists()


def test_train_verb_says_where_and_what_it_tuned(place: Path, split: Split) -> None:
    out = place / "by_verb"
    first = run(train_verb.command, place, "--model", "popularity", "--out", str(out))
    assert f"popularity: {out / 'popularity'}" in first.stdout
    assert "the hybrid is not tuned: user_neighbours is not trained" in first.stderr
    second = run(train_verb.command, place, "--model", "user_neighbours", "--out", str(out))
    assert "hybrid of user_neighbours and popularity" in second.stdout
    assert isinstance(read_blend(out, split.about, PARAMS), TunedBlend)
