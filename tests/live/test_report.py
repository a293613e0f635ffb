"""The report: what the board may show and no more, readable without pictures, and nothing in it runs."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from pathlib import Path

import pytest
from maatwerk import LANGUAGES, Language, framework
from maatwerk_app.cli import main
from maatwerk_live.core.protocol import Case, Join
from maatwerk_live.core.session import Event, Session, evolve
from maatwerk_live.report.report import report_csv, report_page
from maatwerk_live.server.store import Store

from tests.live.workshops import SCOOTER, SCRIPT, held

WHEN = datetime(2026, 11, 24)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_all_in_tables_and_needs_nothing_else(lang: Language) -> None:
    page = report_page(evolve(Session(), held(6)), lang, WHEN)
    names = [variant.name[lang] for variant in framework().variants.values()]
    assert all(name in page for name in names)
    assert page.count("<table>") == 6, "places twice, chairs, loyalties and arguments"
    assert not re.findall(r"(?:src|href)=\"(?!#)", page) and "url(" not in page
    assert "<script" not in page and SCRIPT not in page and "&lt;img" in page
    assert "nog niet gelezen" not in page and "weg ermee" not in page
    assert SCOOTER.title[lang] in page and f'lang="{lang}"' in page


def test_with_four_people_there_is_no_picture_and_no_figure_of_a_group() -> None:
    session = evolve(Session(), held(4))
    page = report_page(session, "nl", WHEN)
    assert "<svg" not in page and "Minder dan 5 mensen" in page
    measures = {row["measure"] for row in csv.DictReader(io.StringIO(report_csv(session, "nl")))}
    assert measures == {"placed", "weighed", "arguments", "votes"}


def test_the_figures_are_per_round_and_group_and_never_per_person() -> None:
    rows = list(csv.DictReader(io.StringIO(report_csv(evolve(Session(), held(6)), "nl"))))
    value = {(row["round"], row["measure"], row["group"]): float(row["value"]) for row in rows}
    assert len(value) == len(rows)
    assert value["1", "in_hardheidsclausule", ""] == 6
    assert value["1", "people", "burger"] == 6
    assert value["2", "movement_crossed", ""] == 6 and value["2", "movement_person", ""] == -60
    assert value["2", "points_mean", "burgers"] == 60
    assert value["2", "arguments", "voor"] == 1 and value["2", "votes", "voor"] == 1


def test_a_typed_title_is_no_formula() -> None:
    both: dict[Language, str] = {"nl": "=1+1", "en": "=1+1"}
    nothing: dict[Language, str] = {"nl": "", "en": ""}
    case = Case("eigen-1", both, nothing, nothing, nothing)
    rows = csv.DictReader(io.StringIO(report_csv(evolve(Session(), held(5, case)), "nl")))
    assert {row["case"] for row in rows} == {"'=1+1"}


def test_the_command_writes_all_files_for_the_last_workshop_or_one_by_its_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "workshops.db"
    assert main(["live", "report", "--data", str(data)]) == 2
    assert "--code" in capsys.readouterr().err
    store = Store(data)
    first, last = store.create("nl", 0), store.create("en", 1)
    store.keep(first.id, held(6))
    assert main(["live", "report", "--data", str(data), "--code", first.code, "--to", str(tmp_path)]) == 0
    store.keep(last.id, [Event(2, 1, Join(b"1"))])
    assert main(["live", "report", "--data", str(data), "--to", str(tmp_path / "new")]) == 0
    store.close()
    assert "Beleidscategorieën" in (tmp_path / f"verslag-{first.code}.html").read_text(encoding="utf-8")
    assert {file.suffix for file in tmp_path.glob(f"verslag-{first.code}.*")} == {".html", ".csv", ".ipynb"}
    assert "no round" in (tmp_path / "new" / f"report-{last.code}.html").read_text(encoding="utf-8")
