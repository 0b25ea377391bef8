// A trace: the data of one view, and what follows from it.

class Trace {
  /** @param view the data that view.py makes; numbers in it may be anything. */
  constructor(view) {
    this.view = view;
    this.lines = linesOf(view.response);
    this.source = linesOf(view.source);
    this.recited = new Set(this.source.map((line) => line.trim()).filter(Boolean));
    this.frames = new Map(); // frame -> its steps
    this.visits = new Map(); // line of the rule -> the steps there
    this.stepOfLine = new Int32Array(this.lines.length + 1).fill(-1);
    this.cursor = new Int32Array(view.steps.length); // the line where the text is at each step
    let cursor = 0;
    view.steps.forEach((data, index) => {
      append(this.frames, data[2], index);
      append(this.visits, this.statement(data)[1], index);
      let first = 0;
      for (const line of this.linesOfStep(index)) {
        first ||= line;
        if (this.stepOfLine[line] < 0) this.stepOfLine[line] = index;
      }
      this.cursor[index] = first || cursor;
      for (const line of this.linesOfStep(index)) cursor = Math.max(cursor, line);
    });
    // Whether the text tells of the steps, and not only of what the last one gave.
    const last = this.count - 1;
    this.told = last < 1 || this.stepOfLine.some((step) => step >= 0 && step < last);
    this.given = view.given && new Given(view.given, this);
    this.fold = { frame: null, next: 0, known: new Map() };
  }

  statement(data) {
    return this.view.statements[data[0]] ?? ["", 0, ""];
  }

  get count() {
    return this.view.steps.length;
  }

  step(index) {
    const data = this.view.steps[index];
    const [kind, line, source] = this.statement(data);
    const outcome = data[7];
    return {
      index, kind, line, source,
      height: source.split("\n").length,
      depth: data[1],
      frame: data[2],
      before: this.pairs(data[4]),
      after: this.pairs(data[5]),
      evaluated: this.pairs(data[6]),
      outcome: typeof outcome === "number" ? this.string(outcome) : (outcome ?? null),
    };
  }

  string(number) {
    return this.view.strings[number] ?? "";
  }

  pairs(numbers = []) {
    const found = [];
    for (let n = 0; n < numbers.length; n += 2) {
      found.push([this.string(numbers[n]), this.string(numbers[n + 1])]);
    }
    return found;
  }

  /** The numbers of a step's lines in the text, from 1. */
  *linesOfStep(index) {
    const runs = this.view.steps[index][3] ?? [];
    for (let n = 0; n < runs.length; n += 2) {
      const end = Math.min(runs[n] + runs[n + 1], this.lines.length + 1);
      for (let line = Math.max(runs[n], 1); line < end; line += 1) yield line;
    }
  }

  /** Whether a line of the text recites the rule. What looks like the state of a variable does
   * so only in a step at that line of the rule. */
  recites(line) {
    const text = this.lines[line - 1].trim();
    if (!this.recited.has(text)) return false;
    if (!/^\w+ = /.test(text)) return true;
    const [first] = this.linesOfStep(Math.max(this.stepOfLine[line], 0));
    for (let index = this.stepOfLine[line]; index >= 0 && index < this.count; index += 1) {
      const [start] = this.linesOfStep(index);
      if (start !== first) break; // no more of the steps that share these lines
      const { source } = this.step(index);
      if (source.split("\n").some((part) => part.trim() === text)) return true;
    }
    return false;
  }

  /** The step that a line of the text tells of, or the one before. */
  stepAt(line) {
    while (line > 0 && this.stepOfLine[line] < 0) line -= 1;
    return line > 0 ? this.stepOfLine[line] : 0;
  }

  /** The function that a step is in, if it is in one. */
  functionOf(index) {
    const first = this.frames.get(this.view.steps[index][2])[0];
    const [kind, , source] = this.statement(this.view.steps[first]);
    return kind === "call" ? source : "";
  }

  /** The last values recorded of the variables of the step's call, before and after the step. */
  state(index) {
    const frame = this.view.steps[index][2];
    const steps = this.frames.get(frame);
    let fold = this.fold;
    // Going forward goes on from where the fold was left.
    if (fold.frame !== frame || steps[fold.next - 1] >= index) {
      fold = this.fold = { frame, next: 0, known: new Map() };
    }
    while (steps[fold.next] < index) {
      const step = this.step(steps[fold.next]);
      for (const [name, value] of [...step.before, ...step.after]) fold.known.set(name, value);
      for (const name of deleted(step)) fold.known.delete(name);
      fold.next += 1;
    }
    const step = this.step(index);
    const before = new Map([...fold.known, ...step.before]);
    return { before, after: new Map([...before, ...step.after]), gone: deleted(step) };
  }
}

function append(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function deleted(step) {
  if (!step.source.startsWith("del ")) return [];
  return step.source.slice(4).split(",").map((name) => name.trim()).filter((name) => /^\w+$/.test(name));
}

/** A text that is to be the trace, with the verdict on it. */
class Given {
  constructor(data, trace) {
    this.data = data;
    this.lines = linesOf(data.text);
    this.missing = data.wrong > this.lines.length; // the wrong line is one that is not there
    if (this.missing) this.lines.push("");
    this.wrong = data.wrong === null ? null : Math.min(Math.max(data.wrong, 1), this.lines.length);
    this.instead = data.instead;
    // A text that is cut off, or that goes on after the end, goes wrong after the last step.
    const last = trace.count - 1;
    this.wrongStep = data.wrong === null ? null : data.instead === null ? last : trace.stepAt(data.instead);
    this.ofTrue = new Map();
    this.ofGiven = new Map();
    for (const [given, line, count] of data.same) {
      for (let n = 0; n < count; n += 1) {
        this.ofTrue.set(line + n, given + n);
        this.ofGiven.set(given + n, line + n);
      }
    }
  }
}
