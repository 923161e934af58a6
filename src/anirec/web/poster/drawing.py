"""A poster: a scene for the main genre, a palette, the title set over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from anirec.web.poster.canvas import HEIGHT, WIDTH, Canvas, number
from anirec.web.poster.colour import DAY, DUSK, NIGHT, PRINT, Light, Palette, mix_palette
from anirec.web.poster.dice import Dice
from anirec.web.poster.emblems import (
    arcane,
    blocks,
    flames,
    machine,
    pixels,
    planet,
    ranks,
    rays,
    spiral,
    waves,
)
from anirec.web.poster.landscapes import (
    castle,
    comet,
    mountains,
    rain,
    rainbow,
    road,
    skyline,
    torii,
    wires,
    wood,
)
from anirec.web.poster.lettering import ELLIPSIS, is_wide, set_title, text_width
from anirec.web.poster.still_lifes import blossoms, bowl, bubbles, court, dunes, hearts, record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DRAWING_VERSION: Final = "1"
"""Part of a poster's address: raise it whenever posters look different."""

FONTS: Final = (
    "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Hiragino Sans', 'Yu Gothic',"
    " 'Noto Sans CJK JP', sans-serif"
)
MARGIN: Final = 22


class Scene(NamedTuple):
    """What a genre looks like."""

    drawings: tuple[Callable[[Canvas, Palette, Dice], None], ...]
    hue: float
    """Degrees in OKLCH: 25 red, 55 orange, 95 yellow, 145 green, 200 cyan, 260 blue, 310 violet."""
    lights: tuple[Light, ...]


# The most telling genre first: a show about samurai is usually also action, hardly the reverse.
SCENES: Final[dict[str, Scene]] = {
    "Gourmet": Scene((bowl,), 50, (DAY, PRINT, DUSK)),
    "Cars": Scene((road,), 350, (NIGHT, DUSK)),
    "Samurai": Scene((waves, torii), 28, (PRINT, DUSK, NIGHT)),
    "Vampire": Scene((wood, skyline), 15, (NIGHT,)),
    "Mecha": Scene((machine,), 255, (NIGHT, DUSK, PRINT)),
    "Sports": Scene((court,), 40, (DUSK, DAY, PRINT)),
    "Music": Scene((record,), 320, (NIGHT, DUSK, PRINT)),
    "Horror": Scene((wood, wood, spiral), 20, (NIGHT,)),
    "Demons": Scene((flames, torii), 30, (NIGHT, DUSK)),
    "Space": Scene((planet, comet), 275, (NIGHT, NIGHT, DUSK)),
    "Dementia": Scene((spiral, blocks), 330, (NIGHT, PRINT)),
    "Psychological": Scene((spiral, rain, skyline), 300, (NIGHT, DUSK, PRINT)),
    "Game": Scene((pixels,), 290, (NIGHT, DUSK)),
    "Historical": Scene((waves, torii), 35, (PRINT, DAY, DUSK)),
    "Magic": Scene((arcane, comet), 300, (NIGHT, DUSK)),
    "Police": Scene((skyline, ranks), 250, (NIGHT, DUSK)),
    "Military": Scene((ranks,), 130, (NIGHT, PRINT, DUSK)),
    "Girls Love": Scene((hearts, blossoms), 355, (DAY, DUSK)),
    "Boys Love": Scene((hearts,), 265, (DAY, DUSK)),
    "Romance": Scene((blossoms, blossoms, comet), 0, (DAY, DUSK, DAY)),
    "Kids": Scene((rainbow,), 220, (DAY, DUSK)),
    "Mystery": Scene((spiral, skyline), 280, (NIGHT, DUSK, PRINT)),
    "Suspense": Scene((skyline, spiral), 25, (NIGHT, PRINT, DUSK)),
    "Thriller": Scene((skyline, spiral), 10, (NIGHT, PRINT)),
    "Martial Arts": Scene((rays, torii), 35, (DUSK, PRINT)),
    "Super Power": Scene((flames, rays), 265, (NIGHT, DUSK)),
    "Harem": Scene((hearts,), 345, (DAY, DUSK)),
    "Slice of Life": Scene((wires,), 235, (DAY, DUSK, DAY)),
    "School": Scene((wires, blossoms), 245, (DAY, DUSK)),
    "Sci-Fi": Scene((planet, skyline, planet), 235, (NIGHT, DUSK)),
    "Supernatural": Scene((torii, arcane, flames), 285, (NIGHT, DUSK)),
    "Fantasy": Scene((castle, comet, mountains), 285, (NIGHT, DUSK, DUSK)),
    "Avant Garde": Scene((blocks,), 60, (PRINT, DAY, NIGHT)),
    "Ecchi": Scene((hearts,), 5, (DUSK, DAY)),
    "Shoujo": Scene((blossoms,), 345, (DAY, DUSK)),
    "Parody": Scene((bubbles,), 95, (DAY, PRINT)),
    "Drama": Scene((rain,), 250, (DUSK, NIGHT, DAY)),
    "Adventure": Scene((mountains, comet), 160, (DUSK, DAY, NIGHT)),
    "Action": Scene((rays, rays, skyline), 25, (DUSK, PRINT, NIGHT)),
    "Comedy": Scene((bubbles,), 80, (DAY, PRINT, DUSK)),
}
PLAIN: Final = Scene((dunes,), 200, (DUSK, DAY, NIGHT))


def hue_of(genres: Sequence[str]) -> float:
    """Return the hue in degrees that stands for the most telling of some genres."""
    return next((scene for genre, scene in SCENES.items() if genre in genres), PLAIN).hue


def draw_poster(title: str, japanese: str | None, genres: Sequence[str]) -> str:
    """Return a poster as an SVG document: the same for the same arguments.

    Parameters
    ----------
    title
        Set large at the bottom; of any length.
    japanese
        Set small from top to bottom, as on a spine; None leaves it out.
    genres
        Choose scene and colours; names without a scene of their own count as unknown.
    """
    dice = Dice("\n".join((title, *genres)))
    scene = _choose_scene(genres, dice)
    palette = mix_palette(scene.hue + (0 if genres else dice.between(0, 360)), scene.lights, dice)
    canvas = Canvas()
    canvas.rect(0, 0, WIDTH, HEIGHT, "url(#sky)")
    dice.pick(scene.drawings)(canvas, palette, dice)
    _letter(canvas, palette, title, japanese)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<defs><linearGradient id="sky" x2="0.25" y2="1"><stop stop-color="{palette.top}"/>'
        f'<stop offset="0.85" stop-color="{palette.bottom}"/></linearGradient>'
        f'<linearGradient id="veil" x2="0" y2="1"><stop stop-color="{palette.veil}" stop-opacity="0"/>'
        f'<stop offset="0.42" stop-color="{palette.veil}" stop-opacity="0.86"/>'
        f'<stop offset="1" stop-color="{palette.veil}"/></linearGradient></defs>'
        f"{canvas.markup()}</svg>"
    )


def _choose_scene(genres: Sequence[str], dice: Dice) -> Scene:
    """Take one of the three most telling genres, so that not every fantasy is a castle."""
    fitting = [scene for genre, scene in SCENES.items() if genre in genres]
    return dice.pick((*fitting[:1], *fitting[:3])) if fitting else PLAIN


def _letter(canvas: Canvas, palette: Palette, title: str, japanese: str | None) -> None:
    setting = set_title(title, WIDTH - 2 * MARGIN)
    baseline = HEIGHT - MARGIN - 4 - setting.leading * (len(setting.lines) - 1)
    top = baseline - setting.size * 0.8
    canvas.rect(0, top - 84, WIDTH, HEIGHT - top + 85, "url(#veil)")
    canvas.rect(MARGIN, top - 19, 30, 4, palette.accent, rx=2)
    canvas.open_group(font_family=FONTS, fill=palette.ink)
    for line_number, line in enumerate(setting.lines):
        canvas.text(
            line, x=MARGIN, y=baseline + line_number * setting.leading,
            font_size=setting.size, font_weight=800, **_fixed_length(line, setting.size),
        )  # fmt: skip
    if japanese:
        _spine(canvas, palette, japanese, room=top - 110)
    canvas.close_group()


def _fixed_length(line: str, size: float) -> dict[str, object]:
    """Hold Latin lines to their planned width; other scripts space themselves."""
    if not line or any(ord(char) > 0x24F for char in line):
        return {}
    return {"textLength": number(text_width(line) * size), "lengthAdjust": "spacingAndGlyphs"}


def _spine(canvas: Canvas, palette: Palette, japanese: str, room: float) -> None:
    if not any(is_wide(char) for char in japanese) or room < 60:
        return
    words, size = " ".join(japanese.split()), 19.0
    while text_width(words) * size > room and size > 14:
        size -= 1
    if text_width(words) * size > room:
        while text_width(words + ELLIPSIS) * size > room:
            words = words[:-1]
        words += ELLIPSIS
    canvas.rect(
        WIDTH - 18 - size * 1.7,
        18,
        size * 1.7,
        text_width(words) * size + 20,
        palette.veil,
        rx=4,
        opacity=0.82,
    )
    canvas.text(
        words, x=WIDTH - 18 - size * 0.85, y=28.0, font_size=size, font_weight=600,
        writing_mode="vertical-rl", dominant_baseline="central",
    )  # fmt: skip
