"""How the application is set up, read from the environment (see docs/serving.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from limits import parse_many
from pydantic import Field, SecretStr, ValidationError, field_validator

from anirec.errors import AnirecError
from anirec.lists.by_name.site_settings import SiteSettings
from anirec.store.address import DEFAULT
from anirec.web.titles import Language

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX: Final = "ANIREC_"


class Settings(SiteSettings):
    """Each field is read from the variable ``ANIREC_`` plus its name in upper case."""

    title_language: Language = Language.ROMAJI
    """In which language titles are shown until a viewer chooses."""
    remote_posters: bool = False
    """Show the posters of the catalogue's addresses; browsers then contact those servers."""
    max_body_bytes: int = Field(2_000_000, ge=1_000)
    """A larger request body is refused with status 413."""
    max_upload_bytes: int = Field(10_000_000, ge=1_000)
    """The same for an uploaded list."""
    database_url: SecretStr = SecretStr(DEFAULT)
    """Where feedback and kept lists are stored; may hold a password"""
    rate_limit: str = "1200/minute"
    """Points that one client may spend (see ``rate_limits.py``); empty limits nobody"""
    trusted_proxies: int = Field(0, ge=0, le=10)
    """How many proxies of ours add to ``X-Forwarded-For``; with 0 the header is not believed"""
    request_log: bool = True
    """Write one JSON line to standard output for every request"""

    @field_validator("rate_limit")
    @classmethod
    def _is_a_rate(cls, text: str) -> str:
        if text.strip():
            try:
                (_one,) = parse_many(text)
            except ValueError:
                raise ValueError(
                    "give a number and a time, such as 1200/minute, or nothing"
                ) from None
        return text.strip()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings that are set; variables of other names are none of our business.

        Raises
        ------
        AnirecError
            If a value does not fit; the text names the variable.
        """
        names = {PREFIX + name.upper(): name for name in cls.model_fields}
        found = {names[key]: value for key, value in environment.items() if key in names}
        try:
            return cls.model_validate(found)
        except ValidationError as error:
            problem = error.errors()[0]
            variable = PREFIX + str(problem["loc"][0]).upper()
            raise AnirecError(f"{variable}: {problem['msg']} (got {problem['input']!r})") from None
