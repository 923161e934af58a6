"""Signs and patterns: rays, magic circles, spirals, waves, machines, blocks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from anirec.web.poster.canvas import HEIGHT, WIDTH, Canvas, number, polar, star
from anirec.web.poster.landscapes import stars

if TYPE_CHECKING:
    from anirec.web.poster.colour import Palette
    from anirec.web.poster.dice import Dice


def rays(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw the speed lines of a manga panel around an impact."""
    x, y = dice.between(100, 200), dice.between(120, 185)
    angle = dice.between(0, 8)
    while angle < 360:
        wide = dice.between(2.5, 9)
        fill = dice.pick((colours.far, colours.middle, colours.near, colours.near, colours.accent))
        canvas.polygon(
            [
                polar(x, y, dice.between(58, 112), angle + wide / 2),
                polar(x, y, 480, angle),
                polar(x, y, 480, angle + wide),
            ],
            fill,
            opacity=0.9,
        )
        angle += wide + dice.between(1.5, 8)
    points = dice.whole(9, 13)
    canvas.polygon(star(x, y, 84, 46, points, dice.between(0, 90)), colours.accent)
    canvas.polygon(star(x, y, 58, 34, points, dice.between(0, 90)), colours.glow)
    slash = dice.between(-62, -28)
    near, far = polar(x, y, 190, slash), polar(x, y, 190, slash + 180)
    side = polar(0, 0, 7, slash + 90)
    canvas.polygon(
        [near, (x + side[0], y + side[1]), far, (x - side[0], y - side[1])], colours.near
    )


def arcane(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a magic circle."""
    stars(canvas, colours, dice, 22)
    x, y, r = 150, dice.between(150, 172), 112
    canvas.circle(x, y, r + 20, colours.middle, opacity=0.5)
    canvas.circle(x, y, r - 34, colours.accent, opacity=0.22)
    for radius, width in ((r, 2.6), (r - 9, 1), (r - 34, 1.4), (r - 62, 2)):
        canvas.ring(x, y, radius, colours.glow, width, opacity=0.92)
    ticks = dice.pick((24, 30, 36, 48))
    for tick in range(ticks):
        angle = 360 * tick / ticks
        inner = r - (26 if tick % 3 == 0 else 19)
        canvas.polyline(
            [polar(x, y, inner, angle), polar(x, y, r - 13, angle)], colours.glow, 1.5, opacity=0.85
        )
    corners, skip = dice.pick(((5, 2), (6, 2), (7, 3), (8, 3), (9, 4)))
    turn = dice.between(0, 90)
    for corner in range(corners):
        start = polar(x, y, r - 34, turn + 360 * corner / corners)
        end = polar(x, y, r - 34, turn + 360 * (corner + skip) / corners)
        canvas.polyline([start, end], colours.glow, 1.6, opacity=0.85)
        canvas.circle(*start, 7, colours.near, stroke=colours.glow, stroke_width=1.6)
    canvas.polygon(star(x, y, 30, 6, 4, turn), colours.glow)


def planet(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a ringed planet and its moon."""
    stars(canvas, colours, dice, 44)
    x, y, r = dice.between(118, 182), dice.between(150, 180), dice.between(66, 84)
    tilt = dice.between(-28, 28)
    canvas.circle(x, y, r + 30, colours.accent, opacity=0.13)
    canvas.open_group(transform=f"rotate({number(tilt)} {number(x)} {number(y)})")
    halves = f"M{number(x - r * 1.75)} {number(y)}A{number(r * 1.75)} {number(r * 0.42)} 0 0 {{sweep}} {number(x + r * 1.75)} {number(y)}"
    canvas.path(halves.format(sweep=1), "none", stroke=colours.glow, stroke_width=9, opacity=0.75)
    canvas.circle(x, y, r, colours.accent)
    for band in range(-3, 4):
        across = math.sqrt(max(1 - (band / 4) ** 2, 0)) * r
        canvas.rect(
            x - across, y + band * r / 4 - 5, 2 * across, dice.between(4, 12),
            dice.pick((colours.middle, colours.far, colours.glow)), rx=5, opacity=0.42,
        )  # fmt: skip
    canvas.path(
        f"M{number(x)} {number(y - r)}A{number(r)} {number(r)} 0 0 1 {number(x)} {number(y + r)}A{number(r * 1.4)} {number(r * 1.4)} 0 0 0 {number(x)} {number(y - r)}Z",
        colours.near, opacity=0.4,
    )  # fmt: skip
    canvas.path(halves.format(sweep=0), "none", stroke=colours.glow, stroke_width=9, opacity=0.95)
    canvas.close_group()
    moon = polar(x, y, r + dice.between(54, 70), dice.between(200, 320))
    canvas.circle(*moon, dice.between(9, 15), colours.glow)


def machine(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw the head of a giant robot, seen from the front."""
    for row in range(-1, 9):
        for column in range(-1, 7):
            x, y = column * 54 + (row % 2) * 27, row * 47
            if dice.unit() < 0.62:
                canvas.polygon(
                    [polar(x, y, 26, 30 + 60 * corner) for corner in range(6)],
                    dice.pick((colours.far, colours.middle)),
                    opacity=dice.between(0.25, 0.75),
                )
    fin = dice.between(78, 104)
    jaw = dice.between(26, 38)

    def both(points: list[tuple[float, float]], fill: str) -> None:
        canvas.polygon([(150 + px, py) for px, py in points], fill)
        canvas.polygon([(150 - px, py) for px, py in points], fill)

    both([(4, 142), (fin, 56), (fin - 14, 96), (16, 160)], colours.glow)
    both([(0, 118), (46, 136), (66, 190), (58, 248), (jaw, 296), (0, 304)], colours.near)
    both([(48, 150), (84, 170), (88, 238), (60, 262), (58, 200)], colours.middle)
    both([(0, 132), (12, 120), (9, 176), (0, 186)], colours.accent)
    both([(10, 206), (54, 190), (50, 210), (14, 220)], colours.glow)
    both([(0, 236), (20, 230), (26, 262), (14, 288), (0, 292)], colours.middle)
    for vent in range(3):
        both(
            [
                (4, 246 + vent * 13),
                (17, 243 + vent * 13),
                (17, 247 + vent * 13),
                (4, 250 + vent * 13),
            ],
            colours.near,
        )
    canvas.polygon(
        [(0, HEIGHT), (0, 330), (96, 292), (204, 292), (300, 330), (300, HEIGHT)], colours.near
    )


def spiral(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw rings that do not share a centre, with an eye in them."""
    x, y = 150.0, 168.0
    drift, turn = dice.between(3.2, 5.4), dice.between(0, 360)
    fills = (colours.middle, colours.far, colours.near, colours.bottom)
    for step in range(15):
        r = 250 - step * 15.5
        offset = polar(x, y, drift * step * 0.8, turn + step * 24)
        canvas.circle(*offset, r, fills[step % len(fills)], opacity=0.93)
        x, y = x + (offset[0] - x) * 0.22, y + (offset[1] - y) * 0.22
    canvas.path(
        f"M{number(x - 62)} {number(y)}Q{number(x)} {number(y - 60)} {number(x + 62)} {number(y)}Q{number(x)} {number(y + 60)} {number(x - 62)} {number(y)}Z",
        colours.glow,
    )
    canvas.circle(x, y, 25, colours.accent)
    canvas.circle(x, y, 12, colours.near)
    canvas.circle(x + 8, y - 9, 5, colours.glow)


def waves(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a great sun over seigaiha, the old pattern of waves."""
    x, y = dice.between(100, 200), dice.between(128, 150)
    canvas.circle(x, y, 86, colours.accent)
    slope = dice.between(-9, 9)
    for band in range(2):
        canvas.rect(
            -20,
            y - 12 + band * 34,
            dice.between(150, 250),
            8,
            colours.glow,
            rx=4,
            opacity=0.85,
            transform=f"rotate({number(slope * 0.2)})",
        )
    size = dice.pick((30, 37.5, 50))
    row, level = 0, 236.0
    while level < HEIGHT + size:
        for column in range(-1, int(WIDTH / (2 * size)) + 2):
            cx = column * 2 * size + (row % 2) * size
            for inner, fill in (
                (1.0, colours.near),
                (0.9, colours.glow),
                (0.72, colours.middle),
                (0.5, colours.glow),
                (0.34, colours.near),
            ):
                canvas.circle(cx, level + size, size * inner, fill)
        row, level = row + 1, level + size * 0.5


def blocks(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw quarter circles and discs on a grid, as at the Bauhaus."""
    side = dice.pick((75, 100))
    fills = (colours.far, colours.middle, colours.near, colours.accent, colours.glow)
    for row in range(-(-330 // side)):
        for column in range(WIDTH // side):
            x, y = column * side, row * side
            canvas.rect(x, y, side, side, dice.pick((colours.top, colours.bottom, colours.far)))
            fill, kind = dice.pick(fills), dice.whole(0, 5)
            if kind <= 2:
                cx, cy, sweep = dice.pick(((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)))
                ax, ay = x + cx * side, y + cy * side
                bx, by = x + (1 - cx) * side, y + (1 - cy) * side
                canvas.path(
                    f"M{ax} {ay}L{bx} {ay}A{side} {side} 0 0 {sweep if cx == cy else 0} {ax} {by}Z",
                    fill,
                )
            elif kind == 3:
                canvas.circle(x + side / 2, y + side / 2, side / 2, fill)
                canvas.circle(x + side / 2, y + side / 2, side / 5, dice.pick(fills))
            elif kind == 4:
                canvas.polygon([(x, y), (x + side, y), (x, y + side)], fill)
            else:
                for stripe in range(0, side, 15):
                    canvas.rect(x + stripe, y, 7, side, fill)


def pixels(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a mirrored sprite that no other title has."""
    stars(canvas, colours, dice, 18)
    for line in range(7):
        canvas.rect(0, 300 + line * line * 3.4, WIDTH, 1.5, colours.glow, opacity=0.35)
    cell, rows = 18, 11
    for row in range(rows):
        for column in range(5):
            if dice.unit() < 0.6 - 0.06 * column + (0.12 if 2 < row < 8 else 0):
                fill = dice.pick((colours.glow, colours.glow, colours.accent))
                for x in (150 + column * cell, 150 - (column + 1) * cell):
                    canvas.rect(x, 66 + row * cell, cell - 1.5, cell - 1.5, fill)
    for x in (150 + cell, 150 - 2 * cell):
        canvas.rect(x, 66 + 4 * cell, cell - 1.5, cell * 2 - 1.5, colours.near)


def ranks(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw chevrons and a star."""
    fills = (colours.near, colours.middle, colours.far, colours.accent)
    deep = dice.between(44, 84)
    for step in range(9):
        y = 30.0 + step * 42
        canvas.polygon(
            [
                (-10, y + deep),
                (150, y),
                (310, y + deep),
                (310, y + deep + 27),
                (150, y + 27),
                (-10, y + deep + 27),
            ],
            fills[step % 4] if step % 3 else dice.pick(fills),
            opacity=0.9,
        )
    y = dice.between(128, 170)
    canvas.circle(150, y, 72, colours.near)
    canvas.ring(150, y, 64, colours.glow, 3)
    canvas.polygon(star(150, y, 54, 22, 5), colours.glow)


def flames(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw tongues of fire around a dark heart."""
    x = dice.between(120, 180)
    canvas.circle(x, 210, 150, colours.accent, opacity=0.2)
    for size, fill in ((1.0, colours.middle), (0.78, colours.accent), (0.5, colours.glow)):
        for tongue in range(9):
            base = x + (tongue - 4) * 34 * size + dice.between(-8, 8)
            tall = (300 - abs(tongue - 4) * 40) * size * dice.between(0.72, 1.05)
            half = 31 * size
            lean = dice.between(-26, 26)
            canvas.path(
                f"M{number(base - half)} 360C{number(base - half * 1.3)} {number(360 - tall * 0.5)} {number(base + lean)} {number(360 - tall * 0.6)} "
                f"{number(base + lean)} {number(352 - tall)}C{number(base + lean + 10)} {number(360 - tall * 0.6)} {number(base + half * 1.4)} "
                f"{number(360 - tall * 0.5)} {number(base + half)} 360Z",
                fill, opacity=0.88,
            )  # fmt: skip
    for _ in range(24):
        canvas.circle(
            dice.between(20, 280),
            dice.between(20, 250),
            dice.between(0.9, 3),
            colours.glow,
            opacity=0.8,
        )
