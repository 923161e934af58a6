"""Catalogue with one JSON object a line: titles, labels, relations and scores of several sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json, to_json

from anirec.data import normalise
from anirec.data.decoding import is_decoded
from anirec.data.genres import genres_and_tags
from anirec.data.rejects import left_out_reason
from anirec.data.schema import MAX_ANIME_ID
from anirec.data.show import Relation, Show

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from anirec.data.rejects import Rejects

LAYOUT: Final = "JSON-lines catalogue"
ID: Final = "idMal"

AnimeId = Annotated[int, Field(gt=0, lt=MAX_ANIME_ID + 1)]
Count = Annotated[int, Field(ge=0, lt=2**31)]


class _Part(BaseModel):
    """A JSON object; keys that nothing here uses are passed over."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Titles(_Part):
    romaji: str | None = None
    english: str | None = None
    native: str | None = None
    synonyms: list[str | None] | None = None


class _Aired(_Part):
    start: str | None = Field(None, alias="from")


class _Score(_Part):
    mal: float | None = Field(None, alias="malScore", ge=0, le=10)


class _Images(_Part):
    poster: str | None = None


class _Mappings(_Part):
    anilist: AnimeId | None = None


class _Sequel(_Part):
    anime_id: AnimeId | None = Field(None, alias="malId")
    kind: str | None = Field(None, alias="relationType")


class _Line(_Part):
    anime_id: AnimeId = Field(alias=ID)
    title: _Titles
    type: str | None = None
    source: str | None = None
    episodes: Count | None = Field(None, alias="episodeCount")
    aired: _Aired | None = None
    season: str | None = None
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    age_rating: str | None = Field(None, alias="rating")
    score: _Score | None = None
    labels: list[str | None] | None = Field(None, alias="genres")
    studios: list[str | None] | None = None
    images: _Images | None = None
    synopsis: str | None = None
    relations: list[_Sequel | None] | None = Field(None, alias="sequence")
    members: Count | None = None
    mappings: _Mappings | None = None


def read(name: str, text: str, rejects: Rejects) -> list[Show]:
    """Read all lines; see ``catalogue_files.read_catalogue``."""
    shows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        if not is_decoded(line):
            rejects.add(name, number, "not valid UTF-8", ascii(line))
            continue
        try:
            parsed, left_out = _parse(line)
        except ValidationError as error:
            rejects.add(name, number, _reason(_problems(error)[0]), line)
            continue
        shows.append(_show(parsed))
        for problem in left_out:
            rejects.add(name, number, left_out_reason(_reason(problem)), line)
    return shows


def _parse(line: str) -> tuple[_Line, list[ErrorDetails]]:
    """Read a line without the values that are bad, and say which these are.

    Raises
    ------
    ValidationError
        If the line is no object, or its id or title is bad.
    """
    try:
        return _Line.model_validate_json(line), []
    except ValidationError as error:
        problems = _problems(error)
        if any(_is_essential(problem["loc"]) for problem in problems):
            raise
    row = from_json(line)
    for problem in problems:
        *way, last = problem["loc"]
        part = row
        for step in way:
            part = part[step]
        part[last] = None
    return _Line.model_validate_json(to_json(row)), problems


def _is_essential(place: tuple[int | str, ...]) -> bool:
    return place[:1] in ((), (ID,), ("title",)) and place[:2] != ("title", "synonyms")


def _problems(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_input=False)


def _reason(problem: ErrorDetails) -> str:
    if problem["type"] == "json_invalid":
        return "not valid JSON"
    where = ".".join(part for part in problem["loc"] if isinstance(part, str))
    return f"{where or 'line'}: {problem['msg']}"


def _show(line: _Line) -> Show:
    title = normalise.one_line(line.title.romaji or "")
    english, japanese = normalise.known(line.title.english), normalise.known(line.title.native)
    genres, tags = genres_and_tags(label for label in line.labels or () if label)
    age_rating = normalise.age_rating(line.age_rating)
    year, season = line.year, normalise.season(line.season)
    if year is None:
        year, season = normalise.first_aired_iso(line.aired.start if line.aired else None)
    return Show(
        anime_id=line.anime_id,
        title=title,
        title_english=english,
        title_japanese=japanese,
        synonyms=normalise.synonyms(line.title.synonyms or (), (title, english, japanese)),
        synopsis=normalise.synopsis(line.synopsis),
        genres=genres,
        tags=tags,
        studios=tuple(s for studio in line.studios or () if (s := normalise.known(studio))),
        source=normalise.source(line.source),
        type=normalise.show_type(line.type),
        episodes=line.episodes or None,
        year=year,
        season=season,
        age_rating=age_rating,
        score=(line.score.mal if line.score else None) or None,
        members=line.members,
        poster_url=line.images.poster if line.images else None,
        anilist_id=line.mappings.anilist if line.mappings else None,
        relations=_relations(line),
        is_adult=normalise.is_adult(age_rating, genres),
    )


def _relations(line: _Line) -> tuple[Relation, ...]:
    """Return the relations to shows that have a MyAnimeList id, each once."""
    linked = {
        Relation(other.anime_id, normalise.relation_kind(other.kind))
        for other in line.relations or ()
        if other and other.anime_id is not None and other.anime_id != line.anime_id
    }
    return tuple(sorted(linked))
