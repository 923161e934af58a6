"""The same tuning budget for every peer: seeded random trials, measured on validation viewers."""

from __future__ import annotations

import json
import resource
from typing import TYPE_CHECKING, Any, Final

from anirec.errors import AnirecError
from anirec.evaluation.figures import HEADLINE, TOP_N, accuracy
from comparison.exchange import peer_items, rows_of, write_lists
from comparison.peer_process import ask
from comparison.questions import HISTORY, Question

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.data.split import Split
    from anirec.progress import Progress

TRIALS: Final = 20
"""The library's defaults and nineteen draws."""
SECONDS: Final = 600.0
"""Of processor time, on one core, for all trials of a peer; what would end later is stopped."""
FEWEST_VIEWERS: Final = 10
"""Training viewers of the items that exist while tuning; fewer items leave time for more trials."""


def tune_peers(
    peers: list[str], split: Split, lists: Path, record: Path, progress: Progress
) -> dict[str, Any]:
    """Tune the peers whose budget the record does not show as spent; returns the record.

    Parameters
    ----------
    lists
        Where the file for the peers is written while it is needed.
    record
        JSON with every trial; a rerun goes on from it, so nothing is tried twice.
    """
    found: dict[str, Any] = json.loads(record.read_text()) if record.exists() else {}
    waiting = [peer for peer in peers if peer not in found or left_of(found[peer])]
    if not waiting:
        return found
    items = peer_items(split, FEWEST_VIEWERS)
    history = split.validation.history
    write_lists(lists, split, items, {HISTORY: Question(history, history)}, TOP_N)
    for peer in waiting:
        search = found.get(peer, {"settings": {}, "space": {}, "seconds": 0.0, "trials": []})
        while not search["trials"] or left_of(search):
            search = after_trial(peer, search, split, lists, items, progress)
            found[peer] = search
            beside = record.with_suffix(".part")
            beside.write_text(json.dumps(found, indent=1) + "\n")
            beside.replace(record)
    lists.unlink()
    return found


def left_of(search: Mapping[str, Any]) -> float:
    """Return the seconds that a search has left, 0 where it is over."""
    over = not search["space"] or len(search["trials"]) >= TRIALS
    return 0 if over else max(0.0, SECONDS - float(search["seconds"]))


def after_trial(
    peer: str,
    search: Mapping[str, Any],
    split: Split,
    lists: Path,
    items: NDArray[Any],
    progress: Progress,
) -> dict[str, Any]:
    """Return the search of a peer with one more trial.

    Raises
    ------
    AnirecError
        If the peer fails, or not even its defaults are done in time.
    """
    began, trial = used(), len(search["trials"])
    seconds = SECONDS - float(search["seconds"])
    try:
        answer = ask(peer, lists, trial=trial, seconds=seconds)
    except TimeoutError:
        if not trial:
            raise AnirecError(f"{peer}: its defaults are not done within {SECONDS:.0f} s") from None
        return {**search, "seconds": SECONDS}
    top = rows_of(answer.tops[HISTORY], items)
    reached = accuracy(top, split.validation.held_out, split.train.n_items)[HEADLINE].mean()
    settings = answer.about["settings"]
    progress.step(f"{peer}: trial {trial + 1}, NDCG@10 {reached:.4f} {settings}")
    trials = [*search["trials"], {"settings": settings, "ndcg@10": round(float(reached), 5)}]
    return {
        "settings": max(trials, key=lambda one: float(one["ndcg@10"]))["settings"],
        "space": answer.about["space"],
        "seconds": round(float(search["seconds"]) + used() - began, 1),
        "trials": trials,
    }


def used() -> float:
    """Return the processor seconds of all processes that were waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
