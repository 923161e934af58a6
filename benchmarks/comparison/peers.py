"""The peers as contestants: tuned settings, fitted on all their items, ranked for test viewers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from anirec.evaluation.figures import TOP_N
from comparison.contestant import Contestant
from comparison.exchange import peer_items, rows_of, write_lists
from comparison.peer_process import ask
from peers.registry import PEERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from anirec.data.split import Split
    from anirec.progress import Progress
    from comparison.questions import Question

NEW_VIEWERS: Final[Mapping[str, str]] = {
    "ALS": "yes (`recalculate_user`)",
    "iALS": "yes (a vector is solved for)",
    "BPR": "no; mean of item vectors stands in",
    "votes": "through ALS's fold-in",
}
"""Where it is more than a sum over the list."""


def rank_peers(
    peers: Sequence[str],
    split: Split,
    tuned: Mapping[str, Any],
    questions: Mapping[str, Question],
    directory: Path,
    made_from: str,
    progress: Progress,
) -> Iterator[Contestant]:
    """Rank for the test viewers with the tuned settings; what the directory holds is not redone."""
    lists, items = directory / "lists.npz", peer_items(split)
    written = False
    for peer in peers:
        path = directory / f"{slug(peer)}.npz"
        settings = tuned[peer]["settings"]
        if path.exists():
            known = Contestant.load(path)
            same = (known.settings, known.made_from) == (settings, made_from)
            if same and known.tops.keys() == questions.keys():
                yield known
                continue
        if not written:
            directory.mkdir(parents=True, exist_ok=True)
            write_lists(lists, split, items, questions, TOP_N)
            written = True
        progress.step(f"{peer}: fitting with {settings}")
        answer = ask(peer, lists, settings=settings)
        package = PEERS[peer].package
        found = Contestant(
            name=f"{peer} ({package})",
            ours=False,
            source=answer.about["library"],
            tops={name: rows_of(top, items) for name, top in answer.tops.items()},
            costs=answer.about["costs"],
            new_viewers=NEW_VIEWERS.get(peer, "yes"),
            settings=settings,
            made_from=made_from,
        )
        found.save(path)
        yield found
    lists.unlink(missing_ok=True)


def slug(name: str) -> str:
    """Return a name for a file."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())
