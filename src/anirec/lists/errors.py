"""Why a list could not be had, each in one sentence for the person who asked."""

from __future__ import annotations

from anirec.errors import AnirecError, DataError


class ListFileError(DataError):
    """A file that is no list which can be read."""


class TooLargeError(ListFileError):
    """A file, or what it unpacks to, beyond what is read."""


class UserNameError(AnirecError, ValueError):
    """A name that no site gives to anyone."""


class ProfileError(AnirecError):
    """A profile whose list cannot be had."""


class MissingProfileError(ProfileError):
    """No profile of that name."""


class PrivateProfileError(ProfileError):
    """A profile whose owner shows the list to nobody."""


class SiteError(AnirecError):
    """A site that gives no list now."""


class SiteBrokenError(SiteError):
    """It cannot be reached, or answers what makes no sense."""


class SiteTimeoutError(SiteError):
    """It takes too long."""


class NotSetUpError(SiteError):
    """It asks for something that this installation has not been given."""


class SiteBusyError(SiteError):
    """It asks for fewer requests, or we ask it for too much already.

    Parameters
    ----------
    why
        In words.
    seconds
        After which to try again.
    """

    def __init__(self, why: str, seconds: int) -> None:
        super().__init__(f"{why}: try again in {seconds} seconds")
        self.seconds = seconds
