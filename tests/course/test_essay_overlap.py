"""The check on our own wording, proven on a planted essay: the real one is not in this repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from essay_overlap import Essay, main, overlap, own_files, words
from maatwerk.framework import TABLES

ESSAY = """De ambtenaar die in het loket van de ge-
meente werkt, wikt en weegt elke dag opnieuw wat er in dit ene geval moet gebeuren.
Een ander vindt het beleid té star."""

TEN = "wikt en weegt elke dag opnieuw wat er in dit"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "essay.txt").write_text(ESSAY, encoding="utf-8")
    tables = tmp_path / "course" / "tables"
    tables.mkdir(parents=True)
    (tables / "rows.toml").write_text(
        '[[row]]\nkey = "eigen"\ntext.nl = "Iedere dag een nieuwe afweging"\n', encoding="utf-8"
    )
    return tmp_path


def run(repository: Path) -> int:
    return main([str(repository / "essay.txt")], repository)


def test_own_words_pass(repository: Path) -> None:
    assert run(repository) == 0


def test_a_copied_run_in_a_table_is_named_by_its_row(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = repository / "course" / "tables" / "rows.toml"
    rows.write_text(f'[[row]]\nkey = "overgenomen"\ntext.nl = "Wie {TEN}, is wijs."\n', encoding="utf-8")
    assert run(repository) == 1
    assert capsys.readouterr().out == f"rows.toml row overgenomen text nl: {TEN}\n"


def test_a_copied_run_in_a_chapter_is_found(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "course" / "nl").mkdir()
    (repository / "course" / "nl" / "01.md").write_text(f"# Begin\n\nZo iemand {TEN}.\n", encoding="utf-8")
    assert run(repository) == 1
    assert capsys.readouterr().out == f"01.md: {TEN}\n"


@pytest.mark.parametrize(
    "ours",
    [
        TEN.upper(),
        TEN.replace(" elke ", ", **elke** "),
        TEN.replace("opnieuw wat", "opnieuw\nwat"),
        "het loket van de gemeente werkt, wikt en weegt elke dag",
    ],
    ids=["capitals", "punctuation", "line break", "word broken by the essay's line end"],
)
def test_looks_do_not_hide_a_copied_run(ours: str) -> None:
    assert [hit.words for hit in overlap("x", f"Iemand {ours} hier", Essay(ESSAY))] == [" ".join(words(ours))]


def test_nine_words_in_a_longer_text_are_chance() -> None:
    nine = " ".join(TEN.split()[:9])
    assert overlap("x", f"Iemand {nine} hier", Essay(ESSAY)) == []


def test_a_whole_text_of_six_words_is_a_copied_cell() -> None:
    essay = Essay(ESSAY)
    assert [hit.words for hit in overlap("x", "Een ander vindt het beleid te", essay)] != []
    assert overlap("x", "Een ander vindt het beleid", essay) == []


def test_part_of_a_word_is_no_match() -> None:
    # 'in dit' must not match 'in ditmaal'.
    assert overlap("x", f"{TEN}maal", Essay(ESSAY)) == []


def test_accents_do_not_count() -> None:
    assert words("Té star") == ["te", "star"]


@pytest.mark.parametrize(
    "where", ["course/*/*.md", "exercises/items/*.toml", "widgets/*/*.toml", "docs/*/*.md"]
)
def test_chapters_exercises_and_words_are_among_the_files_that_are_read(where: str) -> None:
    repository = Path(__file__).parents[2]
    files = set(repository.glob(where))
    assert files and files <= set(own_files(repository))


def test_the_tables_are_among_the_files_that_are_read() -> None:
    repository = Path(__file__).parents[2]
    assert set(TABLES.glob("*.toml")) <= set(own_files(repository))


def test_it_is_a_command(repository: Path) -> None:
    script = Path(__file__).with_name("essay_overlap.py")
    usage = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert usage.returncode == 2
    assert "usage" in usage.stderr

    # The tables themselves as the essay: everything of ours is then copied.
    copied = repository / "copied.txt"
    copied.write_text((TABLES / "statements.toml").read_text(encoding="utf-8"), encoding="utf-8")
    found = subprocess.run([sys.executable, script, copied], capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert "statements.toml statement beperkte-autonomie text nl: " in found.stdout
