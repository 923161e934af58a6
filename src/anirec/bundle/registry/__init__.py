"""Where bundles are published to, and which of them is current: a directory or a bucket."""

from anirec.bundle.registry.address import open_registry, registry_behind
from anirec.bundle.registry.local import LocalRegistry
from anirec.bundle.registry.moves import GateNote, Move
from anirec.bundle.registry.registry import MovedMeanwhileError, Registry

__all__ = [
    "GateNote",
    "LocalRegistry",
    "Move",
    "MovedMeanwhileError",
    "Registry",
    "open_registry",
    "registry_behind",
]
