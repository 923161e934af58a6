"""Milliseconds from a click on a rating to the changed answer on the screen, in a real Chromium.

Starts ``anirec serve`` as it is, rates shows one after the other on the page, and prints the median and the 95th
percentile of the time until the frame that shows the new recommendations. Needs chromium and the
``dev`` extra::

    python benchmarks/pick.py --bundle bundles/current
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from page import server

PICKS = 40
PRESS = """(button) => new Promise((answered) => {
    const began = performance.now();
    document.addEventListener("htmx:afterSwap", () => {
        requestAnimationFrame(() => setTimeout(() => answered(performance.now() - began)));
    }, { once: true });
    button.click();
})"""


def picks(address: str, width: int) -> list[float]:
    """Rate the first recommended show again and again; returns milliseconds, the first left out."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        page.goto(address)
        page.get_by_role("button", name="Liked it").first.click()
        page.wait_for_url("**/recommendations?list=*")
        taken = []
        for _ in range(PICKS + 1):
            button = page.locator("#results .card").first.get_by_role(
                "button", name="Seen and liked"
            )
            taken.append(float(button.evaluate(PRESS)))
        assert page.locator("#results .strip li").count() == PICKS + 2, "each pick is on the list"
        browser.close()
    return taken[1:]


def main() -> None:
    """Measure on a desktop's and on a phone's width."""
    parser = argparse.ArgumentParser(description="How soon a pick changes the page.")
    parser.add_argument("--bundle", type=Path, default=Path("bundles/current"))
    arguments = parser.parse_args()
    print("| width | picks | median, ms | p95, ms |\n| ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as place:
        for width in (1280, 390):
            with server(arguments.bundle, Path(place) / f"{width}.log") as port:
                taken = picks(f"http://127.0.0.1:{port}", width)
            median, late = np.percentile(taken, [50, 95])
            print(f"| {width} | {len(taken)} | {median:.0f} | {late:.0f} |", flush=True)


if __name__ == "__main__":
    main()
