"""Markdown of a bundle as HTML that is safe on a page with a strict content policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

CELLS: Final = frozenset(("th_open", "td_open"))
RIGHT: Final = "text-align:right"


def to_html(text: str) -> str:
    """Return CommonMark with tables as HTML.

    Markup in the text is shown as text, links lead nowhere but to what browsers may open safely, and
    nothing carries a ``style``. Tables scroll sideways inside a region of their own.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    _prepare(tokens)
    html = str(reader.renderer.render(tokens, reader.options, {}))
    return html.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )


def _prepare(tokens: Sequence[Token]) -> None:
    for token in tokens:
        # Alignment comes as a style, which the content policy forbids.
        if token.type in CELLS and token.attrs.pop("style", None) == RIGHT:
            token.attrSet("class", "figure")
        if token.type == "th_open":
            token.attrSet("scope", "col")
