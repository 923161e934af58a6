"""Does one thing with a registry and kills its own process: ``killed_registry.py ADDRESS VERB N VERSION``.

N counts traces (``killed_process.py``). The N-th never happens; with N = 0 all do, and their number is
printed.
"""

from __future__ import annotations

import sys
from functools import partial

from anirec.bundle.registry import open_registry
from anirec.models.registry import MODELS
from anirec.recommender import Recommender
from anirec.web.app import create_app
from anirec.web.following import Follower
from bundle.registry.published import bundle_named
from killed_process import die_at
from small_world import TEST_MODELS


def main(address: str, verb: str, fatal: int, version: str) -> None:
    MODELS.update(TEST_MODELS)
    registry = open_registry(address)
    registry.versions()  # imports what it needs
    if verb == "swap":
        app = create_app(Recommender.load(f"{address}/{version}"))
    traces = die_at(fatal)
    if verb == "publish":
        registry.publish(partial(bundle_named, version))
    elif verb == "promote":
        registry.promote(version)
    elif verb == "remove":
        registry.keep_last(1)
    else:
        assert Follower(app, registry).look()
    sys.stdout.write(f"{traces()}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
