"""The public face: load a bundle, recommend, find similar shows, explain."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from anirec.bundle.bundle import Bundle, open_bundle
from anirec.bundle.known_viewers import KnownViewers
from anirec.data.dislikes import without_dislikes
from anirec.data.histories import Histories
from anirec.ranking.arguments import check_discovery, check_dislikes, check_entries, parse_count
from anirec.ranking.candidates import best_rows
from anirec.ranking.eligibility import NOTHING, Mentioned, eligible_shows
from anirec.ranking.filters import parse_filters
from anirec.ranking.ranker import LearnedScores, Ranker, Scored
from anirec.ranking.reasons import REASONS_PER_COMPONENT, reasons_of
from anirec.ranking.recommendation import Recommendation, Recommendations, recommended
from anirec.ranking.selection import contenders, select
from anirec.ranking.show_traits import ShowTraits
from anirec.ranking.together import MOST_VIEWERS, SharedRecommendations, select_together
from anirec.ranking.weights import parse_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.bundle.manifest import Manifest
    from anirec.data.histories import Entry
    from anirec.data.show import Show
    from anirec.ranking.eligibility import Eligible
    from anirec.ranking.filters import Filters
    from anirec.ranking.reasons import Reason

BATCH = 256
"""Lists scored at once."""


class Recommender:
    """Answers from one bundle. It keeps nothing of a request, so threads may share it.

    Parameters
    ----------
    bundle
        An opened bundle; ``Recommender.load`` opens one from a path.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._catalogue = bundle.catalogue
        self._viewers = KnownViewers(bundle.viewers)
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
        return self.bundle.manifest

    @cached_property
    def traits(self) -> ShowTraits:
        """What is counted of shows when lists and recommendations are watched."""
        popularity = self.bundle.popularity.share
        return ShowTraits.of(self._catalogue.index, self._catalogue.columns.genres, popularity)

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
        discovery: float | None = None,
        niche: float = 0.0,
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
        discovery
            How much more the chance of a show counts whose franchise the list does not hold: from 0
            (the likeliest shows first, sequel or not) to 1 (twice as much). None takes the
            bundle's own. Only where no weights are given.
        niche
            From -1 (of what fits, what most people watch) over 0 (what fits best) to 1 (what few
            watch).

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
        found = self._recommend(lists, n, weights, filters, diversity, dislikes, discovery, niche)
        found.ignored = self._catalogue.missing([entry.anime_id for entry in history])
        return found

    def recommend_user(
        self,
        user_id: int,
        n: int = 10,
        weights: Mapping[str, float] | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
        diversity: float = 0.0,
        dislikes: bool = True,
        discovery: float | None = None,
        niche: float = 0.0,
    ) -> Recommendations:
        """Recommend shows to a viewer of the training data; parameters as for ``recommend``.

        Raises
        ------
        UnknownViewerError
            If the bundle has no list of this viewer.
        """
        viewer = self._viewers.list_of(user_id)
        return self._recommend(viewer, n, weights, filters, diversity, dislikes, discovery, niche)

    def recommend_batch(
        self,
        histories: Sequence[Sequence[Entry]],
        n: int = 10,
        weights: Mapping[str, float] | None = None,
        dislikes: bool = True,
        discovery: float | None = None,
    ) -> list[Recommendations]:
        """Recommend to many viewers at once, without reasons; parameters as for ``recommend``."""
        n = parse_count(n)
        check_dislikes(dislikes)
        check_discovery(discovery)
        if weights is not None:
            weights = parse_weights(weights)
        answers = []
        for start in range(0, len(histories), BATCH):
            batch = histories[start : start + BATCH]
            watched = self._histories(batch).watched()
            unseen = [self._unseen(one.items) for one in watched.batches(1)]
            counted = _counted(watched, dislikes)
            all_scored = self._ranker.for_each(counted, unseen, n, weights, discovery)
            for scored, eligible, history in zip(all_scored, unseen, batch, strict=True):
                rows = best_rows(scored.total, contenders(scored, eligible), n)
                ignored = self._catalogue.missing([entry.anime_id for entry in history])
                answers.append(Recommendations(self._answer(rows, scored), ignored))
        return answers

    def recommend_together(
        self,
        histories: Sequence[Sequence[Entry]],
        n: int = 10,
        weights: Mapping[str, float] | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
        dislikes: bool = True,
    ) -> SharedRecommendations:
        """Recommend shows that several viewers would watch together.

        Nothing that one of them has seen is among them, and a show counts as planned if one of
        them plans it. Other parameters as for ``recommend``.

        Raises
        ------
        ValueError
            If there are not 2 to 8 lists, or an argument is out of range.
        """
        if not 2 <= len(histories) <= MOST_VIEWERS:
            raise ValueError(f"give 2 to {MOST_VIEWERS} lists, not {len(histories)}")
        n = parse_count(n)
        lists = self._histories(histories)
        watched = lists.watched()
        counted = _counted(watched, dislikes)
        eligible = self._eligible(watched.items, filters, lists.planned().items)
        chosen = select_together(self._ranker, counted, eligible, n, weights)
        of_each = []
        for scored, own, had in zip(
            chosen.scored, counted.batches(1), watched.batches(1), strict=True
        ):
            given = scored.contributions(own, chosen.rows)
            reasons = reasons_of(given, had, own, self._catalogue.show, REASONS_PER_COMPONENT)
            of_each.append(self._answer(chosen.rows, scored, reasons))
        seen = [self._catalogue.index.ids(had.items) for had in watched.batches(1)]
        return SharedRecommendations.of(of_each, chosen.total[chosen.rows], seen, chosen.refills)

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
        n = parse_count(n)
        row = self._catalogue.known_row(anime_id)
        scored = self._ranker.for_item(row, weights)
        eligible = self._eligible(np.array([row]), filters)
        rows = best_rows(eligible.order(scored.total), eligible.mask, n, eligible.groups)
        return self._found(rows, scored, eligible)

    def explain(
        self,
        history: Sequence[Entry],
        anime_id: int,
        weights: Mapping[str, float] | None = None,
        dislikes: bool = True,
        discovery: float | None = None,
    ) -> Recommendation:
        """Return score, components and every reason of one show, also a seen one.

        Parameters as for ``recommend``.

        Raises
        ------
        UnknownAnimeError
            If the catalogue lacks the show.
        """
        row = self._catalogue.known_row(anime_id)
        watched = self._histories([history]).watched()
        unseen = self._unseen(watched.items)
        counted = _counted(watched, dislikes)
        check_discovery(discovery)
        rows = np.array([row])
        (scored,) = self._ranker.for_each(counted, [unseen], 1, weights, discovery, also=rows)
        given = scored.contributions(counted, rows)
        show_of, everything = self._catalogue.show, len(watched.items)
        reasons = reasons_of(given, watched, counted, show_of, everything, matters=0)
        return self._answer(rows, scored, reasons)[0]

    def show(self, anime_id: int) -> Show:
        """Return a show of the catalogue.

        Raises
        ------
        UnknownAnimeError
            If the catalogue lacks it.
        """
        return self._catalogue.show(self._catalogue.known_row(anime_id))

    def search(self, query: str, n: int = 10) -> list[Show]:
        """Return shows by title, in any language, without regard to case or accents."""
        rows = self.bundle.titles.rows(query, parse_count(n))
        return [self._catalogue.show(row) for row in rows]

    def has_viewer(self, user_id: int) -> bool:
        """Tell whether ``recommend_user`` knows this id."""
        return user_id in self._viewers

    def history(self, user_id: int) -> list[Entry]:
        """Return the list of a viewer of the training data, plan-to-watch included.

        Raises
        ------
        UnknownViewerError
            If the bundle has no list of this viewer.
        """
        return self._viewers.list_of(user_id).entries(self._catalogue.index)

    def sample_viewers(self, n: int) -> list[int]:
        """Return up to ``n`` user ids to try: lists of common length, spread over the id range."""
        return self._viewers.sample(n)

    def _recommend(
        self,
        history: Histories,
        n: int,
        weights: Mapping[str, float] | None,
        filters: Filters | Mapping[str, Any] | None,
        diversity: float,
        dislikes: bool,
        discovery: float | None,
        niche: float,
    ) -> Recommendations:
        n = parse_count(n)
        check_discovery(discovery)
        watched = history.watched()
        counted = _counted(watched, dislikes)
        eligible = self._eligible(watched.items, filters, history.planned().items)
        chosen = select(self._ranker, counted, eligible, n, weights, diversity, discovery, niche)
        given = chosen.scored.contributions(counted, chosen.rows)
        show_of = self._catalogue.show
        reasons = reasons_of(given, watched, counted, show_of, REASONS_PER_COMPONENT)
        found = self._found(chosen.rows, chosen.scored, eligible, reasons)
        found.watched, found.refills = self._catalogue.index.ids(watched.items), chosen.refills
        return found

    def _eligible(
        self,
        seen: NDArray[np.integer[Any]],
        filters: Filters | Mapping[str, Any] | None,
        planned: NDArray[np.integer[Any]] = NOTHING,
    ) -> Eligible:
        wanted = parse_filters(filters)
        unwanted: NDArray[np.integer[Any]] = NOTHING
        if wanted.without_shows:
            rows = self._catalogue.index.rows(wanted.without_shows)
            unwanted = rows[rows >= 0]
        mentioned = Mentioned(seen, planned, unwanted)
        return eligible_shows(wanted, self._catalogue.columns, mentioned)

    def _found(
        self,
        rows: NDArray[np.int64],
        scored: Scored | LearnedScores,
        eligible: Eligible,
        reasons: Sequence[list[Reason]] | None = None,
    ) -> Recommendations:
        shows = self._answer(rows, scored, reasons)
        if eligible.stand_ins is not None:
            scores = scored.total
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

    def _answer(
        self,
        rows: NDArray[np.int64],
        scored: Scored | LearnedScores,
        reasons: Sequence[list[Reason]] | None = None,
    ) -> list[Recommendation]:
        shows = [self._catalogue.show(row) for row in rows.tolist()]
        return recommended(shows, scored.components_of(rows), reasons)

    def _histories(self, lists: Sequence[Sequence[Entry]]) -> Histories:
        for entries in lists:
            check_entries(entries)
        return Histories.from_entries(lists, self._catalogue.index)


def _counted(watched: Histories, dislikes: bool) -> Histories:
    """Return the lists as they are scored."""
    return watched if check_dislikes(dislikes) else without_dislikes(watched)
