"""``anirec import-list``: read a person's list, from a file or by user name."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from anirec.cli.shows import bundle_option

if TYPE_CHECKING:
    from anirec.lists.imported import ImportedList
    from anirec.lists.read_list import ReadList

SHOWN_UNKNOWN = 10
"""How many unknown shows are named; ``--json`` names all."""


@click.command("import-list")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--anilist", metavar="NAME", help="A user of AniList instead of a file.")
@click.option(
    "--myanimelist",
    metavar="NAME",
    help="A user of MyAnimeList instead; needs ANIREC_MAL_CLIENT_ID.",
)
@click.option("--jikan", metavar="NAME", help="A user of MyAnimeList, asked for through Jikan.")
@bundle_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a CSV that `anirec recommend --history` takes.",
)
@click.option("--json", "as_json", is_flag=True, help="Print for a program.")
def command(
    file: Path | None,
    anilist: str | None,
    myanimelist: str | None,
    jikan: str | None,
    bundle: str | Path,
    out: Path | None,
    as_json: bool,
) -> None:
    """Read FILE, or the list of a user, and say which shows the catalogue has.

    FILE is MyAnimeList's export, AniList's gdpr_data.json or list JSON, or our CSV.
    """
    from anirec.lists.imported import import_list
    from anirec.lists.own_csv import write
    from anirec.recommender import Recommender

    names = {"anilist": anilist, "myanimelist": myanimelist, "jikan": jikan}
    given = {source: name for source, name in names.items() if name is not None}
    if len(given) + (file is not None) != 1:
        raise click.UsageError("give one of FILE, --anilist, --myanimelist and --jikan")
    found = _read_file(file) if file is not None else _fetch(*given.popitem())
    imported = import_list(found, Recommender.load(bundle).bundle.catalogue)
    if out is not None:
        write(imported.entries, out)
    if as_json:
        click.echo(json.dumps(imported.to_dict(), ensure_ascii=False, indent=1))
    else:
        _print(imported, out)


def _read_file(path: Path) -> ReadList:
    from anirec.errors import DataError
    from anirec.lists.file_formats import read_list
    from anirec.lists.unpacking import MAX_BYTES

    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise DataError(f"no file {path}") from None
    return read_list(data, str(path))


def _fetch(source: str, user_name: str) -> ReadList:
    from anirec.lists.by_name.sites import Sites, Source
    from anirec.web.settings import Settings

    return Sites(Settings.from_environment(os.environ)).fetch(Source(source), user_name)


def _print(imported: ImportedList, out: Path | None) -> None:
    click.echo(
        f"{imported.source}: {imported.read:,} lines read, {imported.matched:,} shows matched, "
        f"{len(imported.unknown):,} unknown, {sum(imported.skipped.values()):,} skipped"
    )
    for reason, n in imported.skipped.items():
        click.echo(f"skipped {n:,}: {reason}")
    for note in imported.notes:
        click.echo(note)
    for show in imported.unknown[:SHOWN_UNKNOWN]:
        click.echo(f"unknown: {show.title or 'a show'} ({show.site} {show.show_id})")
    if len(imported.unknown) > SHOWN_UNKNOWN:
        click.echo(f"and {len(imported.unknown) - SHOWN_UNKNOWN:,} more unknown")
    if out is not None:
        click.echo(f"wrote {out}")
