"""Fit one peer and rank for lists it never saw: ``python -m peers.run PEER LISTS.npz OUT.npz``.

Reads ``n_items``, ``n``, the lists ``train``, and for each name of ``questions`` the lists
``told/<name>`` and ``left_out/<name>`` (three arrays each: ``/indptr``, ``/items``, ``/ratings``).
Writes int32 (n_lists, n) ``top/<name>`` and, as JSON in ``about``, the settings and what fitting and asking cost (processor time
of one core, so that what else the machine does plays no part).
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from peers.memory import peak_mb
from peers.peer import Lists
from peers.ranking import best, rank
from peers.registry import PEERS, peer

if TYPE_CHECKING:
    from peers.peer import Peer

TIMED_REQUESTS = 100
WARM_UP = 5


def read_lists(archive: Any, name: str) -> Lists:
    """Return the lists of that name."""
    indptr, items, ratings = (archive[f"{name}/{part}"] for part in ("indptr", "items", "ratings"))
    return Lists(indptr, items, ratings, int(archive["n_items"]))


def milliseconds(fitted: Peer, told: Lists, left_out: Lists, n: int) -> float:
    """Return the median processor time of one list's answer."""
    took = []
    for row in range(min(TIMED_REQUESTS + WARM_UP, len(told))):
        one, out = told.select(row, row + 1), left_out.select(row, row + 1)
        began = time.process_time()
        best(fitted.score(one), out, n)
        took.append(1000 * (time.process_time() - began))
    return float(np.median(took[WARM_UP:] or took))


def megabytes(array: Any) -> float:
    """Return the size of a dense or compressed sparse array."""
    parts = (array.data, array.indices, array.indptr) if hasattr(array, "indptr") else (array,)
    return sum(np.asarray(part).nbytes for part in parts) / 1e6


def main() -> None:
    """Fit, rank, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("lists", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--trial", type=int, default=0, help="0: the defaults, else drawn settings")
    parser.add_argument("--seconds", type=float, help="end after so much processor time")
    parser.add_argument("--settings", type=json.loads, help="settings as JSON instead of a trial")
    arguments = parser.parse_args()
    if arguments.seconds:
        limit = math.ceil(arguments.seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    fitted = peer(arguments.peer)
    settings = arguments.settings
    if settings is None:
        settings = fitted.settings_of(arguments.trial)
    with np.load(arguments.lists) as archive:
        n, train = int(archive["n"]), read_lists(archive, "train")
        questions = {
            name: (read_lists(archive, f"told/{name}"), read_lists(archive, f"left_out/{name}"))
            for name in archive["questions"].tolist()
        }
    began = time.process_time()
    fitted.fit(train, settings)
    seconds = time.process_time() - began
    peak = peak_mb()
    first = next(iter(questions.values()))
    costs = {
        "fit_seconds": seconds,
        "peak_mb": peak,
        "model_mb": sum(map(megabytes, fitted.arrays())),
        "request_ms": milliseconds(fitted, *first, n),
    }
    package = PEERS[arguments.peer].package
    about = {
        "settings": settings,
        "space": {name: str(values) for name, values in fitted.space.items()},
        "library": f"{package} {version(PEERS[arguments.peer].distribution)}",
        "costs": costs,
    }
    tops: dict[str, Any] = {
        f"top/{name}": rank(fitted, *question, n) for name, question in questions.items()
    }
    np.savez(arguments.out, about=np.array(json.dumps(about)), **tops)


if __name__ == "__main__":
    main()
