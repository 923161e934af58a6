"""All peers by name. An adapter is imported only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peers.peer import Peer


class Entry(NamedTuple):
    """Where a peer is, and whose it is."""

    adapter: str
    """module:class"""
    package: str
    distribution: str
    """the name that the library is installed under"""


PEERS: Final[Mapping[str, Entry]] = {
    "popularity": Entry("popularity:Popularity", "numpy", "numpy"),
    "kNN, cosine": Entry("cosine_knn:CosineKnn", "irspack", "irspack"),
    "kNN, BM25": Entry("bm25_knn:Bm25Knn", "implicit", "pm-implicit"),
    "BPR": Entry("bpr:Bpr", "implicit", "pm-implicit"),
    "votes": Entry("votes:Votes", "implicit", "pm-implicit"),
    "RP3beta": Entry("rp3beta:Rp3beta", "irspack", "irspack"),
    "ALS": Entry("als:Als", "implicit", "pm-implicit"),
    "iALS": Entry("ials:Ials", "irspack", "irspack"),
    "MultVAE": Entry("multvae:MultVae", "irspack", "irspack"),
    "EASE": Entry("ease:Ease", "irspack", "irspack"),
    "EDLAE": Entry("edlae:Edlae", "irspack", "irspack"),
}


def peer(name: str) -> Peer:
    """Return an unfitted peer."""
    module, _, of_class = PEERS[name].adapter.partition(":")
    made: Peer = getattr(import_module(f"peers.{module}"), of_class)()
    return made
