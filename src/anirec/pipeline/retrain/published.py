"""What a registry already has of some tables and parameters, made by this version of anirec."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from anirec.bundle.manifest import Manifest
from anirec.errors import BundleError, UnreachableError
from anirec.evaluation.protocols import NEW_VIEWERS

if TYPE_CHECKING:
    from anirec.bundle.registry import Registry


@dataclass(frozen=True)
class Published:
    """What there is of them, if anything."""

    waiting: str | None = None
    """A version that was never current: it is for the gate to judge."""
    nothing_new: str = ""
    """Why there is nothing to learn; empty if there is."""
    with_viewers: bool = True
    """Whether the current bundle keeps the viewers' lists."""


def published(registry: Registry, data_hash: str, params_hash: str) -> Published:
    """Look at the current bundle and at the newest.

    A bundle that was current once and is not any more was taken back by somebody, who will have had a
    reason: it is not made current again.

    Raises
    ------
    UnreachableError
        If the registry cannot be used now. A bundle that is damaged counts as none.
    """
    state, versions = registry.state(), registry.versions()
    made_of = (data_hash, params_hash, version("anirec"))
    current = _manifest(registry, state.current) if state.current is not None else None
    if current is not None and _made_of(current) == made_of:
        return Published(
            nothing_new=f"{current.version}, which is current, was made of the same lists, catalogue "
            "and parameters by the same version of anirec"
        )
    with_viewers = current is None or current.has_viewers
    newest = versions[-1] if versions else None
    found = _manifest(registry, newest) if newest not in (None, state.current) else None
    if (
        found is None
        or _made_of(found) != made_of
        or NEW_VIEWERS not in found.evaluation
        or found.has_viewers != with_viewers
    ):
        return Published(with_viewers=with_viewers)
    if any(move.current == found.version for move in state.moves):
        return Published(
            nothing_new=f"{found.version}, made of the same lists, catalogue and parameters by the "
            f"same version of anirec, was current and has been taken back; `anirec promote {found.version}` brings it again",
            with_viewers=with_viewers,
        )
    return Published(waiting=found.version, with_viewers=with_viewers)


def _made_of(manifest: Manifest) -> tuple[str, str, str | None]:
    return manifest.data_hash, manifest.params_hash, manifest.anirec


def _manifest(registry: Registry, version: str | None) -> Manifest | None:
    try:
        return Manifest.read(registry.fetch(str(version)))
    except UnreachableError:
        raise
    except BundleError:
        return None
