"""MultVAE (Liang et al., "Variational Autoencoders for Collaborative Filtering", WWW 2018): irspack's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from peers.peer import SEED, Choice, Lists, Peer, Range, dense

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from peers.peer import Settings


class MultVae(Peer):
    """irspack's ``MultVAERecommender`` on JAX; it encodes a new viewer's list like any other.

    The library's 300 epochs take longer than the whole budget, so no trial has more than 100.
    """

    defaults: ClassVar[Settings] = {
        "dim_z": 16,
        "enc_hidden_dims": 256,
        "dropout_p": 0.5,
        "kl_anneal_goal": 0.2,
        "learning_rate": 1e-3,
        "minibatch_size": 512,
        "train_epochs": 100,
    }
    space: ClassVar[Mapping[str, Range | Choice]] = {
        "dim_z": Choice((32, 64, 128, 256)),
        "enc_hidden_dims": Choice((128, 256, 512)),
        "dropout_p": Range(0.2, 0.7),
        "kl_anneal_goal": Range(0.05, 0.4, log=True),
        "learning_rate": Range(5e-4, 4e-3, log=True),
        "minibatch_size": Choice((128, 256, 512)),
        "train_epochs": Range(20, 60, whole=True),
    }

    def fit(self, lists: Lists, settings: Settings) -> None:
        """Train encoder and decoder."""
        # JAX counts the cores itself.
        flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_cpu_multi_thread_eigen=false"
        os.environ["XLA_FLAGS"] = flags.strip()
        from irspack.recommenders.multvae import MultVAERecommender

        # The order of viewers within an epoch is drawn from numpy's global state.
        np.random.seed(SEED)  # noqa: NPY002
        self.fitted = MultVAERecommender(lists.matrix(), **settings)
        self.fitted.learn()

    def score(self, told: Lists) -> NDArray[Any]:
        """Return the logarithms of the multinomial's probabilities."""
        return dense(self.fitted.get_score_cold_user(told.matrix()))

    def arrays(self) -> list[Any]:
        """Return the weights of encoder and decoder."""
        layers = self.fitted.trainer.params.values()
        return [np.asarray(weights) for layer in layers for weights in layer.values()]
