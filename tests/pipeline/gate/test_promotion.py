"""Promoting through the gate: what it refuses, what overrules it, what is recorded."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from anirec.bundle.registry import LocalRegistry
from anirec.cli.main import main
from anirec.errors import BundleError
from anirec.models.registry import MODELS
from anirec.params import GateParams, Params
from anirec.pipeline.gate.promotion import GateRefusalError, promote
from pipeline.gate.gate_world import GOOD, WORSE, bundle_with, evaluation
from small_world import TEST_MODELS, small_bundle

if TYPE_CHECKING:
    from pathlib import Path

PATIENT = Params(gate=GateParams(median_ms=1e6, p99_ms=1e6))
"""No verdict by the speed of the machine."""
HASTY = Params(gate=GateParams(median_ms=1e-6, p99_ms=1e6))


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)


@pytest.fixture
def registry(tmp_path: Path) -> LocalRegistry:
    registry = LocalRegistry(tmp_path / "bundles")
    for version, figures in (("v1", GOOD), ("v2", GOOD), ("worse", WORSE)):
        about = evaluation({"hybrid": figures})
        registry.publish(partial(bundle_with, about=about, version=version))
    return registry


def test_what_passes_is_promoted_and_the_word_of_the_gate_recorded(registry: LocalRegistry) -> None:
    done = promote(registry, "v2", PATIENT, "newer lists")
    assert done.moved
    assert done.verdict is not None
    assert not done.verdict.refused
    assert registry.current() == "v2"
    last = registry.history()[-1]
    assert (last.action, last.why, last.forced) == ("promote", "newer lists", False)
    assert last.gate == str(done.verdict)
    assert "quality passed: NDCG@10" in last.gate
    assert "latency passed: " in last.gate


@pytest.mark.parametrize(
    ("version", "params", "says"),
    [("worse", PATIENT, "it finds less for new viewers"), ("v2", HASTY, "it is too slow")],
)
def test_what_is_refused_leaves_the_registry_as_it_was(
    registry: LocalRegistry, version: str, params: Params, says: str
) -> None:
    before = registry.history()
    with pytest.raises(GateRefusalError, match=f"^{version} is not promoted: {says}") as refused:
        promote(registry, version, params)
    assert f'`anirec promote {version} --force --reason "..."`' in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.verdict.refused
    assert (registry.current(), registry.history()) == ("v1", before)


def test_force_goes_through_and_is_recorded(registry: LocalRegistry) -> None:
    promote(registry, "worse", HASTY, "the old one names a withdrawn show", force=True)
    last = registry.history()[-1]
    assert registry.current() == last.current == "worse"
    assert last.forced
    assert last.who
    assert last.at
    assert last.why == "the old one names a withdrawn show"
    assert "quality refused: it finds less for new viewers" in last.gate
    assert "latency refused: it is too slow" in last.gate


def test_force_where_the_gate_passes_is_no_forced_promotion(registry: LocalRegistry) -> None:
    promote(registry, "v2", PATIENT, "to be sure", force=True)
    assert not registry.history()[-1].forced


def test_a_damaged_bundle_cannot_be_forced(registry: LocalRegistry) -> None:
    (registry.directory / "v2" / "ranker.json").write_text("{}")
    with pytest.raises(BundleError, match="damaged"):
        promote(registry, "v2", PATIENT, "please", force=True)
    assert registry.current() == "v1"


def test_a_damaged_current_bundle_can_be_replaced_by_force(registry: LocalRegistry) -> None:
    (registry.directory / "v1" / "manifest.json").write_text("{")
    with pytest.raises(GateRefusalError, match="it cannot be compared with the current one"):
        promote(registry, "v2", PATIENT)
    promote(registry, "v2", PATIENT, "v1 is damaged", force=True)
    assert registry.current() == "v2"


def test_what_is_current_already_is_left_alone(registry: LocalRegistry) -> None:
    before = registry.history()
    done = promote(registry, "v1", HASTY)
    assert (done.moved, done.verdict) == (False, None)
    assert registry.history() == before


def test_rolling_back_and_the_first_promotion_are_never_gated(registry: LocalRegistry) -> None:
    promote(registry, "worse", PATIENT, "by mistake", force=True)
    registry.promote("v2")
    assert registry.rollback() == "worse"
    (registry.directory / "current").unlink()
    done = promote(registry, "worse", HASTY)
    assert (done.moved, done.verdict) == (True, None)
    assert registry.history()[-1].gate == ""


def test_the_gate_compares_with_what_is_current_when_it_is_asked(
    registry: LocalRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process has moved `current` before this one got the lock."""
    promote(registry, "worse", PATIENT, "meanwhile", force=True)
    seen = iter(["v1"])
    current = registry.current
    monkeypatch.setattr(registry, "current", lambda: next(seen, None) or current())
    assert promote(registry, "v2", PATIENT).moved
    assert "0.4975 against 0.3975" in LocalRegistry.history(registry)[-1].gate.replace(
        " of hybrid", ""
    )


def test_a_line_of_an_earlier_anirec_is_read(registry: LocalRegistry) -> None:
    path = registry.directory / "history.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        del line["gate"], line["forced"]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert [move.version for move in registry.history()] == ["v1", "v2", "worse"]


@pytest.fixture
def verb(
    registry: LocalRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> Any:
    """Call ``anirec promote`` beside the registry; returns exit status, output, errors."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text("gate: {median_ms: 1.0e+6, p99_ms: 1.0e+6}")

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["promote", *arguments])
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out, err

    return call


def test_the_verb_says_what_the_gate_says(verb: Any) -> None:
    code, out, err = verb("v2")
    assert (code, err) == (0, "")
    assert [line.partition(":")[0] for line in out.splitlines()] == [
        "gate",
        "gate",
        "current is now v2",
    ]
    assert verb("v2") == (0, "v2 is current already\n", "")


def test_the_verb_refuses_in_one_sentence_and_can_be_forced(
    verb: Any, registry: LocalRegistry
) -> None:
    code, out, err = verb("worse")
    assert (code, out) == (1, "")
    assert err.startswith("anirec: worse is not promoted: it finds less for new viewers: ")
    assert err.count("\n") == 1
    for arguments in (
        ("worse", "--force"),
        ("--force", "--reason", "x"),
        ("worse", "--force", "--reason", " "),
    ):
        code, out, err = verb(*arguments)
        assert (code, out) == (2, "")
        assert "--force needs a VERSION and --reason" in err
    assert registry.current() == "v1"
    code, out, _ = verb("worse", "--force", "--reason", "a test")
    assert code == 0
    assert out.splitlines()[-1] == "current is now worse"
    _, listed, _ = verb()
    assert "promote worse: a test (forced; the gate had said: quality refused: " in listed


def test_json_tells_the_verdict_whichever_it_is(verb: Any) -> None:
    code, out, err = verb("worse", "--json")
    about = json.loads(out)
    assert code == 1
    assert "is not promoted" in err
    assert about["current"] == "v1"
    assert about["gate"]["refused"]
    quality, latency = about["gate"]["findings"]
    assert quality["figures"]["difference"]["mean"] == pytest.approx(-0.1)
    assert latency["outcome"] == "passed"
    code, out, _ = verb("v2", "--json")
    assert code == 0
    assert not json.loads(out)["gate"]["refused"]
    assert json.loads(verb("v2", "--json")[1])["gate"] is None


def test_the_budget_comes_from_the_parameters(verb: Any, tmp_path: Path) -> None:
    (tmp_path / "strict.yaml").write_text("gate: {median_ms: 1.0e-6}")
    code, _, err = verb("v2", "--params", "strict.yaml")
    assert code == 1
    assert "it is too slow" in err


def test_the_gate_needs_no_training_library(tmp_path: Path) -> None:
    program = (
        "import sys, anirec.cli.promote, anirec.pipeline.gate.promotion\n"
        "heavy = ('catboost', 'keras', 'matplotlib', 'polars', 'scipy', 'sklearn')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert found.stdout == "[]\n"


def test_a_small_bundle_without_figures_needs_force(registry: LocalRegistry) -> None:
    manifest = registry.publish(small_bundle)
    with pytest.raises(GateRefusalError, match="this bundle has no figures"):
        promote(registry, manifest.version, PATIENT)
