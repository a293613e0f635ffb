"""What a learner answered: plain data with a version, read from JSON without trusting any of it.

Nothing here touches a file (see :mod:`maatwerk_learner.store`) or judges an answer (see
:mod:`maatwerk_grading.criteria`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeGuard, TypeVar

from maatwerk import LANGUAGES, Language, Placement, PlacementError, Text
from maatwerk.loader import read_texts

TEXTS = read_texts(Path(__file__).parent / "answers_texts.toml")

SCHEMA = "maatwerk.answers"
VERSION = 1

# What the form allows, in characters. Longer is no answer but a mistake, or malice.
LONGEST_TEXT = 20_000
LONGEST_KEY = 100
MOST_POINTS = 100

Fields = Mapping[str, Any]
T = TypeVar("T")

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class AnswerError(ValueError):
    """An answer that cannot be used; ``text`` says in both languages why, and what to do."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)

    def message(self, lang: Language) -> str:
        """What is wrong, in the learner's language."""
        return self.text[lang]


class NewerVersionError(AnswerError):
    """An answers file of a later version of the course: to be left as it is."""


@dataclass(frozen=True, slots=True)
class AnswerBook:
    """Everything that one answers file holds.

    Parameters
    ----------
    answers : mapping
        By exercise or chapter, and then by field. Any JSON may stand in a field.
    revision : int
        How many times it was saved.
    saved_at : str
        When, in ISO 8601; empty when it never was.
    spoiled : mapping
        What stands where the fields of an exercise should: it says nothing about the others. It is kept as
        it is until that exercise is answered anew.
    """

    answers: Mapping[str, Fields] = field(default_factory=lambda: _NOTHING)
    revision: int = 0
    saved_at: str = ""
    spoiled: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    @classmethod
    def parse(cls, data: object) -> AnswerBook:
        """Read what :meth:`to_json` wrote.

        Raises
        ------
        NewerVersionError
            When a later version of the course wrote it.
        AnswerError
            When it is something else.
        """
        if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
            raise AnswerError(TEXTS["no_book"])
        version = data.get("version")
        if not _is_count(version) or version < 1:
            raise AnswerError(TEXTS["no_book"])
        if version > VERSION:
            raise NewerVersionError(TEXTS["newer_version"])
        answers, revision, saved_at = data.get("answers"), data.get("revision"), data.get("saved_at")
        if not (isinstance(answers, Mapping) and _is_count(revision) and isinstance(saved_at, str)):
            raise AnswerError(TEXTS["no_book"])
        spoiled = {key: value for key, value in answers.items() if not isinstance(value, Mapping)}
        if spoiled:
            answers = {key: fields for key, fields in answers.items() if key not in spoiled}
        return cls(answers, revision, saved_at, spoiled or _NOTHING)

    def to_json(self) -> dict[str, Any]:
        """The book as JSON, for :meth:`parse` to read."""
        return {
            "schema": SCHEMA,
            "version": VERSION,
            "revision": self.revision,
            "saved_at": self.saved_at,
            "answers": {**{key: dict(fields) for key, fields in self.answers.items()}, **self.spoiled},
        }

    def changed(self, key: str, changes: Fields, saved_at: str) -> AnswerBook:
        """The next revision, with ``changes`` under ``key``; ``None`` takes a field away."""
        fields = {**self.answers.get(key, {}), **changes}
        kept = {name: value for name, value in fields.items() if value is not None}
        answers = {**self.answers, key: kept}
        spoiled = {other: value for other, value in self.spoiled.items() if other != key} or _NOTHING
        return replace(self, answers=answers, revision=self.revision + 1, saved_at=saved_at, spoiled=spoiled)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one dilemma exercise. What was not answered is ``None``, or an empty mapping.

    The keys are those of the framework's tables, but nothing here checks that they exist: a criterion gives
    no points for a key that its table does not have.

    Parameters
    ----------
    placement : Placement, optional
        Where on the plane (table 5.1).
    loyalties : mapping of str to int
        Points (0-100) for each loyalty (table 3.1).
    tension : str, optional
        A tension of sections 3.2-3.6.
    effects : mapping
        By perspective and then by side (``voordeel``, ``nadeel``): a statement of tables 5.2-5.5.
    dynamic, dynamic_actor : str, optional
        A dynamic of table 4.1, and for whom: an actor of that table.
    counter_variant, counter_statement : str, optional
        Another variant, and the advantage that speaks for it.
    own_case, counter_argument, change_mind, justification : str, optional
        The learner's own words.
    """

    placement: Placement | None = None
    loyalties: Mapping[str, int] = field(default_factory=lambda: _NOTHING)
    tension: str | None = None
    effects: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: _NOTHING)
    dynamic: str | None = None
    dynamic_actor: str | None = None
    counter_variant: str | None = None
    counter_statement: str | None = None
    own_case: str | None = None
    counter_argument: str | None = None
    change_mind: str | None = None
    justification: str | None = None

    @classmethod
    def parse(cls, fields: object) -> Answer:
        """Read the fields of one exercise. Fields of other kinds of exercises are left alone.

        Raises
        ------
        AnswerError
            Naming the field whose value cannot be an answer.
        """
        if not isinstance(fields, Mapping):
            raise AnswerError(TEXTS["no_fields"])
        given = {
            name: _read(name, reader, fields[name])
            for name, reader in _READERS.items()
            if fields.get(name) is not None
        }
        return cls(**given)

    def to_json(self) -> dict[str, Any]:
        """The answered fields, for :meth:`parse` to read."""
        place = self.placement
        values: dict[str, Any] = {name: getattr(self, name) for name in _READERS}
        values["placement"] = place and {"person": place.person, "group": place.group}
        values["loyalties"] = dict(self.loyalties)
        values["effects"] = {perspective: dict(sides) for perspective, sides in self.effects.items()}
        return {name: value for name, value in values.items() if value not in (None, {})}


def _read(name: str, reader: Callable[[object], T], value: object) -> T:
    try:
        return reader(value)
    except (TypeError, ValueError):
        filled = {
            lang: TEXTS["bad_field"][lang].format(field=TEXTS[f"field_{name}"][lang]) for lang in LANGUAGES
        }
        raise AnswerError(Text(**filled)) from None


def _placement(value: object) -> Placement:
    if not isinstance(value, Mapping) or set(value) != {"person", "group"}:
        raise ValueError
    try:
        return Placement(value["person"], value["group"])
    except PlacementError:
        raise ValueError from None


def _loyalties(value: object) -> Mapping[str, int]:
    return {_key(name): _points(points) for name, points in _mapping(value).items()}


def _effects(value: object) -> Mapping[str, Mapping[str, str]]:
    return {
        _key(perspective): {_key(side): _key(statement) for side, statement in _mapping(sides).items()}
        for perspective, sides in _mapping(value).items()
    }


def _mapping(value: object) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise TypeError
    return value


def _points(value: object) -> int:
    if not _is_count(value) or value > MOST_POINTS:
        raise ValueError
    return value


def _key(value: object) -> str:
    return _string(value, LONGEST_KEY)


def _words(value: object) -> str:
    return _string(value, LONGEST_TEXT)


def _string(value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError
    return value


def _is_count(value: object) -> TypeGuard[int]:
    # bool is an int to Python, but 'true' is no number.
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_READERS: Mapping[str, Callable[[object], Any]] = {
    "placement": _placement,
    "loyalties": _loyalties,
    "tension": _key,
    "effects": _effects,
    "dynamic": _key,
    "dynamic_actor": _key,
    "counter_variant": _key,
    "counter_statement": _key,
    "own_case": _words,
    "counter_argument": _words,
    "change_mind": _words,
    "justification": _words,
}
