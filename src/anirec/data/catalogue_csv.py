"""The catalogues of the Kaggle data sets of 2016, 2018 and 2020: CSV files from MyAnimeList."""

from __future__ import annotations

import ast
import csv
import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anirec.data import normalise
from anirec.data.decoding import is_decoded
from anirec.data.genres import genres_and_tags
from anirec.data.rejects import left_out_reason
from anirec.data.show import Relation, Show
from anirec.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anirec.data.rejects import Rejects

Row = dict[str, str]


class _BadCellError(ValueError):
    """A cell that cannot be what its column should be; the text says what is wrong."""

    def __init__(self, column: str, problem: str) -> None:
        super().__init__(f"{column}: {problem}")
        self.column = column


@dataclass(frozen=True)
class CsvLayout:
    """One CSV layout."""

    name: str
    signature: frozenset[str]
    """The columns that tell it from the other layouts."""
    required: tuple[str, ...]
    """The columns that are read; first id and title, without which a row is no show."""
    show: Callable[[Row], Show]


def read(layout: CsvLayout, name: str, text: str, rejects: Rejects) -> list[Show]:
    """Read all rows; see ``catalogue_files.read_catalogue``."""
    shows = []
    for number, row in _rows(layout, name, text, rejects):
        try:
            show, left_out = _show(layout, row)
        except _BadCellError as error:
            rejects.add(name, number, str(error), ",".join(row.values()))
            continue
        shows.append(show)
        for problem in left_out:
            rejects.add(name, number, left_out_reason(problem), ",".join(row.values()))
    return shows


def _show(layout: CsvLayout, row: Row) -> tuple[Show, list[str]]:
    """Make a show without the cells that are bad, and say what is wrong with each of these."""
    left_out: list[str] = []
    while True:
        try:
            return layout.show(row), left_out
        except _BadCellError as error:
            if error.column in layout.required[:2]:
                raise
            left_out.append(str(error))
            row = row | {error.column: ""}


def _rows(layout: CsvLayout, name: str, text: str, rejects: Rejects) -> Iterator[tuple[int, Row]]:
    """Yield the rows with the number of the line they start on.

    A row that cannot be read costs only its first line: a stray quote must not swallow the rows
    after it.
    """
    lines = list(io.StringIO(text, newline=""))
    columns = [column.strip() for column in next(csv.reader(lines[:1]), [])]
    missing = [column for column in layout.required if column not in columns]
    if missing:
        raise DataError(
            f"{name} lacks the column {', '.join(missing)} of the layout {layout.name}; "
            f"it has: {', '.join(columns)}"
        )
    start = 1
    reader = csv.reader(lines[start:], strict=True)
    while start < len(lines):
        before = reader.line_num
        try:
            cells = next(reader)
            problem = _problem(cells, len(columns))
        except csv.Error:
            problem = "unreadable CSV"
        if problem:
            rejects.add(name, start + 1, problem, ascii(lines[start].rstrip()))
            start += 1
            reader = csv.reader(lines[start:], strict=True)
            continue
        if cells:
            yield start + 1, dict(zip(columns, cells, strict=True))
        start += reader.line_num - before


def _problem(cells: list[str], n_columns: int) -> str | None:
    if cells and len(cells) != n_columns:
        return f"{len(cells)} columns instead of {n_columns}"
    return None if is_decoded("".join(cells)) else "not valid UTF-8"


def _whole_number(row: Row, column: str, least: int = 0) -> int | None:
    """Return the whole number of a cell such as "28" or "28.0", ``None`` where it is missing."""
    number = _number(row, column)
    if number is None:
        return None
    if number != int(number) or not least <= number < 2**31:
        raise _BadCellError(column, f"not a whole number from {least} up")
    return int(number)


def _number(row: Row, column: str) -> float | None:
    text = normalise.known(row[column])
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        raise _BadCellError(column, "not a number") from None
    if not math.isfinite(number):
        raise _BadCellError(column, "not a number")
    return number


def _anime_id(row: Row, column: str) -> int:
    anime_id = _whole_number(row, column, least=1)
    if anime_id is None:
        raise _BadCellError(column, "missing")
    return anime_id


def _title(row: Row, column: str) -> str:
    title = normalise.one_line(row[column])
    if not title:
        raise _BadCellError(column, "missing")
    return title


def _score(row: Row, column: str) -> float | None:
    score = _number(row, column)
    if score is not None and not 0 <= score <= 10:
        raise _BadCellError(column, "not from 0 to 10")
    return score or None


def _names(text: str) -> tuple[str, ...]:
    """Split "Bones, Sunrise" into names."""
    return tuple(name for part in text.split(",") if (name := normalise.known(part)))


def _kaggle_2020(row: Row) -> Show:
    title = _title(row, "Name")
    genres, tags = genres_and_tags(row["Genres"].split(","))
    age_rating = normalise.age_rating(row["Rating"])
    year, season = normalise.premiered(row["Premiered"])
    if year is None:
        year, season = normalise.first_aired(row["Aired"])
    return Show(
        anime_id=_anime_id(row, "MAL_ID"),
        title=title,
        title_english=normalise.known(row["English name"]),
        title_japanese=normalise.known(row["Japanese name"]),
        genres=genres,
        tags=tags,
        studios=_names(row["Studios"]),
        source=normalise.source(row["Source"]),
        type=normalise.show_type(row["Type"]),
        episodes=_whole_number(row, "Episodes") or None,
        year=year,
        season=season,
        age_rating=age_rating,
        score=_score(row, "Score"),
        members=_whole_number(row, "Members"),
        is_adult=normalise.is_adult(age_rating, genres),
    )


def _kaggle_2020_synopsis(row: Row) -> Show:
    genres, tags = genres_and_tags(row["Genres"].split(","))
    return Show(
        anime_id=_anime_id(row, "MAL_ID"),
        title=_title(row, "Name"),
        synopsis=normalise.synopsis(row["sypnopsis"]),
        genres=genres,
        tags=tags,
        score=_score(row, "Score"),
        is_adult=normalise.is_adult(None, genres),
    )


def _kaggle_2018(row: Row) -> Show:
    anime_id = _anime_id(row, "anime_id")
    title = _title(row, "title")
    english = normalise.known(row["title_english"])
    japanese = normalise.known(row["title_japanese"])
    genres, tags = genres_and_tags(row["genre"].split(","))
    age_rating = normalise.age_rating(row["rating"])
    year, season = normalise.premiered(row["premiered"])
    if year is None:
        year, season = normalise.first_aired(row["aired_string"])
    return Show(
        anime_id=anime_id,
        title=title,
        title_english=english,
        title_japanese=japanese,
        synonyms=normalise.synonyms(_names(row["title_synonyms"]), (title, english, japanese)),
        genres=genres,
        tags=tags,
        studios=_names(row["studio"]),
        source=normalise.source(row["source"]),
        type=normalise.show_type(row["type"]),
        episodes=_whole_number(row, "episodes") or None,
        year=year,
        season=season,
        age_rating=age_rating,
        score=_score(row, "score"),
        members=_whole_number(row, "members"),
        poster_url=normalise.known(row["image_url"]),
        relations=_relations(anime_id, row["related"]),
        is_adult=normalise.is_adult(age_rating, genres),
    )


def _relations(anime_id: int, text: str) -> tuple[Relation, ...]:
    """Read ``{'Sequel': [{'mal_id': 2, 'type': 'anime', ...}], 'Adaptation': [...]}``.

    Related manga are passed over. The file writes Python literals, and ``[]`` for no relations.
    """
    if normalise.known(text) is None:
        return ()
    try:
        related = ast.literal_eval(text) or {}
        found = {
            Relation(int(other["mal_id"]), normalise.relation_kind(str(kind)))
            for kind, others in related.items()
            for other in others
            if other["type"] == "anime"
        }
    except (
        *(SyntaxError, ValueError, TypeError, KeyError, AttributeError, OverflowError),
        *(RecursionError, MemoryError),  # of Python's parser, when brackets nest too deep
    ):
        raise _BadCellError("related", "not a list of relations") from None
    return tuple(sorted(r for r in found if r.anime_id != anime_id and 0 < r.anime_id < 2**31))


def _kaggle_2016(row: Row) -> Show:
    genres, tags = genres_and_tags(row["genre"].split(","))
    return Show(
        anime_id=_anime_id(row, "anime_id"),
        title=_title(row, "name"),
        genres=genres,
        tags=tags,
        type=normalise.show_type(row["type"]),
        episodes=_whole_number(row, "episodes") or None,
        score=_score(row, "rating"),
        members=_whole_number(row, "members"),
        is_adult=normalise.is_adult(None, genres),
    )


LAYOUTS: Final = {
    layout.name: layout
    for layout in (
        CsvLayout(
            "Kaggle 2020 anime_with_synopsis.csv",
            frozenset({"MAL_ID", "sypnopsis"}),
            ("MAL_ID", "Name", "Score", "Genres", "sypnopsis"),
            _kaggle_2020_synopsis,
        ),
        CsvLayout(
            "Kaggle 2020 anime.csv",
            frozenset({"MAL_ID"}),
            (
                *("MAL_ID", "Name", "Score", "Genres", "English name", "Japanese name", "Type"),
                *("Episodes", "Aired", "Premiered", "Studios", "Source", "Rating", "Members"),
            ),
            _kaggle_2020,
        ),
        CsvLayout(
            "Kaggle 2018 AnimeList.csv",
            frozenset({"anime_id", "title"}),
            (
                *("anime_id", "title", "title_english", "title_japanese", "title_synonyms"),
                *("image_url", "type", "source", "episodes", "aired_string", "rating", "score"),
                *("members", "related", "premiered", "studio", "genre"),
            ),
            _kaggle_2018,
        ),
        CsvLayout(
            "Kaggle 2016 anime.csv",
            frozenset({"anime_id", "name"}),
            ("anime_id", "name", "genre", "type", "episodes", "rating", "members"),
            _kaggle_2016,
        ),
    )
}
"""Keyed by name; the first whose signature a file has is its layout."""
