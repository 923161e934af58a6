"""The loop: news is learned once, what is finished is kept, the gate has the last word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from anirec.bundle import bundle
from anirec.bundle.bundle import open_bundle
from anirec.params import GateParams
from anirec.pipeline import answers
from anirec.pipeline.publish import publish
from anirec.pipeline.retrain import ingestion, loop, other_version, published
from anirec.pipeline.retrain.steps import StepFailedError
from pipeline.retrain.nightly_world import PARAMS, VIEWERS, World

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHER_BUDGET = PARAMS.model_copy(update={"gate": GateParams(median_ms=1e5, p99_ms=1e5)})
"""Other parameters, by which nothing has to be trained again."""


class KilledError(BaseException):
    """Stands for a kill: nobody catches it."""


WORK = (
    (ingestion, "ingest"),
    (loop, "write_split"),
    (answers, "train"),
    (answers, "train_and_save_ranker"),
    (answers, "tune_and_write_blend"),
    (loop, "evaluate_trained"),
    (loop, "publish"),
)
"""What must be done once, however often the run is killed."""
ONCE = {name: 1 for _, name in WORK}
BOUNDARIES = (
    "load_dataset",  # before the registry is looked at
    "write_split",
    "train_answers",
    "evaluate_trained",
    "publish",
    "promote",
)


@pytest.fixture
def calls() -> Iterator[dict[str, int]]:
    """Count how often each piece of work is done."""
    count = {name: 0 for _, name in WORK}

    def counting(name: str, function: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            count[name] += 1
            return function(*arguments, **named)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for module, name in WORK:
            patch.setattr(module, name, counting(name, getattr(module, name)))
        yield count


def killed_at(world: World, name: str) -> None:
    def killed(*_: Any, **__: Any) -> None:
        raise KilledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, name, killed)
        with pytest.raises(KilledError):
            world.retrain()


def test_the_same_lists_are_learned_once(world: World, calls: dict[str, int]) -> None:
    before = world.registry.state()
    for _ in range(2):
        report = world.retrain()
        assert report.outcome == "nothing new"
        assert "was made of the same lists" in report.why
        assert (report.version, report.current) == (None, before.current)
    assert world.registry.state() == before
    assert sum(calls.values()) == calls["ingest"] == 1  # of a copy, then no more


def test_more_lists_are_learned_step_by_step_through_kills(
    world: World, calls: dict[str, int]
) -> None:
    (old,) = world.registry.versions()
    world.draw(2 * VIEWERS)  # so many more that the gate opens, whatever a processor rounds
    for boundary in BOUNDARIES:
        killed_at(world, boundary)
        assert world.registry.current() == old
    assert calls == ONCE

    report = world.retrain()

    assert report.outcome == "promoted", report.why
    assert calls == ONCE
    assert world.registry.versions() == [old, report.version]
    assert world.registry.current() == report.version
    assert report.verdict is not None
    assert [f.outcome for f in report.verdict.findings] == ["passed", "passed"]

    # Somebody takes it back: the next night does not bring it again.
    world.registry.rollback("complaints")
    report = world.retrain()
    assert report.outcome == "nothing new"
    assert "has been taken back" in report.why
    assert world.registry.current() == old


def test_another_version_of_anirec_learns_the_same_lists_anew(
    world: World, calls: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (old,) = world.registry.versions()
    for module in (bundle, ingestion, other_version, published):
        monkeypatch.setattr(module, "version", lambda _: "9.9.9")
    killed_at(world, "evaluate_trained")  # what this version trained is kept, as ever

    report = world.retrain()

    assert report.outcome == "promoted", report.why
    assert calls == ONCE | {"write_split": 0}  # who is held out is a matter of the lists
    assert world.registry.versions() == [old, report.version]
    assert open_bundle(world.registry.directory).manifest.anirec == "9.9.9"
    report = world.retrain()
    assert report.outcome == "nothing new"
    assert "by the same version of anirec" in report.why
    assert calls == ONCE | {"write_split": 0}


def test_figures_whose_page_was_not_written_get_it(world: World) -> None:
    world.draw(VIEWERS + 20)
    page = world.artifacts / "evaluation" / "report.html"
    before = page.read_bytes()
    killed_at(world, "write_summary")
    assert page.read_bytes() == before
    report = world.retrain()
    assert [s.outcome for s in report.steps if s.name == "evaluate"] == ["kept"]
    assert page.read_bytes() != before


def test_half_a_report_of_a_killed_run_goes_with_the_next_report(world: World) -> None:
    half = world.artifacts / "retrain" / "reports" / ".20260101T010101.0Z.md.part.md"
    half.touch()
    assert world.retrain().outcome == "nothing new"
    assert not half.exists()


def test_a_broken_export_is_refused_by_its_figures(world: World, calls: dict[str, int]) -> None:
    (old,) = world.registry.versions()
    header, *rows = world.lists.read_text().splitlines()
    table = [row.split(",") for row in rows]
    shows = np.random.default_rng(3).permutation([row[1] for row in table])
    lines = [",".join([row[0], show, *row[2:]]) for row, show in zip(table, shows, strict=True)]
    world.lists.write_text("\n".join([header, *lines]) + "\n")

    for _ in range(2):  # the next night asks the gate again, and only the gate
        report = world.retrain()
        assert report.outcome == "refused"
        assert "it finds less for new viewers" in report.why
        assert (report.current, report.current_before) == (old, old)
        assert world.registry.versions() == [old, report.version]
        assert calls == ONCE
    (written, _) = sorted((world.artifacts / "retrain" / "reports").glob("*.json"))[-2:]
    about = json.loads(written.read_text())
    assert about["outcome"] == "refused"
    assert about["gate"]["findings"][0]["outcome"] == "refused"
    assert [step["name"] for step in about["steps"]][-2:] == ["publish", "promote"]
    assert "| promote | refused |" in written.with_suffix(".md").read_text()


def test_what_is_trained_and_measured_is_kept_and_lists_that_were_left_out_stay_out(
    world: World, calls: dict[str, int]
) -> None:
    bare = publish(world.artifacts, world.registry.directory, PARAMS, with_viewers=False)
    world.registry.promote(bare.version)

    report = world.retrain(OTHER_BUDGET)

    assert report.outcome == "promoted", report.why
    kept = {step.name for step in report.steps if step.outcome == "kept"}
    assert kept == {"split", "train", "evaluate"}
    assert report.current is not None
    assert open_bundle(world.registry.fetch(report.current)).viewers is None


def test_a_step_that_fails_is_named_and_changes_nothing(world: World) -> None:
    before = world.registry.state()
    world.lists.write_text("no,such,columns\n1,2,3\n")
    with pytest.raises(
        StepFailedError, match=r"^ingest failed: .*current bundle was left"
    ) as error:
        world.retrain()
    assert error.value.step == "ingest"
    assert "\n" not in str(error.value)
    assert world.registry.state() == before
    page = sorted((world.artifacts / "retrain" / "reports").glob("*.md"))[-1].read_text()
    assert "| ingest | failed |" in page
