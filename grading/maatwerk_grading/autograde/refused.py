"""What stands in the autograded folder of a submission that could not be graded: a notebook that says why.

formgrader shows the autograded notebook of everybody whom the gradebook knows, and fails (500) when there is
none. So there is one: without any of the learner's files, without marks, and known by its metadata. The
gradebook is the same as after ``nbgrader autograde``, which leaves nothing there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from maatwerk import LANGUAGES, Language, Text
from maatwerk.text import as_language

from maatwerk_grading.autograde.problems import TEXTS, Remark
from maatwerk_grading.bridge import clean

# In the metadata of the notebook, under the course's own key.
OURS, WHY = "maatwerk", "refused"


def reason(remark: Remark) -> Text:
    """Why, harmless wherever it is shown."""
    return Text(**{lang: " ".join(clean(remark.say(lang)).split()) for lang in LANGUAGES})


def notice(why: Text, lang: Language) -> bytes:
    """The notebook that says why."""
    text = f"# {TEXTS['refused_title'][lang]}\n\n{why[lang]}"
    cell = {"cell_type": "markdown", "id": "refused", "metadata": {}, "source": text}
    metadata = {OURS: {WHY: {one: why[one] for one in LANGUAGES}, "language": lang}}
    notebook = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False).encode("utf-8")


def is_notice(notebook: Mapping[str, Any]) -> bool:
    """Whether a notebook is one of these: no cell of an assignment is in it."""
    return why_refused(notebook) is not None


def why_refused(notebook: Mapping[str, Any]) -> Text | None:
    """What a notice says; ``None`` for any other notebook."""
    ours = notebook.get("metadata", {}).get(OURS, {})
    why = ours.get(WHY) if isinstance(ours, Mapping) else None
    if not isinstance(why, Mapping) or not all(isinstance(why.get(lang), str) for lang in LANGUAGES):
        return None
    # A learner may write whatever into a notebook's metadata; but the cells of the assignment come back.
    if any("nbgrader" in cell.get("metadata", {}) for cell in notebook.get("cells", ())):
        return None
    return Text(**{lang: why[lang] for lang in LANGUAGES})


def language_of(notebook: Mapping[str, Any], otherwise: Language) -> Language:
    """The language that a notebook of the course says it is in."""
    ours = notebook.get("metadata", {}).get(OURS, {})
    said = ours.get("language") if isinstance(ours, Mapping) else None
    return as_language(said) if said in LANGUAGES else otherwise
