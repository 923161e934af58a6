"""One row of the catalogue."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple


class Relation(NamedTuple):
    """A link to another show; ``kind`` is upper case as on AniList (SEQUEL, PREQUEL, ...)."""

    anime_id: int
    kind: str


SEASONS: Final = ("winter", "spring", "summer", "fall")
UNDATED: Final = 9999


@dataclass(frozen=True, slots=True)
class Show:
    """What is known of a show. ``None`` and ``()`` mean unknown, never a placeholder text."""

    anime_id: int
    title: str
    title_english: str | None = None
    title_japanese: str | None = None
    synonyms: tuple[str, ...] = ()
    synopsis: str | None = None
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    studios: tuple[str, ...] = ()
    source: str | None = None
    type: str | None = None
    episodes: int | None = None
    year: int | None = None
    season: str | None = None
    age_rating: str | None = None
    score: float | None = None
    members: int | None = None
    poster_url: str | None = None
    anilist_id: int | None = None
    """The show's id on AniList, by which lists of that site name it."""
    relations: tuple[Relation, ...] = ()
    franchise: int = 0
    """The smallest anime_id of the franchise (a show without relations is its own)."""
    is_adult: bool = False

    @property
    def released(self) -> tuple[int, int, int]:
        """What puts shows into the order in which they came out; undated ones come last."""
        season = (self.season or "").lower()
        quarter = SEASONS.index(season) if season in SEASONS else len(SEASONS)
        return (self.year or UNDATED, quarter, self.anime_id)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict; relations become ``{"anime_id", "kind"}`` objects."""
        row = asdict(self)
        row["relations"] = [relation._asdict() for relation in self.relations]
        return row

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Show:
        """Rebuild a show from ``to_dict`` (or from a row of the catalogue table)."""
        fields = dict(row)
        for name in ("synonyms", "genres", "tags", "studios"):
            fields[name] = tuple(fields.get(name) or ())
        fields["relations"] = tuple(
            Relation(int(r["anime_id"]), str(r["kind"])) for r in fields.get("relations") or ()
        )
        return cls(**fields)
