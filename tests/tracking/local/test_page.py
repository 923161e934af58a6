"""The local tracker as a person sees it: run.json and the page of all runs."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import numpy as np

from anirec.tracking.folder import MODELS
from anirec.tracking.local.page import INDEX_FILE, MOST_RUNS, page, write_index
from anirec.tracking.local.records import RUN_FILE
from anirec.tracking.run import tracked_run

if TYPE_CHECKING:
    from pathlib import Path

EVIL = "<script>alert(1)</script>\"'"


class Links(HTMLParser):
    """Collects addresses and the names of elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.elements: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]


def one_run(runs: Path, text: str = "plain", learning_rate: float = 0.1) -> dict[str, Any]:
    before = set(runs.glob(f"*/{RUN_FILE}"))
    model = runs.parent / "model"
    model.mkdir(exist_ok=True)
    (model / "a.npy").write_text("a")
    with tracked_run(("local",), "train", runs) as run:
        run.params({"models": {"net": {"start_lr": learning_rate}}, text: text})
        run.facts({"revision": text})
        for epoch in (1, 2, 3):
            run.metrics({"net/loss": 1 / epoch, "net/val_loss": 2 / epoch}, epoch)
        run.metrics({f"new-viewers/{text}/ndcg@10": 0.25, "nan": float("nan")})
        run.table(f"table {text}", ("a",), [("b",)])
        run.figure("plot", "<svg xmlns='http://www.w3.org/2000/svg'/>")
        run.model("ease", model)
        run.embedding("shows", np.eye(2, dtype="f4"), ("title",), [("A",), (text,)])
    (path,) = set(runs.glob(f"*/{RUN_FILE}")) - before
    about: dict[str, Any] = json.loads(path.read_text())
    return about


def test_a_run_is_on_the_page_with_curves_and_links_that_lead_somewhere(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    about = one_run(runs)
    text = (runs / INDEX_FILE).read_text()
    shown = Links(text)

    assert about["state"] == "finished"
    assert about["params"] == {"models.net.start_lr": 0.1, "plain": "plain"}
    assert {file["kind"] for file in about["files"]} == {"table", "figure", "model", "embedding"}
    assert all(len(file["sha256"]) == 64 for file in about["files"])
    assert about["run"] in text
    assert "net/loss 0.33333" in text
    assert shown.elements.count("polyline") == 2  # loss and val_loss share one plot
    assert shown.elements.count("svg") == 1
    assert "new-viewers/plain/ndcg@10" in text
    files = [link for link in shown.links if not link.startswith("#")]
    assert len(files) == 6  # the figure is shown and linked, vectors have labels
    assert all((runs / link).is_file() for link in files)
    assert "http:" not in text.replace("http://www.w3.org", "")
    assert "script" not in shown.elements


def test_parameters_that_changed_are_named(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    first = one_run(runs)
    # Runs of one second come in no order; this one is surely the older.
    (runs / first["run"]).rename(runs / "20200101T000000Z-train-000000")
    about = runs / "20200101T000000Z-train-000000" / RUN_FILE
    about.write_text(about.read_text().replace(first["run"], "20200101T000000Z-train-000000"))
    one_run(runs, learning_rate=0.2)

    rows = re.findall(r"<tr><td><a href=\"#.*?</tr>", (runs / INDEX_FILE).read_text())
    assert len(rows) == 2
    assert "The newest runs of train side by side" in (runs / INDEX_FILE).read_text()
    assert "<td>models.net.start_lr=0.2</td>" in rows[0]
    assert rows[1].endswith("<td></td></tr>")


def test_the_page_escapes_what_it_is_told(tmp_path: Path) -> None:
    one_run(tmp_path / "runs", EVIL)
    text = (tmp_path / "runs" / INDEX_FILE).read_text()

    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "script" not in Links(text).elements


def test_two_runs_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    with tracked_run(("local",), "train", runs) as first:
        with tracked_run(("local",), "evaluate", runs) as second:
            for step in range(1, 51):
                first.metrics({"loss": 1.0}, step)
                second.metrics({"loss": 2.0}, step)
            second.params({"who": "second"})
        text = (runs / INDEX_FILE).read_text()
        assert text.count('class="running">running</span>') == 1
        assert text.count('class="finished">finished</span>') == 1
        first.params({"who": "first"})

    text = (runs / INDEX_FILE).read_text()
    assert text.count('class="finished">finished</span>') == 2
    for path in runs.glob("*/metrics.jsonl"):
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        verb = json.loads((path.parent / RUN_FILE).read_text())["verb"]
        assert [line["step"] for line in lines] == list(range(1, 51))
        assert {line["values"]["loss"] for line in lines} == {1.0 if verb == "train" else 2.0}


KILLED = """
import os, signal, sys
from pathlib import Path
from anirec.tracking.run import tracked_run
from anirec.tracking.local.tracker import LocalTracker

class Dies(LocalTracker):
    def facts(self, values):
        os.kill(os.getpid(), signal.SIGKILL)

import anirec.tracking.choice as choice
choice.TRACKERS["local"] = Dies
with tracked_run(("local",), "train", Path(sys.argv[1])) as run:
    run.params({"seed": 7})
    run.metrics({"net/loss": 0.5}, 1)
    run.facts({})
    run.end("finished")
"""


def test_kill_9_leaves_a_readable_run_marked_unfinished(tmp_path: Path) -> None:
    died = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert died.returncode == -signal.SIGKILL
    text = write_index(tmp_path).read_text()

    assert '<span class="unfinished">unfinished</span>' in text
    assert "net/loss 0.5" in text
    assert "seed" in text
    with tracked_run(("local",), "train", tmp_path):
        pass
    text = (tmp_path / INDEX_FILE).read_text()
    assert '<span class="unfinished">unfinished</span>' in text
    assert '<span class="finished">finished</span>' in text


def test_files_that_are_kept_no_longer_are_not_linked(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    about = one_run(runs)
    (runs / about["run"] / MODELS / "ease" / "a.npy").unlink()

    text = page(runs)
    assert "1 files are kept no longer" in text
    assert "a.npy" not in text


def test_no_run_is_a_page_too(tmp_path: Path) -> None:
    text = write_index(tmp_path).read_text()
    assert "No run yet" in text
    assert str(MOST_RUNS) in text
