"""A part of the real lists and catalogue on which the whole path runs in minutes."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

SHOWS: Final = 4000
"""The most popular ones: fitting Ease takes the cube of their number."""
ONE_VIEWER_IN: Final = 4


def write_slice(real_data: Path, place: Path) -> None:
    """Write what is left of each file of ``real_data`` into ``place``, in its own format."""
    place.mkdir()
    shows = pd.read_csv(real_data / "anime.csv.gz", dtype=str, keep_default_na=False)
    popularity = shows["Popularity"].astype(float)
    shows = shows[(popularity > 0) & (popularity <= SHOWS)]
    kept = set(shows["MAL_ID"].astype(int))
    shows.to_csv(place / "anime.csv.gz", index=False)
    texts = pd.read_csv(real_data / "anime_with_synopsis.csv.gz", dtype=str, keep_default_na=False)
    texts = texts[texts["MAL_ID"].astype(int).isin(kept)]
    texts.to_csv(place / "anime_with_synopsis.csv.gz", index=False)
    with (
        gzip.open(real_data / "catalogue.jsonl.gz", "rt", encoding="utf-8") as whole,
        gzip.open(place / "catalogue.jsonl.gz", "wt", encoding="utf-8") as part,
    ):
        part.writelines(line for line in whole if json.loads(line)["idMal"] in kept)
    entries = pd.read_csv(real_data / "animelist.csv.gz")
    entries = entries[entries["user_id"] % ONE_VIEWER_IN == 0]
    entries[entries["anime_id"].isin(kept)].to_csv(place / "animelist.csv.gz", index=False)
