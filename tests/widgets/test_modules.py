"""A widget's module is one that imports nothing, and does what its file with its imports does."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from maatwerk_live.content import STATIC as LIVE
from maatwerk_widgets.looks import STATIC
from maatwerk_widgets.modules import one_module

WIDGETS = [
    file
    for folder in (STATIC, LIVE)
    for file in sorted(folder.glob("*.js"))
    if "export default { render };" in file.read_text(encoding="utf-8")
]
EXPORTED = re.compile(r"^export (?:async )?(?:function|class|const|let) (\w+)", re.M)
# What each module exports, and what kind of thing it is.
ASK = """for (const file of process.argv.slice(1)) {
  const module = await import(file);
  console.log(JSON.stringify([Object.keys(module).sort(), typeof module.default.render]));
}"""


def asked(*modules: Path) -> list[tuple[list[str], str]]:
    run = ["node", "--input-type=module", "--eval", ASK, *(str(one) for one in modules)]
    said = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    return [tuple(json.loads(line)) for line in said.splitlines()]


def test_each_widget_is_one_module_that_exports_what_its_file_does(tmp_path: Path) -> None:
    assert len(WIDGETS) > 15
    made = []
    for number, file in enumerate(WIDGETS):
        made.append(tmp_path / f"{number}.mjs")
        made[-1].write_text(one_module(file), encoding="utf-8")
        assert not re.search(r"^import ", one_module(file), re.M)
    for file, (names, render) in zip(WIDGETS, asked(*made), strict=True):
        own = EXPORTED.findall(file.read_text(encoding="utf-8"))
        assert names == sorted(["default", *own]), file.name
        assert render == "function", file.name


def test_what_two_modules_call_the_same_stays_apart_and_runs_once(tmp_path: Path) -> None:
    (tmp_path / "count.js").write_text(
        "globalThis.ran = (globalThis.ran ?? 0) + 1;\nconst own = 1;\n"
        "export function one() {\n  return own;\n}\n"
    )
    (tmp_path / "twice.js").write_text(
        'import { one as two } from "./count.js";\n\nconst own = 2;\nexport const sum = own + two();\n'
    )
    (tmp_path / "entry.js").write_text(
        'import { one } from "./count.js";\nimport { sum } from "./twice.js";\n\n'
        "export const found = [one(), sum, globalThis.ran];\nexport default { render: () => found };\n"
    )
    made = tmp_path / "made.mjs"
    made.write_text(one_module(tmp_path / "entry.js"), encoding="utf-8")
    run = ["node", "--input-type=module", "--eval", f"console.log((await import('{made}')).default.render())"]
    assert "[ 1, 3, 1 ]" in subprocess.run(run, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("folder", [STATIC, LIVE], ids=["widgets", "live"])
def test_what_all_widgets_share_is_written_in_one_place(folder: Path) -> None:
    shared = EXPORTED.findall((STATIC / "dom.js").read_text(encoding="utf-8"))
    assert {"html", "svg", "format", "listen"} <= set(shared)
    again = re.compile(rf"function ({'|'.join(shared)})\(|createElementNS")
    for file in folder.glob("*.js"):
        if file.name != "dom.js":
            assert not again.search(file.read_text(encoding="utf-8")), file.name
