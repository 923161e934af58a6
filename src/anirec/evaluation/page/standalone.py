"""The plots of a written page, each as an SVG file that stands alone."""

from __future__ import annotations

import re
from html import unescape
from importlib.resources import files
from typing import Final

_SVG: Final = re.compile(r"<svg [^>]*>\s*<title[^>]*>(?P<title>.*?)</title>.*?</svg>", re.DOTALL)
_ROOT: Final = re.compile(r":root\s*\{(.*?)\}", re.DOTALL)


def plots_of_page(html: str) -> dict[str, str]:
    """Return each plot of a page that ``write_page`` wrote, by its title, in the page's light colours."""
    css = (files("anirec.evaluation.page") / "templates" / "report.css").read_text(encoding="utf-8")
    colours = _ROOT.search(css)
    assert colours is not None
    style = f"<style>svg {{ {' '.join(colours[1].split())} background: var(--paper); }}</style>"
    return {
        unescape(found["title"]): found[0].replace(">", f">{style}", 1)
        for found in _SVG.finditer(html)
    }
