"""Our posters: the same every time, readable, safe, and cheap to ask for again."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.web.poster.canvas import HEIGHT, WIDTH
from anirec.web.poster.colour import DAY, DUSK, NIGHT, PRINT, mix_palette, oklch
from anirec.web.poster.dice import Dice
from anirec.web.poster.drawing import MARGIN, SCENES, draw_poster
from anirec.web.poster.lettering import set_title, text_width
from web.web_world import MARKUP, SHOW

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SVG = "{http://www.w3.org/2000/svg}"
COLUMN = WIDTH - 2 * MARGIN

titles = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=180,
) | st.sampled_from(["K", "鋼の錬金術師 FULLMETAL ALCHEMIST", "W" * 80, "long " * 40, MARKUP])


@pytest.mark.parametrize("genre", [*SCENES, None, "Unheard of"])
def test_each_genre_has_a_drawing_that_varies_with_the_title(genre: str | None) -> None:
    genres = (genre,) if genre else ()
    drawings = {draw_poster(title, "題名", genres) for title in ("One", "Two", "Three")}
    assert len(drawings) == 3
    for drawing in drawings:
        assert ElementTree.fromstring(drawing).get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
        assert len(drawing) < 60_000


def test_a_poster_is_the_same_in_another_process() -> None:
    code = (
        "from anirec.web.poster.drawing import draw_poster;"
        "print(draw_poster('The Road', None, ('Horror', 'Drama')), end='')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == draw_poster("The Road", None, ("Horror", "Drama"))


def test_a_poster_is_attributes_only_and_asks_for_nothing() -> None:
    for genre in SCENES:
        drawing = draw_poster(MARKUP, MARKUP, (genre,))
        tree = ElementTree.fromstring(drawing)
        assert {e.tag.removeprefix(SVG) for e in tree.iter()} <= {
            "svg", "defs", "linearGradient", "stop", "rect", "circle", "ellipse", "path", "g", "text",
        }  # fmt: skip
        names = {name for element in tree.iter() for name in element.attrib}
        assert not names & {"style", "href", "onload", "class"}


@settings(max_examples=200, deadline=None)
@given(title=titles, japanese=st.none() | titles)
def test_any_title_becomes_a_poster_with_room_for_it(title: str, japanese: str | None) -> None:
    tree = ElementTree.fromstring(draw_poster(title, japanese, ("Drama",)))
    for text in tree.iter(f"{SVG}text"):
        assert 0 <= float(text.get("y", "-1")) <= HEIGHT
        assert float(text.get("textLength", "0")) <= COLUMN + 0.1


@settings(max_examples=300, deadline=None)
@given(title=titles)
def test_a_title_is_set_whole_or_cut_with_an_ellipsis(title: str) -> None:
    setting = set_title(title, COLUMN)
    assert 1 <= len(setting.lines) <= 6
    assert all(text_width(line) * setting.size <= COLUMN + 0.01 for line in setting.lines)
    words, shown = "".join(title.split()), "".join("".join(setting.lines).split())
    assert shown == words or (shown.endswith("…") and words.startswith(shown[:-1]))


def test_short_titles_are_large_and_long_ones_have_no_lonely_word() -> None:
    assert set_title("K", COLUMN).size > set_title("A rather long title of a show", COLUMN).size
    lines = set_title("Fullmetal Alchemist: Brotherhood", COLUMN).lines
    assert lines == ("Fullmetal", "Alchemist:", "Brotherhood")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("light", [NIGHT, DUSK, DAY, PRINT])
def test_a_title_contrasts_with_what_lies_under_it(light: object) -> None:
    for hue in range(0, 360, 15):
        palette = mix_palette(hue, (light,), Dice(str(hue)))  # type: ignore[arg-type]
        dark, pale = sorted((luminance(palette.veil), luminance(palette.ink)))
        assert (pale + 0.05) / (dark + 0.05) > 7


def test_colours_are_those_of_the_paper() -> None:
    assert (oklch(1, 0, 0), oklch(0, 0, 0)) == ("#ffffff", "#000000")
    assert oklch(0.62796, 0.25768, 29.234) == "#ff0000"


def test_dice_are_fair_enough_and_repeat() -> None:
    dice, again = Dice("seed"), Dice("seed")
    throws = [dice.whole(1, 6) for _ in range(6000)]
    assert throws == [again.whole(1, 6) for _ in range(6000)]
    assert all(850 < throws.count(side) < 1150 for side in range(1, 7))


def test_a_poster_is_served_once_and_then_confirmed(client: FlaskClient) -> None:
    first = client.get(f"/posters/{SHOW}.svg")
    assert first.mimetype == "image/svg+xml"
    assert MARKUP not in first.text
    again = client.get(f"/posters/{SHOW}.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_a_poster_speaks_the_language_asked_for(client: FlaskClient) -> None:
    assert "Hero" in client.get(f"/posters/{SHOW}.svg?lang=english").text
    assert "勇者" in client.get(f"/posters/{SHOW}.svg?lang=japanese").text


@pytest.mark.parametrize(
    "name", ["999999.svg", "99999999999999999999.svg", "x.svg", "10.png", "-1.svg"]
)
def test_no_poster_for_an_unknown_show(client: FlaskClient, name: str) -> None:
    assert client.get(f"/posters/{name}").status_code == 404
