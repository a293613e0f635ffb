"""What a workshop takes when nothing else is said."""

from __future__ import annotations

from pathlib import Path

PORT = 8765
PEOPLE = 6_000
# From one address so many come in by themselves: more than fit in most rooms, fewer than fill a workshop.
PER_ADDRESS = 250
KEEP_DAYS = 30.0


def default_data() -> Path:
    """Where workshops are kept when nothing else is said."""
    return Path.home() / "maatwerk" / "live" / "workshops.db"
