"""Draws the learning rate of each epoch as ``docs/images/learning_rate.svg``.

Run it after a change of the schedule::

    python benchmarks/learning_rate_svg.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from anirec.models.keras_net.schedule import learning_rate
from anirec.models.recommender_net import RecommenderNetConfig

PICTURE: Final = Path(__file__).parents[1] / "docs" / "images" / "learning_rate.svg"

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 84, 20, 24, 52
Y_TICKS = 4


def draw(config: RecommenderNetConfig) -> str:
    """Return the picture as SVG text."""
    rates = [learning_rate(epoch, config) for epoch in range(config.epochs)]
    top = max(rates)

    def x(epoch: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (epoch + 0.5) / len(rates)

    def y(rate: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * rate / top

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"',
        ' font-family="system-ui, sans-serif" font-size="13" fill="#444">',
        "<title>Learning rate by epoch</title>",
        f"<desc>From {rates[0]:g} in epoch 1 up to {top:g}, then down to {rates[-1]:.2g}.</desc>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for tick in range(Y_TICKS + 1):
        rate = top * tick / Y_TICKS
        lines += [
            f'<path d="M{LEFT} {y(rate):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>',
            f'<text x="{LEFT - 10}" y="{y(rate) + 4:.1f}" text-anchor="end">{rate:.4g}</text>',
        ]
    for epoch in range(len(rates)):
        place = f'x="{x(epoch):.1f}" y="{HEIGHT - BOTTOM + 20}"'
        lines.append(f'<text {place} text-anchor="middle">{epoch + 1}</text>')
    points = [f"{x(epoch):.1f},{y(rate):.1f}" for epoch, rate in enumerate(rates)]
    lines += [
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">epoch</text>',
        f'<text transform="translate(18 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)"'
        ' text-anchor="middle">learning rate</text>',
        f'<polyline points="{" ".join(points)}" fill="none" stroke="#2e51a2" stroke-width="2"/>',
    ]
    for epoch, rate in enumerate(rates):
        lines += [
            f'<circle cx="{x(epoch):.1f}" cy="{y(rate):.1f}" r="4" fill="#2e51a2">'
            f"<title>epoch {epoch + 1}: {rate:.3g}</title></circle>"
        ]
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(draw(RecommenderNetConfig()), encoding="utf-8")
    print(f"written to {PICTURE}")
