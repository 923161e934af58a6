"""``dvc.yaml`` asks only for what there is: verbs, options, parameters, files of other stages."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from anirec.cli.main import VERBS, cli
from anirec.models.registry import MODELS
from anirec.params import Params
from anirec.pipeline.learned_stage import parts_of_answers
from anirec.pipeline.publish import EVALUATION, TABLES, TRAINED
from conftest import REPOSITORY

VERSION = {"pyproject.toml": ["project.version"]}
INSERTED = re.compile(r"\$\{([\w.-]+)\}")


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((REPOSITORY / name).read_text())
    return found


PIPELINE, PARAMS = read("pipeline.yaml"), read("params.yaml")
DVC = read("dvc.yaml")
COMPARED = {
    "ials": "artifacts/tables",
    "recommender_net": "artifacts/tables",
    "user_neighbours": "artifacts/models/x",
}
"""What a person may write under ``compared``."""


def inserted(text: str, values: dict[str, Any]) -> str:
    """Return the text with DVC's ``${...}`` filled in."""

    def value(match: re.Match[str]) -> str:
        found: Any = values
        for key in match[1].split("."):
            found = found[key]
        if isinstance(found, dict):
            return " ".join(f"--{key} {value}" for key, value in found.items())
        return str(found)

    return INSERTED.sub(value, text)


def stages() -> dict[str, dict[str, Any]]:
    """Return every stage by name, with ``cmd`` and ``deps`` as DVC would run them."""
    values = {**PARAMS, **PIPELINE}
    found = {}
    for name, stage in DVC["stages"].items():
        if "foreach" in stage:
            for key, item in COMPARED.items():
                found[f"{name}@{key}"] = filled(stage["do"], {**values, "key": key, "item": item})
        else:
            found[name] = filled(stage, values)
    return found


def filled(part: Any, values: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        return {key: filled(value, values) for key, value in part.items()}
    if isinstance(part, list):
        return [filled(value, values) for value in part]
    return inserted(part, values) if isinstance(part, str) else part


STAGES = stages()


def paths(outs: list[Any]) -> list[str]:
    return [path for out in outs for path in ([out] if isinstance(out, str) else out)]


@pytest.mark.parametrize("name", STAGES)
def test_a_command_is_a_verb_with_options_that_it_has(name: str) -> None:
    words = shlex.split(STAGES[name]["cmd"].partition(">")[0])
    assert words[0] == "anirec"
    assert words[1] in VERBS
    command = cli.get_command(click.Context(cli), words[1])

    assert command is not None
    command.make_context(words[1], words[2:])


@pytest.mark.parametrize("name", STAGES)
def test_a_parameter_is_there(name: str) -> None:
    for parameter in STAGES[name]["params"]:
        if isinstance(parameter, dict):
            assert parameter == VERSION
            continue
        value: Any = PARAMS
        for key in parameter.split("."):
            value = value[key]
    assert VERSION in STAGES[name]["params"], "a new version of anirec runs the stage again"


@pytest.mark.parametrize("name", STAGES)
def test_a_dependency_is_what_another_stage_writes(name: str) -> None:
    written = [
        path for other, stage in STAGES.items() if other != name for path in paths(stage["outs"])
    ]
    for needed in STAGES[name].get("deps", []):
        if needed == COMPARED["user_neighbours"]:
            continue
        assert any(Path(path).is_relative_to(needed) for path in written), needed


def test_no_two_stages_write_the_same() -> None:
    written = [path for stage in STAGES.values() for path in paths(stage["outs"])]
    assert len(written) == len(set(written))
    assert not [
        (inner, outer)
        for inner in written
        for outer in written
        if inner != outer and Path(inner).is_relative_to(outer)
    ]


def test_a_model_is_trained_where_the_stages_look() -> None:
    trained = {name for name in MODELS if f"artifacts/models/{name}" in _outs()}
    assert trained == set(MODELS)
    by_default = {name for name in MODELS if name in STAGES}
    assert by_default == parts_of_answers(Params())


@pytest.mark.parametrize("name", [name for name in PARAMS["models"] if name in STAGES])
def test_a_bundle_depends_on_the_settings_of_its_models(name: str) -> None:
    assert f"models.{name}" in STAGES[name]["params"]
    assert f"models.{name}" in STAGES["publish"]["params"]


def test_the_gate_makes_nothing_run_again() -> None:
    assert not [name for name, stage in STAGES.items() if "gate" in str(stage["params"])]


def test_publish_reads_what_the_stages_before_it_wrote() -> None:
    for directory in (TABLES, TRAINED, EVALUATION):
        assert any(path.startswith(f"artifacts/{directory}") for path in _outs()), directory


def test_the_starter_of_the_pipeline_is_that_of_the_demo() -> None:
    demo = cli.get_command(click.Context(cli), "demo")
    assert demo is not None
    defaults = {option.name: option.default for option in demo.params}
    assert PIPELINE["starter"] == {name: defaults[name] for name in ("viewers", "seed")}


def test_metrics_and_plots_lie_in_outputs() -> None:
    shown = [*DVC["metrics"]]
    for plots in DVC["plots"]:
        for plot in plots.values():
            shown += plot["y"]
    for path in shown:
        assert any(Path(path).is_relative_to(out) for out in _outs()), path


def test_the_committed_configuration_names_no_remote() -> None:
    """Addresses and credentials belong to ``.dvc/config.local``, which git ignores."""
    text = (REPOSITORY / ".dvc/config").read_text()
    assert "remote" not in text
    assert "analytics = false" in text
    assert "/config.local" in (REPOSITORY / ".dvc/.gitignore").read_text()


def _outs() -> list[str]:
    return [path for stage in STAGES.values() for path in paths(stage["outs"])]
