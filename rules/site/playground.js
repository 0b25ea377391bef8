// The playground: what the visitor asks for goes to the worker, and what it answers is shown.

const $ = (id) => document.getElementById(id);
const FIELDS = ["rule", "input", "style", "function", "question", "text"];
const PATIENCE = 20_000; // milliseconds that a rule may take
const pyodide = new URL(document.body.dataset.pyodide, location.href).href;
let worker = null;
let ready = false;
let waiting = null; // what is to be asked as soon as the worker is ready
let patience = 0;

function begin() {
  worker?.terminate();
  ready = false;
  worker = new Worker("worker.js", { type: "module" });
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = () => say("the tracer could not be loaded: is Pyodide within reach?", "bad");
  worker.postMessage({ pyodide });
}

function hear({ ready: started, answer, failed }) {
  clearTimeout(patience);
  if (failed) say(failed, "bad");
  else if (started) {
    ready = true;
    say("ready");
    if (waiting) ask(waiting);
  } else if (answer.problem) say(answer.problem, "bad");
  else show(answer);
}

/** Ask for a trace, now or as soon as that is possible. */
function ask(wish) {
  waiting = null;
  if (!ready) {
    waiting = wish;
    say("loading Python …");
    if (!worker) begin();
    return;
  }
  say("tracing …");
  worker.postMessage({ asked: JSON.stringify(wish) });
  patience = setTimeout(() => {
    say(`stopped after ${PATIENCE / 1000} seconds`, "bad");
    begin();
  }, PATIENCE);
}

function show({ prompt, response, verdict, page }) {
  $("prompt").textContent = prompt;
  $("response").textContent = response;
  $("stepper").srcdoc = page;
  say(verdict || "traced", verdict.startsWith("wrong") ? "bad" : "");
}

function say(words, kind = "") {
  $("status").textContent = words;
  $("status").className = kind;
}

function wished() {
  return Object.fromEntries(FIELDS.map((name) => [name, $(name).value]).filter(([, value]) => value));
}

// The address: all that is asked, behind the #

function packed(wish) {
  const bytes = new TextEncoder().encode(JSON.stringify(wish));
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function unpacked(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const wish = JSON.parse(new TextDecoder().decode(Uint8Array.from(letters, (c) => c.charCodeAt(0))));
  return typeof wish === "object" && wish !== null ? wish : {};
}

/** Fill in what the address asks for; a rule that came with it waits for the visitor's word. */
function fill() {
  if (location.hash.length < 2) return;
  try {
    const wish = unpacked(location.hash.slice(1));
    for (const name of FIELDS) $(name).value = typeof wish[name] === "string" ? wish[name] : "";
    if (!$("style").value) $("style").selectedIndex = 0;
    $("more").open = Boolean($("text").value || $("question").value);
    say("this rule came with the link: look at it, then press Trace");
  } catch {
    say("the link is damaged: its rule cannot be read", "bad");
  }
}

$("wish").addEventListener("submit", (event) => {
  event.preventDefault();
  const wish = wished();
  history.replaceState(null, "", `#${packed(wish)}`);
  ask({ rule: "", input: "", ...wish });
});
$("share").addEventListener("click", async () => {
  history.replaceState(null, "", `#${packed(wished())}`);
  try {
    await navigator.clipboard.writeText(location.href);
    say("the link is copied");
  } catch {
    say("the link is in the address bar");
  }
});
$("rule").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("wish").requestSubmit();
});
addEventListener("hashchange", fill);

say("loading Python …");
begin();
fill();
