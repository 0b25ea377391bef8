// A list of lines of which only those in view are elements, however long the list is.

const SPARE = 12; // rows kept above and below the view
const TALLEST = 8e6; // pixels; browsers lay out no element of any height
const WIDEST = 1000; // characters of a line that are shown at first

class LineList {
  constructor(box) {
    this.box = box;
    this.rows = make("div", "rows");
    this.space = make("div", "space", this.rows);
    box.append(this.space);
    this.drawn = new Map(); // line -> its row
    this.widened = new Set(); // lines that are shown whole
    box.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(box);
  }

  /**
   * Show other lines. `pieces(line)` gives those of a line as [class, text], `dress(line)` the
   * classes of its row; lines are numbered from 1, of which the first `skipped` are not shown.
   */
  show(all, pieces, dress, skipped = 0) {
    Object.assign(this, { count: all - skipped, pieces, dress, skipped });
    this.widened.clear();
    this.box.scrollTop = this.box.scrollLeft = 0;
    this.space.style.setProperty("--digits", String(all).length);
    this.refill();
  }

  /** Make all rows again, because their pieces have changed. */
  refill() {
    this.drawn.clear();
    this.rows.replaceChildren();
    this.draw();
  }

  /** Dress all rows again, because what is current has changed. */
  redress() {
    for (const [line, row] of this.drawn) this.attire(line, row);
  }

  draw() {
    if (!this.count) return;
    const { height, view } = this.measure();
    const top = this.top();
    const first = Math.max(1, Math.floor(top) + 1 - SPARE);
    const last = Math.min(this.count, Math.ceil(top + view / height) + SPARE);
    this.space.style.height = `${Math.min(this.count * height, TALLEST)}px`;
    const offset = this.box.scrollTop - (top - (first - 1)) * height;
    this.rows.style.transform = `translateY(${offset}px)`;
    for (const [line, row] of this.drawn) {
      if (line < first || line > last) {
        row.remove();
        this.drawn.delete(line);
      }
    }
    let next = this.rows.firstChild;
    for (let line = first; line <= last; line += 1) {
      const row = this.drawn.get(line);
      if (row) {
        next = row.nextSibling;
        continue;
      }
      const made = this.row(line);
      this.drawn.set(line, made);
      this.rows.insertBefore(made, next);
    }
  }

  row(line) {
    const number = line + this.skipped;
    const row = make("div", "", make("span", "gutter", String(number)));
    row.role = "listitem";
    row.ariaSetSize = this.count;
    row.ariaPosInSet = line;
    row.dataset.line = number;
    const text = make("span", "words");
    let room = this.widened.has(line) ? Infinity : WIDEST;
    let left = 0;
    for (const [kind, piece] of this.pieces(number)) {
      const part = piece.slice(0, room);
      room -= part.length;
      left += piece.length - part.length;
      if (!part) continue;
      if (kind) text.append(make(kind === "found" ? "mark" : "span", kind, part));
      else put(text, part);
    }
    row.append(text);
    if (left) {
      const more = make("button", "more", `… ${left.toLocaleString("en")} more characters`);
      more.type = "button";
      more.addEventListener("click", (event) => {
        event.stopPropagation();
        this.widened.add(line);
        this.refill();
      });
      row.append(more);
    }
    this.attire(line, row);
    return row;
  }

  attire(line, row) {
    const classes = this.dress(line + this.skipped);
    row.className = `line ${classes}`;
    row.ariaCurrent = /\bcurrent\b/.test(classes) ? "step" : null;
  }

  measure() {
    return { height: parseFloat(getComputedStyle(this.box).lineHeight), view: this.box.clientHeight };
  }

  /** How many lines are above the view. */
  top() {
    const { height, view } = this.measure();
    if (this.count * height <= TALLEST) return this.box.scrollTop / height;
    return (this.box.scrollTop / (TALLEST - view)) * (this.count - view / height);
  }

  /** Scroll so that the lines from `first` to `last` are in view, and draw them. */
  reveal(first, last = first) {
    first -= this.skipped;
    last -= this.skipped;
    const { height, view } = this.measure();
    const rows = view / height;
    const top = this.top();
    if (first - 1 >= top && last <= top + rows) this.draw(); // while hidden, it dropped rows
    else this.scroll(first - 1 - Math.max(0, Math.min(rows / 3, rows - (last - first + 1))));
  }

  /** Scroll so that a line is as far from the top as a line of another list is there. */
  align(line, other, otherLine) {
    this.scroll(line - otherLine + other.top());
  }

  /** Scroll so that so many lines are above the view. */
  scroll(top) {
    if (!this.count) return;
    const { height, view } = this.measure();
    this.draw(); // or else there may be no room to scroll in
    this.box.scrollTop =
      this.count * height <= TALLEST
        ? top * height
        : (top / (this.count - view / height)) * (TALLEST - view);
    this.draw();
  }
}
