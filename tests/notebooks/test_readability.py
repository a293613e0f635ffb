"""Plain language, as far as figures tell: every chapter is above a floor, and a heavy paragraph is found."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from maatwerk import LANGUAGES, Language

COURSE = Path(__file__).parents[2] / "course"
CHAPTERS = sorted(COURSE.glob("*/*.md"))

# Douma calls 70-80 'fairly easy' and 80-90 'easy'; the chapters were written at about 82.
FLOOR = 75
LONGEST = 40

HEAVY: dict[Language, str] = {
    "nl": "De bestuurlijke verantwoordelijkheid voor uitzonderingsmogelijkheden binnen gestandaardiseerde "
    "dienstverleningsprocessen veronderstelt, gegeven de organisatorische randvoorwaarden en de daarmee "
    "samenhangende verantwoordingsverplichtingen, een voortdurende herbezinning op de beleidsinhoudelijke "
    "uitgangspunten waarop de beoordelingssystematiek is gebaseerd.",
    "en": "Administrative responsibility for discretionary possibilities within standardised procedures of "
    "service delivery presupposes, given organisational preconditions and the associated obligations of "
    "accountability, a continuous reconsideration of the substantive principles underlying the prevailing "
    "methodology of individual assessment in comparable organisations.",
}


@pytest.fixture(scope="module")
def readability(builder: ModuleType) -> ModuleType:
    """``tools/chapters/readability.py``; the builder has put its folder on the path."""
    import readability

    return readability


@pytest.mark.parametrize("file", CHAPTERS, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_every_chapter_is_easy_to_read(file: Path, builder: ModuleType, readability: ModuleType) -> None:
    found = readability.chapter_readability(builder.read_chapter(file))
    assert found.score >= FLOOR
    assert [one for one in found.sentences if len(readability.words(one)) > LONGEST] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_winded_paragraph_is_found(
    language: Language, builder: ModuleType, readability: ModuleType
) -> None:
    chapter = COURSE / language / "05-doorbreken.md"
    text = chapter.read_text(encoding="utf-8")
    before = readability.measured(text, language)
    heavy = readability.measured(HEAVY[language], language)
    assert heavy.score < 0 and heavy.long == (HEAVY[language],)
    # Among two thousand easy words it is still listed, and the score notices.
    after = readability.measured(f"{text}\n\n{HEAVY[language]}\n", language)
    assert HEAVY[language] in after.long and after.score < before.score


def test_the_formulas_are_those_of_flesch_and_douma(readability: ModuleType) -> None:
    # Eleven words in two sentences, and their syllables counted by hand.
    dutch = readability.measured("De man vraagt hulp aan moeder. Zijn gemeente zegt meteen nee.", "nl")
    assert (dutch.words, len(dutch.sentences), dutch.syllables) == (11, 2, 15)
    assert dutch.score == pytest.approx(206.84 - 0.93 * 11 / 2 - 77 * 15 / 11)
    english = readability.measured("The man asks for help. His city says no at once.", "en")
    assert (english.words, len(english.sentences), english.syllables) == (11, 2, 12)
    assert english.score == pytest.approx(206.835 - 1.015 * 11 / 2 - 84.6 * 12 / 11)


@pytest.mark.parametrize(
    ("language", "spelled"),
    [
        (
            "nl",
            "a-vond o-ver amb-te-naar hard-heids-clau-su-le i-dee-ën be-leids-ca-te-go-rie-ën maat-werk zo’n "
            "uit-voe-rings-amb-te-naar or-ga-ni-sa-tie si-tu-a-tie bu-reau-cra-tie af-fai-re mooi-e na "
            "be-ïn-vloe-den ge-nieuwd twee-de",
        ),
        (
            "en",
            "cit-i-zen de-ci-sion maat-werk rule rules ruled ta-ble pla-ces pla-ced want-ed peo-ple "
            "hard-ship clause e-qual-i-ty a-gain the he change chan-ges",
        ),
    ],
)
def test_syllables_are_counted_by_the_spelling(
    language: Language, spelled: str, readability: ModuleType
) -> None:
    """Counted by hand. 'placed' is one of those that the spelling does not tell."""
    wrong = {
        word: readability.syllables(word.replace("-", ""), language)
        for word in spelled.split()
        if readability.syllables(word.replace("-", ""), language) != len(word.split("-"))
    }
    assert set(wrong) <= {"pla-ced"}


def test_marks_citations_and_code_do_not_count(readability: ModuleType) -> None:
    text = (
        "## A heading of its own\n\n- **Time:** about [ten minutes](x.ipynb#y) (table 5.1,\n"
        "  section 3.2). `code`\n- Stop *now*!\n\n> Do you know it? ‘Yes.’ It costs 7.000 euro.\n"
    )
    assert list(readability.sentences(text)) == [
        "Time: about ten minutes.",
        "Stop now!",
        "Do you know it?",
        "‘Yes.’",
        "It costs 7.000 euro.",
    ]


def test_the_report_has_a_line_for_each_chapter_and_lists_what_is_long(
    builder: ModuleType, readability: ModuleType
) -> None:
    chapter = builder.read_chapter(COURSE / "nl" / "05-doorbreken.md")
    heavy = builder.Cell("x", 99, "markdown", HEAVY["nl"])
    lines = readability.report([chapter, builder.Chapter("99-zwaar", "nl", (heavy,), "")])
    assert [line.split()[0] for line in lines[:3]] == ["chapter", "nl/05-doorbreken.md", "nl/99-zwaar.md"]
    assert lines[-1] == f"\nnl/99-zwaar.md, 30 words: {HEAVY['nl']}"
