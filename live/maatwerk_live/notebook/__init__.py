"""The workshop in a notebook: the board that follows one, and the replay that looks back."""

from maatwerk_live.notebook.widgets import LiveBoard, Replay, replay, workshop

__all__ = ["LiveBoard", "Replay", "replay", "workshop"]
