"""What the API takes and gives where it tells of a taste."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from anirec.data.schema import MAX_LIST
from anirec.web.json_body import JsonBody
from anirec.web.schemas import MAX_CODE, EntryIn

if TYPE_CHECKING:
    from anirec.bundle.catalogue import Catalogue
    from anirec.web.taste_view import TasteView


class TasteQuery(BaseModel):
    """A list in the address."""

    code: str = Field(
        "", alias="list", max_length=MAX_CODE, description="The list, as links of the page have it."
    )


class TasteBody(JsonBody):
    """A list."""

    history: list[EntryIn] = Field(max_length=MAX_LIST)


class LabelWatchingOut(BaseModel):
    """How often a label stands in a list and in all lists; each franchise counts once."""

    model_config = ConfigDict(title="LabelWatching")

    name: str
    franchises: int
    share: float = Field(description="Of the list's franchises.")
    community_share: float = Field(description="Of those that the community watches.")
    lift: float = Field(description="How many times as often, shrunk towards 1.")
    low: float = Field(description="Where its 95 % interval begins.")
    high: float


class FacetWatchingOut(BaseModel):
    """What stands out among genres, tags, studios or eras, surest first."""

    model_config = ConfigDict(title="FacetWatching")

    kind: str
    more: list[LabelWatchingOut]
    less: list[LabelWatchingOut]


class LabelRatingOut(BaseModel):
    """How much higher or lower than usual shows with a label are rated."""

    model_config = ConfigDict(title="LabelRating")

    kind: str
    name: str
    shows: int
    points: float = Field(description="Against the viewer's usual distance to the community.")
    low: float = Field(description="Where its 95 % interval begins.")
    high: float


class ApartOut(BaseModel):
    """A show on which viewer and community are far apart."""

    model_config = ConfigDict(title="Apart")

    anime_id: int
    title: str
    rating: int
    community_score: float


class RatingsOut(BaseModel):
    """Ratings beside the community's for the same shows."""

    model_config = ConfigDict(title="Ratings")

    rated: int
    mean: float
    community_mean: float
    difference: float
    low: float = Field(description="Where its 95 % interval begins.")
    high: float
    counts: list[int] = Field(description="How often the viewer gave 1 to 10.")
    community_counts: list[int] = Field(
        description="How many of the same shows have a mean rating that rounds to 1 to 10."
    )
    higher: list[LabelRatingOut]
    lower: list[LabelRatingOut]
    apart: list[ApartOut]


class NicheOut(BaseModel):
    """A list's place between niche and mainstream."""

    model_config = ConfigDict(title="Niche")

    mean_popularity: float = Field(description="Mean share of viewers who have watched its shows.")
    percentile: float | None = Field(
        description="Percent of the training viewers whose lists are more widely watched."
    )
    n_viewers: int


class FoundOut(BaseModel):
    """Hidden shows among the first so many places."""

    model_config = ConfigDict(title="Found")

    places: int
    ours: int
    by_popularity: int
    by_chance: float


class BacktestOut(BaseModel):
    """What was found of a hidden fifth of the list; `found` is empty if the list is too short."""

    model_config = ConfigDict(title="Backtest")

    n_shows: int
    n_hidden: int
    found: list[FoundOut]
    hits: list[int] = Field(description="Ids of the hidden shows among our first 10.")


class MarkOut(BaseModel):
    """A show on the map; both coordinates run from 0 to 1, y downwards."""

    model_config = ConfigDict(title="Mark")

    anime_id: int
    x: float
    y: float
    rating: int


class MapOut(BaseModel):
    """The map; null where the bundle has none."""

    model_config = ConfigDict(title="Map")

    own: list[MarkOut]
    recommended: list[MarkOut]


class TasteOut(BaseModel):
    """What a list says of its viewer."""

    model_config = ConfigDict(title="Taste")

    n_shows: int = Field(description="Watched shows that were looked at, adult titles left out.")
    n_franchises: int
    enough: bool = Field(description="False: too few to compare with what others watch.")
    watching: list[FacetWatchingOut]
    ratings: RatingsOut | None
    niche: NicheOut | None
    backtest: BacktestOut
    map: MapOut | None
    model: str


def taste_answer(view: TasteView, catalogue: Catalogue, model: str) -> dict[str, Any]:
    """Return what ``TasteOut`` describes."""
    ratings = None
    if view.profile.ratings is not None:
        given = view.profile.ratings
        apart = [
            {
                "anime_id": catalogue.show(row).anime_id,
                "title": catalogue.show(row).title,
                "rating": rating,
                "community_score": score,
            }
            for row, rating, score in given.apart
        ]
        ratings = asdict(given) | {"apart": apart}
    hits = [catalogue.show(row).anime_id for row in view.backtest.hits]
    marks = {
        "own": [asdict(mark) for mark in view.own],
        "recommended": [asdict(mark) for mark in view.recommended],
    }
    return {
        "n_shows": view.profile.n_shows,
        "n_franchises": view.profile.n_franchises,
        "enough": view.profile.enough,
        "watching": [asdict(facet) for facet in view.profile.watching],
        "ratings": ratings,
        "niche": None if view.profile.niche is None else asdict(view.profile.niche),
        "backtest": asdict(view.backtest) | {"hits": hits},
        "map": marks if view.has_map else None,
        "model": model,
    }
