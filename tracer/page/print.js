// What goes on paper: all that the page holds of a trace, and not what is on the screen.

const MOST_PRINTED = 3000; // steps

/** Fill an element with a trace: the rule, every step, and the texts. */
function printed(box, trace) {
  box.replaceChildren(make("h1", "", `${trace.view.title}`), make("pre", "", trace.view.source.replace(/^\s*\n/, "")));
  const table = make("table", "", row("th", "step", "line", "", "worked out", "variables"));
  const count = Math.min(trace.count, MOST_PRINTED);
  for (let stop = 0; stop < count; stop += 1) {
    const step = trace.at(stop);
    const source = step.kind === "call" ? `call ${step.source}` : step.source || "end of the function";
    const worked = step.evaluated.map((pair) => pair.join(" = "));
    const said = [goingOn(trace, stop), outcomeOf(step)].filter(Boolean);
    const changes = step.after.map((pair) => pair.join(" = "));
    table.append(row("td", String(stop + 1), String(step.line), source, [...worked, ...said].join("\n"), changes.join("\n")));
  }
  box.append(make("h2", "", "Steps"), table);
  if (count < trace.count) box.append(make("p", "", `… ${trace.count - count} more steps`));
  box.append(make("h2", "", trace.given ? "True trace" : "Trace"), make("pre", "", trace.view.response));
  if (!trace.given) return;
  const text = make("pre", "");
  trace.given.lines.forEach((line, index) => {
    text.append(make("span", index + 1 === trace.given.wrong ? "slip" : "", `${line}\n`));
  });
  box.append(make("h2", "", "Model's text"), make("p", "", trace.given.data.words.join("\n")), text);
}

function row(tag, ...texts) {
  return make("tr", "", ...texts.map((text) => make(tag, "", make("pre", "", text))));
}
