"""From a matplotlib figure to SVG that takes its colours from the page and says what it shows."""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

INK: Final = "#000001"
FAINT: Final = "#000002"
SERIES: Final = 8
"""How many colours the page has for series."""
WIDTH: Final = 5.0
"""Inches: 360 points, which a phone shows at about their size"""

_VARIABLES: Final = {INK: "var(--ink)", FAINT: "var(--line)"}
# Any: newer stubs of matplotlib name every key, older ones none.
_STYLE: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "anirec",
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def colour(series: int) -> str:
    """Return the stand-in for the page's colour of a series."""
    return f"#0000{16 + series % SERIES:02x}"


def draw(
    number: int,
    title: str,
    description: str,
    paint: Callable[[Axes], None],
    height: float = 3.4,
    legend: bool = True,
) -> str:
    """Return one SVG element.

    Parameters
    ----------
    number
        Of the plot on the page: keeps the names inside one plot apart from those of others.
    title, description
        What a reader who does not see it is told.
    paint
        Draws into the axes, in the colours of ``colour``, ``INK`` and ``FAINT``.
    height
        Inches.
    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        figure.patch.set_visible(False)
        axes = figure.add_subplot()
        axes.patch.set_visible(False)
        axes.set_axisbelow(True)
        paint(axes)
        if legend:
            handles, labels = axes.get_legend_handles_labels()
            figure.legend(handles, labels, loc="outside lower left", ncols=2, handlelength=1.2)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    return _for_page(file.getvalue(), f"plot{number}", title, description)


def _for_page(text: str, name: str, title: str, description: str) -> str:
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg ") :], flags=re.DOTALL)
    text = re.sub(r'id="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'(url\(|href=")#', rf"\1#{name}-", text)
    for stand_in, variable in _VARIABLES.items():
        text = text.replace(stand_in, variable)
    text = re.sub(r"#0000(1[0-7])", lambda found: f"var(--series-{int(found[1], 16) - 16})", text)
    text = re.sub(r"(font: [^;\"]*?)'DejaVu Sans'[^;\"]*", r"\1var(--font)", text)
    view = re.search(r'viewBox="([^"]+)"', text)
    assert view is not None
    head = (
        f'<svg viewBox="{view[1]}" role="img" aria-labelledby="{name}-title {name}-text" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-text">{escape(description)}</desc>'
    )
    return head + text[text.index(">", text.index("<svg ")) + 1 :].strip()
