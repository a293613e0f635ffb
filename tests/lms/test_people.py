"""One person is one row, two people are two, and what is in doubt is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from maatwerk_grading.lms.people import (
    PEOPLE_FILE,
    DoubtError,
    Identity,
    People,
    PeopleFileError,
    Person,
    UnknownPersonError,
    opened_people,
)

THREE, FOUR = "opdracht-3-dilemmas", "opdracht-4-dynamieken"


def moodle(assignment: str, participant: int, name: str = "", **more: str) -> Identity:
    return Identity("moodle", assignment, str(participant), name, **more)


def students(people: People, *identities: Identity, by_name: bool = False) -> list[str]:
    """The student ids, or the kind of error."""
    return [
        one.student if isinstance(one, Person) else type(one).__name__
        for one in people.know(identities, by_name=by_name).people
    ]


def test_one_person_is_one_row_over_all_assignments() -> None:
    people = People()
    jan = moodle(THREE, 69, "Jan Jansen", email="Jan@example.org")
    assert students(people, jan) == ["jan@example.org"]
    assert students(people, moodle(FOUR, 79, "Jan Jansen", email="jan@example.org", id_number="67")) == [
        "jan@example.org"
    ]
    assert len(people) == 1
    assert people.find(moodle(THREE, 69)) == people.find(moodle(FOUR, 79)) == people.find(jan)
    assert people.find(Identity(id_number="#67")).email == "jan@example.org"


def test_a_participant_number_is_no_id_number_and_holds_in_one_assignment() -> None:
    people = People()
    students(
        people,
        moodle(THREE, 67, "Zoë", email="zoe@x"),
        moodle(THREE, 69, "Jan", email="jan@x", id_number="67"),
    )
    assert people.find(moodle(THREE, 67)).name == "Zoë"
    assert people.find(Identity(id_number="67")).name == "Jan"
    with pytest.raises(UnknownPersonError):
        people.find(moodle(FOUR, 67))


def test_two_people_of_one_name_stay_two() -> None:
    people = People()
    one, two = (moodle(THREE, n, "Sanne de Boer", email=f"s{n}@x") for n in (64, 61))
    assert len(set(students(people, one, two))) == 2
    assert students(people, replace(two, assignment=FOUR, participant="80")) == ["s61@x"]
    with pytest.raises(UnknownPersonError):
        people.find(Identity(name="Sanne de Boer"))


def test_without_more_than_a_name_two_lists_are_not_put_together() -> None:
    """With separate groups the one 'Sanne' on this list may be another than the one on that."""
    people = People()
    assert students(people, moodle(THREE, 64, "Sanne"), moodle(THREE, 61, "Sanne")) == ["Sanne", "Sanne-2"]
    assert students(people, moodle(THREE, 64, "Sanne"), moodle(THREE, 61, "Sanne")) == ["Sanne", "Sanne-2"]
    assert students(people, moodle(FOUR, 80, "Sanne")) == ["DoubtError"]
    assert students(people, moodle(FOUR, 80, "Sanne"), by_name=True) == ["DoubtError"]
    assert students(people, moodle(THREE, 70, "Bram")) == ["Bram"]
    assert students(people, moodle(FOUR, 81, "Bram")) == ["DoubtError"]
    assert students(people, moodle(FOUR, 81, "Bram"), by_name=True) == ["Bram"]


def test_what_contradicts_what_is_known_is_refused_and_changes_nothing() -> None:
    people = People()
    students(people, moodle(THREE, 69, "Jan", email="jan@x", id_number="67"))
    before = list(people)
    for row in (
        moodle(THREE, 69, "Piet", email="piet@x"),
        moodle(FOUR, 1, "Jan", email="jan@x", id_number="68"),
        moodle(FOUR, 1, "Kees", email="jan@x"),
        moodle(FOUR, 1, "Jan", email="new@x", id_number="67"),
    ):
        assert students(people, row) == ["DoubtError"], row
        with pytest.raises(DoubtError):
            people.find(row)
    assert list(people) == before


def test_two_rows_of_one_list_are_never_one_person() -> None:
    people = People()
    rows = (
        moodle(THREE, 1, "Jan", email="x@x"),
        moodle(THREE, 2, "Piet", email="x@x"),
        moodle(THREE, 3, "Kees"),
    )
    assert students(people, *rows) == ["DoubtError", "DoubtError", "Kees"]
    assert students(people, moodle(THREE, 5, "A"), moodle(THREE, 5, "B")) == ["DoubtError", "DoubtError"]


def test_who_was_anonymous_joins_the_person_when_the_names_are_revealed() -> None:
    people = People()
    students(people, moodle(THREE, 69, "Jan", email="jan@x"))
    pseudonym = f"anonymous-{FOUR}-142"
    assert students(people, moodle(FOUR, 142), moodle(FOUR, 129)) == [pseudonym, f"anonymous-{FOUR}-129"]
    assert people.find(moodle(FOUR, 142, "Jan", email="jan@x")).student == pseudonym
    learned = people.know([moodle(FOUR, 142, "Jan", email="jan@x"), moodle(FOUR, 129, "Zoë", email="zoe@x")])
    assert learned.joined == {pseudonym: "jan@x", f"anonymous-{FOUR}-129": "zoe@x"}
    assert people.find(moodle(FOUR, 142)).student == "jan@x"
    assert len(people) == 2


def test_a_student_id_that_somebody_else_has_is_not_given_again() -> None:
    people = People(taken=["67", "ZOE"])
    rows = (Identity("moodle", id_number="67", name="Jan"), Identity("generic", lms_id="zoe"))
    assert students(people, *rows) == ["67-2", "zoe-2"]


@pytest.mark.parametrize(
    "name", ["../../etc", "con", "a/b", "...", "-x", "x\n<script>", "ليلى حداد", "d'Arc"]
)
def test_a_student_id_is_a_folder_everywhere(name: str) -> None:
    (student,) = students(People(), Identity("generic", lms_id=name))
    assert student and not set(student) & set("/\\<>\"' \n") and student.strip(".-") and student != "con"


def test_the_file_holds_everybody_and_says_where_it_was_spoiled(tmp_path: Path) -> None:
    with opened_people(tmp_path) as people:
        students(
            people,
            moodle(THREE, 69, "Jan =1+1", email="jan@x", id_number="007"),
            Identity("canvas", name="=HYPERLINK(1)", lms_id="5;0=%3D"),
            moodle(THREE, 70),
        )
    with opened_people(tmp_path) as again:
        assert list(again) == sorted(people, key=lambda one: one.student)
    file = tmp_path / PEOPLE_FILE
    assert "\n=" not in file.read_text() and ",=" not in file.read_text()
    text = file.read_text(encoding="utf-8-sig")
    # As a Dutch Excel saves it.
    file.write_text(text.replace(",", ";"), encoding="utf-8")
    assert len(People.read(tmp_path)) == 3
    for spoiled in ("zomaar\nwat", text.replace("student_id", "id"), text + text.splitlines()[1] + "\n"):
        file.write_text(spoiled, encoding="utf-8")
        with pytest.raises(PeopleFileError) as told:
            People.read(tmp_path)
        assert PEOPLE_FILE in told.value.text.nl and PEOPLE_FILE in told.value.text.en


def test_the_file_is_left_alone_when_something_goes_wrong(tmp_path: Path) -> None:
    with opened_people(tmp_path) as people:
        students(people, moodle(THREE, 69, "Jan"))
    before = (tmp_path / PEOPLE_FILE).read_bytes()
    with pytest.raises(RuntimeError), opened_people(tmp_path) as people:
        students(people, moodle(THREE, 70, "Piet"))
        raise RuntimeError
    assert (tmp_path / PEOPLE_FILE).read_bytes() == before


def test_somebody_who_was_known_by_an_address_alone_gets_a_name() -> None:
    people = People()
    assert students(people, moodle(THREE, 69, email="jan@example.org")) == ["jan@example.org"]
    assert students(people, moodle(FOUR, 79, "Jan Jansen", email="jan@example.org")) == ["jan@example.org"]
    assert [one.student for one in people.named("Jansen, Jan")] == ["jan@example.org"]
