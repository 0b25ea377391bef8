// How text gets on the page. It comes from a rule or a model: it is put there as text, and
// characters that cannot be seen or would change the order of others are shown as escapes.

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

function escaped(character) {
  const digits = character.codePointAt(0).toString(16);
  if (digits.length <= 2) return "\\x" + digits.padStart(2, "0");
  return digits.length <= 4 ? "\\u" + digits.padStart(4, "0") : "\\U" + digits.padStart(8, "0");
}

/** Return `text` without what is unseen; tabs and line breaks stay. */
function plain(text) {
  return text.replace(UNSEEN, (c) => (c === "\t" || c === "\n" ? c : escaped(c)));
}

/** Append `text` to an element, what is unseen as escapes that look like none of the text. */
function put(element, text) {
  let end = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (match[0] === "\t" || match[0] === "\n") continue;
    element.append(text.slice(end, match.index), make("span", "unseen-character", escaped(match[0])));
    end = match.index + match[0].length;
  }
  element.append(text.slice(end));
}

/** Return a new element; children are elements, or texts for `put`. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const child of children) {
    if (typeof child === "string") put(element, child);
    else element.append(child);
  }
  return element;
}

/** Return the lines of a text; a line break at its end begins no line. */
function linesOf(text) {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

// Python source in colours

const TOKEN = new RegExp(
  [
    "(?<comment>#[^\\n]*)",
    "(?<string>(?<!\\w)[rbfuRBFU]{0,2}(?:\"\"\"[^]*?(?:\"\"\"|$)|'''[^]*?(?:'''|$)" +
      "|\"(?:\\\\.|[^\"\\\\\\n])*\"?|'(?:\\\\.|[^'\\\\\\n])*'?))",
    "\\b(?<keyword>False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else" +
      "|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return" +
      "|try|while|with|yield|match|case)\\b",
    "\\b(?<number>\\d[\\w.]*)",
  ].join("|"),
  "g",
);

/** Return for each line of Python source its pieces: [class or "", text]. */
function colours(source) {
  const lines = [[]];
  const add = (kind, text) => {
    text.split("\n").forEach((part, index) => {
      if (index) lines.push([]);
      if (part) lines.at(-1).push([kind, part]);
    });
  };
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    add("", source.slice(end, match.index));
    add(Object.keys(match.groups).find((kind) => match.groups[kind] !== undefined), match[0]);
    end = match.index + match[0].length;
  }
  add("", source.slice(end));
  return lines;
}
