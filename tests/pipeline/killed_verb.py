"""Runs a verb of anirec and kills its own process: ``killed_verb.py N VERB ARGUMENT...``.

N counts traces (``killed_process.py``). The N-th never happens; with N = 0 all do, and their number is
printed. Trees are few: what they say does not matter here.
"""

from __future__ import annotations

import sys

from anirec.cli.main import main
from anirec.pipeline import ranker_training
from killed_process import die_at

if __name__ == "__main__":
    ranker_training.TREES = 10  # type: ignore[misc]
    traces = die_at(int(sys.argv[1]))
    try:
        main(sys.argv[2:])
    finally:
        sys.stdout.write(f"{traces()}\n")
