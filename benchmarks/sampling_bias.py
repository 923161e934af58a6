"""Shows what taking "the first rows" of a list file does, beside a sample of whole viewers.

python benchmarks/sampling_bias.py TABLES [--shares 0.046 0.25] [--salt S] [--json FILE]

TABLES is what ``anirec ingest`` wrote; its rows are in the order of viewer ids, as those of the
public files are. The default share is that of 5 of 109 million rows.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from anirec.data.list_stream import Selection
from anirec.data.sampling import viewer_shares
from anirec.data.schema import (
    ANIME_ID,
    INTERACTIONS_FILE,
    NOT_RATED,
    RATING,
    STATUS,
    USER_ID,
    Status,
)

SHARES = (round(5 / 109, 3), 0.25)


def describe(name: str, rows: pl.DataFrame, whole: pl.DataFrame) -> dict[str, Any]:
    """Return figures of a part of the table that should be like those of the whole."""
    lengths = rows[USER_ID].value_counts()
    in_full = whole[USER_ID].value_counts(name="in_full")
    n_cut = lengths.join(in_full, on=USER_ID).filter(pl.col("count") < pl.col("in_full")).height
    lists = lengths["count"].to_numpy()
    popularity = [
        part[ANIME_ID].value_counts(name="n", normalize=True).sort(ANIME_ID)
        for part in (rows, whole)
    ]
    joined = popularity[1].join(popularity[0], on=ANIME_ID, how="left", suffix="_part")
    distance = float((joined["n"] - joined["n_part"].fill_null(0)).abs().sum()) / 2
    return {
        "part": name,
        "rows": rows.height,
        "viewers": len(lists),
        "lists_cut": n_cut,
        "largest_id": int(rows[USER_ID].max()),  # type: ignore[arg-type]
        "median_length": float(np.median(lists)),
        "mean_length": round(float(lists.mean()), 1),
        "not_rated": round((rows[RATING] == NOT_RATED).sum() / rows.height, 4),
        "plan_to_watch": round((rows[STATUS] == Status.PLAN_TO_WATCH).sum() / rows.height, 4),
        "popularity_distance": round(distance, 4),
    }


def main() -> None:
    """Parse the arguments, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("tables", type=Path)
    parser.add_argument("--shares", type=float, nargs="+", default=SHARES)
    parser.add_argument("--salt", default=Selection().salt)
    parser.add_argument("--json", type=Path, help="write the figures to a file as well")
    arguments = parser.parse_args()
    columns = [USER_ID, ANIME_ID, RATING, STATUS]
    whole = pl.read_parquet(arguments.tables / INTERACTIONS_FILE, columns=columns)
    share_of_viewer = pl.Series(viewer_shares(whole[USER_ID].to_numpy(), arguments.salt))
    found = [describe("everything", whole, whole)]
    for share in arguments.shares:
        first = whole.head(round(share * whole.height))
        found.append(describe(f"first {share:.1%} of rows", first, whole))
        sampled = whole.filter(share_of_viewer < share)
        found.append(describe(f"{share:.1%} of viewers", sampled, whole))
    for name in found[0]:
        values = (figures[name] for figures in found)
        cells = (value if isinstance(value, str) else f"{value:,}" for value in values)
        print(f"{name:<20}" + "".join(f"{cell:>22}" for cell in cells))
    print("popularity_distance: half the sum of absolute differences of the shows' shares, 0 to 1")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
