"""Static files: addresses within them, and what our own content security policy forbids in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from anirec.web import urls

if TYPE_CHECKING:
    from flask import Flask

STATIC = Path(urls.__file__).parent / "static"


def test_the_style_sheet_names_files_under_their_versions(app: Flask) -> None:
    named = re.findall(r'url\("?([^")]+)"?\)', (STATIC / "site.css").read_text())
    assert named
    with app.test_request_context():
        assert [f"/static/{one}" for one in named] == [
            urls.static(one.partition("?")[0]) for one in named
        ]


def test_pictures_hold_no_styles() -> None:
    """Some browsers hold a picture against the policy that it came with, which forbids them."""
    for picture in STATIC.rglob("*.svg"):
        assert not re.search(r"<style|\bstyle=", picture.read_text()), picture
