"""What can go wrong with what is kept."""

from __future__ import annotations

from anirec.errors import AnirecError


class StoreUnavailableError(AnirecError):
    """The database cannot be used now: it is down, full, locked, or not migrated.

    Parameters
    ----------
    why
        For who runs the server; may name a host or a path, so it is no text for viewers.
    asked
        False where the database failed a moment ago and was not asked again.
    """

    def __init__(self, why: str, *, asked: bool = True) -> None:
        super().__init__(f"the database cannot be used: {why}")
        self.why = why
        self.asked = asked


class NothingKeptError(StoreUnavailableError):
    """There is no database."""

    def __init__(self, variable: str) -> None:
        super().__init__(f"{variable} is empty, so nothing is kept", asked=False)


class KeyReusedError(AnirecError, ValueError):
    """An idempotency key that came before with other events."""

    def __init__(self) -> None:
        super().__init__("this Idempotency-Key came before with another body: choose a new one")


class UnknownProfileError(AnirecError, KeyError):
    """A secret that no kept list has."""

    def __init__(self) -> None:
        # Without the secret: errors are logged and shown.
        super().__init__("no list is kept under this secret")

    __str__ = AnirecError.__str__


class ProfileChangedError(AnirecError):
    """A kept list that was changed since who wants to replace it has seen it.

    Parameters
    ----------
    version
        Of the list as it is now (``KeptList.version``).
    """

    def __init__(self, version: str) -> None:
        super().__init__("this list was changed meanwhile: look at it before you replace it")
        self.version = version
