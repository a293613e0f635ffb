"""Reading a table from TOML, so that a mistake names its file, its row and its field."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Protocol, TypeVar

from maatwerk.citation import Citation
from maatwerk.text import LANGUAGES, Text

WHOLE_FILE = "-"

_KEY = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]*")


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


R = TypeVar("R", bound=_Keyed)
C = TypeVar("C", bound=str)


class TableError(ValueError):
    """A table that cannot be used; ``file``, ``row`` and ``field`` say where, ``problem`` says why."""

    def __init__(self, file: Path, row: str, field: str, problem: str) -> None:
        self.file = file
        self.row = row
        self.field = field
        self.problem = problem
        super().__init__(f"{file.name}, row '{row}', field '{field}': {problem}")


class Record:
    """One TOML table being read. Every field must be asked for: what is left over is a mistake too."""

    def __init__(self, values: Mapping[str, object], file: Path, row: str) -> None:
        self.file = file
        self.row = row
        self._asked: set[str] = set()
        self._inner: list[Record] = []
        self._values = values

    def error(self, field: str, problem: str) -> TableError:
        """An error at this place, for the caller to raise."""
        return TableError(self.file, self.row, field, problem)

    def has(self, field: str) -> bool:
        """Whether the optional ``field`` is there."""
        return field in self._values

    def fields(self) -> tuple[str, ...]:
        """The names of all fields, in the file's order."""
        return tuple(self._values)

    def value(self, field: str) -> object:
        """The raw value of a required field."""
        self._asked.add(field)
        if field not in self._values:
            raise self.error(field, "is missing")
        return self._values[field]

    def string(self, field: str) -> str:
        """A text of at least one visible character."""
        value = self.value(field)
        if not isinstance(value, str) or not value.strip():
            raise self.error(field, f"a non-empty text is needed, not {value!r}")
        return value.strip()

    def strings(self, field: str) -> list[str]:
        """A list of texts, possibly empty."""
        value = self.value(field)
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise self.error(field, f"a list of non-empty texts is needed, not {value!r}")
        return [v.strip() for v in value]

    def key(self) -> str:
        """The row's language-neutral key."""
        key = self.string("key")
        if _KEY.fullmatch(key) is None:
            raise self.error("key", f"'{key}': letters, digits, '-' and '_' only, a letter first")
        return key

    def number(self, field: str) -> float:
        """A number; ``true``, ``nan`` and ``inf`` are none."""
        value = self.value(field)
        problem = f"a number is needed, not {value!r}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(field, problem)
        try:
            number = float(value)
        except OverflowError:
            raise self.error(field, problem) from None
        if not math.isfinite(number):
            raise self.error(field, problem)
        return number

    def choice(self, field: str, allowed: Sequence[C]) -> C:
        """One of the allowed keys."""
        return self._one_of(field, self.string(field), allowed)

    def choices(self, field: str, allowed: Sequence[C]) -> list[C]:
        """One or more of the allowed keys, each once."""
        values = [self._one_of(field, value, allowed) for value in self.strings(field)]
        if not values or len(set(values)) != len(values):
            raise self.error(field, f"one or more keys, each once, are needed, not {values!r}")
        return values

    def _one_of(self, field: str, value: str, allowed: Sequence[C]) -> C:
        for candidate in allowed:
            if candidate == value:
                return candidate
        raise self.error(field, f"'{value}' is none of {', '.join(allowed)}")

    def text(self, field: str) -> Text:
        """A text in both languages."""
        return self._as_text(field, self.value(field))

    def texts(self, field: str) -> list[Text]:
        """One or more texts, each in both languages."""
        value = self.value(field)
        if not isinstance(value, list) or not value:
            raise self.error(field, f"a list of texts in {' and '.join(LANGUAGES)} is needed")
        return [self._as_text(f"{field}[{i}]", v) for i, v in enumerate(value)]

    def _as_text(self, field: str, value: object) -> Text:
        if not isinstance(value, dict):
            raise self.error(field, f"a text in {' and '.join(LANGUAGES)} is needed, not {value!r}")
        inner = Record(value, self.file, self.row)
        words = {language: self._words(inner, field, language) for language in LANGUAGES}
        extra = set(inner.fields()) - set(LANGUAGES)
        if extra:
            raise self.error(f"{field}.{min(extra)}", "is no language of the course")
        return Text(**words)

    def _words(self, inner: Record, field: str, language: str) -> str:
        try:
            return inner.string(language)
        except TableError as error:
            raise self.error(f"{field}.{language}", error.problem) from None

    def place(self, field: str) -> Citation:
        """A place in the essay."""
        return self._as_place(field, self.string(field))

    def places(self) -> tuple[Citation, ...]:
        """The field ``places``: one or more places in the essay."""
        places = tuple(self._as_place("places", written) for written in self.strings("places"))
        if not places:
            raise self.error("places", "at least one place in the essay is needed")
        return places

    def _as_place(self, field: str, written: str) -> Citation:
        try:
            return Citation.parse(written)
        except ValueError as error:
            raise self.error(field, str(error)) from None

    def record(self, field: str) -> Record:
        """The table inside this one under ``field``; :meth:`finish` looks after it too."""
        value = self.value(field)
        if not isinstance(value, dict):
            raise self.error(field, f"a table of fields is needed, not {value!r}")
        inner = Record(value, self.file, self._inside(field))
        self._inner.append(inner)
        return inner

    def records(self, field: str) -> Iterator[Record]:
        """The tables inside this one under ``field``; none when it is absent."""
        self._asked.add(field)
        values = self._values.get(field, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.error(field, f"a list of tables is needed, not {values!r}")
        for number, value in enumerate(values, start=1):
            key = value.get("key")
            name = key if isinstance(key, str) and key.strip() else str(number)
            inner = Record(value, self.file, self._inside(name))
            yield inner
            inner.finish()

    def rows(self, field: str, build: Callable[[Record], R]) -> Mapping[str, R]:
        """What ``build`` makes of each table under ``field``: one or more, by key, in the file's order."""
        rows: dict[str, R] = {}
        for record in self.records(field):
            row = build(record)
            if row.key in rows:
                raise record.error("key", f"'{row.key}' stands twice")
            rows[row.key] = row
        if not rows:
            raise self.error(field, "at least one row is needed")
        return MappingProxyType(rows)

    def _inside(self, name: str) -> str:
        return name if self.row == WHOLE_FILE else f"{self.row}.{name}"

    def finish(self) -> None:
        """Complain about a field that nobody asked for: most often a typing error."""
        left = set(self._values) - self._asked
        if left:
            raise self.error(min(left), "is not a field of this table")
        for inner in self._inner:
            inner.finish()


def read_table(file: Path) -> Record:
    """The whole of one TOML file as a record.

    Raises
    ------
    TableError
        When the file cannot be read or is no TOML.
    """
    # Imported only here: who needs a language or a place reads no table.
    import tomllib

    try:
        return Record(tomllib.loads(file.read_text(encoding="utf-8")), file, WHOLE_FILE)
    except FileNotFoundError:
        raise TableError(file, WHOLE_FILE, "-", "the file is missing") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TableError(file, WHOLE_FILE, "-", f"cannot be read: {error}") from None


def read_rows(file: Path, name: str, build: Callable[[Record], R]) -> Mapping[str, R]:
    """Build every ``[[name]]`` of a file, by key, in the file's order.

    Raises
    ------
    TableError
        When there is no row, a key comes twice, or ``build`` finds a mistake.
    """
    table = read_table(file)
    rows = table.rows(name, build)
    table.finish()
    return rows


def read_texts(file: Path) -> Mapping[str, Text]:
    """A file of ``key = {nl = "...", en = "..."}``: the words of a widget or of the feedback.

    Raises
    ------
    TableError
        When a text is missing in a language, or its ``{placeholders}`` differ between the languages.
    """
    table = read_table(file)
    texts = {key: table.text(key) for key in table.fields()}
    for key, text in texts.items():
        asked = {language: _placeholders(table, key, text[language]) for language in LANGUAGES}
        if len(set(asked.values())) > 1:
            shown = ", ".join(f"{language}: {sorted(names)}" for language, names in asked.items())
            raise table.error(key, f"the placeholders differ: {shown}")
    return MappingProxyType(texts)


def _placeholders(table: Record, key: str, words: str) -> frozenset[str]:
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(words) if name is not None)
    except ValueError as error:
        raise table.error(key, f"is no template: {error}") from None
