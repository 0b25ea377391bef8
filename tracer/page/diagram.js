// Values that hold objects of the rule's own classes, as small diagrams: lists and trees of boxes.

const MOST_BOXES = 60;

/**
 * Read the text of a value: an object of one of `classes` has a name and fields, a container items;
 * anything else is a text. A text that ends too early, or holds what nobody knows, is a text, too.
 */
function readValue(text, classes) {
  let at = 0;
  const value = (ends) => {
    const start = at;
    // One that holds itself is "Name(...)" inside.
    const name = /^\w+(?=\((?!\.\.\.\)))/.exec(text.slice(at, at + 100))?.[0];
    if (classes.has(name)) {
      at += name.length + 1;
      return { name, fields: items(")", "=") };
    }
    if (text[at] === "[" || text[at] === "{") {
      const close = text[at] === "[" ? "]" : "}";
      at += 1;
      const fields = items(close, ":");
      return { text: text.slice(start, at), fields };
    }
    skip(ends);
    return { text: text.slice(start, at), fields: [] };
  };
  /** Go to where a text that is none of these ends. */
  const skip = (ends) => {
    let depth = 0;
    while (at < text.length && (depth || !ends.includes(text[at]))) {
      if (text[at] === "'" || text[at] === '"') {
        const quote = text[at];
        for (at += 1; at < text.length && text[at] !== quote; at += 1) if (text[at] === "\\") at += 1;
      } else if ("([{".includes(text[at])) depth += 1;
      else if (")]}".includes(text[at])) depth -= 1;
      at += 1;
    }
  };
  /** Read what stands up to a bracket, each with the label in front of `sign`, or its number. */
  const items = (close, sign) => {
    const found = [];
    while (at < text.length && text[at] !== close) {
      const start = at;
      let label = String(found.length);
      skip(`${sign},${close}`);
      if (text[at] === sign) {
        label = text.slice(start, at).trim();
        at += 1;
        while (text[at] === " ") at += 1;
      } else at = start;
      found.push({ label, value: value(`,${close}`) });
      if (text[at] === ",") at += 1;
      while (text[at] === " ") at += 1;
    }
    at += 1;
    return found;
  };
  return value("");
}

/** Return the diagram of a value; null if it holds no object of `classes`, or too many. */
function diagramOf(text, classes) {
  if (!classes.size || text.length > 20_000) return null;
  const value = readValue(text, classes);
  const count = objectsIn(value);
  return count && count <= MOST_BOXES ? make("div", "diagram", drawn(value)) : null;
}

function objectsIn({ name, fields }) {
  return fields.reduce((sum, field) => sum + objectsIn(field.value), name ? 1 : 0);
}

/** Return an object as a box, with what it leads to on its right. */
function drawn({ name, text, fields }) {
  const box = make("div", "box", make("span", "name", name ?? (text[0] === "[" ? "[ ]" : "{ }")));
  const leads = make("div", "leads");
  for (const { label, value } of fields) {
    if (objectsIn(value)) leads.append(make("div", "lead", make("span", "label", label), drawn(value)));
    else box.append(make("span", "field", name || text[0] === "{" ? `${label} ${short(value.text)}` : short(value.text)));
  }
  return make("div", "object", box, leads);
}
