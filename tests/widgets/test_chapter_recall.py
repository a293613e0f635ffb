"""A closed question never calls wrong what stands in a table, and always says where it stands."""

from __future__ import annotations

from itertools import product

import pytest
from maatwerk import LANGUAGES, Language, framework
from maatwerk_widgets.recall import CONFIDENCES, recall_reply, recall_step


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", framework().statements)
def test_every_variant_that_a_statement_stands_for_is_right(key: str, lang: Language) -> None:
    fw = framework()
    statement = fw.statements[key]
    for variant, confidence in product(fw.variants, [*CONFIDENCES, None]):
        reply = recall_reply(statement, variant, confidence, fw, lang)
        assert reply["state"] == ("right" if variant in statement.variants else "other")
        for each in statement.variants:
            assert fw.variants[each].name[lang] in reply["text"]
            assert fw.variants[each].own_table.cite(lang) in reply["text"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_shared_statement_is_said_to_be_shared(lang: Language) -> None:
    fw = framework()
    shared = [s for s in fw.statements.values() if len(s.variants) > 1]
    alone = next(s for s in fw.statements.values() if len(s.variants) == 1)
    assert len(shared) == 5
    said = {recall_reply(s, s.variants[0], None, fw, lang)["text"].split(". ", 2)[2] for s in shared}
    assert len(said) == 1
    assert said.pop() not in recall_reply(alone, alone.variants[0], None, fw, lang)["text"]


@pytest.mark.parametrize("variant", [None, "", "VI"])
def test_without_a_choice_nothing_is_given_away(variant: str | None) -> None:
    fw = framework()
    reply = recall_reply(fw.statements["overzicht-en-eenvoud"], variant, "zeker", fw, "nl")
    assert reply["state"] == ""
    assert not any(v.name["nl"] in reply["text"] for v in fw.variants.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_question_offers_all_variants_and_names_none(lang: Language) -> None:
    fw = framework()
    for statement in fw.statements.values():
        variant, confidence = recall_step(statement, fw, lang)["questions"]
        assert [one["key"] for one in variant["groups"][0]["options"]] == list(fw.variants)
        assert [one["key"] for one in confidence["groups"][0]["options"]] == list(CONFIDENCES)
        assert statement.text[lang] in variant["label"]
