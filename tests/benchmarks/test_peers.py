"""Two cheap peers through the whole side-by-side, in their own environment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from anirec.data.split import Split
from anirec.errors import AnirecError
from anirec.evaluation.figures import HEADLINE, TOP_N, accuracy
from anirec.evaluation.protocols import NEW_VIEWERS, ON_NEW_VIEWERS
from anirec.progress import SILENT
from comparison import tuning
from comparison.contestant import COSTS
from comparison.exchange import peer_items, rows_of, write_lists
from comparison.peer_process import PYTHON, ask
from comparison.peers import rank_peers
from comparison.quality import NEW_FRANCHISES_ONLY, reports_of
from comparison.questions import HISTORY, Question, questions_of
from conftest import REPOSITORY, skip_or_fail
from taste_groups import community

pytestmark = pytest.mark.real

TRAIN, FOLD, _ = community()
SPLIT = Split(TRAIN, FOLD, FOLD, {"params": {"salt": "tests"}, "tables": {}})
CHEAP = ["popularity", "EASE"]


@pytest.fixture(autouse=True, scope="module")
def environment() -> None:
    python = os.environ.get(PYTHON, str(REPOSITORY / "benchmarks/peers/.venv/bin/python"))
    if not Path(python).exists():
        skip_or_fail(
            f"the environment of the peers ({python})",
            f"run `make peers`, or set {PYTHON} to a Python with irspack and implicit",
        )


def test_whole_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "TRIALS", 2)
    lists, record = tmp_path / "lists.npz", tmp_path / "tuning.json"
    tuned = tuning.tune_peers(CHEAP, SPLIT, lists, record, SILENT)
    # The first trial is the library's default, and popularity has nothing to tune.
    assert tuned["EASE"]["trials"][0]["settings"] == {"reg": 1}
    assert [len(tuned[peer]["trials"]) for peer in CHEAP] == [1, 2]

    arguments = (CHEAP, SPLIT, tuned, questions_of(SPLIT), tmp_path / "peers", "here", SILENT)
    contestants = list(rank_peers(*arguments))
    for contestant in contestants:
        assert all(contestant.costs[cost] > 0 for cost in COSTS)
        assert contestant.source.split()[0] in ("numpy", "irspack")
    reports = {report.protocol: report for report in reports_of(contestants, SPLIT)}
    assert set(reports) <= {*ON_NEW_VIEWERS, NEW_FRANCHISES_ONLY}
    popularity, ease = (
        reports[NEW_VIEWERS].intervals(one.name)[HEADLINE].mean for one in contestants
    )
    assert ease > 1.2 * popularity

    # What is there is not fitted again.
    monkeypatch.setenv(PYTHON, str(tmp_path / "nothing"))
    again = list(rank_peers(*arguments))
    assert [one.name for one in again] == [one.name for one in contestants]


def test_the_network_learns(tmp_path: Path) -> None:
    """Its library pins nothing of what it stands on, so a newer part may break it."""
    lists, items, history = tmp_path / "lists.npz", peer_items(SPLIT), FOLD.history
    write_lists(lists, SPLIT, items, {HISTORY: Question(history, history)}, TOP_N)
    found = []
    for peer, settings in (("popularity", {}), ("MultVAE", {"dim_z": 16, "train_epochs": 60})):
        top = rows_of(ask(peer, lists, settings=settings).tops[HISTORY], items)
        found.append(accuracy(top, FOLD.held_out, TRAIN.n_items)[HEADLINE].mean())
    popularity, network = found
    assert network > 1.2 * popularity


def test_failure_and_time_are_told(tmp_path: Path) -> None:
    lists, history = tmp_path / "lists.npz", SPLIT.test.history
    write_lists(lists, SPLIT, peer_items(SPLIT), {"history": Question(history, history)}, 10)
    with pytest.raises(AnirecError, match="the peer EASE failed"):
        ask("EASE", lists, settings={"no": "such setting"})
    with pytest.raises(TimeoutError, match="BPR took more"):
        ask("BPR", lists, settings={"iterations": 10_000_000}, seconds=3)
