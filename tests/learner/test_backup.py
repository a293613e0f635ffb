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
from maatwerk_exercises.assignments import assignments
from maatwerk_learner.answers import AnswerError
from maatwerk_learner.backup import Restored, pack, restore
from maatwerk_learner.hand_in import handed_in, zipped
from maatwerk_learner.store import AnswerStore

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


def zipped_again(data: bytes, top: str, extra: dict[str, bytes]) -> bytes:
    """The backup as somebody zips it who unpacked it: in a folder, with what the system adds."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        new.writestr(f"{top}/", b"")
        for name in old.namelist():
            new.writestr(f"{top}/{name}", old.read(name))
        for name, content in extra.items():
            new.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("top", ["mijn-antwoorden-maatwerk", "mijn-antwoorden-maatwerk 2", "opdracht 3"])
def test_a_backup_that_was_unpacked_and_zipped_again_gives_everything_back(tmp_path: Path, top: str) -> None:
    """Once of such a zip the assignments came back and all chapters were left out without a word."""
    AnswerStore(tmp_path / "old" / "answers.json").save("01-inleiding", {"a": "een"}, {})
    assignment = next(iter(assignments()))
    AnswerStore(tmp_path / "old" / assignment / "answers.json").save("x", {"b": "twee"}, {})
    extra = {
        f"__MACOSX/{top}/._answers.json": b"\x00\x05\x16\x07",
        f"{top}/.DS_Store": b"\x00",
        f"{top}/vakantie.txt": b"zon",
    }
    again = zipped_again(pack(tmp_path / "old"), top, extra)
    restored = restore(again, tmp_path / "new")
    assert (restored.chapters, restored.assignments) == (1, (assignment,))
    assert AnswerStore(tmp_path / "new" / "answers.json").load().book.answers["01-inleiding"] == {"a": "een"}
    (notice,) = restored.notices
    assert f"{top}/vakantie.txt" in notice["nl"]
    assert "MACOSX" not in notice["nl"]
    assert "DS_Store" not in notice["nl"]


def test_what_another_window_replaced_is_in_the_backup_and_comes_back_to_choose_from(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path / "old" / "answers.json")
    store.save("01-inleiding", {"a": "van het ene venster"}, {})
    store.save("01-inleiding", {"a": "van het andere"}, {})
    restore(pack(tmp_path / "old"), tmp_path / "new")
    again = AnswerStore(tmp_path / "new" / "answers.json")
    fields = again.load().book.answers["01-inleiding"]
    assert again.replaced("01-inleiding", fields) == {"a": "van het ene venster"}
    lines = again.aside.read_text(encoding="utf-8")
    restore(pack(tmp_path / "old"), tmp_path / "new")
    assert again.aside.read_text(encoding="utf-8") == lines
    again.settle("01-inleiding", "a", "van het ene venster")
    assert again.replaced("01-inleiding", fields) == {}
