"""The network: two embeddings, their cosine, a scaled and shifted sigmoid of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def build_network(n_users: int, n_items: int, size: int, seed: int) -> keras.Model:
    """Return the uncompiled network: (user, item) row numbers int32 (n,) -> (n, 1) in [0, 1].

    Every initial value comes from ``seed``, none from the process's global random state.
    """
    user = keras.Input(shape=(), dtype="int32", name="user")
    item = keras.Input(shape=(), dtype="int32", name="item")
    vectors = [
        keras.layers.Embedding(
            rows,
            size,
            embeddings_initializer=keras.initializers.RandomNormal(0, size**-0.5, seed=seed + k),
            name=name,
        )(row)
        for k, (name, rows, row) in enumerate(
            [("user_embedding", n_users, user), ("item_embedding", n_items, item)]
        )
    ]
    x = keras.layers.Dot(axes=1, normalize=True, name="cosine")(vectors)
    x = keras.layers.Dense(
        1, kernel_initializer=keras.initializers.HeNormal(seed + 2), name="dense"
    )(x)
    x = keras.layers.BatchNormalization(name="normalisation")(x)
    x = keras.layers.Activation("sigmoid", name="probability")(x)
    return keras.Model([user, item], x, name="recommender_net")


@dataclass(frozen=True)
class TrainedNetwork:
    """What serving needs of a trained network."""

    user_vectors: NDArray[np.float32]
    """(n_users, size), unit length"""
    item_vectors: NDArray[np.float32]
    """(n_items, size), unit length"""
    slope: float
    """logit = slope * cosine + intercept, in inference mode; at least 0"""
    intercept: float


def read_network(network: keras.Model) -> TrainedNetwork:
    """Take vectors and head out of a trained network.

    Dense and batch normalisation are both affine, so the whole head is one line in the cosine.
    Where its slope came out negative the user vectors are turned round instead: the same
    probabilities, and a high cosine means a good match for all who use the vectors.
    """
    (users,) = arrays_of(network.get_layer("user_embedding"))
    (items,) = arrays_of(network.get_layer("item_embedding"))
    weight, bias = arrays_of(network.get_layer("dense"))
    normalisation = network.get_layer("normalisation")
    gamma, beta, mean, variance = (a[0] for a in arrays_of(normalisation))
    scale = gamma / np.sqrt(variance + normalisation.epsilon)
    slope = float(weight[0, 0] * scale)
    intercept = float((bias[0] - mean) * scale + beta)
    sign = -1.0 if slope < 0 else 1.0
    return TrainedNetwork(unit(users) * np.float32(sign), unit(items), abs(slope), intercept)


def arrays_of(layer: Any) -> list[NDArray[np.float32]]:
    """Return the layer's weights as float32 arrays."""
    return [np.asarray(array, dtype=np.float32) for array in layer.get_weights()]


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale the rows of (n, size) to length 1; a zero row stays zero."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), dtype=np.float32)
