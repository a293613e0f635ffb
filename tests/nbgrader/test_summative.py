"""An instructor's own questions: what is released does not depend on the key; a mistake is told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Language
from maatwerk.content import content_root
from maatwerk_app.cli import main
from maatwerk_exercises.notebook import HAND_IN
from maatwerk_grading.course_folder.hidden_tests import without_hidden
from maatwerk_grading.course_folder.own_questions import FILE, PREFIX, Question, cells, read_questions
from nbgrader.preprocessors import ClearHiddenTests

FINAL = "eindopdracht"
TEXT = st.text(min_size=1, max_size=30).filter(lambda text: "HIDDEN TESTS" not in text)


def released(questions: list[Question], lang: Language) -> list[str]:
    """The cells as nbgrader itself releases them."""
    step = ClearHiddenTests()
    notebook = nbformat.v4.new_notebook(cells=list(cells(questions, lang)))
    made, _ = step.preprocess(notebook, {})
    return [json.dumps(cell) for cell in made.cells]


@given(TEXT, st.lists(TEXT, min_size=2, max_size=4, unique=True))
@settings(max_examples=40, deadline=None)
def test_the_release_is_the_same_whatever_is_right(ask: str, options: list[str]) -> None:
    ways = [
        released([Question("een", ask, tuple(options), right)], "nl") for right in range(1, len(options) + 1)
    ]
    assert all(way == ways[0] for way in ways)
    (test,) = (
        cell for cell in cells([Question("een", ask, tuple(options), 1)], "nl") if cell.id == "summative-een"
    )
    assert without_hidden(test.source) == "from maatwerk_grading.bridge import summative"


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    given_: Language = request.param
    return given_


def test_the_example_of_a_new_course_folder_can_be_put_in_and_put_in_again(
    language: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "cursus"
    assert main(["teach", "--lang", language, "init", str(root)]) == 0
    notebook = root / "source" / FINAL / f"{FINAL}.ipynb"
    before = nbformat.read(notebook, as_version=4)
    texts = []
    for _ in range(2):
        assert main(["teach", "--lang", language, "questions", str(root)]) == 0
        texts.append(notebook.read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    assert f"nbgrader generate_assignment --force {FINAL}" in capsys.readouterr().out
    after = nbformat.read(notebook, as_version=4)
    added = [cell for cell in after.cells if cell.id.startswith(PREFIX)]
    assert [cell for cell in after.cells if cell not in added] == before.cells
    assert after.cells[-1].id == HAND_IN
    assert [cell.id.removeprefix(PREFIX) for cell in added][:2] == ["title", "form"]
    assert all(f'lang="{language}"' in cell.source for cell in added[1:])


Defect = Callable[[str], str]
DEFECTS: dict[str, tuple[Defect, str]] = {
    "a right answer that is no option": (
        lambda t: t.replace('right = "Tijdens de intake"', 'right = "Tijdens"'),
        "summative.toml, vraag 'voorbeeld', veld 'right': 'Tijdens' staat niet bij options",
    ),
    "one option": (
        lambda t: t.replace(
            '["Voor de intake", "Tijdens de intake", "Na het besluit"]', '["Tijdens de intake"]'
        ),
        "vraag 'voorbeeld', veld 'options': minstens twee",
    ),
    "no question text": (lambda t: t.replace("ask =", "vraag ="), "veld 'vraag': dit veld bestaat niet"),
    "a key with a space": (
        lambda t: t.replace('"voorbeeld"', '"mijn vraag"'),
        "veld 'key': gebruik alleen letters",
    ),
    "a key twice": (
        lambda t: t + t[t.rindex("[[question]]") :],
        "vraag 'voorbeeld', veld 'key': deze naam staat er twee keer",
    ),
    "no question at all": (lambda t: t[: t.rindex("[[question]]")], "minstens één vraag nodig"),
    "no quotation marks": (lambda t: t.replace('"voorbeeld"', "voorbeeld"), "kan niet worden gelezen"),
    "another assignment": (
        lambda t: t.replace('"eindopdracht"', '"opdracht-9"'),
        "geen opdracht 'opdracht-9' in source. Kies uit: eindopdracht, opdracht-1-inleiding",
    ),
    "a number as a text": (
        lambda t: t.replace('right = "Tijdens de intake"', "right = 2"),
        "veld 'right': hier is een tekst",
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cursus") / "nl"
    assert main(["teach", "--lang", "nl", "init", str(root)]) == 0
    return root


@pytest.mark.parametrize("name", DEFECTS)
def test_a_mistake_names_file_question_field_and_what_is_needed(
    name: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    defect, said = DEFECTS[name]
    root = tmp_path / "nl"
    shutil.copytree(folder, root)
    text = (root / FILE).read_text(encoding="utf-8")
    broken = defect(text)
    assert broken != text
    (root / FILE).write_text(broken, encoding="utf-8")
    notebook = root / "source" / FINAL / f"{FINAL}.ipynb"
    before = notebook.read_bytes()
    assert main(["teach", "--lang", "nl", "questions", str(root)]) == 2
    assert said in capsys.readouterr().err
    assert notebook.read_bytes() == before


def test_no_keys_are_put_into_the_course_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["teach", "--lang", "en", "questions", str(content_root() / "exercises" / "nl")]) == 2
    assert "a folder of the course itself" in capsys.readouterr().err
    assert main(["teach", "--lang", "en", "questions", str(tmp_path)]) == 2
    assert "There is no summative.toml" in capsys.readouterr().err


def test_where_the_right_option_stands_says_nothing_about_where_it_was_written(tmp_path: Path) -> None:
    """An author often writes the right one first."""
    file = tmp_path / FILE
    orders = set()
    for options in (["Ja", "Nee", "Soms"], ["Soms", "Ja", "Nee"], ["Nee", "Soms", "Ja"]):
        file.write_text(
            'assignment = "x"\n[[question]]\nkey = "een"\nask = "?"\nright = "Ja"\n'
            f"options = {json.dumps(options)}\n",
            encoding="utf-8",
        )
        orders.add(read_questions(file, "nl").questions)
    assert len(orders) == 1
