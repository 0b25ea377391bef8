// Runs the tracer beside the page, so that a rule that does not end can be ended.

let answer = null;

async function start(pyodide) {
  const { loadPyodide } = await import(`${pyodide}pyodide.mjs`);
  const python = await loadPyodide({ indexURL: pyodide });
  const archive = await fetch(new URL("tracer.zip", location.href));
  if (!archive.ok) throw new Error(`tracer.zip: ${archive.status}`);
  python.unpackArchive(await archive.arrayBuffer(), "zip", { extractDir: "/lib/rfft-site" });
  python.runPython('import sys; sys.path.insert(0, "/lib/rfft-site")');
  answer = python.pyimport("playground").answer;
}

onmessage = async ({ data }) => {
  try {
    if (data.pyodide) {
      await start(data.pyodide);
      postMessage({ ready: true });
    } else postMessage({ answer: JSON.parse(answer(data.asked)) });
  } catch (error) {
    postMessage({ failed: String(error.message ?? error).trim().split("\n").at(-1) });
  }
};
