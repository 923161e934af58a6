from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from anirec.bundle.catalogue import Catalogue, write_catalogue
from anirec.data.show import Relation, Show
from small_world import ADULT, small_shows


def test_gives_back_every_show(tmp_path: Path) -> None:
    shows = (
        *small_shows(),
        Show(
            anime_id=99_999,
            title='Line\nbreak "quotes" \\ 進撃の巨人 \u2028',
            synopsis="é\r\n\0",
            genres=("Action",),
            score=8.5,
            relations=(Relation(10, "SEQUEL"),),
            franchise=10,
        ),
    )
    write_catalogue(tmp_path / "catalogue", shows)
    catalogue = Catalogue(tmp_path / "catalogue")
    assert len(catalogue) == len(shows)
    assert tuple(catalogue.show(row) for row in range(len(shows))) == shows
    assert [catalogue.row(show.anime_id) for show in shows] == list(range(len(shows)))
    assert catalogue.columns.is_adult.nonzero()[0].tolist() == list(ADULT)


def test_anilist_ids_lead_to_shows_where_the_bundle_has_them(tmp_path: Path) -> None:
    shows = (Show(10, "a", anilist_id=7), Show(20, "b"), Show(30, "c", anilist_id=3))
    write_catalogue(tmp_path / "catalogue", shows)
    assert Catalogue(tmp_path / "catalogue").anilist.rows([3, 7, 10]).tolist() == [2, 0, -1]
    (tmp_path / "catalogue" / "anilist_ids.npy").unlink()  # as in bundles of before
    assert Catalogue(tmp_path / "catalogue").anilist.rows([3, 7, 10]).tolist() == [-1, -1, -1]


def test_an_id_outside_the_catalogue_has_no_row(tmp_path: Path) -> None:
    write_catalogue(tmp_path / "catalogue", small_shows())
    catalogue = Catalogue(tmp_path / "catalogue")
    assert [catalogue.row(anime_id) for anime_id in (-1, 0, 11, 10**9, 10**30)] == [-1] * 5


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_text_survives(titles: list[str]) -> None:
    shows = [
        Show(anime_id=number, title=title.encode("utf-8", "ignore").decode())
        for number, title in enumerate(titles, start=1)
    ]
    with TemporaryDirectory() as directory:
        place = Path(directory) / "catalogue"
        write_catalogue(place, shows)
        catalogue = Catalogue(place)
        assert [catalogue.show(row) for row in range(len(shows))] == shows
