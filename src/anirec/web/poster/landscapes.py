"""Scenes under a sky: mountains, a castle, wires, rain, a wood, a road, a rainbow, cities and shrines."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from anirec.web.poster.canvas import HEIGHT, WIDTH, Canvas, number, polar, star

if TYPE_CHECKING:
    from anirec.web.poster.canvas import Point
    from anirec.web.poster.colour import Palette
    from anirec.web.poster.dice import Dice


def mountains(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw ridges before a low sun, and birds."""
    sun_x, sun_y, r = dice.between(80, 220), dice.between(100, 150), dice.between(42, 62)
    canvas.circle(sun_x, sun_y, r + 34, colours.glow, opacity=0.18)
    canvas.circle(sun_x, sun_y, r, colours.glow, opacity=0.95)
    for base, rough, fill in (
        (205, 70, colours.far),
        (262, 62, colours.middle),
        (325, 48, colours.near),
    ):
        canvas.polygon(_ridge(base, rough, dice), fill)
    for _ in range(dice.whole(3, 5)):
        x, y, span = dice.between(40, 260), dice.between(50, 130), dice.between(5, 9)
        canvas.path(
            f"M{number(x - span)} {number(y - span * 0.5)}Q{number(x - span * 0.3)} {number(y - span * 0.6)} "
            f"{number(x)} {number(y)}Q{number(x + span * 0.3)} {number(y - span * 0.6)} {number(x + span)} {number(y - span * 0.5)}",
            "none", stroke=colours.near, stroke_width=2, stroke_linecap="round",
        )  # fmt: skip


def _ridge(base: float, rough: float, dice: Dice) -> list[Point]:
    """Return a mountain range by midpoint displacement, closed at the bottom."""
    heights = [base + dice.between(-rough, rough) * 0.6, base + dice.between(-rough, rough) * 0.6]
    for _ in range(5):
        finer = [heights[0]]
        for left, right in itertools.pairwise(heights):
            finer += [(left + right) / 2 + dice.between(-rough, rough) * 0.55, right]
        heights, rough = finer, rough * 0.5
    step = WIDTH / (len(heights) - 1)
    return [(0, HEIGHT), *((i * step, y) for i, y in enumerate(heights)), (WIDTH, HEIGHT)]


def castle(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw towers before a great moon, under stars."""
    stars(canvas, colours, dice, 26)
    x, y = dice.between(105, 195), dice.between(125, 155)
    canvas.circle(x, y, 104, colours.glow, opacity=0.14)
    canvas.circle(x, y, 84, colours.glow, opacity=0.9)
    for cx, cy, r in ((-26, -22, 15), (30, 8, 20), (-8, 34, 10), (18, -40, 8)):
        canvas.circle(x + cx, y + cy, r, colours.far, opacity=0.22)
    middle = x + dice.between(-24, 24)
    for offset, half, top in (
        (-62, 13, 225),
        (58, 14, 215),
        (-32, 15, 190),
        (34, 12, 180),
        (0, 19, 142),
    ):
        rise = top + dice.between(-14, 14)
        left, right = middle + offset - half, middle + offset + half
        canvas.rect(left, rise, 2 * half, HEIGHT - rise, colours.near)
        canvas.polygon(
            [
                (left - 5, rise),
                (middle + offset, rise - half * dice.between(2.3, 3.2)),
                (right + 5, rise),
            ],
            colours.middle,
        )
        for window in range(3):
            canvas.rect(
                middle + offset - 2.5,
                rise + 16 + window * 28,
                5,
                10,
                colours.accent,
                rx=2.5,
                opacity=0.9,
            )
    canvas.polygon(_ridge(318, 26, dice), colours.near)


def wires(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a summer cloud behind a telegraph pole: an ordinary, wonderful day."""
    canvas.circle(dice.between(40, 260), dice.between(60, 110), 34, colours.glow, opacity=0.85)
    _cloud(canvas, dice.between(110, 190), 278, dice.between(1.25, 1.6), colours.glow, 0.92)
    _cloud(canvas, dice.between(0, 300), 318, 1.2, colours.glow, 0.55)
    pole = dice.pick((78.0, 222.0)) + dice.between(-12, 12)
    ends = [(78, 60), (104, 44), (140, 52)]
    for height, arm in ends:
        for side in (-1, 1):
            start, sag = pole + side * arm * 0.5, dice.between(24, 40)
            far = -20 if side < 0 else WIDTH + 20
            canvas.path(
                f"M{number(start)} {height}Q{number((start + far) / 2)} {number(height + sag)} {far} {height - 18}",
                "none", stroke=colours.near, stroke_width=1.4,
            )  # fmt: skip
        canvas.rect(pole - arm * 0.5, height - 2.5, arm, 5, colours.near, rx=1)
        for end in (-0.44, 0.44):
            canvas.rect(pole + arm * end - 2, height - 9, 4, 8, colours.near, rx=1.5)
    canvas.rect(pole - 4.5, 48, 9, HEIGHT, colours.near, rx=2)
    canvas.rect(pole + 4, 118, 15, 25, colours.near, rx=3)
    left = 14
    while left < WIDTH:
        wide, high = dice.between(34, 62), dice.between(20, 44)
        canvas.polygon(
            [
                (left - 5, 338 - high),
                (left + wide / 2, 338 - high - dice.between(10, 22)),
                (left + wide + 5, 338 - high),
            ],
            colours.near,
        )
        canvas.rect(left, 338 - high, wide, HEIGHT, colours.middle)
        canvas.rect(left + wide * 0.3, 346 - high, 9, 9, colours.accent, rx=1)
        left += round(wide + dice.between(2, 16))


def _cloud(canvas: Canvas, x: float, y: float, scale: float, fill: str, opacity: float) -> None:
    canvas.open_group(fill=fill, opacity=opacity)
    for dx, dy, r in (
        (-66, -8, 28),
        (-36, -34, 36),
        (4, -58, 44),
        (42, -28, 36),
        (72, -6, 26),
        (0, -10, 40),
    ):
        canvas.circle(x + dx * scale, y + dy * scale, r * scale, fill)
    canvas.rect(x - 92 * scale, y - 12 * scale, 188 * scale, 34 * scale, fill, rx=17 * scale)
    canvas.close_group()


def rain(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw slow waves under a disc, and rain across it."""
    x = dice.between(90, 210)
    canvas.circle(x, 150, 78, colours.glow, opacity=0.16)
    canvas.circle(x, 150, 56, colours.glow, opacity=0.9)
    for layer, fill in enumerate((colours.far, colours.middle, colours.near)):
        base, high, phase = 196 + layer * 48, dice.between(9, 17), dice.between(0, 6)
        wave = [
            (step, base + high * math.sin(step / dice_length + phase))
            for dice_length in (dice.between(34, 52),)
            for step in range(0, WIDTH + 10, 10)
        ]
        canvas.polygon([(0, HEIGHT), *wave, (WIDTH, HEIGHT)], fill, opacity=0.86)
        for line in range(2):
            canvas.polyline(
                [(px, py + 12 + 11 * line) for px, py in wave],
                colours.glow,
                1.2,
                opacity=0.28 - 0.1 * line,
            )
    for _ in range(34):
        px, py, long = dice.between(-10, 300), dice.between(-20, 300), dice.between(16, 44)
        canvas.polyline(
            [(px, py), (px - long * 0.22, py + long)],
            colours.glow,
            1.1,
            opacity=0.34,
            stroke_linecap="round",
        )


def wood(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a bare tree before a moon that is too red."""
    x = dice.between(110, 190)
    canvas.circle(x, 140, 108, colours.accent, opacity=0.16)
    canvas.circle(x, 140, 82, colours.accent, opacity=0.92)
    for band in range(4):
        canvas.rect(0, 176 + band * 24, WIDTH, 5 + band * 3, colours.bottom, opacity=0.35)
    root = dice.pick((66.0, 234.0))
    _branch(canvas, colours.near, dice, (root, 372), -90 + (x - root) * 0.1, 92, 15, 7)
    canvas.polygon(_ridge(352, 18, dice), colours.near)
    for _ in range(dice.whole(3, 6)):
        bx, by, size = dice.between(50, 250), dice.between(48, 170), dice.between(6, 11)
        canvas.path(
            f"M{number(bx)} {number(by)}q{number(-size)} {number(-size)} {number(-2 * size)} 0q{number(size * 0.9)} "
            f"{number(-size * 0.2)} {number(2 * size)} {number(size * 0.6)}q{number(size * 1.1)} {number(-size * 0.8)} "
            f"{number(2 * size)} {number(-size * 0.6)}q{number(-size)} {number(-size)} {number(-2 * size)} 0z",
            colours.near,
        )


def _branch(
    canvas: Canvas,
    fill: str,
    dice: Dice,
    start: Point,
    angle: float,
    length: float,
    width: float,
    depth: int,
) -> None:
    end = polar(*start, length, angle)
    canvas.polyline([start, end], fill, width, stroke_linecap="round")
    if depth:
        for turn in (-1, 1):
            _branch(
                canvas, fill, dice, end, angle + turn * dice.between(12, 42),
                length * dice.between(0.66, 0.82), max(width * 0.62, 0.8), depth - 1 if dice.unit() < 0.86 else 0,
            )  # fmt: skip


def skyline(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a city at night, windows lit, beams in the sky."""
    stars(canvas, colours, dice, 20)
    for _ in range(2):
        x, lean = dice.between(40, 260), dice.between(-110, 110)
        canvas.polygon(
            [(x - 3, 400), (x + 3, 400), (x + lean + 34, -20), (x + lean - 34, -20)],
            colours.glow,
            opacity=0.2,
        )
    canvas.circle(dice.between(60, 240), dice.between(70, 110), 38, colours.accent)
    for base, fill in ((170.0, colours.far), (215.0, colours.middle), (262.0, colours.near)):
        x = dice.between(-20, 0)
        while x < WIDTH:
            wide, top = dice.between(26, 54), base + dice.between(-46, 46)
            canvas.rect(x, top, wide, HEIGHT - top, fill)
            if dice.unit() < 0.25:
                canvas.rect(x + wide / 2 - 1, top - 24, 2, 26, fill)
            for row in range(6):
                for column in range(int(wide / 11)):
                    if dice.unit() < 0.3:
                        canvas.rect(
                            x + 5 + column * 10,
                            top + 10 + row * 17,
                            4.5,
                            7,
                            colours.glow,
                            opacity=0.85,
                        )
            x += wide + dice.between(-2, 6)


def torii(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a shrine gate in still water before a low disc."""
    level = 268
    x = dice.between(125, 175)
    canvas.circle(x, dice.between(150, 190), dice.between(78, 100), colours.glow, opacity=0.85)
    canvas.polygon(_ridge(238, 40, dice), colours.far)
    canvas.rect(0, level, WIDTH, HEIGHT, colours.middle)
    for _ in range(16):
        y, wide = dice.between(level + 6, 360), dice.between(20, 90)
        canvas.rect(dice.between(-20, 290), y, wide, 1.8, colours.glow, rx=1, opacity=0.4)
    for side in (-1, 1):
        foot, head = x + side * 66, x + side * 57
        canvas.polygon(
            [(foot - 8, level + 22), (head - 7, 142), (head + 7, 142), (foot + 8, level + 22)],
            colours.accent,
        )
        canvas.rect(foot - 11, level + 10, 22, 14, colours.near)
        canvas.polygon(
            [
                (foot - 8, level + 26),
                (foot + 8, level + 26),
                (head + 6, level + 92),
                (head - 6, level + 92),
            ],
            colours.accent,
            opacity=0.25,
        )
    canvas.rect(x - 78, 166, 156, 11, colours.accent)
    canvas.rect(x - 7, 140, 14, 28, colours.accent)
    canvas.path(
        f"M{number(x - 104)} 108Q{number(x)} 136 {number(x + 104)} 108L{number(x + 98)} 132Q{number(x)} 150 {number(x - 98)} 132Z",
        colours.accent,
    )
    canvas.path(
        f"M{number(x - 108)} 100Q{number(x)} 130 {number(x + 108)} 100L{number(x + 105)} 112Q{number(x)} 140 {number(x - 105)} 112Z",
        colours.near,
    )


def comet(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a falling star over a lone tree on a hill."""
    stars(canvas, colours, dice, 40)
    x, y, slope = dice.between(70, 150), dice.between(110, 160), dice.between(-42, -26)
    for half, opacity in ((15, 0.2), (9, 0.35), (4, 0.7)):
        tip = polar(x, y, 290, slope)
        side = polar(0, 0, half, slope + 90)
        canvas.polygon(
            [(x + side[0], y + side[1]), tip, (x - side[0], y - side[1])],
            colours.accent,
            opacity=opacity,
        )
    canvas.circle(x, y, 22, colours.glow, opacity=0.25)
    canvas.circle(x, y, 11, colours.glow)
    canvas.polygon(star(x, y, 30, 3, 4, slope), colours.glow, opacity=0.9)
    canvas.circle(dice.between(20, 120), 560, 290, colours.far)
    canvas.circle(dice.between(200, 300), 550, 270, colours.middle)
    tree = dice.between(195, 240)
    canvas.rect(tree - 4, 240, 8, 60, colours.near)
    for dx, dy, r in ((-20, -4, 24), (18, -8, 26), (0, -30, 28), (-2, 2, 26)):
        canvas.circle(tree + dx, 232 + dy, r, colours.near)
    canvas.circle(dice.between(140, 190), 560, 250, colours.near, opacity=0.6)


def road(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a road into a striped sun."""
    canvas.circle(150, 190, 96, colours.glow)
    for stripe in range(6):
        canvas.rect(50, 196 + stripe * 16, 200, 3 + stripe * 2, colours.bottom)
    canvas.polygon(_ridge(228, 34, dice), colours.far)
    canvas.rect(0, 252, WIDTH, HEIGHT, colours.middle)
    canvas.polygon([(142, 252), (158, 252), (330, HEIGHT), (-30, HEIGHT)], colours.near)
    for y, high in ((260, 8), (278, 14), (304, 22), (342, 32)):
        half, lower = (y - 252) * 0.02 + 0.8, (y + high - 252) * 0.02 + 0.8
        canvas.polygon(
            [(150 - half, y), (150 + half, y), (150 + lower, y + high), (150 - lower, y + high)],
            colours.accent,
        )
    for side in (-1, 1):
        for y in (256, 270, 294):
            x = 150 + side * (14 + (y - 252) * 1.15)
            canvas.rect(x, y - (y - 240) * 0.9, 2 + (y - 252) * 0.05, (y - 240) * 0.9, colours.near)


def rainbow(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a rainbow, hills and a friendly star."""
    x = dice.between(110, 190)
    for band, stroke in enumerate(
        (colours.accent, colours.glow, colours.middle, colours.near, colours.far)
    ):
        canvas.ring(x, 290, 168 - band * 18, stroke, 18.5)
    canvas.circle(80, 396, 150, colours.middle)
    canvas.circle(250, 410, 140, colours.near)
    _cloud(canvas, x - 128, 286, 0.62, colours.glow, 1)
    _cloud(canvas, x + 130, 292, 0.7, colours.glow, 1)
    sx, sy = dice.between(60, 240), dice.between(58, 84)
    canvas.polygon(
        star(sx, sy, 30, 15, 5, dice.between(-110, -70)), colours.glow,
        stroke=colours.glow, stroke_width=9, stroke_linejoin="round",
    )  # fmt: skip
    for eye in (-7, 7):
        canvas.circle(sx + eye, sy - 1, 2.6, colours.near)
    canvas.path(
        f"M{number(sx - 5)} {number(sy + 6)}q5 5 10 0",
        "none",
        stroke=colours.near,
        stroke_width=2,
        stroke_linecap="round",
    )


def stars(canvas: Canvas, colours: Palette, dice: Dice, how_many: int) -> None:
    """Scatter small stars over the upper part."""
    for _ in range(how_many):
        x, y, r = dice.between(8, 292), dice.between(8, 300), dice.between(0.7, 2.1)
        canvas.circle(x, y, r, colours.glow, opacity=dice.between(0.35, 0.95))
    for _ in range(3):
        canvas.polygon(
            star(dice.between(24, 276), dice.between(24, 220), dice.between(6, 11), 1.2, 4),
            colours.glow,
            opacity=0.9,
        )
