// Runs inside.py in Pyodide: node run.mjs PYODIDE-FOLDER ARCHIVE.zip

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, archive] = process.argv.slice(2);
try {
  const { loadPyodide } = await import(pathToFileURL(resolve(folder, "pyodide.mjs")));
  const python = await loadPyodide();
  python.unpackArchive(new Uint8Array(readFileSync(archive)), "zip", { extractDir: "/lib/under-test" });
  python.runPython(`
import sys
sys.path.insert(0, "/lib/under-test")
from tests.tracer.newest.inside import main
main()
`);
} catch (error) {
  console.log(`failed: ${String(error.message ?? error).slice(-2000)}`);
  process.exitCode = 1;
}
