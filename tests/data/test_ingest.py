from __future__ import annotations

import csv
import gzip
import json
import random
import re
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from list_files import ANIMELIST, CATALOGUE_2016, HEADER_2020, RATING_2016, ROWS_2020, write

from anirec.data.ingest import OUTPUT_FILES, ingest
from anirec.data.list_stream import Selection
from anirec.errors import DataError
from anirec.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from anirec.data.ingest import IngestSummary

Row = tuple[int, int, int, int, int]

TABLE_2020: list[Row] = [(1, 1, 0, 6, 0), (1, 5114, 10, 2, 64), (2, 20, 3, 4, 5), (2, 5114, 7, 1, 12)]  # fmt: skip


def table(out: Path) -> list[Row]:
    rows: list[Row] = pl.read_parquet(out / "interactions.parquet").drop("updated_at").rows()
    return rows


def content(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir()}


def check_sum(summary: IngestSummary) -> None:
    assert summary.entries_read == (
        summary.entries
        + summary.entries_rejected
        + summary.entries_repeated
        + summary.entries_not_sampled
        + summary.entries_of_other_length
    )


def big_list(viewers: int = 400) -> str:
    rng = random.Random(7)
    rows = [
        f"{user},{anime},{rng.randrange(11)},{rng.choice([1, 2, 3, 4, 6])},{rng.randrange(30)}"
        for user in range(viewers)
        for anime in rng.sample(range(1, 200), rng.randrange(1, 40))
    ]
    rng.shuffle(rows)
    return "\n".join([HEADER_2020, *rows, ""])


def test_a_list_and_a_catalogue_become_tables(tmp_path: Path) -> None:
    lists = write(tmp_path / "animelist.csv", ANIMELIST)
    catalogue = write(tmp_path / "anime.csv", CATALOGUE_2016)
    out = tmp_path / "out"
    summary = ingest([str(lists), str(catalogue)], out)
    assert table(out) == TABLE_2020
    assert pl.read_parquet(out / "interactions.parquet").schema == {
        "user_id": pl.Int64,
        "anime_id": pl.Int32,
        "rating": pl.UInt8,
        "status": pl.UInt8,
        "episodes_watched": pl.UInt16,
        "updated_at": pl.Datetime("us", "UTC"),
    }
    assert pl.read_parquet(out / "catalogue.parquet")["anime_id"].to_list() == [20, 5114]
    assert sorted(content(out)) == sorted(OUTPUT_FILES)
    assert json.loads((out / "ingest.json").read_text()) == json.loads(summary.model_dump_json())
    assert (summary.entries, summary.viewers, summary.shows) == (4, 2, 2)
    assert (summary.shows_in_lists, summary.entries_of_unknown_shows) == (2, 1)
    check_sum(summary)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("\n", "\n\n") + "\n\n",
        lambda text: "\ufeff" + text,
        lambda text: HEADER_2020 + text.removeprefix(HEADER_2020).replace(",", ".0,"),
        lambda text: "\n".join(",".join(reversed(row.split(","))) for row in text.split("\n")),
        lambda text: "\n".join(f'7,{row},"a, b"' if row else "" for row in text.split("\n")),
        lambda text: re.sub(r"([^,\n]+)", r'"\1"', text),
        str.upper,
    ],
    ids=[
        "crlf",
        "no_last_break",
        "blank_lines",
        "bom",
        "floats",
        "column_order",
        "extra_columns",
        "quoted",
        "upper",
    ],
)
def test_ways_of_writing_csv_make_no_difference(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    lists = write(tmp_path / "animelist.csv", change(ANIMELIST))
    summary = ingest([str(lists)], tmp_path / "out")
    assert table(tmp_path / "out") == TABLE_2020
    assert not summary.rejected


def test_from_a_directory_the_fullest_list_and_all_catalogues_are_taken(tmp_path: Path) -> None:
    data = tmp_path / "data"
    write(data / "rating.csv", RATING_2016 * 1)
    write(data / "rating_complete.csv", "user_id,anime_id,rating\n" + "3,20,9\n" * 500)
    write(data / "small.csv", ANIMELIST.replace("2,20,3,4,5\n", ""))
    write(data / "watching_status.csv", "status, description\n1,Currently Watching\n")
    write(data / "empty.csv", "")
    write(data / "broken.csv", "user_id,anime_id\n1,1\n")
    write(data / "animelist.csv.gz", gzip.compress(ANIMELIST.encode() * 1))
    write(data / "anime.csv", CATALOGUE_2016)
    write(data / "README.md", "about")
    write(data / "old_mac.csv", ANIMELIST.replace("\n", "\r"))
    write(data / "broken.zip", b"PK\x03\x04")
    summary = ingest([str(data)], tmp_path / "out")
    # Of two of one layout it is the larger file, as stored.
    assert [entry.name for entry in summary.lists] == [f"{data}/animelist.csv.gz"]
    assert [entry.name for entry in summary.catalogues] == [f"{data}/anime.csv"]
    skipped = {entry.name.rsplit("/")[-1]: entry.reason for entry in summary.skipped}
    assert skipped.pop("watching_status.csv").startswith("is no list or catalogue")
    assert skipped.pop("broken.csv").startswith("lacks the column rating of the layout")
    assert skipped.pop("old_mac.csv").startswith("has a lone carriage return in its first line")
    assert skipped == {
        "rating.csv": "another list (Kaggle 2016 rating): name it to read it",
        "rating_complete.csv": "another list (Kaggle 2020 rating_complete): name it to read it",
        "small.csv": "another list (Kaggle 2020 animelist): name it to read it",
        "empty.csv": "is empty",
        "broken.zip": "is not a readable zip archive; fetch it again",
    }


def test_a_list_that_is_named_beside_its_directory_is_read_too(tmp_path: Path) -> None:
    data = tmp_path / "data"
    write(data / "animelist.csv", ANIMELIST)
    write(data / "rating.csv", RATING_2016)
    addresses = [str(data), str(data / "rating.csv"), str(data / "animelist.csv")]
    summary = ingest(addresses, tmp_path / "out", Selection(user_offset=100))
    assert [entry.layout for entry in summary.lists] == ["Kaggle 2020 animelist", "Kaggle 2016 rating"]  # fmt: skip
    assert not summary.skipped
    assert table(tmp_path / "out") == [*TABLE_2020, (101, 20, 0, 2, 0), (101, 24, 8, 2, 0)]


def test_a_named_list_of_simulated_viewers_says_so(tmp_path: Path) -> None:
    data = tmp_path / "data"
    lists = write(data / "animelist.csv", ANIMELIST)
    catalogue = write(data / "anime.csv", CATALOGUE_2016)
    real = write(tmp_path / "rating.csv", RATING_2016.replace("\n1,", "\n9,"))
    assert not ingest([str(lists)], tmp_path / "out").simulated
    write(data / "simulated.json", "{}")
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        for path in data.iterdir():
            archive.write(path, path.name)
    for address in (
        data,
        lists,
        f"{tmp_path}/archive.zip",
        f"{tmp_path}/archive.zip/animelist.csv",
    ):
        assert ingest([str(address), str(real)], tmp_path / "out").simulated
    assert not ingest([str(real), str(catalogue)], tmp_path / "out").simulated


def test_a_named_list_of_simulated_viewers_says_so_from_afar(tmp_path: Path) -> None:
    bucket = MemoryFileSystem()
    bucket.pipe("/anirec-lists/animelist.csv", ANIMELIST.encode())
    address = "memory://anirec-lists/animelist.csv"
    assert not ingest([address], tmp_path / "out").simulated
    bucket.pipe("/anirec-lists/simulated.json", b"{}")
    assert ingest([address], tmp_path / "out").simulated
    bucket.rm("/anirec-lists", recursive=True)


def test_an_archive_is_read_as_a_directory(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("animelist.csv", ANIMELIST)
        archive.writestr("rating.csv", RATING_2016)
        archive.writestr("anime.csv", CATALOGUE_2016)
    summary = ingest([str(tmp_path / "archive.zip")], tmp_path / "out")
    assert (summary.entries, summary.shows, len(summary.skipped)) == (4, 2, 1)
    ingest([f"{tmp_path}/archive.zip/rating.csv"], tmp_path / "out")
    assert table(tmp_path / "out") == [(1, 20, 0, 2, 0), (1, 24, 8, 2, 0)]


def test_bad_rows_go_to_a_file_and_good_rows_are_never_lost(tmp_path: Path) -> None:
    bad = ["x,1,1,1,1", "3,1,11,1,1", "3,1,1,9,1", "-3,1,1,1,1", "3,1", '3,"1,1,1,1']
    lists = write(tmp_path / "animelist.csv", "\n".join([HEADER_2020, bad[0], ROWS_2020[0], *bad[1:], *ROWS_2020[1:], ROWS_2020[0].replace(",10,", ",9,")]))  # fmt: skip
    summary = ingest([str(lists)], tmp_path / "out")
    assert table(tmp_path / "out") == [(1, 1, 0, 6, 0), (1, 5114, 9, 2, 64), *TABLE_2020[2:]]
    assert (summary.entries_rejected, summary.entries_repeated) == (6, 1)
    check_sum(summary)
    with (tmp_path / "out" / "rejected.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["source"] for row in rows} == {str(lists)}
    assert [(row["line"], row["text"]) for row in rows] == [
        *zip(["2", "4", "5", "6", "7", "8"], bad, strict=True),
        ("3", "1,5114,10"),
    ]
    assert summary.rejected == {row["reason"]: 1 for row in rows}


def test_a_gzip_that_is_cut_off_keeps_what_was_readable(tmp_path: Path) -> None:
    text = big_list()
    data = gzip.compress(text.encode())
    lists = write(tmp_path / "animelist.csv.gz", data[: len(data) // 2])
    summary = ingest([str(lists)], tmp_path / "out", block_bytes=1000)
    assert summary.lists[0].damage == "the gzip file is cut off"
    assert 3000 < summary.entries < text.count("\n") - 1
    assert summary.rejected in ({}, {"line cut off": 1})
    whole = {tuple(map(int, row.split(","))) for row in text.split("\n")[1:-1]}
    assert set(table(tmp_path / "out")) <= whole
    check_sum(summary)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (HEADER_2020, "no entries, only a header"),
        (HEADER_2020 + "\n", "no entries, only a header"),
        (HEADER_2020 + "\nx,1,1,1,1\n", "none of 1 entries could be used; 1 times: user_id is"),
        (
            ANIMELIST.encode("utf-16"),
            r"is not UTF-8 text \(it looks like UTF-16\): save it as UTF-8",
        ),
        (
            ANIMELIST.replace("watching_status", "state"),
            r"lacks the column watching_status of the layout 'Kaggle 2020 animelist' "
            r"\(columns found: user_id, anime_id, rating, state, watched_episodes\)",
        ),
        (ANIMELIST.replace("\n", "\r"), "lone carriage return .*: save it with line feeds"),
        ("a;b\n1;2\n", r"is no list or catalogue that anirec knows \(columns found: a;b\)"),
    ],
)
def test_a_file_that_cannot_be_used_stops_in_one_sentence(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    lists = write(tmp_path / "animelist.csv", text)
    with pytest.raises(DataError, match=message) as error:
        ingest([str(lists)], tmp_path / "out")
    assert "\n" not in str(error.value)
    assert sorted(tmp_path.iterdir()) == [lists]


def test_no_list_at_all_names_what_is_nearly_one(tmp_path: Path) -> None:
    write(tmp_path / "data" / "anime.csv", CATALOGUE_2016)
    write(tmp_path / "data" / "list.csv", "user_id,anime_id\n1,1\n")
    with pytest.raises(DataError, match=r"no watch list in .*list\.csv lacks the column rating"):
        ingest([str(tmp_path / "data")], tmp_path / "out")


def test_clashing_viewer_ids_stop_it(tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", ANIMELIST)
    other = write(tmp_path / "other.csv", RATING_2016)
    out = tmp_path / "out"
    with pytest.raises(DataError, match=r"one\.csv and .*other\.csv both have a viewer 1: give --user-offset 10 "):  # fmt: skip
        ingest([str(one), str(other)], out)
    with pytest.raises(DataError, match="--user-offset 10 "):
        ingest([str(one), str(other)], out, Selection(user_offset=1))
    assert not out.exists()
    ingest([str(one), str(other)], out, Selection(user_offset=10))
    assert table(out) == [*TABLE_2020, (11, 20, 0, 2, 0), (11, 24, 8, 2, 0)]
    ingest([str(other), str(one)], out, Selection(user_offset=10))
    assert {row[0] for row in table(out)} == {1, 11, 12}


def test_equal_user_names_can_only_be_joined(tmp_path: Path) -> None:
    header = "username,anime_id,my_score,my_status\n"
    one = write(tmp_path / "one.csv", header + "ann,20,7,2\n")
    other = write(tmp_path / "other.csv", header + "ann,24,8,2\nbob,24,6,2\n")
    addresses = [str(one), str(other)]
    with pytest.raises(
        DataError, match=r"of the same name.*: give --user-offset 0 to join"
    ) as error:
        ingest(addresses, tmp_path / "out")
    assert str(error.value).count("--user-offset") == 1
    assert ingest(addresses, tmp_path / "out", Selection(user_offset=0)).viewers == 2


def test_the_offset_for_numbered_viewers_does_not_follow_hashed_names(tmp_path: Path) -> None:
    named = write(tmp_path / "named.csv", "username,anime_id,my_score,my_status\nann,20,7,2\n")
    one = write(tmp_path / "one.csv", ANIMELIST)
    other = write(tmp_path / "other.csv", RATING_2016)
    with pytest.raises(DataError, match="give --user-offset 10 "):
        ingest([str(named), str(one), str(other)], tmp_path / "out")


def test_offset_0_merges_and_the_later_list_wins(tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", ANIMELIST)
    other = write(tmp_path / "other.csv", "user_id,anime_id,rating\n1,5114,2\n1,24,8\n")
    summary = ingest([str(one), str(other)], tmp_path / "out", Selection(user_offset=0))
    assert table(tmp_path / "out")[:3] == [(1, 1, 0, 6, 0), (1, 24, 8, 2, 0), (1, 5114, 2, 2, 0)]
    assert summary.entries_repeated == 1
    ingest([str(other), str(one)], tmp_path / "out", Selection(user_offset=0))
    assert (1, 5114, 10, 2, 64) in table(tmp_path / "out")


def test_an_offset_beyond_64_bits_is_refused(tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", ANIMELIST)
    other = write(tmp_path / "other.csv", RATING_2016)
    with pytest.raises(DataError, match="too large"):
        ingest([str(one), str(other)], tmp_path / "out", Selection(user_offset=2**62))


def test_within_a_stream_of_updates_the_latest_date_wins(tmp_path: Path) -> None:
    rows = [
        "1,20,9,Completed,12.0,12.0,2022-06-16T10:55:05+00:00",
        "1,20,0,Watching,3.0,12.0,2022-06-01T10:55:05+00:00",
        "1,24,5,Dropped,,,",
    ]
    header = "user_id,anime_id,score,status,episodes_seen,episodes_total,date"
    lists = write(tmp_path / "updates.csv", "\n".join([header, *rows, ""]))
    ingest([str(lists)], tmp_path / "out")
    frame = pl.read_parquet(tmp_path / "out" / "interactions.parquet")
    assert frame.drop("updated_at").rows() == [(1, 20, 9, 2, 12), (1, 24, 5, 4, 0)]
    assert [str(date) for date in frame["updated_at"]] == ["2022-06-16 10:55:05+00:00", "None"]


@pytest.mark.parametrize("block_bytes", [100, 5_000, 1 << 24])
def test_equal_input_gives_equal_bytes(tmp_path: Path, block_bytes: int) -> None:
    text = big_list() + "x\n3,7,1,2,1\n3,7,2,2,1\n"
    lists = write(tmp_path / "animelist.csv", text)
    catalogue = write(tmp_path / "anime.csv", CATALOGUE_2016)
    addresses = [str(lists), str(catalogue)]
    ingest(addresses, tmp_path / "out")
    first = content(tmp_path / "out")
    ingest(addresses, tmp_path / "out", block_bytes=block_bytes)
    assert content(tmp_path / "out") == first


def test_the_table_holds_the_whole_list_sorted(tmp_path: Path) -> None:
    text = big_list()
    lists = write(tmp_path / "animelist.csv", text)
    ingest([str(lists)], tmp_path / "out", block_bytes=3_000)
    rows = [tuple(map(int, row.split(","))) for row in text.split("\n")[1:-1]]
    assert table(tmp_path / "out") == sorted(rows)


def test_sampling_takes_whole_viewers(tmp_path: Path) -> None:
    lists = write(tmp_path / "animelist.csv", big_list())
    ingest([str(lists)], tmp_path / "all")
    summary = ingest([str(lists)], tmp_path / "out", Selection(sample_users=0.25))
    sample = table(tmp_path / "out")
    chosen = {row[0] for row in sample}
    assert summary.viewers == len(chosen)
    assert 60 < len(chosen) < 140
    assert sample == [row for row in table(tmp_path / "all") if row[0] in chosen]
    check_sum(summary)
    ingest([str(lists)], tmp_path / "half", Selection(sample_users=0.5))
    assert chosen < {row[0] for row in table(tmp_path / "half")}
    ingest([str(lists)], tmp_path / "other", Selection(sample_users=0.25, salt="other"))
    assert chosen != {row[0] for row in table(tmp_path / "other")}


def test_lists_of_other_lengths_are_left_out(tmp_path: Path) -> None:
    lists = write(tmp_path / "animelist.csv", big_list() + "5,7,1,2,1\n" * 50)
    ingest([str(lists)], tmp_path / "all")
    lengths: dict[int, int] = {}
    for row in table(tmp_path / "all"):
        lengths[row[0]] = lengths.get(row[0], 0) + 1
    summary = ingest([str(lists)], tmp_path / "out", Selection(min_entries=10, max_entries=30))
    fits = {user for user, n in lengths.items() if 10 <= n <= 30}
    assert {row[0] for row in table(tmp_path / "out")} == fits
    check_sum(summary)
    with pytest.raises(DataError, match=r"none of .* entries is left after the selection"):
        ingest([str(lists)], tmp_path / "out", Selection(min_entries=1000))


class Interrupting(Progress):
    """Plays the person who presses Ctrl-C at the n-th sign of progress."""

    def __init__(self, after: int) -> None:
        self.after = after

    @contextmanager
    def bar(self, text: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        def advance(done: int) -> None:
            self.after -= 1
            if self.after < 0:
                raise KeyboardInterrupt

        yield advance


@pytest.mark.parametrize("left", [10, 4, 1])
def test_an_interrupt_leaves_the_old_output_whole(tmp_path: Path, left: int) -> None:
    data = tmp_path / "data"
    out = tmp_path / "out"
    write(data / "animelist.csv", big_list(100))
    undisturbed = Interrupting(after=1000)
    ingest([str(data)], out, progress=undisturbed, block_bytes=3000)
    n_signs = 1000 - undisturbed.after
    assert n_signs == 10  # nine blocks read, one range of viewers written
    old = content(out)
    write(data / "animelist.csv", big_list(100).replace(",2,", ",3,"))
    with pytest.raises(KeyboardInterrupt):
        ingest([str(data)], out, progress=Interrupting(n_signs - left), block_bytes=3000)
    assert content(out) == old
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]


def test_a_directory_with_other_files_is_not_replaced(tmp_path: Path) -> None:
    lists = write(tmp_path / "data" / "animelist.csv", ANIMELIST)
    with pytest.raises(DataError, match=r"holds animelist\.csv, which is no output"):
        ingest([str(lists)], tmp_path / "data")


def test_an_output_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    lists = write(tmp_path / "animelist.csv", ANIMELIST)
    with pytest.raises(DataError, match="cannot be written"):
        ingest([str(lists)], lists / "out")
