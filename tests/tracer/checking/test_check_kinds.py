"""Every kind of change to every kind of line, over the library and drawn rules.

A wrong text is never judged right, the first wrong line is named, and what is wrong with it follows
from what was changed.
"""

import copy
from collections.abc import Iterator, Sequence
from random import Random

import pytest

from rfft.rules import catalog
from rfft.rules.synthetic import draw
from rfft.tracer import Rule, Trace, parse, trace
from rfft.tracer.checking import Kind, check_trace
from rfft.tracer.checking.forms import worked
from rfft.tracer.checking.graph import graph_of
from rfft.tracer.checking.reader import Read, Reader, Visit
from rfft.tracer.checking.text import tidy
from rfft.tracer.styles import load
from rfft.tracer.styles.slots import Outcome, Piece, Value

from ...styles import BUILT_IN, RECITING, TRACING

TASKS = ["nupa_add", "leetcode_283", "leetcode_500", "leetcode_705", "bbh_multistep_arithmetic"]
LINES = 12  # of each text that are changed
RECITED = {Kind.wrong_line, Kind.left_early, Kind.left_late, Kind.branch}

Change = tuple[str, list[str], set[Kind]]


def rules() -> Iterator[tuple[str, Rule, tuple[object, ...]]]:
    for name in TASKS:
        task = catalog()[name]
        yield name, task.rule, task.arguments(4, 0, 0)
    for kind in ("snippets", "grammar"):
        for index in range(2):
            drawn = draw(7, index, kind)
            yield f"{kind} {index}", drawn.rule, drawn.arguments(4)


CASES = {name: (rule, arguments) for name, rule, arguments in rules()}


def other_character(line: str, start: int, end: int, rng: Random) -> str:
    """Return a line with one letter or digit between two places changed."""
    at = rng.choice([n for n in range(start, end) if line[n].isalnum()])
    if line[at].isdigit():
        new = str((int(line[at]) + rng.randint(1, 8)) % 10)
    else:
        new = "k" if line[at] == "q" else "q"
    return line[:at] + new + line[at + 1 :]


def kind_of_value(slot: Piece, read: Read, visit: Visit) -> Kind:
    """Return what it is to state another value in a slot, and nothing else."""
    if isinstance(slot, Outcome):
        answers = visit.node.kind in ("result", "tail") and visit.frame.caller is None
        return Kind.answer if answers else Kind.state
    if isinstance(slot, Value) or any(slot in slots for slots in worked(read.form)):
        return Kind.arithmetic
    return Kind.state


def changes(
    read: Read, visit: Visit, recitals: Sequence[str], own: set[str], rng: Random
) -> Iterator[Change]:
    """Yield changes of a line: what was done, the lines in its place, the kinds that it may be.

    `recitals` are the lines of the rule, `own` those of the text.
    """
    line, form = read.text, read.form
    yield "foreign", ["Let me think about it."], {Kind.foreign}
    yield "inserted", ["Hm, right.", line], {Kind.foreign}
    if form.constant is not None:
        new = other_character(line, 0, len(line), rng) if any(map(str.isalnum, line)) else line
        if line not in recitals and not any(map(str.isdigit, line)):
            yield "phrase", [new], {Kind.foreign}
        elif line in recitals and new not in own and new not in recitals:
            yield "recital", [new], {Kind.not_the_rules}
        if line in recitals:
            yield "other recital", [rng.choice(recitals)], RECITED
    for slot, start, end in form.spans(line):
        kind = {kind_of_value(slot, read, visit)}
        if any(map(str.isalnum, line[start:end])):
            yield "value", [other_character(line, start, end, rng)], kind
        yield "no value", [f"{line[:end]}@{line[end:]}"], kind
    if visit.node.kind == "test" and form.arm is not None and visit.node.statement is not None:
        turned = [f.constant for f in visit.node.forms if f.arm is (not form.arm) and f.constant]
        loop = Kind.left_early if form.arm else Kind.left_late
        if len(turned) == 1:
            yield "turned", turned, {loop if visit.node.statement.loop else Kind.branch}


@pytest.mark.parametrize("style", TRACING)
@pytest.mark.parametrize("case", CASES)
def test_the_kind_follows_from_the_change(case, style):
    rule, arguments = CASES[case]
    traced = trace(rule, *copy.deepcopy(arguments))
    lines = traced.response(style).splitlines()
    reader = Reader(graph_of(rule, load(style)))
    for number, line in enumerate(lines):
        assert reader.feed(number, line)
    recitals = []
    if load(style).has_rule:
        recitals = sorted({tidy(t) for t in load(style).rule(rule).split("\n") if t.strip()})
    rng = Random(f"{case} {style}")
    places = [(read, visit) for visit in reader.visits() for read in visit.lines]
    # A state can read like a line of the rule (`sum = 0`); what it is, only its place tells.
    plain = [p for p in places if p[0].form.constant is not None or p[0].text not in recitals]
    own = {tidy(line) for line in lines}
    for read, visit in rng.sample(plain, k=min(LINES, len(plain))):
        for what, new, kinds in changes(read, visit, recitals, own, rng):
            changed = [*lines[: read.number], *new, *lines[read.number + 1 :]]
            if [tidy(line) for line in changed] == [tidy(line) for line in lines]:
                continue
            verdict = check_trace(traced, "\n".join([*changed, ""]), style)
            told = (what, read.text, new, verdict.kind)
            assert not verdict.right, told
            assert verdict.line == read.number + 1, told
            assert verdict.kind in kinds, told
            assert verdict.right_steps < verdict.steps, told


# Texts that are right in the end, or look like it

TRACED: dict[str, Trace] = {"sum": trace(CASES["nupa_add"][0], "95", "7")}


@pytest.mark.parametrize("style", BUILT_IN)
@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [*lines, lines[-1]],
        lambda lines: [*lines, "The end."],
        lambda lines: [lines[-1], *lines],
        lambda lines: [*lines[:-1], f"{lines[-1]} {lines[-1]}"],
        lambda lines: [*lines[:-1], f"As shown above: {lines[-1]}"],
        lambda lines: [*lines[:-1], f'"{lines[-1]}"'],
        lambda lines: [*lines[:-1], lines[-1].replace("102", "103"), lines[-1]],
        lambda lines: [*lines, *lines],
    ],
)
def test_the_answer_alone_does_not_count(change, style):
    traced = TRACED["sum"]
    lines = change(traced.response(style).splitlines())
    verdict = check_trace(traced, "\n".join([*lines, ""]), style)
    assert not verdict.right
    assert verdict.kind is not None


def test_slips_that_cancel_out():
    """Two values wrong in one line after another, and all that follows right again."""
    rule = Rule.from_source(
        "def f(n):\n    total = 0\n    while n:\n        total += n % 10\n        n //= 10\n"
        "    return total\n"
    )
    traced = trace(rule, 38)
    text = traced.response()
    wrong = text.replace("total = 0 + 8 = 8", "total = 0 + 9 = 9").replace(
        "total = 8\nnow,\ntotal = 8 + 3 = 11", "total = 9\nnow,\ntotal = 9 + 2 = 11"
    )
    wrong = wrong.replace("n % 10 = 8", "n % 10 = 9").replace("n % 10 = 3", "n % 10 = 2")
    assert wrong.splitlines()[-1] == text.splitlines()[-1]
    verdict = check_trace(traced, wrong)
    assert (verdict.right, verdict.kind) == (False, Kind.arithmetic)
    assert verdict.steps - verdict.right_steps >= 2


@pytest.mark.parametrize("style", [*RECITING, "scratchpad"])  # these show each iteration
def test_loops_are_counted(style):
    """An iteration more, or one less: the counts are those of the text, and what is wrong."""
    rule = Rule.from_source(
        "def f(n):\n    done = 0\n    while done < n:\n        done += 1\n    return done\n"
    )
    for other in (5, 7):
        text = trace(rule, other).response(style).replace(f"n = {other}", "n = 6")
        verdict = check_trace(trace(rule, 6), text, style)
        assert [(loop.stated, loop.true) for loop in verdict.loops] == [(other, 6)]
    assert parse(rule, text, style)


def test_loops_that_a_style_does_not_tell_of_are_not_counted():
    rule = Rule.from_source("def f(n):\n    while n > 3:\n        n -= 1\n    return n\n")
    assert check_trace(trace(rule, 6), "So the answer is 4\n", "direct").loops == ()
