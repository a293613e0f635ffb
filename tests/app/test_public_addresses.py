"""What notebooks and configurations in the world name keeps working, wherever the code has moved."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# By address: where it stands in the world. CONTRIBUTING.md tells the same list.
PUBLIC = {
    "maatwerk_grading.bridge:written": "assignments that were handed out",
    "maatwerk_grading.bridge:points": "assignments that were handed out",
    "maatwerk_grading.collector:LmsCollector": "nbgrader_config.py",
    "maatwerk_grading.course_root:configure": "nbgrader_config.py",
    "maatwerk_grading.exporters:BrightspaceExporter": "nbgrader export",
    "maatwerk_grading.exporters:CanvasExporter": "nbgrader export",
    "maatwerk_grading.exporters:GenericExporter": "nbgrader export",
    "maatwerk_grading.exporters:MoodleExporter": "nbgrader export",
    "maatwerk_grading.hub:configure": "jupyterhub_config.py",
    "maatwerk_grading.pages:_load_jupyter_server_extension": "Jupyter server configurations",
    "maatwerk_live.jupyter:_load_jupyter_server_extension": "Jupyter server configurations",
    "maatwerk_live.notebook:replay": "notebooks that look back on a workshop",
    "maatwerk_live.notebook:workshop": "a facilitator's notebooks",
    "maatwerk_widgets:Chapter": "chapters",
}
NOTEBOOKS = sorted(
    file
    for pattern in ("course/*/*.ipynb", "exercises/*/source/*/*.ipynb")
    for file in ROOT.glob(pattern)
    if ".ipynb_checkpoints" not in file.parts
)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_leads_somewhere(address: str) -> None:
    module, _, name = address.partition(":")
    assert callable(getattr(importlib.import_module(module), name))


def test_contributing_tells_every_public_address() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    missing = {address.partition(":")[0] for address in PUBLIC if address.partition(":")[0] not in text}
    assert missing == set()


def test_notebooks_name_public_addresses_only() -> None:
    public = {address.partition(":")[0] for address in PUBLIC}
    assert NOTEBOOKS
    named = {
        module
        for file in NOTEBOOKS
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
        for module in re.findall(r"(?:from|import) (maatwerk[\w.]*)", "".join(cell["source"]))
    }
    assert named <= public
