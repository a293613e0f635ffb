"""A portfolio as HTML: a part of a page for the notebook, or a whole page of its own. Pure.

The page needs nothing from elsewhere, and no script: it opens on any computer, with or without a network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape

from maatwerk import Framework, Language, Placement

from maatwerk_widgets.compare import joined
from maatwerk_widgets.feedback import number
from maatwerk_widgets.looks import looks
from maatwerk_widgets.overview import COURSE_TEXTS
from maatwerk_widgets.pictures import Mark, Shape, mark_svg, plane_svg, profile_svg
from maatwerk_widgets.portfolio import Part, Placed, Portfolio, Weights, Written, mean_weights
from maatwerk_widgets.profile_picture import profile_lines
from maatwerk_widgets.words import words

STYLE = looks("portfolio.css")
# Nothing may be fetched and nothing may run, whatever somebody wrote.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
TALK = ("talk_shift", "talk_light", "talk_keep")

Words = Mapping[str, str]


def portfolio_document(portfolio: Portfolio, fw: Framework, lang: Language, saved: date, version: str) -> str:
    """The portfolio as a whole page.

    Parameters
    ----------
    portfolio : Portfolio
        What to show.
    fw : Framework
        The tables.
    lang : {"nl", "en"}
        The language of all words.
    saved : date
        On which day.
    version : str
        Of the course.
    """
    word = words("portfolio", lang, COURSE_TEXTS)
    month = word["months"].split()[saved.month - 1]
    saved_on = word["saved_on"].format(day=saved.day, month=month, year=saved.year, version=version)
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="maatwerk {escape(version)}">\n'
        f"<title>{escape(word['title'])} · {escape(word['course'])}</title>\n"
        f'<style>\n{STYLE}</style>\n</head>\n<body class="mw mwm-page">\n'
        f'<main class="mw-portfolio mw">\n<header>\n<p class="mwm-course">{escape(word["course"])}</p>\n'
        f"<h1>{escape(word['title'])}</h1>\n<p>{escape(saved_on)}</p>\n"
        f"<p>{escape(word['private'])}</p>\n</header>\n"
        f"{portfolio_html(portfolio, fw, lang)}\n</main>\n</body>\n</html>\n"
    )


def portfolio_html(portfolio: Portfolio, fw: Framework, lang: Language) -> str:
    """The portfolio as a part of a page, from headings of the second level down."""
    word = words("portfolio", lang, COURSE_TEXTS)
    parts = (*portfolio.chapters, *portfolio.cases)
    divisions = [(part.title, label, weights) for part in parts for label, weights in part.weights]
    profiles = [part for part in parts if part.profiles]
    return "\n".join(
        [
            f"<p>{escape(word['intro'])}</p>",
            _section(
                word,
                "places",
                [_chapter_plane(part, fw, lang) for part in portfolio.chapters if part.placed],
            ),
            _section(word, "cases", _cases_plane(portfolio.cases, fw, lang)),
            _section(word, "weights", _weights(divisions, fw, lang)),
            _section(word, "profile", [_profile(part, fw, lang) for part in profiles]),
            _section(word, "words", [_written(part) for part in parts if part.written]),
            f"<section><h2>{escape(word['talk'])}</h2><p>{escape(word['talk_intro'])}</p>"
            f"<ol>{''.join(f'<li>{escape(word[key])}</li>' for key in TALK)}</ol></section>",
        ]
    )


def _section(word: Words, key: str, blocks: list[str]) -> str:
    title = f"<h2>{escape(word[key])}</h2>"
    if not blocks:
        return f"<section>{title}<p>{escape(word['empty'].format(what=word[f'{key}_none']))}</p></section>"
    intro = f"<p>{escape(word[f'{key}_intro'])}</p>" if f"{key}_intro" in word else ""
    return f'<section>{title}{intro}<div class="mwm-{key}">{"".join(blocks)}</div></section>'


def _chapter_plane(part: Part, fw: Framework, lang: Language) -> str:
    shapes: dict[str, Shape] = {"before": "diamond", "after": "dot"}
    between = [one.name for one in part.placed if one.name not in shapes]
    marks = [
        Mark(one.placement, shapes[one.name])
        if one.name in shapes
        else Mark(one.placement, "square", str(between.index(one.name) + 1) if len(between) > 1 else "")
        for one in part.placed
    ]
    rows = [
        (f"{mark_svg(mark.shape)}{escape(mark.number)}", one)
        for mark, one in zip(marks, part.placed, strict=True)
    ]
    # The two that matter most lie on top.
    drawn = sorted(marks, key=lambda mark: mark.shape != "square")
    return _plane(part.title, drawn, rows, fw, lang)


def _cases_plane(cases: Iterable[Part], fw: Framework, lang: Language) -> list[str]:
    placed = [one for case in cases for one in case.placed]
    if not placed:
        return []
    marks = [Mark(one.placement, "ring", str(n)) for n, one in enumerate(placed, start=1)]
    rows = [(f"<b>{n}.</b>", one) for n, one in enumerate(placed, start=1)]
    return [_plane("", marks, rows, fw, lang)]


def _plane(
    title: str, marks: list[Mark], rows: list[tuple[str, Placed]], fw: Framework, lang: Language
) -> str:
    word = words("portfolio", lang, COURSE_TEXTS)
    items = "".join(
        f'<li><span class="mwm-sign">{sign}</span><span>'
        + escape(
            word["place"].format(
                label=one.label,
                person=number(one.placement.person, lang),
                group=number(one.placement.group, lang),
                variants=_variants(one.placement, fw, lang),
            )
        )
        + "</span></li>"
        for sign, one in rows
    )
    heading = f"<h3>{escape(title)}</h3>" if title else ""
    said = f'<ul class="mwm-places-list">{items}</ul>'
    return f'<div class="mwm-plane">{heading}{plane_svg(marks, fw, lang)}{said}</div>'


def _variants(placement: Placement, fw: Framework, lang: Language) -> str:
    names = [variant.name[lang] for variant in placement.variants(fw)]
    if len(names) == 1:
        return names[0]
    word = words("portfolio", lang, COURSE_TEXTS)
    if len(names) == len(fw.variants):
        return word["between_all"]
    return word["between"].format(variants=joined(names, lang))


def _weights(divisions: list[tuple[str, str, Weights]], fw: Framework, lang: Language) -> list[str]:
    if not divisions:
        return []
    word = words("portfolio", lang, COURSE_TEXTS)
    means = mean_weights((weights for _, _, weights in divisions), fw)
    rows = [
        (
            fw.loyalties[key].short[lang],
            mean,
            word["weights_range"].format(points=round(mean), least=least, most=most),
        )
        for key, (mean, least, most) in means.items()
    ]
    tables = [_bars(word["weights_all"].format(count=len(divisions)), rows, word, "mwm-all")]
    for title, label, weights in divisions:
        caption = word["weights_caption"].format(title=title, moment=label) if label else title
        own = [(fw.loyalties[key].short[lang], points, str(points)) for key, points in weights.items()]
        tables.append(_bars(caption, own, word))
    return tables if len(divisions) > 1 else tables[1:]


def _bars(caption: str, rows: Iterable[tuple[str, float, str]], word: Words, css: str = "") -> str:
    cells = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(said)}'
        f'<span class="mwm-bar" style="width: {points:.1f}%"></span></td></tr>'
        for name, points, said in rows
    )
    return (
        f'<table class="{css}"><caption>{escape(caption)}</caption><thead><tr>'
        f'<th scope="col">{escape(word["loyalty"])}</th><th scope="col">{escape(word["points"])}</th>'
        f"</tr></thead><tbody>{cells}</tbody></table>"
    )


def _profile(part: Part, fw: Framework, lang: Language) -> str:
    # Told from first to last; drawn are the last two. What was never answered need not be told.
    told = zip(fw.considerations, profile_lines(dict(part.profiles), fw, lang), strict=True)
    lines = [line for key, line in told if any(key in profile for _, profile in part.profiles)]
    labels: tuple[Shape, ...] = ("dot",) if len(part.profiles) == 1 else ("diamond", "dot")
    legend = "".join(
        f'<li><span class="mwm-sign">{mark_svg(shape)}</span><span>{escape(label)}</span></li>'
        for (label, _), shape in zip(part.profiles[-2:], labels, strict=True)
    )
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    picture = profile_svg([profile for _, profile in part.profiles], fw, lang)
    return (
        f'<div class="mwm-considerations"><div>{picture}<ul class="mwm-places-list">{legend}</ul></div>'
        f"<ul>{items}</ul></div>"
    )


def _written(part: Part) -> str:
    return f"<h3>{escape(part.title)}</h3>{''.join(_answer(one) for one in part.written)}"


def _answer(one: Written) -> str:
    return f'<div class="mwm-written"><h4>{escape(one.asked)}</h4><p dir="auto">{escape(one.text)}</p></div>'
