"""The page on which a trainee reads what their work was worth: what it says, and what it never tells."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from bs4 import BeautifulSoup
from course_roots import nbgrader
from handed_in import ASSIGNMENT, EXERCISE, NAME, answers_file, half_fields, model_fields
from maatwerk import LANGUAGES, Language, framework
from maatwerk_app.cli import main
from maatwerk_exercises.notebook import cell_name
from maatwerk_exercises.rating import TEXTS as RATING
from maatwerk_grading.bridge import TEXTS as NOTEBOOK
from maatwerk_grading.feedback.words import TEXTS
from maatwerk_grading.rubric_levels import Remarked, write_comment
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Page, sync_playwright

pytestmark = pytest.mark.xdist_group("nbgrader")

TASK = cell_name(EXERCISE, EXERCISE.manual)
WCAG_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
HUGE = "Reuzentekst zonder één spatie: " + "x" * 15_000
RTL = "שלום עולם — مرحبا بالعالم 👩🏽‍⚖️🏳️‍🌈"
RATING_KEY = ASSIGNMENT.ratings[0].key


def feedback(root: Path, *more: str) -> int:
    return main(["feedback", NAME, "--course-dir", str(root), "--lang", "en", *more])


def file_of(root: Path, student: str) -> Path:
    return root / "feedback" / student / NAME / f"{NAME}.html"


def page_of(root: Path, student: str) -> BeautifulSoup:
    return BeautifulSoup(file_of(root, student).read_text(encoding="utf-8"), "html.parser")


def words_of(root: Path, student: str) -> str:
    return " ".join(page_of(root, student).get_text(" ").split())


def hand_in(root: Path, student: str, answers: bytes) -> Path:
    folder = root / "submitted" / student / NAME
    shutil.copytree(root / "release" / NAME, folder)
    (folder / "answers.json").write_bytes(answers)
    return folder


@pytest.fixture(scope="module")
def made(fast: Mapping[Language, Path], tmp_path_factory: pytest.TempPathFactory) -> Mapping[Language, Path]:
    """Both course roots as the fast grader left them, with more people, marks by hand, and all pages."""
    folder = tmp_path_factory.mktemp("feedback")
    found = {}
    for language in LANGUAGES:
        root = folder / language
        shutil.copytree(fast[language], root)
        shutil.rmtree(root / "feedback", ignore_errors=True)
        rated = {
            "stance": "for",
            **{key: str(2 + at % 3) for at, key in enumerate(ASSIGNMENT.ratings[0].arguments)},
        }
        texts = {"justification": HUGE, "counter_argument": RTL, "change_mind": "<b>vet</b> {{ 7*7 }}"}
        book = json.loads(answers_file({**model_fields(5, 95), **texts}))
        book["answers"][f"rating-{RATING_KEY}"] = rated
        hand_in(root, "rijk", json.dumps(book).encode())
        broken = hand_in(root, "kapot", answers_file(half_fields()))
        (broken / f"{NAME}.ipynb").write_text("{geen notebook <script>alert(1)</script>")
        (broken / "submission_secret.txt").write_text("geheim")
        (broken / "timestamp.txt").write_text("2026-11-24 09:00:00 UTC")
        # One more that cannot be graded, and one that nobody graded.
        renamed = hand_in(root, "hernoemd", answers_file(half_fields()))
        (renamed / f"{NAME}.ipynb").rename(renamed / "kopie.ipynb")
        assert main(["grade", NAME, "--course-dir", str(root), "--lang", "en"]) == 1
        hand_in(root, "vergeten", answers_file(half_fields()))
        with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
            gradebook.update_or_create_student("half", first_name="Zoë", last_name="d'Arc <b>")
            mark(gradebook, "half", 3, Remarked("Je noemt *de prijs*.\n\n<script>alert(9)</script>", LEVELS))
        found[language] = root
    return found


LEVELS = dict(zip(EXERCISE.rubric, (2, 1, 0), strict=True))


def mark(gradebook: Gradebook, student: str, points: float, remarked: Remarked) -> None:
    """As formgrader keeps it."""
    grade = gradebook.find_grade(TASK, NAME, NAME, student)
    grade.manual_score, grade.needs_manual_grade = points, False
    gradebook.find_comment(TASK, NAME, NAME, student).manual_comment = write_comment(remarked)
    gradebook.db.commit()


@pytest.fixture(scope="module")
def pages(made: Mapping[Language, Path]) -> Mapping[Language, Path]:
    for root in made.values():
        # One was not graded yet: that is told, and the others have their page.
        assert feedback(root) == 1
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_no_programmers_page(language: Language, pages: Mapping[Language, Path]) -> None:
    files = list((pages[language] / "feedback").rglob("*.html"))
    assert len(files) > 6
    for file in files:
        text = file.read_text(encoding="utf-8")
        page = BeautifulSoup(text, "html.parser")
        assert page.html is not None and page.html["lang"] == language
        assert page.title is not None and ASSIGNMENT.title[language] in page.title.get_text()
        assert len(page.find_all("h1")) == len(page.find_all("main")) == 1
        said = page.get_text()
        for code in ("Test cell", "Out[", "import ", "maatwerk_grading", "points(", "float(", "grade_id"):
            assert code not in said, code
        # The hostile one writes such things; nobody else's page has a hole in it.
        holes = r"<built-in|Traceback|\bNone\b" + ("" if "vijandig" in file.parts else r"|\{[a-z_]+\}")
        assert not re.search(holes, said), file
        assert not page.find_all(["script", "iframe", "img", "form", "object"])
        policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
        assert policy is not None and str(policy["content"]).startswith("default-src 'none'")
        fetched = [tag.get("src") or tag.get("href") for tag in page.find_all(["link", "img"])]
        assert [one for one in fetched if not str(one).startswith("data:")] == []
        assert not [tag for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert len(ids) == len(set(ids))
        for link in page.find_all("a", href=re.compile("^#")):
            assert str(link["href"])[1:] in ids


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_was_chosen_what_counted_and_why(
    language: Language, pages: Mapping[Language, Path]
) -> None:
    fw, said = framework(), words_of(pages[language], "half")
    fields = half_fields()
    tension = fw.tensions()[fields["tension"]][1]
    chosen = [
        *(fw.statements[key].text for sides in fields["effects"].values() for key in sides.values()),
        *(tension.name, fw.dynamics[fields["dynamic"]].name, fw.variants[fields["counter_variant"]].name),
        *(loyalty.name for loyalty in fw.loyalties.values()),
    ]
    for text in chosen:
        assert text[language] in said
    assert "5 van 100" in said if language == "nl" else "5 out of 100" in said
    for words in ("sides_one", "weights_left", "dynamic_no_actor"):
        assert re.search(re.escape(words_start(words, language)), said), words
    assert ("Zie tabel 3.1." if language == "nl" else "See table 3.1.") in said
    assert (
        TEXTS["total_so_far"][language].format(points=13.08 if language == "en" else "13,08", maximum=69)
        in said
    )


def words_start(key: str, language: Language) -> str:
    """The longest piece of a criterion's text in which nothing is filled in."""
    from maatwerk_grading.criteria import TEXTS as CRITERIA

    return max(re.split(r"\{[a-z]+\}", CRITERIA[key][language]), key=len).strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_a_person_thought_of_it_by_criterion(
    language: Language, pages: Mapping[Language, Path]
) -> None:
    page = page_of(pages[language], "half")
    person = page.find(id=f"{EXERCISE.key}-person")
    assert person is not None
    chosen = [" ".join(one.get_text(" ").split()) for one in person.find_all("li", class_="chosen")]
    assert len(chosen) == len(EXERCISE.rubric)
    for (key, criterion), told in zip(EXERCISE.rubric.items(), chosen, strict=True):
        (level,) = (one for one in criterion.levels if one.points == LEVELS[key])
        assert told.startswith(f"{level.points} ") and level.anchor[language] in told
    said = person.get_text()
    assert "[rubric" not in said and "<script>alert(9)</script>" in said
    assert person.em is not None and person.em.get_text() == "de prijs"
    assert "Zoë d'Arc <b>" in page.header.get_text() if page.header else False
    # What nobody marked yet is told as such, and not as nothing.
    other = page_of(pages[language], "midden").find(id=f"{EXERCISE.key}-person")
    assert other is not None and TEXTS["by_person_waits"][language] in other.get_text()


def test_what_a_learner_wrote_stays_text(pages: Mapping[Language, Path]) -> None:
    hostile, rich = words_of(pages["nl"], "vijandig"), page_of(pages["nl"], "rijk")
    assert "<script>alert('x')</script>" in hostile and "{{ 7*7 }}" in hostile
    assert not re.search("[\x1b\u202e\ud800]", file_of(pages["nl"], "vijandig").read_text(encoding="utf-8"))
    texts = [one.get_text() for one in rich.find_all("div", class_="words")]
    assert texts == [HUGE, RTL.replace("\u200f", ""), "<b>vet</b> {{ 7*7 }}"]
    assert all(one["dir"] == "auto" for one in rich.find_all("div", class_="words"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_rated_arguments_are_told_without_points(language: Language, pages: Mapping[Language, Path]) -> None:
    section = page_of(pages[language], "rijk").find(id=f"rating-{RATING_KEY}")
    assert section is not None
    said = section.get_text()
    assert RATING["stance_for"][language] in said
    for argument in ASSIGNMENT.ratings[0].arguments.values():
        assert argument.text[language] in said and argument.why[language] in said
    unfinished = page_of(pages[language], "half").find(id=f"rating-{RATING_KEY}")
    assert unfinished is not None and TEXTS["rating_unfinished"][language] in unfinished.get_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_of_an_own_question_is_told(language: Language, pages: Mapping[Language, Path]) -> None:
    text = file_of(pages[language], "half").read_text(encoding="utf-8")
    assert "Het team" in text, "one's own answer is there"
    assert "raad" not in words_of(pages[language], "half").split("Wie tekent")[1].split("Binnen")[0]
    for file in (pages[language] / "feedback").rglob("*"):
        if file.is_file():
            assert not re.search(rb"HIDDEN TESTS|right=|ALLEEN-VOOR", file.read_bytes()), file
    assert not list((pages[language] / "feedback").rglob("answers.json"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_could_not_be_marked_is_told_in_a_trainees_words(
    language: Language, pages: Mapping[Language, Path]
) -> None:
    reasons = {"kapot": "refused_no_notebook", "hernoemd": "refused_only_unknown_notebooks"}
    for student, reason in reasons.items():
        said = words_of(pages[language], student)
        assert TEXTS["refused_title"][language] in said and TEXTS[reason][language] in said
        assert "0 van" not in said and "0 out of" not in said
    damaged = words_of(pages[language], "beschadigd")
    assert TEXTS["answers_problem"][language] in damaged and NOTEBOOK["unreadable"][language] in damaged
    # nbgrader hands the page out by these, and stops with the whole class when one has none.
    assert (pages[language] / "feedback" / "kapot" / NAME / "submission_secret.txt").read_text() == "geheim"


def test_lateness_is_told(pages: Mapping[Language, Path]) -> None:
    said = words_of(pages["nl"], "te-laat")
    assert TEXTS["late_row"].nl in said and re.search("Daarvoor zijn [0-9,]+ punten afgetrokken", said)
    assert "Ingeleverd op 24-11-2026, 12:00 (UTC)" in said
    assert TEXTS["late_row"].nl not in words_of(pages["nl"], "aantekening")


def test_the_command_says_who_waits_who_was_refused_and_who_was_not_graded(
    pages: Mapping[Language, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert feedback(pages["en"]) == 1
    said = capsys.readouterr().out
    assert "not be marked; their page says why: hernoemd, kapot" in said
    assert "Not graded yet, so no page: vergeten. First do: maatwerk grade" in said
    assert "half" in said.split("still waits for you")[1].splitlines()[0]
    assert "Made: 0 pages" in said
    assert feedback(pages["en"], "--student", "half") == 0
    for wrong, expected in (("niemand*", "nobody with a graded"), ("vergeten", "First do: maatwerk grade")):
        assert feedback(pages["en"], "--student", wrong) == 2
        assert expected in capsys.readouterr().err
    assert main(["feedback", "bestaat-niet", "--course-dir", str(pages["en"]), "--lang", "nl"]) == 2
    assert "staat niet in het cijferboek" in capsys.readouterr().err


def test_only_what_changed_is_made_again_and_the_gradebook_is_only_read(
    pages: Mapping[Language, Path], tmp_path: Path
) -> None:
    root = tmp_path / "nl"
    shutil.copytree(pages["nl"], root)

    def seen() -> dict[str, int]:
        return {file.parts[-3]: file.stat().st_mtime_ns for file in root.glob("feedback/*/*/*.html")}

    def book() -> str:
        return hashlib.sha256((root / "gradebook.db").read_bytes()).hexdigest()

    before, kept = seen(), book()
    feedback(root)
    assert seen() == before and book() == kept
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        mark(gradebook, "midden", 6, Remarked("Mooi"))
    kept = book()
    feedback(root)
    assert {student for student, at in seen().items() if at != before[student]} == {"midden"}
    assert "Mooi" in words_of(root, "midden") and book() == kept
    feedback(root, "--force", "--student", "h*")
    assert all(
        (seen()[student] != at) == student.startswith("h")
        for student, at in before.items()
        if student != "midden"
    )
    assert not [file for file in (root / "feedback").rglob("*") if file.name.endswith(".part")]
    modes = {oct(file.stat().st_mode & 0o777) for file in (root / "feedback").rglob("*") if file.is_file()}
    assert modes == {"0o644"}


def test_one_page_that_cannot_be_written_keeps_nobody_from_theirs(
    pages: Mapping[Language, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "nl"
    shutil.copytree(pages["nl"], root, ignore=lambda at, names: ["feedback"] if "feedback" in names else [])
    (root / "feedback").mkdir()
    (root / "feedback" / "leeg").write_text("hier staat een bestand")
    capsys.readouterr()
    assert feedback(root) == 1
    assert "leeg: NO page." in capsys.readouterr().out
    assert file_of(root, "midden").is_file() and file_of(root, "half").is_file()


def test_a_refused_one_that_comes_in_good_order_is_marked_and_told(
    pages: Mapping[Language, Path], tmp_path: Path
) -> None:
    root = tmp_path / "nl"
    shutil.copytree(pages["nl"], root)
    shutil.copy(root / "release" / NAME / f"{NAME}.ipynb", root / "submitted" / "kapot" / NAME)
    main(["grade", NAME, "--course-dir", str(root), "--lang", "en"])
    feedback(root)
    assert TEXTS["refused_title"].nl not in words_of(root, "kapot")
    assert "7,33 van 20" in words_of(root, "kapot")
    # And the other way round: what was good before is not shown as if it were what was handed in now.
    (root / "submitted" / "half" / NAME / f"{NAME}.ipynb").write_text("{")
    main(["grade", NAME, "--course-dir", str(root), "--lang", "en"])
    feedback(root)
    assert TEXTS["refused_title"].nl in words_of(root, "half")
    # The very same as was graded first: it is graded anew, since only a notice stands there.
    shutil.copy(root / "release" / NAME / f"{NAME}.ipynb", root / "submitted" / "half" / NAME)
    main(["grade", NAME, "--course-dir", str(root), "--lang", "en"])
    feedback(root)
    assert "10,33 van 20" in words_of(root, "half")


def test_nbgraders_own_command_gives_the_same_page_and_hands_it_out(
    pages: Mapping[Language, Path], tmp_path: Path
) -> None:
    root = tmp_path / "nl"
    shutil.copytree(pages["nl"], root)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(f"\nget_config().Exchange.root = {str(tmp_path / 'exchange')!r}\n")
    ours = {student: words_of(root, student) for student in ("half", "kapot")}
    for student in ours:
        shutil.rmtree(root / "feedback" / student)
    for student in ours:
        nbgrader(root, "generate_feedback", NAME, "--student", student)
        assert words_of(root, student) == ours[student]
    # Only through an exchange does a submission have a secret; 'kapot' has one. nbgrader hands out what its
    # own command made, and what ours made.
    (tmp_path / "exchange" / "maatwerk-nl" / "feedback").mkdir(parents=True)
    for make in (lambda: None, lambda: feedback(root, "--student", "kapot", "--force")):
        make()
        nbgrader(root, "release_feedback", NAME, "--student", "kapot")
        (handed_out,) = (tmp_path / "exchange" / "maatwerk-nl" / "feedback").glob("*.html")
        assert handed_out.read_bytes() == file_of(root, "kapot").read_bytes()


OWN = "eigen-werk"


def test_an_assignment_of_an_instructors_own_making_is_told_without_code_of_the_instructor(
    released: Path, tmp_path: Path
) -> None:
    root = tmp_path / "nl"
    shutil.copytree(released, root)
    folder = root / "source" / OWN
    folder.mkdir()
    nbformat.write(own_notebook(), folder / "stuk.ipynb")
    nbgrader(root, "generate_assignment", OWN)
    handed = root / "submitted" / "an" / OWN
    shutil.copytree(root / "release" / OWN, handed)
    notebook = nbformat.read(handed / "stuk.ipynb", as_version=4)
    notebook.cells[2].source = "Mijn **antwoord** <script>alert(1)</script> ![x](https://example.org/x.png)"
    notebook.cells.append(nbformat.v4.new_code_cell("print('eigen code')"))
    nbformat.write(notebook, handed / "stuk.ipynb")
    assert main(["grade", OWN, "--course-dir", str(root), "--lang", "en"]) == 0
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("tekst", "stuk", OWN, "an")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.find_comment("tekst", "stuk", OWN, "an").manual_comment = "Bijna."
        gradebook.db.commit()
    assert main(["feedback", OWN, "--course-dir", str(root), "--lang", "en"]) == 0
    text = (root / "feedback" / "an" / OWN / "stuk.html").read_text(encoding="utf-8")
    page = BeautifulSoup(text, "html.parser")
    said = " ".join(page.get_text(" ").split())
    assert (
        "Lees dit eerst" in said
        and "1.5 out of 2" in said.replace("1,5 van 2", "1.5 out of 2")
        and "Bijna." in said
    )
    assert "Mijn antwoord <script>alert(1)</script>" in said and "geteld: 3" in said
    assert page.strong is not None and not page.find_all(["script", "img"])
    assert "geheim_van_de_docent" not in text and "eigen code" not in text


def own_notebook() -> nbformat.NotebookNode:
    def marks(name: str, **kind: object) -> dict[str, object]:
        base = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
        return {"nbgrader": {**base, "grade_id": name, **kind}}

    cells = [
        nbformat.v4.new_markdown_cell(
            "# Een stuk van mij\n\nLees dit eerst.", metadata=marks("uitleg", locked=True)
        ),
        nbformat.v4.new_code_cell(
            "geheim_van_de_docent = 3\nprint('geteld:', geheim_van_de_docent)",
            metadata=marks("tellen", grade=True, locked=True, points=1),
        ),
        nbformat.v4.new_markdown_cell(
            "Schrijf hier.", metadata=marks("tekst", grade=True, solution=True, points=2)
        ),
    ]
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "P", "language": "python"}}
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        yield opened
        opened.close()


def violations(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("tags => axe.run(document, { runOnly: tags })", list(WCAG_TAGS))["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_anybody_can_read_it_on_anything(
    language: Language, pages: Mapping[Language, Path], browser: Browser
) -> None:
    for student in ("half", "vijandig", "rijk", "kapot"):
        page = browser.new_page(viewport={"width": 320, "height": 640})
        asked: list[str] = []
        page.on("request", lambda one, asked=asked: asked.append(one.url))
        page.goto(file_of(pages[language], student).as_uri())
        # The longest texts too: nothing is wider than the telephone, also when all is unfolded.
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, student
        assert violations(page) == [], student
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        page.close()
