"""What fitting ours costs on one core: ``python -m comparison.fit_costs MODEL`` prints JSON.

After Ease the learned ranker is trained in the same process, because it needs Ease's inverse.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anirec.data.split import load_split
from anirec.errors import AnirecError
from anirec.models.base import FitContext
from anirec.models.ease import Ease
from anirec.params import load_params
from anirec.pipeline.bench.fresh_process import ONE_THREAD
from anirec.pipeline.learned_stage import PART_NAMES
from anirec.pipeline.ranker_training import train_ranker
from anirec.pipeline.recipe import with_needs
from anirec.pipeline.training import Workplace, fit_model
from anirec.progress import ConsoleProgress
from anirec.ranking.learned.learned_ranker import LearnedRanker, Parts
from comparison.peer_process import BENCHMARKS
from peers.memory import peak_mb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anirec.models.registry import AnyModel


def measure_fits(model: str, tables: Path, split: Path, cache: Path) -> dict[str, Any]:
    """Fit a model in a process of its own and return the costs by model.

    Raises
    ------
    AnirecError
        If the fit fails.
    """
    command = [sys.executable, "-m", "comparison.fit_costs", model]
    command += ["--tables", str(tables), "--split", str(split), "--cache", str(cache)]
    paths = [str(BENCHMARKS), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise AnirecError(f"measuring the fit of {model} failed: see the lines above")
    costs: dict[str, Any] = json.loads(done.stdout)
    return costs


@contextmanager
def measured(costs: dict[str, dict[str, float]], name: str) -> Iterator[None]:
    """Record the processor seconds of the block, and the peak memory of the process after it."""
    began = time.process_time()
    yield
    costs[name] = {"fit_seconds": time.process_time() - began, "peak_mb": peak_mb()}


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("--tables", type=Path, default=Path("artifacts/tables"))
    parser.add_argument("--split", type=Path, default=Path("artifacts/split"))
    parser.add_argument("--cache", type=Path, default=Path("artifacts/cache"))
    arguments = parser.parse_args()
    params = load_params().model_copy(update={"threads": 1})
    split = load_split(arguments.split, arguments.tables)
    workplace = Workplace(arguments.cache, None, ConsoleProgress())
    wanted = [arguments.model]
    if arguments.model == Ease.name:  # the ranker reads it as well
        wanted = list(PART_NAMES)
    models: dict[str, AnyModel] = {}
    costs: dict[str, dict[str, float]] = {}
    for name in with_needs(wanted):
        with measured(costs, name):
            models[name] = fit_model(name, split.train, params, workplace, models)
    parts = Parts.of(models)
    if parts is not None and parts.ease.inverse is not None:
        context = FitContext(seed=params.seed, threads=1, progress=workplace.progress)
        with measured(costs, LearnedRanker.name):
            train_ranker(split.train, parts, split.history_share, context)
    print(json.dumps(costs))


if __name__ == "__main__":
    main()
