"""The small world with titles that are hard to show, and an application over it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from anirec.bundle.bundle import Provenance, write_bundle
from anirec.bundle.shows_map import Region, ShowsMap
from anirec.data.franchise import franchises
from anirec.data.show import Relation
from anirec.models.popularity import Popularity
from anirec.ranking.hybrid import Hybrid
from small_world import ADULT, FIRST_USER, small_dataset, small_hybrid

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.data.dataset import Dataset

KNOWN = FIRST_USER
SHOW = 10
"""An anime id with everything there is to show."""
ADULT_SHOW = 10 * (ADULT[0] + 1)
CARD = "# Model card\n\n<b>bold</b> [x](javascript:alert) `code`\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |\n"
MARKUP = "<script>alert(\"1\")</script> & 'Sons'"


def web_dataset() -> Dataset:
    dataset = small_dataset()
    shows = list(dataset.shows)
    shows[0] = replace(
        shows[0],
        title=MARKUP,
        title_english="The Hero & the Very Long Road",
        title_japanese="勇者と長い道のり",
        synopsis="A first paragraph <b>with markup</b>.\n\nA second.",
        genres=("Action", "Adventure", "Comedy", "Fantasy"),
        tags=("Swordplay", "Travel"),
        studios=("Studio Kite",),
        source="Manga",
        type="TV_SHORT",
        episodes=12,
        year=2009,
        season="spring",
        age_rating="PG-13",
        score=8.25,
        members=12_345,
        poster_url="https://cdn.myanimelist.net/images/anime/1/1.jpg",
        anilist_id=20_010,
        relations=(
            Relation(20, "SEQUEL"),
            Relation(ADULT_SHOW, "SPIN_OFF"),
            Relation(999_999, "SIDE_STORY"),
        ),
    )
    shows[1] = replace(shows[1], title="Kono Nagai Title wa " * 8, genres=())
    shows[2] = replace(shows[2], title="Daigakusotsugyoushikiniiku" * 3, title_japanese="卒業" * 40)
    of_show = franchises(shows)
    whole = tuple(
        replace(show, franchise=of_show[show.anime_id], episodes=show.episodes or 12)
        for show in shows
    )
    return replace(dataset, shows=whole)


def web_bundle(directory: Path, *, simulated: bool = False, with_viewers: bool = True) -> Path:
    dataset = web_dataset()
    provenance = Provenance("d" * 64, "p" * 64, 2, None, {}, simulated=simulated)
    popularity = Popularity().fit(dataset)
    write_bundle(
        directory,
        dataset,
        small_hybrid(dataset),
        popularity,
        provenance,
        shows_map=web_map(dataset.n_items),
        with_viewers=with_viewers,
        model_card=lambda manifest: CARD,
    )
    return directory


def web_map(n_items: int) -> ShowsMap:
    positions = np.random.default_rng(4).random((n_items, 2)).astype(np.float32)
    regions = (Region("Drama", 0.3, 0.3, 30), Region("<Action>", 0.32, 0.31, 20))
    return ShowsMap(positions, regions)


def plain_bundle(directory: Path) -> Path:
    """A bundle of registered models only, for processes that know no test models."""
    dataset = web_dataset()
    popularity = Popularity().fit(dataset)
    provenance = Provenance("d" * 64, "p" * 64, 2, None, {}, simulated=True)
    write_bundle(directory, dataset, Hybrid(popularity, popularity), popularity, provenance)
    return directory
