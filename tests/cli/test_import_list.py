"""``anirec import-list``: a summary, and a CSV that ``anirec recommend`` takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from anirec.recommender import Recommender
from lists.by_name.site_server import Reply, site_server
from lists.exports import anime, collection, entry, mal_xml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    Run = Callable[..., tuple[int, str, str]]


def json_of(run: Run, *arguments: object) -> Any:
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_a_file_is_summarised(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "animelist.xml"
    gone = [anime(1000 + i, title=f"Gone {i}") for i in range(12)]
    path.write_bytes(mal_xml(anime(10, 9), anime(20, 0, "6"), anime(30, 1, "5"), *gone))
    code, out, err = run("import-list", path)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == [
        "MyAnimeList export: 15 lines read, 2 shows matched, 12 unknown, 1 skipped",
        "skipped 1: unknown status",
    ]
    assert lines[2] == "unknown: Gone 0 (myanimelist 1000)"
    assert lines[-1] == "and 2 more unknown"


def test_the_csv_gives_the_recommendations_of_the_list(
    run: Run, bundles: Path, tmp_path: Path
) -> None:
    path, out = tmp_path / "animelist.xml", tmp_path / "list.csv"
    path.write_bytes(mal_xml(anime(10, 9), anime(20, 0, "6"), anime(30, 1, "Dropped"), anime(5)))
    imported = json_of(run, "import-list", path, "--out", out)
    assert imported["history"] == [
        {"anime_id": 10, "rating": 9, "status": 2},
        {"anime_id": 20, "rating": 0, "status": 6},
        {"anime_id": 30, "rating": 1, "status": 4},
    ]
    assert imported["unknown"] == [{"site": "myanimelist", "id": 5, "title": "T"}]
    as_json = tmp_path / "list.json"
    as_json.write_text(json.dumps(imported["history"]))
    answer = json_of(run, "recommend", "--history", out)
    assert answer == json_of(run, "recommend", "--history", as_json)
    assert len(answer["recommendations"]) == 10
    assert answer["ignored"] == []
    again = json_of(run, "import-list", out)
    assert (again["history"], again["source"]) == (imported["history"], "CSV")


def test_recommend_says_which_lines_of_a_csv_it_passed_over(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("anime_id,status\n10,2\n5,2\n20,9\n")
    code, out, err = run("recommend", "--history", path)
    assert code == 0
    assert out
    assert err == (f"{path}: skipped 1: unknown status\nignored, for the catalogue lacks them: 5\n")
    path.write_text("anime_id,status\n10\n")
    assert run("recommend", "--history", path)[0] == 1


def test_a_user_of_a_site(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with site_server() as site:
        monkeypatch.setenv("ANIREC_ANILIST_URL", site.address)
        site.replies = [Reply(content=collection(entry(7, 10, 9), entry(8, None, 9)))]
        imported = json_of(run, "import-list", "--anilist", "someone")
    assert imported["source"] == "AniList, someone"
    assert imported["history"] == [{"anime_id": 10, "rating": 9, "status": 2}]
    assert imported["unknown"] == [{"site": "anilist", "id": 8, "title": "A8"}]
    assert imported["notes"] == [
        "this bundle does not know AniList's ids: publish it again from a catalogue that has them"
    ]


def test_what_cannot_be_had_is_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    junk = tmp_path / "junk.xml"
    junk.write_bytes(b"<rss/>")
    monkeypatch.delenv("ANIREC_MAL_CLIENT_ID", raising=False)
    for arguments in (
        (tmp_path / "nothing.xml",),
        (junk,),
        (junk, "--out", tmp_path / "out.csv"),
        ("--myanimelist", "someone"),
        ("--anilist", "../x"),
    ):
        code, out, err = run("import-list", *arguments)
        assert (code, out) == (1, "")
        assert err.startswith("anirec: ")
        assert err.count("\n") == 1
    assert not (tmp_path / "out.csv").exists()


def test_one_source_at_a_time(run: Run, tmp_path: Path) -> None:
    for arguments in ((), ("x.xml", "--anilist", "a"), ("--jikan", "a", "--anilist", "b")):
        code, _, err = run("import-list", *arguments)
        assert code == 2
        assert "give one of FILE, --anilist, --myanimelist and --jikan" in err


def test_ids_of_anilist_lead_to_shows(bundles: Path) -> None:
    rec = Recommender.load(bundles / "current")
    assert not rec.bundle.catalogue.has_anilist_ids
    assert rec.bundle.catalogue.anime_of_anilist([7, 0]) == [None, None]
    assert rec.bundle.catalogue.knows([10, 11, 0]) == [True, False, False]
