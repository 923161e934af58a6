"""Turns blocks of a watch list into valid interactions, and says why rows are not."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from anirec.data.csv_blocks import Lines, all_have_fields, quoted_records
from anirec.data.list_layouts import STATUS_NAMES
from anirec.data.schema import (
    ANIME_ID,
    EPISODES_WATCHED,
    MAX_ANIME_ID,
    MAX_RATING,
    NOT_RATED,
    RATING,
    STATUS,
    UPDATED_AT,
    USER_ID,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.data.csv_blocks import Block
    from anirec.data.list_layouts import ListLayout
    from anirec.data.rejects import Rejects

LINE = "line"
MAX_USER_ID = 2**62 - 1
MAX_EPISODES = 2**16 - 1
TIMESTAMP = pl.Datetime("us", "UTC")

CUT_OFF = "line cut off"
CLIPPED = f"episode count above {MAX_EPISODES:,} clipped"
UNREADABLE_DATE = "unreadable date left out"

_TEXT = "text"
_N_FIELDS = "n_fields"
_NOT_A_DATE = r"^(0|0000-.*|1970-01-01[T ]00:00:00.*)?$"


def hashed_user_id(user_name: str) -> int:
    """Return the stable 62-bit number that stands for a viewer known by name."""
    digest = hashlib.blake2b(user_name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 2


class ListParser:
    """Parses the blocks of one watch list in order.

    Parameters
    ----------
    layout
        What the columns mean; the file has all that it requires.
    columns
        Column names of the file, lower case, in order.
    source
        Name of the file, for rejected rows.
    rejects
        Receives the rows that cannot be used.
    """

    def __init__(
        self, layout: ListLayout, columns: Sequence[str], source: str, rejects: Rejects
    ) -> None:
        self.n_read = 0
        self.adjusted: Counter[str] = Counter()
        """Rows kept with a repair, by kind of repair."""
        self._layout = layout
        self._columns = columns
        self._source = source
        self._rejects = rejects
        wanted = {
            USER_ID: layout.user,
            ANIME_ID: layout.anime,
            RATING: layout.rating,
            STATUS: layout.status,
            EPISODES_WATCHED: layout.episodes,
            UPDATED_AT: layout.updated,
        }
        self._position = {
            ours: columns.index(theirs) for ours, theirs in wanted.items() if theirs in columns
        }
        self._texts = {UPDATED_AT}
        if layout.user_is_name:
            self._texts.add(USER_ID)
        if layout.status_is_text:
            self._texts.add(STATUS)

    @property
    def has_dates(self) -> bool:
        """Whether the parsed frames carry ``updated_at``."""
        return UPDATED_AT in self._position

    def parse(self, block: Block) -> pl.DataFrame:
        """Return the valid rows of a block, in order.

        Returns
        -------
        DataFrame
            The columns of ``interactions`` (``updated_at`` only if ``has_dates``) and ``line``
            (u32).
        """
        data = block.data if _is_utf8(block.data) else _repaired_utf8(block.data)
        if block.is_fragment:
            self.n_read += 1
            self._rejects.add(self._source, block.first_line, CUT_OFF, data.decode().rstrip("\n"))
            return self._typed(pl.DataFrame(schema=self._schema()))
        numbers = np.arange(block.first_line, block.first_line + block.n_lines, dtype=np.uint32)
        return self._typed(self._parse(data, numbers))

    def _parse(self, data: bytes, numbers: NDArray[np.uint32]) -> pl.DataFrame:
        """Parse at full speed what is in order, and with care the lines that are not."""
        n_columns = len(self._columns)
        if all_have_fields(data, n_columns):
            regular = np.ones(len(numbers), np.bool_)
            rows = self._parse_regular(data, numbers)
        else:
            lines = Lines(data)
            n_quotes = lines.counts(b'"')
            if (n_quotes % 2).any():  # records of several lines, or stray quotes
                return self._parse_careful(data, numbers)
            regular = (n_quotes == 0) & (lines.counts(b",") == n_columns - 1)
            rows = self._parse_regular(lines.select(regular), numbers[regular])
        needed = [pl.col(name).is_not_null() for name in self._position if name != UPDATED_AT]
        checks = [valid for valid, _ in self._range_checks()]
        is_valid = rows.select(pl.all_horizontal(*needed, *checks).fill_null(False))
        in_order = is_valid.to_series().to_numpy()
        self.n_read += int(in_order.sum())
        if len(in_order) == len(numbers) and in_order.all():
            return rows
        doubtful = ~regular
        doubtful[np.flatnonzero(regular)[~in_order]] = True
        others = self._parse_careful(Lines(data).select(doubtful), numbers[doubtful])
        return pl.concat([rows.filter(is_valid.to_series()), others]).sort(LINE)

    def _schema(self) -> dict[str, pl.DataType]:
        """Return names and types of the raw columns, and the line number."""
        raw = {name: pl.String() if name in self._texts else pl.Int64() for name in self._position}
        return {**raw, LINE: pl.UInt32()}

    def _parse_regular(self, data: bytes, numbers: NDArray[np.uint32]) -> pl.DataFrame:
        """Parse lines with the right number of fields; what is no number becomes null."""
        header = ",".join(f"c{i}" for i in range(len(self._columns))).encode() + b"\n"
        raw = {name: f"c{i}" for name, i in self._position.items()}
        numeric = [column for name, column in raw.items() if name not in self._texts]
        frame = pl.read_csv(
            header + data,
            columns=list(raw.values()),
            schema_overrides=dict.fromkeys(numeric, pl.Int64),
            ignore_errors=True,
            quote_char=None,
            infer_schema=False,
        )
        return frame.select(
            *(
                (pl.col(column) if column in numeric else pl.col(column).str.strip_chars()).alias(
                    name
                )
                for name, column in raw.items()
            ),
            pl.Series(LINE, numbers),
        )

    def _range_checks(self) -> list[tuple[pl.Expr, str]]:
        """Return what must hold for the raw columns, each with the reason if it does not."""
        layout = self._layout
        lowest = min(layout.unrated, NOT_RATED)
        checks = [
            (
                pl.col(ANIME_ID).is_between(1, MAX_ANIME_ID),
                f"{layout.anime} is not between 1 and {MAX_ANIME_ID}",
            ),
            (
                pl.col(RATING).is_between(lowest, MAX_RATING),
                f"{layout.rating} is not between {lowest} and {MAX_RATING}",
            ),
        ]
        user = pl.col(USER_ID)
        if layout.user_is_name:
            is_damaged = user.str.contains("\ufffd", literal=True)
            checks += [
                (user != "", f"{layout.user} is missing"),
                (~is_damaged, f"{layout.user} is not UTF-8 text"),
            ]
        else:
            in_range = user.is_between(0, MAX_USER_ID)
            checks.append((in_range, f"{layout.user} is negative or beyond 62 bits"))
        if layout.status is not None:
            known = (
                pl.col(STATUS).str.to_lowercase().is_in(list(STATUS_NAMES))
                if layout.status_is_text
                else pl.col(STATUS).is_in([int(status) for status in Status])
            )
            checks.append((known, f"{layout.status} is not a known status"))
        if EPISODES_WATCHED in self._position:
            checks.append((pl.col(EPISODES_WATCHED) >= 0, f"{layout.episodes} is negative"))
        return checks

    def _parse_careful(self, data: bytes, numbers: NDArray[np.uint32]) -> pl.DataFrame:
        """Parse as text first: reject what is wrong and say why, keep the rest."""
        rows = self._fields(data.decode(), numbers)
        self.n_read += rows.height
        theirs = {name: self._columns[i] for name, i in self._position.items()}
        reason = (
            pl.when(pl.col(_N_FIELDS).is_null())
            .then(pl.lit("a quote is opened and never closed"))
            .when(pl.col(_N_FIELDS) != len(self._columns))
            .then(pl.lit("wrong number of fields"))
        )
        numeric = [name for name in self._position if name not in self._texts]
        texts = [name for name in self._position if name in self._texts]
        rows = rows.with_columns(pl.col(texts).str.strip_chars()).with_columns(
            *(pl.col(name).alias(f"{name}_text") for name in numeric),
            *(_whole_number(name) for name in numeric),
        )
        for name in numeric:
            text = pl.col(f"{name}_text").str.strip_chars()
            if name == EPISODES_WATCHED:
                rows = rows.with_columns(
                    pl.when(text == "").then(0).otherwise(pl.col(name)).alias(name)
                )
            else:
                reason = reason.when(text == "").then(pl.lit(f"{theirs[name]} is missing"))
            reason = reason.when(pl.col(name).is_null()).then(
                pl.lit(f"{theirs[name]} is not a whole number")
            )
        for valid, text_if_not in self._range_checks():
            reason = reason.when(~valid).then(pl.lit(text_if_not))
        rows = rows.with_columns(reason.otherwise(None).alias("reason"))
        bad = rows.filter(pl.col("reason").is_not_null())
        for line, why, text in bad.select(LINE, "reason", _TEXT).iter_rows():
            self._rejects.add(self._source, line, why, text)
        return rows.filter(pl.col("reason").is_null()).select(list(self._schema()))

    def _fields(self, text: str, numbers: NDArray[np.uint32]) -> pl.DataFrame:
        """Split into text fields, one row a record, blank lines left out."""
        if '"' in text:
            return self._quoted_fields(text, numbers)
        lines = pl.DataFrame([pl.Series(LINE, numbers), pl.Series(_TEXT, text.split("\n")[:-1])])
        parts = pl.col("parts")
        return (
            lines.filter(pl.col(_TEXT).str.strip_chars() != "")
            .with_columns(pl.col(_TEXT).str.split(",").alias("parts"))
            .select(
                LINE,
                _TEXT,
                parts.list.len().alias(_N_FIELDS),
                *(
                    parts.list.get(i, null_on_oob=True).alias(name)
                    for name, i in self._position.items()
                ),
            )
        )

    def _quoted_fields(self, text: str, numbers: NDArray[np.uint32]) -> pl.DataFrame:
        records = list(quoted_records(text, one_line=list(self._position.values())))
        columns: dict[str, list[str | None]] = {
            name: [
                record.fields[i] if record.fields and i < len(record.fields) else None
                for record in records
            ]
            for name, i in self._position.items()
        }
        return pl.DataFrame(
            {
                LINE: numbers[[record.line for record in records]],
                _TEXT: [record.text for record in records],
                _N_FIELDS: [record.fields and len(record.fields) for record in records],
                **columns,
            },
            schema={LINE: pl.UInt32, _TEXT: pl.String, _N_FIELDS: pl.UInt32}
            | dict.fromkeys(columns, pl.String),
        )

    def _typed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Bring valid raw columns to the types and codes of the ``interactions`` table."""
        layout = self._layout
        user = pl.col(USER_ID)
        if layout.user_is_name:
            names = rows[USER_ID].unique()
            ids = [hashed_user_id(name) for name in names]
            user = user.replace_strict(names, ids, return_dtype=pl.Int64)
        rating = pl.when(pl.col(RATING) == layout.unrated).then(NOT_RATED).otherwise(RATING)
        if layout.status is None:
            status = pl.lit(int(Status.COMPLETED))
        elif layout.status_is_text:
            status = pl.col(STATUS).str.to_lowercase()
            status = status.replace_strict(STATUS_NAMES, return_dtype=pl.UInt8)
        else:
            status = pl.col(STATUS)
        if EPISODES_WATCHED in rows.columns:
            n_clipped = int((rows[EPISODES_WATCHED] > MAX_EPISODES).sum())
            self.adjusted += Counter({CLIPPED: n_clipped})
            episodes = pl.col(EPISODES_WATCHED).clip(0, MAX_EPISODES)
        else:
            episodes = pl.lit(0)
        typed = [
            user.alias(USER_ID),
            pl.col(ANIME_ID).cast(pl.Int32),
            rating.cast(pl.UInt8).alias(RATING),
            status.cast(pl.UInt8).alias(STATUS),
            episodes.cast(pl.UInt16).alias(EPISODES_WATCHED),
        ]
        if self.has_dates:
            typed.append(_timestamp(UPDATED_AT))
        frame = rows.select(*typed, LINE)
        if self.has_dates:
            named = ~rows[UPDATED_AT].fill_null("").str.contains(_NOT_A_DATE)
            n_unreadable = int((named & frame[UPDATED_AT].is_null()).sum())
            self.adjusted += Counter({UNREADABLE_DATE: n_unreadable})
        return frame


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _repaired_utf8(data: bytes) -> bytes:
    """Put the replacement character where the bytes are no UTF-8."""
    return data.decode("utf-8", "replace").encode()


def _whole_number(name: str) -> pl.Expr:
    """Read text as int64: spaces around it and a fraction of zeros are fine, else null."""
    text = pl.col(name).str.strip_chars()
    is_whole = text.str.contains(r"^[+-]?[0-9]+(\.0*)?$")
    digits = text.str.strip_prefix("+").str.replace(r"\.0*$", "")
    return pl.when(is_whole).then(digits.cast(pl.Int64, strict=False)).alias(name)


def _timestamp(name: str) -> pl.Expr:
    """Read seconds since 1970, or ISO 8601 with "T" or a space; without an offset it is UTC."""
    text = pl.col(name)
    text = pl.when(~text.str.contains(_NOT_A_DATE)).then(text)
    is_epoch = text.str.contains(r"^[0-9]{1,10}$")
    epoch = pl.when(is_epoch).then(text).cast(pl.Int64, strict=False)
    iso = text.str.replace(" ", "T").str.replace("Z$", "+00:00")
    iso = pl.when(iso.str.contains(r"^[0-9-]{10}$")).then(iso + "T00:00:00").otherwise(iso)
    iso = pl.when(iso.str.contains(r"[+-][0-9]{2}:?[0-9]{2}$")).then(iso).otherwise(iso + "+00:00")
    return pl.coalesce(
        pl.from_epoch(epoch, time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        iso.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", strict=False),
    ).alias(name)
