"""Take the pictures in docs/ from the real widgets and screens::

python docs/screenshots.py
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import anywidget
import instructors_day
from maatwerk_widgets.form import FORM_TEXTS
from maatwerk_widgets.plane import DecisionPlane
from maatwerk_widgets.words import words
from playwright.sync_api import Page, Route, sync_playwright

DOCS = Path(__file__).parent
# The bare page of the browser tests: it shows a widget without Jupyter.
HOST = DOCS.parent / "tests" / "browser" / "host"
ADDRESS = "http://localhost/index.html"
# Wide enough for the table beside the plane, and below 200 kB.
WIDTH, SCALE = 1240, 0.9
# Text that looks the same on every screen needs no coloured edges.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-lcd-text")


def plane() -> DecisionPlane:
    """A decision that moved: from an exception to a rule for a group."""
    label = words("chapter_moment", "en", FORM_TEXTS)["before"]
    return DecisionPlane("en", person=28, group=76, earlier=[{"label": label, "person": 78, "group": 24}])


PICTURES = {"plane.png": plane}


def take(page: Page, widget: Any, file: Path) -> None:
    """Show one widget on the bare page, and nothing else on the picture."""
    page.goto(ADDRESS)
    page.wait_for_function("window.hostReady === true")
    traits = set(widget.keys) - set(anywidget.AnyWidget.class_trait_names())
    given = {
        "module": str(widget._esm),
        "css": str(widget._css),
        "state": widget.get_state(traits),
        "views": 1,
    }
    page.evaluate("given => show(given)", given)
    page.wait_for_timeout(500)  # Until colours have changed.
    page.locator("main > div").screenshot(path=file)


def serve(route: Route) -> None:
    """Answer from the folder of the bare page: nothing is fetched, from this machine or another."""
    route.fulfill(path=HOST / Path(urlparse(route.request.url).path).name)


def main() -> None:
    """Take them all."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, device_scale_factor=SCALE)
        page.route("**/*", serve)
        for name, widget in PICTURES.items():
            take(page, widget(), DOCS / name)
            print(DOCS / name)
        for file in instructors_day.take_all(browser):
            print(file)
        browser.close()


if __name__ == "__main__":
    main()
