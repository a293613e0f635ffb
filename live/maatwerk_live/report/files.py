"""What a facilitator takes home of a workshop: a page, a table of figures, and a notebook to look back in."""

from __future__ import annotations

from datetime import datetime

from maatwerk_live.content import report_words
from maatwerk_live.core.protocol import ReportKind
from maatwerk_live.core.record import RoomRecord
from maatwerk_live.core.session import Session
from maatwerk_live.report.replay_notebook import replay_notebook
from maatwerk_live.report.report import report_csv, report_page


def report(kind: ReportKind, session: Session, record: RoomRecord) -> str:
    """The text of one of the files, in the workshop's own language."""
    when = datetime.fromtimestamp(record.created / 1000)
    if kind == "csv":
        return report_csv(session, record.lang)
    if kind == "ipynb":
        return replay_notebook(session, record.lang, when)
    return report_page(session, record.lang, when)


def report_name(kind: ReportKind, record: RoomRecord) -> str:
    """What the file is called."""
    return f"{report_words(record.lang)['file']}-{record.code}.{kind}"
