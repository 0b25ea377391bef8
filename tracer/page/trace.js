// A trace: the data of one view, and what follows from it.
//
// One goes through it by stops. A step is one stop; one that is interrupted by others, those of the
// functions that it calls, is another one each time that it goes on. Steps and stops count from 0.

class Trace {
  /** @param view the data that view.py makes; numbers in it may be anything. */
  constructor(view) {
    this.view = view;
    this.lines = linesOf(view.response);
    this.source = linesOf(view.source);
    this.recited = new Set(this.source.map((line) => line.trim()).filter(Boolean));
    this.classes = new Set([...view.source.matchAll(/^\s*class\s+(\w+)/gm)].map((match) => match[1]));
    this.frames = new Map(); // frame -> its steps
    this.callers = new Map(); // frame -> the one that it was called from
    this.visits = new Map(); // line of the rule -> the stops where a step begins there
    this.standAt(view);
    this.stopOfLine = new Int32Array(this.lines.length + 1).fill(-1);
    this.cursor = new Int32Array(this.count); // the line where the text is at each stop
    let cursor = 0;
    for (let stop = 0; stop < this.count; stop += 1) {
      let first = 0;
      for (const line of this.linesOfStop(stop)) {
        first ||= line;
        cursor = Math.max(cursor, line);
        if (this.stopOfLine[line] < 0) this.stopOfLine[line] = stop;
      }
      this.cursor[stop] = first || cursor;
    }
    // Whether the text tells of the steps, and not only of what the last one gave.
    const last = this.count - 1;
    this.told = last < 1 || this.stopOfLine.some((stop) => stop >= 0 && this.steps[stop] < this.steps[last]);
    this.given = view.given && new Given(view.given, this);
    if (this.given) this.count += this.given.further(this);
    this.fold = null;
  }

  /** Lay out the stops: of each the step, the part of it, and how many steps there are by then. */
  standAt({ steps, answered }) {
    const due = new Map(); // number of steps -> the stops that come before another one
    const stops = { steps: [], parts: [], ends: new Int32Array(steps.length) };
    const stop = (index, part) => {
      stops.ends[index] = stops.steps.length; // the last one counts
      stops.steps.push(index);
      stops.parts.push(part);
    };
    const resume = (position) => {
      // What goes on at one position does so from the inside out.
      for (const [index, part] of (due.get(position) ?? []).reverse()) stop(index, part);
    };
    const running = new Map(); // depth -> frame
    steps.forEach((data, index) => {
      resume(index);
      const [kind, line] = this.statement(data);
      const [, depth, frame] = data;
      if (!this.frames.has(frame)) {
        this.callers.set(frame, running.get(kind === "call" ? depth - 1 : depth));
      }
      running.set(depth, frame);
      append(this.frames, frame, index);
      append(this.visits, line, stops.steps.length);
      stop(index, 0);
      const parts = data[8] ?? [];
      for (let n = 2; n < parts.length; n += 2) {
        if (parts[n] > index + 1 && parts[n] <= steps.length) append(due, parts[n], [index, n / 2]);
      }
    });
    resume(steps.length);
    // A `finally` may run after the return; the answer comes last all the same.
    const answer = steps.findLastIndex((data) => {
      const [kind] = this.statement(data);
      return data[2] === steps[0][2] && typeof data[7] === "number" && (kind === "return" || kind === "end");
    });
    if (answered && answer >= 0 && stops.steps.at(-1) !== answer) {
      stops.steps.push(answer);
      stops.parts.push(((steps[answer][8] ?? []).length || 2) / 2 - 1);
    }
    this.steps = Int32Array.from(stops.steps);
    this.parts = Int32Array.from(stops.parts);
    this.ends = stops.ends; // step -> the stop where it is done
    this.count = this.steps.length;
  }

  statement(data) {
    return this.view.statements[data[0]] ?? ["", 0, ""];
  }

  /** The step that a stop is at: after the last one, where only a model's text goes on, the last. */
  stepOf(stop) {
    return this.steps[Math.min(stop, this.steps.length - 1)];
  }

  /** A step with all that is known when it is done. */
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
      done: true,
      resumed: false,
    };
  }

  /** The step of a stop with what is known there. */
  at(stop) {
    stop = Math.min(stop, this.steps.length - 1);
    const index = this.steps[stop];
    const step = this.step(index);
    const parts = this.view.steps[index][8] ?? [];
    step.resumed = this.parts[stop] > 0;
    if (stop >= this.ends[index]) return step;
    const known = parts[2 * this.parts[stop] + 1];
    return { ...step, evaluated: step.evaluated.slice(0, known), after: [], outcome: null, done: false };
  }

  /** What is called at a stop, if something is. */
  called(stop) {
    const next = this.steps[stop + 1];
    if (next === undefined || this.at(stop).done) return "";
    const [kind, , source] = this.statement(this.view.steps[next]);
    return kind === "call" && this.parts[stop + 1] === 0 ? source : "";
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

  /** The numbers of the lines that tell of a stop: of its step's those before or after others. */
  *linesOfStop(stop) {
    stop = Math.min(stop, this.steps.length - 1);
    const index = this.steps[stop];
    const parts = this.view.steps[index][8];
    if (!parts) {
      yield* this.linesOfStep(index);
      return;
    }
    const part = this.parts[stop];
    const low = part ? this.toldBy(index, parts[2 * part]) : 0;
    const high = stop < this.ends[index] ? this.toldBy(index, parts[2 * part + 2]) : 0;
    for (const line of this.linesOfStep(index)) {
      if (line > low && (!high || line <= high)) yield line;
    }
  }

  /** The last line about the steps between `index` and `position`; 0 if none is near. */
  toldBy(index, position) {
    for (let n = position - 1; n > Math.max(index, position - 50); n -= 1) {
      const runs = this.view.steps[n]?.[3] ?? [];
      if (runs.length) return runs.at(-2) + runs.at(-1) - 1;
    }
    return 0;
  }

  /** Whether a line of the text recites the rule. What looks like the state of a variable does
   * so only in a step at that line of the rule. */
  recites(line) {
    const text = this.lines[line - 1].trim();
    if (!this.recited.has(text)) return false;
    if (!/^\w+ = /.test(text)) return true;
    const from = this.stopOfLine[line];
    if (from < 0) return false;
    const [first] = this.linesOfStop(from);
    for (let stop = from; stop < this.steps.length; stop += 1) {
      const [start] = this.linesOfStop(stop);
      if (start !== first) break; // no more of the steps that share these lines
      const { source } = this.step(this.steps[stop]);
      if (source.split("\n").some((part) => part.trim() === text)) return true;
    }
    return false;
  }

  /** The stop that a line of the text tells of, or the one before. */
  stopAt(line) {
    while (line > 0 && this.stopOfLine[line] < 0) line -= 1;
    return line > 0 ? this.stopOfLine[line] : 0;
  }

  /** The next stop, forward or back, that is no deeper than a depth. */
  upTo(stop, by, depth) {
    const last = this.steps.length - 1;
    for (stop += by; stop > 0 && stop < last; stop += by) {
      if (this.view.steps[this.steps[stop]][1] <= depth) break;
    }
    return stop;
  }

  /** How deep a stop is. */
  depth(stop) {
    return this.view.steps[this.stepOf(stop)][1];
  }

  /** The call of a frame, if it is of a function: its name and its arguments. */
  callOf(frame) {
    const { kind, source, after } = this.step(this.frames.get(frame)[0]);
    return kind === "call" ? { name: source, given: after } : null;
  }

  /** The frames at a stop, the innermost first, each with the step that it is at. */
  stack(stop) {
    const now = this.stepOf(stop);
    const found = [];
    let frame = this.view.steps[now][2];
    while (frame !== undefined) {
      const steps = this.frames.get(frame);
      found.push({ frame, step: found.length ? steps[lastUpTo(steps, now)] : now });
      frame = this.callers.get(frame);
    }
    return found;
  }

  /**
   * The last values recorded of a frame's variables, before and after the step that it is at; what
   * that step has deleted; and which variables hold one object.
   */
  state(stop, { frame, step: index }) {
    const steps = this.frames.get(frame);
    let fold = this.fold;
    // Going forward goes on from where the fold was left.
    if (fold?.frame !== frame || steps[fold.next - 1] >= index) {
      fold = this.fold = { frame, next: 0, known: new Map(), same: [] };
    }
    while (steps[fold.next] < index) {
      const step = this.step(steps[fold.next]);
      for (const [name, value] of [...step.before, ...step.after]) fold.known.set(name, value);
      for (const name of deleted(step)) fold.known.delete(name);
      fold.same = this.same(steps[fold.next], fold.same);
      fold.next += 1;
    }
    const step = this.step(index);
    const before = new Map([...fold.known, ...step.before]);
    if (stop < this.ends[index]) return { before, after: before, gone: [], same: fold.same };
    const after = new Map([...before, ...step.after]);
    return { before, after, gone: deleted(step), same: this.same(index, fold.same) };
  }

  /** The groups of variables that hold one object after a step. */
  same(index, before) {
    const groups = this.view.steps[index][9];
    if (groups === undefined || groups === null) return before;
    return (groups || []).map((group) => group.map((number) => this.string(number)));
  }
}

function append(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Where the last of rising numbers stands that is no larger than `most`. */
function lastUpTo(numbers, most) {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (numbers[middle] <= most) low = middle;
    else high = middle - 1;
  }
  return low;
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
    this.wrongStop = data.wrong === null ? null : data.instead === null ? last : trace.stopAt(data.instead);
    this.ofTrue = new Map();
    this.ofGiven = new Map();
    for (const [given, line, count] of data.same) {
      for (let n = 0; n < count; n += 1) {
        this.ofTrue.set(line + n, given + n);
        this.ofGiven.set(given + n, line + n);
      }
    }
    this.walk = data.walk;
    this.stopOfWalk = []; // step of the walk -> the first stop beside it
    this.walkOfStop = new Map(); // stop -> step of the walk
  }

  /**
   * Put the text's own steps, from the first wrong one on, beside the stops of the trace, one by
   * one; return how many are left after the last stop.
   */
  further(trace) {
    if (this.wrongStop === null || !this.walk.length) return 0;
    let step = -1;
    let line = -1;
    for (let stop = this.wrongStop; stop < trace.count && step < this.walk.length; stop += 1) {
      const [first] = trace.linesOfStop(stop);
      // Steps that share their lines are one in the text.
      if (step < 0 || (first !== undefined && first !== line)) step += 1;
      line = first ?? line;
      this.beside(stop, step);
    }
    const left = Math.max(this.walk.length - 1 - step, 0);
    for (let n = 0; n < left; n += 1) this.beside(trace.count + n, step + 1 + n);
    return left;
  }

  beside(stop, step) {
    if (step >= this.walk.length) return;
    this.walkOfStop.set(stop, step);
    this.stopOfWalk[step] ??= stop;
  }

  /** The numbers of the text's lines that are beside a stop. */
  linesBeside(stop, trace) {
    const step = this.walk[this.walkOfStop.get(stop)];
    const found = new Set();
    if (step) {
      for (let line = Math.max(step[1], 1); line <= Math.min(step[2], this.lines.length); line += 1) {
        found.add(line);
      }
    }
    if (this.wrongStop === null || stop <= this.wrongStop) {
      for (const line of trace.linesOfStop(stop)) {
        if (this.ofTrue.has(line)) found.add(this.ofTrue.get(line));
      }
    }
    if (stop === this.wrongStop) found.add(this.wrong);
    return new Set([...found].sort((a, b) => a - b));
  }

  /** The line of the rule that the text is at, if it has left the trace. */
  ruleLine(stop) {
    return this.walk[this.walkOfStop.get(stop)]?.[0] ?? null;
  }

  /** The stop that a line of the text is beside, if there is one. */
  stopOf(line, trace) {
    const same = this.ofGiven.get(line) ?? (line === this.wrong ? this.instead : undefined);
    if (same) return trace.stopAt(same);
    if (line === this.wrong) return this.wrongStop;
    const step = this.walk.findLastIndex(([, first]) => first <= line);
    return step < 0 ? undefined : this.stopOfWalk[step];
  }
}
