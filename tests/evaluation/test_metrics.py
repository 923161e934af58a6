from __future__ import annotations

import numpy as np
import pytest
import pytrec_eval
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.evaluation.metrics import METRICS, hit_rate, mrr, ndcg, recall

N = 10


def test_by_hand() -> None:
    hits = np.array([[True, False, True], [False, False, False], [False, True, True]])
    held_out = np.array([5, 2, 2])
    np.testing.assert_allclose(
        ndcg(hits, held_out),
        [1.5 / (1.5 + 1 / np.log2(3)), 0, (1 / np.log2(3) + 0.5) / (1 + 1 / np.log2(3))],
    )
    np.testing.assert_allclose(recall(hits, held_out), [2 / 3, 0, 1])
    np.testing.assert_allclose(hit_rate(hits, held_out), [1, 0, 1])
    np.testing.assert_allclose(mrr(hits, held_out), [1, 0, 1 / 2])


@pytest.mark.parametrize("name", METRICS)
def test_nothing_held_out_is_zero_and_no_viewers_is_empty(name: str) -> None:
    assert METRICS[name](np.zeros((1, N), dtype=np.bool_), np.array([0])).tolist() == [0]
    assert METRICS[name](np.zeros((0, N), dtype=np.bool_), np.zeros(0, dtype=np.int64)).shape == (
        0,
    )


@given(st.lists(st.booleans(), min_size=N, max_size=N), st.integers(0, 30))
def test_between_zero_and_one_and_one_for_the_best_list(places: list[bool], missed: int) -> None:
    hits = np.array([places])
    held_out = np.array([sum(places) + missed])
    best = np.arange(N)[None] < held_out[:, None]
    for metric in METRICS.values():
        assert 0 <= metric(hits, held_out)[0] <= 1
        assert metric(best, held_out)[0] == pytest.approx(float(held_out[0] > 0))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_same_as_trec_eval(seed: int) -> None:
    """The peer is the C program of the TREC conferences, through pytrec_eval."""
    generator = np.random.default_rng(seed)
    viewers, items = 8, 40
    relevant = {
        f"v{v}": {f"i{i}": 1 for i in generator.permutation(items)[: generator.integers(1, 25)]}
        for v in range(viewers)
    }
    run = {
        viewer: {f"i{i}": float(-p) for p, i in enumerate(generator.permutation(items)[:N])}
        for viewer in relevant
    }
    peer = pytrec_eval.RelevanceEvaluator(
        relevant, {"ndcg_cut.10", "P.10", "success.10", "recip_rank"}
    ).evaluate(run)
    hits = np.array([[item in relevant[viewer] for item in run[viewer]] for viewer in relevant])
    held_out = np.array([len(items) for items in relevant.values()])

    def of_peer(measure: str) -> list[float]:
        return [peer[viewer][measure] for viewer in relevant]

    np.testing.assert_allclose(ndcg(hits, held_out), of_peer("ndcg_cut_10"), atol=1e-9)
    np.testing.assert_allclose(hit_rate(hits, held_out), of_peer("success_10"))
    np.testing.assert_allclose(mrr(hits, held_out), of_peer("recip_rank"))
    # trec_eval's recall divides by all that is relevant; ours by what fits into the list.
    precision = np.array(of_peer("P_10"))
    np.testing.assert_allclose(recall(hits, held_out), precision * N / np.minimum(N, held_out))
