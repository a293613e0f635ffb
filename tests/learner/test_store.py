"""Nothing that was saved is ever lost: two windows, a damaged file, a full disk, a newer version."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import LANGUAGES
from maatwerk_learner.answers import AnswerBook
from maatwerk_learner.store import AnswerStore, StoreError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.json"


def answers(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))["answers"]


def others(file: Path) -> dict[str, str]:
    """The files that were put aside, with their text."""
    return {one.name: one.read_text() for one in file.parent.glob(f"{file.stem}.*") if one != file}


def test_what_was_saved_is_loaded(file: Path) -> None:
    AnswerStore(file).save("a", {"x": "één", "y": 2}, {})
    AnswerStore(file).save("b", {"z": [3]}, {})
    book = AnswerStore(file).load().book
    assert book.answers == {"a": {"x": "één", "y": 2}, "b": {"z": [3]}}
    assert book.revision == 2
    assert book.saved_at


@pytest.mark.parametrize("content", [None, b'{"schema": "maatwerk.ans', b"\xff\xfe", b"[" * 100_000])
def test_loading_changes_nothing_on_disk(file: Path, content: bytes | None) -> None:
    """A grader runs the form over a submission, which must stay as it was handed in."""
    if content is not None:
        file.write_bytes(content)
    before = {one.name: one.read_bytes() for one in file.parent.iterdir()}
    loaded = AnswerStore(file).load()
    assert loaded.book == AnswerBook()
    assert len(loaded.notices) == (content is not None)
    assert {one.name: one.read_bytes() for one in file.parent.iterdir()} == before


def test_a_damaged_file_is_put_aside_before_anything_is_written(file: Path) -> None:
    for n in range(3):
        file.write_text(f"damaged {n}")
        saved = AnswerStore(file).save("a", {"x": n}, {})
        assert answers(file) == {"a": {"x": n}}
        (notice,) = saved.notices
        (aside,) = (name for name, text in others(file).items() if text == f"damaged {n}")
        assert all(aside in notice[lang] for lang in LANGUAGES)
    assert sorted(others(file).values()) == ["damaged 0", "damaged 1", "damaged 2"]


@pytest.mark.parametrize("damage", [lambda file: file.write_text("?"), Path.unlink])
def test_what_the_learner_still_sees_is_saved_when_the_file_goes_meanwhile(file: Path, damage: Any) -> None:
    store = AnswerStore(file)
    store.save("a", {"x": "shown", "y": "shown"}, {})
    damage(file)
    store.save("a", {"y": "new"}, {"x": "shown", "y": "shown"})
    assert answers(file) == {"a": {"x": "shown", "y": "new"}}


def test_two_windows_keep_each_others_fields(file: Path) -> None:
    one, other = AnswerStore(file), AnswerStore(file)
    one.save("a", {"x": 1}, {})
    other.save("a", {"y": 2}, {})
    assert answers(file) == {"a": {"x": 1, "y": 2}}
    assert others(file) == {}


def test_the_same_field_in_two_windows_keeps_the_value_that_goes(file: Path) -> None:
    AnswerStore(file).save("a", {"x": "base"}, {})
    AnswerStore(file).save("a", {"x": "theirs"}, {"x": "base"})
    saved = AnswerStore(file).save("a", {"x": "mine"}, {"x": "base"})
    assert answers(file) == {"a": {"x": "mine"}}
    ((name, aside),) = others(file).items()
    assert json.loads(aside)["fields"] == {"x": "theirs"}
    assert name in saved.notices[0].nl


def test_half_a_sign_can_be_kept(file: Path) -> None:
    for text in ("\ud83d", "\ud83d anders"):
        AnswerStore(file).save("a", {"x": text}, {})
        assert AnswerStore(file).load().book.answers == {"a": {"x": text}}
    assert len(others(file)) == 1


FIELDS = st.dictionaries(st.sampled_from("xyz"), st.integers(0, 3), max_size=3)


@given(base=FIELDS, theirs=FIELDS, mine=FIELDS)
def test_no_value_disappears(
    tmp_path_factory: pytest.TempPathFactory,
    base: Mapping[str, int],
    theirs: Mapping[str, int],
    mine: Mapping[str, int],
) -> None:
    """What another window saved is in the file or beside it, unless this window had seen it."""
    file = tmp_path_factory.mktemp("store") / "answers.json"
    store = AnswerStore(file)
    store.save("a", base, {})
    store.save("a", theirs, base)
    store.save("a", mine, base)
    there = answers(file)["a"]
    assert {**base, **theirs, **mine} == there
    aside = [json.loads(line)["fields"] for text in others(file).values() for line in text.splitlines()]
    for name, value in theirs.items():
        assert there[name] == value or base.get(name) == value or {name: value}.items() <= aside[-1].items()


def test_a_newer_versions_file_is_left_alone(file: Path) -> None:
    text = json.dumps({"schema": "maatwerk.answers", "version": 99})
    file.write_text(text)
    with pytest.raises(StoreError, match="newer version"):
        AnswerStore(file).load()
    with pytest.raises(StoreError, match="newer version"):
        AnswerStore(file).save("a", {"x": 1}, {})
    assert file.read_text() == text
    assert others(file) == {}


def test_a_save_that_fails_halfway_leaves_the_old_file_whole(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = AnswerStore(file)
    store.save("a", {"x": "kept"}, {})

    def no_room(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(StoreError) as failed:
        store.save("a", {"x": "lost?"}, {"x": "kept"})
    assert "de schijf is vol" in failed.value.message("nl")
    assert "the disk is full" in failed.value.message("en")
    assert answers(file) == {"a": {"x": "kept"}}
    assert list(file.parent.glob(".*.part")) == []


def test_an_answer_of_another_window_is_not_replaced_before_it_is_kept(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    AnswerStore(file).save("a", {"x": "theirs"}, {})

    def no_room(_: int) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(StoreError, match="disk is full"):
        AnswerStore(file).save("a", {"x": "mine"}, {})
    assert answers(file) == {"a": {"x": "theirs"}}


@pytest.mark.parametrize("what", [".part", ".lock"])
@pytest.mark.parametrize(
    ("number", "nl", "en"),
    [
        (errno.EACCES, "je hebt geen toegang", "you have no access"),
        (errno.EROFS, "je kunt daar alleen lezen", "it is read-only there"),
        (errno.EIO, os.strerror(errno.EIO), os.strerror(errno.EIO)),
    ],
)
def test_a_folder_that_may_only_be_read_is_named_with_what_to_do(
    file: Path, monkeypatch: pytest.MonkeyPatch, what: str, number: int, nl: str, en: str
) -> None:
    """Played: to the administrator of a machine no folder is read-only."""
    AnswerStore(file).save("a", {"x": "kept"}, {})
    really_open = os.open

    def refuse(path: Any, *arguments: Any, **named: Any) -> int:
        if str(path).endswith(what):
            raise OSError(number, os.strerror(number))
        return really_open(path, *arguments, **named)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StoreError) as failed:
        AnswerStore(file).save("a", {"x": "mine"}, {"x": "kept"})
    assert nl in failed.value.message("nl") and "Kopieer je tekst" in failed.value.message("nl")
    assert en in failed.value.message("en") and "Copy your text" in failed.value.message("en")
    assert AnswerStore(file).load().book.answers == {"a": {"x": "kept"}}


def test_a_file_that_cannot_be_read_is_left_alone(file: Path) -> None:
    file.mkdir()
    for attempt in (AnswerStore(file).load, lambda: AnswerStore(file).save("a", {"x": 1}, {})):
        with pytest.raises(StoreError) as failed:
            attempt()
        assert "answers.json" in failed.value.message("nl") and "answers.json" in failed.value.message("en")
    assert file.is_dir()


def test_a_program_that_keeps_the_file_busy_is_not_waited_for_forever(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    AnswerStore(file).save("a", {"x": "kept"}, {})
    monkeypatch.setattr("maatwerk_learner.locking.SECONDS", 0.05)
    with FileLock(file.with_name(".answers.json.lock")), pytest.raises(StoreError) as failed:
        AnswerStore(file).save("a", {"x": "mine"}, {"x": "kept"})
    assert "andere vensters" in failed.value.message("nl") and "other windows" in failed.value.message("en")
    assert answers(file) == {"a": {"x": "kept"}}
    AnswerStore(file).save("a", {"x": "mine"}, {"x": "kept"})
    assert answers(file) == {"a": {"x": "mine"}}


def test_a_browser_that_keeps_nothing_says_so_instead_of_saved(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "emscripten")
    with pytest.raises(StoreError) as failed:
        AnswerStore(file).save("a", {"x": 1}, {})
    assert "laad de pagina opnieuw" in failed.value.message("nl")
    assert "load the page again" in failed.value.message("en")
    assert not file.exists()
    monkeypatch.setattr("maatwerk_learner.store._BROWSERS_FOLDER", file.parent)
    AnswerStore(file).save("a", {"x": 1}, {})
    assert answers(file) == {"a": {"x": 1}}


def test_only_its_owner_may_read_an_answers_file(file: Path) -> None:
    AnswerStore(file).save("a", {"x": 1}, {})
    assert os.name == "nt" or file.stat().st_mode & 0o077 == 0


def test_what_a_crash_left_half_written_does_not_matter(file: Path) -> None:
    AnswerStore(file).save("a", {"x": 1}, {})
    file.with_name(".answers.json.part").write_text("{ half")
    assert AnswerStore(file).load().book.answers == {"a": {"x": 1}}
    AnswerStore(file).save("a", {"y": 2}, {"x": 1})
    assert answers(file) == {"a": {"x": 1, "y": 2}}
    assert not file.with_name(".answers.json.part").exists()
