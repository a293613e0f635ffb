"""What the command does with what goes wrong."""

from __future__ import annotations

import pytest
from maatwerk.text import LanguageError, as_language
from maatwerk_app.cli import main
from maatwerk_app.commands import submit as submit_command


def test_a_bug_is_not_hidden_as_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_: object) -> int:
        raise KeyError("a bug")

    monkeypatch.setattr(submit_command, "run", run)
    with pytest.raises(KeyError, match="a bug"):
        main(["submit", "opdracht-3-dilemmas"])


def test_an_unknown_language_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG_COURSE", "fr")
    assert main(["submit", "opdracht-3-dilemmas"]) == 2
    assert "kies/choose nl of/or en" in capsys.readouterr().err
    with pytest.raises(LanguageError, match="kies/choose nl of/or en"):
        as_language("fr")
