"""Refreshing: the shows of the newest catalogue enter the current bundle, and nothing is refitted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from anirec.bundle.bundle import MODEL_CARD_FILE, Bundle, Provenance, open_bundle, write_bundle
from anirec.bundle.manifest import MEASURED_ON
from anirec.bundle.registry import open_registry
from anirec.data.catalogue_growth import CatalogueGrowth
from anirec.data.dataset import Dataset
from anirec.data.franchise import franchises
from anirec.data.item_index import ItemIndex
from anirec.data.schema import CATALOGUE_FILE, INTERACTIONS_FILE
from anirec.data.tables import read_catalogue_table, read_interactions
from anirec.errors import BundleError
from anirec.models.base import FitContext
from anirec.models.content import Content
from anirec.models.ease import Ease
from anirec.models.ease_extension import extend
from anirec.models.item_neighbours import ItemNeighbours
from anirec.models.popularity import Popularity
from anirec.pipeline.catalogue_map.drawing import grow_map
from anirec.pipeline.publish import TABLES, hash_of_dataset, snapshot_writer
from anirec.pipeline.revision import code_revision
from anirec.progress import SILENT, Progress
from anirec.ranking.components import COLLABORATIVE, CONTENT
from anirec.ranking.hybrid import Hybrid
from anirec.ranking.learned.item_facts import ItemFacts
from anirec.ranking.learned.learned_ranker import LearnedRanker, Parts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from anirec.bundle.manifest import Manifest
    from anirec.bundle.shows_map import ShowsMap
    from anirec.data.histories import Histories
    from anirec.data.show import Show
    from anirec.params import Params

CARD_NOTE = "The catalogue of this bundle was refreshed. The card is that of the bundle"


class Refreshed(NamedTuple):
    """Everything of a bundle, over a larger catalogue."""

    dataset: Dataset
    hybrid: Hybrid
    popularity: Popularity
    learned: LearnedRanker | None
    shows_map: ShowsMap | None


def refresh_catalogue(
    artifacts: Path,
    out: str | Path,
    params: Params,
    *,
    cache: Path | None = None,
    why: str = "",
    progress: Progress = SILENT,
) -> Manifest | None:
    """Publish the current bundle anew, with the shows and facts that the catalogue table now has.

    New shows get weights from what they are (``models/ease_extension.py``). Lists, blend, trees,
    figures and model card stay; shows that the table no longer has are kept. The settings of the models are
    those of the bundle.

    Parameters
    ----------
    artifacts
        Its ``tables/`` holds the catalogue, and, for a bundle without viewers, their lists.
    out
        The registry, which has a current bundle.
    params
        Only the seed is taken.
    cache
        Where vectors of texts are kept; None computes them anew.
    why
        Kept in the registry's history.

    Returns
    -------
    The manifest of the new bundle, which waits for ``promote``; None if the bundle already knows
    all that the table says: then nothing is published.

    Raises
    ------
    BundleError
        If the registry has no current bundle, its collaborative model is not Ease or its content
        model not Content, or it keeps no lists and the tables have none either.
    DataError
        If the catalogue table is missing or cannot be read.
    """
    registry = open_registry(out)
    version = registry.current()
    if version is None:
        raise BundleError(f"{out} has no current bundle to refresh: `anirec publish` makes one")
    directory = registry.fetch(version)
    bundle = open_bundle(directory)
    _parts(bundle)
    path = artifacts / TABLES / CATALOGUE_FILE
    progress.step(f"reading {path}")
    before = tuple(bundle.catalogue.show(row) for row in range(len(bundle.catalogue)))
    shows = merged(before, read_catalogue_table(path), progress)
    if shows == before:
        return None
    lists = _lists(bundle, artifacts / TABLES, progress)
    context = FitContext(
        seed=params.seed, threads=bundle.manifest.threads, cache=cache, progress=progress
    )
    refreshed = refresh(bundle, shows, lists, context)
    provenance = Provenance(
        data_hash=hash_of_dataset(refreshed.dataset),
        params_hash=bundle.manifest.params_hash,
        threads=bundle.manifest.threads,
        revision=code_revision(),
        evaluation=_marked(bundle.manifest.evaluation, version),
        simulated=bundle.manifest.simulated,
        n_viewers=bundle.manifest.n_viewers,
        anirec=bundle.manifest.anirec,
        refreshed_from=version,
    )
    progress.step(f"writing the bundle to {out}")
    return registry.publish(
        lambda place: write_bundle(
            place,
            refreshed.dataset,
            refreshed.hybrid,
            refreshed.popularity,
            provenance,
            learned=refreshed.learned,
            shows_map=refreshed.shows_map,
            with_viewers=bundle.viewers is not None,
            model_card=_card(directory, version),
            evaluation_report=bundle.evaluation_report,
            snapshot=snapshot_writer(refreshed.dataset.histories, params.seed, progress),
        ),
        why,
    )


def merged(
    before: Sequence[Show], newest: Sequence[Show], progress: Progress = SILENT
) -> tuple[Show, ...]:
    """Return the newest catalogue and the shows that it lost, by ascending anime_id.

    Where it lost some, franchises are computed anew, for a show that is gone may be their link.
    """
    old = {show.anime_id: show for show in before}
    new = {show.anime_id: show for show in newest}
    gone = old.keys() - new.keys()
    changed = sum(new[anime_id] != old[anime_id] for anime_id in old.keys() & new.keys())
    progress.step(
        f"the catalogue has {len(new.keys() - old.keys()):,} new shows and {changed:,} with changed "
        "facts" + (f"; {len(gone):,} that it lost are kept" if gone else "")
    )
    together = old | new
    shows = tuple(together[anime_id] for anime_id in sorted(together))
    if not gone:
        return shows
    of_show = franchises(shows)
    return tuple(replace(show, franchise=of_show[show.anime_id]) for show in shows)


def refresh(
    bundle: Bundle, shows: tuple[Show, ...], lists: Histories, context: FitContext
) -> Refreshed:
    """Return all models of a bundle over a catalogue that grew.

    Parameters
    ----------
    shows
        By ascending anime_id, all of the bundle's among them.
    lists
        Those that the bundle's models were fitted on, in the rows of the bundle.
    """
    ease, content = _parts(bundle)
    index = ItemIndex([show.anime_id for show in shows])
    growth = CatalogueGrowth.between(bundle.catalogue.index, index)
    dataset = Dataset(index, shows, growth.histories(lists))
    likeness = Content(content.config).fit(dataset, context)
    extended = extend(ease, dataset, likeness.vectors.dense, growth, context)
    popularity = Popularity()
    popularity.restore({"share": growth.array(bundle.popularity.share)})
    popularity.n_items = growth.n_items
    learned = None
    if bundle.learned is not None:
        facts = ItemFacts.of(shows, index, coded_as=bundle.learned.facts)
        neighbours = ItemNeighbours(bundle.learned.neighbours.config)
        state = bundle.learned.neighbours.state()
        # Nobody has watched the new shows: they take no part.
        unwatched = np.full(growth.n_items, state["share"].min(), dtype=np.float32)
        unwatched[growth.rows] = state["share"]
        neighbours.restore({**state, "core": growth.rows[state["core"]], "share": unwatched})
        neighbours.n_items = growth.n_items
        parts = Parts(popularity, likeness, extended, neighbours)
        learned = LearnedRanker(parts, bundle.learned.trees, facts, bundle.learned.discovery)
    hybrid = Hybrid(extended, likeness, weights=bundle.hybrid.weights)
    shows_map = None
    if bundle.shows_map is not None:
        shows_map = grow_map(bundle.shows_map, likeness.vectors.dense, growth)
    return Refreshed(dataset, hybrid, popularity, learned, shows_map)


def _parts(bundle: Bundle) -> tuple[Ease, Content]:
    """Return the two models that can take up shows without being fitted again."""
    ease, content = bundle.hybrid.models[COLLABORATIVE], bundle.hybrid.models[CONTENT]
    if not isinstance(ease, Ease) or not isinstance(content, Content):
        raise BundleError(
            f"the bundle {bundle.manifest.version} blends {ease.name} and {content.name}, and only "
            f"{Ease.name} and {Content.name} take up new shows without being fitted again: "
            "run `anirec publish`"
        )
    return ease, content


def _lists(bundle: Bundle, tables: Path, progress: Progress) -> Histories:
    """Return the lists that the bundle keeps, or those of the tables in their stead."""
    if bundle.viewers is not None:
        return bundle.viewers
    path = tables / INTERACTIONS_FILE
    if not path.is_file():
        raise BundleError(
            f"the bundle {bundle.manifest.version} keeps no lists, and {path} is missing: ingest "
            "the lists that it was fitted on, or run `anirec publish`"
        )
    progress.step(f"the bundle keeps no lists: those of {path} stand for them")
    return read_interactions(path, bundle.catalogue.index, progress)


def _card(directory: Path, version: str) -> Callable[[Manifest], str] | None:
    """Return the model card of the bundle before, with a word on what it speaks of."""
    path = directory / MODEL_CARD_FILE
    if not path.is_file():
        return None
    title, _, rest = path.read_text(encoding="utf-8").partition("\n")
    if CARD_NOTE not in rest:  # a bundle refreshed twice still tells of the one that was fitted
        rest = f"\n> {CARD_NOTE} {version}, which has all its lists and models but fewer shows.\n{rest}"
    return lambda manifest: f"{title}\n{rest}"


def _marked(evaluation: dict[str, Any], version: str) -> dict[str, Any]:
    """Return the reports with a note of the bundle that they were measured for."""
    return {name: {MEASURED_ON: version, **report} for name, report in evaluation.items()}
