"""The public face: load a bundle, recommend, find similar shows, explain."""

from __future__ import annotations

from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from anirec.bundle.bundle import Bundle, open_bundle
from anirec.data.dislikes import without_dislikes
from anirec.data.histories import Entry, Histories
from anirec.data.schema import MAX_RATING, NOT_RATED, Status
from anirec.errors import UnknownAnimeError, UnknownViewerError
from anirec.ranking.candidates import best_rows
from anirec.ranking.diversity import POOL_PER_PICK, check_strength, diversify
from anirec.ranking.eligibility import eligible_shows
from anirec.ranking.filters import parse_filters
from anirec.ranking.learned.candidates import FROM_EASE
from anirec.ranking.ranker import LearnedScores, Ranker, Scored
from anirec.ranking.reasons import (
    MATTERS,
    REASONS_PER_COMPONENT,
    Reason,
    attitudes,
    praised,
    strongest,
)
from anirec.ranking.recommendation import Recommendation, Recommendations
from anirec.ranking.weights import CONTENT, parse_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.bundle.manifest import Manifest
    from anirec.data.show import Show
    from anirec.ranking.eligibility import Eligible
    from anirec.ranking.filters import Filters
    from anirec.ranking.reasons import Attitude

BATCH = 256
"""Lists scored at once."""

MORE_CANDIDATES: Final = 4
"""How many times more are scored where filters leave too few of them."""

STATUSES = frozenset(Status)


class Recommender:
    """Answers from one bundle. It keeps nothing of a request, so threads may share it.

    Parameters
    ----------
    bundle
        An opened bundle; ``Recommender.load`` opens one from a path.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._catalogue = bundle.catalogue
        self._ranker = Ranker(bundle.hybrid, bundle.popularity, bundle.learned)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Verify and open a bundle.

        Parameters
        ----------
        path
            The bundle's directory, a link to it such as ``bundles/current``, or a registry, whose
            current bundle is meant; registries may also lie under ``gs://bucket/prefix``.

        Raises
        ------
        BundleError
            If it is missing, corrupt, truncated or of another schema.
        MissingExtraError
            If it lies in a bucket and google-cloud-storage is not installed.
        """
        return cls(open_bundle(path))

    @property
    def manifest(self) -> Manifest:
        """What the bundle is and where it comes from."""
        return self._bundle.manifest

    @property
    def model(self) -> str:
        """What answers, in words: the blended models and the bundle's version."""
        return f"{self.manifest.collaborative} + {self.manifest.content}, {self.manifest.version}"

    def recommend(
        self,
        history: Sequence[Entry],
        n: int = 10,
        weights: Mapping[str, float] | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
        diversity: float = 0.0,
        dislikes: bool = True,
    ) -> Recommendations:
        """Recommend shows to a viewer of whom only a list is known.

        Parameters
        ----------
        history
            The viewer's list, in any order; the last of a repeated show counts. Ids that the
            catalogue lacks are ignored and reported. If nothing is left, or all of it is
            plan-to-watch, the answer is what most viewers watch.
        n
            How many shows; fewer come only where catalogue and filters leave fewer.
        weights
            How much each component counts, e.g. ``{"collaborative": 0.5, "content": 0.5}``:
            scaled to sum 1, a missing one is 0. None takes the bundle's best blend.
        filters
            What to leave out besides the shows of the list (plan-to-watch stays eligible), also
            as a dict such as ``{"adult": False, "genres": ["Mystery"]}``.
        diversity
            From 0 (by score alone) to 1 (as varied as possible).
        dislikes
            False lets entries that were dropped or rated low count like unrated ones: they push
            nothing away. They stay out of the answer all the same.

        Returns
        -------
        A list of ``Recommendation``, best first, with the attributes ``ignored`` (ids) and
        ``removed`` (how many candidates each filter removed).

        Raises
        ------
        ValueError
            If an argument is out of range; the text says which and why.
        """
        lists = self._histories([history])
        found = self._recommend(lists, n, weights, filters, diversity, dislikes)
        found.ignored = self._ignored(history)
        return found

    def recommend_user(
        self,
        user_id: int,
        n: int = 10,
        weights: Mapping[str, float] | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
        diversity: float = 0.0,
        dislikes: bool = True,
    ) -> Recommendations:
        """Recommend shows to a viewer of the training data; parameters as for ``recommend``.

        Raises
        ------
        UnknownViewerError
            If the bundle has no list of this viewer.
        """
        return self._recommend(self._viewer(user_id), n, weights, filters, diversity, dislikes)

    def recommend_batch(
        self,
        histories: Sequence[Sequence[Entry]],
        n: int = 10,
        weights: Mapping[str, float] | None = None,
    ) -> list[Recommendations]:
        """Recommend shows to many viewers at once, without reasons."""
        n = _count(n)
        if weights is not None:
            weights = parse_weights(weights)
        answers = []
        for start in range(0, len(histories), BATCH):
            batch = histories[start : start + BATCH]
            watched = self._histories(batch).watched()
            unseen = [self._unseen(one.items) for one in watched.batches(1)]
            all_scored = self._ranker.for_each(watched, unseen, n, weights)
            for scored, eligible, history in zip(all_scored, unseen, batch, strict=True):
                rows = best_rows(scored.total, _contenders(scored, eligible), n)
                answers.append(Recommendations(self._answer(rows, scored), self._ignored(history)))
        return answers

    def similar(
        self,
        anime_id: int,
        n: int = 10,
        weights: Mapping[str, float] | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
    ) -> Recommendations:
        """Return the shows most like a given one, without reasons.

        ``weights`` name the same two components: likeness to those who watch, likeness of what
        the shows are. For ``filters`` the given show is the only one that the viewer has seen.

        Raises
        ------
        UnknownAnimeError
            If the catalogue lacks the show.
        """
        n = _count(n)
        row = self._row(anime_id)
        scored = self._ranker.for_item(row, weights)
        eligible = self._eligible(np.array([row]), filters)
        scores = scored.total
        rows = best_rows(eligible.order(scores), eligible.mask, n, eligible.groups)
        return self._found(rows, scored, eligible, scores)

    def explain(
        self,
        history: Sequence[Entry],
        anime_id: int,
        weights: Mapping[str, float] | None = None,
    ) -> Recommendation:
        """Return score, components and every reason of one show, also a seen one.

        Raises
        ------
        UnknownAnimeError
            If the catalogue lacks the show.
        """
        row = self._row(anime_id)
        watched = self._histories([history]).watched()
        unseen = self._unseen(watched.items)
        (scored,) = self._ranker.for_each(watched, [unseen], 1, weights, also=row)
        everything = len(watched.items)
        reasons = self._reasons(np.array([row]), scored, watched, watched, everything, matters=0)
        return self._answer(np.array([row]), scored, reasons)[0]

    def show(self, anime_id: int) -> Show:
        """Return a show of the catalogue.

        Raises
        ------
        UnknownAnimeError
            If the catalogue lacks it.
        """
        return self._catalogue.show(self._row(anime_id))

    def search(self, query: str, n: int = 10) -> list[Show]:
        """Return shows by title, in any language, without regard to case or accents."""
        return [self._catalogue.show(row) for row in self._bundle.titles.rows(query, _count(n))]

    def has_viewer(self, user_id: int) -> bool:
        """Tell whether ``recommend_user`` knows this id."""
        return self._viewer_row(user_id) is not None

    def history(self, user_id: int) -> list[Entry]:
        """Return the list of a viewer of the training data, plan-to-watch included.

        Raises
        ------
        UnknownViewerError
            If the bundle has no list of this viewer.
        """
        viewer = self._viewer(user_id)
        ids = self._catalogue.index.ids(viewer.items)
        return [
            Entry(int(anime_id), int(rating), int(status))
            for anime_id, rating, status in zip(ids, viewer.ratings, viewer.statuses, strict=True)
        ]

    def sample_viewers(self, n: int) -> list[int]:
        """Return up to ``n`` user ids to try: lists of common length, spread over the id range."""
        viewers = self._bundle.viewers
        if viewers is None or len(viewers) == 0:
            return []
        shortest, longest = np.quantile(viewers.lengths, [0.25, 0.75])
        usual = np.flatnonzero((viewers.lengths >= shortest) & (viewers.lengths <= longest))
        if len(usual) == 0:
            usual = np.arange(len(viewers))
        spread = np.linspace(0, len(usual) - 1, min(n, len(usual))).round().astype(int)
        return [int(user_id) for user_id in viewers.user_ids[usual[spread]]]

    def _recommend(
        self,
        history: Histories,
        n: int,
        weights: Mapping[str, float] | None,
        filters: Filters | Mapping[str, Any] | None,
        diversity: float,
        dislikes: bool,
    ) -> Recommendations:
        n = _count(n)
        if not isinstance(dislikes, bool):
            raise ValueError(f"dislikes must be True or False, not {dislikes!r}")
        watched = history.watched()
        counted = watched if dislikes else without_dislikes(watched)
        eligible = self._eligible(watched.items, filters)
        n_scored = int(np.count_nonzero(eligible.scored))
        alike = self._ranker.hybrid.models[CONTENT].similarities
        # Variety is chosen among several times as many as are shown.
        asked = n * POOL_PER_PICK if check_strength(diversity) else n
        while True:
            (scored,) = self._ranker.for_each(
                counted, [eligible.scored], asked, weights, stand_ins=eligible.stand_ins
            )
            scores = scored.total
            contenders = _contenders(scored, eligible.mask)
            order = eligible.order(scores)
            rows = diversify(order, contenders, n, diversity, alike, eligible.groups)
            if len(rows) == n or scored.contenders is None or asked >= n_scored:
                break
            # Filters that look at the whole list let too few of the best candidates through.
            asked = MORE_CANDIDATES * max(asked, FROM_EASE)
        reasons = self._reasons(rows, scored, watched, counted, REASONS_PER_COMPONENT)
        return self._found(rows, scored, eligible, scores, reasons)

    def _eligible(
        self, seen: NDArray[np.integer[Any]], filters: Filters | Mapping[str, Any] | None
    ) -> Eligible:
        return eligible_shows(parse_filters(filters), self._catalogue.columns, seen)

    def _found(
        self,
        rows: NDArray[np.int64],
        scored: Scored | LearnedScores,
        eligible: Eligible,
        scores: NDArray[np.float32],
        reasons: Sequence[list[Reason]] | None = None,
    ) -> Recommendations:
        shows = self._answer(rows, scored, reasons)
        for place, row in enumerate(rows.tolist()):
            waiting = eligible.stood_for(row, scores)
            if waiting is not None:
                anime_id = int(self._catalogue.index.ids(waiting))
                shows[place] = replace(shows[place], instead_of=anime_id)
        return Recommendations(shows, removed=eligible.removed)

    def _unseen(self, seen: NDArray[np.integer]) -> NDArray[np.bool_]:
        unseen = np.ones(len(self._catalogue), dtype=np.bool_)
        unseen[seen] = False
        return unseen

    def _reasons(
        self,
        rows: NDArray[np.int64],
        scored: Scored | LearnedScores,
        watched: Histories,
        counted: Histories,
        limit: int,
        matters: float = MATTERS,
    ) -> list[list[Reason]]:
        """Return the reasons of each of the ``rows``.

        ``watched`` is the list as the viewer has it, ``counted`` as it was scored.
        """
        contributions = scored.contributions(counted, rows, self._ranker.hybrid.models)
        said = attitudes(watched)
        liked = praised(watched)
        # A dislike that does not count is no reason for anything.
        against = liked | ~praised(counted)
        return [
            [
                self._reason(int(watched.items[entry]), component, contribution, said[entry])
                for entry, component, contribution in of_show
            ]
            for of_show in strongest(contributions, liked, against, limit, matters)
        ]

    def _reason(self, row: int, component: str, contribution: float, attitude: Attitude) -> Reason:
        show = self._catalogue.show(row)
        return Reason(show.anime_id, show.title, component, contribution, attitude)

    def _answer(
        self,
        rows: NDArray[np.int64],
        scored: Scored | LearnedScores,
        reasons: Sequence[list[Reason]] | None = None,
    ) -> list[Recommendation]:
        answer = []
        parts = scored.components_of(rows)
        for place, row in enumerate(rows.tolist()):
            show = self._catalogue.show(row)
            components = {name: float(part[place]) for name, part in parts.items()}
            answer.append(
                Recommendation(
                    anime_id=show.anime_id,
                    title=show.title,
                    score=sum(components.values()),
                    components=components,
                    reasons=reasons[place] if reasons else [],
                )
            )
        return answer

    def _histories(self, lists: Sequence[Sequence[Entry]]) -> Histories:
        for entries in lists:
            for entry in entries:
                _check_entry(entry)
        return Histories.from_entries(lists, self._catalogue.index)

    def _ignored(self, history: Sequence[Entry]) -> tuple[int, ...]:
        ids = [entry.anime_id for entry in history]
        rows = self._catalogue.index.rows(ids)
        return tuple(dict.fromkeys(i for i, row in zip(ids, rows, strict=True) if row < 0))

    def _row(self, anime_id: int) -> int:
        row = self._catalogue.row(anime_id)
        if row < 0:
            raise UnknownAnimeError(anime_id)
        return row

    def _viewer_row(self, user_id: int) -> int | None:
        viewers = self._bundle.viewers
        if viewers is None:
            return None
        row = int(np.searchsorted(viewers.user_ids, user_id))
        return row if row < len(viewers) and viewers.user_ids[row] == user_id else None

    def _viewer(self, user_id: int) -> Histories:
        row, viewers = self._viewer_row(user_id), self._bundle.viewers
        if row is None or viewers is None:
            raise UnknownViewerError(user_id)
        return viewers.select(slice(row, row + 1))


def _contenders(scored: Scored | LearnedScores, eligible: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which of the eligible shows have a score."""
    return eligible if scored.contenders is None else eligible & scored.contenders


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _count(n: int) -> int:
    """Return ``n`` as a plain int, since small integers of numpy overflow."""
    if not _is_whole(n):
        raise ValueError(f"n must be a whole number, not {n!r}")
    if n < 1:
        raise ValueError(f"n must be at least 1, not {n}")
    return int(n)


def _check_entry(entry: Entry) -> None:
    if (
        type(entry.anime_id) is type(entry.rating) is int
        and NOT_RATED <= entry.rating <= MAX_RATING
        and type(entry.status) in (int, Status)
        and entry.status in STATUSES
    ):
        # Nearly every entry: telling what is wrong takes longer than the rest of a request.
        return
    for name in ("anime_id", "rating", "status"):
        value = getattr(entry, name)
        if not _is_whole(value):
            raise ValueError(f"the {name} of a list entry must be a whole number, not {value!r}")
    if not NOT_RATED <= entry.rating <= MAX_RATING:
        raise ValueError(
            f"the rating of anime {entry.anime_id} must be from {NOT_RATED} (not rated) to "
            f"{MAX_RATING}, not {entry.rating}"
        )
    if entry.status not in STATUSES:
        raise ValueError(
            f"the status of anime {entry.anime_id} must be one of "
            f"{', '.join(str(int(status)) for status in Status)}, not {entry.status}"
        )
