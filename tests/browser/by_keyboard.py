"""An exercise filled in with nothing but keys, in any host that shows the notebook."""

from __future__ import annotations

from typing import Any

from maatwerk import framework
from playwright.sync_api import Locator, Page

KEY = "scootmobiel"
ASSIGNMENT = "opdracht-3-dilemmas"
WEIGHTS = {"burgers": 40, "rechtsstaat": 30, "organisatie": 0, "beroepsgroep": 0, "maatschappij": 30}
# Letters that JupyterLab takes for commands outside a text.
REASON = "Omdat dd, b, x en 00 geen opdrachten zijn.\nTweede regel."


def tab_to(page: Page, target: Locator, most: int = 100) -> None:
    """Press Tab until the target has the focus, so many times at the most."""
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {target}")


def fill_in(page: Page) -> dict[str, Any]:
    """Answer the first exercise of the notebook; returns what should be in the file."""
    keys = page.keyboard
    tab_to(page, page.get_by_role("slider", name="Maatwerk per persoon").first)
    for key in ("Shift+ArrowUp", "Shift+ArrowUp", "Shift+ArrowUp", "Shift+ArrowLeft", "Shift+ArrowLeft"):
        keys.press(key)
    for loyalty, points in WEIGHTS.items():
        if points:
            name = framework().loyalties[loyalty].name["nl"]
            tab_to(page, page.get_by_role("spinbutton", name=name).first)
            keys.type(str(points))
    tab_to(page, page.get_by_role("radio", name="Eerlijk verdelen").first)
    keys.press("Space")
    keys.press("ArrowDown")
    for side in ("Voordeel", "Nadeel"):
        tab_to(page, page.get_by_role("group", name="Burger", exact=True).first.get_by_label(side))
        keys.press("ArrowDown")
    tab_to(page, page.get_by_role("radio", name="Verschil merken, om gelijkheid vragen").first)
    keys.press("Space")
    tab_to(page, page.get_by_role("radio", name="Burgers").first)
    keys.press("Space")
    tab_to(page, page.get_by_label("Leg je besluit uit").first)
    keys.type(REASON)
    keys.press("Tab")
    statements = [
        page.get_by_role("group", name="Burger", exact=True).first.get_by_label(side).input_value()
        for side in ("Voordeel", "Nadeel")
    ]
    return {
        "placement": {"person": 80, "group": 30},
        "loyalties": WEIGHTS,
        "tension": "proportionaliteit",
        "effects": {"burger": dict(zip(("voordeel", "nadeel"), statements, strict=True))},
        "dynamic": "burgers",
        "dynamic_actor": "burgers",
        "justification": REASON,
    }
