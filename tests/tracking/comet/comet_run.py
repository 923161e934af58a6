"""A program that tracks one run with Comet: ``python comet_run.py DIRECTORY``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from anirec.progress import ConsoleProgress
from anirec.tracking.run import tracked_run

EPOCHS = 3
VECTORS = np.arange(6, dtype="f4").reshape(3, 2)
PAGE = "<h1>How good</h1>"


def main(place: Path) -> None:
    model = place / "model"
    (model / "deep").mkdir(parents=True)
    (model / "model.json").write_text("{}")
    (model / "deep" / "a.npy").write_text("array")
    (place / "report.html").write_text(PAGE)
    with tracked_run(("comet",), "train", place / "runs", ConsoleProgress()) as run:
        run.params({"seed": 7, "models": {"net": {"start_lr": 0.002, "limit": None}}})
        run.facts({"revision": "abc123", "tables_sha256": {"catalogue.parquet": "d" * 64}})
        for epoch in range(1, EPOCHS + 1):
            run.metrics({"net/loss": 1 / epoch, "net/learning_rate": 0.002}, epoch)
        run.metrics({"new-viewers/ease/ndcg@10": 0.25})
        run.table("new-viewers-test", ("model", "mean"), [("ease", 0.25)])
        run.figure("Learning curve", '<svg xmlns="http://www.w3.org/2000/svg"/>')
        run.file(place / "report.html")
        run.model("ease", model)
        run.embedding(
            "shows", VECTORS, ("anime_id", "title"), [("1", "A"), ("5", "B"), ("6", "C <c>")]
        )


if __name__ == "__main__":  # the tracker's own process imports this file
    main(Path(sys.argv[1]))
