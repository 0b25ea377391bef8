"""What a page shows of one trace, as compact JSON data.

Every value and every place in the rule is written once and named by its number; a value mostly
comes several times, after one step and before the next ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from ..records import Record
from ..values.characters import BLANKS
from ..verdict import Verdict, describe

View: TypeAlias = dict[str, Any]
"""Plain JSON data; its form is an agreement between this module and ``trace.js``."""


class Traced(Protocol):
    """A trace, as far as a page needs it."""

    def to_json(self, style: str = "rfft") -> Record:
        """Return its record in a style."""


_ENDED = {
    "limit_steps": "The run was stopped at the limit of steps.",
    "limit_time": "The run was stopped at the limit of time.",
    "limit_memory": "The run was stopped at the limit of memory.",
    "limit_output": "The run was stopped at the limit of output.",
    "limit_depth": "The run was stopped: the rule calls itself too deep.",
    "blocked": "The run was stopped: the rule tried to reach outside of its sandbox.",
    "crashed": "The run has crashed.",
    "rejected_source": "The source is no rule that can be run.",
    "rejected_input": "The input does not fit the rule.",
    "tainted": "The rule has tampered with the tracer: this trace is not to be trusted.",
}


def view(
    trace: Traced | Record,
    *,
    text: str | None = None,
    verdict: Verdict | Mapping[str, Any] | None = None,
    style: str = "rfft",
    title: str | None = None,
) -> View:
    """Return what a page shows of a trace; see `rfft.tracer.page.page`.

    `title` is what the view is called where there is a choice: by default the call of the rule.
    """
    record = trace if isinstance(trace, dict) else trace.to_json(style)
    function = record["rule"]["function"]
    numbers = _Numbers()
    return {
        "title": title or f"{function or 'rule'}({record['input']})",
        "function": function,
        "input": record["input"],
        "source": record["rule"]["source"],
        "prompt": record["prompt"],
        "response": record["response"],
        "notes": _notes(record),
        "answered": record["answer"] is not None,
        "steps": [_step(step, numbers) for step in record["steps"]],
        "statements": list(numbers.statements),
        "strings": list(numbers.strings),
        "given": None if text is None else _given(record["response"], text, verdict),
    }


class _Numbers:
    """Gives each string and each statement of the rule a number, from 0."""

    def __init__(self) -> None:
        self.strings: dict[str, int] = {}
        self.statements: dict[tuple[str, int, str], int] = {}

    def string(self, text: str) -> int:
        return self.strings.setdefault(text, len(self.strings))

    def statement(self, kind: str, line: int, source: str) -> int:
        return self.statements.setdefault((kind, line, source), len(self.statements))

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> list[int]:
        return [self.string(text) for pair in pairs for text in pair]


def _step(step: Mapping[str, Any], numbers: _Numbers) -> list[Any]:
    """Return a step as a list; what is empty at its end is left out."""
    outcome = step.get("outcome")
    data: list[Any] = [
        numbers.statement(step["kind"], step["line"], step["source"]),
        step["depth"],
        step["frame"],
        _runs(step.get("lines", ())),
        numbers.pairs(step.get("before", {}).items()),
        numbers.pairs(step.get("after", {}).items()),
        numbers.pairs((e["source"], e["value"]) for e in step.get("evaluated", ())),
        numbers.string(outcome) if isinstance(outcome, str) else outcome,
        [number for part in step.get("parts", ()) for number in part],
        # 0 says that no variables hold one object any more.
        [[numbers.string(name) for name in group] for group in step["same"]] or 0
        if "same" in step
        else None,
    ]
    while data[-1] in (None, []):
        data.pop()
    return data


def _runs(numbers: Sequence[int]) -> list[int]:
    """Return rising numbers as runs: the first of each and how many follow one another."""
    runs: list[int] = []
    for number in numbers:
        if runs and runs[-2] + runs[-1] == number:
            runs[-1] += 1
        else:
            runs += [number, 1]
    return runs


def _notes(record: Record) -> list[str]:
    """Return what there is to know about how the run ended, a line each."""
    status, exception = record.get("status", "ok"), record["exception"]
    notes = [_ENDED[status]] if status in _ENDED else []
    if exception is not None:
        message = f"{exception['type']}: {exception['message']}".removesuffix(": ")
        notes.append(message if notes else f"The rule raised {message}")
    notes += record.get("tainted", [])
    return notes


def _given(response: str, text: str, verdict: Verdict | Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a text that is to be the trace, with the verdict on it.

    ``same`` says which of its lines, from 1, are which lines of the trace: all before the first
    wrong one, as triples (its line, the line of the trace, how many). ``wrong`` is the first wrong
    line and ``instead`` the line of the trace that belongs there, each None if there is none.
    ``walk`` is that of the verdict.
    """
    # No more of it was judged.
    most = 2 * len(response) + 100_000
    shown = text[:most].replace("\r\n", "\n")
    given: dict[str, Any] = {
        "text": shown, "left": max(len(text) - most, 0), "words": [], "right": None,
        "same": [], "wrong": None, "instead": None, "walk": [],
    }  # fmt: skip
    if verdict is None:
        return given
    judged = verdict if isinstance(verdict, Mapping) else verdict.to_json()
    ours, theirs = (
        [n for n, line in enumerate(lines.split("\n"), 1) if line.strip(BLANKS)]
        for lines in (shown, response)
    )
    same: list[list[int]] = []
    for pair in zip(ours, theirs[: judged["right_lines"]], strict=False):
        if same and [n - same[-1][2] for n in pair] == same[-1][:2]:
            same[-1][2] += 1
        else:
            same.append([*pair, 1])
    wrong = judged["right_lines"]
    return {
        **given,
        "words": describe(judged).split("\n"),
        "right": judged["right"],
        "same": same,
        "wrong": judged["line"],
        "walk": judged.get("walk", []),
        "instead": None if judged["right"] or wrong >= len(theirs) else theirs[wrong],
    }
