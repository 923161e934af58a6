"""What the API takes and gives; the OpenAPI description is made from these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from anirec.data.histories import Entry
from anirec.data.schema import MAX_ANIME_ID, MAX_LIST, MAX_RATING, NOT_RATED, Status
from anirec.ranking.components import COLLABORATIVE, CONTENT
from anirec.ranking.filters import Filters
from anirec.ranking.reasons import Attitude
from anirec.ranking.together import MOST_VIEWERS
from anirec.ranking.weights import parse_weights
from anirec.web.json_body import JsonBody, StatusCode

if TYPE_CHECKING:
    from anirec.ranking.recommendation import Recommendations

MAX_N: Final = 100
MAX_ID: Final = 2**63 - 1
MAX_QUERY: Final = 200
MAX_OFFSET: Final = 100_000
MAX_CODE: Final = 100_000

Id = Annotated[int, Field(ge=0, le=MAX_ID)]
AnimeId = Annotated[int, Field(ge=0, le=MAX_ANIME_ID, description="A show, by its MyAnimeList id.")]
Count = Annotated[int, Field(ge=1, le=MAX_N, description="How many shows.")]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Diversity = Annotated[
    float, Field(ge=0, le=1, allow_inf_nan=False, description="0: by score alone; 1: most varied.")
]
Discovery = Annotated[
    float,
    Field(
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="How far franchises that the list does not hold are preferred; goes without "
        "weights. 0: the likeliest first. Left out: the bundle's own.",
    ),
]
Niche = Annotated[
    float,
    Field(
        ge=-1,
        le=1,
        allow_inf_nan=False,
        description="Of what fits: -1 what most people watch, 1 what few watch.",
    ),
]
Dislikes = Annotated[
    bool, Field(description="False: what was dropped or rated low pushes nothing away.")
]


class UserPath(BaseModel):
    """A viewer of the training data."""

    user_id: Id


class AnimePath(BaseModel):
    """A show by its MyAnimeList id."""

    anime_id: Id


class WeightQuery(BaseModel):
    """The blend; without any weight the bundle's best one is used."""

    collaborative: Weight | None = Field(None, description="Weight of what similar viewers watch.")
    content: Weight | None = Field(None, description="Weight of what the shows are about.")

    @property
    def weights(self) -> dict[str, float] | None:
        """The weights that were given, None without any."""
        given = {COLLABORATIVE: self.collaborative, CONTENT: self.content}
        return {name: weight for name, weight in given.items() if weight is not None} or None

    @model_validator(mode="after")
    def _weighs_something(self) -> Self:
        if self.weights is not None:
            parse_weights(self.weights)
        return self


class WebFilters(Filters):
    """What to leave out; here adult titles are out unless asked for."""

    model_config = ConfigDict(title="Filters")

    adult: bool = False
    """True lets adult titles in."""


class BodyFilters(WebFilters):
    """The filters in a body."""

    model_config = ConfigDict(strict=True)


class FilterQuery(WebFilters):
    """The filters as parameters of an address; a parameter with several values is repeated."""

    model_config = ConfigDict(extra="ignore", title="FilterQuery")

    @property
    def filters(self) -> WebFilters:
        """The filters alone."""
        return WebFilters(**{name: getattr(self, name) for name in WebFilters.model_fields})


class UserQuery(WeightQuery, FilterQuery):
    """How to recommend to a viewer of the training data."""

    n: Count = 10
    diversity: Diversity = 0
    dislikes: Dislikes = True
    discovery: Discovery | None = None
    niche: Niche = 0


class ListQuery(UserQuery):
    """How to recommend for a list in the address."""

    code: str = Field(
        "", alias="list", max_length=MAX_CODE, description="The list, as links of the page have it."
    )


class SimilarQuery(WeightQuery, FilterQuery):
    """How to look for similar shows."""

    n: Count = 10


class CatalogueQuery(BaseModel):
    """What to look for among the titles, and which part of it."""

    adult: bool = Field(False, description="True lets adult titles in.")
    q: str | None = Field(
        None,
        min_length=1,
        max_length=MAX_QUERY,
        description="Part of a title, in any language. Left out: all shows, by rising id.",
    )
    n: Count = 10
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="How many shows to pass over.")


class EntryIn(BaseModel):
    """One line of a watch list."""

    model_config = ConfigDict(extra="forbid", strict=True, title="Entry")

    anime_id: AnimeId
    rating: int = Field(NOT_RATED, ge=NOT_RATED, le=MAX_RATING, description="0: not rated.")
    status: StatusCode = Field(
        Status.COMPLETED,
        description="1 watching, 2 completed, 3 on hold, 4 dropped, 6 plan to watch.",
    )

    def to_entry(self) -> Entry:
        """Return it as the recommender takes it."""
        return Entry(self.anime_id, self.rating, self.status)


class RecommendBody(JsonBody):
    """A list, and how to recommend for it."""

    history: list[EntryIn] = Field(max_length=MAX_LIST)
    n: Count = 10
    weights: dict[str, float] | None = Field(
        None, description="Of `collaborative` and `content`; null is the bundle's best blend."
    )
    filters: BodyFilters | None = Field(
        None, description="What to leave out; null leaves out adult titles."
    )
    diversity: Diversity = 0
    dislikes: Dislikes = True
    discovery: Discovery | None = None
    niche: Niche = 0

    @model_validator(mode="after")
    def _weighs_something(self) -> Self:
        if self.weights is not None:
            parse_weights(self.weights)
        return self


class TogetherBody(JsonBody):
    """The lists of several viewers, and how to recommend for all of them."""

    histories: list[Annotated[list[EntryIn], Field(max_length=MAX_LIST)]] = Field(
        min_length=2, max_length=MOST_VIEWERS
    )
    n: Count = 10
    weights: dict[str, float] | None = Field(
        None, description="Of `collaborative` and `content`; null is the bundle's best blend."
    )
    filters: BodyFilters | None = Field(
        None, description="What to leave out; null leaves out adult titles."
    )
    dislikes: Dislikes = True

    @model_validator(mode="after")
    def _weighs_something(self) -> Self:
        if self.weights is not None:
            parse_weights(self.weights)
        return self


class ReasonOut(BaseModel):
    """A show of the list that speaks for the recommended one, or against it."""

    model_config = ConfigDict(title="Reason")

    anime_id: int
    title: str
    component: str
    contribution: float
    attitude: Attitude = Field(description="What the viewer has said of it.")


class RecommendationOut(BaseModel):
    """A recommended show; the components add up to the score."""

    model_config = ConfigDict(title="Recommendation")

    anime_id: int
    title: str
    score: float
    components: dict[str, float]
    reasons: list[ReasonOut] = Field(
        description="What speaks for the show, strongest first, then what speaks against it."
    )
    instead_of: int | None = Field(
        description="The show whose place it has, because it is to be watched first."
    )


class Answer(BaseModel):
    """Recommended shows, best first."""

    recommendations: list[RecommendationOut]
    ignored: list[int] = Field(description="Ids of the request that the catalogue lacks.")
    removed: dict[str, int] = Field(description="Per filter, how many candidates it removed.")
    model: str = Field(description="What answered.")


class SharedOut(BaseModel):
    """A show for several viewers."""

    model_config = ConfigDict(title="SharedRecommendation")

    anime_id: int
    title: str
    score: float = Field(description="The mean of the viewers' scores.")
    each: list[RecommendationOut] = Field(
        description="What it is to each viewer, in the order of the lists."
    )


class SharedAnswer(BaseModel):
    """Shows for several viewers, best first."""

    recommendations: list[SharedOut]
    model: str = Field(description="What answered.")


def answer(found: Recommendations, model: str) -> dict[str, Any]:
    """Return what ``Answer`` describes."""
    return {
        "recommendations": [recommendation.to_dict() for recommendation in found],
        "ignored": list(found.ignored),
        "removed": found.removed,
        "model": model,
    }


class RelationOut(BaseModel):
    """A link to another show."""

    model_config = ConfigDict(title="Relation")

    anime_id: int
    kind: str


class ShowOut(BaseModel):
    """A show of the catalogue; null and empty lists mean unknown."""

    model_config = ConfigDict(title="Show")

    anime_id: int
    title: str
    title_english: str | None
    title_japanese: str | None
    synonyms: list[str]
    synopsis: str | None
    genres: list[str]
    tags: list[str]
    studios: list[str]
    source: str | None
    type: str | None
    episodes: int | None
    year: int | None
    season: str | None
    age_rating: str | None
    score: float | None
    members: int | None
    poster_url: str | None
    anilist_id: int | None
    relations: list[RelationOut]
    franchise: int
    is_adult: bool


class Shows(BaseModel):
    """Shows whose titles match, best match first; or all, by rising id."""

    anime: list[ShowOut]
    total: int | None = Field(
        description="How many there are on all pages; null where titles were searched."
    )


class About(BaseModel):
    """What answers here."""

    name: str
    version: str
    bundle: str
    model: str
    weights: dict[str, float] = Field(description="The best blend known.")
    n_items: int
    n_viewers: int
    simulated_viewers: bool
    sample_viewers: list[int] = Field(description="A few user ids to try.")


class Health(BaseModel):
    """Whether the process lives, or is ready to answer."""

    status: str


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Where, with dots between the parts.")
    message: str


class Problem(BaseModel):
    """An error as of RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = Field(default_factory=list)
