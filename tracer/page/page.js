// The page: one trace out of those that it holds, at one of its steps.

const $ = (id) => document.getElementById(id);
const views = [...document.querySelectorAll("script.view")];
const lists = { rule: new LineList($("rule")), true: new LineList($("true")), given: new LineList($("given")) };
const search = new Search();
let trace = null;
let at = 0; // the stop: a step, or a part of one; see trace.js
let frame = 0; // whose variables are shown, by its place in the stack
let current = { rule: [0, 0], true: new Set(), given: new Set() }; // lines that the stop is about

// Choosing a trace

function open(number, step = null) {
  const view = JSON.parse(views[number].textContent);
  trace = new Trace(view);
  const { given } = trace;
  put(clear($("title")), view.function || "Trace");
  $("title").append(make("code", "", `(${short(view.input)})`));
  $("view").value = number;
  drawNotes(view, given);
  $("prompt-text").replaceChildren(make("span", "", view.prompt));
  $("show-prompt").hidden = !view.prompt;
  $("true-title").textContent = given ? "True trace" : "Trace";
  $("stepless").hidden = trace.told || !trace.lines.length;
  document.body.classList.toggle("compares", Boolean(given));
  choose("given");
  const coloured = colours(view.source);
  search.clear([trace.lines, given ? given.lines : []]);
  $("words").value = "";
  drawFound();
  const blank = trace.source.findIndex((line) => line.trim());
  lists.rule.show(trace.source.length, (line) => coloured[line - 1] ?? [], dressRule, Math.max(blank, 0));
  lists.true.show(trace.lines.length, piecesOfTrue, dressTrue);
  if (given) lists.given.show(given.lines.length, piecesOfGiven, dressGiven);
  $("slider").max = Math.max(trace.count, 1);
  const wrong = given ? given.wrongStop : null;
  $("to-wrong").hidden = wrong === null || trace.count === 0;
  $("wrong-mark").hidden = $("to-wrong").hidden;
  $("wrong-mark").style.setProperty("--at", trace.count > 1 ? wrong / (trace.count - 1) : 0);
  go(step ?? wrong ?? 0);
  if (given && given.wrong !== null) lists.given.reveal(given.wrong);
}

function clear(element) {
  element.replaceChildren();
  return element;
}

function drawNotes(view, given) {
  const notes = view.notes.map((note) => make("p", "note bad", note));
  if (given) {
    const { words, right, left } = given.data;
    const box = make("div", right === null ? "verdict" : right ? "verdict right" : "verdict wrong");
    const [first = "not judged", ...rest] = words;
    const headline = first[0].toUpperCase() + first.slice(1);
    const details = make("details", "", make("summary", "", headline), make("pre", "", rest.join("\n")));
    details.open = matchMedia("(min-width: 60rem)").matches;
    box.append(rest.length ? details : make("strong", "", headline));
    if (left) box.append(make("p", "", `${left.toLocaleString("en")} more characters of the text are left out`));
    notes.push(box);
  }
  $("notes").replaceChildren(...notes);
  $("notes").hidden = !notes.length;
}

// Lines as they look at any step

function look(line, recites) {
  if (recites) return "recited";
  if (/^So the answer is /.test(line)) return "answer";
  if (/^The rule raises /.test(line)) return "raises";
  if (/^\d+(\.\d+)*\.? \S/.test(line)) return "section";
  return / = /.test(line) ? "" : "phrase";
}

function piecesOfTrue(line) {
  const text = trace.lines[line - 1];
  if (trace.given?.instead === line && !search.words && !trace.given.missing) {
    return differing("due", text, trace.given.lines[trace.given.wrong - 1]);
  }
  return search.pieces(look(text, trace.recites(line)), text);
}

function piecesOfGiven(line) {
  const { given } = trace;
  const text = given.lines[line - 1];
  if (line === given.wrong && given.missing) return [["missing", "the text ends here"]];
  if (line === given.wrong && given.instead !== null && !search.words) {
    return differing("slip", text, trace.lines[given.instead - 1]);
  }
  const same = given.ofGiven.get(line);
  return search.pieces(look(text, same ? trace.recites(same) : trace.recited.has(text.trim())), text);
}

// Lines as they look at the current step

function dressRule(line) {
  const [first, last] = current.rule;
  const marks = [];
  if (line >= first && line <= last) marks.push("current");
  if (trace.visits.has(line)) marks.push("visited");
  if (trace.given?.wrongStop === at && marks[0] === "current") marks.push("wrong");
  else if (trace.given?.ruleLine(at) === line && marks[0] !== "current") marks.push("theirs");
  return marks.join(" ");
}

function dressTrue(line) {
  const marks = ["link"];
  if (current.true.has(line)) marks.push("current");
  else if (!current.true.size && trace.cursor[at] === line) marks.push("passed");
  if (trace.given?.instead === line) marks.push("instead");
  return marks.join(" ");
}

function dressGiven(line) {
  const marks = trace.given.stopOf(line, trace) === undefined ? [] : ["link"];
  if (current.given.has(line)) marks.push("current");
  if (trace.given.wrong === line) marks.push("wrong");
  else if (trace.given.wrong !== null && line > trace.given.wrong) marks.push("after");
  return marks.join(" ");
}

// Going to a step

function go(index) {
  if (!trace.count) {
    current = { rule: [0, 0], true: new Set(), given: new Set() };
    $("position").textContent = "no steps";
    for (const id of ["first", "back", "over", "forward", "out", "last", "slider"]) $(id).disabled = true;
    clear($("step"));
    $("frames").hidden = true;
    clear($("state"));
    return;
  }
  at = Math.max(0, Math.min(index, trace.count - 1));
  const step = trace.at(at);
  const lines = new Set(trace.linesOfStop(at));
  const given = trace.given ? trace.given.linesBeside(at, trace) : new Set();
  current = { rule: [step.line, step.line + step.height - 1], true: lines, given };
  drawStep($("step"), trace, at);
  chooseFrame(0);
  for (const list of Object.values(lists)) list.redress();
  lists.rule.reveal(...current.rule);
  showLines(lines, trace.cursor[at]);
  if (trace.given) showGiven(given);
  $("slider").value = at + 1;
  $("slider").ariaValueText = told(trace, at);
  $("position").textContent = `${(at + 1).toLocaleString("en")} / ${trace.count.toLocaleString("en")}`;
  $("first").disabled = $("back").disabled = at === 0;
  $("last").disabled = $("forward").disabled = $("over").disabled = at === trace.count - 1;
  $("out").disabled = trace.depth(at) < 2;
  $("slider").disabled = false;
  say();
  remember();
}

/** Show the variables of a frame, by its place in the stack: 0 is the innermost. */
function chooseFrame(number) {
  frame = number;
  const stack = trace.stack(at);
  drawFrames($("frames"), trace, stack, frame, (wanted) => {
    chooseFrame(wanted);
    lists.rule.reveal(trace.step(stack[wanted].step).line);
    $("frames").querySelector("[aria-pressed=true]").focus();
  });
  drawState($("state"), trace, at, stack[frame]);
}

/** Go on, or back, over what a step calls. */
function over(by) {
  go(trace.upTo(at, by, trace.depth(at)));
}

/** Go on to where the caller does, or back to where it calls. */
function out(by) {
  if (trace.depth(at) > 1) go(trace.upTo(at, by, trace.depth(at) - 1));
}

function showLines(lines, otherwise) {
  const run = first(lines);
  if (run.length) lists.true.reveal(run[0], run.at(-1));
  else if (otherwise) lists.true.reveal(otherwise);
}

/** Bring the lines of the model's text beside those of the trace, as far as they are the same. */
function showGiven(lines) {
  const [line] = lines;
  if (line === undefined) return;
  const same = line === trace.given.wrong ? trace.given.instead : trace.given.ofGiven.get(line);
  if (same) lists.given.align(line, lists.true, same);
  lists.given.reveal(line);
}

/** Return the first run of lines; others may be far away. */
function first(lines) {
  const found = [];
  for (const line of lines) {
    if (found.length && line !== found.at(-1) + 1) break;
    found.push(line);
  }
  return found;
}

let saying = 0;
function say() {
  clearTimeout(saying); // of many quick steps, the last one is told
  saying = setTimeout(() => ($("said").textContent = told(trace, at)), 300);
}

let remembering = 0;
function remember() {
  clearTimeout(remembering); // browsers refuse to note every step of a quick walk
  remembering = setTimeout(() => {
    const place = `#${views.length > 1 ? `${$("view").value}.` : ""}${at + 1}`;
    try {
      history.replaceState(null, "", place);
    } catch {
      // A page that has no address of its own.
    }
  }, 300);
}

/** Return the view and the step that the address names. */
function remembered() {
  const match = /^#(?:(\d+)\.)?(\d+)$/.exec(location.hash);
  if (!match) return [0, null];
  return [Math.min(Number(match[1] ?? 0), views.length - 1), Number(match[2]) - 1];
}

/** Go to the next step, or the one before, at a line of the rule. */
function visit(line, by) {
  const steps = trace.visits.get(line);
  if (!steps) return;
  const next = by > 0 ? steps.find((stop) => stop > at) : steps.findLast((stop) => stop < at);
  const here = current.rule[0] === line;
  if (next !== undefined) go(next);
  else if (!here) go(by > 0 ? steps[0] : steps.at(-1));
}

// Searching

function drawFound() {
  const count = search.matches.length;
  const where = search.at < 0 ? "" : `${(search.at + 1).toLocaleString("en")} / `;
  $("found").textContent = search.words ? where + count.toLocaleString("en") : "";
  $("found-back").disabled = $("found-next").disabled = !count;
}

function goToMatch(match) {
  drawFound();
  if (!match) return;
  const [text, line] = match;
  const list = text ? lists.given : lists.true;
  const stop = text ? trace.given.stopOf(line, trace) : trace.stopAt(line);
  if (trace.given) choose(text ? "given" : "true");
  if (stop !== undefined && trace.count) go(stop);
  list.reveal(line);
}

$("words").addEventListener("input", () => {
  search.look($("words").value);
  lists.true.refill();
  if (trace.given) lists.given.refill();
  goToMatch(search.matches.length ? search.start(0, trace.cursor[at] || 1) : null);
});
$("search").addEventListener("submit", (event) => {
  event.preventDefault();
  goToMatch(search.move(1));
});
$("found-back").addEventListener("click", () => goToMatch(search.move(-1)));
$("words").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.shiftKey) {
    event.preventDefault();
    goToMatch(search.move(-1));
  } else if (event.key === "Escape") {
    $("words").blur();
  }
});

// Clicks and keys

function clicked(list, act) {
  lists[list].box.addEventListener("click", (event) => {
    const row = event.target.closest(".line");
    if (row && !String(getSelection())) act(Number(row.dataset.line));
  });
}

clicked("rule", (line) => visit(line, 1));
clicked("true", (line) => go(trace.stopAt(line)));
clicked("given", (line) => {
  const stop = trace.given.stopOf(line, trace);
  if (stop !== undefined) go(stop);
});
$("first").addEventListener("click", () => go(0));
$("back").addEventListener("click", () => go(at - 1));
$("forward").addEventListener("click", () => go(at + 1));
$("over").addEventListener("click", () => over(1));
$("out").addEventListener("click", () => out(1));
$("last").addEventListener("click", () => go(trace.count - 1));
$("to-wrong").addEventListener("click", toWrong);
$("slider").addEventListener("input", () => go(Number($("slider").value) - 1));
$("view").addEventListener("change", () => open(Number($("view").value)));
$("show-prompt").addEventListener("click", () => $("prompt").showModal());
$("show-keys").addEventListener("click", () => $("keys").showModal());
$("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).getPropertyValue("--dark").trim() === "1";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
});
for (const text of ["true", "given"]) {
  $(`tab-${text}`).addEventListener("click", () => {
    choose(text);
    go(at); // what was not shown could not be scrolled
  });
}

function toWrong() {
  if (!trace.given || trace.given.wrongStop === null) return;
  go(trace.given.wrongStop);
  choose("given");
  lists.given.reveal(trace.given.wrong);
}

/** Choose which of two texts is shown where there is room for one. */
function choose(text) {
  $("main").dataset.shown = text;
  $("tab-true").ariaPressed = text === "true";
  $("tab-given").ariaPressed = text === "given";
}

const KEYS = {
  ArrowRight: (event) => go(at + (event.shiftKey ? 10 : 1)),
  ArrowLeft: (event) => go(at - (event.shiftKey ? 10 : 1)),
  j: () => go(at + 1),
  k: () => go(at - 1),
  J: () => go(at + 10),
  K: () => go(at - 10),
  Home: () => go(0),
  End: () => go(trace.count - 1),
  o: () => over(1),
  O: () => over(-1),
  u: () => out(1),
  U: () => out(-1),
  n: () => visit(current.rule[0], 1),
  p: () => visit(current.rule[0], -1),
  w: toWrong,
  "/": () => $("words").select(),
  "?": () => $("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  const busy = event.target.closest?.("input, select, dialog");
  if (busy || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key](event);
});

addEventListener("beforeprint", () => printed($("printed"), trace));
addEventListener("afterprint", () => clear($("printed")));

// The start

JSON.parse($("titles").textContent).forEach((title, number) => {
  const option = make("option", "");
  option.value = number;
  option.textContent = `${number + 1}: ${plain(short(title))}`;
  $("view").append(option);
});
$("choice").hidden = views.length < 2;
open(...remembered());
