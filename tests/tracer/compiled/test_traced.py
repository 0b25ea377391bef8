"""Every form of Python, inside a rule, means the same to `trace` and to the text back end.

Both may run a rule by code made for its arguments, and may start again where that cannot finish;
neither may show. What is compared is what the caller sees: the result, the exception with its
lines in the rule's file, the arguments, the output, and each ``log`` call.
"""

import contextlib
import copy
import io
import sys
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from rfft.tracer import Rule, trace
from rfft.tracer.styles import load

from ...styles import BUILT_IN
from ..recorded.forms import (
    HOMES,
    PLACES,
    compiles,
    housed,
    placed,
    split,
)
from ..recorded.semantics import FILE, frames, plain, structure
from ..recorded.test_semantics import FORMS, SENTENCES

IMPORT = "from log_of_the_test import log\n"  # a rule's namespace is its own
PLACES_IN_RULES = [place for place, text in PLACES.items() if "def rule" in text]
HOMES_IN_RULES = [home for home, text in HOMES.items() if "def rule" in text and home != "cells"]


@dataclass
class Seen:
    """What the caller of a rule sees."""

    result: str = ""
    exception: str = ""
    lines: list[str] = field(default_factory=list)
    output: str = ""
    log: list[str] = field(default_factory=list)


def call_plainly(source: str) -> Callable[..., Any]:
    """Return a function that runs the rule without tracing, its outcome named as a trace's."""

    def call(*args: Any) -> Any:
        names: dict[str, Any] = {"__name__": "rule"}
        try:
            exec(plain(source, FILE), names)
            return types.SimpleNamespace(result=names["rule"](*args), exception=None)
        except BaseException as error:
            return types.SimpleNamespace(result=None, exception=error)

    return call


def see(call: Callable[..., Any], *args: Any) -> tuple[Seen, Any]:
    """Call with fresh arguments; return what is seen, and what the call returned."""
    seen, args = Seen(), copy.deepcopy(args)

    def log(value: object = None) -> object:
        seen.log.append(structure(value))
        return value

    module = types.ModuleType("log_of_the_test")
    module.__dict__["log"] = log
    sys.modules[module.__name__] = module
    try:
        with contextlib.redirect_stdout(io.StringIO()) as output:
            done = call(*args)
    finally:
        del sys.modules[module.__name__]
    error = done.exception
    seen.result = structure((done.result if error is None else None, args))
    if error is not None:
        seen.exception = f"{type(error).__name__} {structure(error.args)}"
        places = [link.split(" ") for link in frames(error)]
        seen.lines = [place[0] for place in places if len(place) == 1]
    seen.output = output.getvalue()
    return seen, done


def check(source: str, *args: Any) -> Any:
    """Assert that a rule does the same plain, traced and written; return the trace."""
    source = IMPORT + source.lstrip("\n")
    expected, _ = see(call_plainly(source), *args)
    rule = Rule.from_source(source, "rule", FILE)
    seen, traced = see(partial(trace, rule), *args)
    assert seen == expected, source
    seen, detailed = see(partial(trace, rule.detailed), *args)
    assert seen == expected, source
    for style in BUILT_IN:
        seen, written = see(rule.writer(style), *args)
        assert seen == expected, source
        told = detailed if load(style).detailed else traced
        assert written.response == told.response(style), source
        assert written.answer == traced.answer
    return traced


def in_rules(form: str, places: Iterable[str]) -> list[str]:
    """Return the sources that have the form in a rule."""
    put = housed if form in SENTENCES else placed
    sources = [put(form, place) for place in places]
    return [s for s in sources if compiles(s) and "__future__" not in s]


@pytest.mark.parametrize("form", FORMS)
def test_expression(form: str) -> None:
    sources = in_rules(form, ["local", "condition", "argument"])
    for source in sources:
        assert check(source).steps
    assert sources


@pytest.mark.parametrize("form", SENTENCES)
def test_statement(form: str) -> None:
    for source in in_rules(form, ["function", "loop", "try"]):
        assert check(source).steps


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES_IN_RULES)
def test_every_expression_everywhere(place: str) -> None:
    sources = [source for form in FORMS for source in in_rules(form, [place])]
    for source in sources:
        check(source)
    assert sources


@pytest.mark.slow
@pytest.mark.parametrize("home", HOMES_IN_RULES)
def test_every_statement_everywhere(home: str) -> None:
    sources = [source for form in SENTENCES for source in in_rules(form, [home])]
    for source in sources:
        check(source)
    assert sources


# Bodies of rules of an int, two lists and a text, in the kind of Python that rules are written in.
BODIES = split("""
while n > 0:
    xs.append(n % 10)
    n //= 10
return xs

while xs and ys and len(s) < 9:
    s += 'x'
    a = xs.pop(0)
    ys.append(a)
    if a > 2: break
else:
    ys.append(0)
return xs, ys

xs.append(n)
ys[5] = 1
return xs

print(n, xs)
xs.append(n)
return xs[7]

xs.append(n)
raise ValueError(xs, n)

xs.append(n)
assert n > 100, f'{xs}'

a = xs
a.append(1)
xs = xs + [2]
a.append(3)
return a, xs

a, b = xs, xs
a += [1]
b[0] = 9
return xs

xs, ys = ys, xs
xs.append(1)
return xs, ys

xs.append(xs)
return len(xs)

a = [xs, ys]
a[0].append(1)
xs.append(2)
a = a[::-1]
return a

for i in range(len(xs)):
    xs[i] = xs[i] == 1 or xs[i]
return xs

for i in xs:
    if len(xs) < 6: xs.append(i)
return xs

total = 0
for i, x in enumerate(xs):
    total += i * x
    if total > 3: continue
    ys.insert(0, total)
return total, ys

s = s + 'b'
t = s[::-1]
while len(t) < 9: t += s[0]
return t.upper(), s

c = {}
for ch in s: c[ch] = c.get(ch, 0) + 1
c['new'] = xs
xs.append(1)
return c

c = set(xs)
c.add('a')
c.discard(1)
return sorted(map(str, c))

def f(v):
    v.append(n)
    return v
a = f(xs)
a.append(1)
return a is xs, xs

def f(): return n + 1
n = f()
n = f()
return n

x = 1
x = True
x = 1.0
x = -0.0
xs[0] = True
return x, xs

n = n / 0

n = 10 ** 5000
n += 1
return n > 5

a = n if n > 3 else xs
return a

return [x for x in xs if x > 1] + [n := n + 1]

while True:
    n -= 1
    try:
        if n < 0: return xs
        xs.append(1 // n)
    except ZeroDivisionError as e:
        xs.append(str(e))
    finally:
        xs.append('f')

if n:
    if not xs: n = 1
    elif ys: n = 2
    else: n = 3
elif s: n = 4
return n

global shared
shared = [n]
shared.append(xs)
xs.append(1)
return shared

class Node:
    def __init__(self, v): self.v = v; self.next = None
head = Node(n)
head.next = tail = Node(xs)
tail.v.append(1)
return head.next.v

xs.sort(key=lambda v: -v)
ys.reverse()
xs[1:] = ys
del xs[0]
return xs

grid = [xs] * 2
grid[0][0] += 1
grid = [row[:] for row in grid]
grid[0][0] += 1
return grid

rows = [[0] * 2 for _ in range(2)]
rows[1][0] = n
row = rows[1]
row[1] = n
return rows

i = j = n
i += 1
n, *xs = ys + [i, j]
return n, xs

return

pass
""")


@pytest.mark.parametrize("body", BODIES)
def test_bodies_of_rules(body: str) -> None:
    source = "def rule(n, xs, ys, s):\n    " + body.replace("\n", "\n    ")
    for arguments in (12, [1, 2, 3], [4], "ab"), (0, [], [], ""), (5, [1.5, "a"], [None], "é"):
        assert check(source, *arguments).steps
    shared = [1, 2]
    assert check(source, 3, shared, shared, "c").steps
    assert check(source, True, [[1], [2]], [(1, 2)], "'").steps
    assert check(source, 2, [10**4400], [-0.0], "\n").steps


def test_a_rule_that_is_a_generator() -> None:
    traced = trace(Rule.from_source("def rule(n):\n    yield n\n    yield n + 1"), 1)
    assert traced.result == [1, 2]
    assert traced.response().endswith("2. Return\nSo the answer is [1, 2]\n")


def test_rules_of_other_kinds_of_arguments() -> None:
    class Own:
        def __repr__(self) -> str:
            raise RuntimeError

    source = "def rule(a):\n    b = a\n    c = [a, b]\n    return c"
    for value in (
        Own(),
        iter([1]),
        {1: {2: {3}}},
        (1, [2]),
        None,
        {1, 2},
        b"a",
        2j,
        print,
        float("nan"),
    ):
        assert check(source, value).steps
