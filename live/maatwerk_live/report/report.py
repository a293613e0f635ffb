"""What a workshop came to: one page, and one table of figures. Pure: a session in, text out.

Both hold what the board may show, no more: the hall as a whole, from five people on, and the arguments that
the facilitator let through.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from math import floor

from maatwerk import Language, framework
from maatwerk.model import Plane

from maatwerk_live.content import STATIC, label, live_words, report_words
from maatwerk_live.core import view
from maatwerk_live.core.aggregate import AT_LEAST, BETWEEN, Movement, Point, RoleView, Summary, Weighing
from maatwerk_live.core.protocol import Argument, Picture
from maatwerk_live.core.session import Round, Session

STYLE = STATIC / "report.css"
# The picture joins places that lie this close, in points: a circle a cell, as large as its people are many.
CELL = 10
SIDE = 400
# A change smaller than this, in points, is none to the eye.
STILL = 2

Rows = Iterable[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Told:
    """One round, as the hall saw it."""

    number: int
    turn: int
    round: Round
    people: tuple[int, int]
    picture: Picture
    places: tuple[Point, ...]
    arguments: tuple[Argument, ...]


def rounds_of(session: Session) -> tuple[Told, ...]:
    """Each round that counts, the first one first."""
    stage = session.stage
    told = []
    for number, current in enumerate(stage.rounds, start=1):
        then = replace(session, stage=replace(stage, rounds=stage.rounds[:number]))
        picture = view.picture(then)
        places = tuple(session.shown_of(current).places.values())
        arguments = sorted(view.board_arguments(then), key=lambda one: -one.votes)
        turn = len(session.turns(current))
        people = then.answered_in(current)
        told.append(Told(number, turn, current, people, picture, places, tuple(arguments)))
    return tuple(told)


def round_heading(told: Told, lang: Language) -> str:
    """What a round is called."""
    key = "round_again" if told.turn > 1 else "round"
    said = live_words(lang)[key].format(number=told.number, turn=told.turn)
    return f"{said}. {told.round.case.title[lang]}"


# --- The page ------------------------------------------------------------------------------------------


def report_page(session: Session, lang: Language, when: datetime) -> str:
    """One self-contained page: no address to fetch from, and a table beside every picture.

    Parameters
    ----------
    session : Session
        The workshop.
    lang : {"nl", "en"}
        In which language.
    when : datetime
        When it was held.
    """
    page = _Page(lang)
    return page.whole(session, when)


class _Page:
    def __init__(self, lang: Language) -> None:
        self.lang = lang
        self.words = report_words(lang)
        self.live = live_words(lang)

    def whole(self, session: Session, when: datetime) -> str:
        told = rounds_of(session)
        title = escape(self.words["title"])
        held = self.words["held"].format(date=when.strftime("%d-%m-%Y"), people=session.people)
        links = "".join(
            f'<li><a href="#r{one.number}">{escape(round_heading(one, self.lang))}</a></li>' for one in told
        )
        rounds = "".join(map(self._round, told)) or f"<p>{escape(self.words['none'])}</p>"
        contents = f"<nav><h2>{escape(self.words['contents'])}</h2><ol>{links}</ol></nav>" if told else ""
        return (
            f'<!doctype html>\n<html lang="{self.lang}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{title}</title><style>{STYLE.read_text(encoding='utf-8')}</style></head>"
            f"<body><main><h1>{title}</h1><p>{escape(held)}</p>"
            f"<p>{escape(self.words['privacy'].format(least=AT_LEAST))}</p>{contents}{rounds}"
            "</main></body></html>\n"
        )

    def _round(self, told: Told) -> str:
        case, picture = told.round.case, told.picture
        asks = ", ".join(self.live[f"ask_{ask}"] for ask in told.round.asks)
        parts = [
            f'<section id="r{told.number}"><h2>{escape(round_heading(told, self.lang))}</h2>',
            f"<p>{escape(case.question[self.lang])}</p>" if case.question[self.lang] else "",
            f"<p>{escape(self.words['asked'].format(asks=asks))}</p>",
        ]
        if {"place", "weigh"} & set(told.round.asks) and not (picture.summary or picture.weighing):
            parts.append(f"<p>{escape(self.words['few'].format(least=AT_LEAST))}</p>")
        if picture.summary:
            parts.append(self._places(told, picture.summary))
        if picture.movement:
            parts.append(f"<h3>{escape(self.live['movement'])}</h3>")
            parts += [f"<p>{escape(said)}</p>" for said in self._moved(picture.movement)]
        if picture.roles:
            parts.append(self._roles(picture.roles))
        if picture.weighing:
            parts.append(self._weighing(picture.weighing))
        if told.arguments:
            parts.append(self._arguments(told.arguments))
        return "".join([*parts, "</section>"])

    def _places(self, told: Told, summary: Summary) -> str:
        names = _variant_names(self.lang, self.live["between"])
        rows = [
            (names[key], str(people), f"{people / summary.people:.0%}")
            for key, people in summary.variants.items()
        ]
        centre = self.live["centre"].format(
            person=whole(summary.person), group=whole(summary.group), spread=whole(summary.spread)
        )
        drawn = plane_picture(told.places, summary, self.words["plane_alt"], self.lang)
        table = self._table("plane", ("variant", "people", "part"), rows)
        return f'<div class="pair"><figure>{drawn}</figure><div>{table}<p>{escape(centre)}</p></div></div>'

    def _moved(self, movement: Movement) -> Iterator[str]:
        live = self.live
        if movement.moved:
            yield live["moved"].format(moved=movement.moved, people=movement.people, crossed=movement.crossed)
        else:
            yield live["moved_none"]
        ways = [
            live[f"way_{axis}_{'up' if by > 0 else 'down'}"].format(points=whole(abs(by)))
            for axis, by in (("person", movement.person), ("group", movement.group))
            if abs(by) >= STILL
        ]
        yield live["way"].format(ways=f" {live['and']} ".join(ways)) if ways else live["way_none"]
        change = movement.spread_after - movement.spread_before
        key = "spread_same" if abs(change) < STILL else "spread_less" if change < 0 else "spread_more"
        yield live[key].format(before=whole(movement.spread_before), after=whole(movement.spread_after))

    def _roles(self, roles: Sequence[RoleView]) -> str:
        names = {key: label(name) for key, name in _variant_names(self.lang, self.live["between"]).items()}
        rows = [
            (
                label(framework().perspectives[one.role].name[self.lang]),
                str(one.summary.people),
                names[max(one.summary.variants, key=lambda key: one.summary.variants[key])],
                str(whole(one.summary.person)),
                str(whole(one.summary.group)),
                str(whole(one.summary.spread)),
            )
            for one in roles
        ]
        heads = ("chair", "people", "most", "centre_person", "centre_group", "spread")
        return _table(self.live["roles"], [self.words[head] for head in heads], rows)

    def _weighing(self, weighing: Weighing) -> str:
        loyalties, live = framework().loyalties, self.live
        heads = [live["loyalty"], live["mean"], self.words["half"]]
        rows = [
            (
                loyalties[key].short[self.lang],
                str(whole(share.mean)),
                self.words["low_high"].format(low=whole(share.low), high=whole(share.high)),
            )
            for key, share in weighing.loyalties.items()
        ]
        pull = weighing.tension
        first, second = (loyalties[key] for key in (pull.first, pull.second))
        names = {"first": first.short[self.lang], "second": second.short[self.lang]}
        leaning = live["leaning"].format(
            **names, to_first=pull.to_first, to_second=pull.to_second, even=pull.even
        )
        drawn = bars_picture(
            {loyalties[key].short[self.lang]: share.mean for key, share in weighing.loyalties.items()}
        )
        return (
            f'<div class="pair"><figure>{drawn}</figure>{_table(self.words["weighing"], heads, rows)}</div>'
            f"<h3>{escape(live['tension'].format(**names))}</h3><ul>"
            f"<li>{escape(first.dilemma[self.lang])}</li><li>{escape(second.dilemma[self.lang])}</li></ul>"
            f"<p>{escape(leaning)}</p>"
        )

    def _arguments(self, arguments: Sequence[Argument]) -> str:
        rows = [(one.text, self.live[f"side_{one.side}"], str(one.votes)) for one in arguments]
        heads = [self.words[key] for key in ("argument", "side", "votes")]
        return _table(self.live["arguments"], heads, rows)

    def _table(self, caption: str, heads: Sequence[str], rows: Rows) -> str:
        return _table(self.words[caption], [self.words[head] for head in heads], rows)


def _variant_names(lang: Language, between: str) -> Mapping[str, str]:
    return {key: one.name[lang] for key, one in framework().variants.items()} | {BETWEEN: between}


def _table(caption: str, heads: Sequence[str], rows: Rows) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def whole(number: float) -> int:
    """The nearest whole number, a half upwards: as the board rounds, so that both say the same."""
    return floor(number + 0.5)


def plane_picture(places: Iterable[Point], summary: Summary, described: str, lang: Language) -> str:
    """The plane with a circle for each cell of :data:`CELL` points; its centre is a cross."""
    plane = framework().plane
    scale = SIDE / (plane.maximum - plane.minimum)
    cells = Counter((_cell(person, plane), _cell(group, plane)) for person, group in places)
    most = max(cells.values(), default=1)
    low, high = ((plane.border + sign * plane.band) * scale for sign in (-1, 1))
    parts = [
        f'<rect class="ground" width="{SIDE}" height="{SIDE}"/>',
        f'<path class="band" d="M{low:.1f} 0H{high:.1f}V{SIDE}H{low:.1f}Z'
        f'M0 {low:.1f}H{SIDE}V{high:.1f}H0Z"/>',
    ]
    for (person, group), people in sorted(cells.items()):
        radius = 0.5 * CELL * scale * (people / most) ** 0.5
        parts.append(
            f'<circle cx="{group * scale:.1f}" cy="{SIDE - person * scale:.1f}" r="{max(3.0, radius):.1f}"/>'
        )
    for variant in framework().variants.values():
        right, up = variant.group == "high", variant.person == "high"
        anchor = "end" if right else "start"
        parts.append(
            # Around the plane: no name lies over a circle.
            f'<text x="{SIDE if right else 0}" y="{-7 if up else SIDE + 17}" '
            f'text-anchor="{anchor}">{escape(label(variant.name[lang]))}</text>'
        )
    parts.append(f'<text x="0" y="{SIDE + 38}">{escape(plane.group.name[lang])} →</text>')
    parts.append(
        f'<text transform="translate(-8 {SIDE}) rotate(-90)">{escape(plane.person.name[lang])} →</text>'
    )
    x, y = summary.group * scale, SIDE - summary.person * scale
    parts.append(f'<path class="centre" d="M{x - 12:.1f} {y:.1f}h24M{x:.1f} {y - 12:.1f}v24"/>')
    return (
        f'<svg viewBox="-24 -22 {SIDE + 26} {SIDE + 66}" role="img" aria-label="{escape(described)}">'
        f"{''.join(parts)}</svg>"
    )


def _cell(points: float, plane: Plane) -> float:
    """The middle of the cell that it lies in."""
    cells = (plane.maximum - plane.minimum) / CELL
    return plane.minimum + CELL * (min(cells - 1, (points - plane.minimum) // CELL) + 0.5)


def bars_picture(means: Mapping[str, float]) -> str:
    """A bar for each loyalty. The table beside it says the same, so that it needs no words of its own."""
    parts = [
        f'<text x="0" y="{40 * n + 16}">{escape(name)}</text>'
        f'<rect x="0" y="{40 * n + 22}" width="{4 * mean:.0f}" height="12"/>'
        for n, (name, mean) in enumerate(means.items())
    ]
    return f'<svg viewBox="0 0 400 {40 * len(means)}" aria-hidden="true">{"".join(parts)}</svg>'


# --- The figures ---------------------------------------------------------------------------------------


def report_csv(session: Session, lang: Language) -> str:
    """The same figures as a table: one figure a row, per round and group, never per person."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("round", "turn", "case", "measure", "group", "value"))
    for told in rounds_of(session):
        case = _harmless(told.round.case.title[lang])
        for measure, group, value in _figures(told):
            writer.writerow((told.number, told.turn, case, measure, group, f"{value:g}"))
    return out.getvalue()


def _figures(told: Told) -> Iterator[tuple[str, str, float]]:
    placed, weighed = told.people
    picture = told.picture
    yield "placed", "", placed
    yield "weighed", "", weighed
    if picture.summary:
        yield from _summary(picture.summary, "")
    for one in picture.roles:
        yield from _summary(one.summary, one.role)
    if picture.movement:
        for name in ("people", "moved", "crossed", "person", "group", "distance"):
            yield f"movement_{name}", "", round(getattr(picture.movement, name), 1)
    if picture.weighing:
        for key, share in picture.weighing.loyalties.items():
            for name in ("mean", "low", "median", "high"):
                yield f"points_{name}", key, round(getattr(share, name), 1)
    for side in ("voor", "tegen"):
        theirs = [one for one in told.arguments if one.side == side]
        yield "arguments", side, len(theirs)
        yield "votes", side, sum(one.votes for one in theirs)


def _summary(summary: Summary, group: str) -> Iterator[tuple[str, str, float]]:
    for name in ("people", "person", "group", "spread"):
        yield name, group, round(getattr(summary, name), 1)
    for key, people in summary.variants.items():
        yield f"in_{key}", group, people


def _harmless(text: str) -> str:
    """A spreadsheet takes some first characters for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
