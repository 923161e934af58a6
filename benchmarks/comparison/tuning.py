"""The same tuning budget for every peer: seeded random trials, measured on validation viewers."""

from __future__ import annotations

import json
import resource
from typing import TYPE_CHECKING, Any, Final

from anirec.errors import AnirecError
from anirec.evaluation.figures import HEADLINE, TOP_N, accuracy
from comparison.exchange import peer_items, rows_of, write_lists
from comparison.peer_process import ask

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.data.split import Split
    from anirec.progress import Progress

TRIALS: Final = 12
"""The library's defaults and eleven draws."""
SECONDS: Final = 600.0
"""Of processor time, on one core, for all trials of a peer; what would end later is stopped."""
FEWEST_VIEWERS: Final = 10
"""Training viewers of the items that exist while tuning; fewer items leave time for more trials."""
TOLD: Final = "history"


def tune_peers(
    peers: list[str], split: Split, lists: Path, record: Path, progress: Progress
) -> dict[str, Any]:
    """Tune the peers that the record lacks; returns the record.

    Parameters
    ----------
    lists
        Where the file for the peers is written.
    record
        JSON with every trial; a rerun starts from it, so nothing is tuned twice.
    """
    found: dict[str, Any] = json.loads(record.read_text()) if record.exists() else {}
    missing = [peer for peer in peers if peer not in found]
    if not missing:
        return found
    items = peer_items(split, FEWEST_VIEWERS)
    history = split.validation.history
    write_lists(lists, split, items, {TOLD: history}, history, TOP_N)
    for peer in missing:
        found[peer] = tune(peer, split, lists, items, progress)
        beside = record.with_suffix(".part")
        beside.write_text(json.dumps(found, indent=1) + "\n")
        beside.replace(record)
    return found


def tune(
    peer: str, split: Split, lists: Path, items: NDArray[Any], progress: Progress
) -> dict[str, Any]:
    """Return the trials of one peer, the best settings, and what the search cost."""
    began = used()
    trials: list[dict[str, Any]] = []
    about: dict[str, Any] = {}
    for trial in range(TRIALS):
        left = SECONDS - (used() - began)
        if left <= 0:
            break
        try:
            answer = ask(peer, lists, trial=trial, seconds=left)
        except TimeoutError:
            break
        about = answer.about
        top = rows_of(answer.tops[TOLD], items)
        reached = accuracy(top, split.validation.held_out, split.train.n_items)[HEADLINE].mean()
        trials.append({"settings": about["settings"], "ndcg@10": round(float(reached), 5)})
        progress.step(f"{peer}: trial {trial + 1}, NDCG@10 {reached:.4f} {about['settings']}")
        if not about["space"]:
            break
    if not trials:
        raise AnirecError(f"{peer}: no trial ended within {SECONDS:.0f} s")
    return {
        "settings": max(trials, key=lambda trial: float(trial["ndcg@10"]))["settings"],
        "space": about["space"],
        "seconds": round(used() - began, 1),
        "trials": trials,
    }


def used() -> float:
    """Return the processor seconds of all processes that were waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
