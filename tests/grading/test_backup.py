"""A zip of everything: what goes in comes back, nothing that is there is lost, and no other file is taken."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk_grading.answers import AnswerError
from maatwerk_grading.backup import Restored, pack, restore
from maatwerk_grading.hand_in import handed_in, zipped
from maatwerk_grading.store import AnswerStore

ASSIGNMENT = "opdracht-3-dilemmas"
CHAPTER = {"plane.before": {"person": 10, "group": 20}, "reflection.own-desk": "Élke keer 😀"}
CASE = {"justification": "Omdat het zo is.", "placement": {"person": 1, "group": 2}}


def store(folder: Path, place: str = "") -> AnswerStore:
    return AnswerStore(folder / place / "answers.json")


@pytest.fixture
def learner(tmp_path: Path) -> Path:
    folder = tmp_path / "learner"
    store(folder).save("05-doorbreken", CHAPTER, {})
    store(folder, ASSIGNMENT).save("scootmobiel", CASE, {})
    (folder / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").write_text('{"cells": []}')
    return folder


def zip_of(**files: str | bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return into.getvalue()


def book(answers: dict[str, Any], version: int = 1) -> str:
    return json.dumps(
        {
            "schema": "maatwerk.answers",
            "version": version,
            "revision": 1,
            "saved_at": "",
            "answers": answers,
        }
    )


def files_in(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_what_was_packed_comes_back_in_an_empty_folder(learner: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    assert restore(pack(learner), fresh) == Restored(1, (ASSIGNMENT,), ())
    assert store(fresh).load().book.answers == {"05-doorbreken": CHAPTER}
    assert store(fresh, ASSIGNMENT).load().book.answers == {"scootmobiel": CASE}


def test_what_was_handed_in_can_be_put_back_too(learner: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    assert restore(zipped(handed_in(learner / ASSIGNMENT, ASSIGNMENT, "nl"), ASSIGNMENT), fresh) == Restored(
        0, (ASSIGNMENT,), ()
    )
    assert store(fresh, ASSIGNMENT).load().book.answers == {"scootmobiel": CASE}
    # As the LMS packs it once more.
    nested = zip_of(**{f"Jan_12_file/{ASSIGNMENT}/answers.json": book({"scootmobiel": CASE})})
    assert restore(nested, tmp_path / "nested").assignments == (ASSIGNMENT,)


def test_putting_back_twice_changes_nothing(learner: Path) -> None:
    before = files_in(learner)
    assert restore(pack(learner), learner).notices == ()
    assert files_in(learner) == before


def test_a_different_answer_that_was_there_is_kept_and_said(learner: Path) -> None:
    packed = pack(learner)
    newer = {"reflection.own-desk": "Nieuwer", "reflection.other": "Blijft"}
    store(learner).save("05-doorbreken", newer, CHAPTER)
    store(learner).save("01-inleiding", {"reflection.x": "Blijft ook"}, {})
    restored = restore(packed, learner)
    assert store(learner).load().book.answers == {
        "05-doorbreken": {**CHAPTER, "reflection.other": "Blijft"},
        "01-inleiding": {"reflection.x": "Blijft ook"},
    }
    (notice,) = restored.notices
    assert "answers.other-window.jsonl" in notice.nl and "answers.other-window.jsonl" in notice.en
    assert "Nieuwer" in (learner / "answers.other-window.jsonl").read_text(encoding="utf-8")


@given(
    there=st.dictionaries(st.sampled_from("abc"), st.integers()),
    given_back=st.dictionaries(st.sampled_from("abc"), st.integers(), min_size=1),
)
def test_no_value_ever_disappears(
    there: dict[str, int], given_back: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    if there:
        store(folder).save("x", there, {})
    restore(zip_of(**{"answers.json": book({"x": given_back})}), folder)
    assert store(folder).load().book.answers["x"] == {**there, **given_back}
    aside = folder / "answers.other-window.jsonl"
    kept = json.loads(aside.read_text())["fields"] if aside.exists() else {}
    assert kept == {name: there[name] for name in there if given_back.get(name, there[name]) != there[name]}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "geen zip"),
        (b"PK\x03\x04 broken", "geen zip"),
        (zip_of(**{"photo.jpg": b"x", "unknown/answers.json": book({"a": {}})}), "geen antwoorden van deze"),
        (zip_of(**{"answers.json": "no json"}), "geen antwoordenbestand"),
        (zip_of(**{"answers.json": '{"version": 1}'}), "geen antwoordenbestand"),
        (zip_of(**{"answers.json": "[" * 100_000}), "geen antwoordenbestand"),
        (zip_of(**{"answers.json": book({"a": {"x": 1}}, version=99)}), "nieuwere versie"),
        (zip_of(**{"answers.json": b" " * 5_000_000}), "geen zip"),
        (
            zip_of(**{"answers.json": book({"a": {"x": 1}}), f"{ASSIGNMENT}/answers.json": "no json"}),
            "geen antwoordenbestand",
        ),
    ],
    ids=["empty", "broken", "other", "text", "no-schema", "deep", "newer", "bomb", "half"],
)
def test_any_other_file_is_refused_in_words_and_changes_nothing(
    data: bytes, said: str, learner: Path
) -> None:
    before = files_in(learner)
    with pytest.raises(AnswerError) as refused:
        restore(data, learner)
    assert said in refused.value.message("nl")
    assert files_in(learner) == before


def test_every_cut_off_zip_is_refused(learner: Path, tmp_path: Path) -> None:
    whole = pack(learner)
    for length in range(0, len(whole) - 1, 97):
        with pytest.raises(AnswerError):
            restore(whole[:length], tmp_path / "cut")
    assert not (tmp_path / "cut").exists()


def test_an_empty_folder_has_nothing_to_pack(tmp_path: Path) -> None:
    with pytest.raises(AnswerError) as refused:
        pack(tmp_path)
    assert "nog niets ingevuld" in refused.value.message("nl")
