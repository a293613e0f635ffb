"""Code in formgrader and in feedback: what was hidden from learners stays hidden.

nbgrader puts hidden tests back to grade, and would show them in the feedback that a learner gets: with the
keys of questions that the next group is asked too.
"""

from __future__ import annotations

from typing import Any

from nbconvert.filters import Highlight2HTML

from maatwerk_grading.course_folder.hidden_tests import without_hidden


def highlight_code(source: str, metadata: Any = None) -> str:
    """nbconvert's filter of this name, without the hidden tests.

    Parameters
    ----------
    source : str
        A code cell's.
    metadata : mapping, optional
        The cell's own.
    """
    shown: str = Highlight2HTML()(without_hidden(source), metadata=metadata)  # type: ignore[no-untyped-call]
    return shown
