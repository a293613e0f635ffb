"""The framework runs anywhere, in a browser too: it needs nothing but Python's own library."""

from __future__ import annotations

import json
import subprocess
import sys

READ_AND_LIST = """
import json, sys
before = set(sys.modules)
import maatwerk
maatwerk.framework()
print(json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before})))
"""


def test_the_framework_imports_no_third_party_module() -> None:
    run = subprocess.run(
        [sys.executable, "-I", "-c", READ_AND_LIST], capture_output=True, text=True, check=True
    )
    imported = set(json.loads(run.stdout))
    assert imported - sys.stdlib_module_names == {"maatwerk"}


def test_to_import_the_framework_is_not_to_read_it() -> None:
    """Every command begins with this: what only the tables need waits until they are asked for."""
    asked = "import sys, maatwerk; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-I", "-c", asked], capture_output=True, text=True, check=True)
    imported = set(run.stdout.split())
    assert "maatwerk.framework" in imported
    assert not imported & {"tomllib", "maatwerk.glossary", "maatwerk.loops", "maatwerk.rounds"}
