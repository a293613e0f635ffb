"""Voilà with a notebook of two sliders: what a visitor costs there."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat
import psutil
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

PORT = 8797
CELL = """
import ipywidgets as widgets
from IPython.display import display
display(widgets.IntSlider(description="person"), widgets.IntSlider(description="group"))
"""


def measure_voila(visitors: Sequence[int], ours: float | None) -> None:
    """Print memory a visitor, and the time until the page with its widgets is there."""
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder) / "two-sliders.ipynb"
        cells = [nbformat.v4.new_code_cell(CELL)]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), notebook)
        for people in visitors:
            asyncio.run(_measure(notebook, people, ours))


async def _measure(notebook: Path, people: int, ours: float | None) -> None:
    command = [sys.executable, "-m", "voila", str(notebook), f"--port={PORT}", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await _until_up()
        server = psutil.Process(process.pid)
        empty = _memory(server)
        took = sorted(await asyncio.gather(*(_visit() for _ in range(people))))
        each = (_memory(server) - empty) / people / 1024
        times = f", {each / ours:,.0f} × ours" if ours else ""
        print(
            f"{'voilà':<10} {people:>6} visitors   first widget {took[0]:.1f}–{took[-1]:.1f} s"
            f"   {each / 1024:6.1f} MB a visitor{times}",
            flush=True,
        )
    finally:
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
        process.wait()


async def _visit() -> float:
    began = time.monotonic()
    request = HTTPRequest(f"http://127.0.0.1:{PORT}/", connect_timeout=120, request_timeout=120)
    answer = await AsyncHTTPClient(force_instance=True).fetch(request)
    assert answer.body.count(b"application/vnd.jupyter.widget-view+json") >= 2
    return time.monotonic() - began


async def _until_up() -> None:
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", PORT)
        except OSError:
            await asyncio.sleep(0.2)
        else:
            writer.close()
            await asyncio.sleep(1)
            return
    raise RuntimeError("Voilà does not start")


def _memory(server: psutil.Process) -> float:
    """The server and all its kernels, shared pages counted by share, in bytes."""
    return float(sum(p.memory_full_info().pss for p in (server, *server.children(recursive=True))))
