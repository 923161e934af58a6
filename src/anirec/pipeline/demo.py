"""From the starter community to a published bundle: every stage, in one directory."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from anirec.bundle.bundle import CURRENT, verify_bundle
from anirec.bundle.registry import LocalRegistry
from anirec.data.ingest import ingest
from anirec.data.split import load_split
from anirec.data.split_writer import write_split
from anirec.data.starter.write import write_starter
from anirec.errors import BundleError
from anirec.pipeline.answers import train_answers
from anirec.pipeline.publish import publish
from anirec.pipeline.training import Workplace
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.params import Params

RECIPE_FILE: Final = "recipe.json"


def build_demo(
    directory: Path, viewers: int, seed: int, params: Params, progress: Progress = SILENT
) -> Path:
    """Run the whole pipeline on simulated viewers; returns the path of the current bundle.

    Parameters
    ----------
    directory
        Gets ``lists/``, ``artifacts/`` and ``bundles/``. If an earlier run with the same viewers,
        seed, parameters and version of anirec finished there, its bundle is taken.
    viewers
        How many viewers to draw.
    seed
        Of the draw.
    params
        Parameters of the pipeline.
    """
    bundles = directory / "bundles"
    recipe = {
        "anirec": version("anirec"),
        "viewers": viewers,
        "seed": seed,
        "params": hashlib.sha256(params.model_dump_json().encode()).hexdigest(),
    }
    if _finished(directory, bundles / CURRENT, recipe):
        progress.step(f"taking the bundle of an earlier run: {bundles / CURRENT}")
        return bundles / CURRENT

    lists, artifacts = directory / "lists", directory / "artifacts"
    tables, split_directory = artifacts / "tables", artifacts / "split"
    workplace = Workplace(artifacts / "cache", artifacts / "models" / ".checkpoints", progress)
    write_starter(lists, viewers=viewers, seed=seed, progress=progress)
    ingest([str(lists)], tables, progress=progress)
    write_split(tables, split_directory, params.split, progress)
    split = load_split(split_directory, tables, progress)
    train_answers(split, params, artifacts / "models", workplace)
    manifest = publish(artifacts, bundles, params, cache=workplace.cache, progress=progress)
    # Without the gate: a demo shows what was just built, whatever an earlier one reached.
    LocalRegistry(bundles).promote(manifest.version)
    (directory / RECIPE_FILE).write_text(json.dumps(recipe, indent=1) + "\n")
    return bundles / CURRENT


def _finished(directory: Path, bundle: Path, recipe: dict[str, object]) -> bool:
    try:
        if json.loads((directory / RECIPE_FILE).read_text()) != recipe:
            return False
        verify_bundle(bundle)
    except (OSError, ValueError, BundleError):
        return False
    return True
