"""What is told of a file that goes back to a learning environment (LMS), and of whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from maatwerk import Text
from maatwerk.loader import read_texts

TEXTS = read_texts(Path(__file__).parent / "export_texts.toml")
# What is as it should be, and only told.
_NO_WARNING = frozenset({"note_nothing", "note_unknown", "note_changes", "note_typed"})


class FillError(Exception):
    """Why a file cannot be filled at all; ``text`` says so in both languages, with what to do."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the instructor should know.

    Parameters
    ----------
    text : Text
        What it is and what to do.
    who : tuple of Text
        Whom it is about, one for each.
    warning : bool
        Whether a mark may be missing or old when nothing is done.
    """

    text: Text
    who: tuple[Text, ...] = ()
    warning: bool = True


def say(key: str, **words: object) -> Text:
    """A text of ``export_texts.toml``, filled in, in both languages."""

    def said(lang: str) -> str:
        filled = {
            name: getattr(word, lang) if isinstance(word, Text) else word for name, word in words.items()
        }
        return str(getattr(TEXTS[key], lang)).format(**filled)

    return Text(nl=said("nl"), en=said("en"))


class Told:
    """Whom each note is about, in the order in which they were met."""

    def __init__(self) -> None:
        self._who: dict[str, list[Text]] = {}

    def add(self, key: str, who: str | Text) -> None:
        """Tell of one more person what the text of this key says."""
        self._who.setdefault(key, []).append(who if isinstance(who, Text) else Text(nl=who, en=who))

    def notes(self) -> list[Note]:
        """One note for each key."""
        return [
            Note(say(key, count=len(who)), tuple(who), warning=key not in _NO_WARNING)
            for key, who in self._who.items()
        ]


def shown(student: str, name: str) -> str:
    """Who somebody is, for a person to read; two people may have one name."""
    return f"{name} ({student})" if name and name != student else student


def same(words: str) -> Text:
    """What is the same in both languages, such as a name."""
    return Text(nl=words, en=words)


def joined(notes: Iterable[Note]) -> Text:
    """All notes in one piece of text; a dash for none."""
    notes = list(notes)

    def said(lang: str) -> str:
        return " ".join(
            f"{getattr(note.text, lang)} {'; '.join(getattr(who, lang) for who in note.who)}".strip()
            for note in notes
        )

    return Text(nl=said("nl") or "-", en=said("en") or "-")
