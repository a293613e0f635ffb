"""The board of a workshop in a real JupyterLab: it begins a workshop that a phone joins, and shows it."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from lab import PATIENCE, StartedCourse
from playwright.sync_api import Browser, expect

METADATA = {"maatwerk": {"autorun": True}}
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def write_notebook(file: Path, data: Path) -> None:
    source = (
        "from pathlib import Path\n"
        "from maatwerk_live.notebook.widgets import workshop\n"
        f"workshop('nl', data=Path({str(data)!r}))"
    )
    cell = nbformat.v4.new_code_cell(source, id="bord")
    found = nbformat.v4.new_notebook(cells=[cell], metadata={**METADATA, "kernelspec": KERNEL})
    nbformat.write(found, file)


@pytest.mark.xdist_group("lab")
def test_a_facilitator_opens_a_workshop_in_a_notebook(
    browser: Browser, dutch_course: StartedCourse, tmp_path: Path
) -> None:
    notebook = dutch_course.folder / "werkvorm.ipynb"
    write_notebook(notebook, tmp_path / "workshops.db")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE)
    dutch_course.open(page, "werkvorm")
    board = page.locator(".mw-live")
    expect(board.locator(".qr path").first).to_be_attached()
    code = board.locator(".right > .code").inner_text()

    stage = browser.new_page()
    stage.goto(board.get_by_role("link").get_attribute("href") or "")
    expect(stage.locator(".bar .code")).to_have_text(code)
    phone = browser.new_page(viewport={"width": 360, "height": 740}, has_touch=True, locale="nl-NL")
    phone.goto(re.sub(r"stage#(\w+).*", r"join#\1", stage.url))
    expect(phone.get_by_role("heading", name="Je bent binnen")).to_be_visible()
    expect(board.locator(".people")).to_have_text("In de zaal: 1")
    stage.locator("[data-command=open]").click()
    expect(board.locator(".frame")).to_have_attribute("data-view", "case")
    phone.locator(".mwp-place").tap()
    expect(board.locator(".count").first).to_have_text("1 van 1 hebben geplaatst")

    # A reload goes on where it was.
    page.reload()
    expect(board.locator(".count").first).to_have_text("1 van 1 hebben geplaatst")
    for one in (page, stage, phone):
        one.close()
    assert "stage#" not in notebook.read_text(encoding="utf-8")
    notebook.unlink()
