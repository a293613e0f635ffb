"""The site's own pages: a start page in each language, and what stands before the course while it loads."""

from __future__ import annotations

import html
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from maatwerk import LANGUAGES, Language
from maatwerk.loader import read_texts
from maatwerk_exercises.assignments import load_assignments
from maatwerk_learner.hand_in import ANSWERS_FILE
from maatwerk_learner.progress import read_outlines

from maatwerk_site.lite import DATABASE
from maatwerk_site.policy import course_policy, plain_policy, with_policy

STATIC = Path(__file__).with_name("static")
TEXTS = read_texts(Path(__file__).with_name("texts.toml"))
PAGES: dict[Language, str] = {"nl": "index.html", "en": "en.html"}
COURSE = "lab/index.html?path="
FIRST = "00-start.ipynb"
# In megabytes, compressed; the test of the site measures it.
FIRST_VISIT = 14
# The words that a script of the start page shows, by how their keys begin.
SHOWN_LATER = ("open", "progress", "storage")
KNOW = ("know_nothing", "know_private", "know_here", "know_gone", "know_copy")


@dataclass(frozen=True, slots=True)
class Row:
    """A chapter or an assignment on the start page.

    Parameters
    ----------
    notebook, answers : str
        Its notebook, and the file that its answers stand in.
    title : str
        Its name.
    key : str
        Under which its answers stand in that file; empty when the whole file is its own.
    """

    notebook: str
    title: str
    answers: str
    key: str = ""


def add_pages(project: Path, site: Path, version: str) -> None:
    """Write the start pages, and prepare the course's page."""
    shutil.copytree(STATIC, site / "pages")
    for language in LANGUAGES:
        page = start_page(language, chapters(project, language), assignments(project, language), version)
        (site / PAGES[language]).write_text(with_policy(page, plain_policy(page)), encoding="utf-8")
    course = site / "lab" / "index.html"
    page = course_page(course.read_text(encoding="utf-8"))
    course.write_text(with_policy(page, course_policy(page)), encoding="utf-8")


def chapters(project: Path, language: Language) -> list[Row]:
    """Every chapter; the answers of all stand in one file, each under its own key."""
    answers = f"{language}/{ANSWERS_FILE}"
    return [
        Row(f"{language}/{one.stem}.ipynb", one.title, answers, one.stem)
        for one in read_outlines(project / "course" / language)
    ]


def assignments(project: Path, language: Language) -> list[Row]:
    """Every assignment; the answers of each stand in a file of its own."""
    return [
        Row(f"{language}/{key}/{key}.ipynb", one.title[language], f"{language}/{key}/{ANSWERS_FILE}")
        for key, one in load_assignments(project / "exercises" / "items").items()
    ]


def start_page(language: Language, chapters: Iterable[Row], assignments: Iterable[Row], version: str) -> str:
    """The start page in one language."""
    words = {key: text[language] for key, text in TEXTS.items()}
    say = {key: html.escape(text) for key, text in words.items()}
    (other,) = (one for one in LANGUAGES if one != language)
    data = {
        "words": {key: text for key, text in words.items() if key.startswith(SHOWN_LATER)},
        "database": DATABASE,
        "language": language,
    }
    known = "".join(f"<li>{say[key]}</li>" for key in KNOW)
    other_link = f'<a href="{PAGES[other]}" lang="{other}" hreflang="{other}">{say["other_language"]}</a>'
    return f"""<!DOCTYPE html>
<html lang="{language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{say["title"]}</title>
    <link rel="icon" href="lab/favicon.ico">
    <link rel="stylesheet" href="pages/site.css">
    <script type="application/json" id="maatwerk-words">{_data(data)}</script>
    <!-- JupyterLite reads its settings from every page above its own. -->
    <script type="application/json" id="jupyter-config-data" data-jupyter-lite-root=".">{{}}</script>
    <script type="module" src="pages/start.js"></script>
  </head>
  <body class="start">
    <main>
      <p class="language">{other_link}</p>
      <h1>{say["title"]}</h1>
      <p>{say["lead"]}</p>
      <p><a class="open" id="open" href="{COURSE}{language}/{FIRST}">{say["open"]}</a></p>
      <p class="quiet">{say["first_time"].format(megabytes=FIRST_VISIT)}</p>
      <noscript><p class="notice warn">{say["no_script"]}</p></noscript>
      <p class="notice" id="storage" role="status" hidden></p>
      <h2>{say["progress_title"]}</h2>
      <p id="progress">{say["progress_none"]}</p>
      <h3>{say["chapters_title"]}</h3>
      {_list(chapters)}
      <h3>{say["assignments_title"]}</h3>
      {_list(assignments)}
      <h2>{say["know_title"]}</h2>
      <ul>{known}</ul>
      <p class="quiet version">{say["version"].format(version=html.escape(version))}</p>
    </main>
  </body>
</html>
"""


def _list(rows: Iterable[Row]) -> str:
    return f'<ul class="rows">{"".join(map(_item, rows))}</ul>'


def _item(row: Row) -> str:
    key = f' data-key="{row.key}"' if row.key else ""
    link = f'<a href="{COURSE}{row.notebook}">{html.escape(row.title)}</a>'
    return f'<li data-answers="{row.answers}"{key}>{link} <span class="state"></span></li>'


def course_page(page: str) -> str:
    """JupyterLite's own page, with our loading picture in the place of its own."""
    loading = {
        key.removeprefix("loading_"): text for key, text in TEXTS.items() if key.startswith("loading_")
    }
    data = {
        language: {"home": f"../{PAGES[language]}", **{key: text[language] for key, text in loading.items()}}
        for language in LANGUAGES
    }
    added = f"""
    <link rel="icon" href="favicon.ico">
    <link rel="stylesheet" href="../pages/site.css">
    <script type="application/json" id="maatwerk-words">{_data(data)}</script>
    <script type="module" src="../pages/loading.js"></script>
  </head>"""
    return page.replace("</head>", added, 1).replace("<title>JupyterLite</title>", "<title>Maatwerk</title>")


def _data(data: object) -> str:
    # Whatever the words say, they cannot end the element that they stand in.
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
