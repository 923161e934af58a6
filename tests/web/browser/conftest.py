"""A served application, a real Chromium, and a page that complains of errors."""

from __future__ import annotations

import re
import shutil
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from anirec.web.app import create_app
from anirec.web.settings import Settings
from conftest import skip_or_fail
from lists.by_name.site_server import site_server
from web.browser.server import serving
from web.browser.steps import SIZES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Page

    from anirec.recommender import Recommender
    from lists.by_name.site_server import SiteServer

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP *.test 127.0.0.1",
]


UNCLOSED = r"ignore:Exception ignored in. <_io\.FileIO:pytest.PytestUnraisableExceptionWarning"
"""Werkzeug's server leaves a file to the garbage collector where a browser that is closed hangs up."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(UNCLOSED))


@pytest.fixture(scope="session")
def site() -> Iterator[SiteServer]:
    """A site where people have lists."""
    with site_server() as server:
        yield server


@pytest.fixture(scope="session")
def app(
    recommender: Recommender, site: SiteServer, tmp_path_factory: pytest.TempPathFactory
) -> Flask:
    """An application with a database of its own."""
    place = tmp_path_factory.mktemp("kept") / "anirec.db"
    settings = Settings(database_url=SecretStr(f"sqlite:///{place}"), anilist_url=site.address)
    return create_app(recommender, settings)


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    with serving(app) as there:
        yield there


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        chromium = None
    if chromium is None:
        skip_or_fail("a browser", "apt-get install chromium; pip install 'anirec[dev]'")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


SIZES_AND_THEMES = list(product(SIZES, ["light", "dark"]))


@pytest.fixture(params=SIZES_AND_THEMES, ids="-".join)
def plain(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page without JavaScript."""
    size, scheme = request.param
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@pytest.fixture(params=SIZES_AND_THEMES, ids="-".join)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    size, scheme = request.param
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    opened.on(
        "requestfailed",
        lambda failed: (
            None if failed.failure == "net::ERR_ABORTED" else complaints.append(failed.url)
        ),
    )
    yield opened
    context.close()
    # A wrong wish or address is answered with 4xx, on a page; browsers note that on their console.
    said = re.compile("(status of|Error Code) 4")
    assert [text for text in complaints if not said.search(text)] == []
