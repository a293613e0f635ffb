"""The pages that nbgrader and formgrader show, made by the course; nbconvert calls these as filters.

``nbgrader generate_feedback`` gives the very page that ``maatwerk feedback`` makes, only slower.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from maatwerk import DEFAULT_LANGUAGE


def feedback_page(_notebook: Any, resources: Mapping[str, Any]) -> str:
    """The feedback page of one learner.

    Parameters
    ----------
    resources : mapping
        What nbgrader says of the notebook: whose it is, and where the gradebook is.
    """
    # Only here: formgrader's pages need none of it.
    from sqlalchemy import NullPool, create_engine

    from maatwerk_grading.autograde.gradebook import read_assignment
    from maatwerk_grading.feedback.run import page_of

    about = resources["nbgrader"]
    with create_engine(about["db_url"], poolclass=NullPool).connect() as connection:
        return page_of(
            connection,
            read_assignment(connection, about["assignment"]),
            about["notebook"],
            about["student"],
            Path(resources["metadata"]["path"]).absolute(),
            DEFAULT_LANGUAGE,
        )


def is_ours(notebook: Mapping[str, Any]) -> bool:
    """Whether the course's own marking page can show a notebook; nbgrader's shows any other."""
    from maatwerk_grading.marking.sheet import is_ours as ours

    return ours(notebook)


def marking_page(notebook: Mapping[str, Any], resources: Mapping[str, Any]) -> str:
    """The page on which a person marks one submission.

    Parameters
    ----------
    notebook : mapping
        The autograded one.
    resources : mapping
        What formgrader says of it.
    """
    from maatwerk_grading.marking.page import marking_page as page
    from maatwerk_grading.marking.sheet import marking_sheet

    return page(marking_sheet(notebook, Path(resources["metadata"]["path"])), resources)
