"""Content: shows like the ones a viewer liked, judged by what the shows are."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from pydantic import Field

from anirec.config import Config
from anirec.content.item_vectors import ItemVectors, Profile
from anirec.data.schema import NOT_RATED, Status
from anirec.errors import MissingExtraError
from anirec.models.base import FitContext, Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories

USUAL_RATING = 7.0
"""Where a viewer's mean is taken to lie before they have rated anything."""
USUAL_RATING_STRENGTH = 3.0
"""How many ratings that belief counts for."""

CANCELLED = 1e-3
"""A profile shorter than this share of its weights has no direction but rounding."""


class BlockWeights(Config):
    """How much each kind of fact counts in the likeness of two shows; 0 leaves it out."""

    synopsis: float = Field(0.25, ge=0)
    """TF-IDF of the words of the synopsis"""
    embedding: float = Field(0.1, ge=0)
    """Sentence embedding of the synopsis"""
    tags: float = Field(0.2, ge=0)
    """Genres and tags, rare ones more"""
    studios: float = Field(0.1, ge=0)
    source: float = Field(0.01, ge=0)
    type: float = Field(0.25, ge=0)
    age_rating: float = Field(0.005, ge=0)
    era: float = Field(0.5, ge=0)
    """Years some 4 apart are alike, 10 apart hardly"""
    score: float = Field(0.05, ge=0)
    """The community's score: half a point apart is alike"""
    title: float = Field(2.5, ge=0)
    """Words of the titles, rare ones more: they find sequels whose relations are missing"""
    franchise: float = Field(2.5, ge=0)


class ContentConfig(Config):
    """Settings of the item vectors and of the viewer's profile; see ``docs/content.md``."""

    weights: BlockWeights = BlockWeights()
    encoder: Literal["wordllama", "minilm"] = "wordllama"
    """Which text encoder makes the sentence embeddings"""
    dimensions: int = Field(192, ge=1, le=256)
    """Dense columns that all blocks but title and franchise are reduced to"""
    whitening: float = Field(0.4, ge=0, le=1)
    """How far frequent traits are played down: 0 not at all, 1 as far as can be"""
    franchise_balance: float = Field(0.7, ge=0, le=1)
    """An entry counts ``n ** -franchise_balance`` if n entries are of its franchise"""
    names_in_similar: float = Field(0.1, ge=0)
    """Share of title and franchise weight kept where one show is compared with others: over a long
    list broad traits add up and names do not, but between two shows names would drown the rest"""
    like_slope: float = Field(0.1, ge=0)
    """What a rating point above the viewer's mean adds to an entry's weight of 1"""
    dislike_slope: float = Field(0.4, ge=0)
    """What a rating point below it takes away; the weight may fall below 0"""
    unrated_weight: float = Field(0.6, ge=0)
    dropped_weight: float = Field(-0.2, le=0)
    """The most that a dropped show counts, however it was rated"""
    fame: float = Field(0.05, ge=0)
    """What one standard deviation of log10(members) adds to a score"""


class Content(Model[ContentConfig]):
    """Scores the cosine of a show's facts with what the viewer liked, plus a mild prior.

    A viewer's profile is the sum of the vectors of their shows, each times a weight: 1 for an
    average rating, more for a better one, below 0 for shows rated well under the viewer's own
    mean (shrunk towards 7) and for dropped ones; unrated shows count less than 1 and
    plan-to-watch nothing. The score of a show is its inner product with the profile scaled to
    length 1, plus ``fame`` times how widely known the catalogue says the show is; an empty list
    gets this prior alone, which is constant where the catalogue has no member counts.

    The lists of training viewers are not looked at, so shows that nobody has watched are scored
    like any other. A show of which little is known has a short vector and scores lower.

    Good for up to about 40,000 shows: scoring one list reads 800 bytes per show.
    """

    name = "content"
    config_class = ContentConfig

    vectors: ItemVectors
    franchises: NDArray[np.int32]
    """(n_items,) code of the franchise"""
    prior: NDArray[np.float32]
    """(n_items,)"""

    def fit(self, dataset: Dataset, context: FitContext | None = None) -> Self:
        """Build the vectors of the catalogue; nothing is learned from the lists.

        Raises
        ------
        MissingExtraError
            If the packages that training needs are not installed.
        AnirecError
            If those of the text encoder are not.
        """
        try:
            from anirec.content.features import build_item_vectors
        except ModuleNotFoundError as missing:
            raise MissingExtraError("training content", "train") from missing

        shows = dataset.shows
        self.vectors = build_item_vectors(shows, self.config, context or FitContext())
        of_show = [show.franchise or show.anime_id for show in shows]
        franchises = np.unique(of_show, return_inverse=True)[1]
        self.franchises = franchises.astype(np.int32)
        self.prior = self.config.fame * _standardised([show.members for show in shows])
        self.n_items = dataset.n_items
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Return cosines with each viewer's profile plus the prior."""
        weights = self.entry_weights(histories)
        profiles = []
        for row in range(len(histories)):
            entries = slice(histories.indptr[row], histories.indptr[row + 1])
            profile, length = self._profile(histories.items[entries], weights[entries])
            share = 1 / length if length else 0.0
            profiles.append(profile.scaled(share, share))
        scores = self.vectors.dots(profiles)
        scores += self.prior
        return scores

    def contributions(self, history: Histories, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return each entry's share of the scores; a column and the prior sum to the score."""
        _, length = self._profile(history.items, self.entry_weights(history))
        if not length:
            return super().contributions(history, rows)
        return self.unscaled_contributions(history, rows) / np.float32(length)

    def unscaled_contributions(
        self, history: Histories, rows: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """Return float32 (n_entries, n_rows), the likeness of both shows times what the entry counts.

        The contributions before they are divided by the length of the list's profile; where likes and
        dislikes cancel out, there is no such length, and these remain.
        """
        counts = self.entry_weights(history).astype(np.float32)
        return counts[:, None] * self.vectors.between(history.items, rows)

    def similar(self, row: int) -> NDArray[np.float32]:
        """Return float32 (n_items,) cosines of all shows with one, see ``names_in_similar``."""
        return self.vectors.cosines(row, self.config.names_in_similar)

    def similarities(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return float32 (n_rows, n_rows), see ``similar``."""
        return self.vectors.cosines_among(rows, self.config.names_in_similar)

    def entry_weights(self, histories: Histories) -> NDArray[np.float64]:
        """Return float64 (n_entries,): how much each entry counts in its viewer's profile."""
        config = self.config
        viewers = histories.viewers
        ratings = histories.ratings.astype(np.float64)
        evidence = histories.statuses != Status.PLAN_TO_WATCH
        rated = (ratings != NOT_RATED) & evidence

        n_rated = np.bincount(viewers[rated], minlength=len(histories))
        total = np.bincount(viewers[rated], ratings[rated], minlength=len(histories))
        means = (total + USUAL_RATING * USUAL_RATING_STRENGTH) / (n_rated + USUAL_RATING_STRENGTH)
        above = ratings - means[viewers]
        liked = 1 + np.where(above > 0, config.like_slope, config.dislike_slope) * above
        weights = np.where(rated, liked, config.unrated_weight)
        dropped = histories.statuses == Status.DROPPED
        weights[dropped] = np.minimum(weights[dropped], config.dropped_weight)
        weights[~evidence] = 0

        # Twelve shows of one franchise are not twelve times the evidence of one.
        franchises = self.franchises[histories.items]
        sizes = np.empty(len(franchises))
        for first, end in pairwise(histories.indptr.tolist()):
            of_list = franchises[first:end]
            sizes[first:end] = np.bincount(of_list, evidence[first:end])[of_list]
        weights[evidence] *= sizes[evidence] ** -config.franchise_balance
        return weights

    def _profile(
        self, items: NDArray[np.int32], weights: NDArray[np.float64]
    ) -> tuple[Profile, float]:
        """Return a viewer's profile and its length, 0 where likes and dislikes cancel out."""
        profile = self.vectors.profile(items, weights)
        length = profile.length
        return profile, length if length > CANCELLED * np.abs(weights).sum() else 0.0

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the item vectors, franchises and prior."""
        return {
            "dense": self.vectors.dense,
            "name_indptr": self.vectors.indptr,
            "names": self.vectors.names,
            "name_values": self.vectors.values,
            "franchises": self.franchises,
            "prior": self.prior,
        }

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Take over the arrays of ``state``."""
        self.vectors = ItemVectors(
            state["dense"], state["name_indptr"], state["names"], state["name_values"]
        )
        self.franchises = state["franchises"]
        self.prior = state["prior"]


def _standardised(members: list[int | None]) -> NDArray[np.float32]:
    """Return float32 (n,) log10 of the counts with mean 0 and deviation 1; 0 where unknown."""
    logs = np.array([np.nan if n is None else np.log10(1 + n) for n in members], dtype=np.float64)
    known = ~np.isnan(logs)
    if not known.any() or logs[known].std() == 0:
        return np.zeros(len(logs), dtype=np.float32)
    standard = (logs - logs[known].mean()) / logs[known].std()
    return np.where(known, standard, 0).astype(np.float32)
