"""Draw the pictures of the page in this folder: ``python docs/images/screenshots.py BUNDLE``.

Needs chromium and the ``dev`` extra. The demo's bundle (``demo/bundles/current``) shows nothing
but the packaged starter community.
"""

from __future__ import annotations

import logging
import shutil
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from anirec import Recommender
from anirec.web.app import create_app

HERE = Path(__file__).parent
SHOW = 5114


def main(bundle: Path) -> None:
    """Serve a bundle on a free port and photograph its pages."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    recommender = Recommender.load(bundle)
    viewer = recommender.sample_viewers(3)[-1]
    pictures = {
        "home_light": ("/", 1280, 860, "light"),
        "viewer_dark": (f"/users/{viewer}", 1280, 1180, "dark"),
        "anime_light": (f"/anime/{SHOW}?lang=english", 1280, 1180, "light"),
        "viewer_phone": (f"/users/{viewer}?lang=english", 390, 1180, "light"),
    }
    server = make_server("127.0.0.1", 0, create_app(recommender), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (path, width, height, scheme) in pictures.items():
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page.goto(f"http://127.0.0.1:{server.server_port}{path}", wait_until="networkidle")
            page.screenshot(path=HERE / f"{name}.png")
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
