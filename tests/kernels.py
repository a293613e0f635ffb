"""Run a notebook in a kernel of its own."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config import Config


def run_in_kernel(notebook: NotebookNode, folder: Path, timeout: int) -> None:
    """Run all cells, in ``folder``; each has ``timeout`` seconds.

    A kernel's ports are chosen before it starts: another that starts meanwhile may take them. Files it keeps.
    """
    with TemporaryDirectory(prefix="kernel-") as channels:
        config = Config({"KernelManager": {"transport": "ipc", "ip": f"{channels}/channel"}})
        resources = {"metadata": {"path": str(folder)}}
        NotebookClient(notebook, timeout=timeout, resources=resources, config=config).execute()
