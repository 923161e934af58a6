"""Draw the pictures of the page in this folder: ``python docs/images/screenshots.py BUNDLE``.

Needs chromium and the ``dev`` extra. The demo's bundle (``demo/bundles/current``) shows nothing
but the packaged starter community.
"""

from __future__ import annotations

import io
import logging
import shutil
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from anirec import Entry, Recommender
from anirec.lists.list_code import CodedList, encode_list
from anirec.web.app import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
SHOW = 5114
LIST = encode_list(CodedList((Entry(5114, 10), Entry(9253, 9), Entry(1535, 8), Entry(11757, 3))))
TOUR_SIZE = (1120, 720)
SECONDS = 1.4
"""For which each picture of the tour stands"""


def main(bundle: Path) -> None:
    """Serve a bundle on a free port, photograph its pages and record the tour."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_app(Recommender.load(bundle)), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        photograph(browser, address)
        record(browser, address)
        browser.close()
    server.shutdown()


def photograph(browser: Browser, address: str) -> None:
    """Take one picture of each page."""
    own = f"/recommendations?list={LIST}"
    pictures = {
        "home_light": ("/", 1280, 860, "light"),
        "recommendations_dark": (own, 1280, 1180, "dark"),
        "anime_light": (f"/anime/{SHOW}?lang=english", 1280, 1180, "light"),
        "recommendations_phone": (f"{own}&lang=english", 390, 1180, "light"),
    }
    for name, (path, width, height, scheme) in pictures.items():
        page = browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page.goto(address + path, wait_until="networkidle")
        page.screenshot(path=HERE / f"{name}.png")
        page.close()


def record(browser: Browser, address: str) -> None:
    """Walk through the page, from the first pick to a filter, into one moving picture."""
    width, height = TOUR_SIZE
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    frames: list[Image.Image] = []

    def look(then: str | None = None) -> None:
        page.wait_for_load_state("networkidle")
        frames.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
        if then:
            _in_place(page, then)

    page.goto(address)
    look()
    page.mouse.wheel(0, 430)
    look()
    page.get_by_role("button", name="Liked it").nth(1).click()
    look("#results .wall .act.like")
    look("#results .wall .act.dislike")
    page.mouse.wheel(0, 620)
    look("#results .card .act.hide")
    look()
    page.get_by_label("Fame").fill("60")
    page.wait_for_url("**niche=60**")
    look()
    page.get_by_label("Only first seasons").check()
    page.wait_for_url("**sequels=0**")
    look()
    page.locator("#results .card h3 a").first.click()
    look()
    first, *others = frames
    first.save(
        HERE / "tour.webp", save_all=True, append_images=others,
        duration=int(1000 * SECONDS), loop=0, quality=70,
    )  # fmt: skip


def _in_place(page: Page, button: str) -> None:
    before = page.url
    page.locator(button).first.click()
    page.wait_for_url(lambda url: url != before)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
