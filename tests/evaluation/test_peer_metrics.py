"""Our figures against those of RecTools, LensKit and irspack, on the same lists."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anirec.data.dataset import Dataset
from anirec.data.histories import Histories
from anirec.data.item_index import ItemIndex
from anirec.data.show import Show
from anirec.data.split import HeldOut
from anirec.evaluation.beyond_accuracy import coverage, diversity, mean_of_list, novelty
from anirec.evaluation.facts import item_facts
from anirec.evaluation.figures import TOP_N, accuracy
from conftest import REPOSITORY, skip_or_fail

pytestmark = pytest.mark.real

VIEWERS, ITEMS, TRAINING = 60, 90, 40
TAGS = ("war", "love", "school", "ghosts", "team", "robots")


def lists_of(rows: list[list[int]]) -> Histories:
    flat = np.array([item for row in rows for item in row], dtype=np.int32)
    indptr = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    blank = np.zeros(len(flat), dtype=np.uint8)
    return Histories(np.arange(len(rows), dtype=np.int64), indptr, flat, blank, blank + 2)


def draw(generator: np.random.Generator, n: int, most: int) -> list[list[int]]:
    return [generator.permutation(ITEMS)[: generator.integers(1, most)].tolist() for _ in range(n)]


@pytest.fixture(scope="module")
def python() -> str:
    """The Python of the environment that has the peers."""
    default = REPOSITORY / "benchmarks/peers/.venv/bin/python"
    python = os.environ.get("ANIREC_PEERS_PYTHON", str(default))
    if not Path(python).exists():
        skip_or_fail(
            f"the environment of the peers ({python})",
            "run `make peers`, or set ANIREC_PEERS_PYTHON to a Python with rectools, lenskit "
            "and irspack",
        )
    return python


@pytest.fixture(scope="module")
def both(python: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ours by metric, theirs by library and metric."""
    generator = np.random.default_rng(11)
    shows = tuple(
        Show(
            anime_id=row + 1,
            title="",
            tags=tuple(generator.permutation(TAGS)[: generator.integers(1, 4)]),
        )
        for row in range(ITEMS)
    )
    # Some items have been watched by nobody.
    watched = [
        [item for item in row if item < ITEMS - 9] or [0] for row in draw(generator, TRAINING, 40)
    ]
    facts = item_facts(Dataset(ItemIndex(range(1, ITEMS + 1)), shows, lists_of(watched)))
    lists = [generator.permutation(ITEMS)[:TOP_N].tolist() for _ in range(VIEWERS)]
    held_out = draw(generator, VIEWERS, 25)
    top = np.array(lists, dtype=np.int32)
    wanted = lists_of(held_out)
    truth = HeldOut(wanted.indptr, wanted.items + 1, wanted.items, wanted.ratings)
    ours = {
        **accuracy(top, truth, ITEMS),
        "held_out": truth.lengths,
        "novelty": novelty(top, facts),
        "popularity": mean_of_list(facts.popularity, top),
        "diversity": diversity(top, facts),
        "coverage": coverage(top, ITEMS),
    }
    asked = {
        "n": TOP_N,
        "n_items": ITEMS,
        "lists": lists,
        "held_out": held_out,
        "watched": watched,
        "distance": (1 - (facts.traits @ facts.traits.T).toarray()).tolist(),
    }
    script = Path(__file__).with_name("peer_metrics.py")
    done = subprocess.run(
        [python, str(script)], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return ours, json.loads(done.stdout)


def check(ours: Any, theirs: Any) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("peer", "names"),
    [
        ("rectools", ("ndcg", "hit_rate", "mrr", "novelty", "diversity", "coverage")),
        ("lenskit", ("ndcg", "recall", "hit_rate", "mrr")),
    ],
)
def test_same_viewer_by_viewer(
    both: tuple[dict[str, Any], dict[str, Any]], peer: str, names: tuple[str, ...]
) -> None:
    ours, theirs = both
    for name in names:
        check(ours[name], theirs[peer][name])


def test_same_means_as_irspack(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    ours, theirs = both
    for name in ("ndcg", "recall", "hit_rate"):
        check(ours[name].mean(), theirs["irspack"][name])
    check(ours["coverage"], theirs["irspack"]["coverage"])


def test_differences_are_those_of_the_docs(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """`docs/evaluation.md` says how; each figure can be had from ours."""
    ours, theirs = both
    # RecTools divides recall by all that was held out, as irspack does by default.
    of_all = ours["recall"] * np.minimum(ours["held_out"], TOP_N) / ours["held_out"]
    check(of_all, theirs["rectools"]["recall"])
    check(of_all.mean(), theirs["irspack"]["recall_of_all"])
    # RecTools counts viewers where we take their share.
    check(ours["popularity"] * TRAINING, theirs["rectools"]["popularity"])
    # LensKit's default gives the second place as much as the first.
    assert not np.allclose(ours["ndcg"], theirs["lenskit"]["ndcg_clipped"], atol=1e-3)
