"""The essay's tables as HTML: whole, with heads that a screen reader announces, and every word escaped."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from xml.etree import ElementTree

import pytest
from maatwerk import LANGUAGES, Language, Text, framework
from maatwerk.model import SIDES
from maatwerk_widgets.table_view import TableView, table_html

ROWS = {"2.1": 4, "2.2": 9, "2.3": 8, "3.1": 5, "4.1": 4, "5.1": 2, "5.2": 4, "5.3": 4, "5.4": 4, "5.5": 4}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("number", "rows"), ROWS.items())
def test_each_table_is_whole(number: str, rows: int, lang: Language) -> None:
    table = ElementTree.fromstring(f"<div>{table_html(framework(), number, lang)}</div>")
    caption = table.findtext("table/caption") or ""
    assert caption.startswith(f"{'Tabel' if lang == 'nl' else 'Table'} {number}. ")
    body = table.findall("table/tbody/tr")
    assert len(body) == rows
    assert all(row[0].get("scope") == "row" and row[0].text for row in body)
    heads = table.findall("table/thead/tr/*")
    assert {len(row) for row in body} == {len(heads)} == {3}
    assert all(head.get("scope") == "col" and head.text for head in heads if head.tag == "th")
    assert sum(head.tag == "th" for head in heads) == (2 if number == "5.1" else 3)
    assert all("".join(cell.itertext()).strip() for row in body for cell in row)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tables_of_the_variants_hold_their_own_statements(lang: Language) -> None:
    fw = framework()
    for key, variant in fw.variants.items():
        html = unescape(table_html(fw, variant.own_table.number, lang))
        for perspective in fw.perspectives:
            for side in SIDES:
                assert fw.statement(key, perspective, side).text[lang] in html


@pytest.mark.parametrize("number", ROWS)
def test_the_swapped_numerals_are_told_where_they_stand(number: str) -> None:
    note = framework().source_notes["D1"].note["nl"]
    assert (note in unescape(table_html(framework(), number, "nl"))) is (number in ("5.3", "5.4"))


def test_both_readings_of_the_inspectorate_are_taught() -> None:
    html = unescape(table_html(framework(), "2.2", "nl"))
    meanings = framework().practices["ivho"].meanings
    assert len(meanings) == 2
    assert all(meaning["nl"] in html for meaning in meanings)


def test_words_cannot_become_markup() -> None:
    fw = framework()
    loyalty = replace(fw.loyalties["burgers"], asks=Text(nl="<script>x</script>", en="x"))
    planted = replace(fw, loyalties={**fw.loyalties, "burgers": loyalty})
    html = table_html(planted, "3.1", "nl")
    assert "<script>" not in html
    assert "&lt;script&gt;x" in html


def test_an_unknown_table_names_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"9\.9.*2\.1.*5\.5"):
        TableView("9.9")
