"""What checking a text gives: right or wrong, the first wrong line and what is wrong with it."""

import enum
import html
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from .panels import panel, pretty
from .values.characters import one_line


class Kind(enum.StrEnum):
    """What is wrong with the first wrong line."""

    foreign = "not a line of the trace language"
    not_the_rules = "recited a line that is not the rule's"
    wrong_line = "recited the wrong line of the rule"
    misplaced = "a line of the trace language where another belongs"
    state = "wrong variable state"
    # A result is wrong, or an operator or a number of the rule, or a variable's value where the
    # result is right all the same: `sum = 2 + 7 = 6`. With `sum = 2 + 7 = 9` it is a wrong state.
    arithmetic = "wrong arithmetic"
    branch = "wrong branch"
    left_early = "left a loop too early"
    left_late = "stayed in a loop too long"
    never_ended = "never ended"
    answer = "wrong answer"
    cut_off = "cut off"


@dataclass(frozen=True)
class LoopCount:
    """How often the body of a loop of the rule is entered, in all: by the text, and in truth.

    `line` and `source` say which loop it is; `stated` counts what could be read of the text. Loops
    that the style writes nothing about are not counted in a wrong text.
    """

    line: int
    source: str
    stated: int
    true: int


@dataclass(frozen=True)
class Verdict:
    """The judgement on a text.

    A text is `right` exactly if its lines are those of the true trace, all of them and no more, up
    to forgiven white space (see `rfft.tracer.checking.text`). If it is wrong, `line` is the number
    of the first wrong line in the text (that of the last one, plus one, if lines are missing at the
    end), `given` is that line and `expected` the true one (empty: the trace has ended before).

    `steps` counts the steps that the text has, `right_steps` those of them that are right, *given
    the true state or the one that the text itself had stated* by then, so that one slip does not
    condemn what follows. A step before the first wrong line is right. A step after it is right if
    its lines are those of a step of the true trace, where the text has come there (see
    `rfft.tracer.checking.aligned`), or if the rule goes there from the step before, and its lines
    are those that the statement, run on the stated values, gives. Of steps that share a recital no
    more are wrong than lines are. Steps that cannot be run again (see `rfft.tracer.checking.redo`)
    are in neither count; lines that stand nowhere in the rule count as a wrong step for each run of
    them.

    `lines` counts the text's lines, blank ones left out, `right_lines` those before the first wrong
    one; `true_lines` and `true_steps` are those of the true trace.

    `walk` is where the text goes from its first wrong line on: for each of its steps there, the
    line of the rule, the first and the last of its lines in the text. One in the middle of
    which others stand, such as those of a call, comes once more where it goes on.

    `unread` tells that the text was longer than what is worth reading, and was judged by its head.

    In a notebook it shows the text beside the true trace, where it has them; `str` tells it in
    words.
    """

    right: bool
    line: int | None = None
    kind: Kind | None = None
    expected: str = ""
    given: str = ""
    loops: tuple[LoopCount, ...] = ()
    steps: int = 0
    right_steps: int = 0
    lines: int = 0
    right_lines: int = 0
    true_lines: int = 0
    true_steps: int = 0
    unread: bool = False
    walk: tuple[tuple[int, int, int], ...] = ()

    _page: ClassVar[Any] = None  # what makes the page of one verdict

    def shown_by(self, page: Callable[[], str | None]) -> "Verdict":
        """Have notebooks show what `page` returns, if it returns HTML; return the same verdict."""
        object.__setattr__(self, "_page", page)
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        return describe(self.to_json())

    def __rich__(self) -> Any:
        from rich.text import Text

        return panel(Text(str(self), "green" if self.right else "red"), "Verdict")

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        pretty(self, printer)

    def _repr_html_(self) -> str:
        found = self._page() if self._page is not None else None
        return found or f"<pre>{html.escape(str(self))}</pre>"

    @property
    def share(self) -> float:
        """The share of the text's steps that are right given the true state or the stated one."""
        return self.right_steps / self.steps if self.steps else float(self.right)

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as plain JSON data; `kind` by its name, `reason` says it in words."""
        data = asdict(self)
        data["kind"] = self.kind.name if self.kind else None
        data["reason"] = self.kind.value if self.kind else None
        data["walk"] = [list(step) for step in self.walk]
        data["share"] = round(self.share, 6)
        data["loops"] = [asdict(loop) for loop in self.loops]
        return data


def describe(verdict: Mapping[str, Any]) -> str:
    """Return a verdict, as `Verdict.to_json` gives it, in words: a line for each thing to know."""
    if verdict["right"]:
        return f"right: {_count(verdict['lines'], 'line')}, {_count(verdict['steps'], 'step')}"
    lines = [f"wrong at line {verdict['line']}: {verdict['reason']}"]
    lines.append(f"  expected  {one_line(verdict['expected']) or '(nothing: the trace is over)'}")
    lines.append(f"  found     {one_line(verdict['given']) or '(nothing: the text is over)'}")
    steps = _count(verdict["steps"], "step")
    lines.append(
        f"right given the true state or the stated one: {verdict['right_steps']} of {steps}"
    )
    lines += [
        f"line {loop['line']}, {one_line(loop['source'])} {_count(loop['stated'], 'iteration')}"
        f" stated, {loop['true']} in truth"
        for loop in verdict["loops"]
    ]
    if verdict["unread"]:
        lines.append("the text is far longer than the true trace; its end was not read")
    return "\n".join(lines)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
