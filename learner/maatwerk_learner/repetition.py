"""When which item comes back: spaced retrieval, on the FSRS scheduler. Pure; the clock is passed in.

The state is what the answers file keeps under the key ``herhaling``: by item a card with when it was last
answered, when it is due, and what FSRS remembers of it. Anything else that stands there counts as an item
that was never answered.

An item comes back on the day it is due, at any hour: nobody practises at the same minute each day. Of one
day only the first answer to an item counts: what is right was told after it, so a second answer says nothing
about memory.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import fsrs
from maatwerk_exercises.itembank import Answered, AnyItem, Bank, Confidence, Outcome
from maatwerk_exercises.itembank.draw import shuffled

from maatwerk_learner.answers import Fields

# The key in the answers file.
REPETITION = "herhaling"

LONGEST_DAYS = 180
MOST_ITEMS = 12
MOST_NEW = 6

# Whole days only, and no chance in it: who answers the same gets the same.
_SCHEDULER = fsrs.Scheduler(
    learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_DAYS, enable_fuzzing=False
)
_RATINGS: Mapping[Confidence, fsrs.Rating] = {
    "zeker": fsrs.Rating.Easy,
    "twijfel": fsrs.Rating.Good,
    "gok": fsrs.Rating.Hard,
}


@dataclass(frozen=True, slots=True)
class Card:
    """What is remembered of one item.

    Parameters
    ----------
    last, due : datetime
        When it was last answered, and when it comes back; both in UTC.
    stability : float
        In how many days the chance to remember it drops to nine in ten (FSRS).
    difficulty : float
        From 1 to 10 (FSRS).
    """

    last: datetime
    due: datetime
    stability: float
    difficulty: float

    @classmethod
    def parse(cls, kept: object) -> Card | None:
        """Read what :meth:`to_json` wrote; ``None`` for anything else."""
        if not isinstance(kept, Mapping):
            return None
        last, due = (_moment(kept.get(name)) for name in ("last", "due"))
        stability = _number(kept.get("stability"), 0.0001, 100 * LONGEST_DAYS)
        difficulty = _number(kept.get("difficulty"), 1, 10)
        if last is None or due is None or stability is None or difficulty is None:
            return None
        # Further away than the scheduler puts anything: no schedule of ours.
        if not last <= due <= last + timedelta(days=LONGEST_DAYS + 1):
            return None
        return cls(last, due, stability, difficulty)

    def to_json(self) -> dict[str, Any]:
        """The card as the answers file keeps it."""
        return {
            "last": self.last.isoformat(timespec="seconds"),
            "due": self.due.isoformat(timespec="seconds"),
            "stability": self.stability,
            "difficulty": self.difficulty,
        }

    def is_due(self, now: datetime) -> bool:
        """Whether it comes back today, or should have done so.

        Also when it was last answered later than today: then some clock was wrong, and nothing else would
        bring it back.
        """
        today = now.date()
        return _day(self.due, now) <= today or _day(self.last, now) > today


def rating(outcome: Outcome, confidence: Confidence) -> fsrs.Rating:
    """How well an item was remembered: wrong is forgotten, and the less sure, the sooner it comes back.

    What is partly right is at most as good as a lucky guess.
    """
    if outcome == "right":
        return _RATINGS[confidence]
    return fsrs.Rating.Hard if outcome == "partial" and confidence != "gok" else fsrs.Rating.Again


def reviewed(state: Fields, item: AnyItem, given: Answered, now: datetime) -> Fields:
    """What changes in the state by an answer: one card, or nothing when the item was answered today already.

    Raises
    ------
    ValueError
        When ``now`` does not say its time zone.
    """
    _aware(now)
    before = Card.parse(state.get(item.key))
    if before is not None and _day(before.last, now) == now.date():
        return {}
    # A card from a later day than today is one of a wrong clock: start afresh.
    known = before if before is not None and _day(before.last, now) < now.date() else None
    grade = rating(given.marked.outcome, given.confidence)
    after, _ = _SCHEDULER.review_card(_as_fsrs(known, now), grade, now.astimezone(UTC))
    assert after.stability is not None and after.difficulty is not None and after.last_review is not None
    card = Card(after.last_review, after.due, after.stability, after.difficulty)
    return {item.key: card.to_json()}


def due(state: Fields, now: datetime) -> tuple[str, ...]:
    """The keys of the items that come back today: what waits longest first.

    Raises
    ------
    ValueError
        When ``now`` does not say its time zone.
    """
    _aware(now)
    waiting = {key: card for key, card in _cards(state).items() if card.is_due(now)}
    return tuple(sorted(waiting, key=lambda key: (waiting[key].due, key)))


def due_count(state: Fields, now: datetime) -> int:
    """How many items come back today.

    Parameters
    ----------
    state : mapping
        What the answers file keeps under ``herhaling``; whatever stands in it, this does not fail.
    now : datetime
        With its time zone: what is today depends on it.
    """
    return len(due(state, now))


def session(state: Fields, answers: Mapping[str, Fields], bank: Bank, now: datetime) -> tuple[AnyItem, ...]:
    """What to ask today: what is due, and after that what is new from the chapters that were finished.

    At most a dozen items, no two on the same fact: the first would give the second away.

    Parameters
    ----------
    state : mapping
        What the answers file keeps under ``herhaling``.
    answers : mapping
        The whole answers file, by chapter: new items come from finished chapters only.
    bank : mapping
        All items.
    now : datetime
        With its time zone.
    """
    cards = _cards(state)
    old = _one_a_fact(bank[key] for key in due(state, now) if key in bank)[:MOST_ITEMS]
    room = min(MOST_ITEMS - len(old), MOST_NEW)
    return (*old, *_new(cards, old, finished(answers), bank)[:room])


def _new(
    cards: Mapping[str, Card], old: Iterable[AnyItem], chapters: Collection[str], bank: Bank
) -> list[AnyItem]:
    """Items that were never answered: on facts that were never asked first, on none that is asked today."""
    today = {item.fact for item in old}
    known = {bank[key].fact for key in cards if key in bank}
    new = [
        item
        for item in bank.values()
        if item.key not in cards and item.chapter in chapters and item.fact not in today
    ]
    mixed = shuffled(REPETITION, new, lambda item: item.key)
    return _one_a_fact(sorted(mixed, key=lambda item: item.fact in known))


def finished(answers: Mapping[str, Fields]) -> frozenset[str]:
    """The chapters of the essay in which the learner decided a second time, such as ``{"2", "5"}``.

    A chapter's key begins with its number (``05-doorbreken``); its second decision is kept as ``….after``.
    """
    return frozenset(
        key[:2].lstrip("0")
        for key, fields in answers.items()
        if key[:2].isdecimal() and isinstance(fields, Mapping) and any(f.endswith(".after") for f in fields)
    )


def coming(state: Fields, now: datetime) -> Mapping[int, int]:
    """In how many days how many items come back, from the first day to the last; today is 0.

    Raises
    ------
    ValueError
        When ``now`` does not say its time zone.
    """
    _aware(now)
    days = Counter(
        0 if card.is_due(now) else (_day(card.due, now) - now.date()).days for card in _cards(state).values()
    )
    return dict(sorted(days.items()))


def _cards(state: Fields) -> Mapping[str, Card]:
    read = {key: Card.parse(kept) for key, kept in state.items()}
    return {key: card for key, card in read.items() if card is not None}


def _one_a_fact(items: Iterable[AnyItem]) -> list[AnyItem]:
    first_on: dict[str, AnyItem] = {}
    for item in items:
        first_on.setdefault(item.fact, item)
    return list(first_on.values())


def _as_fsrs(card: Card | None, now: datetime) -> fsrs.Card:
    # With a number of its own: without one, FSRS waits for the clock to make one.
    if card is None:
        return fsrs.Card(card_id=0, due=now.astimezone(UTC))
    return fsrs.Card(
        card_id=0,
        state=fsrs.State.Review,
        stability=card.stability,
        difficulty=card.difficulty,
        due=card.due,
        last_review=card.last,
    )


def _aware(now: datetime) -> None:
    if now.tzinfo is None:
        raise ValueError("now: a time with its time zone is needed, for instance datetime.now().astimezone()")


def _day(moment: datetime, now: datetime) -> date:
    """On which day a moment falls, where ``now`` is."""
    return moment.astimezone(now.tzinfo).date()


def _moment(written: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    # The first and the last years cannot be moved between time zones.
    if moment.tzinfo is None or not 2000 <= moment.year < 9000:
        return None
    return moment.astimezone(UTC)


def _number(value: object, least: float, most: float) -> float | None:
    # bool is an int to Python, but 'true' is no number.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and least <= value <= most else None
