"""A person's visit to the site, in one browser or another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page


@dataclass(frozen=True)
class Visit:
    """What a person has in front of them."""

    page: Page

    def downloaded(self, button: str, file: Path) -> Path:
        """The file that comes when a button is pressed, kept under a name."""
        with self.page.expect_download() as coming:
            self.page.get_by_role("button", name=button).press("Enter")
        coming.value.save_as(file)
        return file
