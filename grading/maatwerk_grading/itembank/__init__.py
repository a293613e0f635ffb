"""The item bank: closed items made from the essay's tables, and marking a response to one. Pure."""

from maatwerk_grading.itembank.bank import build_bank, item_bank, items_about, items_by_key
from maatwerk_grading.itembank.items import AnyItem, Bank, Choice, Matching, Option, Ordering, Placing, Row
from maatwerk_grading.itembank.marking import Marked, Outcome, mark

__all__ = [
    "AnyItem",
    "Bank",
    "Choice",
    "Marked",
    "Matching",
    "Option",
    "Ordering",
    "Outcome",
    "Placing",
    "Row",
    "build_bank",
    "item_bank",
    "items_about",
    "items_by_key",
    "mark",
]
