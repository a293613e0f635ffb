"""Handing in through nbgrader's exchange, where a school has one: a folder that learners and teachers share.

Most learners have no nbgrader, and importing it takes seconds: it is imported only to hand in.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from maatwerk import Language
from maatwerk.errors import CommandError

from maatwerk_learner.hand_in import TEXTS

# Where nbgrader looks when it is not told where.
USUAL_ROOT = "/usr/local/share/nbgrader/exchange"


@dataclass(frozen=True, slots=True)
class Exchange:
    """The way to a teacher.

    Parameters
    ----------
    config : traitlets.config.Config
        nbgrader's own, with the course in it.
    folder : Path
        Of the course in the exchange. An exchange of another kind than nbgrader's own does not use it.
    """

    config: Any
    folder: Path

    def submit(self, files: Mapping[str, bytes], assignment: str, language: Language) -> None:
        """Give these files to the teacher; what was handed in before stays too.

        Parameters
        ----------
        files : mapping
            The content of each file, by name.
        assignment : str
            The key of the assignment.
        language : {"nl", "en"}
            In which the learner is told what is wrong.

        Raises
        ------
        CommandError
            When the teacher did not open the assignment, or it fails for another reason.
        """
        from nbgrader.auth import Authenticator
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.exchange import ExchangeError, ExchangeFactory

        config = self.config.copy()
        config.CourseDirectory.assignment_id = assignment
        config.Exchange.path_includes_course = False
        # nbgrader takes a whole folder, so it gets one with these files only.
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name, assignment)
            folder.mkdir()
            for file, content in files.items():
                (folder / file).write_bytes(content)
            config.Exchange.assignment_dir = name
            sender = ExchangeFactory(config=config).Submit(
                coursedir=CourseDirectory(config=config),
                authenticator=Authenticator(config=config),
                config=config,
            )
            sender.log = _quiet()
            try:
                sender.start()
            except (ExchangeError, OSError, RuntimeError) as error:
                key = "exchange_failed" if self._has_opened(assignment) else "exchange_not_opened"
                said = TEXTS[key][language].format(assignment=assignment, reason=error)
                raise CommandError(said) from None

    def _has_opened(self, assignment: str) -> bool:
        return is_of_another_kind(self.config) or (self.folder / "outbound" / assignment).is_dir()


def find_exchange(language: Language) -> Exchange | None:
    """The exchange for the course in this language, or ``None`` where there is none.

    nbgrader's own configuration says where it is, and may give the course another name.
    """
    if find_spec("nbgrader") is None:
        return None
    config = _configuration()
    course = config.CourseDirectory.get("course_id", None) or f"maatwerk-{language}"
    config.CourseDirectory.course_id = course
    folder = Path(config.Exchange.get("root", USUAL_ROOT), course)
    # Who set up another kind means it to be used.
    if is_of_another_kind(config) or (folder / "inbound").is_dir():
        return Exchange(config, folder)
    return None


def is_of_another_kind(config: Any) -> bool:
    """Whether nbgrader was told to use a plugin instead of a folder."""
    return "submit" in config.ExchangeFactory


def _configuration() -> Any:
    """What the machine or the school has set; nothing that happens to lie in the working directory."""
    from jupyter_core.application import JupyterApp

    app = JupyterApp(config_file_name="nbgrader_config")
    app.load_config_file()
    return app.config.copy()


def _quiet() -> logging.Logger:
    """What nbgrader says is for teachers; a learner gets a sentence of ours."""
    log = logging.getLogger("maatwerk.exchange")
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    return log
