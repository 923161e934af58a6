"""A bundle on disk and in memory.

::

    manifest.json      what it is, where it comes from, checksums
    ranker.json        which model is which component, and the blend
    catalogue/         the shows, the columns filters use, the titles search uses
    models/<name>/     the arrays of each model
    map/               a place on a plane for every show (unless left out)
    viewers/           the lists of the training viewers (unless left out)
    model_card.md      what it is for and how good it is, for people
    evaluation_report.html   the figures in full, as tables and plots (unless nothing was measured)
    training_snapshot.json   what lists and answers are compared with while it serves

Arrays are ``.npy`` files, opened as memory maps; nothing in a bundle is code.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.bundle.catalogue import Catalogue, write_catalogue
from anirec.bundle.manifest import (
    REPAIR,
    Manifest,
    describe_file,
    describe_files,
    hash_of_files,
    verify_files,
)
from anirec.bundle.shows_map import POSITIONS_FILE, ShowsMap
from anirec.bundle.titles import TitleSearch, write_titles
from anirec.data.histories import Histories
from anirec.errors import AnirecError, BundleError
from anirec.models.popularity import Popularity
from anirec.models.registry import AnyModel, load_model
from anirec.ranking.components import COLLABORATIVE, CONTENT
from anirec.ranking.hybrid import Hybrid
from anirec.ranking.learned.learned_ranker import PARTS, LearnedRanker, Parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anirec.data.dataset import Dataset

RANKER_FILE: Final = "ranker.json"
LEARNED_DIRECTORY: Final = "learned"
MAP_DIRECTORY: Final = "map"
MODEL_CARD_FILE: Final = "model_card.md"
REPORT_FILE: Final = "evaluation_report.html"
SNAPSHOT_FILE: Final = "training_snapshot.json"
CURRENT: Final = "current"


@dataclass(frozen=True)
class Provenance:
    """Where a bundle comes from; none of it is part of its hash."""

    data_hash: str
    params_hash: str
    threads: int
    revision: str | None
    evaluation: dict[str, Any]
    simulated: bool = False
    n_viewers: int | None = None
    """How many viewers the models were fitted on, where the lists at hand are not theirs"""
    anirec: str | None = field(default_factory=lambda: version("anirec"))
    """The version of anirec that fitted the models"""
    refreshed_from: str | None = None
    """The version of the bundle that this one adds shows to"""


@dataclass(frozen=True)
class Bundle:
    """An opened bundle."""

    manifest: Manifest
    catalogue: Catalogue
    titles: TitleSearch
    hybrid: Hybrid
    popularity: Popularity
    learned: LearnedRanker | None
    """What orders where no weights are given; None leaves that to the hybrid."""
    viewers: Histories | None
    """Lists of the training viewers by ascending user id; None if left out."""
    shows_map: ShowsMap | None = None
    """None if it was published without one"""
    model_card: str | None = None
    """In Markdown; None if it was published without one"""
    evaluation_report: str | None = None
    """A whole HTML page that needs nothing from elsewhere; None if it was published without one"""


def write_bundle(
    directory: Path,
    dataset: Dataset,
    hybrid: Hybrid,
    popularity: Popularity,
    provenance: Provenance,
    *,
    learned: LearnedRanker | None = None,
    shows_map: ShowsMap | None = None,
    with_viewers: bool = True,
    model_card: Callable[[Manifest], str] | None = None,
    evaluation_report: str | None = None,
    snapshot: Callable[[Bundle], str] | None = None,
) -> Manifest:
    """Write a bundle into ``directory``, which must not exist yet.

    A half-written directory is removed if anything fails. To put a bundle where others look for
    it, publish it through a ``Registry``, which renames it into place.

    Parameters
    ----------
    model_card
        Returns the text of the model card, given the manifest as it stands without it.
    evaluation_report
        The HTML page about the figures in ``provenance``.
    snapshot
        Returns the text of the training snapshot, given the bundle as it answers.

    Raises
    ------
    BundleError
        If the catalogue is empty, a model does not fit it, or viewers are to be left out and a
        model cannot do without their lists.
    """
    if dataset.n_items == 0:
        raise BundleError("a bundle needs at least one show, and the catalogue has none")
    models: dict[str, AnyModel] = {
        model.name: model
        for model in (
            popularity,
            *hybrid.models.values(),
            *(learned.parts if learned is not None else ()),
        )
    }
    for name, model in models.items():
        if model.n_items != dataset.n_items:
            raise BundleError(
                f"the model {name} knows {model.n_items:,} shows and the catalogue has "
                f"{dataset.n_items:,}: train it on this catalogue"
            )
        if not with_viewers:
            models[name] = model.without_viewers()
    directory.mkdir(parents=True)
    try:
        for name, model in models.items():
            model.save(directory / "models" / name)
        write_catalogue(directory / "catalogue", dataset.shows)
        write_titles(directory / "catalogue", dataset.shows, popularity.share.tolist())
        if with_viewers:
            order = np.argsort(dataset.histories.user_ids, kind="stable")
            dataset.histories.select(order).save(directory / "viewers")
        if learned is not None:
            learned.save(directory / LEARNED_DIRECTORY)
        if shows_map is not None:
            shows_map.save(directory / MAP_DIRECTORY)
        ranker = {
            "learned": learned is not None,
            "components": {name: model.name for name, model in hybrid.models.items()},
            "weights": hybrid.weights,
        }
        (directory / RANKER_FILE).write_text(json.dumps(ranker, indent=1, sort_keys=True) + "\n")
        manifest = _manifest(directory, dataset, hybrid, provenance, with_viewers=with_viewers)
        texts = {}
        if model_card is not None:
            texts[MODEL_CARD_FILE] = model_card(manifest)
        if evaluation_report is not None:
            texts[REPORT_FILE] = evaluation_report
        if snapshot is not None:
            catalogue = Catalogue(directory / "catalogue")
            titles = TitleSearch(directory / "catalogue")
            made = Bundle(manifest, catalogue, titles, hybrid, popularity, learned, viewers=None)
            texts[SNAPSHOT_FILE] = snapshot(made)
        for name, text in texts.items():
            (directory / name).write_text(text, encoding="utf-8")
        documents = {name: describe_file(directory / name) for name in texts}
        manifest = replace(manifest, documents=documents)
        manifest.write(directory)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    return manifest


def _manifest(
    directory: Path,
    dataset: Dataset,
    hybrid: Hybrid,
    provenance: Provenance,
    *,
    with_viewers: bool,
) -> Manifest:
    files = describe_files(directory)
    bundle_hash = hash_of_files(files)
    now = datetime.now(UTC).replace(microsecond=0)
    names = {component: model.name for component, model in hybrid.models.items()}
    return Manifest(
        version=f"{now:%Y%m%dT%H%M%SZ}-{bundle_hash[:8]}",
        bundle_hash=bundle_hash,
        created_at=now.isoformat(),
        revision=provenance.revision,
        data_hash=provenance.data_hash,
        params_hash=provenance.params_hash,
        threads=provenance.threads,
        collaborative=names[COLLABORATIVE],
        content=names[CONTENT],
        weights=hybrid.weights,
        n_items=dataset.n_items,
        n_viewers=(
            len(dataset.histories) if provenance.n_viewers is None else provenance.n_viewers
        ),
        has_viewers=with_viewers,
        simulated=provenance.simulated,
        evaluation=provenance.evaluation,
        anirec=provenance.anirec,
        refreshed_from=provenance.refreshed_from,
        files=files,
    )


def verify_bundle(directory: Path) -> Manifest:
    """Read the manifest and hold every file against it.

    Raises
    ------
    BundleError
        In one sentence: what is missing, truncated, altered or of another schema.
    """
    manifest = Manifest.read(directory)
    verify_files(directory, {**manifest.files, **manifest.documents})
    return manifest


def answers_with(directory: Path) -> str:
    """Return the name of what a bundle answers with where a request names no weights.

    Raises
    ------
    BundleError
        If the bundle does not say.
    """
    path = directory / RANKER_FILE
    try:
        learned = bool(json.loads(path.read_text())["learned"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BundleError(f"{path} cannot be read: {REPAIR}") from None
    return LearnedRanker.name if learned else Hybrid.name


def _open_learned(directory: Path, hybrid: Hybrid, popularity: Popularity) -> LearnedRanker:
    models = {model.name: model for model in (popularity, *hybrid.models.values())}
    # Those that the blend has open already are not opened twice.
    for part in PARTS:
        if part.name not in models:
            models[part.name] = part.load(directory / "models" / part.name)
    parts = Parts.of(models)
    assert parts is not None
    return LearnedRanker.load(directory / LEARNED_DIRECTORY, parts)


def open_bundle(path: str | Path) -> Bundle:
    """Verify and open a bundle.

    Parameters
    ----------
    path
        The directory of a bundle, a link to one, or a registry, whose current bundle is meant;
        a registry or one of its versions may also lie under ``gs://bucket/prefix``.

    Raises
    ------
    BundleError
        If it is missing, corrupt, truncated or of another schema.
    MissingExtraError
        If it lies in a bucket and google-cloud-storage is not installed.
    """
    # Here, because registries stand on this module.
    from anirec.bundle.registry.address import bundle_directory

    directory = bundle_directory(path)
    manifest = verify_bundle(directory)
    try:
        ranker = json.loads((directory / RANKER_FILE).read_text())
        models = {
            component: load_model(directory / "models" / name)
            for component, name in ranker["components"].items()
        }
        catalogue = Catalogue(directory / "catalogue")
        viewers = Histories.load(directory / "viewers") if manifest.has_viewers else None
        hybrid = Hybrid(**models, weights=ranker["weights"])
        popularity = Popularity.load(directory / "models" / Popularity.name)
        titles = TitleSearch(directory / "catalogue")
        learned = _open_learned(directory, hybrid, popularity) if ranker.get("learned") else None
        has_map = f"{MAP_DIRECTORY}/{POSITIONS_FILE}" in manifest.files
        shows_map = ShowsMap.load(directory / MAP_DIRECTORY) if has_map else None
        card, report = (
            _document(directory, manifest, name) for name in (MODEL_CARD_FILE, REPORT_FILE)
        )
    except BundleError:
        raise
    except (AnirecError, OSError, KeyError, TypeError, ValueError) as error:
        # Checksums fit, so this is no damage: the writer and this reader disagree.
        raise BundleError(f"{directory} cannot be opened by this anirec: {error}") from error
    return Bundle(
        manifest, catalogue, titles, hybrid, popularity, learned, viewers, shows_map, card, report
    )


def _document(directory: Path, manifest: Manifest, name: str) -> str | None:
    return (directory / name).read_text(encoding="utf-8") if name in manifest.documents else None
