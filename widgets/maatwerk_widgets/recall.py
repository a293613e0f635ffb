"""A closed question: to which variant does a statement of tables 5.2-5.5 belong? Pure."""

from __future__ import annotations

from maatwerk import Framework, Language
from maatwerk.model import Statement

from maatwerk_widgets.compare import joined
from maatwerk_widgets.form import FORM_TEXTS, Step, choice, group, option, step
from maatwerk_widgets.words import words

CONFIDENCES = ("zeker", "twijfel", "gok")


def recall_step(statement: Statement, fw: Framework, lang: Language) -> Step:
    """The question: the four variants, and how sure the learner is."""
    word = words("chapter", lang, FORM_TEXTS)
    asked = word[f"recall_{statement.side}"].format(
        perspective=fw.perspectives[statement.perspective].name[lang].lower(), statement=statement.text[lang]
    )
    variants = [option(v.key, v.name[lang], v.for_whom[lang]) for v in fw.variants.values()]
    confidences = [option(key, word[key]) for key in CONFIDENCES]
    return step(
        [
            choice("variant", asked, [group(variants)], word["recall"]),
            choice("confidence", word["confidence"], [group(confidences)]),
        ],
        action=word["check"],
    )


def recall_reply(
    statement: Statement, variant: str | None, confidence: str | None, fw: Framework, lang: Language
) -> dict[str, str]:
    """What to say about a choice. Any variant that the statement stands for is right (source note D3)."""
    word = words("chapter", lang, FORM_TEXTS)
    if variant not in fw.variants:
        return {"state": "", "text": word["choose_first"]}
    state = "right" if variant in statement.variants else "other"
    belongs = [
        word["variant_cite"].format(
            variant=fw.variants[key].name[lang], cite=fw.variants[key].own_table.cite(lang)
        )
        for key in statement.variants
    ]
    said = [word[state].format(variants=joined(belongs, lang))]
    if len(statement.variants) > 1:
        said.append(word["shared"])
    if (about_confidence := word.get(f"{state}_{confidence}")) is not None:
        said.append(about_confidence)
    return {"state": state, "text": " ".join(said)}
