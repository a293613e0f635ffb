"""Which learners' answers are alike: told, and never punished.

What is compared is what was answered, not the file: a copy that was saved once more, at another time, or
indented, is a copy. Two grounds:

* everything that was answered is the same, and there is enough of it that this is no coincidence;
* a free text resembles somebody else's, though words were replaced or sentences moved.

All pairs of a class of ten thousand would be fifty million. So of each text only the smallest hashes of its
three-word phrases are kept, which is a sample that two alike texts share (bottom-k sketches; Broder, *On the
resemblance and containment of documents*, 1997). Who shares phrases that few others use is compared word for
word by rapidfuzz. A phrase that many use, or that the assignment itself uses, says nothing about copying.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from zlib import crc32

from maatwerk_learner.answers import LONGEST_TEXT, AnswerBook, Fields

# A text with fewer words is too short to be anybody's own.
FEWEST_WORDS = 20
# The words in texts, or the choices, from which the same answers are no coincidence any more.
ENOUGH_WORDS = 8
ENOUGH_CHOICES = 6
# How many hashes are kept of a text.
KEPT = 24
# A phrase says nothing when more people use it: 5 % of the class, between these two.
FEW_PEOPLE = (4, 20)
SHARE_OF_PEOPLE = 0.05
# From so many phrases in common, two texts are compared word for word.
PHRASES_IN_COMMON = 3
# Of the shorter text this share of the phrases has to stand in the other: with 30 % of the words replaced a
# third does. Without it, texts in the same few words would be alike by their words alone.
OVERLAP = 0.2
# Measured on planted data: `python -m benchmarks.likeness` says what is found, and what wrongly.
ALIKE = 0.65
TAKEN_OVER = 0.80
# So many pairs are compared at most; the likeliest first.
MOST_COMPARED = 5_000

_WORD = re.compile(r"\w+")
_PARTS = 16

# By place (`exercise/field`), what somebody wrote.
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of somebody's answers to compare them with others'.

    Parameters
    ----------
    identity : str
        The same for two who gave the same answers; empty when there are too few answers to tell.
    texts : tuple of (str, bytes)
        The place of every text that is long enough, with a hash of the whole and the smallest of its phrases.
    """

    identity: str = ""
    texts: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """Two learners with texts that are alike.

    Parameters
    ----------
    student, other : str
        Who: ``other`` comes first in the order in which they were added. Neither is said to have copied.
    places : tuple of str
        Where ``student`` wrote them, as ``exercise/field``.
    similarity : float
        Of the most similar ones, 0-1.
    """

    student: str
    other: str
    places: tuple[str, ...]
    similarity: float


def texts_of(book: AnswerBook) -> Texts:
    """The texts of a learner that are long enough to compare."""
    return {
        f"{key}/{name}": value
        for key, fields in book.answers.items()
        for name, value in fields.items()
        if isinstance(value, str) and len(value) > 2 * FEWEST_WORDS and len(value) <= LONGEST_TEXT
    }


def sketch(book: AnswerBook) -> Sketch:
    """The sketch of a learner's answers; the same in every process of a run."""
    texts = []
    words = 0
    for place, text in texts_of(book).items():
        said = words_of(text)
        words += len(said)
        if len(said) >= FEWEST_WORDS:
            whole = crc32(" ".join(said).encode("utf-8", "replace"))
            kept = array("I", (whole, *sorted(phrases(said))[:KEPT]))
            texts.append((place, kept.tobytes()))
    return Sketch(_identity(book) if words >= ENOUGH_WORDS or _chosen(book) else "", tuple(texts))


def words_of(text: str) -> list[str]:
    """The words of a text, without capitals, spaces and punctuation."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _WORD.findall(plain.casefold())


def phrases(words: list[str]) -> set[int]:
    """The hashes (32 bits) of all three words that follow each other."""
    hashes = list(map(_hash, words))
    # A tuple of numbers has the same hash in every process, unlike a text.
    return {hash(three) & 0xFFFFFFFF for three in zip(hashes, hashes[1:], hashes[2:], strict=False)}


# A class uses the same words over and over.
@lru_cache(maxsize=65_536)
def _hash(word: str) -> int:
    return crc32(word.encode("utf-8", "replace"))


def _identity(book: AnswerBook) -> str:
    try:
        answered = {key: given for key, fields in book.answers.items() if (given := _answered(fields))}
        said = json.dumps(answered, sort_keys=True)
    # No form nests answers: this is malice, and compared with nothing.
    except RecursionError:
        return ""
    return hashlib.sha256(said.encode()).hexdigest()


def _answered(fields: Fields) -> Fields:
    """The answers as they were meant: what was left empty is no answer, nor are spaces around a text."""
    return {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in fields.items()
        if value not in (None, "", {})
    }


def _chosen(book: AnswerBook) -> bool:
    """Whether a case was decided in so much detail that nobody does exactly the same by chance."""
    return any(_choices(fields) >= ENOUGH_CHOICES for fields in book.answers.values())


def _choices(fields: Fields) -> int:
    loyalties, effects = fields.get("loyalties"), fields.get("effects")
    # All alike, or the dot in the middle, is where a form begins.
    divided = isinstance(loyalties, Mapping) and len(set(map(str, loyalties.values()))) > 1
    place = fields.get("placement")
    placed = isinstance(place, Mapping) and set(map(str, place.values())) not in ({"50"}, {"50.0"})
    if not (divided and placed):
        return 0
    chosen = (
        sum(len(sides) for sides in effects.values() if isinstance(sides, Mapping))
        if isinstance(effects, Mapping)
        else 0
    )
    return 2 + chosen + sum(bool(fields.get(name)) for name in ("tension", "dynamic", "counter_statement"))


class Likeness:
    """Compares the answers of a class, one learner after another.

    Its memory is one number for each phrase that is kept: about 2 kB a learner.
    """

    def __init__(self) -> None:
        self._identities: dict[str, str] = {}
        self._students: list[str] = []
        self._places: list[str] = []
        # Of each text: whose it is, where it stands, and the hash of the whole.
        self._owners, self._where = array("I"), array("I")
        self._wholes: dict[int, int] = {}
        self._same: list[tuple[int, int]] = []
        self._numbers: dict[str, int] = {}
        # A phrase's hash above a text's number; in parts, since the same are looked for in one at a time.
        self._phrases = [array("Q") for _ in range(_PARTS)]

    def add(self, student: str, found: Sketch) -> str | None:
        """Take somebody's answers in.

        Returns
        -------
        str or None
            Who gave exactly the same answers before; their texts are not compared once more.
        """
        if found.identity:
            first = self._identities.setdefault(found.identity, student)
            if first != student:
                return first
        if not found.texts:
            return None
        owner = len(self._students)
        self._students.append(student)
        for place, kept in found.texts:
            number = len(self._owners)
            self._owners.append(owner)
            self._where.append(self._number(place))
            whole, *hashes = memoryview(kept).cast("I")
            before = self._wholes.setdefault(whole, number)
            if before != number and self._owners[before] != owner:
                self._same.append((before, number))
            for one in hashes:
                self._phrases[one % _PARTS].append(one << 32 | number)
        return None

    def _number(self, place: str) -> int:
        number = self._numbers.setdefault(place, len(self._places))
        if number == len(self._places):
            self._places.append(place)
        return number

    def alike(
        self, texts: Callable[[str], Texts], given: Callable[[], Iterable[str]] = tuple
    ) -> tuple[Alike, ...]:
        """Who wrote texts that are alike, by learner in the order in which they were added.

        Parameters
        ----------
        texts : callable
            Gives the texts of a learner once more; only asked for those who may be alike.
        given : callable
            Gives the assignment's own texts, which everybody may quote.
        """
        own: frozenset[int] | None = None
        read = lru_cache(maxsize=512)(texts)
        found: dict[tuple[int, int], list[tuple[float, str]]] = {}
        for first, second in self._candidates():
            one, other = (self._owners[number] for number in (first, second))
            places = tuple(self._places[self._where[number]] for number in (first, second))
            written = (
                words_of(read(self._students[one]).get(places[0], "")),
                words_of(read(self._students[other]).get(places[1], "")),
            )
            similarity = _similarity(*written, frozenset())
            # Most pairs are not alike, and it takes long to look through what the assignment says.
            if similarity is not None:
                if own is None:
                    own = frozenset(one for text in given() for one in phrases(words_of(text)))
                similarity = _similarity(*written, own)
            if similarity is not None:
                found.setdefault((other, one), []).append((similarity, places[1]))
        return tuple(
            Alike(
                self._students[student],
                self._students[other],
                tuple(dict.fromkeys(place for _, place in sorted(pairs, reverse=True))),
                max(similarity for similarity, _ in pairs),
            )
            for (student, other), pairs in sorted(found.items())
        )

    def _candidates(self) -> list[tuple[int, int]]:
        """Pairs of texts to compare, the earlier first: the same, and those with rare phrases in common."""
        low, high = FEW_PEOPLE
        most = min(high, max(low, int(len(self._students) * SHARE_OF_PEOPLE)))
        common: Counter[tuple[int, int]] = Counter()
        for part in self._phrases:
            for numbers in _together(part):
                people = {self._owners[number] for number in numbers}
                if 1 < len(people) <= most:
                    common.update(
                        pair
                        for pair in combinations(numbers, 2)
                        if self._owners[pair[0]] != self._owners[pair[1]]
                    )
        near = [(count, pair) for pair, count in common.items() if count >= PHRASES_IN_COMMON]
        near.sort(key=lambda one: (-one[0], one[1]))
        return list(dict.fromkeys((*self._same, *(pair for _, pair in near))))[:MOST_COMPARED]


def _together(part: array[int]) -> Iterable[list[int]]:
    """The numbers of the texts that have a phrase in common."""
    alone: dict[int, int] = {}
    together: dict[int, list[int]] = {}
    for entry in part:
        phrase, number = entry >> 32, entry & 0xFFFFFFFF
        if phrase in together:
            together[phrase].append(number)
        elif phrase in alone:
            together[phrase] = [alone[phrase], number]
        else:
            alone[phrase] = number
    return together.values()


def _similarity(one: list[str], other: list[str], own: frozenset[int]) -> float | None:
    """How alike two texts are, 0-1; ``None`` when they are not, or only where they quote the assignment."""
    shorter, longer = sorted((one, other), key=len)
    # Without what it quotes of the assignment, a text may be too short to be anybody's own.
    said = phrases(shorter) - own
    if len(said) < FEWEST_WORDS - 2:
        return None
    shared = said & phrases(longer)
    if len(shared) < OVERLAP * len(said):
        return None
    # Imported only here: most classes need no comparison at all.
    from rapidfuzz.distance import LCSseq
    from rapidfuzz.fuzz import ratio

    # In order, and whatever the order: sentences may have been moved.
    alike = max(ratio(one, other), ratio(sorted(one), sorted(other))) / 100
    if alike >= ALIKE:
        return alike
    # Nearly all of the shorter text stands in the longer one.
    taken = LCSseq.similarity(shorter, longer) / len(shorter)
    return taken if taken >= TAKEN_OVER and len(shared) * 2 >= len(said) else None
