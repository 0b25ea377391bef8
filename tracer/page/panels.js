// What a step is about: the statement, what it worked out, and the variables with what changed.

const LONG = 400; // characters of a value that are shown at first
const AROUND = 120; // characters shown on either side of what has changed

/** Say in words what came of a step. */
function outcomeOf(step) {
  if (step.outcome === null) return "";
  if (typeof step.outcome === "string") {
    if (step.kind === "except") return `catches ${step.outcome}`;
    return `returns ${step.outcome}`;
  }
  if (step.kind === "while" || step.kind === "for") {
    return step.outcome ? "enters the loop" : "does not enter the loop";
  }
  if (step.kind === "if") return step.outcome ? "the test holds" : "the test does not hold";
  return "";
}

/** Say a step in one line, for those who cannot see the page. */
function told(trace, stop) {
  const step = trace.at(stop);
  const changes = step.after.map(([name, value]) => `${name} is ${short(value)}`);
  const what = step.kind === "call" ? `call of ${step.source}` : step.source.split("\n")[0];
  return [`Step ${stop + 1}, line ${step.line}: ${what}`, goingOn(trace, stop), outcomeOf(step), ...changes]
    .filter(Boolean).map(plain).join("; ");
}

function short(value) {
  return value.length > 100 ? `${value.slice(0, 100)}…` : value;
}

/** Say how a stop belongs to a step that others interrupt. */
function goingOn(trace, stop) {
  const step = trace.at(stop);
  const called = trace.called(stop);
  const back = step.resumed ? "goes on after the call" : "";
  return [back, called && `calls ${called}`].filter(Boolean).join(" and ");
}

function drawStep(box, trace, stop) {
  const step = trace.at(stop);
  const call = trace.callOf(step.frame);
  const where = make("p", "where", `line ${step.line}`);
  if (call) where.append(" in ", make("code", "", call.name));
  if (step.depth > 1) where.append(`, ${step.depth} calls deep`);
  const source = step.kind === "call" ? `call ${step.source}` : step.source || "end of the function";
  box.replaceChildren(where, make("pre", "statement", source));
  if (step.evaluated.length) {
    const table = make("table", "worked");
    table.append(make("caption", "unseen", "Worked out"));
    for (const [expression, value] of step.evaluated) {
      const head = make("th", "", expression);
      head.scope = "row";
      table.append(make("tr", "", head, make("td", "", valueOf(value))));
    }
    box.append(table);
  }
  const going = goingOn(trace, stop);
  if (going) box.append(make("p", "outcome going", going));
  const outcome = outcomeOf(step);
  if (outcome) {
    const kind = step.outcome === false ? "no" : step.outcome === true ? "yes" : "";
    box.append(make("p", `outcome ${kind}`, outcome));
  }
}

const MOST_FRAMES = 12; // that are listed on either side of those left out

/** List the calls that are running, the outermost first; `choose` is told which one is wanted. */
function drawFrames(box, trace, stack, chosen, choose) {
  box.replaceChildren();
  box.hidden = stack.length < 2;
  if (box.hidden) return;
  const last = stack.length - 1;
  for (let n = last; n >= 0; n -= 1) {
    if (n > MOST_FRAMES && n < last - MOST_FRAMES) {
      box.append(make("li", "none", `… ${(last - 2 * MOST_FRAMES - 1).toLocaleString("en")} more`));
      n = MOST_FRAMES + 1;
      continue;
    }
    const { frame, step } = stack[n];
    const call = trace.callOf(frame);
    const given = call ? call.given.map(([name, value]) => `${name}=${value}`).join(", ") : "";
    const label = call ? `${call.name}(${short(given)})` : "the body of a class";
    const button = make("button", "", make("code", "", label), make("span", "tag", `line ${trace.step(step).line}`));
    button.type = "button";
    button.ariaPressed = String(n === chosen);
    button.addEventListener("click", () => choose(n));
    box.append(make("li", "", button));
  }
}

/** Show the variables of a frame: `here` is what `Trace.stack` gives of it. */
function drawState(box, trace, stop, here) {
  const { before, after, gone, same } = trace.state(stop, here);
  const step = trace.step(here.step);
  const read = new Set(step.before.map(([name]) => name));
  const set = new Set(stop < trace.ends[here.step] ? [] : step.after.map(([name]) => name));
  const table = make("table", "variables");
  for (const [name, value] of after) {
    const old = before.get(name);
    const changed = set.has(name) && old !== value;
    const head = make("th", "", name);
    head.scope = "row";
    const cell = make("td", "");
    if (gone.includes(name)) {
      cell.append(make("del", "", short(value)), ...tag("deleted"));
    } else if (changed && old !== undefined) {
      cell.append(...change(old, value));
    } else if (changed) {
      cell.append(make("ins", "", valueOf(value)), ...tag("new"));
    } else {
      cell.append(valueOf(value));
      if (set.has(name)) cell.append(...tag("set to the same"));
      else if (read.has(name)) cell.append(...tag("read"));
    }
    const others = same.find((group) => group.includes(name))?.filter((one) => one !== name) ?? [];
    if (others.length && !gone.includes(name)) {
      cell.append(" ", make("span", "tag alias", `the same object as ${others.join(", ")}`));
    }
    const diagram = gone.includes(name) ? null : diagramOf(value, trace.classes);
    if (diagram) cell.append(diagram);
    const row = make("tr", changed ? "changed" : "", head, cell);
    table.append(row);
  }
  if (after.size) box.replaceChildren(table);
  else box.replaceChildren(make("p", "none", "none yet"));
}

/** Return the element of a value; a long one can be opened. */
function valueOf(value) {
  if (value.length <= LONG) return make("code", "", value);
  const details = make("details", "", make("code", "", value));
  const head = make("code", "", `${value.slice(0, LONG / 2)}…`);
  details.prepend(make("summary", "", head, ...tag(`${value.length.toLocaleString("en")} characters`)));
  return details;
}

/** Return what to append for a remark on a value. */
function tag(remark) {
  return [" ", make("span", "tag", remark)];
}

/** Return where two texts begin to differ, and how long what they end with alike is. */
function apart(old, value) {
  let start = 0;
  const shorter = Math.min(old.length, value.length);
  while (start < shorter && old[start] === value[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === value[value.length - 1 - end]) end += 1;
  // Numbers and words are told apart as a whole.
  const word = (text, index) => /\w/.test(text[index] ?? "");
  while (start && word(value, start - 1) && (word(value, start) || word(old, start))) start -= 1;
  const splits = (text) => word(text, text.length - end - 1);
  while (end && word(value, value.length - end) && (splits(value) || splits(old))) end -= 1;
  return [start, end];
}

/** Return the pieces of a text, what differs from another one told apart. */
function differing(kind, text, other) {
  const [start, end] = apart(other, text);
  const middle = text.slice(start, text.length - end);
  if (!middle) return [[kind, text]];
  return [["", text.slice(0, start)], [kind, middle], ["", text.slice(text.length - end)]];
}

/** Return the elements of an old and a new value, the part told apart in which they differ. */
function change(old, value) {
  const [start, end] = apart(old, value);
  const around = (text) =>
    text.length > AROUND * 2 ? `${text.slice(0, AROUND)} … ${text.slice(-AROUND)}` : text;
  const part = (tag, text) => {
    const middle = text.slice(start, text.length - end);
    const shown = middle.length > LONG ? `${middle.slice(0, LONG)}…` : middle;
    return make(tag, "", around(text.slice(0, start)), make("b", "", shown), around(text.slice(text.length - end)));
  };
  return [part("del", old), make("span", "arrow", " → "), part("ins", value)];
}
