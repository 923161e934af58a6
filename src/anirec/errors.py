"""Errors whose text is written for people: what is wrong, where, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class AnirecError(Exception):
    """Base of every error that anirec raises on purpose; its text fits on one line."""


class DataError(AnirecError):
    """Input data that cannot be used: a missing column, a clash of ids, an unreadable file."""


class BundleError(AnirecError):
    """A bundle that is missing, corrupt, truncated or of another schema."""


class UnreachableError(BundleError):
    """A registry that cannot be used now: no network, no rights, no such bucket."""


class UnknownViewerError(AnirecError, KeyError):
    """A user id that the bundle has no list for."""

    def __init__(self, user_id: int) -> None:
        super().__init__(f"no viewer {user_id} in this bundle")

    __str__ = AnirecError.__str__


class UnknownAnimeError(AnirecError, KeyError):
    """An anime id that the catalogue lacks."""

    def __init__(self, anime_id: int) -> None:
        super().__init__(f"no anime {anime_id} in the catalogue")

    __str__ = AnirecError.__str__


class UnknownLabelError(AnirecError, ValueError):
    """A genre, tag, type or age rating by which no show of the catalogue can be told apart.

    Parameters
    ----------
    kind
        Of label, in words.
    name
        As it was given.
    others
        Those that may have been meant.
    """

    def __init__(self, kind: str, name: str, others: Sequence[str]) -> None:
        hint = f"; did you mean {' or '.join(others)}?" if others else ""
        super().__init__(f"no show of the catalogue has the {kind} {name!r}{hint}")


class DiscoveryError(AnirecError, ValueError):
    """A wish for discovery where no learned blend answers."""

    def __init__(self, why: str) -> None:
        super().__init__(f"discovery is a setting of the learned blend: {why}")


class MissingExtraError(AnirecError):
    """A feature whose packages are not installed; says which extra brings them."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs the '{extra}' extra: pip install 'anirec[{extra}]'")
