"""Where somebody stands between the poles of the considerations (tables 2.1 and 2.3)."""

from __future__ import annotations

# Seven places a consideration: right at a pole, clearly towards it, a little towards it, and the middle.
# Fewer would leave no room for doubt; more would ask for a precision that nobody has.
FURTHEST = 3

Profile = dict[str, int]
"""A position by consideration; one that was not answered is left out, which is not the same as the middle."""


def is_position(value: object) -> bool:
    """Whether ``value`` is a position: a whole number from -3 (the left pole) to 3 (the right pole)."""
    # bool is an int to Python, but 'true' is no position.
    return isinstance(value, int) and not isinstance(value, bool) and -FURTHEST <= value <= FURTHEST
