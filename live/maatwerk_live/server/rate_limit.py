"""How much of something may happen in a while."""

from __future__ import annotations


class TokenBucket:
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


class Buckets:
    """A bucket for each of many, such as the places that people come from.

    Parameters
    ----------
    rate, burst : float, int
        As of a :class:`TokenBucket`.
    most : int
        How many to remember. With more, those are forgotten that were not heard of for longest.
    """

    def __init__(self, rate: float, burst: int, most: int = 10_000) -> None:
        self._rate = rate
        self._burst = burst
        self._most = most
        self._buckets: dict[str, TokenBucket] = {}

    def of(self, name: str, now: float) -> TokenBucket:
        """The bucket of one of them."""
        bucket = self._buckets.pop(name, None) or TokenBucket(self._rate, self._burst, now)
        self._buckets[name] = bucket
        if len(self._buckets) > self._most:
            del self._buckets[next(iter(self._buckets))]
        return bucket
