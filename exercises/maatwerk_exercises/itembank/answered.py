"""A response together with how sure the learner was, as it is given and as a file keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from maatwerk_exercises.itembank.items import AnyItem
from maatwerk_exercises.itembank.marking import Marked, mark

Confidence = Literal["zeker", "twijfel", "gok"]
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)


@dataclass(frozen=True, slots=True)
class Answered:
    """A marked response, and how sure the learner said to be before it was marked."""

    response: Any
    confidence: Confidence
    marked: Marked

    def to_json(self) -> dict[str, Any]:
        """What a file keeps. :func:`read_answered` marks it anew: the outcome is for readers of the file."""
        return {
            "response": self.response,
            "confidence": self.confidence,
            "outcome": self.marked.outcome,
        }


def answered(item: AnyItem, response: object, confidence: object) -> Answered | None:
    """The response, marked; ``None`` when it is no answer to this item, or the confidence is none of ours."""
    marked = mark(item, response)
    for one in CONFIDENCES:
        if one == confidence and marked.outcome != "unanswered":
            return Answered(response, one, marked)
    return None


def read_answered(item: AnyItem, kept: object) -> Answered | None:
    """What :meth:`Answered.to_json` wrote; ``None`` for anything else that may stand in a file."""
    if not isinstance(kept, Mapping):
        return None
    return answered(item, kept.get("response"), kept.get("confidence"))
