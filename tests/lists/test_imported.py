"""Shows of a list are looked for; every line is matched, unknown or skipped."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anirec.data.histories import Entry
from anirec.data.schema import Status
from anirec.lists.imported import NO_ANILIST_IDS, REPEATED, UnknownShow, import_list
from anirec.lists.read_list import ReadEntry, ReadList, Site
from lists.exports import Shows

MAL, ANILIST = Site.MYANIMELIST, Site.ANILIST


def read(*entries: ReadEntry, **skipped: int) -> ReadList:
    return ReadList("here", entries, skipped)


def test_shows_are_matched_or_unknown() -> None:
    found = import_list(
        read(
            ReadEntry(MAL, 1, 9, Status.COMPLETED),
            ReadEntry(MAL, 2, 8, Status.DROPPED, "Gone"),
            ReadEntry(ANILIST, 1003, 7, Status.WATCHING),
            ReadEntry(ANILIST, 5004, 6, Status.ON_HOLD, None, 4),
            ReadEntry(ANILIST, 1005, 5, Status.ON_HOLD, None, 999),
            ReadEntry(ANILIST, 5006, 4, Status.ON_HOLD, "Lost"),
            manga=3,
        ),
        Shows(1, 3, 4, 5),
    )
    assert found.entries == [Entry(1, 9, 2), Entry(3, 7, 1), Entry(4, 6, 3), Entry(5, 5, 3)]
    assert found.unknown == [UnknownShow(MAL, 2, "Gone"), UnknownShow(ANILIST, 5006, "Lost")]
    assert (found.source, found.read, found.matched) == ("here", 9, 4)
    assert found.skipped == {"manga": 3}
    assert found.notes == ()


def test_the_last_of_a_repeated_show_counts_also_across_sites() -> None:
    found = import_list(
        read(
            ReadEntry(MAL, 1, 9, Status.COMPLETED),
            ReadEntry(ANILIST, 1001, 3, Status.DROPPED),
            ReadEntry(MAL, 2, 1, Status.COMPLETED),
            ReadEntry(MAL, 2, 1, Status.COMPLETED),
        ),
        Shows(1),
    )
    assert found.entries == [Entry(1, 3, Status.DROPPED)]
    assert len(found.unknown) == 1
    assert found.skipped == {REPEATED: 2}
    assert found.read == 4


def test_a_bundle_without_anilist_ids_says_so_where_it_matters() -> None:
    by_anilist = ReadEntry(ANILIST, 1001, 9, Status.COMPLETED)
    with_both = ReadEntry(ANILIST, 1001, 9, Status.COMPLETED, None, 1)
    shows = Shows(1, anilist=False)
    assert import_list(read(by_anilist), shows).notes == (NO_ANILIST_IDS,)
    assert import_list(read(with_both), shows).notes == ()
    assert import_list(read(), shows).notes == ()


@given(
    st.lists(
        st.builds(
            ReadEntry,
            st.sampled_from(Site),
            st.integers(1, 8) | st.integers(1001, 1008),
            st.integers(0, 10),
            st.sampled_from(Status),
            st.none(),
            st.none() | st.integers(1, 8),
        ),
        max_size=40,
    )
)
def test_every_line_is_accounted_for(entries: list[ReadEntry]) -> None:
    found = import_list(read(*entries), Shows(1, 2, 3, 4))
    assert found.read == len(entries)
    ids = [one.anime_id for one in found.entries]
    assert len(ids) == len(set(ids))
    assert set(ids) <= {1, 2, 3, 4}
