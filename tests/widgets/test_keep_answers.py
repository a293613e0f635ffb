"""Downloading and putting back as Python sees it: the right file, once a press, and words for mishaps."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import pytest
from maatwerk_learner.answers import TEXTS
from maatwerk_learner.store import AnswerStore
from maatwerk_widgets import Course
from maatwerk_widgets.keep_answers import KeepAnswers

ASSIGNMENT = "opdracht-3-dilemmas"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    AnswerStore(tmp_path / "answers.json").save("05-doorbreken", {"reflection.own-desk": "x"}, {})
    AnswerStore(tmp_path / ASSIGNMENT / "answers.json").save("scootmobiel", {"justification": "y"}, {})
    return tmp_path


def test_everything_is_packed_once_a_press(folder: Path) -> None:
    widget = KeepAnswers("nl", folder)
    widget.downloaded += 1
    assert (widget.packed["name"], widget.packed["count"]) == ("mijn-antwoorden-maatwerk.zip", 1)
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(widget.packed["data"]))) as archive:
        assert archive.namelist() == ["answers.json", f"{ASSIGNMENT}/answers.json"]
    assert widget.said == {
        "text": "Je bestand is gedownload: mijn-antwoorden-maatwerk.zip",
        "notices": [],
        "count": 1,
    }
    # A view that is made again is no press of the button.
    widget.downloaded = 0
    assert widget.packed["count"] == 1


def test_what_was_downloaded_is_put_back_and_the_overview_knows(folder: Path, tmp_path: Path) -> None:
    here = KeepAnswers("nl", folder)
    here.downloaded += 1
    course = Course("nl", tmp_path / "elsewhere")
    overview, there = course.overview(), course.keep()
    there.given = {"data": here.packed["data"], "count": 1}
    assert there.said["text"].startswith("Teruggezet: wat je in 1 hoofdstuk deed, Opdracht 3")
    assert there.said["notices"] == []
    assert any(row["state"] == "busy" for row in overview.content["chapters"])
    there.given = {}
    assert there.said["count"] == 1


def test_what_is_kept_beside_it_is_said(folder: Path) -> None:
    widget = KeepAnswers("nl", folder)
    widget.downloaded += 1
    AnswerStore(folder / "answers.json").save("05-doorbreken", {"reflection.own-desk": "nieuwer"}, {})
    widget.given = {"data": widget.packed["data"], "count": 1}
    (notice,) = widget.said["notices"]
    assert "answers.other-window.jsonl" in notice


@pytest.mark.parametrize("data", ["", "geen base64!", base64.b64encode(b"iets anders").decode()])
def test_another_file_is_refused_in_words(data: str, folder: Path) -> None:
    widget = KeepAnswers("en", folder)
    widget.given = {"data": data, "count": 1}
    assert widget.said["text"] == TEXTS["backup_no_zip"].en


def test_nothing_to_download_is_said(tmp_path: Path) -> None:
    widget = KeepAnswers("en", tmp_path)
    widget.downloaded += 1
    assert widget.said["text"] == TEXTS["backup_empty"].en and widget.packed == {}
