"""Does one thing with a registry and kills its own process: ``killed_registry.py ADDRESS VERB N VERSION``.

N counts what leaves a trace: files opened for writing, renames, removals, locks, pieces of requests. The
N-th never happens; with N = 0 all do, and their number is printed.
"""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from typing import Any

from anirec.bundle.registry import open_registry
from anirec.models.registry import MODELS
from anirec.recommender import Recommender
from anirec.web.app import create_app
from anirec.web.following import Follower
from bundle.registry.published import bundle_named
from small_world import TEST_MODELS

TRACES = ("os.", "fcntl.flock", "shutil.rmtree", "http.client.send")
READ = ("os.listdir", "os.scandir", "os.walk", "os.fork", "os.putenv", "os.unsetenv")


def main(address: str, verb: str, fatal: int, version: str) -> None:
    MODELS.update(TEST_MODELS)
    registry = open_registry(address)
    registry.versions()  # imports what it needs
    if verb == "swap":
        app = create_app(Recommender.load(f"{address}/{version}"))
    counted = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal counted
        if event == "open":
            traced = bool(int(arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
        else:
            traced = event.startswith(TRACES) and event not in READ
        if traced:
            counted += 1
            if counted == fatal:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    if verb == "publish":
        registry.publish(partial(bundle_named, version))
    elif verb == "promote":
        registry.promote(version)
    elif verb == "remove":
        registry.keep_last(1)
    else:
        assert Follower(app, registry).look()
    sys.stdout.write(f"{counted}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
