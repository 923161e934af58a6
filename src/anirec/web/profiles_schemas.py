"""What the API takes and gives of lists that people ask us to keep."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from anirec.data.schema import MAX_LIST
from anirec.store.secret_keys import KEY_PATTERN
from anirec.web.feedback_schemas import KeptEventOut
from anirec.web.json_body import JsonBody
from anirec.web.lists_schemas import ImportedEntry
from anirec.web.schemas import AnimeId, EntryIn  # noqa: TC001 (pydantic reads them)

if TYPE_CHECKING:
    from anirec.data.histories import Entry


class ProfileBody(JsonBody):
    """A list to keep."""

    history: list[EntryIn] = Field(max_length=MAX_LIST)
    hidden: list[AnimeId] = Field(
        [],
        max_length=MAX_LIST,
        description="Shows that are not to be recommended and say nothing of the taste.",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.history) + len(self.hidden) > MAX_LIST:
            raise ValueError(f"history and hidden hold {MAX_LIST:,} shows at most, together")
        return self

    def to_entries(self) -> list[Entry]:
        """Return the entries; of a show that comes several times the last counts."""
        return list({entry.anime_id: entry.to_entry() for entry in self.history}.values())


class ProfilePath(BaseModel):
    """Which kept list."""

    secret: str = Field(pattern=KEY_PATTERN)


class ProfileHeader(BaseModel):
    """Which version may be replaced."""

    if_match: str | None = Field(
        None,
        alias="If-Match",
        description="An `ETag` of this list; without it, or with `*`, any version is replaced.",
    )

    @property
    def version(self) -> str | None:
        """The version, None for any."""
        return None if self.if_match in (None, "*") else self.if_match.strip('"')


class ProfileSecret(BaseModel):
    """The only way to the list: it is shown once and stored nowhere."""

    secret: str


class ProfileOut(BaseModel):
    """A kept list, and all else that is kept under its secret."""

    model_config = ConfigDict(title="Profile")

    history: list[ImportedEntry]
    hidden: list[int] = Field(description="Shows that are not to be recommended.")
    created_at: datetime
    updated_at: datetime
    feedback: list[KeptEventOut]


class ProfileReplaced(BaseModel):
    """A list that took the place of the one before."""

    entries: int = Field(description="How many entries it has.")
