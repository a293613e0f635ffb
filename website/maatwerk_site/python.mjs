// The browser's Python with what every chapter needs. To JupyterLite's kernel this is Pyodide: it asks for `loadPyodide`.
import { loadPyodide as load } from "./pyodide.mjs";

// In this order: the widgets look for the kernel as they are imported. Building the site compiles what these import.
const IMPORTS = ["piplite.piplite", "pyodide_kernel", "maatwerk_widgets"];

/** Pyodide, with the course's widgets imported while JupyterLab is still busy with the notebook. */
export async function loadPyodide(options) {
  const python = await load(options);
  // Pyodide looks for each module in the working folder first. The kernel makes that the folder of the notebook, which
  // the page keeps: to ask the page for every module took longer than to import them all.
  python.runPython("import sys; sys.path.remove('')");
  for (const name of IMPORTS) python.pyimport(name).destroy();
  return python;
}
