"""Curves of figures over epochs, as SVG that takes its colours from the page."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anirec.tracking.local.records import Metric

WIDTH: Final = 320
HEIGHT: Final = 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 8, 10, 24


def curve(metrics: Sequence[Metric]) -> str:
    """Return an SVG element with one line for each metric; all share the axes.

    The vertical axis runs from the lowest to the highest finite value.
    """
    values = [value for metric in metrics for value in metric.values if math.isfinite(value)]
    steps = [step for metric in metrics for step in metric.steps]
    if not values or not steps:
        return ""
    low, high = min(values), max(values)
    first, last = min(steps), max(steps)
    across, up = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

    def x(step: int) -> float:
        return _LEFT + across * ((step - first) / (last - first) if last > first else 0.5)

    def y(value: float) -> float:
        return _TOP + up * ((high - value) / (high - low) if high > low else 0.5)

    drawn = []
    for number, metric in enumerate(metrics):
        points = [
            (x(step), y(value))
            for step, value in zip(metric.steps, metric.values, strict=True)
            if math.isfinite(value)
        ]
        joined = " ".join(f"{right:.1f},{down:.1f}" for right, down in points)
        drawn.append(f'<polyline class="series-{number % 2}" points="{joined}"/>')
        drawn += [
            f'<circle class="series-{number % 2}" cx="{right:.1f}" cy="{down:.1f}" r="2.5"/>'
            for right, down in points
        ]
    names = ", ".join(metric.name for metric in metrics)
    lasts = ", ".join(f"{metric.name} {figure(metric.last)}" for metric in metrics)
    title = escape(f"{names} by epoch, last: {lasts}")
    floor = HEIGHT - _BOTTOM
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">'
        f'<path class="axis" d="M{_LEFT} {_TOP}V{floor}H{WIDTH - _RIGHT}"/>'
        f'<text x="{_LEFT - 5}" y="{_TOP + 4}" text-anchor="end">{high:.3g}</text>'
        f'<text x="{_LEFT - 5}" y="{floor}" text-anchor="end">{low:.3g}</text>'
        f'<text x="{_LEFT}" y="{HEIGHT - 6}">{first}</text>'
        f'<text x="{WIDTH - _RIGHT}" y="{HEIGHT - 6}" text-anchor="end">epoch {last}</text>'
        f"{''.join(drawn)}</svg>"
    )


def figure(value: float) -> str:
    """Return a figure in at most five significant digits."""
    return f"{value:.5g}"
