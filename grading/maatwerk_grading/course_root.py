"""How nbgrader is set up in a course root; each ``nbgrader_config.py`` calls this."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from maatwerk import Language

TEMPLATES = Path(__file__).parent / "nbgrader_templates"
# Importing the widgets may take long on a slow disk, and a cell that takes longer scores nothing.
SECONDS_A_CELL = 120


def configure(config: Any, language: Language) -> None:
    """Set up nbgrader for the course root of one language.

    Parameters
    ----------
    config : traitlets.config.Config
        What ``get_config()`` gives in an ``nbgrader_config.py``.
    language : {"nl", "en"}
        The language of the root's assignments.
    """
    config.CourseDirectory.course_id = f"maatwerk-{language}"
    config.Execute.timeout = SECONDS_A_CELL
    # Whose file it is, from the names that a learning environment gives.
    config.ZipCollectApp.collector_plugin = "maatwerk_grading.lms.zip_collector.LmsCollector"
    # Our templates come first: feedback and formgrader then fetch nothing from another machine.
    config.HTMLExporter.extra_template_basedirs = [str(TEMPLATES), str(_nbgrader_templates())]
    # Beside those of nbgrader, which have the name that they always have.
    config.HTMLExporter.template_file = "maatwerk.html.j2"
    # What a learner wrote in a cell of their own shows as text. Only named here: it takes long to import.
    config.HTMLExporter.filters = {
        "markdown2html": "maatwerk_grading.course_folder.markdown_filter.markdown2html",
        "highlight_code": "maatwerk_grading.course_folder.code_filter.highlight_code",
        "maatwerk_feedback": "maatwerk_grading.nbgrader_pages.feedback_page",
        "maatwerk_is_ours": "maatwerk_grading.nbgrader_pages.is_ours",
        "maatwerk_marking": "maatwerk_grading.nbgrader_pages.marking_page",
    }


def _nbgrader_templates() -> Path:
    # Found without importing nbgrader, which takes a second and which this module otherwise does not need.
    spec = find_spec("nbgrader")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("nbgrader is not installed: pip install 'maatwerk[teach]'")
    return Path(spec.origin).parent / "server_extensions" / "formgrader" / "templates"
