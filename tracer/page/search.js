// Search in the texts on the page.

class Search {
  constructor() {
    this.clear([]);
  }

  /** Begin anew in other texts: arrays of lines. */
  clear(texts) {
    this.texts = texts;
    this.lowered = texts.map(() => null);
    this.look("");
  }

  /** Find all lines with these words, in upper or lower case. */
  look(words) {
    this.words = words.toLowerCase();
    this.matches = []; // [text, line]
    this.at = -1;
    if (!this.words) return;
    this.texts.forEach((lines, text) => {
      this.lowered[text] ??= lines.map((line) => line.toLowerCase());
      this.lowered[text].forEach((line, index) => {
        if (line.includes(this.words)) this.matches.push([text, index + 1]);
      });
    });
  }

  /** Go on by one match, or back, around the end; return it. */
  move(by) {
    const count = this.matches.length;
    if (!count) return null;
    this.at = this.at < 0 ? (by > 0 ? 0 : count - 1) : (this.at + by + count) % count;
    return this.matches[this.at];
  }

  /** Go to the first match at or after a line of a text. */
  start(text, line) {
    const index = this.matches.findIndex(([t, l]) => t > text || (t === text && l >= line));
    this.at = index - 1;
    if (index <= 0) this.at = -1;
    return this.move(1);
  }

  /** Return the pieces of a line, what was found told apart. */
  pieces(kind, line) {
    const low = line.toLowerCase();
    // A character may be longer in lower case; then nothing is marked, rather than another place.
    if (!this.words || low.length !== line.length) return [[kind, line]];
    const found = [];
    let end = 0;
    for (let at = low.indexOf(this.words); at >= 0; at = low.indexOf(this.words, end)) {
      found.push([kind, line.slice(end, at)], ["found", line.slice(at, at + this.words.length)]);
      end = at + this.words.length;
    }
    found.push([kind, line.slice(end)]);
    return found.filter(([, text]) => text);
  }
}
