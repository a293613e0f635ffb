"""The item bank: closed items made from the essay's tables, and marking a response to one. Pure."""

from maatwerk_exercises.itembank.answered import CONFIDENCES, Answered, Confidence, answered, read_answered
from maatwerk_exercises.itembank.bank import build_bank, item_bank, items_about, items_by_key
from maatwerk_exercises.itembank.items import AnyItem, Bank, Choice, Matching, Option, Ordering, Placing, Row
from maatwerk_exercises.itembank.marking import Marked, Outcome, mark

__all__ = [
    "CONFIDENCES",
    "Answered",
    "AnyItem",
    "Bank",
    "Choice",
    "Confidence",
    "Marked",
    "Matching",
    "Option",
    "Ordering",
    "Outcome",
    "Placing",
    "Row",
    "answered",
    "build_bank",
    "item_bank",
    "items_about",
    "items_by_key",
    "mark",
    "read_answered",
]
