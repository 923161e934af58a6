"""Things close by: blossoms, speech bubbles, a ball, a record, a bowl, two hearts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anirec.web.poster.canvas import HEIGHT, WIDTH, Canvas, number, polar, star

if TYPE_CHECKING:
    from anirec.web.poster.colour import Palette
    from anirec.web.poster.dice import Dice


def blossoms(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a cherry branch before a pale disc, petals on the wind."""
    x = dice.pick((100.0, 200.0)) + dice.between(-14, 14)
    canvas.circle(x, 150, 92, colours.glow, opacity=0.75)
    side = 1 if x < 150 else -1
    start = 300 if side > 0 else 0

    def across(step: float) -> float:
        return start - side * step

    bend = dice.between(-14, 26)
    canvas.path(
        f"M{number(across(-8.0))} {number(38.0)}Q{number(across(90.0))} {number(70 + bend)} {number(across(150.0))} {number(150 + bend)}"
        f"T{number(across(262.0))} {number(226 + bend)}",
        "none", stroke=colours.near, stroke_width=6.5, stroke_linecap="round",
    )  # fmt: skip
    canvas.path(
        f"M{number(across(96.0))} {number(86 + bend)}q{number(-side * 44.0)} -12 {number(-side * 92.0)} 6",
        "none", stroke=colours.near, stroke_width=3.6, stroke_linecap="round",
    )  # fmt: skip
    for step, y in (
        (24, 44),
        (62, 60),
        (104, 84),
        (132, 124),
        (160, 158),
        (196, 190),
        (240, 212),
        (150, 76),
        (186, 94),
        (90, 110),
        (118, 60),
        (214, 232),
    ):
        _blossom(
            canvas, colours, across(step + dice.between(-9, 9)), y + bend * 0.8 + dice.between(-12, 12),
            dice.between(13, 23), dice.between(0, 72),
        )  # fmt: skip
    for _ in range(16):
        px, py, size = dice.between(10, 290), dice.between(150, 330), dice.between(4, 8)
        canvas.add(
            "ellipse", cx=px, cy=py, rx=size, ry=size * 0.5, fill=dice.pick((colours.glow, colours.accent)),
            opacity=dice.between(0.55, 0.95), transform=f"rotate({number(dice.between(0, 180))} {number(px)} {number(py)})",
        )  # fmt: skip


def _blossom(canvas: Canvas, colours: Palette, x: float, y: float, r: float, turn: float) -> None:
    for petal in range(5):
        px, py = polar(x, y, r * 0.58, turn + 72 * petal)
        canvas.circle(px, py, r * 0.46, colours.accent, stroke=colours.glow, stroke_width=1.2)
    canvas.circle(x, y, r * 0.3, colours.glow)
    canvas.circle(x, y, r * 0.13, colours.near)


def bubbles(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw speech bubbles over a screen of dots."""
    flip = dice.pick((-1, 1))
    for row in range(26):
        for column in range(22):
            dot_x, dot_y = column * 14 + (row % 2) * 7, row * 14
            grow = (dot_x * flip + dot_y * 0.6 + (WIDTH if flip < 0 else 0)) / 520
            if grow > 0.08:
                canvas.circle(dot_x, dot_y, min(6.4, 7 * grow), colours.far)
    points = dice.whole(11, 15)
    x, y = dice.between(120, 180), dice.between(140, 170)
    turn = dice.between(0, 30)
    canvas.polygon(star(x + 7, y + 9, 122, 84, points, turn), colours.near)
    canvas.polygon(star(x, y, 122, 84, points, turn), colours.accent)
    canvas.polygon(star(x, y, 104, 74, points, turn), colours.glow)
    mood = dice.whole(0, 2)
    for eye in (-1, 1):
        ex, ey = x + eye * 26, y - 10
        if mood == 0:
            canvas.path(
                f"M{number(ex - 12)} {number(ey + 5)}q12 -20 24 0",
                "none",
                stroke=colours.near,
                stroke_width=6,
                stroke_linecap="round",
            )
        elif mood == 1:
            canvas.polyline(
                [(ex - eye * 9, ey - 9), (ex + eye * 7, ey), (ex - eye * 9, ey + 9)][::1], colours.near, 6,
                stroke_linecap="round", stroke_linejoin="round",
            )  # fmt: skip
        else:
            canvas.circle(ex, ey, 9, colours.near)
            canvas.circle(ex + 3, ey - 3, 3, colours.glow)
    canvas.path(
        f"M{number(x - 26)} {number(y + 17)}q26 {dice.whole(20, 34)} 52 0z", colours.near,
        stroke=colours.near, stroke_width=5, stroke_linejoin="round",
    )  # fmt: skip


def court(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a ball over the lanes of a track."""
    cx, cy = dice.pick((-30.0, 330.0)), dice.between(330, 400)
    for lane in range(8):
        canvas.ring(cx, cy, 430 - lane * 42, colours.middle if lane % 2 else colours.far, 42)
        canvas.ring(cx, cy, 409 - lane * 42, colours.glow, 2, opacity=0.8)
    x, y, r = dice.between(125, 175), dice.between(128, 158), 72
    canvas.add("ellipse", cx=x + 20, cy=y + 128, rx=70, ry=13, fill=colours.near, opacity=0.45)
    canvas.circle(x, y, r, colours.accent)
    canvas.circle(x, y, r, "none", stroke=colours.near, stroke_width=5)
    turn = dice.between(0, 180)
    canvas.open_group(
        transform=f"rotate({number(turn)} {number(x)} {number(y)})",
        stroke=colours.near,
        stroke_width=5,
        fill="none",
    )
    canvas.polyline([(x - r, y), (x + r, y)], colours.near, 5)
    canvas.polyline([(x, y - r), (x, y + r)], colours.near, 5)
    for side in (-1, 1):
        canvas.path(
            f"M{number(x + side * r * 0.72)} {number(y - r * 0.7)}Q{number(x + side * r * 0.1)} {number(y)} {number(x + side * r * 0.72)} {number(y + r * 0.7)}",
            "none",
        )
    canvas.close_group()
    for line in range(5):
        canvas.rect(
            x - 190 - line * 6,
            y - 44 + line * 22,
            dice.between(50, 96),
            4.5,
            colours.glow,
            rx=2,
            opacity=0.85,
        )


def record(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw a turning record inside the sound it makes."""
    x, y = 150, dice.between(150, 168)
    bars = dice.pick((48, 60, 72))
    for bar in range(bars):
        angle = 360 * bar / bars
        long = 10 + dice.unit() ** 2 * 62
        canvas.polyline(
            [polar(x, y, 92, angle), polar(x, y, 92 + long, angle)],
            dice.pick((colours.glow, colours.accent, colours.glow)), 3.4, stroke_linecap="round", opacity=0.92,
        )  # fmt: skip
    canvas.circle(x, y, 82, colours.near)
    for groove in range(6):
        canvas.ring(x, y, 76 - groove * 7, colours.glow, 0.8, opacity=0.32)
    canvas.circle(x, y, 30, colours.accent)
    canvas.circle(x, y, 5, colours.near)
    turn = dice.between(0, 180)
    for shine in (turn, turn + 180):
        canvas.polygon(
            [(x, y), polar(x, y, 80, shine), polar(x, y, 80, shine + 22)],
            colours.glow,
            opacity=0.16,
        )


def bowl(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw something hot, with two sticks."""
    canvas.circle(150, 158, dice.between(106, 124), colours.glow, opacity=0.5)
    for swirl in range(3):
        x, tall = 112 + swirl * 38, dice.between(52, 88)
        canvas.path(
            f"M{x} 178c-16 {number(-tall * 0.3)} 16 {number(-tall * 0.4)} 0 {number(-tall * 0.7)}s12 {number(-tall * 0.3)} 2 {number(-tall * 0.6)}",
            "none", stroke=colours.glow, stroke_width=6, stroke_linecap="round", opacity=0.9,
        )  # fmt: skip
    lean = dice.between(18, 34)
    for stick in (0, 15):
        canvas.polyline(
            [(172 + stick, 214), (224 + stick + lean, 86 + stick * 0.5)],
            colours.near,
            6,
            stroke_linecap="round",
        )
    canvas.add("ellipse", cx=150, cy=212, rx=104, ry=21, fill=colours.near)
    canvas.add("ellipse", cx=150, cy=212, rx=94, ry=15, fill=colours.accent)
    for topping in range(5):
        canvas.circle(
            92 + topping * 29,
            209 + dice.between(-4, 4),
            dice.between(7, 12),
            dice.pick((colours.glow, colours.far, colours.middle)),
        )
    canvas.path("M46 212A104 108 0 0 0 254 212A104 21 0 0 1 46 212Z", colours.middle)
    canvas.path("M54 248Q150 286 246 248", "none", stroke=colours.glow, stroke_width=4, opacity=0.8)
    canvas.rect(112, 312, 76, 14, colours.near, rx=4)


def hearts(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw two hearts that overlap, and small ones around."""
    for _ in range(14):
        _heart(
            canvas,
            dice.between(10, 290),
            dice.between(20, 320),
            dice.between(4, 10),
            dice.pick((colours.far, colours.glow)),
            0.7,
            dice.between(-24, 24),
        )
    y = dice.between(150, 172)
    _heart(canvas, 118, y, 62, colours.accent, 0.92, -14)
    _heart(canvas, 186, y + 14, 52, colours.middle, 0.86, 16)
    _heart(canvas, 100, y - 18, 12, colours.glow, 0.85, -22)


def _heart(
    canvas: Canvas, x: float, y: float, r: float, fill: str, opacity: float, turn: float
) -> None:
    canvas.path(
        f"M0 {number(r)}C{number(-1.7 * r)} {number(-0.2 * r)} {number(-0.9 * r)} {number(-1.35 * r)} 0 {number(-0.45 * r)}"
        f"C{number(0.9 * r)} {number(-1.35 * r)} {number(1.7 * r)} {number(-0.2 * r)} 0 {number(r)}Z",
        fill, opacity=opacity, transform=f"translate({number(x)} {number(y)})rotate({number(turn)})",
    )  # fmt: skip


def dunes(canvas: Canvas, colours: Palette, dice: Dice) -> None:
    """Draw calm arcs, for shows of which little is known."""
    x = dice.between(90, 210)
    canvas.circle(x, 130, dice.between(40, 58), colours.glow, opacity=0.9)
    for layer, fill in enumerate((colours.far, colours.middle, colours.accent, colours.near)):
        cx, r = dice.between(-20, 320), dice.between(190, 250)
        canvas.circle(cx, 210 + layer * 46 + r, r, fill, opacity=0.88)
    canvas.rect(0, HEIGHT - 60, WIDTH, 60, colours.near)
