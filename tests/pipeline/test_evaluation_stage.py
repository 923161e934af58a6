"""The stage evaluate: every protocol, the reports on disk, the verb."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from anirec.cli import evaluate as evaluate_verb
from anirec.errors import DataError
from anirec.evaluation.cold_items import cold_items
from anirec.evaluation.protocols import (
    DISCOVERY,
    KNOWN_VIEWERS,
    LIKED,
    NEW_VIEWERS,
    ON_COLD_ITEMS,
    PROTOCOLS,
    SHORT_HISTORIES,
)
from anirec.evaluation.report import read_report
from anirec.pipeline import evaluation
from anirec.pipeline.evaluation import evaluate_trained, with_learning_curve
from anirec.pipeline.training import Workplace, fit_models
from pipeline.quick_pipeline import NAMES, PARAMS, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anirec.data.dataset import Dataset
    from anirec.data.split import Split
    from anirec.models.registry import AnyModel

pytestmark = pytest.mark.usefixtures("quick_net")

EVERY = [protocol for together in PROTOCOLS.values() for protocol in together]


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[Dataset]:
    """What models are fitted on, call by call."""
    seen: list[Dataset] = []

    def spy(names: Any, dataset: Dataset, *others: Any) -> dict[str, AnyModel]:
        seen.append(dataset)
        return fit_models(names, dataset, *others)

    monkeypatch.setattr(evaluation, "fit_models", spy)
    return seen


def test_protocols_share_their_fits(models: Path, split: Split, fits: list[Dataset]) -> None:
    reports = evaluate_trained(EVERY, "test", split, models, PARAMS, Workplace())
    assert [report.protocol for report in reports] == [
        *(NEW_VIEWERS, LIKED, DISCOVERY, *SHORT_HISTORIES),
        *(KNOWN_VIEWERS, *ON_COLD_ITEMS),
    ]
    known, cold = fits
    assert set(split.test.history.user_ids.tolist()) <= set(known.histories.user_ids.tolist())
    assert not cold_items(split)[cold.histories.items].any()
    assert len({report.recipe for report in reports}) == 1
    for report in reports:
        assert list(report.figures) == [*NAMES, "hybrid"]
        assert report.margins[0].model == "hybrid"


def test_nothing_is_fitted_for_new_viewers(models: Path, split: Split, fits: list[Dataset]) -> None:
    evaluate_trained([NEW_VIEWERS, LIKED], "test", split, models, PARAMS, Workplace())
    assert not fits


def test_extras_are_built_on_each_fit(models: Path, split: Split) -> None:
    class Twice:
        name = "twice"

        def __init__(self, model: AnyModel) -> None:
            self.n_items, self.model = model.n_items, model

        def score(self, histories: Any) -> Any:
            return 2 * self.model.score(histories)

    built: list[Mapping[str, AnyModel]] = []

    def extras(models: Mapping[str, AnyModel]) -> list[Twice]:
        built.append(models)
        return [Twice(models["user_neighbours"])]

    asked = [NEW_VIEWERS, LIKED, KNOWN_VIEWERS, *ON_COLD_ITEMS]
    reports = evaluate_trained(asked, "test", split, models, PARAMS, Workplace(), extras)
    assert len(built) == 2
    for report in reports:
        if report.protocol in ON_COLD_ITEMS:
            # What is built on top has met the cold items in training.
            assert "twice" not in report.figures
            continue
        same = report.figures["user_neighbours"].per_viewer["ndcg"]
        assert report.figures["twice"].per_viewer["ndcg"].tolist() == same.tolist()
        assert [margin.model for margin in report.margins] == ["hybrid", "twice"]


def test_the_learning_curve_ends_with_the_trained_models(
    models: Path, split: Split, fits: list[Dataset]
) -> None:
    reports = evaluate_trained([LIKED, NEW_VIEWERS], "test", split, models, PARAMS, Workplace())
    names = ["popularity", "user_neighbours"]
    new, liked = with_learning_curve(reports, names, "test", split, models, PARAMS, Workplace())
    assert "learning_curve" not in liked.about
    points = new.about["learning_curve"]
    assert len(fits) == len(points) - 1
    for name in names:
        assert points[-1]["models"][name]["ndcg@10"] == new.to_dict()["models"][name]["ndcg@10"]
    with pytest.raises(DataError, match="content is not trained"):
        with_learning_curve(reports, ["content"], "test", split, models, PARAMS, Workplace())
    with pytest.raises(DataError, match="new-viewers"):
        with_learning_curve([liked], names, "test", split, models, PARAMS, Workplace())


def test_the_verb_writes_and_prints_reports(place: Path, models: Path) -> None:
    out = place / "evaluation"
    at = ("--models", str(models), "--out", str(out))
    result = run(evaluate_verb.command, place, *at, "--protocol", "all", "--json")
    printed = json.loads(result.stdout)
    assert set(printed) == set(EVERY)
    for protocol, report in printed.items():
        assert report == read_report(out / f"{protocol}.json")
        assert list(report["models"]) == [*NAMES, "hybrid"]
        assert report["on"] == "test"
    for protocol in (NEW_VIEWERS, KNOWN_VIEWERS):
        report = printed[protocol]
        assert (
            report["models"]["user_neighbours"]["ndcg@10"]["mean"]
            > (report["models"]["popularity"]["ndcg@10"]["mean"])
        )
        (margin,) = report["margins"]
        assert (margin["model"], margin["other"]) == ("hybrid", "user_neighbours")
    new, known = printed[NEW_VIEWERS], printed[KNOWN_VIEWERS]
    assert new["per_viewer"]["user_ids"] == known["per_viewer"]["user_ids"]
    # Known viewers are in the training lists, so popularity has counted them.
    assert new["models"]["popularity"] != known["models"]["popularity"]
    assert "Learning curve" not in (out / "report.html").read_text(encoding="utf-8")


def test_the_verb_on_validation_touches_no_test_figures(place: Path, models: Path) -> None:
    out = place / "twice"
    at = ("--models", str(models), "--out", str(out))
    run(evaluate_verb.command, place, *at)
    before = (out / "new-viewers.json").read_bytes()
    table = run(evaluate_verb.command, place, *at, "--on", "validation")
    assert (out / "new-viewers.json").read_bytes() == before
    assert read_report(out / "new-viewers-validation.json")["on"] == "validation"
    assert "validation viewers" in (out / "report-validation.html").read_text(encoding="utf-8")
    assert "validation viewers, full ranking" in table.stdout
    assert "hybrid minus user_neighbours" in table.stdout
    text = run(evaluate_verb.command, place, *at, "--markdown").stdout
    assert text.count("| hybrid |") == 2  # accuracy, and what the lists look like


def test_the_verb_draws_a_learning_curve_when_asked(place: Path, models: Path) -> None:
    at = ("--models", str(models), "--out", str(place / "curve"))
    curve = ("--learning-curve", "popularity")
    run(evaluate_verb.command, place, *at, *curve)
    assert "learning_curve" in read_report(place / "curve" / "new-viewers.json")
    assert "Learning curve" in (place / "curve" / "report.html").read_text(encoding="utf-8")
    refused = run(evaluate_verb.command, place, *at, *curve, "--protocol", "liked")
    assert refused.exit_code == 2
    assert "--protocol new-viewers" in refused.stderr


def test_the_names_of_the_verb_are_those_of_the_protocols() -> None:
    assert list(PROTOCOLS) == list(evaluate_verb.NAMES)


def test_evaluating_twice_gives_the_same_bytes(models: Path, split: Split) -> None:
    reports = [
        evaluate_trained([NEW_VIEWERS], "test", split, models, PARAMS, Workplace())[0].to_dict()
        for _ in range(2)
    ]
    assert json.dumps(reports[0]) == json.dumps(reports[1])
