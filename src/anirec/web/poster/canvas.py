"""A sheet to draw on, 300 by 450, that becomes SVG."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH: Final = 300
HEIGHT: Final = 450

Point = tuple[float, float]


class Canvas:
    """Collects shapes in the order they are drawn.

    Every shape takes further SVG attributes as keywords (``stroke_width=2`` becomes
    ``stroke-width="2"``). Only attributes, never style sheets: they work under any policy.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []

    def add(self, tag: str, body: str = "", /, **attributes: object) -> None:
        """Draw any element; ``body`` is markup that the caller has escaped."""
        opening = f"<{tag}{_written(attributes)}"
        self._parts.append(f"{opening}>{body}</{tag}>" if body else f"{opening}/>")

    def text(self, words: str, **attributes: object) -> None:
        """Write words."""
        self.add("text", escape(words), **attributes)

    def circle(self, x: float, y: float, r: float, fill: str, **more: object) -> None:
        """Draw a disc."""
        self.add("circle", cx=x, cy=y, r=r, fill=fill, **more)

    def ring(self, x: float, y: float, r: float, stroke: str, width: float, **more: object) -> None:
        """Draw a circle's line."""
        self.circle(x, y, r, "none", stroke=stroke, stroke_width=width, **more)

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, **more: object
    ) -> None:
        """Draw a rectangle."""
        self.add("rect", x=x, y=y, width=width, height=height, fill=fill, **more)

    def polygon(self, points: Iterable[Point], fill: str, **more: object) -> None:
        """Draw a filled polygon."""
        self.path("M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z", fill, **more)

    def polyline(self, points: Iterable[Point], stroke: str, width: float, **more: object) -> None:
        """Draw an open line."""
        data = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
        self.path(data, "none", stroke=stroke, stroke_width=width, **more)

    def path(self, data: str, fill: str, **more: object) -> None:
        """Draw a path in SVG's own notation."""
        self.add("path", d=data, fill=fill, **more)

    def open_group(self, **attributes: object) -> None:
        """Begin a group; what follows up to ``close_group`` shares its attributes."""
        self._parts.append(f"<g{_written(attributes)}>")

    def close_group(self) -> None:
        """End the group."""
        self._parts.append("</g>")

    def markup(self) -> str:
        """Return what was drawn."""
        return "".join(self._parts)


def _written(attributes: dict[str, object]) -> str:
    return "".join(
        f" {name.replace('_', '-')}={quoteattr(number(value))}"
        for name, value in attributes.items()
    )


def number(value: object) -> str:
    """Write numbers short (one decimal place is a third of a screen pixel), texts as they are."""
    if isinstance(value, float):
        return (
            f"{value:.2f}".rstrip("0").rstrip(".")
            if abs(value) < 1
            else f"{value:.1f}".removesuffix(".0")
        )
    return str(value)


def polar(x: float, y: float, r: float, degrees: float) -> Point:
    """Return the point at distance r from (x, y); 0 degrees points right, 90 down."""
    angle = math.radians(degrees)
    return x + r * math.cos(angle), y + r * math.sin(angle)


def star(
    x: float, y: float, outer: float, inner: float, points: int, turn: float = -90
) -> list[Point]:
    """Return the corners of a star."""
    step = 180 / points
    return [
        polar(x, y, inner if corner % 2 else outer, turn + corner * step)
        for corner in range(2 * points)
    ]
