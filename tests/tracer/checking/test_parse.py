"""A text reads back into the steps of its trace."""

import copy

import pytest
from hypothesis import given

from rfft.rules import catalog
from rfft.tracer import InputRejected, Rule, Step, Trace, parse, trace
from rfft.tracer.checking.steps import ReadStep
from rfft.tracer.styles import load
from rfft.tracer.styles.render import render_placed

from ...styles import RECITING
from ..examples import CASES, example
from ..strategies import programs
from ..styles import golden

CALLING = ("fibonacci", "roman")  # without recitals, which call returns is not always plain
LIBRARY = sorted(catalog())


def of_functions(traced: Trace) -> list[Step]:
    """Return the steps that a text can tell of."""
    return [s for s in traced.steps if s.frame.scope.kind == "function"]


def place(step: Step | ReadStep) -> tuple[object, ...]:
    return step.kind, step.line, step.source, step.depth


def assert_stated(read: ReadStep, step: Step) -> None:
    """See that all that was read is so."""
    assert read.before.items() <= step.before.items()
    bound = dict(step.evaluated)  # also by ``:=`` in a step that raises then
    assert read.after.items() <= {**bound, **(step.after or {})}.items()
    assert set(read.evaluated) <= set(step.evaluated)
    assert read.outcome in (None, step.outcome)


@pytest.mark.parametrize("style", RECITING)
@pytest.mark.parametrize(("name", "args"), CASES)
def test_examples(name, args, style):
    traced = trace(example(name), *copy.deepcopy(args))
    read, steps = parse(traced.rule, traced.response(style), style), of_functions(traced)
    assert [place(r) for r in read] == [place(s) for s in steps]
    for one, step in zip(read, steps, strict=True):
        assert_stated(one, step)
        assert one.outcome == step.outcome
    if style == "rfft":  # states what it worked out, except for a literal
        for one, step in zip(read, steps, strict=True):
            assert one.evaluated == list(dict.fromkeys(step.evaluated))
            if step.statement is None or not step.statement.constant:
                assert one.after == (step.after or {})


def assert_same_steps(traced: Trace, style: str) -> None:
    """See that the text of a trace reads back into its steps."""
    read, steps = parse(traced.rule, traced.response(style), style), of_functions(traced)
    assert [place(r) for r in read] == [place(s) for s in steps]
    for one, step in zip(read, steps, strict=True):
        assert_stated(one, step)


@pytest.mark.parametrize("style", RECITING)
@pytest.mark.parametrize("name", golden.NAMES)
def test_every_construct(name, style):
    assert_same_steps(golden.read(name).traced(), style)


@pytest.mark.parametrize("name", LIBRARY)
def test_the_library(name):
    task = catalog()[name]
    traced = trace(task.rule, *task.arguments(6, 0, 0))
    for style in RECITING:
        assert_same_steps(traced, style)


@pytest.mark.parametrize("name", LIBRARY)
def test_the_library_without_recitals(name):
    """Given the arguments, states alone read back into the very steps that wrote them."""
    task = catalog()[name]
    args = task.arguments(6, 0, 0)
    traced = trace(task.rule, *copy.deepcopy(args))
    # A loop's lines there are those of its iterations, which are no steps.
    text, lines = render_placed(traced.steps, load("scratchpad"))
    steps = [s for s, numbers in zip(traced.steps, lines, strict=True) if numbers]
    steps = [s for s in steps if s.frame.scope.kind == "function" and not s.loop]
    read = parse(task.rule, text, "scratchpad", args)
    assert [place(r) for r in read] == [place(s) for s in steps]
    for one, step in zip(read, steps, strict=True):
        assert one.after.items() <= (step.after or {}).items()
        assert one.outcome in (None, step.outcome)


def test_arguments_as_a_text():
    rule = Rule.from_source(
        "def f(n):\n    while True:\n        n -= 1\n        if n < 3:\n            break\n"
        "    return n\n"
    )
    text = trace(rule, 4).response("scratchpad")
    assert [s.kind for s in parse(rule, text, "scratchpad", "n=4")] == ["call", "break", "return"]
    with pytest.raises(InputRejected):
        parse(rule, text, "scratchpad", "n=")


@pytest.mark.parametrize("style", RECITING)
def test_functions_that_wait(style):
    """Two generators of one function, each resumed where it waits, one never to its end."""
    rule = Rule.from_source(TWO_GENERATORS)
    assert_same_steps(trace(rule, 3), style)


TWO_GENERATORS = """
def count(start):
    while True:
        yield start
        start += 1


def pairs(n):
    one = count(0)
    other = count(10)
    found = []
    while len(found) < n:
        found.append((next(one), next(other)))
    return found
"""


@pytest.mark.parametrize(("name", "args"), [c for c in CASES if c[0] not in CALLING])
def test_states_alone(name, args):
    """Style `scratchpad` leaves out which statement it is, but not what it gives, nor the order."""
    traced = trace(example(name), *copy.deepcopy(args))
    steps = iter(of_functions(traced))
    for one in parse(traced.rule, traced.response("scratchpad"), "scratchpad"):
        assert any(
            (one.kind, one.depth) == (step.kind, step.depth)
            and one.outcome in (None, step.outcome)
            and one.after.items() <= (step.after or {}).items()
            for step in steps
        )


SIBLINGS = [
    """
class Solver:
    def ok(self, row):
        return all(x > 0 for x in row)

    def f(self, rows):
        return sum(self.ok(a) for a in rows)
""",
    """
def low(row):
    return min(map(abs, row))

def f(rows):
    found = [low(row) for row in rows]
    best = max(low(row) for row in rows)
    return found, best
""",
    """
def even(x):
    return any(x == y for y in range(0, 9, 2))

def row(xs):
    return list(filter(even, xs))

def f(rows):
    count = 0
    while any(row(xs) for xs in rows[count:]):
        count += 1
    return [row(xs) for xs in sorted(rows, key=lambda xs: len(row(xs)))], count
""",
]


@pytest.mark.parametrize("style", RECITING)
@pytest.mark.parametrize("source", SIBLINGS)
def test_calls_one_after_the_other_are_not_nested(source, style):
    """Each function itself calls something that could call a function of the rule."""
    assert_same_steps(trace(Rule.from_source(source, function="f"), [[1, 2], [0], [3]]), style)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a = x if n else 0", "b = x + 1"),
        ("a = n and x", "b = x"),
        ("a = 2 * n or x", "b = n - x"),
        ("a = [x] if n else []", "b = (x, n)"),
    ],
)
@pytest.mark.parametrize("style", RECITING)
@pytest.mark.parametrize("n", [0, 1])
def test_statements_that_share_a_recital_each_have_what_they_read(first, second, style, n):
    rule = Rule.from_source(f"def f(n, x):\n    {first}\n    {second}\n    return a, b\n")
    assert_same_steps(trace(rule, n, 7), style)
    one, two = parse(rule, trace(rule, n, 7).response())[1:3]
    assert one.lines == two.lines


@pytest.mark.parametrize("n", [0, 1])
def test_arguments_tell_which_statement_of_a_recital_has_read(n):
    rule = Rule.from_source(
        "def f(n, x):\n    a = x * 2 if n else 0\n    b = x * 2 if n < 1 else 1\n    return a, b\n"
    )
    traced = trace(rule, n, 7)
    for one, step in zip(parse(rule, traced.response(), args=(n, 7)), traced.steps, strict=True):
        assert_stated(one, step)
        assert one.evaluated == step.evaluated


def test_what_a_walrus_binds_is_read():
    rule = Rule.from_source(
        "def f(n):\n    while (n := n // 2) > 0 and (k := n % 3) < 2:\n        n += k\n"
        "    return n\n"
    )
    traced = trace(rule, 9)
    assert_same_steps(traced, "rfft")
    assert [s.after for s in parse(rule, traced.response())] == [
        s.after or {} for s in traced.steps
    ]


@given(programs())
def test_any_program(program):
    rule = Rule.from_source(program.source, function="rule")
    traced = Trace(rule, copy.deepcopy(program.arguments), {}).run()
    for style in RECITING:
        assert_same_steps(traced, style)


def test_lines_that_no_trace_has_are_left_out():
    rule = example("add_digits")
    text = trace(rule, 15).response()
    assert parse(rule, text.replace("\n", "\nWell,\n"))[3].source == "while num:"
    assert parse(rule, "") == []
