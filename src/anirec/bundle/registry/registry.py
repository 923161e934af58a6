"""What every registry can do, wherever it lies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from anirec.bundle.registry.moves import GateNote, Move, State, a_move
from anirec.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anirec.bundle.manifest import Manifest


class MovedMeanwhileError(BundleError):
    """Somebody else moved ``current`` between our look at it and our move."""

    def __init__(self, address: str, move: Move) -> None:
        self.move = move
        super().__init__(
            f"nothing was changed: {move.who} moved current in {address} to {move.current} "
            f"meanwhile ({move.action}, {move.at}); look at it with `anirec promote` and try again"
        )


class Registry(ABC):
    """Keeps published bundles, which never change, and moves ``current`` between them.

    A reader sees the old bundle or the new one, never a half, whatever is killed when.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        """As a person would write it."""

    @abstractmethod
    def versions(self) -> list[str]:
        """Return the versions there are, oldest first."""

    @abstractmethod
    def state(self) -> State:
        """Return what is current and how it came to be, in one look."""

    @abstractmethod
    def publish(self, write: Callable[[Path], Manifest], why: str = "") -> Manifest:
        """Add a bundle; the first one becomes current.

        Parameters
        ----------
        write
            Called with a path at which nothing is yet; writes a bundle there and returns its
            manifest, whose version the bundle is then known by.
        why
            Kept in the history.
        """

    @abstractmethod
    def clear_abandoned(self) -> None:
        """Remove what killed publishes and removals left; ``publish`` does so as well."""

    @abstractmethod
    def fetch(self, version: str) -> Path:
        """Return a local directory with a bundle, every file held against its checksum.

        Raises
        ------
        BundleError
            If there is no such version, or it is damaged.
        """

    @abstractmethod
    def _move(self, seen: State, move: Move) -> None:
        """Make and record a move at once, unless ``current`` was moved since ``seen``.

        Raises
        ------
        MovedMeanwhileError
            If it was; nothing is changed then.
        BundleError
            If the version was removed meanwhile.
        """

    @abstractmethod
    def _remove(self, seen: State, versions: list[str], why: str) -> None:
        """Remove versions for good; like ``_move`` where ``current`` was moved since ``seen``."""

    def current(self) -> str | None:
        """Return the current version, None before the first ``publish``."""
        return self.state().current

    def history(self) -> list[Move]:
        """Return what was done, oldest first."""
        return list(self.state().moves)

    def promote(
        self, version: str, why: str = "", gate: Callable[[str | None], GateNote] | None = None
    ) -> None:
        """Make ``version`` the current bundle, after verifying it.

        Parameters
        ----------
        why
            Kept in the history.
        gate
            Called with the current version (None if there is none); raises to refuse. If another
            version is current when it has spoken, its word is worth nothing and nothing is moved.

        Raises
        ------
        MovedMeanwhileError
            If somebody else was faster.
        BundleError
            If there is no such version, or it is damaged.
        """
        seen = self.state()
        self.fetch(version)
        note = gate(seen.current) if gate is not None else GateNote()
        self._move(seen, a_move("promote", version, version, why, note))

    def rollback(self, why: str = "") -> str:
        """Go back to the bundle that was current before; returns its version.

        Rolling back twice goes two bundles back.

        Raises
        ------
        MovedMeanwhileError
            If somebody else was faster.
        BundleError
            If no other bundle was current before, or that one is gone or damaged.
        """
        seen = self.state()
        trail = seen.trail()
        if len(trail) < 2:
            self._check_exists()
            raise BundleError(
                f"nothing to roll back to in {self.address}: no other bundle was current before"
            )
        self.fetch(trail[-2])
        self._move(seen, a_move("rollback", trail[-2], trail[-2], why))
        return trail[-2]

    def keep_last(self, n: int, why: str = "") -> list[str]:
        """Remove all versions but the ``n`` newest, the current one and the one before it.

        Parameters
        ----------
        n
            At least 1.
        why
            Kept in the history.

        Returns
        -------
        The versions that were removed, oldest first.

        Raises
        ------
        MovedMeanwhileError
            If somebody moved ``current`` meanwhile; nothing is removed then.
        """
        if n < 1:
            raise ValueError(f"at least 1 version must be kept, not {n}")
        seen = self.state()
        versions = self.versions()
        kept = {*versions[-n:], *seen.trail()[-2:]}
        doomed = [version for version in versions if version not in kept]
        if doomed and seen.current is None:
            raise BundleError(
                f"{self.address} has no current bundle, so nothing is removed: promote one first"
            )
        if doomed:
            self._remove(seen, doomed, why)
        return doomed

    def place(self, version: str) -> str:
        """Return the address of a version, as a person would write it."""
        return f"{self.address.rstrip('/')}/{version}"

    def _check_exists(self) -> None:
        """Raise BundleError if there is no registry yet."""
        if not self.versions():
            raise BundleError(f"no registry at {self.address}: `anirec publish` makes one")

    def _check_has(self, version: str) -> None:
        """Raise BundleError if there is no such version."""
        self._check_exists()
        versions = self.versions()
        if version not in versions:
            known = ", ".join(versions) or "none"
            raise BundleError(f"no bundle {version} in {self.address}; there are: {known}")


def check_unmoved(address: str, seen: State, now: State) -> None:
    """Raise MovedMeanwhileError if ``current`` was moved between two looks."""
    other = now.moved_since(seen)
    if other is not None:
        raise MovedMeanwhileError(address, other)


def removals(state: State, versions: list[str], why: str) -> list[Move]:
    """Return the moves that removing some versions is recorded as."""
    return [a_move("remove", version, str(state.current), why) for version in versions]
