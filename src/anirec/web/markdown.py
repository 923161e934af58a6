"""Markdown of a bundle as HTML that is safe on a page with a strict content policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

CELLS: Final = frozenset(("th_open", "td_open"))
HEADINGS: Final = frozenset(("heading_open", "heading_close"))
RIGHT: Final = "text-align:right"


def to_html(text: str) -> str:
    """Return CommonMark with tables as HTML.

    Markup in the text is shown as text, links lead nowhere but to what browsers may open safely, and
    nothing carries a ``style``. Headings are one level lower, below the page's own. Tables scroll sideways inside a region of their own.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = _without_empty_heads(reader.parse(text))
    _prepare(tokens)
    html = str(reader.renderer.render(tokens, reader.options, {}))
    return (
        html.replace(
            "<table>", '<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>'
        )
        .replace("</table>", "</table></div>")
        .replace("<pre>", '<pre role="group" aria-label="Commands" tabindex="0">')
    )


def _prepare(tokens: Sequence[Token]) -> None:
    for token in tokens:
        # Alignment comes as a style, which the content policy forbids.
        if token.type in CELLS and token.attrs.pop("style", None) == RIGHT:
            token.attrSet("class", "figure")
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.type in HEADINGS:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"


def _without_empty_heads(tokens: Sequence[Token]) -> list[Token]:
    """Leave out the head of each table whose columns have no names."""
    kept: list[Token] = []
    head: list[Token] | None = None
    for token in tokens:
        if token.type == "thead_open":
            head = []
        if head is None:
            kept.append(token)
            continue
        head.append(token)
        if token.type == "thead_close":
            if any(one.type == "inline" and one.content.strip() for one in head):
                kept += head
            head = None
    return kept
