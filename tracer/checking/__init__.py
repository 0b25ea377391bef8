"""Checks a text against a rule: whether it is the rule's trace, and if not, where it goes wrong.

A text is compared with the true trace line by line. At the first line that differs, a reader of the
style's lines (`graph`, `forms`, `reader`) tells what the line is in place of what; it then reads on
in what follows, whose steps are run again on the values that the text itself states (`following`,
`redo`) and counted (`judging`, `aligned`). All of it works from the style's own templates, so it
works for every style.
"""

import copy
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..inputs import parse_input
from ..rule import Rule
from ..styles import Style, load
from ..tracing import Trace
from ..verdict import Kind, LoopCount, Verdict
from .aligned import Aligned
from .graph import graph_of
from .judging import judge
from .kinds import kind_of
from .reader import NOTHING, Reader, Visit
from .steps import steps_of
from .text import Lines, Text, lines_of, tidy, unfenced, written_lines

__all__ = ["Kind", "LoopCount", "Verdict", "check", "check_trace"]

_SHOWN = 200  # characters of a line that a verdict quotes


def check(
    rule: Rule | Callable[..., Any],
    args: Sequence[Any] | str,
    text: Text,
    style: str | Style = "rfft",
    kwargs: Mapping[str, Any] | None = None,
) -> Verdict:
    """Judge a text as the trace of a rule on arguments; name its first wrong line.

    `args` are the positional arguments, or the text of what stands between the parentheses of the
    call. `text` may be a string, bytes, an open file, or pieces of a text; of one that is much
    longer than the true trace only a part is read. Time and memory are bounded by the true trace
    and by that part.

    The rule is run in this process, on copies of the arguments: for your own code, nothing is held
    back. The text is never run. Raises SourceRejected, InputRejected, StyleNotFound.
    """
    if not isinstance(rule, Rule):
        rule = Rule.from_function(rule)
    if isinstance(args, str):
        args, kwargs = parse_input(args, rule.classes)
    given = copy.deepcopy((tuple(args), dict(kwargs or {})))
    trace = Trace(rule, *given).run()
    verdict = check_trace(trace, text, style)
    shown = text.decode(errors="replace") if isinstance(text, bytes) else text
    if isinstance(shown, str):
        verdict.shown_by(lambda: trace.html(style, shown, verdict))
    return verdict


def check_trace(
    trace: Trace, text: Text, style: str | Style = "rfft", response: str | None = None
) -> Verdict:
    """Judge a text by a trace that is there already; otherwise like `check`.

    `response` is the trace's own text, if that is there already, too.
    """
    style = load(style)
    trace = trace.told_by(style)
    if response is None:
        response = trace.response(style)
    true = written_lines(response)
    longest = max(map(len, true), default=0)
    lines = lines_of(text, 2 * longest + 10_000, 2 * len(response) + 100_000)
    numbered = [*unfenced(lines.numbered)]
    given = [line for _, line in numbered]
    pairs = enumerate(zip(given, true, strict=False))
    wrong = next((n for n, (a, b) in pairs if a != b and tidy(a) != tidy(b)), None)
    if wrong is None and (len(given) != len(true) or lines.cut):
        wrong = min(len(given), len(true))  # what is not read cannot be right
    loops = [s for s in trace.rule.module.statements if s.loop and s.scope.kind == "function"]
    counts = _true_counts(trace)
    if wrong is None:
        steps = len(trace.steps)
        return Verdict(
            right=True, steps=steps, right_steps=steps, true_steps=steps,
            loops=tuple(LoopCount(s.line, s.source, counts[s.id], counts[s.id]) for s in loops),
            lines=len(given), right_lines=len(given), true_lines=len(true),
        )  # fmt: skip
    reader = Reader(graph_of(trace.rule, style))
    kind = Kind.never_ended if lines.cut else Kind.cut_off
    for index, line in enumerate(given):
        if index == wrong:
            kind = _kind(trace.rule, reader, true, given, wrong, lines)
        reader.feed(index, line)
    visits = reader.visits()
    if kind is Kind.left_late and not _has_answer(visits):
        kind = Kind.never_ended
    stated = _stated_counts(visits)
    told = {n.group[0].id for n in reader.graph.nodes if n.kind in _OF_LOOPS and n.forms}
    beside = Aligned(trace, style, [*map(tidy, given)], [*map(tidy, true)], wrong)
    right, steps = judge(trace, style, reader, visits, wrong, beside)
    return Verdict(
        right=False,
        line=numbered[wrong][0] if wrong < len(given) else (numbered or [(0, "")])[-1][0] + 1,
        kind=kind,
        expected=_quoted(true[wrong]) if wrong < len(true) else "",
        given=_quoted(given[wrong]) if wrong < len(given) else "",
        loops=tuple(
            LoopCount(s.line, s.source, stated[s.id], counts[s.id]) for s in loops if s.id in told
        ),
        steps=steps,
        right_steps=right,
        lines=len(given),
        right_lines=wrong,
        true_lines=len(true),
        true_steps=len(trace.steps),
        unread=lines.cut,
        walk=tuple(sorted(_walk(visits, wrong, [n for n, _ in numbered]), key=lambda s: s[1])),
    )


def _walk(
    visits: Sequence[Visit], wrong: int, numbers: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """Yield the steps read from the first wrong line on; see `Verdict.walk`."""
    for visit in visits:
        read = [r.number for r in visit.lines if r is not NOTHING and r.number >= wrong]
        if not read or not (steps := steps_of(visit)):
            continue
        first = last = read[0]
        for number in read[1:]:
            if number > last + 1:  # other steps stand between, as those of a call
                yield steps[0].line, numbers[first], numbers[last]
                first = number
            last = number
        yield steps[0].line, numbers[first], numbers[last]


def _kind(
    rule: Rule, reader: Reader, true: list[str], given: list[str], wrong: int, lines: Lines
) -> Kind:
    """Return what is wrong with the first wrong line, which is there."""
    if wrong >= len(true):
        return Kind.never_ended  # it goes on after the end
    kind = kind_of(rule, reader, true[wrong], given[wrong])
    unfinished = wrong == len(given) - 1 and not lines.ended
    if unfinished and tidy(true[wrong]).startswith(tidy(given[wrong])):
        # The start of the answer may be meant to be the answer.
        return kind if kind is Kind.answer else Kind.cut_off
    return kind


_OF_LOOPS = ("test", "iteration", "again")  # what a style may write about an iteration


def _true_counts(trace: Trace) -> Counter[int]:
    """Return how often the body of each loop was entered, by statement."""
    heads = (step.statement for step in trace.steps if step.outcome is True and step.loop)
    return Counter(s.id for s in heads if s is not None)


def _stated_counts(visits: Sequence[Visit]) -> Counter[int]:
    """Return how often a text says that the body of each loop was entered."""
    seen: dict[str, Counter[int]] = {kind: Counter() for kind in _OF_LOOPS}
    for visit in visits:
        s, kind = visit.node.statement, visit.node.kind
        if s is not None and s.loop and kind in seen and (kind != "test" or visit.outcome):
            seen[kind][s.id] += 1
    return seen["test"] | seen["iteration"] | seen["again"]


def _has_answer(visits: Sequence[Visit]) -> bool:
    return any(
        v.node.kind in ("result", "tail", "failure") and v.frame.caller is None for v in visits
    )


def _quoted(line: str) -> str:
    line = line.strip()
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."
