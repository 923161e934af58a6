"""A small published bundle whose catalogue table then gains, changes and loses shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from anirec.data.schema import CATALOGUE_FILE
from anirec.data.show import Relation, Show
from anirec.data.split import load_split
from anirec.data.tables import read_catalogue_table, write_catalogue
from anirec.params import HybridParams, Params
from anirec.pipeline.learned_stage import train_and_save_ranker
from anirec.pipeline.publish import publish
from anirec.pipeline.training import Workplace, train
from pipeline.quick_pipeline import write_data

if TYPE_CHECKING:
    from pathlib import Path

PARAMS = Params(hybrid=HybridParams(collaborative="ease", content="content"))
ROBOTS = ("Action", "Mecha")
NEW = (
    Show(
        anime_id=5,
        title="Action number nought",
        synopsis="Pilots of giant robots defend a space colony. It all begins here.",
        genres=ROBOTS,
        tags=("robots", "war"),
        type="TV",
        year=2021,
        relations=(Relation(10, "SEQUEL"),),
    ),
    Show(anime_id=155, title="Nothing is known of this", type="Hologram"),
    Show(
        anime_id=5000,
        title="Horror number last",
        synopsis="A detective hunts a ghost in a cursed village. Again.",
        genres=("Horror", "Mystery", "Brand-new Genre"),
        tags=("ghosts", "murder"),
        type="Movie",
        year=2022,
    ),
)
CHANGED, GONE = 20, 30
"""Ids of a show with another score and title, and of one that the table loses."""


def publish_world(place: Path, *, with_viewers: bool = True) -> None:
    """Train the ranker and publish, as a person would."""
    write_data(place, PARAMS)
    split = load_split(place / "split", place / "tables")
    models = train(
        ["popularity", "content", "ease", "item_neighbours"],
        split,
        PARAMS,
        place / "models",
        Workplace(),
    )
    assert train_and_save_ranker(models, split, PARAMS, place / "models", Workplace())
    publish(place, place / "bundles", PARAMS, with_viewers=with_viewers)


def write_newest(place: Path, *, new: tuple[Show, ...] = NEW) -> None:
    """Let the catalogue table be that of a later season."""
    path = place / "tables" / CATALOGUE_FILE
    shows = [
        replace(show, title="Renamed", score=9.5) if show.anime_id == CHANGED else show
        for show in read_catalogue_table(path)
        if show.anime_id != GONE
    ]
    write_catalogue([*shows, *new], path)
