"""Items on the considerations, the principles and the practices. Source: chapter 2, tables 2.1-2.3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from maatwerk import Framework, Text
from maatwerk.model import AUTHORS, Consideration, Practice, Principle

from maatwerk_exercises.itembank.draw import CHOICES, distractors, drawn
from maatwerk_exercises.itembank.items import AnyItem, Choice, Matching, Option, Row
from maatwerk_exercises.itembank.wording import ask, cite, phrase, quoted

# Considerations whose poles could, by their grammar, answer each other's question.
_ALIKE = {
    "zeggenschap": ("kosten", "gericht-op"),
    "gericht-op": ("zeggenschap", "kosten"),
    "kosten": ("zeggenschap", "gericht-op"),
}
# For each consideration the pole that does not repeat the words of its own question.
_POLES = (
    (("vorm", "right"), ("wanneer", "right"), ("verschil", "left"), ("zeggenschap", "right")),
    (("gericht-op", "right"), ("plek", "left"), ("kosten", "right"), ("grondslag", "left")),
)
_SIDES = ("left", "right")


def items(fw: Framework) -> Iterator[AnyItem]:
    """Every item on chapter 2."""
    yield from _considerations(fw)
    yield from _poles(fw)
    yield from _matched_poles(fw)
    yield from _principle_authors(fw)
    yield from _principle_names(fw)
    yield from _matched_principles(fw)
    yield from _raises(fw)
    yield from _raised(fw)
    yield from _meanings(fw)
    yield from _matched_practices(fw)


# --- considerations ---


def _pole(consideration: Consideration, side: str) -> Text:
    return consideration.left if side == "left" else consideration.right


def _considerations(fw: Framework) -> Iterator[AnyItem]:
    for asked in fw.considerations.values():
        for side in _SIDES:
            key = f"consideration.{asked.key}.{side}"
            others = distractors(key, "consideration", asked.key, fw.considerations)
            yield Choice(
                key=key,
                fact=f"consideration.{asked.key}",
                ask=ask("consideration_ask"),
                given=quoted(_pole(asked, side)),
                options=tuple(
                    Option(one.key, one.question, _explained("consideration_teaches", one))
                    for one in drawn(key, [asked, *others], 4)
                ),
                right=frozenset({asked.key}),
                answer=_explained("consideration_answer", asked),
                places=asked.places,
            )


def _explained(template: str, one: Consideration) -> Text:
    return ask(template, question=one.question, left=one.left, right=one.right, cite=cite(one.places[:1]))


def _poles(fw: Framework) -> Iterator[AnyItem]:
    for key, alike in _ALIKE.items():
        asked = fw.considerations[key]
        others = [(fw.considerations[one], side) for one in alike for side in _SIDES]
        for shown, right in (("left", "right"), ("right", "left")):
            item = f"pole.{key}.{shown}"
            chosen = [
                Option(f"{one.key}-{side}", _pole(one, side), _pole_of(one, side)) for one, side in others
            ]
            answer = Option(f"{key}-{right}", _pole(asked, right), _pole_of(asked, right))
            yield Choice(
                key=item,
                fact=f"consideration.{key}",
                ask=ask("pole_ask"),
                given=ask("pole_given", question=asked.question, pole=_pole(asked, shown)),
                options=tuple(drawn(item, [answer, *drawn(item, chosen, 3)], 4)),
                right=frozenset({answer.key}),
                answer=ask(
                    "pole_answer",
                    pole=_pole(asked, shown),
                    other=_pole(asked, right),
                    cite=cite(asked.places[:1]),
                ),
                places=asked.places,
            )


def _pole_of(one: Consideration, side: str) -> Text:
    return ask("pole_teaches", pole=_pole(one, side), question=one.question, cite=cite(one.places[:1]))


def _matched_poles(fw: Framework) -> Iterator[AnyItem]:
    for number, poles in enumerate(_POLES, start=1):
        key = f"match-poles.{number}"
        chosen = [(fw.considerations[one], side) for one, side in poles]
        yield Matching(
            key=key,
            fact=key,
            ask=ask("match_poles_ask"),
            rows=tuple(Row(one.key, one.question, frozenset({one.key}), one.places[:1]) for one, _ in chosen),
            options=tuple(
                drawn(
                    key, [Option(one.key, _pole(one, side), _pole_of(one, side)) for one, side in chosen], 4
                )
            ),
            places=chosen[0][0].places,
        )


# --- principles ---


def _author(key: str) -> Text:
    return phrase("by-author", key)


def _principle_authors(fw: Framework) -> Iterator[AnyItem]:
    for asked in fw.principles.values():
        yield Choice(
            key=f"principle-author.{asked.key}",
            fact=f"principle.{asked.key}",
            ask=ask("principle_author_ask"),
            given=quoted(asked.name),
            options=_authors(fw, asked),
            right=frozenset({asked.author}),
            answer=_authored("principle_author_answer", asked),
            places=asked.places,
        )


def _authors(fw: Framework, asked: Principle) -> tuple[Option, ...]:
    """All three, each with a principle of its own that is not the one asked about."""
    options = []
    for author in AUTHORS:
        theirs = [p for p in fw.principles.values() if p.author == author and p.key != asked.key] or [asked]
        example = drawn(asked.key, theirs, 1)[0]
        options.append(
            Option(author, phrase("author", author), _authored("principle_author_teaches", example))
        )
    return tuple(options)


def _authored(template: str, principle: Principle) -> Text:
    return ask(
        template,
        name=principle.name,
        author=_author(principle.author),
        explanation=principle.explanation,
        cite=cite(principle.places),
    )


def _principle_names(fw: Framework) -> Iterator[AnyItem]:
    for asked in fw.principles.values():
        key = f"principle-name.{asked.key}"
        others = distractors(key, "principle", asked.key, fw.principles)
        yield Choice(
            key=key,
            fact=f"principle.{asked.key}",
            ask=ask("principle_name_ask"),
            given=asked.explanation,
            options=tuple(
                Option(one.key, one.name, _authored("principle_name_teaches", one))
                for one in drawn(key, [asked, *others], 4)
            ),
            right=frozenset({asked.key}),
            answer=_authored("principle_name_answer", asked),
            places=asked.places,
        )


def _matched_principles(fw: Framework) -> Iterator[AnyItem]:
    by_author = {author: [p for p in fw.principles.values() if p.author == author] for author in AUTHORS}
    for number, turn in enumerate((slice(0, 2), slice(2, 4)), start=1):
        key = f"match-principles.{number}"
        # Nobody is left out: who has few principles comes back.
        rows = [p for theirs in by_author.values() for p in (theirs[turn] or theirs[:1])]
        yield Matching(
            key=key,
            fact=key,
            ask=ask("match_principles_ask"),
            rows=tuple(
                Row(p.key, p.name, frozenset({p.author}), p.places) for p in drawn(key, rows, len(rows))
            ),
            options=tuple(
                Option(author, phrase("author", author), _authored("principle_author_teaches", theirs[0]))
                for author, theirs in by_author.items()
            ),
            places=rows[0].places,
        )


# --- practices ---


def _at(practice: Practice) -> Text:
    return phrase("at-practice", practice.key)


def _raises(fw: Framework) -> Iterator[AnyItem]:
    for asked in fw.practices.values():
        key = f"raises.{asked.key}"
        others = distractors(key, "practice", asked.key, fw.practices)
        yield Choice(
            key=key,
            fact=f"practice.{asked.key}",
            ask=ask("raises_ask", at=_at(asked)),
            options=tuple(
                Option(one.key, one.question, ask("raises_teaches", at=_at(one), cite=cite(one.places[:1])))
                for one in drawn(key, [asked, *others], 4)
            ),
            right=frozenset({asked.key}),
            answer=_question("raises_answer", asked),
            places=asked.places,
        )


def _question(template: str, practice: Practice) -> Text:
    return ask(template, at=_at(practice), question=practice.question, cite=cite(practice.places[:1]))


def _raised(fw: Framework) -> Iterator[AnyItem]:
    for asked in fw.practices.values():
        key = f"raised.{asked.key}"
        others = distractors(key, "practice", asked.key, fw.practices)
        yield Choice(
            key=key,
            fact=f"practice.{asked.key}",
            ask=ask("raised_ask"),
            given=quoted(asked.question),
            options=_organisations(key, [asked, *others], "raised_teaches"),
            right=frozenset({asked.key}),
            answer=_question("raises_answer", asked),
            places=asked.places,
        )


def _organisations(seed: str, practices: Sequence[Practice], teaches: str) -> tuple[Option, ...]:
    return tuple(
        Option(
            one.key,
            phrase("practice", one.key),
            ask(
                teaches,
                at=_at(one),
                question=one.question,
                meaning=one.meanings[0],
                cite=cite(one.places[:1]),
            ),
        )
        for one in drawn(seed, practices, len(practices))
    )


def _meanings(fw: Framework) -> Iterator[AnyItem]:
    for asked in fw.practices.values():
        for number, meaning in enumerate(asked.meanings, start=1):
            key = f"meaning.{asked.key}.{number}"
            others = distractors(key, "practice", asked.key, fw.practices)
            yield Choice(
                key=key,
                fact=f"practice.{asked.key}",
                ask=ask("meaning_ask"),
                given=meaning,
                options=_organisations(key, [asked, *others], "meaning_teaches"),
                right=frozenset({asked.key}),
                answer=_meaning_answer(asked, meaning),
                places=asked.places,
            )


def _meaning_answer(practice: Practice, meaning: Text) -> Text:
    """What it says at this organisation, with the other reading where the essay has two (source note D4)."""
    where = {"at": _at(practice), "cite": cite(practice.places[:1])}
    others = [one for one in practice.meanings if one != meaning]
    if not others:
        return ask("meaning_answer", **where)
    return ask("meaning_two_readings", **where, other=others[0])


def _matched_practices(fw: Framework) -> Iterator[AnyItem]:
    for family, row in (("raised", _raised_row), ("meaning", _meaning_row)):
        rows = [
            row(p) for p in fw.practices.values() if f"{family}.{p.key}{_READING[family]}" not in CHOICES.skip
        ]
        turn = drawn(f"match-{family}", rows, len(rows))
        for number, start in enumerate(range(0, len(turn) - 2, 3), start=1):
            key = f"match-{family}.{number}"
            # One more organisation than rows, so that the last row is not what is left over.
            shown = [fw.practices[one.key] for one in (turn + turn)[start : start + 4]]
            yield Matching(
                key=key,
                fact=key,
                ask=ask(f"match_{family}_ask"),
                rows=tuple(turn[start : start + 3]),
                options=_organisations(key, shown, f"{family}_teaches"),
                places=shown[0].places[:1],
            )


# A practice has one question, and one or more numbered meanings.
_READING = {"raised": "", "meaning": ".1"}


def _raised_row(practice: Practice) -> Row:
    return Row(practice.key, practice.question, frozenset({practice.key}), practice.places[:1])


def _meaning_row(practice: Practice) -> Row:
    return Row(practice.key, practice.meanings[0], frozenset({practice.key}), practice.places[:1])
