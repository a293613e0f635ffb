"""Running any cell of the instructor's: IPython in this process, with what a kernel would have sent on kept.

Slow to start and rarely needed; see :mod:`maatwerk_grading.autograde.cells`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from maatwerk_grading.autograde.marks import Output

TIMEOUT = "CellTimeoutError"


class _Kept:
    """What the running cell has shown so far."""

    outputs: list[Output] = []  # noqa: RUF012  (one at a time, as there is one shell)


class _Stream:
    """stdout or stderr: what is written becomes an output of the cell."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, text: str) -> int:
        """Add to the cell's output of this stream."""
        for output in _Kept.outputs:
            if output["output_type"] == "stream" and output["name"] == self.name:
                output["text"] += text
                break
        else:
            if text:
                _Kept.outputs.append({"name": self.name, "output_type": "stream", "text": text})
        return len(text)

    def flush(self) -> None:
        """Nothing waits to be written."""

    def isatty(self) -> bool:
        """Nobody sits at this one."""
        return False


class _Publisher(DisplayPublisher):
    """``display()``: an output with data."""

    def publish(  # type: ignore[override]
        self, data: Any, metadata: Any = None, **_: Any
    ) -> None:
        """Add it to the cell's outputs."""
        output = {"data": dict(data), "metadata": dict(metadata or {}), "output_type": "display_data"}
        _Kept.outputs.append(output)

    def clear_output(self, wait: bool = False) -> None:
        """Throw away what the cell has shown."""
        _Kept.outputs.clear()


class _Hook(DisplayHook):
    """The value of the cell's last line: its result."""

    def write_output_prompt(self) -> None:
        """A notebook has none."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Add it to the cell's outputs."""
        _Kept.outputs.append(
            {
                "data": dict(format_dict),
                "execution_count": self.prompt_count,
                "metadata": dict(md_dict or {}),
                "output_type": "execute_result",
            }
        )

    def finish_displayhook(self) -> None:
        """A notebook shows no empty line after it."""


class _Shell(InteractiveShell):
    """IPython without a terminal: errors are kept as they are, for the notebook."""

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        _Kept.outputs.append(
            {"ename": etype.__name__, "evalue": str(evalue), "output_type": "error", "traceback": list(stb)}
        )

    def init_sys_modules(self) -> None:
        """Leave this program's own ``__main__`` alone."""


class _TimeoutError(BaseException):
    """A cell took too long. No cell's own ``except Exception`` may catch it."""


_TimeoutError.__name__ = TIMEOUT


def run_in_shell(
    sources: Sequence[str], folder: Path, helpers: Path, seconds: int | None
) -> list[list[Output]]:
    """The outputs of each cell, run in order and in one namespace, as a kernel would have given them.

    Parameters
    ----------
    sources : sequence of str
        The instructor's cells; never anything of a learner's.
    folder : Path
        Where they run: beside the answers.
    helpers : Path
        The assignment's source folder, whose modules the cells may import.
    seconds : int or None
        How long a cell may take, where the system can say so.
    """
    shell = _shell()
    shell.reset(new_session=True)  # type: ignore[no-untyped-call]
    shown = []
    with _placed(folder, helpers), _streams(), _warnings():
        for source in sources:
            _Kept.outputs = []
            with _at_most(seconds):
                shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
            shown.append(_Kept.outputs)
    return shown


def _shell() -> InteractiveShell:
    if not _Shell.initialized():
        config = Config()
        config.HistoryManager.enabled = False
        _Shell.instance(config=config, display_pub_class=_Publisher, displayhook_class=_Hook, parent=None)
    return _Shell.instance()


@contextlib.contextmanager
def _streams() -> Iterator[None]:
    with contextlib.redirect_stdout(_Stream("stdout")), contextlib.redirect_stderr(_Stream("stderr")):
        yield


@contextlib.contextmanager
def _warnings() -> Iterator[None]:
    """Warn each submission anew, as a kernel of its own would: a cell that warns earns nothing."""

    def show(
        message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None
    ) -> None:
        sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))

    # This forgets, too, what has been warned of before.
    with warnings.catch_warnings():
        warnings.showwarning = show
        yield


@contextlib.contextmanager
def _placed(folder: Path, helpers: Path) -> Iterator[None]:
    """Work in ``folder``, and import from ``helpers`` but never from ``folder``: it is a learner's."""
    before, path, quietly = Path.cwd(), sys.path, sys.dont_write_bytecode
    os.chdir(folder)
    sys.dont_write_bytecode = True
    sys.path = [str(helpers), *(str(before / entry) for entry in path)]
    try:
        yield
    finally:
        os.chdir(before)
        sys.path, sys.dont_write_bytecode = path, quietly
        # The next submission finds the instructor's modules as new as this one did.
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(f"{helpers}{os.sep}"):
                del sys.modules[name]


@contextlib.contextmanager
def _at_most(seconds: int | None) -> Iterator[None]:
    if not seconds or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
