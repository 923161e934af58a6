"""What the API takes and gives where lists are imported."""

from __future__ import annotations

from flask_openapi3.models.file import FileStorage
from pydantic import BaseModel, ConfigDict, Field

from anirec.data.schema import Status
from anirec.lists.by_name.sites import USER_NAME, Source
from anirec.lists.read_list import Site
from anirec.web.json_body import JsonBody


class ListUpload(BaseModel):
    """A file with a list."""

    file: FileStorage = Field(
        description="MyAnimeList's export (`.xml`, `.xml.gz`), AniList's `gdpr_data.json` or list "
        "JSON, or our CSV; told apart by what they hold."
    )


class ListByName(JsonBody):
    """Whose list to fetch from where."""

    source: Source
    username: str = Field(pattern=f"^{USER_NAME.pattern}$")


class ImportedEntry(BaseModel):
    """One line of the list, as `POST /api/v1/recommendations` takes it."""

    anime_id: int
    rating: int = Field(description="0: not rated.")
    status: Status


class UnknownShowOut(BaseModel):
    """A show of the list that the catalogue lacks."""

    model_config = ConfigDict(title="UnknownShow")

    site: Site = Field(description="Whose id it is.")
    id: int
    title: str | None


class ImportedListOut(BaseModel):
    """A list whose shows were looked for in the catalogue; nothing of it is kept."""

    model_config = ConfigDict(title="ImportedList")

    history: list[ImportedEntry] = Field(description="The shows that the catalogue has.")
    source: str = Field(description="Where it comes from, in words.")
    read: int = Field(description="Lines: matched, unknown and skipped.")
    matched: int
    unknown: list[UnknownShowOut]
    skipped: dict[str, int] = Field(description="Per reason, how many lines were passed over.")
    notes: list[str] = Field(description="What had to be assumed or left out.")
