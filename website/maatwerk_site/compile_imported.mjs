// node compile_imported.mjs PYTHON INTO
// Compiles what the browser's Python imports before a chapter runs, by that Python itself. PYTHON is its folder, with
// `python.mjs`. In INTO, a/b.py becomes a/b.pyc.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, into] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/python.mjs`));
const lock = JSON.parse(readFileSync(`${folder}/pyodide-lock.json`, "utf8"));

// Node would show the line of Pyodide's own code that the mistake came from: a megabyte.
process.on("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});

const python = await loadPyodide({
  indexURL: folder,
  lockFileURL: `${folder}/pyodide-lock.json`,
  packages: Object.keys(lock.packages),
  // Or the order of a set, and with it the bytes, would differ each time.
  env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" },
});
python.FS.mkdirTree("/into");
python.mountNodeFS("/into", into);
python.runPython(`
import py_compile, sys, zipfile
from pathlib import Path

STANDARD_LIBRARY = "/lib/python314.zip"
SITE = "/lib/python3.14/site-packages"
with zipfile.ZipFile(STANDARD_LIBRARY) as archive:
    archive.extractall("/standard")
for file in sorted({getattr(module, "__file__", None) or "" for module in list(sys.modules.values())}):
    for root, source in ((STANDARD_LIBRARY, "/standard"), (SITE, SITE)):
        if file.startswith(root) and file.endswith(".py"):
            name = file.removeprefix(root + "/")
            py_compile.compile(
                f"{source}/{name}",
                f"/into/{name}c",
                # What a traceback names.
                dfile=file,
                doraise=True,
                # The site never changes a file, so Python need not look whether it did.
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )
`);
