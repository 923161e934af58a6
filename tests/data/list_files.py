"""Small list and catalogue files for the tests of ingestion."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEADER_2020 = "user_id,anime_id,rating,watching_status,watched_episodes"
ROWS_2020 = ("1,5114,10,2,64", "1,1,0,6,0", "2,5114,7,1,12", "2,20,3,4,5")
ANIMELIST = "\n".join([HEADER_2020, *ROWS_2020]) + "\n"

RATING_2016 = "user_id,anime_id,rating\n1,20,-1\n1,24,8\n"
CATALOGUE_2016 = (
    "anime_id,name,genre,type,episodes,rating,members\n"
    '5114,Fullmetal Alchemist: Brotherhood,"Action, Drama",TV,64,9.26,793665\n'
    "20,Naruto,Action,TV,220,7.81,683297\n"
)


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path
