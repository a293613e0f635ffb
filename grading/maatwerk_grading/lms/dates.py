"""Dates as LMSs write them, in any language that Babel knows; what could mean two days means none."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, tzinfo
from functools import cache

# What a European school's pages may be in; ours stand last, and win where languages share a word.
_LOCALES = (
    *(
        "bg",
        "ca",
        "cs",
        "cy",
        "da",
        "de",
        "el",
        "es",
        "et",
        "eu",
        "fi",
        "fr",
        "fy",
        "ga",
        "gl",
        "hr",
        "hu",
        "is",
    ),
    *("it", "lt", "lv", "nb", "nn", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk", "nl", "en"),
)
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
# 10:12, 10.12, 1012 and 912: an LMS leaves the colon out of a file name.
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})(?:[:.]?(\d{2}))(?:[:.](\d{2}))?(?!\d)")
_HALVES = {"am": 0, "pm": 12}


def read_date(text: str) -> datetime | None:
    """A date with its time of day, without a zone, or nothing when the text is no such thing.

    Examples
    --------
    ``Jan 9, 2026 1012 AM``, ``12 January, 2026 1012 AM``, ``Sunday, 29 November 2026, 11:00 PM``,
    ``zondag, 29 november 2026, 23:00``, ``2026-01-09 10:12``, ``29-11-2026 23:00``.
    """
    found = _day(text)
    if found is None:
        return None
    (year, month, day), rest = found
    clock = _CLOCK.search(rest)
    if clock is None:
        return None
    hour, minute, second = (int(part or 0) for part in clock.groups())
    half = _half(rest)
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + half
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


def to_utc(moment: datetime, zone: tzinfo | None) -> datetime:
    """A moment of the LMS's clock in UTC, without a zone; ``None`` stands for this computer's own."""
    aware = moment.astimezone() if zone is None else moment.replace(tzinfo=zone)
    return aware.astimezone(UTC).replace(tzinfo=None)


def _day(text: str) -> tuple[tuple[int, int, int], str] | None:
    """Year, month and day, and what is left of the text."""
    if iso := _ISO.search(text):
        year, month, day = map(int, iso.groups())
        return (year, month, day), text[iso.end() :]
    if numeric := _NUMERIC.search(text):
        first, second, year = map(int, numeric.groups())
        if first == second or second > 12:
            return (year, first, second), text[numeric.end() :]
        # 9-1 and 1/9 are one day or another; only a day above twelve tells.
        return ((year, second, first), text[numeric.end() :]) if first > 12 else None
    for word in _WORD.finditer(text):
        month_ = _months().get(_plain(word.group()))
        if month_ is None:
            continue
        before = [int(one.group()) for one in _NUMBER.finditer(text[: word.start()])]
        after = list(_NUMBER.finditer(text, word.end()))
        years = [one for one in after[:2] if len(one.group()) == 4 and one.group()[0] in "12"]
        if not years:
            continue
        of_year = years[0]
        days = before[-1:] if before else [int(one.group()) for one in after[: after.index(of_year)]]
        if len(days) == 1:
            return (int(of_year.group()), month_, days[0]), text[of_year.end() :]
    return None


def _half(text: str) -> int | None:
    words = "".join(one for one in text.casefold() if one.isalpha())
    return next((hours for half, hours in _HALVES.items() if words.startswith(half)), None)


@cache
def _months() -> dict[str, int]:
    from babel import Locale

    found: dict[str, set[int]] = {}
    ours: dict[str, int] = {}
    for code in _LOCALES:
        months = Locale.parse(code).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[form].get(width, {}).items():
                    for key in {_plain(name), _plain(name)[:3]} if code in ("nl", "en") else {_plain(name)}:
                        found.setdefault(key, set()).add(number)
                        if code in ("nl", "en"):
                            ours[key] = number
    # A word that is one month in one language and another in another tells nothing, unless it is ours.
    return {word: months.copy().pop() for word, months in found.items() if len(months) == 1 and word} | ours


def _plain(word: str) -> str:
    """The letters of a word without accents."""
    apart = unicodedata.normalize("NFKD", word).casefold()
    return "".join(one for one in apart if one.isalpha())
