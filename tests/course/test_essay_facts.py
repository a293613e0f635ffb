"""The tables carry the essay's facts: every row and cell where the essay has it, whatever our wording."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from maatwerk import LANGUAGES, framework
from maatwerk.model import SIDES, Side

VARIANTS = ["standaardisatie", "beleidscategorieen", "hardheidsclausule", "standaardmaatwerk"]
PERSPECTIVES = ["burger", "uitvoeringsambtenaar", "manager", "bestuurder"]
ACTORS = ["burgers", "uitvoeringsambtenaren", "managers", "bestuurders"]

# What each cell of tables 5.2-5.5 must speak of: (words in Dutch, words in English), in small letters.
SPEAKS_OF: dict[tuple[str, str, Side], tuple[str, str]] = {
    ("standaardisatie", "burger", "voordeel"): (
        "rechtszekerheid · rechtsgelijkheid",
        "legal certainty · equality before the law",
    ),
    ("standaardisatie", "burger", "nadeel"): (
        "kans · beleidsregels · averechts · onbedoeld",
        "risk · policy rules · perverse · unintended",
    ),
    ("standaardisatie", "uitvoeringsambtenaar", "voordeel"): ("overzicht · eenvoud", "oversee · simpl"),
    ("standaardisatie", "uitvoeringsambtenaar", "nadeel"): (
        "weinig professionele autonomie · weinig betekenis",
        "little professional autonomy · little meaning",
    ),
    ("standaardisatie", "manager", "voordeel"): (
        "processen · kosten · beheers",
        "processes · costs · control",
    ),
    ("standaardisatie", "manager", "nadeel"): (
        "wet · beleid · weinig ruimte · aan te passen",
        "law · policy · little room · adapt",
    ),
    ("standaardisatie", "bestuurder", "voordeel"): (
        "inhoud · duidelijk · gestuurd",
        "substance · clear · steered",
    ),
    ("standaardisatie", "bestuurder", "nadeel"): (
        "kans · politiek-bestuurlijke schade · hardvochtig",
        "risk · political · damage · harsh",
    ),
    ("hardheidsclausule", "burger", "voordeel"): (
        "bescherming · beleidsregels · averechts · onbedoeld",
        "protection · policy rules · perverse · unintended",
    ),
    ("hardheidsclausule", "burger", "nadeel"): ("onzeker of · ingeroepen", "uncertain whether · invoked"),
    ("hardheidsclausule", "uitvoeringsambtenaar", "voordeel"): (
        "professionele autonomie · neemt toe · meer betekenis",
        "professional autonomy · increases · gains meaning",
    ),
    ("hardheidsclausule", "uitvoeringsambtenaar", "nadeel"): (
        "minder overzicht · ingewikkelder · grotere verantwoordelijkheid · uitzonderlijke gevallen",
        "less overview · more complex · greater responsibility · exceptional cases",
    ),
    ("hardheidsclausule", "manager", "voordeel"): (
        "wet · beleid · ruimte voor maatwerk · nodig vindt",
        "law · policy · room for maatwerk · thought necessary",
    ),
    ("hardheidsclausule", "manager", "nadeel"): (
        "processen · kosten · minder goed te beheersen",
        "processes · costs · less easy to control",
    ),
    ("hardheidsclausule", "bestuurder", "voordeel"): (
        "kleinere kans · politiek-bestuurlijke schade · hardvochtig",
        "smaller risk · political · damage · harsh",
    ),
    ("hardheidsclausule", "bestuurder", "nadeel"): (
        "kans · te veel grip · inhoud · uitvoering",
        "risk · too much grip · substance · implementers",
    ),
    ("beleidscategorieen", "burger", "voordeel"): (
        "rechtszekerheid · gezag · tot op zekere hoogte · eigen situatie",
        "legal certainty · authority · to some degree · own situation",
    ),
    ("beleidscategorieen", "burger", "nadeel"): (
        "rechtsongelijkheid · ongewenste profilering · etniciteit · toeslagenaffaire",
        "legal inequality · unwanted profiling · ethnicity · toeslagenaffaire",
    ),
    ("beleidscategorieen", "uitvoeringsambtenaar", "voordeel"): ("overzicht · eenvoud", "oversee · simpl"),
    ("beleidscategorieen", "uitvoeringsambtenaar", "nadeel"): (
        "weinig professionele autonomie · weinig betekenis",
        "little professional autonomy · little meaning",
    ),
    ("beleidscategorieen", "manager", "voordeel"): (
        "processen · kosten · beheers",
        "processes · costs · control",
    ),
    ("beleidscategorieen", "manager", "nadeel"): (
        "wetten · beleid · ingewikkeld geheel",
        "laws · policy · complex whole",
    ),
    ("beleidscategorieen", "bestuurder", "voordeel"): (
        "inhoud · duidelijk · gestuurd",
        "substance · clear · steered",
    ),
    ("beleidscategorieen", "bestuurder", "nadeel"): (
        "kans · politiek-bestuurlijke schade · geprofileerd",
        "risk · political · damage · profiled",
    ),
    ("standaardmaatwerk", "burger", "voordeel"): (
        "dienstverlening · gezag · afgestemd · eigen situatie",
        "service · authority · attuned · own situation",
    ),
    ("standaardmaatwerk", "burger", "nadeel"): (
        "minder rechtszekerheid · rechtsongelijkheid · vaak · detail · persoonlijke situatie",
        "less legal certainty · legal inequality · often · detail · personal situation",
    ),
    ("standaardmaatwerk", "uitvoeringsambtenaar", "voordeel"): (
        "professionele autonomie · groot · veel betekenis",
        "professional autonomy · great · much meaning",
    ),
    ("standaardmaatwerk", "uitvoeringsambtenaar", "nadeel"): (
        "te veel gevraagd · houvast · wind",
        "too much is asked · hold on to · exposed",
    ),
    ("standaardmaatwerk", "manager", "voordeel"): (
        "processen voor maatwerk · gestandaardiseerde",
        "processes for maatwerk · standardised",
    ),
    ("standaardmaatwerk", "manager", "nadeel"): (
        "proces · kosten · moeilijk te beheersen · kwaliteit · aantal",
        "process · costs · hard to control · considerably more · quality · numbers",
    ),
    ("standaardmaatwerk", "bestuurder", "voordeel"): (
        "kleinere kans · politiek-bestuurlijke schade · hardvochtig",
        "smaller risk · political · damage · harsh",
    ),
    ("standaardmaatwerk", "bestuurder", "nadeel"): (
        "inhoud · weinig · sturen · flinke kans · schade · verkeerde oordelen · willekeur",
        "steering · substance · limited · considerable risk · damage · misjudgement · arbitrariness",
    ),
}


def test_the_cells_below_are_all_32() -> None:
    assert set(SPEAKS_OF) == set(product(VARIANTS, PERSPECTIVES, SIDES))


@pytest.mark.parametrize("cell", SPEAKS_OF, ids="/".join)
def test_each_cell_says_what_the_essay_says(cell: tuple[str, str, Side]) -> None:
    text = framework().statement(*cell).text
    for language, speaks_of in zip(LANGUAGES, SPEAKS_OF[cell], strict=True):
        missing = [part for part in speaks_of.split(" · ") if part not in text[language].casefold()]
        assert missing == [], text[language]


def test_statements_that_two_tables_share_are_one_statement() -> None:
    shared = sorted(
        (s.perspective, s.side, *s.variants) for s in framework().statements.values() if len(s.variants) > 1
    )
    assert shared == [
        ("bestuurder", "voordeel", "hardheidsclausule", "standaardmaatwerk"),
        ("bestuurder", "voordeel", "standaardisatie", "beleidscategorieen"),
        ("manager", "voordeel", "standaardisatie", "beleidscategorieen"),
        ("uitvoeringsambtenaar", "nadeel", "standaardisatie", "beleidscategorieen"),
        ("uitvoeringsambtenaar", "voordeel", "standaardisatie", "beleidscategorieen"),
    ]
    assert len(framework().statements) == 27


def test_an_unknown_cell_is_no_statement() -> None:
    with pytest.raises(KeyError):
        framework().statement("maatwerk", "burger", "voordeel")


def test_variants_stand_where_table_5_1_has_them() -> None:
    assert [
        (v.key, v.numeral, v.group, v.person, v.own_table.cite("nl"), v.own_table_numeral)
        for v in framework().variants.values()
    ] == [
        ("standaardisatie", "I", "low", "low", "tabel 5.2", "I"),
        ("beleidscategorieen", "II", "high", "low", "tabel 5.4", "III"),
        ("hardheidsclausule", "III", "low", "high", "tabel 5.3", "II"),
        ("standaardmaatwerk", "IV", "high", "high", "tabel 5.5", "IV"),
    ]


def test_loyalties_have_their_tensions() -> None:
    assert {loyalty.key: [t.key for t in loyalty.tensions] for loyalty in framework().loyalties.values()} == {
        "burgers": ["verdeling", "proportionaliteit"],
        "rechtsstaat": ["rechtsgelijkheid", "rechtmatigheid"],
        "organisatie": ["capaciteit", "bekostiging", "collegas"],
        "beroepsgroep": ["distantie", "ervaringskennis"],
        "maatschappij": ["misbruik", "precedent", "crisis"],
    }


def test_a_tension_is_found_by_its_key_with_its_loyalty() -> None:
    tensions = framework().tensions()
    assert len(tensions) == 12
    assert all(
        tension in loyalty.tensions and tension.key == key for key, (loyalty, tension) in tensions.items()
    )


def test_dynamics_name_the_forms_and_authors_of_chapter_4() -> None:
    fw = framework()
    assert list(fw.dynamics) == ACTORS
    authors = {d.key: {author for form in d.forms for author in form.authors} for d in fw.dynamics.values()}
    assert authors == {
        "burgers": set(),
        "uitvoeringsambtenaren": {"Zacka (2017)", "Brodkin (2011)", "Crozier (1973)"},
        "managers": {"Lipsky (1980)"},
        "bestuurders": {"In ’t Veld (1989)", "Schön (1995)"},
    }
    forms = {form.key: form.authors for form in fw.dynamics["uitvoeringsambtenaren"].forms}
    assert forms == {"overleving": ("Zacka (2017)", "Brodkin (2011)"), "overconformisme": ("Crozier (1973)",)}


def test_the_first_four_considerations_stand_in_two_tables() -> None:
    cited = [[place.cite("nl") for place in c.places] for c in framework().considerations.values()]
    assert cited == [["tabel 2.1", "tabel 2.3"]] * 4 + [["tabel 2.3"]] * 4


def test_nine_practices_and_two_readings_of_one() -> None:
    practices = framework().practices
    assert list(practices) == ["duo", "cbr", "coa", "sbb", "rivm", "na", "ivho", "cjib", "cak"]
    assert {key for key, practice in practices.items() if len(practice.meanings) == 2} == {"ivho"}
    assert all(len(practice.meanings) in (1, 2) for practice in practices.values())


def test_principles_by_author() -> None:
    authors = [principle.author for principle in framework().principles.values()]
    assert {author: authors.count(author) for author in authors} == {"kruiter": 5, "meurs": 4, "ombudsman": 1}


def test_every_oddity_of_the_source_has_its_note() -> None:
    assert list(framework().source_notes) == [f"D{number}" for number in range(1, 17)]


def test_rows_cite_where_the_essay_has_them() -> None:
    fw = framework()
    for places in (fw.plane.places, *(row.places for row in fw.variants.values())):
        assert [place.cite("nl") for place in places] == ["tabel 5.1", "paragraaf 5.2"]
    assert all(
        [place.cite("nl") for place in row.places] == ["tabel 5.2", "tabel 5.3", "tabel 5.4", "tabel 5.5"]
        for row in fw.perspectives.values()
    )
    for case, practice in enumerate(fw.practices.values(), start=1):
        assert [place.cite("nl") for place in practice.places] == ["tabel 2.2", f"paragraaf 2.2.{case}"]
    for section, loyalty in enumerate(fw.loyalties.values(), start=2):
        assert [place.cite("nl") for place in loyalty.places] == ["tabel 3.1", f"paragraaf 3.{section}"]
        assert {place.cite("nl") for t in loyalty.tensions for place in t.places} == {
            f"paragraaf 3.{section}"
        }
    for section, dynamic in enumerate(fw.dynamics.values(), start=1):
        own = f"paragraaf 4.{section}"
        assert [place.cite("nl") for place in dynamic.places] == ["tabel 4.1", own, "paragraaf 4.5"]
        for form in dynamic.forms:
            assert [place.cite("nl") for place in form.places] == [own]
    for principle in fw.principles.values():
        section_2 = "2.2.8" if principle.author == "ombudsman" else "2.1"
        assert [place.cite("en") for place in principle.places] == [f"section {section_2}"]


def test_sides_are_those_of_the_tables() -> None:
    assert get_args(Side) == SIDES == ("voordeel", "nadeel")


def test_nobody_can_change_the_framework() -> None:
    fw = framework()
    with pytest.raises(TypeError):
        fw.variants["nieuw"] = fw.variants["standaardisatie"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        fw.plane.band = 50.0  # type: ignore[misc]
