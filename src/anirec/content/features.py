"""All blocks of facts, weighted and brought down to vectors that serving can multiply fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.utils.extmath import randomized_svd

from anirec.content.blocks import centred_block, label_block, scale_block, term_block
from anirec.content.encoders import new_encoder
from anirec.content.item_vectors import ItemVectors
from anirec.content.text import clean_synopsis, synopsis_words, title_words
from anirec.content.vector_cache import encode_cached

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from anirec.data.show import Show
    from anirec.models.base import FitContext
    from anirec.models.content import ContentConfig

ERA_YEARS = 4.0
SCORE_STEP = 0.5
EMBEDDING_DIMENSIONS = 64
POWER_ITERATIONS = 3


def build_item_vectors(
    shows: Sequence[Show], config: ContentConfig, context: FitContext
) -> ItemVectors:
    """Return the vectors of the shows.

    Each block's rows are scaled by the square root of its weight, so the inner product of two
    shows is the weighted sum of their likenesses block by block. The names stay as they are; the
    other blocks are joined and reduced by a truncated SVD, see ``_reduce``.
    """
    context.progress.step(f"building content features of {len(shows):,} shows")
    weights = config.weights
    synopses = [clean_synopsis(show.synopsis) for show in shows]
    blocks: dict[str, Callable[[], csr_matrix]] = {
        "synopsis": lambda: term_block([synopsis_words(text) for text in synopses]),
        "embedding": lambda: _embedding_block(synopses, config, context),
        "tags": lambda: term_block([sorted({*show.genres, *show.tags}) for show in shows]),
        "studios": lambda: term_block([show.studios for show in shows]),
        "source": lambda: label_block([show.source for show in shows]),
        "type": lambda: label_block([show.type for show in shows]),
        "age_rating": lambda: label_block([show.age_rating for show in shows]),
        "era": lambda: scale_block([show.year for show in shows], ERA_YEARS),
        "score": lambda: scale_block([show.score for show in shows], SCORE_STEP),
    }
    used = {name: weight for name in blocks if (weight := getattr(weights, name))}
    broad = _join(len(shows), [(weight, blocks[name]()) for name, weight in used.items()])
    names = _join(
        len(shows),
        [
            (weights.title, term_block([title_words(show) for show in shows])),
            (weights.franchise, term_block([[show.franchise or show.anime_id] for show in shows])),
        ],
    )
    return ItemVectors(
        dense=_reduce(broad, config.dimensions, config.whitening, context.seed),
        indptr=names.indptr.astype(np.int64),
        names=names.indices.astype(np.int32),
        values=names.data.astype(np.float32),
    )


def _embedding_block(
    synopses: Sequence[str], config: ContentConfig, context: FitContext
) -> csr_matrix:
    encoder = new_encoder(config.encoder, context.threads)
    vectors = encode_cached(synopses, encoder, context.cache, context.progress)
    known = np.array([bool(text) for text in synopses], dtype=np.bool_)
    block = centred_block(vectors, known)
    # Fewer columns for the joint SVD to go through; the rest of a text vector is mostly noise.
    spread, directions = np.linalg.eigh(block.T @ block)
    leading = directions[:, np.argsort(-spread, kind="stable")[:EMBEDDING_DIMENSIONS]]
    return csr_matrix(centred_block(block @ leading, known))


def _join(n_shows: int, blocks: Sequence[tuple[float, csr_matrix]]) -> csr_matrix:
    scaled = [block * np.sqrt(np.float32(weight)) for weight, block in blocks]
    # An empty column, so that there is a matrix when every block is left out.
    return hstack([csr_matrix((n_shows, 1)), *scaled], format="csr", dtype=np.float32)


def _reduce(broad: csr_matrix, dimensions: int, whitening: float, seed: int) -> NDArray[np.float32]:
    """Return float32 (n_shows, <= dimensions): left singular vectors times singular values.

    Randomised truncated SVD (Halko, Martinsson and Tropp, SIAM Review 2011), signs fixed. With
    ``whitening`` w the singular values enter to the power 1 - w, rescaled to the same sum of
    squares: what nearly all shows share (a common genre, a usual source) then says less.
    """
    used = min(dimensions, *broad.shape)
    left, strengths, _ = randomized_svd(
        broad, used, n_iter=POWER_ITERATIONS, flip_sign=True, random_state=seed
    )
    scales = np.zeros_like(strengths)
    real = strengths > 1e-5 * strengths.max(initial=1e-5)
    scales[real] = strengths[real] ** (1 - whitening)
    if real.any():
        scales *= np.sqrt(np.square(strengths[real]).sum() / np.square(scales).sum())
    return np.ascontiguousarray(left * scales, dtype=np.float32)
