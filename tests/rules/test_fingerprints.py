"""Fingerprints: the same for one program under other names, different for any other program."""

import ast
import re
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfft.rules import fingerprint
from rfft.tracer import Rule


def mark(source: str) -> str:
    return fingerprint(Rule.from_source(textwrap.dedent(source)))


BASE = """
def total(numbers):
    result = 0
    for number in numbers:
        if number > 3:
            result += double(value=number)
    return f"{result}!"


def double(value):
    return value * 2
"""

SAME = {
    "names": re.sub(r"\b(total|numbers|result|number|double|value)\b", r"x_\1", BASE),
    "a name for two things": BASE.replace("value", "number"),
    "order": "\n\n".join(reversed(BASE.strip().split("\n\n\n"))),
    "hints": BASE.replace("(numbers)", "(numbers: list[int]) -> str").replace(
        "result = 0", "result: int = 0"
    ),
    "docstring": BASE.replace("(numbers):", '(numbers):\n    """Add {numbers}."""'),
    "comments": BASE.replace("result = 0", "result = 0  # the sum").replace("\n\n\n", "\n# x\n\n"),
    "typing": "from typing import List\n" + BASE.replace("numbers)", "numbers: List[int])"),
    "constants": BASE.replace("3", "0x3").replace('f"{result}!"', "f'{result}' '!'"),
    "what else is there": f"TITLE = 'x'\n{BASE}\ndef inputs(n, rng):\n    return 3\n",
}

OTHER = {
    "constant": BASE.replace("3", "4"),
    "type of a constant": BASE.replace("3", "3.0"),
    "operator": BASE.replace(">", ">="),
    "method": BASE.replace("result = 0", "numbers.sort()\n    result = 0"),
    "other method": BASE.replace("result = 0", "numbers.reverse()\n    result = 0"),
    "built-in": BASE.replace("value=number", "value=abs(number)"),
    "other built-in": BASE.replace("value=number", "value=int(number)"),
    "which variable": BASE.replace("number > 3", "result > 3"),
    "text": BASE.replace("!", "?"),
    "conversion": BASE.replace("{result}", "{result!r}"),
    "order of parameters": BASE.replace("(value)", "(value, other=1)"),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_program(case: str) -> None:
    assert SAME[case] != BASE
    assert mark(SAME[case]) == mark(BASE)


def test_different_programs() -> None:
    marks = [mark(source) for source in [BASE, *OTHER.values()]]
    assert len(set(marks)) == len(marks)


PAIRS = [
    # names of another scope
    ("def f(a): return [b for b in a]", "def f(a): return [a for a in a]"),
    (
        "def f(a):\n    def g(a): return a\n    return g",
        "def f(a):\n    def h(b): return b\n    return h",
    ),
    ("def f(a): return lambda b, c=a: b", "def f(x): return lambda y, z=x: y"),
    ("def f(a): return (b := a)", "def f(a): return (c := a)"),
    ("def f(a):\n    global b\n    b = a", "def f(x):\n    global b\n    b = x"),
    # classes
    (
        "class A:\n  k = 1\n  def f(self, n):\n    self.x = n\n    return self.x + self.k",
        "class B:\n  j = 1\n  def g(this, m):\n    this.y = m\n    return this.y + this.j",
    ),
    # names that patterns, handlers and imports bind
    (
        "def f(a):\n match a:\n  case [b, *c] | {'k': b, **c}: return b\n  case _ as d: return d",
        "def f(x):\n match x:\n  case [y, *z] | {'k': y, **z}: return y\n  case _ as w: return w",
    ),
    (
        "def f(a):\n    try: return a\n    except KeyError as e: return e",
        "def f(b):\n    try: return b\n    except KeyError as c: return c",
    ),
    ("import math as m\ndef f(a): return m.pi", "import math as n\ndef f(b): return n.pi"),
    ("def f(*, a, b=1, **c): return a, b, c", "def f(*, x, y=1, **z): return x, y, z"),
    (
        "def f(a): return [c for b in a if (c := b) for d in b], c",
        "def f(w): return [x for y in w if (x := y) for z in y], x",
    ),
    ("def f(a, *b): return f(1, *b)", "def g(x, *y): return g(1, *y)"),
    ("async def f(a): return await a", "async def g(b): return await b"),
    ("def f(a: int): \n    b: int\n    return a", "def f(a):\n    pass\n    return a"),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_names_of_every_kind(one: str, other: str) -> None:
    assert mark(one) == mark(other)


DIFFERENT = [
    ("def f(a, b): return a", "def f(a, b): return b"),
    ("import math\ndef f(a): return math.pi", "import cmath as math\ndef f(a): return math.pi"),
    ("def f(a):\n    global b\n    b = a", "def f(a):\n    b = a"),
    ("def f(a): return a.x", "def f(a): return a.y"),
    (
        "def f(a): return g(k=a)\ndef g(**k): return k",
        "def f(a): return g(j=a)\ndef g(**k): return k",
    ),
    ("def f(a): return 1", "def f(a): return True"),
    ("def f(a): return 'é'", "def f(a): return 'e'"),
    ("def f(a): return ...", "def f(a): return None"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_programs_that_look_alike(one: str, other: str) -> None:
    assert mark(one) != mark(other)


def test_it_is_the_same_in_every_python_version() -> None:
    everything = "".join(f"\n    {line}" for one, _ in PAIRS for line in one.split("\n"))
    assert mark(BASE) == "5255e25af57506d1220e2aac00822b9a"
    assert (
        mark(f"def f(a):{everything}\n    return f'{{a!r:>{{a}}}} x' 'y'")
        == "c8d5d0a11ef5e8af72099e3cb17b20c1"
    )


@settings(deadline=None, max_examples=50)
@given(st.permutations(["p", "q", "r", "s", "t", "u"]))
def test_any_other_names(names: list[str]) -> None:
    old = ["total", "numbers", "result", "number", "double", "value"]
    renamed = dict(zip(old, names, strict=True))
    source = re.sub(r"\b(" + "|".join(old) + r")\b", lambda m: renamed[m[1]], BASE)
    ast.parse(source)
    assert mark(source) == mark(BASE)
