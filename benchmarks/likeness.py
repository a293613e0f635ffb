"""Plant copies in a class and see which are noticed, how many are noticed wrongly, and what that takes.

Run by hand::

    python -m benchmarks.likeness found [--people 400]     noticed and wrongly noticed, by kind of copy
    python -m benchmarks.likeness cost [--people 10000]    seconds and memory, at a tenth of that and at all

There are two kinds of classes. In one every sentence is a real one about the subject, from the course's
own chapters, and used once. In the other, hard on purpose, all texts are put together from the same few
phrases, and a third of the class builds on the same stock sentences.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from maatwerk_grading.likeness import Alike, Likeness, sketch, texts_of
from maatwerk_learner.answers import AnswerBook

CHAPTERS = Path(__file__).parents[1] / "course" / "nl"
PLACES = tuple(
    f"{case}/{field}" for case in ("scootmobiel", "zoon") for field in ("justification", "change_mind")
)

WHO = (
    "de burger",
    "mevrouw Jansen",
    "de aanvrager",
    "deze bewoner",
    "de moeder",
    "iemand in haar plaats",
    "de familie",
    "mijn collega",
    "de teamleider",
    "de gemeente",
    "de wethouder",
    "een ander in de straat",
    "de uitvoerder",
    "ik",
)
DOES = (
    "vraagt om",
    "heeft recht op",
    "rekent op",
    "verliest",
    "krijgt alsnog",
    "begrijpt niets van",
    "wacht al maanden op",
    "betaalt voor",
    "ziet af van",
    "vertrouwt op",
    "ziet het belang van",
    "twijfelt over",
    "legt de nadruk op",
)
WHAT = (
    "een vergoeding",
    "een eerlijke behandeling",
    "gelijke regels voor iedereen",
    "een uitzondering",
    "een duidelijk besluit",
    "hulp bij het vervoer",
    "een gesprek aan tafel",
    "zekerheid",
    "ruimte om af te wijken",
    "een brief in gewone taal",
    "de bedoeling van de wet",
    "het budget van dit jaar",
)
WHY = (
    "omdat de regel hier hard uitpakt",
    "want anders volgt er een tweede zaak",
    "terwijl de wet daar ruimte voor laat",
    "ook al kost dat tijd",
    "zolang het voor anderen navolgbaar blijft",
    "zonder dat het team daarvan weet",
    "en dat weegt voor mij zwaar",
    "maar dat is niet het hele verhaal",
    "als de omstandigheden zo blijven",
    "omdat niemand er slechter van wordt",
    "want precedentwerking ligt op de loer",
    "en dat moet ik kunnen uitleggen",
)
START = (
    "Ik denk dat",
    "Volgens mij geldt dat",
    "In deze zaak zie ik dat",
    "Eerlijk gezegd",
    "Daar staat tegenover dat",
    "Het gaat erom dat",
    "Bij ons op kantoor zeggen we dat",
    "Uit het dossier blijkt dat",
    "Mijn ervaring is dat",
)
STOCK = (
    "Ik kies hiervoor omdat de burger anders vastloopt.",
    "We moeten precedentwerking voorkomen, want gelijke gevallen worden gelijk behandeld.",
    "Een beslissing moet uitlegbaar blijven voor wie haar krijgt en voor wie haar neemt.",
    "De hardheidsclausule is er voor gevallen die de wetgever niet heeft voorzien.",
)
SYNONYMS = (
    "misschien",
    "daarom",
    "natuurlijk",
    "vaak",
    "soms",
    "dus",
    "toch",
    "echter",
    "best",
    "graag",
    "alleen",
)


def sentence(chance: random.Random) -> str:
    """A sentence about the case."""
    parts = [chance.choice(one) for one in (START, WHO, DOES, WHAT, WHY)]
    return f"{' '.join(parts)}."


def independent(chance: random.Random, stock: bool = False) -> str:
    """A text that somebody wrote alone; with ``stock`` sentences that half the class knows."""
    own = [sentence(chance) for _ in range(chance.randint(3, 7))]
    if stock:
        own = own[:2] + chance.sample(STOCK, chance.randint(1, 3)) + [f"#{chance.randrange(10**9)}"]
        chance.shuffle(own)
    return " ".join(own)


def replaced(text: str, share: float, chance: random.Random) -> str:
    """The text with a share of its words replaced by others, in random places."""
    words = text.split()
    for at in chance.sample(range(len(words)), round(share * len(words))):
        words[at] = chance.choice(SYNONYMS)
    return " ".join(words)


def moved(text: str, chance: random.Random) -> str:
    """The text with its sentences in another order."""
    sentences = text.split(". ")
    chance.shuffle(sentences)
    return ". ".join(sentences)


def within(text: str, chance: random.Random) -> str:
    """The text inside a longer one of somebody's own."""
    return f"{sentence(chance)} {text} {independent(chance)}"


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "the same": lambda text, _: text,
    "other capitals and spaces": lambda text, _: text.upper().replace(" ", "  "),
    "10 % of the words replaced": lambda text, chance: replaced(text, 0.1, chance),
    "20 % of the words replaced": lambda text, chance: replaced(text, 0.2, chance),
    "30 % of the words replaced": lambda text, chance: replaced(text, 0.3, chance),
    "40 % of the words replaced": lambda text, chance: replaced(text, 0.4, chance),
    "sentences moved": moved,
    "moved, and 10 % replaced": lambda text, chance: replaced(moved(text, chance), 0.1, chance),
    "inside a longer text": within,
}


def real_sentences() -> list[str]:
    """The sentences of the course's chapters in Dutch, in an order of chance."""
    found = set()
    for file in sorted(CHAPTERS.glob("*.md")):
        prose = (line for line in file.read_text(encoding="utf-8").splitlines() if line[:1].isalpha())
        text = re.sub(r"\[([^]]*)\]\([^)]*\)|[*_`]", r"\1", " ".join(prose))
        found |= {one for one in re.split(r"(?<=[.?!]) ", text) if len(one.split()) >= 6}
    sentences = sorted(found)
    random.Random(3).shuffle(sentences)
    return sentences


def a_real_class(people: int) -> dict[str, AnswerBook]:
    """A class of which nobody writes a sentence that somebody else writes."""
    sentences, chance = iter(real_sentences()), random.Random(4)
    return {
        f"p{number:05}": book(
            {place: " ".join(islice(sentences, chance.randint(3, 6))) for place in PLACES[:2]}
        )
        for number in range(people)
    }


def book(texts: dict[str, str]) -> AnswerBook:
    """An answers file with these texts."""
    answers: dict[str, dict[str, str]] = {}
    for place, text in texts.items():
        case, field = place.split("/")
        answers.setdefault(case, {})[field] = text
    return AnswerBook(answers, 1, "2026-11-24T09:00:00+00:00")


def a_class(people: int, seed: int) -> dict[str, AnswerBook]:
    """A class of which everybody worked alone; a third of it uses stock sentences."""
    chance = random.Random(seed)
    return {
        f"p{number:05}": book({place: independent(chance, number % 3 == 0) for place in PLACES})
        for number in range(people)
    }


def compared(books: dict[str, AnswerBook]) -> tuple[Alike, ...]:
    """What is noticed in a class."""
    likeness = Likeness()
    for student, one in books.items():
        likeness.add(student, sketch(one))
    return likeness.alike(lambda student: texts_of(books[student]))


def found(books: dict[str, AnswerBook], copies: int) -> dict[str, tuple[int, int]]:
    """How many planted copies of each kind are noticed, and how many pairs wrongly; each of how many."""
    told: dict[str, tuple[int, int]] = {}
    people = len(books)
    pairs = people * (people - 1) // 2
    told["nothing (independent pairs)"] = (len(compared(books)), pairs)
    for kind, change in KINDS.items():
        chance = random.Random(kind)
        mixed = dict(books)
        # One text of each is somebody else's; the others are their own.
        for number in range(copies):
            source, copier = f"p{number:05}", f"p{people - 1 - number:05}"
            texts = dict(texts_of(books[copier]))
            place = PLACES[number % 2]
            texts[place] = change(texts_of(books[source])[place], chance)
            mixed[copier] = book(texts)
        noticed = {(one.other, one.student) for one in compared(mixed)}
        right = {(f"p{number:05}", f"p{people - 1 - number:05}") for number in range(copies)}
        told[kind] = (len(noticed & right), copies)
        told[f"{kind}: wrongly"] = (len(noticed - right), pairs)
    return told


def cost(people: int) -> None:
    """Seconds and memory for a class."""
    for count in (people // 10, people):
        books = a_class(count, 2)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        sketches = {student: sketch(one) for student, one in books.items()}
        sketched = time.perf_counter()
        likeness = Likeness()
        for student, one in sketches.items():
            likeness.add(student, one)
        del sketches
        pairs = likeness.alike(lambda student: texts_of(books[student]))  # noqa: B023  (called at once)
        done = time.perf_counter()
        peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(
            f"{count:6} people, {len(PLACES)} texts each: {1e6 * (sketched - began) / count:5.0f} µs each, "
            f"{done - sketched:6.2f} s to compare, {peak:6.1f} MB more than before, {len(pairs)} pairs told"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("found", "cost"))
    parser.add_argument("--people", type=int)
    asked = parser.parse_args(arguments)
    if asked.what == "cost":
        cost(asked.people or 10_000)
        return
    hard = a_class(asked.people or 400, 1)
    for name, books in (("real sentences", a_real_class(68)), ("a few phrases", hard)):
        print(name)
        for kind, (count, of) in found(books, 30).items():
            print(f"  {kind:45} {count:5} of {of}")


if __name__ == "__main__":
    main()
