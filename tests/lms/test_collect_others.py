"""Brightspace, Canvas and loose files; collecting again; and what hasty and hostile people give."""

from __future__ import annotations

import io
import os
import shutil
import stat
import time
import zipfile
from pathlib import Path

import pytest
from courses import FOUR, MOODLE, THREE, CourseOf, work, zipped

CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,opdracht-3\n    Points Possible,,,,,20\n"
BRIGHTSPACE = (
    "OrgDefinedId,Username,Last Name,First Name,Email,opdracht-3 Points Grade,End-of-Line Indicator\n"
)


def save(path: Path, content: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_canvas_gives_loose_files_late_ones_later_attempts_and_hidden_names(
    course: CourseOf, tmp_path: Path
) -> None:
    files = {
        "jansenjan_5000_90000_opdracht-3-dilemmas-2.zip": work("jan"),
        "boersannede_LATE_5001_90001_answers-1.json": '{"owner": "sanne"}',
        "boersannede_LATE_5001_90002_opdracht-3-dilemmas-1.ipynb": "{}",
        "vriesjan1234de_5002_90003_werk_5000_1_x.zip": work("vries"),
        "anon_x7Kp2_90009_answers.json": '{"owner": "hidden"}',
        "vreemdeling_6000_90010_answers.json": '{"owner": "?"}',
    }
    rows = (
        '"Jansen, Jan",5000,s1,jan@example.org,A,\n'
        '"Boer, Sanne de",5001,s2,sanne@example.org,A,\n'
        '"Vries, Jan_1234_de",5002,s3,vries@example.org,A,\n'
        '"Stil, Bram",5003,s4,bram@example.org,A,\n'
    )
    download = save(tmp_path / "submissions.zip", zipped(files))
    said = course.collect(THREE, download, save(tmp_path / "2026_Grades.csv", CANVAS + rows), code=1)
    owners = course.owners(THREE)
    assert owners == {"s1": "jan", "s2": "sanne", "s3": "vries", f"anonymous-{THREE}-x7Kp2": "hidden"}
    (late,) = [line for line in said.splitlines() if line.startswith("Sanne de Boer")]
    assert "Te laat, zegt de leeromgeving" in late
    assert "Bram Stil" in said and "niet ingeleverd" in said and "vreemdeling_6000" in said
    assert not course.times(THREE)
    assert course.students()["s2"] == ("Sanne de", "Boer", "sanne@example.org")


def test_brightspace_goes_by_the_list_and_two_of_one_name_are_not_guessed(
    course: CourseOf, tmp_path: Path
) -> None:
    files = {
        f"39786-640693 - Noor Smit - de Wit - 9 januari 2026 1012/{THREE}.zip": work("noor"),
        f"39787-640693 - Sanne de Boer - 9 januari 2026 1012/{THREE}.zip": work("sanne1"),
        f"39788-640693 - Sanne de Boer - 9 januari 2026 1012/{THREE}.zip": work("sanne2"),
        f"39789-640693 - N0000004 - Sanne de Boer- Jan 9, 2026 1012 AM - {THREE}.zip": work("sanne3"),
    }
    rows = "".join(
        f"#{number},#u{number},{last},{first},u{number}@example.org,,#\n"
        for number, last, first in (
            ("39787", "Smit - de Wit", "Noor"),
            ("0000002", "de Boer", "Sanne"),
            ("0000003", "de Boer", "Sanne"),
            ("N0000004", "de Boer", "Sanne"),
        )
    )
    sheet = save(tmp_path / "klas.csv", BRIGHTSPACE + rows)
    download = save(tmp_path / "Opdracht 3 Download 9 januari 2026 1012.zip", zipped(files))
    said = course.collect(THREE, download, sheet, code=1)
    # Noor's OrgDefinedId is the number that Brightspace has for a Sanne.
    assert course.owners(THREE) == {"39787": "noor", "N0000004": "sanne3"}
    assert "brightspace=39787" in said and "brightspace=39788" in said
    people = course.root / "people.csv"
    lines = people.read_text(encoding="utf-8-sig").splitlines()
    told = [f"{line[:-1]}brightspace=39788," if line.startswith("0000003,") else line for line in lines]
    people.write_text("\n".join(told) + "\n", encoding="utf-8-sig")
    course.collect(THREE, download, sheet, code=1)
    assert course.owners(THREE)["0000003"] == "sanne2"


@pytest.mark.parametrize(
    "name", ["zoë", "jan de vries", "d'Arc", "jan.smit", "ليلى", "Jan-Piet", "j@example.org"]
)
def test_every_name_that_the_docs_invite_is_collected(name: str, course: CourseOf, tmp_path: Path) -> None:
    course.collect(THREE, save(tmp_path / f"{name}__{THREE}.zip", work(name)))
    (student,) = course.owners(THREE)
    assert course.owners(THREE) == {student: name}
    course.collect(FOUR, save(tmp_path / f"{name}__{FOUR}.zip", work(name, FOUR)))
    assert course.owners(FOUR) == course.owners(THREE)


def moodle_zip(tmp_path: Path, name: str, version: int, day: int) -> Path:
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo(f"Jan Jansen_69_assignsubmission_file/{THREE}.zip", (2026, 11, day, 12, 0, 0))
        archive.writestr(info, work("jan", version=version))
    return path


def test_a_later_download_replaces_what_was_there_and_an_earlier_one_never_does(
    course: CourseOf, tmp_path: Path
) -> None:
    sheet = MOODLE / "worksheets" / "plain-en" / "Grades-MW26-opdracht-3-dilemmas-19.csv"
    first, second = moodle_zip(tmp_path, "ma.zip", 1, 2), moodle_zip(tmp_path, "wo.zip", 2, 4)
    assert "opgehaald (" in course.collect(THREE, first, sheet)
    assert "vervangt ouder werk" in course.collect(THREE, second)
    student = "mw26jan@example.org"
    assert course.answers(THREE)[student]["version"] == 2
    assert "al nieuwer opgehaald" in course.collect(THREE, first)
    assert "al opgehaald" in course.collect(THREE, second, first)
    assert "al opgehaald" in course.collect(THREE, first, second, second)
    assert course.answers(THREE)[student]["version"] == 2


def test_what_was_put_there_by_hand_is_not_overwritten_unseen(course: CourseOf, tmp_path: Path) -> None:
    folder = course.root / "submitted" / "jan" / THREE
    save(folder / "answers.json", '{"owner": "jan", "by": "hand"}')
    said = course.collect(THREE, save(tmp_path / f"jan__{THREE}.zip", work("jan")), code=1)
    assert str(folder) in said and course.answers(THREE)["jan"]["by"] == "hand"


@pytest.mark.parametrize("kind", ["folder", "macos", "wrapped folder"])
def test_an_unpacked_download_and_one_that_a_mac_packed_again_are_collected(
    kind: str, course: CourseOf, tmp_path: Path
) -> None:
    original = MOODLE / "downloads" / "plain-folders-en" / "MW26-opdracht-3-dilemmas-19.zip"
    sheet = MOODLE / "worksheets" / "plain-en" / "Grades-MW26-opdracht-3-dilemmas-19.csv"
    unpacked = tmp_path / "Inzendingen"
    with zipfile.ZipFile(original) as archive:
        archive.extractall(unpacked)
        if kind == "macos":
            made = tmp_path / "Archief.zip"
            with zipfile.ZipFile(made, "w") as again:
                for info in archive.infolist():
                    # macOS writes UTF-8 and does not say so, in one folder, with files of its own.
                    for name in (f"Inzendingen/{info.filename}", f"__MACOSX/Inzendingen/._{info.filename}"):
                        entry = zipfile.ZipInfo(name, info.date_time)
                        again.writestr(entry, archive.read(info))
            _without_utf8_flags(made)
            unpacked = made
    given = tmp_path / "buiten" if kind == "wrapped folder" else unpacked
    if kind == "wrapped folder":
        given.mkdir()
        shutil.move(unpacked, given)
    course.collect(THREE, given, sheet)
    assert len(course.owners(THREE)) == 16


def _without_utf8_flags(path: Path) -> None:
    """Leave the names as UTF-8, and take away what says so."""
    content = bytearray(path.read_bytes())
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(header)
        while at >= 0:
            content[at + flags + 1] &= 0xF7
            at = content.find(header, at + 4)
    path.write_bytes(content)


def bomb() -> bytes:
    return zipped({f"{THREE}/answers.json": b"0" * 60_000_000})


def deep() -> bytes:
    made = work("x")
    for _ in range(6):
        made = zipped({"in.zip": made})
    return made


def link() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo(f"{THREE}/answers.json")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return made.getvalue()


def twice() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("answers.json", '{"owner": "a"}')
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("answers.json", '{"owner": "b"}')
    return made.getvalue()


HOSTILE = {
    "bomb": (bomb, "te groot"),
    "deep": (deep, "zips in elkaar"),
    "many": (lambda: zipped({f"{at}.txt": "" for at in range(6000)}), "te veel bestanden"),
    "link": (link, "buiten"),
    "twice": (twice, "twee keer"),
    "absolute": (lambda: zipped({"/etc/answers.json": "{}"}), "buiten"),
    "above": (lambda: zipped({"../../answers.json": "{}"}), "buiten"),
    "several": (lambda: zipped({"a/answers.json": "{}", "b/answers.json": "[]"}), "verschillende antwoorden"),
    "nothing": (lambda: zipped({"foto.jpg": "x"}), "geen answers.json"),
    "escape": (lambda: zipped({"\x1b[2J\nx.jpg": "x"}), "geen answers.json"),
    "no zip": (lambda: b"hello", "geen zip"),
    "other": (lambda: work("x", FOUR), "andere opdracht"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_zip_is_refused_for_its_owner_alone(kind: str, course: CourseOf, tmp_path: Path) -> None:
    make, reason = HOSTILE[kind]
    files = {
        f"1-7 - Goed - Jan 9, 2026 1012 AM/{THREE}.zip": work("good"),
        f"2-7 - Kwaad - Jan 9, 2026 1012 AM/{THREE}.zip": make(),
    }
    start = time.process_time()
    said = course.collect(THREE, save(tmp_path / "d.zip", zipped(files)), code=1)
    assert course.owners(THREE) == {"1": "good"}
    (line,) = [one for one in said.splitlines() if one.startswith("Kwaad")]
    assert reason in line and "\x1b" not in said
    assert time.process_time() - start < 60


def test_files_that_cannot_be_used_are_told_and_the_others_are_collected(
    course: CourseOf, tmp_path: Path
) -> None:
    good = save(tmp_path / f"jan__{THREE}.zip", work("jan"))
    cut = save(tmp_path / "afgebroken.zip", good.read_bytes()[:100])
    strange = save(tmp_path / "los.zip", work("x"))
    note = save(tmp_path / "brief.pdf", "x")
    said = course.collect(THREE, good, cut, strange, note, tmp_path / "weg.zip", code=1)
    assert course.owners(THREE) == {"jan": "jan"}
    for words in (
        "afgebroken.zip is geen hele zip",
        "los.zip",
        "brief.pdf is geen zip",
        "weg.zip is er niet",
    ):
        assert words in said
    assert "is er niet" in course.collect(THREE, tmp_path / "weg.zip", code=2)
    assert "opdracht-9" in course.collect("opdracht-9", good, code=2)
    assert "Mars/Base" in course.collect(THREE, "--timezone", "Mars/Base", good, code=2)


def test_a_download_named_as_one_persons_file_is_refused(course: CourseOf, tmp_path: Path) -> None:
    made = zipped({f"1-7 - Goed - Jan 9, 2026 1012 AM/{THREE}.zip": work("good")})
    said = course.collect(THREE, save(tmp_path / "MW26__opdracht.zip", made), code=2)
    assert "MW26__opdracht.zip" in said and not course.owners(THREE)


def test_a_list_as_excel_saves_it_is_read(course: CourseOf, tmp_path: Path) -> None:
    original = MOODLE / "worksheets" / "plain-nl" / "Cijfers-MW26-opdracht-3-dilemmas-19.csv"
    download = MOODLE / "downloads" / "plain-flat-nl" / "MW26-opdracht-3-dilemmas-19.zip"
    import csv

    rows = list(csv.reader(io.StringIO(original.read_text(encoding="utf-8-sig"))))
    made = io.StringIO()
    csv.writer(made, delimiter=";").writerows(rows)
    course.collect(THREE, download, save(tmp_path / "a.csv", made.getvalue().encode("utf-16")))
    assert len(course.owners(THREE)) == 16


def test_english_says_the_same(course: CourseOf, tmp_path: Path) -> None:
    said = course.collect(THREE, save(tmp_path / f"jan__{THREE}.zip", work("jan")), lang="en")
    assert "collected: 1 (new: 1" in said and "No list was given" in said


def test_a_folder_that_cannot_be_written_is_told(course: CourseOf, tmp_path: Path) -> None:
    (course.root / "submitted").write_text("a file")
    said = course.collect(THREE, save(tmp_path / f"jan__{THREE}.zip", work("jan")), code=1)
    assert "kan niet worden geschreven" in said
    assert not os.path.isdir(course.root / ".maatwerk-collect")  # noqa: PTH112
