"""Dutch and English have the same structure: each planted difference is found, and named in one line."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

DUTCH = """# Een proef

Dit staat in het essay (paragraaf 5.2).

```{code-cell}
from maatwerk_widgets import Chapter
chapter = Chapter("09-proef", lang="nl")
```

## 1. Kiezen

Zie tabel 5.1 en tabel 5.2.

```{code-cell}
chapter.plane("before")
```

```{code-cell}
chapter.recall("overvraagd")
```

### Tot slot

Meer in hoofdstuk 4.

Kijk ook bij [gelijkheid](begrip:rechtsgelijkheid).
"""

ENGLISH = """---
translates: not yet
---

# A trial

This is in the essay (section 5.2).

```{code-cell}
from maatwerk_widgets import Chapter
chapter = Chapter("09-proef", lang="en")
```

## 1. Choosing

See table 5.1 and table 5.2.

```{code-cell}
chapter.plane("before")
```

```{code-cell}
chapter.recall("overvraagd")
```

### To end with

More in chapter 4.

Look also at [equality](begrip:rechtsgelijkheid).
"""


class Course:
    """A course of one chapter in two languages, on disk."""

    def __init__(self, folder: Path, builder: ModuleType) -> None:
        self.folder = folder
        self.builder = builder
        for language, text in (("nl", DUTCH), ("en", ENGLISH)):
            (folder / language).mkdir()
            self.file(language).write_text(text)
        builder.mark_translated(folder)
        builder.write(folder)

    def file(self, language: str) -> Path:
        return self.folder / language / "09-proef.md"

    def plant(self, language: str, old: str, new: str) -> None:
        """Change one text, and leave nothing else to complain about."""
        text = self.file(language).read_text()
        assert text.count(old) == 1
        self.file(language).write_text(text.replace(old, new))
        if language == "nl":
            self.builder.mark_translated(self.folder)
        self.builder.write(self.folder)

    def problems(self) -> list[str]:
        return list(self.builder.check(self.folder))


@pytest.fixture
def course(tmp_path: Path, builder: ModuleType) -> Course:
    return Course(tmp_path, builder)


def test_a_sound_course_has_no_problem(course: Course) -> None:
    assert course.problems() == []


def test_a_code_cell_missing_in_english_is_found(course: Course) -> None:
    course.plant("en", '```{code-cell}\nchapter.plane("before")\n```\n\n', "")
    (problem,) = course.problems()
    assert problem.startswith("en/09-proef.md") and "lacks the twin of nl/09-proef.md, cell 4" in problem
    assert 'chapter.plane("before")' in problem


def test_a_markdown_cell_missing_in_dutch_is_found(course: Course) -> None:
    text = "## 1. Kiezen\n\nZie tabel 5.1 en tabel 5.2.\n\n"
    course.plant("nl", text, "")
    assert any(
        p.startswith("nl/09-proef.md, cells: lacks the twin of en/09-proef.md, cell 3")
        for p in course.problems()
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [('plane("before")', 'plane("after")'), ('recall("overvraagd")', 'recall("overvraagd")  # easy')],
)
def test_changed_code_is_found(course: Course, old: str, new: str) -> None:
    course.plant("en", old, new)
    (problem,) = course.problems()
    assert problem.startswith("en/09-proef.md, cell") and "its code differs from the Dutch" in problem


def test_the_setup_may_differ_in_its_language_only(course: Course) -> None:
    course.plant("en", 'Chapter("09-proef", lang="en")', 'Chapter("9-proef", lang="en")')
    (problem,) = course.problems()
    assert "its code differs from the Dutch" in problem


def test_a_setup_in_the_wrong_language_is_found(course: Course) -> None:
    course.plant("en", 'lang="en"', 'lang="nl"')
    (problem,) = course.problems()
    assert "its code differs from the Dutch" in problem


def test_a_stale_translation_is_found_and_can_be_signed_off(course: Course) -> None:
    dutch = course.file("nl")
    dutch.write_text(dutch.read_text().replace("Meer in", "Nog meer in"))
    course.builder.write(course.folder)
    (problem,) = course.problems()
    assert problem.startswith("en/09-proef.md, front matter: translates another text than nl/09-proef.md")
    assert "python tools/chapters/build.py --translated" in problem
    assert course.builder.mark_translated(course.folder) == [course.file("en")]
    assert course.problems() == []


def test_signing_off_also_works_without_front_matter(course: Course) -> None:
    english = course.file("en")
    english.write_text(english.read_text().split("---\n\n", 1)[1])
    assert len(course.problems()) == 1
    course.builder.mark_translated(course.folder)
    assert course.problems() == []


def test_a_citation_lost_in_english_is_found(course: Course) -> None:
    course.plant("en", "See table 5.1 and table 5.2.", "See table 5.1.")
    assert course.problems() == [
        "en/09-proef.md, cell 3, under '1. Choosing': does not cite tabel 5.2, as the Dutch does"
    ]


def test_a_citation_lost_in_dutch_is_found(course: Course) -> None:
    course.plant("nl", "Meer in hoofdstuk 4.", "Meer later.")
    assert course.problems() == [
        "nl/09-proef.md, cell 6, under 'Tot slot': does not cite hoofdstuk 4, as the English does"
    ]


def test_a_citation_in_another_section_does_not_make_up_for_a_lost_one(course: Course) -> None:
    course.plant("en", "(section 5.2)", "(somewhere)")
    course.plant("en", "More in chapter 4.", "More in chapter 4 and section 5.2.")
    assert len(course.problems()) == 2


def test_a_citation_of_a_place_that_the_essay_lacks_is_found(course: Course) -> None:
    course.plant("nl", "tabel 5.2", "tabel 5.9")
    course.plant("en", "table 5.2", "table 5.9")
    problems = course.problems()
    assert len(problems) == 2 and all("'tabel 5.9' is no place in the essay" in p for p in problems)


def test_a_term_linked_in_dutch_only_is_found(course: Course) -> None:
    course.plant("en", "[equality](begrip:rechtsgelijkheid)", "equality")
    assert course.problems() == [
        "en/09-proef.md, cell 6, under 'To end with': "
        "does not link to the term 'rechtsgelijkheid', as the Dutch does"
    ]


def test_a_term_linked_in_english_only_is_found(course: Course) -> None:
    course.plant("nl", "[gelijkheid](begrip:rechtsgelijkheid)", "gelijkheid")
    assert course.problems() == [
        "nl/09-proef.md, cell 6, under 'Tot slot': "
        "does not link to the term 'rechtsgelijkheid', as the English does"
    ]


def test_a_term_that_the_glossary_lacks_is_found(course: Course) -> None:
    for language in ("nl", "en"):
        course.plant(language, "(begrip:rechtsgelijkheid)", "(begrip:gelijkheid)")
    problems = course.problems()
    assert len(problems) == 2
    assert all("links to 'gelijkheid', which is no term of the glossary" in p for p in problems)


def test_a_changed_heading_level_is_found(course: Course) -> None:
    course.plant("en", "### To end with", "## To end with")
    (problem,) = course.problems()
    assert problem.startswith("en/09-proef.md, cell 6 (09-proef-006, markdown: ## To end with)")
    assert "its headings have levels (2,), those of the Dutch (3,)" in problem


def test_a_chapter_without_a_twin_is_found(course: Course) -> None:
    course.file("en").rename(course.folder / "en" / "10-anders.md")
    problems = course.problems()
    assert "en/09-proef.md, whole file: is missing; nl/09-proef.md is there" in problems
    assert "nl/10-anders.md, whole file: is missing; en/10-anders.md is there" in problems


def test_a_notebook_edited_by_hand_is_found(course: Course) -> None:
    notebook = course.folder / "nl" / "09-proef.ipynb"
    notebook.write_text(notebook.read_text().replace("Kiezen", "Zomaar"))
    assert course.problems() == [
        "nl/09-proef.ipynb: differs from its text; run: python tools/chapters/build.py"
    ]


def test_a_notebook_without_a_text_is_found(course: Course) -> None:
    (course.folder / "en" / "08-los.ipynb").write_text("{}")
    assert course.problems() == ["en/08-los.ipynb: has no text that it is built from"]


def test_the_command_names_each_problem_and_changes_nothing(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = course.folder / "nl" / "09-proef.ipynb"
    notebook.unlink()
    assert course.builder.main(["--check"], course.folder) == 1
    assert "nl/09-proef.ipynb: differs from its text" in capsys.readouterr().err
    assert not notebook.exists()
    assert course.builder.main([], course.folder) == 0
    assert capsys.readouterr().out == "nl/09-proef.ipynb\n"
    assert course.builder.main(["--check"], course.folder) == 0
