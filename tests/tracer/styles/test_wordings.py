"""Style `natural`: a wording says what a method or function does, and only of built-in types."""

import ast
import math
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from rfft.tracer import Rule
from rfft.tracer.styles.english.kinds import Kinds
from rfft.tracer.styles.english.outline import text_of_rule
from rfft.tracer.styles.english.sentences import Sentences
from rfft.tracer.styles.english.values import OPERATOR_METHODS
from rfft.tracer.styles.english.wordings import BY_METHOD, FUNCTIONS

SAMPLES: dict[str, tuple[Any, ...]] = {
    "text": ("a",), "bytes": (b"a",), "list": ([1, 2],), "tuple": ((1,),), "set": ({1},),
    "dict": ({1: 2},), "counter": (Counter("a"),), "deque": (deque([1]),), "range": (range(3),),
    "number": (1, 0.5), "bool": (True,), "match": (re.match("(a)", "a"),),
}  # fmt: skip
ARGUMENTS: tuple[Any, ...] = (0, 1, "a", b"a", "utf-8", [1], [b"a"], {1}, [(1, 2)], {97: 98})
ROWS = [(table, name, number) for table, rows in BY_METHOD.items() for name, number in rows.rows]


def takes(kind: str, name: str, number: int) -> bool:
    """Tell whether a type has a method that takes so many arguments."""
    for sample, given in product(SAMPLES[kind], product(ARGUMENTS, repeat=number)):
        whole = sample.copy() if hasattr(sample, "copy") else sample
        try:
            getattr(whole, name)(*given)
        except (AttributeError, TypeError):
            continue
        except (ValueError, KeyError, IndexError, LookupError):
            pass
        return True
    return False


LATER = {"is_integer": {"bool"}}
"""Types that have a method since a later Python than the oldest."""


@pytest.mark.parametrize(("table", "name", "number"), ROWS)
def test_each_type_with_a_method_has_its_words(table: str, name: str, number: int) -> None:
    given = [set(types) for types, _ in BY_METHOD[table].rows[name, number]]
    found = {kind for kind in SAMPLES if takes(kind, name, number)} | LATER.get(name, set())
    assert set().union(*given) == found
    assert sum(map(len, given)) == len(found), "a type has two wordings"


# What the words claim, worked out anew


def walk_off(text: str, chars: str, step: int) -> str:
    while text and text[0 if step > 0 else -1] in chars:
        text = text[1:] if step > 0 else text[:-1]
    return text


def places(part: str, text: str) -> Iterator[int]:
    return (n for n in range(len(text) + 1) if text[n : n + len(part)] == part)


def apart(text: str, part: str) -> list[int]:
    """Return the places of a part that do not overlap."""
    found: list[int] = []
    for n in places(part, text):
        if not found or n >= found[-1] + len(part):
            found.append(n)
    return found


def filled(text: str, width: int, fill: str = " ") -> str:
    return fill * max(0, width - len(text))


def cut(text: str, at: int, part: str) -> tuple[str, str, str]:
    return text[:at], part, text[at + len(part) :]


TEXTS = ("", "a", "abcab", "aXa bA", "-7", "  x  y ", "aaaa", "12", "²", "Ab1", "é", "\t\n")
CLAIMS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "s.capitalize()": (lambda s: s[:1].upper() + s[1:].lower(), ()),
    "s.count(p)": (lambda s, p: len(apart(s, p)), ("a", "aa", "z")),
    "s.endswith(p)": (lambda s, p: p == s[max(0, len(s) - len(p)) :], ("a", "y ", "")),
    "s.find(p)": (lambda s, p: next(places(p, s), -1), ("a", "b", "zz")),
    "s.find(p, 1)": (lambda s, p: next((n for n in places(p, s) if n >= 1), -1), ("a", "b")),
    "s.isalnum()": (lambda s: s != "" and all(c.isalpha() or c.isdigit() for c in s), ()),
    "s.isalpha()": (lambda s: s != "" and all(c.upper() != c.lower() for c in s), ()),
    "s.isascii()": (lambda s: all(ord(c) < 128 for c in s), ()),
    "s.isdecimal()": (lambda s: s != "" and all(c in "0123456789" for c in s), ()),
    "s.isdigit()": (lambda s: s != "" and all(c in "0123456789²" for c in s), ()),
    "s.isspace()": (lambda s: s != "" and s.split() == [], ()),
    "s.ljust(4)": (lambda s: s + filled(s, 4), ()),
    "s.ljust(4, '*')": (lambda s: s + filled(s, 4, "*"), ()),
    "s.lstrip('ab')": (lambda s: walk_off(s, "ab", 1), ()),
    "s.partition(p)": (
        lambda s, p: cut(s, apart(s, p)[0], p) if p in s else (s, "", ""), ("a", "b", "zz"),
    ),
    "s.removeprefix(p)": (lambda s, p: s[len(p) :] if s[: len(p)] == p else s, ("a", "ab", "z")),
    "s.removesuffix(p)": (lambda s, p: s[: -len(p)] if s[-len(p) :] == p else s, ("a", "ab")),
    "s.replace('aa', 'x', 1)": (lambda s: "x".join(re.split("aa", s, maxsplit=1)), ()),
    "s.rfind(p)": (lambda s, p: max(places(p, s), default=-1), ("a", "aa", "z")),
    "s.rjust(4)": (lambda s: filled(s, 4) + s, ()),
    "s.rpartition(p)": (
        lambda s, p: cut(s, max(places(p, s)), p) if p in s else ("", "", s), ("a", "b", "zz"),
    ),
    "s.rstrip('ab')": (lambda s: walk_off(s, "ab", -1), ()),
    "s.split()": (lambda s: re.findall(r"\S+", s), ()),
    "s.split(p)": (lambda s, p: re.split(re.escape(p), s), ("a", " ", "bc")),
    "s.split(p, 1)": (lambda s, p: re.split(re.escape(p), s, maxsplit=1), ("a", " ")),
    "s.strip('ab')": (lambda s: walk_off(walk_off(s, "ab", 1), "ab", -1), ()),
    "s.strip()": (lambda s: walk_off(walk_off(s, " \t\n", 1), " \t\n", -1), ()),
    "s.swapcase()": (
        lambda s: "".join(c.lower() if c == c.upper() else c.upper() for c in s), (),
    ),
    "s.zfill(4)": (
        lambda s: s[0] + filled(s, 4, "0") + s[1:] if s[:1] == "-" else filled(s, 4, "0") + s, (),
    ),
    "s[::-1]": (lambda s: "".join(s[n] for n in range(len(s) - 1, -1, -1)), ()),
    "s[::2]": (lambda s: "".join(c for n, c in enumerate(s) if n % 2 == 0), ()),
    "s[1:]": (lambda s: "".join(c for n, c in enumerate(s) if n != 0), ()),
    "s[:-2]": (lambda s: "".join(c for n, c in enumerate(s) if n < len(s) - 2), ()),
}  # fmt: skip


@pytest.mark.parametrize("source", CLAIMS)
def test_claims_about_texts(source: str) -> None:
    claim, given = CLAIMS[source]
    words = said(source, s="''", p="''")
    assert "result of" not in words
    for s in TEXTS:
        for p in given or (None,):
            expected = claim(s) if p is None else claim(s, p)
            assert eval(source) == expected, f"{words} for s = {s!r}, p = {p!r}"


NUMBERS = (-7, -3, -2, -0.5, 0.5, 1, 2, 2.5, 3, 7)
OF_NUMBERS: dict[str, tuple[str, Callable[..., Any]]] = {
    "n // m": ("n divided by m (rounded down)", lambda n, m: math.floor(n / m)),
    "n % m": ("the remainder of n divided by m", lambda n, m: n - m * math.floor(n / m)),
    "int(n)": (
        "the integer part of n", lambda n, m: math.floor(n) if n > 0 else -math.floor(-n),
    ),
    "round(n)": (
        "n rounded to the nearest integer (a half to the even one)",
        lambda n, m: min((k for k in range(-9, 9)), key=lambda k: (abs(k - n), k % 2)),
    ),
    "max(n, m)": ("the larger of n and m", lambda n, m: sorted([n, m])[1]),
    "0 < n <= m": ("whether 0 is less than n and n is at most m", lambda n, m: n > 0 and n <= m),
    "max([], default=n)": ("the largest of the items of [] (n if there is none)", lambda n, m: n),
    "list(range(3, -3, -2))": (
        "the list of (the integers from 3 towards -3 (not included) in steps of -2)",
        lambda n, m: [3, 1, -1],
    ),
    "sorted([n, m], reverse=True)": (
        "the sorted list of the items of [n, m], the largest first",
        lambda n, m: [n, m] if n > m else [m, n],
    ),
    "n in {m: n}": ("whether n is a key of {m: n}", lambda n, m: n == m),
    "int('101', 2)": ("the integer value of '101' in base 2", lambda n, m: 4 + 1),
    "all(k > n for k in [])": ("whether k is greater than n for every k in []", lambda n, m: True),
    "any(k > n for k in [])": (
        "whether k is greater than n for at least one k in []", lambda n, m: False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", OF_NUMBERS)
def test_claims_about_numbers(source: str) -> None:
    words, claim = OF_NUMBERS[source]
    assert said(source, n="1", m="2") == words
    for n, m in product(NUMBERS, NUMBERS):
        assert eval(source) == claim(n, m), f"{words} for n = {n}, m = {m}"


# Whose words they are


def said(source: str, head: str = "", **names: str) -> str:
    """Return an expression in words, after assignments to some names."""
    known = "".join(f"{name} = {value}\n" for name, value in names.items())
    sentences = Sentences(Kinds(ast.parse(head + known)))
    return sentences.whole(ast.parse(source, mode="eval").body)


CALLS = sorted({(name, number) for _, name, number in ROWS})


def own_class(*names: str) -> str:
    """Return a class that has methods of some names."""
    return "class Queue:\n" + "".join(f"    def {n}(self, *given): return 1\n" for n in names)


@pytest.mark.parametrize(("name", "number"), CALLS)
def test_a_method_of_an_own_class_is_called(name: str, number: int) -> None:
    given = ", ".join("123"[:number])
    words = {0: "", 1: " with 1", 2: " with 1 and 2", 3: " with 1, 2 and 3"}[number]
    body = f"    q.{name}({given})\n    if q.{name}({given}):\n        return q.{name}({given})\n"
    result = f"the result of q's {name}{words}"
    for binding in ("q = Queue()", "q = [Queue()][0]", "q = [Queue()].pop()", "pass"):
        rule = Rule.from_source(f"{own_class(name)}def f(q):\n    {binding}\n{body}", "f")
        text = text_of_rule(rule)
        assert f". Call q's {name}{words}.\n" in text
        assert f". If {result} counts as true:\n" in text
        assert f".1 Return {result}.\n" in text


def test_a_method_of_an_own_class_is_not_that_of_a_list() -> None:
    head = own_class("pop", "append", "count", "startswith", "index", "items")
    words = "the last item of q (which is removed)"
    assert said("q.pop()", head, q="[1]") == words
    assert said("q.pop()", head, q="Queue()") == "the result of q's pop"
    assert said("q.pop()", head + "q = [1]\n", q="Queue()") == "the result of q's pop"
    assert said("q.s.pop()", head, q="Queue()") == "the result of q's s's pop"


@pytest.mark.parametrize(
    "head",
    [
        "class Queue(list): pass\n",
        "class Base:\n    def __getattr__(self, name): return print\nclass Queue(Base): pass\n",
        "class Queue:\n    def __init__(self): self.count = len\n",
        "class Queue(metaclass=Meta): pass\n",
        "from queues import Queue\n",
        "Queue = type('Queue', (), {'count': len})\n",
        "from collections import namedtuple\nQueue = namedtuple('Queue', 'count')\n",
        "class Queue: pass\nQueue.count = len\n",
        "class Queue: pass\nsetattr(Queue, 'count', len)\n",
        "class Queue:\n    from math import floor as count\n",
        "def f():\n    class Queue:\n        count = len\n    return Queue()\n",
        "class list:\n    def count(self, x): return 1\ndef Queue() -> list: return list()\n",
    ],
)
def test_ways_to_have_a_method_of_ones_own(head: str) -> None:
    assert said("q.count(1)", head, q="Queue()") == "the result of q's count with 1"


@pytest.mark.parametrize("operator", OPERATOR_METHODS)
def test_an_operator_of_an_own_class(operator: type[ast.operator]) -> None:
    name = OPERATOR_METHODS[operator]
    node = ast.BinOp(ast.Name("q"), operator(), ast.Name("n"))
    for method in (f"__{name}__", f"__r{name}__", f"__i{name}__"):
        tree = ast.parse(own_class(method) + "q = Queue()\nn = 1\n")
        symbol = ast.unparse(node).split()[1]
        sentences = Sentences(Kinds(tree))
        assert sentences.whole(node) == f"q {symbol} n"
        stated = sentences.statement(ast.AugAssign(ast.Name("q"), operator(), ast.Name("n")))
        assert stated == f"Carry out q {symbol}= n."


OWN = {
    "q < n": ("__lt__", "q < n"),
    "q == n": ("__eq__", "q == n"),
    "n in q": ("__contains__", "n in q"),
    "not q > n": ("__gt__", "whether (q > n) counts as false"),
    "q[0]": ("__getitem__", "q[0]"),
    "q[1:n]": ("__getitem__", "q[1:n]"),
    "-q": ("__neg__", "-q"),
    "~(q + q)": ("__invert__", "~(q plus q)"),
    "not q": ("__bool__", "whether q counts as false"),
    "len(q)": ("__len__", "len of q"),
    "abs(q)": ("__abs__", "abs of q"),
    "reversed(q)": ("__reversed__", "reversed of q"),
    "max(q, n)": ("__gt__", "max of q and n"),
    "sorted([q])": ("__lt__", "sorted of [q]"),
    "sum([q])": ("__radd__", "sum of [q]"),
    "round(q, 1)": ("__round__", "round of q and 1"),
}


@pytest.mark.parametrize("source", OWN)
def test_what_an_own_class_does_in_its_own_way(source: str) -> None:
    method, words = OWN[source]
    assert said(source, own_class(method), q="Queue()", n="1") == words


@pytest.mark.parametrize("name", sorted({name for name, _ in FUNCTIONS if "." not in name}))
def test_a_function_that_hides_a_built_in_one(name: str) -> None:
    number = max(n for other, n in FUNCTIONS if other == name)
    given, words = ", ".join("xyz"[:number]), {0: "", 1: "x", 2: "x and y", 3: "x, y and z"}[number]
    call = f"{name} of {words}" if words else f"the result of {name}"
    for head in (f"def {name}(*given): return 1\n", f"from others import {name}\n"):
        assert said(f"{name}({given})", head) == call
    rule = Rule.from_source(f"def f({name}, x, y, z):\n    return {name}({given})\n")
    assert text_of_rule(rule).endswith(f"1. Return {call}.")


@pytest.mark.parametrize("head", ["math = f()\n", "import numpy as math\n", "class math: pass\n"])
def test_a_module_that_is_another_thing(head: str) -> None:
    assert said("math.floor(x)", "import math\n") == "x rounded down"
    assert said("math.floor(x)", head) in (
        "math.floor of x", "the result of math's floor with x", "the result of math.floor with x",
    )  # fmt: skip
    assert said("floor(x)", "from math import floor\n") == "x rounded down"
    assert said("floor(x)", "from math import floor\ndef floor(x): pass\n") == "floor of x"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("for i, w in enumerate(x): pass", "For each (i, w) in enumerate of x:"),
        ("for i in range(x): pass", "For each i in range of x:"),
        ("print(x)", "Call print with x."),
        ("x = list()", "Set x to the result of list."),
        ("if any(x): pass", "If any of x counts as true:"),
        ("if isinstance(x, int): pass", "If isinstance of x and int counts as true:"),
    ],
)
def test_hidden_names_in_statements(body: str, words: str) -> None:
    names = "enumerate range print list any isinstance".split()
    head = "".join(f"def {name}(*given): return given\n" for name in names)
    rule = Rule.from_source(f"{head}def f(x):\n    {body}\n", "f")
    assert f"1. {words}\n" in text_of_rule(rule)
