"""Items on the dynamics: who, which pattern, which author, in which order. Source: chapter 4, table 4.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from maatwerk import Framework, Text
from maatwerk.citation import Citation
from maatwerk.loader import Record, read_rows
from maatwerk.model import Dynamic, DynamicForm

from maatwerk_exercises.itembank.draw import distractors, drawn, shuffled
from maatwerk_exercises.itembank.items import AnyItem, Choice, Matching, Option, Ordering, Row
from maatwerk_exercises.itembank.scenes import scenes
from maatwerk_exercises.itembank.wording import DATA, ask, cite, phrase, quoted

Forms = Mapping[str, tuple[Dynamic, DynamicForm]]


def items(fw: Framework) -> Iterator[AnyItem]:
    """Every item on chapter 4."""
    forms = {form.key: (dynamic, form) for dynamic in fw.dynamics.values() for form in dynamic.forms}
    yield from _actors(fw)
    yield from _patterns(fw)
    yield from _form_actors(fw, forms)
    yield from _form_authors(forms)
    yield from _form_scenes(forms)
    yield from _matched(fw, forms)
    yield from _chains()


# --- the four patterns ---


def _told(template: str, dynamic: Dynamic) -> Text:
    return ask(
        template,
        of=phrase("of-dynamic", dynamic.key),
        actor=phrase("actor", dynamic.key),
        name=dynamic.name,
        pattern=dynamic.pattern,
        cite=cite(dynamic.places[:1]),
    )


def _actors(fw: Framework) -> Iterator[AnyItem]:
    for asked in fw.dynamics.values():
        yield Choice(
            key=f"actor.{asked.key}",
            fact=f"dynamic.{asked.key}",
            ask=ask("actor_ask"),
            given=quoted(asked.name),
            options=tuple(
                Option(one.key, one.actor, _told("actor_teaches", one)) for one in fw.dynamics.values()
            ),
            right=frozenset({asked.key}),
            answer=_told("actor_answer", asked),
            places=asked.places,
        )


def _patterns(fw: Framework) -> Iterator[AnyItem]:
    for asked in fw.dynamics.values():
        key = f"pattern.{asked.key}"
        yield Choice(
            key=key,
            fact=f"dynamic.{asked.key}",
            ask=ask("pattern_ask", actor=phrase("actor", asked.key)),
            options=tuple(
                Option(one.key, one.name, _told("pattern_teaches", one))
                for one in drawn(key, fw.dynamics.values(), len(fw.dynamics))
            ),
            right=frozenset({asked.key}),
            answer=_told("pattern_answer", asked),
            places=asked.places,
        )


# --- their forms ---


def _formed(template: str, dynamic: Dynamic, form: DynamicForm, author: str = "") -> Text:
    return ask(
        template,
        of=phrase("of-dynamic", dynamic.key),
        actor=phrase("actor", dynamic.key),
        form=form.name,
        explanation=form.explanation,
        author=author,
        cite=cite(form.places),
    )


def _form_actors(fw: Framework, forms: Forms) -> Iterator[AnyItem]:
    for dynamic, asked in forms.values():
        key = f"form-actor.{asked.key}"
        yield Choice(
            key=key,
            fact=f"form.{asked.key}",
            ask=ask("form_actor_ask"),
            given=quoted(asked.name),
            options=_actors_with_an_example(fw, key, asked.key),
            right=frozenset({dynamic.key}),
            answer=_formed("form_actor_answer", dynamic, asked),
            places=(*asked.places, dynamic.places[0]),
        )


def _actors_with_an_example(fw: Framework, seed: str, asked: str) -> tuple[Option, ...]:
    """The actors, each with a form of theirs; not the one asked about, where they have another."""
    options = []
    for one in fw.dynamics.values():
        example = drawn(seed, [f for f in one.forms if f.key != asked] or one.forms, 1)[0]
        options.append(Option(one.key, one.actor, _formed("form_actor_teaches", one, example)))
    return tuple(options)


def _authors(forms: Forms) -> Mapping[str, tuple[Dynamic, DynamicForm]]:
    """Every author that the essay names, with the first form that it names them with."""
    found: dict[str, tuple[Dynamic, DynamicForm]] = {}
    for dynamic, form in forms.values():
        for author in form.authors:
            found.setdefault(author, (dynamic, form))
    return found


def _author_options(forms: Forms) -> tuple[Option, ...]:
    return tuple(
        Option(
            _author_key(author), Text(nl=author, en=author), _formed("form_author_teaches", *where, author)
        )
        for author, where in _authors(forms).items()
    )


def _author_key(author: str) -> str:
    """``"In ’t Veld (1989)"`` as a key: ``inveld``."""
    return "".join(c for c in author.casefold() if "a" <= c <= "z")


def _form_authors(forms: Forms) -> Iterator[AnyItem]:
    for dynamic, asked in forms.values():
        if asked.authors:
            yield Choice(
                key=f"form-author.{asked.key}",
                fact=f"form.{asked.key}",
                ask=ask("form_author_ask"),
                given=quoted(asked.name),
                options=_author_options(forms),
                right=frozenset(_author_key(author) for author in asked.authors),
                answer=_formed("form_author_answer", dynamic, asked, ", ".join(asked.authors)),
                places=asked.places,
            )


def _form_scenes(forms: Forms) -> Iterator[AnyItem]:
    for scene in scenes("form", forms):
        key = f"form.{scene.key}"
        dynamic, asked = forms[scene.row]
        others = distractors(key, "form", asked.key, {k: form for k, (_, form) in forms.items()})
        shown = [asked, *others]
        yield Choice(
            key=key,
            fact=f"form.{asked.key}",
            ask=ask("form_ask"),
            given=scene.text,
            options=tuple(
                Option(one.key, one.name, _formed("form_teaches", forms[one.key][0], one))
                for one in drawn(key, shown, len(shown))
            ),
            right=frozenset({asked.key}),
            answer=_formed("form_answer", dynamic, asked),
            places=(*asked.places, dynamic.places[0]),
        )


# --- matching ---


def _matched(fw: Framework, forms: Forms) -> Iterator[AnyItem]:
    patterns = [Row(d.key, d.name, frozenset({d.key}), d.places[:1]) for d in fw.dynamics.values()]
    yield Matching(
        key="match-actors.1",
        fact="match-actors.1",
        ask=ask("match_actors_ask"),
        rows=tuple(drawn("match-actors.1", patterns, len(patterns))),
        options=tuple(Option(d.key, d.actor, _told("actor_teaches", d)) for d in fw.dynamics.values()),
        places=next(iter(fw.dynamics.values())).places[:1],
    )
    authored = [
        Row(
            form.key,
            form.name,
            frozenset(_author_key(author) for author in form.authors),
            form.places,
        )
        for _, form in forms.values()
        if form.authors
    ]
    yield Matching(
        key="match-authors.1",
        fact="match-authors.1",
        ask=ask("match_authors_ask"),
        rows=tuple(drawn("match-authors.1", authored, len(authored))),
        options=_author_options(forms),
        places=next(iter(fw.dynamics.values())).places[:1],
    )
    for number, which in enumerate((0, -1), start=1):
        key = f"match-forms.{number}"
        shown = [(d, d.forms[which]) for d in fw.dynamics.values()]
        rows = [Row(form.key, form.name, frozenset({d.key}), form.places) for d, form in shown]
        yield Matching(
            key=key,
            fact=key,
            ask=ask("match_forms_ask"),
            rows=tuple(drawn(key, rows, len(rows))),
            options=_actors_with_an_example(fw, key, ""),
            places=shown[0][0].places[:1],
        )


# --- what follows from what ---


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps that follow from each other, in their order."""

    key: str
    fact: str
    ask: Text
    steps: Mapping[str, Text]
    places: tuple[Citation, ...]


def _chain(r: Record) -> Chain:
    steps = r.record("steps")
    return Chain(
        r.key(),
        r.string("fact"),
        r.text("ask"),
        {key: steps.text(key) for key in steps.fields()},
        r.places(),
    )


def _chains() -> Iterator[AnyItem]:
    for chain in read_rows(DATA / "chains.toml", "chain", _chain).values():
        key = f"chain.{chain.key}"
        options = [Option(step, text, text) for step, text in chain.steps.items()]
        yield Ordering(
            key=key,
            fact=chain.fact,
            ask=chain.ask,
            options=_not_solved(key, options),
            order=tuple(frozenset({step}) for step in chain.steps),
            places=chain.places,
        )


def _not_solved(seed: str, options: list[Option]) -> tuple[Option, ...]:
    """The options in another order than the right one."""
    mixed = shuffled(seed, options, lambda one: one.key)
    return tuple(mixed if mixed != options else mixed[::-1])
