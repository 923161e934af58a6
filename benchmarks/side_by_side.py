"""Our trained models beside tuned models of other libraries, by one evaluator (``make bench``).

Tunes each peer once on validation viewers, fits it with the best settings and ranks for the test
viewers; then ranks with all of ours that is trained. What was tuned and ranked is kept below
``--out``: a rerun after ``anirec train`` only ranks with ours. Prints the tables, writes
``side_by_side.json`` and the page.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anirec.data.split import load_split
from anirec.errors import AnirecError
from anirec.params import load_params
from anirec.pipeline.bench.machine import machine
from anirec.pipeline.recipe import canonical
from anirec.progress import ConsoleProgress
from comparison.fit_costs import measure_fits
from comparison.ours import rank_ours
from comparison.page import lines, page
from comparison.peers import rank_peers, slug
from comparison.quality import gains, reports_of, served
from comparison.questions import questions_of
from comparison.result import Result
from comparison.tuning import tune_peers
from peers.registry import PEERS

if TYPE_CHECKING:
    from comparison.contestant import Contestant

FIT_COSTS = "fit_costs.json"
COLD = "cold-items.json"


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("tables", "split", "models", "cache", "evaluation"):
        parser.add_argument(f"--{name}", type=Path, default=Path("artifacts") / name)
    parser.add_argument("--out", type=Path, default=Path("artifacts/benchmark"))
    parser.add_argument("--page", type=Path, default=Path("docs/benchmark.md"))
    parser.add_argument(
        "--peer", action="append", choices=PEERS, help="only this peer; can be given several times"
    )
    parser.add_argument(
        "--fit",
        action="append",
        default=[],
        metavar="MODEL",
        help="measure what fitting this model of ours costs, by fitting it once more (ease: and the "
        "learned ranker); kept for later runs",
    )
    return parser.parse_args(arguments)


def run(arguments: argparse.Namespace) -> Result:
    """Measure everything that is asked for and write it.

    Raises
    ------
    AnirecError
        If the split, the models or the peers' environment are missing, or a peer fails.
    """
    progress = ConsoleProgress()
    params = load_params()
    split = load_split(arguments.split, arguments.tables, progress)
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    about = {key: split.about[key] for key in ("tables", "params")}
    made_from = hashlib.sha256(canonical(about)).hexdigest()
    peers = arguments.peer or list(PEERS)
    tuned = tune_peers(
        peers, split, out / "lists.npz", out / f"tuning-{made_from[:12]}.json", progress
    )
    questions = questions_of(split)
    contestants = list(
        rank_peers(peers, split, tuned, questions, out / "peers", made_from, progress)
    )
    fit_costs = _fit_costs(arguments, out / FIT_COSTS)
    ours: list[Contestant] = []
    for contestant in rank_ours(split, arguments.models, params, questions, fit_costs, progress):
        contestant.save(out / "ours" / f"{slug(contestant.settings['model'])}.npz")
        ours.append(contestant)
    contestants += ours
    reports = reports_of(contestants, split)
    champion = served(ours)
    rivals = [contestant.name for contestant in contestants if not contestant.ours]
    # The same ranker at other settings has its own place against the peers.
    settings = [one.name for one in ours if champion and one.name.startswith(f"{champion},")]
    result = Result(
        command="make bench",
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        machine=machine(),
        contestants=contestants,
        reports=reports,
        gains=gains(reports, champion, rivals) if champion else [],
        gains_at={name: gains(reports, name, rivals) for name in settings},
        tuning={peer: tuned[peer] for peer in peers},
        cold=_cold(arguments.evaluation / COLD),
    )
    progress.step(f"written to {result.write(out)}")
    beside = arguments.page.with_suffix(".part")
    beside.write_text(page(result))
    beside.replace(arguments.page)
    progress.step(f"written to {arguments.page}")
    return result


def _fit_costs(arguments: argparse.Namespace, path: Path) -> dict[str, Any]:
    """Return what fitting ours was measured to cost, now or in an earlier run."""
    costs: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    for model in arguments.fit:
        found = measure_fits(model, arguments.tables, arguments.split, arguments.cache)
        # What a model needs is fitted before it, in the same process: that counts only where it
        # was not measured alone.
        costs = {**found, **costs} | {
            name: found[name] for name in (model, "learned") if name in found
        }
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(costs, indent=1) + "\n")
        beside.replace(path)
    return costs


def _cold(path: Path) -> dict[str, float]:
    """Return recall@50 of ours from the report of ``anirec evaluate``, if there is one."""
    if not path.exists():
        return {}
    models = json.loads(path.read_text())["models"]
    return {name: figures["recall@50"]["mean"] for name, figures in models.items()}


def main() -> None:
    """Run, and print the tables."""
    try:
        print(lines(run(parse(sys.argv[1:]))))
    except AnirecError as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
