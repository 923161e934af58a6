"""MyAnimeList's export, with all that goes wrong in it."""

from __future__ import annotations

import gzip

import pytest

from anirec.data.schema import Status
from anirec.lists import read_list as limits
from anirec.lists.errors import ListFileError, TooLargeError
from anirec.lists.file_formats import read_list
from lists.exports import HEAD, MANGA, anime, mal_xml


def only(data: bytes) -> tuple[int, int, int, str | None]:
    (one,) = read_list(data).entries
    return one.show_id, one.rating, one.status, one.title


def test_an_export_is_read_in_order() -> None:
    found = read_list(
        mal_xml(
            anime(5, 9, "Watching", "Tengoku & no <Tobira>"),
            anime(1, 0, "Plan to Watch"),
            anime(7, 10, "On-Hold"),
            anime(8, 1, "Dropped"),
        )
    )
    assert found.source == "MyAnimeList export"
    assert [(e.show_id, e.rating, e.status) for e in found.entries] == [
        (5, 9, Status.WATCHING),
        (1, 0, Status.PLAN_TO_WATCH),
        (7, 10, Status.ON_HOLD),
        (8, 1, Status.DROPPED),
    ]
    assert found.entries[0].title == "Tengoku & no <Tobira>"
    assert found.skipped == {}
    assert found.notes == ()


def test_a_packed_export_is_the_same() -> None:
    data = mal_xml(anime(5))
    assert read_list(gzip.compress(data)) == read_list(data)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((str(int(status)), status) for status in Status),
        ("on hold", Status.ON_HOLD),
        ("ON-HOLD", Status.ON_HOLD),
        ("plan_to_watch", Status.PLAN_TO_WATCH),
        (" Completed ", Status.COMPLETED),
        ("", Status.COMPLETED),
    ],
)
def test_statuses_of_every_spelling(written: str, meant: Status) -> None:
    assert only(mal_xml(anime(5, status=written)))[2] == meant


def test_an_unknown_status_skips_the_line_and_says_so() -> None:
    found = read_list(mal_xml(anime(5, status="5"), anime(6, status="Reading"), anime(7)))
    assert [one.show_id for one in found.entries] == [7]
    assert found.skipped == {"unknown status": 2}


def test_what_is_no_score_counts_as_not_rated_and_is_told() -> None:
    found = read_list(mal_xml(anime(1, "eleven"), anime(2, 11), anime(3, ""), anime(4, 7.5)))
    assert [one.rating for one in found.entries] == [0, 0, 0, 8]
    assert found.notes == ("2 scores were unreadable: such a show counts as not rated",)


@pytest.mark.parametrize(
    "entry",
    [
        "<anime><series_animedb_id>5</series_animedb_id></anime>",
        "<anime><series_animedb_id> 5 </series_animedb_id><my_score/><my_status/></anime>",
        "<anime><my_times_watched>255</my_times_watched><my_start_date>2009</my_start_date>"
        "<series_type>1</series_type><series_animedb_id>5</series_animedb_id></anime>",
        '<anime xmlns="urn:x"><series_animedb_id xmlns:y="urn:y">5</series_animedb_id></anime>',
        "<Anime><SERIES_ANIMEDB_ID>5</SERIES_ANIMEDB_ID></Anime>",
    ],
)
def test_optional_fields_may_be_missing_or_old(entry: str) -> None:
    assert only(mal_xml(entry))[:3] == (5, 0, Status.COMPLETED)


@pytest.mark.parametrize("head", ['<myanimelist xmlns="http://x">', "<m:myanimelist xmlns:m='u'>"])
def test_a_stray_namespace_does_no_harm(head: str) -> None:
    end = "</m:myanimelist>" if "m:" in head else "</myanimelist>"
    assert only((head + anime(5) + end).encode())[0] == 5


def test_unescaped_ampersands_are_repaired_outside_of_cdata_only() -> None:
    plain = "<anime><series_animedb_id>6</series_animedb_id><series_title>{}</series_title></anime>"
    data = mal_xml(
        anime(5, title="A & B &amp; C"),
        plain.format("Spice & Wolf &amp; &#233; &nbsp; &x"),
        anime(7, title="D&D"),
    )
    assert [one.title for one in read_list(data).entries] == [
        "A & B &amp; C",
        "Spice & Wolf & é &nbsp; &x",
        "D&D",
    ]


def test_bytes_that_no_xml_may_hold_are_dropped() -> None:
    data = mal_xml(anime(5, title="a\x0bb\x1f")).replace(b"a\x0b", b"a\xe9\x0b")
    assert only(data) == (5, 8, Status.COMPLETED, "a\ufffdb")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_encodings(encoding: str) -> None:
    text = mal_xml(anime(5, title="勇者")).decode()
    assert only(text.encode(encoding))[3] == "勇者"


def test_another_named_encoding_is_honoured() -> None:
    data = mal_xml(anime(5, title="é")).decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert only(data)[3] == "é"


def test_a_manga_export_is_called_one() -> None:
    with pytest.raises(ListFileError, match="is a manga list, and anirec recommends anime"):
        read_list(mal_xml(MANGA, MANGA))
    found = read_list(mal_xml(MANGA, anime(5)))
    assert found.skipped == {"manga": 1}
    assert len(found.entries) == 1


def test_an_entry_without_id_is_skipped() -> None:
    found = read_list(mal_xml(anime(""), anime("x"), anime(-3), anime(0), anime(2**31), anime(5)))
    assert [one.show_id for one in found.entries] == [5]
    assert found.skipped == {"no id": 5}


def test_an_export_of_nothing_is_a_list_of_nothing() -> None:
    assert read_list(mal_xml()).entries == ()


BOMB = '<!DOCTYPE myanimelist [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'<?xml version="1.0"?><rss version="2.0"></rss>', r"begins with <rss>"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", r"begins with <svg>"),
        (b"<!DOCTYPE html><html></html>", "is a web page"),
        (b"<html><body>Log in</body></html>", "is a web page"),
        ((BOMB + "<myanimelist>&b;</myanimelist>").encode(), "declares a document type"),
        (b'<!DOCTYPE m SYSTEM "file:///etc/passwd"><myanimelist/>', "declares a document type"),
        (b"<", r"is broken XML in line 1"),
        (mal_xml(anime(5))[:-30], r"is broken XML in line \d+ \("),
        (HEAD.encode() + b"<anime></myanimelist>", r"is broken XML in line 11"),
        (b'<?xml version="1.0" encoding="EUC-TW"?><myanimelist/>', "unknown character encoding"),
    ],
)
def test_what_is_no_export_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(ListFileError, match=rf"^list\.xml .*{says}") as caught:
        read_list(data, "list.xml")
    assert "\n" not in str(caught.value)


def test_a_list_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_LIST", 3)
    with pytest.raises(TooLargeError, match="more than 3 entries"):
        read_list(mal_xml(*(anime(i) for i in range(1, 5))))
    with pytest.raises(TooLargeError, match="lines of no use"):
        read_list(mal_xml("<manga/>" * 100_001))
    with pytest.raises(TooLargeError, match="more than 200,000 times '='"):
        read_list(mal_xml("<a b=''/>" * 200_001))
    with pytest.raises(TooLargeError, match="elements"):
        read_list(mal_xml("<a/>" * 700_001))
