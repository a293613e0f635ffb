"""The report as one page: no address to fetch from, a table beside every picture, both languages."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import fmean, median

import plotly.graph_objects as go
from maatwerk import Framework, Language
from maatwerk.loader import read_texts
from maatwerk_exercises.assignments import Assignment, closed_cell_name
from plotly.offline import get_plotlyjs

from maatwerk_grading.bridge import number
from maatwerk_grading.report.measures import Agreement, ItemMeasures, agreement, cronbach, item_measures
from maatwerk_grading.report.source import SMALLEST_GROUP, Choices, Copies, Marks

TEXTS = read_texts(Path(__file__).parent / "report_texts.toml")
CRITERIA = read_texts(Path(__file__).parents[1] / "bridge_texts.toml")
STYLE = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")

BLUE = "#0072B2"
_BINS = 10
# More pairs of learners with texts that are alike would be a page that nobody reads.
MOST_PAIRS = 200

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page. ``body`` is HTML."""

    key: str
    title: str
    body: str


def report_page(
    marks: Marks,
    choices: Iterable[Choices],
    second: Mapping[tuple[str, str], float] | None,
    assignment: Assignment | None,
    framework: Framework,
    lang: Language,
    now: datetime,
    copies: Copies | None = None,
) -> str:
    """The whole page.

    Parameters
    ----------
    marks, choices
        What was read.
    second : mapping, optional
        What a second marker gave, by learner and cell.
    assignment : Assignment, optional
        Gives the parts their names; without it (an instructor's own assignment) they keep the gradebook's.
    now : datetime
        When it was made.
    copies : Copies, optional
        Whose answers are alike; nothing is said about it when nobody looked.
    """
    words = _Words(lang)
    sections = [
        _todo(marks, words),
        _scores(marks, words),
        _criteria(marks, assignment, words),
        _reliability(marks, words),
        _markers(marks, second, words),
        *([] if copies is None else [_copies(copies, assignment, words)]),
        *(_group(one, assignment, framework, words) for one in choices),
    ]
    title = words("title", assignment=assignment.title[lang] if assignment else marks.assignment)
    links = "".join(f'<li><a href="#{one.key}">{html.escape(one.title)}</a></li>' for one in sections)
    bodies = "".join(_section(one) for one in sections)
    made = words("made", date=f"{now:%Y-%m-%d %H:%M}")
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style>"
        f"{_plotly_script()}</head>"
        f"<body><main><h1>{html.escape(title)}</h1><p>{html.escape(made)}</p>"
        f'<nav aria-label="{html.escape(words("contents"))}"><ul>{links}</ul></nav>'
        f"{bodies}</main></body></html>"
    )


def _section(section: Section) -> str:
    head = f'<h2 id="{section.key}">{html.escape(section.title)}</h2>'
    return f'<section aria-labelledby="{section.key}">{head}{section.body}</section>'


class _Words:
    """The report's words in one language."""

    def __init__(self, lang: Language) -> None:
        self.lang = lang

    def __call__(self, key: str, **values: object) -> str:
        return TEXTS[key][self.lang].format(**values)

    def number(self, value: float | None) -> str:
        # Adding nothing after rounding: there is no zero below zero.
        return self("unknown") if value is None else number(round(value, 2) + 0.0, self.lang)


def _todo(marks: Marks, words: _Words) -> Section:
    body = _p(words("todo_some" if marks.waiting else "todo_none"))
    if marks.waiting:
        rows = [(student, str(count)) for student, count in marks.waiting.items()]
        body += _table(words("waiting"), (words("learner"), words("cells_left")), rows)
    if marks.refused:
        body += _p(words("refused_said", n=len(marks.refused), assignment=marks.assignment))
        body += _list(words("refused"), marks.refused)
    return Section("todo", words("todo"), body)


def _scores(marks: Marks, words: _Words) -> Section:
    totals, maximum, said = _totals(marks, words)
    if not totals:
        return Section("scores", words("scores"), _p(words("scores_none")))
    ranges = _bins(totals, maximum)
    rows = [(f"{words.number(low)} – {words.number(high)}", str(count)) for low, high, count in ranges]
    figure = go.Figure(
        go.Bar(x=[row[0] for row in rows], y=[count for *_, count in ranges], marker_color=BLUE)
    )
    figure.update_layout(xaxis_title=words("points"), yaxis_title=words("submissions"))
    # Half a submission is no place on the axis.
    figure.update_yaxes(dtick=max(1, -(-max(count for *_, count in ranges) // 5)))
    picture = words("scores_picture")
    table = _table(picture, (words("range"), words("submissions")), rows)
    body = _p(said) + _figure(figure, picture) + table + _late(marks, words)
    return Section("scores", words("scores"), body)


def _totals(marks: Marks, words: _Words) -> tuple[list[float], float, str]:
    """The totals to show, their maximum, and what is said about them.

    As long as nobody's texts are all marked, those are what the computer gave: a text without a mark is no
    zero.
    """
    final = list(marks.final.values())
    if final or not marks.scores:
        totals, maximum = final, sum(marks.automatic.values()) + sum(marks.manual.values())
        key = "scores_final" if len(final) < len(marks.scores) else "scores_all"
    else:
        totals = [
            sum(points for cell, points in given.items() if cell in marks.automatic)
            for given in marks.scores.values()
        ]
        maximum, key = sum(marks.automatic.values()), "scores_automatic"
    if not totals or maximum <= 0:
        return [], maximum, ""
    said = words(
        "scores_said",
        mean=words.number(fmean(totals)),
        median=words.number(median(totals)),
        low=words.number(min(totals)),
        high=words.number(max(totals)),
        maximum=words.number(maximum),
    )
    return totals, maximum, f"{words(key, n=len(totals), all=len(marks.scores))} {said}"


def _late(marks: Marks, words: _Words) -> str:
    """Who handed in late, and what that costs; nothing when that costs nobody anything."""
    costs = {student: cost for student, cost in marks.penalties.items() if student in marks.scores}
    if not costs:
        return ""
    rows = []
    for student, cost in costs.items():
        before = sum(marks.scores[student].values())
        rows.append((student, *map(words.number, (before, cost, max(0.0, before - cost)))))
    head = (words("learner"), words("late_before"), words("late_cost"), words("late_after"))
    return _p(words("late_said", n=len(costs))) + _table(words("late"), head, rows)


def _bins(totals: Sequence[float], maximum: float) -> list[tuple[float, float, int]]:
    """How many totals lie in each tenth of the scale; the highest score belongs to the last."""
    width = maximum / _BINS
    counts = [0] * _BINS
    for total in totals:
        counts[min(_BINS - 1, int(total / width))] += 1
    return [(width * i, width * (i + 1), count) for i, count in enumerate(counts)]


def measures_of(marks: Marks) -> tuple[ItemMeasures, ...]:
    """The measures of every part, over the submissions that were graded."""
    return item_measures(marks.scores, {**marks.automatic, **marks.manual}, marks.automatic)


def _criteria(marks: Marks, assignment: Assignment | None, words: _Words) -> Section:
    measures = measures_of(marks)
    names = part_names(assignment, words.lang)
    rows = [
        (
            names.get(one.name, one.name),
            words.number(one.maximum),
            str(one.n),
            words.number(one.p_value),
            words.number(one.item_rest),
        )
        for one in measures
    ]
    head = (words("part"), words("maximum"), words("marked"), words("p_value"), words("item_rest"))
    picture = words("criteria_picture")
    figure = go.Figure(
        go.Bar(
            y=[row[0] for row in rows][::-1],
            x=[one.p_value for one in measures][::-1],
            orientation="h",
            marker_color=BLUE,
        )
    )
    figure.update_layout(
        xaxis={"range": [0, 1], "title": words("p_value")}, height=140 + 28 * max(1, len(rows))
    )
    body = _p(words("criteria_said")) + _figure(figure, picture) + _table(picture, head, rows)
    return Section("criteria", words("criteria"), body)


def part_names(assignment: Assignment | None, lang: Language) -> Mapping[str, str]:
    """What the cells of an assignment are called, by their name in the gradebook."""
    if assignment is None:
        return {}
    return (
        {
            f"{exercise.key}-{part}": f"{exercise.title[lang]}: {CRITERIA[f'criterion_{part}'][lang]}"
            for exercise in assignment.dilemmas
            for part in exercise.points
        }
        | {
            f"{exercise.key}-{exercise.manual}": f"{exercise.title[lang]}: {CRITERIA['justification'][lang]}"
            for exercise in assignment.dilemmas
        }
        | {
            closed_cell_name(quiz, item): CRITERIA["closed_part"][lang].format(
                title=quiz.title[lang], number=number
            )
            for quiz in assignment.closed
            for number, item in enumerate(quiz.items, 1)
        }
    )


def _reliability(marks: Marks, words: _Words) -> Section:
    found = cronbach(marks.scores, marks.automatic)
    said = (
        words("alpha_none")
        if found is None
        else words(
            "alpha",
            alpha=words.number(found.alpha),
            low=words.number(found.low),
            high=words.number(found.high),
            n=found.n,
            items=found.items,
        )
    )
    return Section("reliability", words("reliability"), _p(said))


def _markers(marks: Marks, second: Mapping[tuple[str, str], float] | None, words: _Words) -> Section:
    if second is None:
        return Section("markers", words("markers"), _p(words("markers_none")))
    found = compare_markers(marks, second)
    said = [words("markers_n", n=found.n)]
    if found.n < len(second):
        said.append(words("markers_alone", n=len(second) - found.n))
    for name, value in (("krippendorff", found.krippendorff), ("kappa", found.kappa)):
        said.append(words(f"{name}_none") if value is None else words(name, value=words.number(value)))
    if found.krippendorff is not None:
        said.append(words("markers_advice"))
    return Section("markers", words("markers"), _p(" ".join(said)))


def compare_markers(marks: Marks, second: Mapping[tuple[str, str], float]) -> Agreement:
    """How far the second marker agrees with the gradebook, over the texts that both marked.

    Nobody else's mark is compared: a text that only one of them marked says nothing about agreement.
    """
    both = [
        (marks.scores[student][cell], points)
        for (student, cell), points in sorted(second.items())
        if cell in marks.manual and cell in marks.scores.get(student, {})
    ]
    return agreement([one for one, _ in both], [other for _, other in both])


def _copies(copies: Copies, assignment: Assignment | None, words: _Words) -> Section:
    body = _p(words("copies_said" if copies.same or copies.alike else "copies_none"))
    if copies.same:
        body += _table(words("copies_same"), (words("learner"), words("copies_first")), copies.same)
    if copies.alike:
        titles = {one.key: one.title[words.lang] for one in assignment.dilemmas} if assignment else {}
        rows = [
            (
                one.student,
                one.other,
                f"{100 * one.similarity:.0f} %",
                ", ".join(_place_of_text(place, titles, words.lang) for place in one.places),
            )
            for one in copies.alike[:MOST_PAIRS]
        ]
        head = (words("learner"), words("copies_other"), words("copies_how"), words("copies_where"))
        body += _table(words("copies_alike"), head, rows)
        if len(copies.alike) > MOST_PAIRS:
            body += _p(words("copies_more", n=len(copies.alike) - MOST_PAIRS))
    return Section("copies", words("copies"), body)


def _place_of_text(place: str, titles: Mapping[str, str], lang: Language) -> str:
    exercise, _, field = place.partition("/")
    name = CRITERIA[field][lang] if field in CRITERIA else field
    return f"{titles.get(exercise, exercise)}: {name}"


def _group(choices: Choices, assignment: Assignment | None, framework: Framework, words: _Words) -> Section:
    titles = {one.key: one.title[words.lang] for one in assignment.dilemmas} if assignment else {}
    title = words("group", exercise=titles.get(choices.exercise, choices.exercise))
    parts = [
        _placements(choices, framework, words) if choices.placements else "",
        _weights(choices, framework, words) if choices.weights else "",
    ]
    body = "".join(parts) or _p(words("group_small", smallest=SMALLEST_GROUP))
    return Section(f"group-{choices.exercise}", title, body)


def _placements(choices: Choices, framework: Framework, words: _Words) -> str:
    plane, lang = framework.plane, words.lang
    persons = [place.person for place in choices.placements]
    groups = [place.group for place in choices.placements]
    names = {"person_name": plane.person.name[lang].lower(), "group_name": plane.group.name[lang].lower()}
    said = words(
        "plane_said",
        n=len(choices.placements),
        person=words.number(fmean(persons)),
        group=words.number(fmean(groups)),
        **names,
    )
    figure = go.Figure(
        go.Scatter(
            x=groups,
            y=persons,
            mode="markers",
            marker={"color": BLUE, "size": 12, "opacity": 0.6, "line": {"color": "#000", "width": 1}},
        )
    )
    axis = {"range": [plane.minimum, plane.maximum]}
    figure.update_layout(
        xaxis={**axis, "title": plane.group.name[lang]}, yaxis={**axis, "title": plane.person.name[lang]}
    )
    figure.add_vline(plane.border, line={"dash": "dot", "color": "#555"})
    figure.add_hline(plane.border, line={"dash": "dot", "color": "#555"})
    counts = dict.fromkeys(framework.variants, 0)
    between = 0
    for place in choices.placements:
        variants = place.variants(framework)
        if len(variants) == 1:
            counts[variants[0].key] += 1
        else:
            between += 1
    rows = [(framework.variants[key].name[lang], str(count)) for key, count in counts.items()]
    picture = words("plane_picture")
    table = _table(picture, (words("variant"), words("people")), [*rows, (words("between"), str(between))])
    return _p(said) + _figure(figure, picture) + table


def _weights(choices: Choices, framework: Framework, words: _Words) -> str:
    by_loyalty = {
        loyalty.short[words.lang]: [weights.get(key, 0) for weights in choices.weights]
        for key, loyalty in framework.loyalties.items()
    }
    figure = go.Figure(
        go.Bar(
            x=[fmean(given) for given in by_loyalty.values()][::-1],
            y=list(by_loyalty)[::-1],
            orientation="h",
            marker_color=BLUE,
        )
    )
    figure.update_layout(xaxis={"range": [0, 100], "title": words("points")})
    rows = [
        (name, words.number(fmean(given)), str(min(given)), str(max(given)))
        for name, given in by_loyalty.items()
    ]
    picture = words("weights_picture")
    head = (words("loyalty"), words("mean"), words("lowest"), words("highest"))
    said = words("weights_said", n=len(choices.weights))
    return _p(said) + _figure(figure, picture) + _table(picture, head, rows)


def _p(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _list(label: str, texts: Iterable[str]) -> str:
    items = "".join(f"<li>{html.escape(text)}</li>" for text in texts)
    return f'<ul class="names" aria-label="{html.escape(label)}">{items}</ul>'


def _table(caption: str, head: Sequence[str], rows: Rows) -> str:
    heads = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{html.escape(first)}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return (
        # Reachable by Tab, so that a wide table can be scrolled by keyboard.
        f'<div class="table" role="region" tabindex="0" aria-label="{html.escape(caption)}">'
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _figure(figure: go.Figure, caption: str) -> str:
    """A picture that does not move; the table after it says the same to who cannot see it."""
    figure.update_layout(
        template="none",
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        font={"size": 14, "color": "#111"},
        paper_bgcolor="#fff",
        plot_bgcolor="#fff",
    )
    figure.update_xaxes(automargin=True, fixedrange=True)
    figure.update_yaxes(automargin=True, fixedrange=True)
    drawn = figure.to_html(
        full_html=False, include_plotlyjs=False, config={"staticPlot": True, "responsive": True}
    )
    return f'<figure aria-hidden="true">{drawn}<figcaption>{html.escape(caption)}</figcaption></figure>'


def _plotly_script() -> str:
    return f"<script>{get_plotlyjs()}</script>"
