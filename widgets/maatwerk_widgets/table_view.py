"""The essay's tables as accessible HTML, for reading in a chapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

import anywidget
import traitlets
from maatwerk import Framework, Language, framework
from maatwerk.citation import Citation
from maatwerk.model import SIDES, Consideration, Level

from maatwerk_widgets.form import FORM_TEXTS
from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words

NUMERALS_NOTE = "D1"

# A cell may hold several readings (source note D4): a paragraph each.
Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table's words; the first cell of a row is its head."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


class TableView(anywidget.AnyWidget):
    """One of the essay's tables.

    Parameters
    ----------
    number : str
        As the essay numbers it, such as ``"5.1"``.
    lang : {"nl", "en"}
        The language of all words.
    """

    _esm = STATIC / "table.js"
    _css = looks("table.css")

    lang = language_trait()
    html = data_trait(traitlets.Unicode())

    def __init__(self, number: str, lang: Language = "nl") -> None:
        self.set_trait("html", table_html(framework(), number, lang))
        super().__init__(lang=lang)


def table_html(fw: Framework, number: str, lang: Language) -> str:
    """One of the essay's tables, with a caption and the scope of every head.

    Raises
    ------
    KeyError
        When the course has no such table; the message names those it has.
    """
    word = words("table", lang, FORM_TEXTS)
    builders = _builders(fw)
    if number not in builders:
        raise KeyError(word["error"].format(number=number, numbers=", ".join(builders)))
    table = builders[number](fw, lang, word)
    caption = word["caption"].format(
        cite=Citation("tabel", number).cite(lang).capitalize(), title=table.title
    )
    note = f'<p class="mwt-note">{escape(table.note)}</p>' if table.note else ""
    return f"{_table(table, caption)}{note}"


def _table(table: _Table, caption: str) -> str:
    # Roles said aloud: the style shows the table as blocks on a narrow screen, and browsers then forget them.
    heads = "".join(_head(head) for head in table.head)
    rows = "".join(f'<tr role="row">{_row(row, table.head)}</tr>' for row in table.rows)
    return (
        f'<table role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _head(head: str) -> str:
    # A head without words would be announced as one all the same.
    return f'<th scope="col" role="columnheader">{escape(head)}</th>' if head else '<td role="cell"></td>'


def _row(row: tuple[Cell, ...], head: tuple[str, ...]) -> str:
    first, *others = row
    cells = "".join(
        f'<td role="cell"><span class="mwt-label" aria-hidden="true">{escape(label)}</span>'
        f"{_paragraphs(cell)}</td>"
        for label, cell in zip(head[1:], others, strict=True)
    )
    return f'<th scope="row" role="rowheader">{escape(" ".join(first))}</th>{cells}'


def _paragraphs(cell: Cell) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in cell)


Builder = Callable[[Framework, Language, Mapping[str, str]], _Table]


def _builders(fw: Framework) -> dict[str, Builder]:
    own = {v.own_table.number: _sides(key) for key, v in fw.variants.items()}
    return {
        "2.1": _meaning,
        "2.2": _practices,
        "2.3": _considerations,
        "3.1": _loyalties,
        "4.1": _dynamics,
        "5.1": _variants,
        **dict(sorted(own.items())),
    }


def _meaning(fw: Framework, lang: Language, word: Mapping[str, str]) -> _Table:
    here = [c for c in fw.considerations.values() if Citation("tabel", "2.1") in c.places]
    return _poles(word["title_meaning"], here, lang, word)


def _considerations(fw: Framework, lang: Language, word: Mapping[str, str]) -> _Table:
    return _poles(word["title_considerations"], list(fw.considerations.values()), lang, word)


def _poles(title: str, rows: list[Consideration], lang: Language, word: Mapping[str, str]) -> _Table:
    return _Table(
        title,
        (word["question"], word["pole_left"], word["pole_right"]),
        tuple(((c.question[lang],), (c.left[lang],), (c.right[lang],)) for c in rows),
    )


def _practices(fw: Framework, lang: Language, word: Mapping[str, str]) -> _Table:
    return _Table(
        word["title_practices"],
        (word["organisation"], word["meaning"], word["raises"]),
        tuple(
            ((f"{p.name[lang]} ({p.abbreviation})",), tuple(m[lang] for m in p.meanings), (p.question[lang],))
            for p in fw.practices.values()
        ),
    )


def _loyalties(fw: Framework, lang: Language, word: Mapping[str, str]) -> _Table:
    return _Table(
        word["title_loyalties"],
        (word["loyalty"], word["asks"], word["dilemma"]),
        tuple(((row.name[lang],), (row.asks[lang],), (row.dilemma[lang],)) for row in fw.loyalties.values()),
    )


def _dynamics(fw: Framework, lang: Language, word: Mapping[str, str]) -> _Table:
    return _Table(
        word["title_dynamics"],
        (word["actor"], word["dynamic"], word["works"]),
        tuple(((row.actor[lang],), (row.name[lang],), (row.pattern[lang],)) for row in fw.dynamics.values()),
    )


def _variants(fw: Framework, lang: Language, word: Mapping[str, str]) -> _Table:
    """The plane as a table: per person from high to low, as it is drawn, and per group from low to high."""
    person, group = fw.plane.person.name[lang], fw.plane.group.name[lang]

    def cell(person_level: Level, group_level: Level) -> Cell:
        at = (person_level, group_level)
        variant = next(v for v in fw.variants.values() if (v.person, v.group) == at)
        return (f"{variant.numeral}. {variant.name[lang]}", variant.for_whom[lang])

    def side(axis: str, level: Level) -> str:
        return word[f"axis_{level}"].format(axis=axis)

    levels: tuple[Level, Level] = ("high", "low")
    return _Table(
        word["title_variants"],
        ("", side(group, "low"), side(group, "high")),
        tuple(((side(person, level),), cell(level, "low"), cell(level, "high")) for level in levels),
    )


def _sides(key: str) -> Builder:
    def build(fw: Framework, lang: Language, word: Mapping[str, str]) -> _Table:
        variant = fw.variants[key]
        swapped = variant.own_table_numeral != variant.numeral
        return _Table(
            word["title_sides"].format(variant=variant.name[lang]),
            (word["perspective"], *(word[side] for side in SIDES)),
            tuple(
                ((p.name[lang],), *((fw.statement(key, p.key, side).text[lang],) for side in SIDES))
                for p in fw.perspectives.values()
            ),
            fw.source_notes[NUMERALS_NOTE].note[lang] if swapped else "",
        )

    return build
