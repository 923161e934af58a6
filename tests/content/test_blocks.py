from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.content.blocks import centred_block, label_block, scale_block, term_block

terms = st.lists(st.lists(st.sampled_from("abcdef"), max_size=4), min_size=1, max_size=8)


@settings(deadline=None)
@given(terms)
def test_rows_have_length_one_or_zero(lists: list[list[str]]) -> None:
    block = term_block(lists).toarray()
    assert block.shape[0] == len(lists)
    lengths = np.linalg.norm(block, axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0))


def test_a_term_of_one_show_is_dropped_and_a_rare_one_counts_more() -> None:
    block = term_block([["common", "rare"], ["common", "rare"], ["common"], ["own"]]).toarray()
    assert block.shape == (4, 2)
    np.testing.assert_array_equal(block[3], 0)
    common, rare = block[0]
    assert rare > common > 0


def test_a_word_said_twice_counts_more_but_not_double() -> None:
    block = term_block([["a", "a", "b"], ["a", "b"]], idf=False).toarray()
    twice, once = block[0]
    assert 1 < twice / once < 2


def test_nothing_known_of_any_show() -> None:
    assert term_block([[], []]).toarray().any() == np.False_
    assert label_block([None, None]).toarray().any() == np.False_
    assert scale_block([None, None], 4).toarray().any() == np.False_


def test_labels_are_alike_or_not() -> None:
    block = label_block(["TV", "TV", "Movie", None])
    np.testing.assert_array_equal((block @ block.T).toarray()[0], [1, 1, 0, 0])


def test_years_fade_smoothly() -> None:
    block = scale_block([2000, 2000, 2002, 2004, 2010, 2030, None], 4)
    likeness = (block @ block.T).toarray()[0]
    assert likeness[:2] == pytest.approx([1, 1])
    assert list(likeness) == sorted(likeness, reverse=True)
    assert likeness[2] == pytest.approx(np.exp(-(2**2) / 64), abs=0.05)
    assert likeness[5] < 1e-3
    assert likeness[6] == 0


def test_a_text_block_is_centred_and_unknown_texts_stay_zero() -> None:
    vectors = np.array([[3, 0.1], [3, -0.1], [9, 9]], dtype=np.float32)
    known = np.array([True, True, False])
    np.testing.assert_allclose(centred_block(vectors, known), [[0, 1], [0, -1], [0, 0]], atol=1e-4)


def test_one_text_alone_says_nothing() -> None:
    vectors = np.array([[0.6, 0.8], [0, 0]], dtype=np.float32)
    np.testing.assert_array_equal(centred_block(vectors, np.array([True, False])), 0)
    np.testing.assert_array_equal(centred_block(vectors, np.array([False, False])), 0)
