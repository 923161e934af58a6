"""iALS++ (Rendle et al., "Revisiting the Performance of iALS", RecSys 2022): irspack's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from peers.peer import SEED, THREADS, Choice, Lists, Peer, Range, dense

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from peers.peer import Settings


class Ials(Peer):
    """irspack's ``IALSRecommender``; it computes a new viewer's vector itself."""

    defaults: ClassVar[Settings] = {
        "n_components": 20,
        "alpha0": 0.0,
        "reg": 1e-3,
        "train_epochs": 16,
    }
    space: ClassVar[Mapping[str, Range | Choice]] = {
        "n_components": Choice((32, 64, 128, 256)),
        "alpha0": Range(3e-3, 1, log=True),
        "reg": Range(1e-4, 1e-1, log=True),
        "train_epochs": Range(8, 24, whole=True),
    }

    def fit(self, lists: Lists, settings: Settings) -> None:
        """Learn the vectors."""
        from irspack import IALSRecommender

        self.fitted = IALSRecommender(
            lists.matrix(), **settings, n_threads=THREADS, random_seed=SEED
        ).learn()

    def score(self, told: Lists) -> NDArray[Any]:
        """Return the inner products of the folded-in viewers with the items."""
        return dense(self.fitted.get_score_cold_user(told.matrix()))

    def arrays(self) -> list[Any]:
        """Return the item vectors: those of training viewers are not needed for new ones."""
        return [self.fitted.get_item_embedding()]
