"""What a registry remembers: who did what, when, why; and what follows from it."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Action = Literal["publish", "promote", "rollback", "remove"]


@dataclass(frozen=True)
class Move:
    """One line of the history."""

    at: str
    """UTC, ISO 8601."""
    action: Action
    version: str
    current: str
    """The version that was current afterwards."""
    who: str
    why: str
    gate: str = ""
    """What the gate said, where it was asked."""
    forced: bool = False
    """Whether it had refused."""


@dataclass(frozen=True)
class GateNote:
    """What a promotion's gate leaves in the history."""

    says: str = ""
    forced: bool = False


@dataclass(frozen=True)
class State:
    """A registry at one moment."""

    current: str | None = None
    """None before the first ``publish``."""
    moves: tuple[Move, ...] = ()
    """The history, oldest first."""

    def trail(self) -> list[str]:
        """Return the versions that led to the current one, as rollback undoes them."""
        trail: list[str] = []
        for move in self.moves:
            if move.action == "rollback":
                del trail[-1:]
            if trail[-1:] != [move.current]:
                trail.append(move.current)
        # A crash between moving `current` and recording it leaves the link ahead of the history.
        if self.current is not None and trail[-1:] != [self.current]:
            trail.append(self.current)
        return trail

    def removed(self) -> set[str]:
        """Return the versions that are gone or about to go."""
        gone: set[str] = set()
        for move in self.moves:
            if move.action == "remove":
                gone.add(move.version)
            elif move.action == "publish":
                gone.discard(move.version)
        return gone

    def moved_since(self, earlier: State) -> Move | None:
        """Return who last moved ``current`` since an earlier state, None if nobody did.

        Moved away and back again is moved as well.
        """
        moves, before = _of_current(self.moves), _of_current(earlier.moves)
        if self.current == earlier.current and len(moves) == len(before):
            return None
        if len(moves) > len(before):
            return moves[-1]
        # Moved, and not yet recorded.
        return a_move("promote", str(self.current), str(self.current), who="somebody")

    def then(self, move: Move) -> State:
        """Return the state after one more move."""
        return State(move.current, (*self.moves, move))


def _of_current(moves: tuple[Move, ...]) -> list[Move]:
    """Return the moves that set ``current``; most publishes do not."""
    before = (None, *(move.current for move in moves))
    return [
        move
        for move, was in zip(moves, before, strict=False)
        if move.action in ("promote", "rollback") or move.current != was
    ]


def a_move(
    action: Action,
    version: str,
    current: str,
    why: str = "",
    note: GateNote = GateNote(),
    who: str | None = None,
) -> Move:
    """Return a move that is made now, by whoever runs this process."""
    return Move(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        action=action,
        version=version,
        current=current,
        who=_who() if who is None else who,
        why=why,
        gate=note.says,
        forced=note.forced,
    )


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return str(os.getuid())
