"""How much of something may happen in a while."""

from __future__ import annotations


class Bucket:
    """Tokens that come back at a steady rate, up to a burst.

    Parameters
    ----------
    rate : float
        Tokens a second.
    burst : int
        The most that there can be.
    now : float
        The time, in seconds, on any clock that never goes back.
    """

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = float(burst)
        self._at = now

    def take(self, now: float) -> bool:
        """Take a token; ``False`` when there is none."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def give_back(self) -> None:
        """Put a token back that was taken for nothing."""
        self._left = min(self._burst, self._left + 1)
