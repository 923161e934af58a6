"""Palettes in OKLCH (Ottosson 2020), where equal lightness looks equally light for every hue."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anirec.web.poster.dice import Dice


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return ``#rrggbb``; chroma is lowered where sRGB cannot show it. Hue in degrees."""
    angle = math.radians(hue)
    while True:
        rgb = _linear_rgb(lightness, chroma * math.cos(angle), chroma * math.sin(angle))
        if chroma < 0.005 or all(-1e-4 <= part <= 1.0001 for part in rgb):
            break
        chroma *= 0.94
    return "#" + "".join(f"{_byte(part):02x}" for part in rgb)


def _linear_rgb(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3  # noqa: E741 (the paper's name)
    m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )


def _byte(linear: float) -> int:
    linear = min(max(linear, 0.0), 1.0)
    curve = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return round(255 * curve)


@dataclass(frozen=True)
class Palette:
    """The colours of one poster."""

    top: str
    bottom: str
    """The two ends of the sky."""
    far: str
    middle: str
    near: str
    """Shapes, from the one that melts into the sky to the one that stands out."""
    glow: str
    """What shines: moons, suns, sparks."""
    accent: str
    """A second hue, used little."""
    veil: str
    """Laid over the lower part, so that the title reads."""
    ink: str
    """The title."""


@dataclass(frozen=True)
class Light:
    """Lightness and chroma of each part of a palette, and how far the second hue turns."""

    top: tuple[float, float]
    bottom: tuple[float, float]
    far: tuple[float, float]
    middle: tuple[float, float]
    near: tuple[float, float]
    glow: tuple[float, float]
    accent: tuple[float, float]
    veil: tuple[float, float]
    ink: tuple[float, float]
    turn: float


NIGHT: Final = Light(
    (0.21, 0.06), (0.42, 0.13), (0.36, 0.10), (0.29, 0.09), (0.20, 0.06),
    (0.93, 0.06), (0.74, 0.16), (0.16, 0.05), (0.98, 0.01), 40,
)  # fmt: skip
DUSK: Final = Light(
    (0.44, 0.15), (0.80, 0.13), (0.60, 0.14), (0.46, 0.14), (0.30, 0.10),
    (0.95, 0.07), (0.86, 0.15), (0.22, 0.08), (0.99, 0.01), 75,
)  # fmt: skip
DAY: Final = Light(
    (0.78, 0.10), (0.95, 0.04), (0.83, 0.09), (0.70, 0.13), (0.52, 0.15),
    (0.99, 0.02), (0.68, 0.19), (0.965, 0.02), (0.27, 0.07), -35,
)  # fmt: skip
PRINT: Final = Light(
    (0.94, 0.03), (0.90, 0.05), (0.84, 0.08), (0.67, 0.17), (0.42, 0.13),
    (0.985, 0.015), (0.62, 0.21), (0.945, 0.03), (0.25, 0.06), 160,
)  # fmt: skip


def mix_palette(hue: float, lights: Sequence[Light], dice: Dice) -> Palette:
    """Return a palette around ``hue`` (degrees) in one of the lights."""
    light = dice.pick(lights)
    first = hue + dice.between(-16, 16)
    second = first + light.turn * dice.pick((1, 1, -0.6))
    return Palette(
        top=oklch(*light.top, first),
        bottom=oklch(*light.bottom, second),
        far=oklch(*light.far, (first + second) / 2),
        middle=oklch(*light.middle, first),
        near=oklch(*light.near, first),
        glow=oklch(*light.glow, second),
        accent=oklch(*light.accent, second + light.turn / 2),
        veil=oklch(*light.veil, first),
        ink=oklch(*light.ink, first),
    )
