"""The portfolio: all that a learner chose and wrote, in one file that needs nothing and tells no more."""

from __future__ import annotations

import getpass
import re
import socket
import xml.etree.ElementTree as ET
from datetime import date, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Language, Placement, framework
from maatwerk_exercises.assignments import assignments
from maatwerk_learner.progress import Asked, Outline
from maatwerk_learner.store import AnswerStore
from maatwerk_widgets import Course
from maatwerk_widgets.pictures import Mark, plane_svg, profile_svg
from maatwerk_widgets.portfolio import Portfolio, gather, mean_weights
from maatwerk_widgets.portfolio_page import portfolio_document, portfolio_html
from maatwerk_widgets.portfolio_view import read_portfolio, save_portfolio

OUTLINE = Outline(
    "02-begrip",
    "Hoofdstuk 2. Een begrip",
    (
        Asked("plane", "before"),
        Asked("scales", "before"),
        Asked("profile", "before"),
        Asked("plane", "correction"),
        Asked("plane", "after"),
        Asked("profile", "after"),
        Asked("reflection", "own-desk"),
    ),
)
WEIGHTS = {"burgers": 60, "rechtsstaat": 40, "organisatie": 0, "beroepsgroep": 0, "maatschappij": 0}
FIELDS: dict[str, Any] = {
    "plane.before": {"person": 80, "group": 10},
    "plane.correction": {"person": 60, "group": 30},
    "plane.after": {"person": 20, "group": 90},
    "scales.before": WEIGHTS,
    "profile.before": {"vorm": -3, "wanneer": 1},
    "profile.after": {"vorm": 2, "wanneer": 1},
    "reflection.own-desk": "Eén\n<script>alert('x')</script> & <img src=http://example.org/x>",
}
CASES = {
    "opdracht-3-dilemmas": {
        "scootmobiel": {
            "placement": {"person": 70, "group": 70},
            "loyalties": WEIGHTS | {"burgers": 20, "maatschappij": 40},
            "justification": "Omdat het past.",
        }
    }
}
DAY = date(2026, 11, 24)


def portfolio(lang: Language = "nl", fields: dict[str, Any] = FIELDS) -> Portfolio:
    return gather([OUTLINE], {OUTLINE.stem: fields}, assignments().values(), CASES, framework(), lang)


def document(lang: Language = "nl") -> str:
    return portfolio_document(portfolio(lang), framework(), lang, DAY, "1.2.3")


class Page(HTMLParser):
    """Every tag with its attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


# --- Gathering ---


def test_all_that_was_chosen_and_written_is_gathered() -> None:
    (chapter,), (case,) = portfolio().chapters, portfolio().cases
    assert [one.label for one in chapter.placed] == ["voor het lezen", "na de rectificatie", "na het lezen"]
    assert chapter.placed[2].placement == Placement(20, 90)
    assert chapter.weights == (("voor het lezen", WEIGHTS),)
    assert dict(chapter.profiles)["na het lezen"] == {"vorm": 2, "wanneer": 1}
    assert [one.text for one in chapter.written] == [FIELDS["reflection.own-desk"]]
    assert case.title == "De overdekte scootmobiel"
    assert case.placed[0].placement == Placement(70, 70) and case.written[0].text == "Omdat het past."


def test_what_is_not_answered_is_left_out() -> None:
    empty = gather([OUTLINE], {}, assignments().values(), {}, framework(), "nl")
    assert empty == Portfolio((), ())
    half = portfolio(fields={"scales.before": {"burgers": 60}, "reflection.own-desk": "  "})
    assert half.chapters == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=50)
@given(fields=st.dictionaries(st.sampled_from([one.field for one in OUTLINE.asked]), JSON))
def test_whatever_stands_in_the_answers_file_it_is_shown(fields: dict[str, Any]) -> None:
    shown = portfolio_document(portfolio(fields=fields), framework(), "nl", DAY, "1")
    assert shown.endswith("</html>\n")


def test_the_mean_of_no_division_is_nothing() -> None:
    assert mean_weights([], framework()) == {}
    means = mean_weights([WEIGHTS, WEIGHTS | {"burgers": 20, "maatschappij": 40}], framework())
    assert means["burgers"] == (40.0, 20, 60) and means["rechtsstaat"] == (40.0, 40, 40)


# --- The page ---


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(lang: Language) -> None:
    page = Page(document(lang))
    names = {tag for tag, _ in page.tags}
    assert not names & {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
        "a",
        "image",
        "use",
    }
    attributes = {name for _, attrs in page.tags for name in attrs}
    assert not any(name.startswith("on") for name in attributes) and "src" not in attributes
    assert not re.search(r"url\(|@import", document(lang))
    policy = next(a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv"))
    assert policy is not None and policy.startswith("default-src 'none'")
    # Small enough to send by mail.
    assert len(document(lang).encode()) < 100_000


def test_what_a_learner_wrote_stays_text() -> None:
    page = Page(document())
    assert FIELDS["reflection.own-desk"] in page.text
    assert "&lt;script&gt;" in document()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_picture_is_said_in_words_and_every_table_has_a_caption(lang: Language) -> None:
    page = Page(document(lang))
    assert ("html", {"lang": lang}) in page.tags
    tags = [tag for tag, _ in page.tags]
    assert tags.count("h1") == 1 and tags.count("caption") == tags.count("table") == 3
    assert all(attrs["aria-hidden"] == "true" for tag, attrs in page.tags if tag == "svg")
    # Of the eight considerations, only those that were answered.
    assert page.text.count({"nl": "niet gekozen", "en": "not chosen"}[lang]) == 0
    said = {
        "nl": [
            "voor het lezen: persoon 80, groep 10. Hardheidsclausule.",
            "40 (van 20 tot 60)",
            "24 november 2026",
        ],
        "en": [
            "before reading: person 80, group 10. Hardship clause",
            "40 (from 20 to 60)",
            "24 November 2026",
        ],
    }
    assert [one for one in said[lang] if one not in page.text] == []
    # Headings go down one step at a time.
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_an_empty_portfolio_says_how_it_is_filled() -> None:
    shown = portfolio_html(Portfolio((), ()), framework(), "nl")
    assert shown.count("Hier staat nog niets.") == 5
    assert "<svg" not in shown and "<table" not in shown


def test_nothing_tells_who_the_learner_is(tmp_path: Path) -> None:
    saved = save_portfolio(portfolio(), tmp_path, "nl", datetime(2026, 11, 24, 9, 30, 15))
    text = saved.read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    for name in (getpass.getuser(), socket.gethostname()):
        assert not re.search(rf"\b{re.escape(name)}\b", text)


# --- Saving ---


def test_an_earlier_portfolio_is_never_overwritten(tmp_path: Path) -> None:
    now = datetime(2026, 11, 24, 9, 30, 15)
    first = save_portfolio(portfolio(), tmp_path, "nl", now)
    second = save_portfolio(Portfolio((), ()), tmp_path, "nl", now)
    assert (first.name, second.name) == ("portfolio-20261124-093015.html", "portfolio-20261124-093015-1.html")
    assert "Omdat het past." in first.read_text(encoding="utf-8")
    assert {file.name for file in tmp_path.iterdir()} == {first.name, second.name}


def test_half_a_sign_can_be_saved(tmp_path: Path) -> None:
    AnswerStore(tmp_path / "answers.json").save("05-doorbreken", {"reflection.own-desk": "x \ud83d"}, {})
    found, _ = read_portfolio(tmp_path, "nl")
    saved = save_portfolio(found, tmp_path, "nl", datetime(2026, 11, 24))
    assert "x \ufffd" in saved.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_widget_shows_saves_and_follows(language: Language, tmp_path: Path) -> None:
    view = Course(language, tmp_path).portfolio()
    assert "<svg" not in view.html
    AnswerStore(tmp_path / "answers.json").save(
        "05-doorbreken", {"plane.before": {"person": 1, "group": 2}}, {}
    )
    view.looked += 1
    assert "<svg" in view.html and view.notices == []
    view.pressed += 1
    (saved,) = tmp_path.glob("portfolio-*.html")
    assert view.saved["file"] == saved.name and view.saved["count"] == 1
    assert f'<html lang="{language}">' in saved.read_text(encoding="utf-8")


def test_a_full_disk_is_told_in_the_learners_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("maatwerk_learner.files.os.fsync", no_room)
    view = Course("nl", tmp_path).portfolio()
    view.pressed += 1
    assert "de schijf is vol" in view.saved["text"] and view.saved["file"] == ""
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_answers_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text("{ damaged")
    assert len(Course("nl", tmp_path).portfolio().notices) == 1


# --- The pictures ---

POINTS = st.floats(0, 100) | st.sampled_from([0, 45, 50, 55, 100])
PLACEMENTS = st.builds(Placement, POINTS, POINTS)


@settings(max_examples=60)
@given(before=PLACEMENTS, after=PLACEMENTS)
def test_every_placement_can_be_drawn_and_stays_within_the_picture(
    before: Placement, after: Placement
) -> None:
    marks = [Mark(before, "diamond"), Mark(after, "dot"), Mark(before, "square", "1")]
    picture = ET.fromstring(plane_svg(marks, framework(), "nl"))
    _, _, width, height = (float(one) for one in picture.attrib["viewBox"].split())
    for shape in picture.iter():
        if "cx" in shape.attrib:
            assert (
                6 <= float(shape.attrib["cx"]) <= width - 6 and 6 <= float(shape.attrib["cy"]) <= height - 6
            )
        numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", shape.attrib.get("d", ""))]
        assert all(-4 <= n <= max(width, height) for n in numbers)


def test_the_arrow_points_from_before_to_after() -> None:
    marks = [Mark(Placement(50, 0), "diamond"), Mark(Placement(50, 100), "dot")]
    heads = [path for path in paths(plane_svg(marks, framework(), "nl")) if path.count("L") == 2]
    (head,) = heads
    tip, *wings = [float(x) for x in re.findall(r"[ML](-?[\d.]+) ", head)]
    assert all(tip > wing for wing in wings)
    # Who did not move gets no arrow.
    still = [Mark(Placement(50, 50), "diamond"), Mark(Placement(51, 50), "dot")]
    assert [path for path in paths(plane_svg(still, framework(), "nl")) if path.count("L") == 2] == []


def paths(picture: str) -> list[str]:
    return re.findall(r' d="([^"]+)"', picture)


def test_a_profile_is_drawn_with_all_poles() -> None:
    fw = framework()
    picture = ET.fromstring(profile_svg([{"vorm": -3}, {"vorm": 3, "kosten": 0}], fw, "en"))
    written = "".join(picture.itertext())
    assert all(c.left_short.en in written and c.right_short.en in written for c in fw.considerations.values())
    assert len([one for one in picture.iter() if "cx" in one.attrib]) == 2
