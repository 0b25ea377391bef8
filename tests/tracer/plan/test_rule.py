"""A rule: which function is chosen, what a prompt shows of it, how it is called."""

import copy
import functools
import sys
import textwrap
import traceback
from pathlib import Path
from typing import Any

import pytest

from rfft.tracer import InputRejected, Rule, SourceRejected, trace

from ..examples import CASES, example
from ..recorded import rules_of_a_module as module


def dedented(text: str) -> str:
    return textwrap.dedent(text).strip("\n") + "\n"


def result(rule: Rule, *args: Any, **kwargs: Any) -> Any:
    """Return the result of a rule that must not raise."""
    traced = trace(rule, *args, **kwargs)
    assert traced.exception is None
    return traced.result


# Which function

CHOSEN = {
    "def a(): pass": "a",
    "async def a(): pass": "a",
    "def a():\n    def b(): pass": "a",
    "def a(): return b()\ndef b(): pass": "a",
    "def b(): pass\ndef a(): return b()\nx = 1": "a",
    "def a(n): return a(n - 1)\ndef b(): pass\ndef c(): return b() + a(1)": "c",
    "def key(x): pass\ndef a(x): return sorted(x, key=key)": "a",
    "class C:\n    def m(self): pass": "C.m",
    "class C:\n    def __init__(self): pass\n    def m(self): pass": "C.m",
    "class Solution:\n    def a(self): return self.b()\n    def b(self): pass": "Solution.a",
    "class Node:\n    def m(self): pass\nclass Solution:\n    def a(self): pass": "Solution.a",
    "class Node:\n    def m(self): pass\ndef a(): return Node().m()": "a",
    # Task files
    "def a(): pass\ndef inputs(): pass\ndef oracle(): pass\ndef question(): pass": "a",
    "def a(): pass\ndef oracle(): return a()": "a",
    "def a(): pass\ndef oracle(): return b()\ndef b(): pass": "a",
    "def a(): pass\ndef oracle(): return _b()\ndef _b(): return _c()\ndef _c(): return a()": "a",
    "def _a(): pass\ndef inputs(): return _b()\ndef _b(): pass": "_a",
    "def a(): return question()\ndef question(): pass": "a",
    "class Solution:\n    def m(self): pass\ndef inputs(): pass": "Solution.m",
    "def oracle(): pass": "oracle",
}


@pytest.mark.parametrize("source", CHOSEN)
def test_the_function_that_no_other_uses_is_the_rule(source: str) -> None:
    assert Rule.from_source(source).function == CHOSEN[source]


NOT_CHOSEN = {
    "": "no function",
    "x = 1": "no function",
    "f = lambda x: x": "no function",
    "class C:\n    def __init__(self): pass": "no function",
    "def a(): pass\ndef b(): pass": "several functions; name one of them: a, b",
    "def a(): b()\ndef b(): a()": "several functions; name one of them: a, b",
    "class C:\n    def a(self): pass\n    def b(self): pass": "name one of them: C.a, C.b",
    "def inputs(): pass\ndef oracle(): pass": "several functions; name one of them: inputs, oracle",
    "def a(): pass\ndef b(): pass\ndef oracle(): pass": "several functions",
    "def a(): pass\nclass Solution:\n    def b(self): pass": "name one of them: a, Solution.b",
}


@pytest.mark.parametrize("source", NOT_CHOSEN)
def test_no_choice(source: str) -> None:
    with pytest.raises(SourceRejected, match=NOT_CHOSEN[source]):
        Rule.from_source(source)


SEVERAL = """
def a(x): return x
def b(x): return a(x) + 1
class C:
    def m(self, x): return x + 2
    def n(self, x): return self.m(x) + 1
    @staticmethod
    def s(x): return x + 4
    @classmethod
    def c(cls, x): return cls.s(x) + 1
class D:
    def m(self, x): return x + 6
"""


@pytest.mark.parametrize(
    ("name", "function", "expected"),
    [
        ("a", "a", 0),
        ("b", "b", 1),
        ("C.m", "C.m", 2),
        ("n", "C.n", 3),
        ("s", "C.s", 4),
        ("C.c", "C.c", 5),
        ("D.m", "D.m", 6),
    ],
)
def test_a_function_by_name(name: str, function: str, expected: int) -> None:
    rule = Rule.from_source(SEVERAL, name)
    assert rule.function == function
    assert result(rule, 0) == expected


@pytest.mark.parametrize("name", ["m", "C", "inner", "C.x", "E.m", ""])
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(SourceRejected, match=rf"no function '{name}'; there are a, b, C.m, C.n"):
        Rule.from_source(SEVERAL, name)


# Sources


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def f(:\n    pass", "syntax error in line 1: invalid syntax\n    def f(:"),
        ("def f():\n  x = 1\n y = 2", "syntax error in line 3: unindent"),
        ("def f():\n\tx = 1\n        y = 2", "syntax error in line 3: inconsistent use of tabs"),
        ("def f(x): return x\0", "null bytes"),
        ("def f(): return " + "(" * 300 + ")" * 300, "too many nested parentheses"),
    ],
)
def test_text_that_is_no_python(source: str, said: str) -> None:
    with pytest.raises(SourceRejected) as raised:
        Rule.from_source(source)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    "source",
    [
        "def f(): return 1\nbreak",
        "def f(): return 1\nreturn 2",
        "def f(x):\n    nonlocal y\n    return x",
        "def f(x, x): return x",
    ],
)
def test_text_that_does_not_compile(source: str) -> None:
    with pytest.raises(SourceRejected):
        trace(Rule.from_source(source), *([1] if "(x" in source else []))


def test_the_body_of_the_module_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert result(Rule.from_source("print('hello')\ndef f(x): return x"), 1) == 1
    assert capsys.readouterr().out == "hello\n"
    failing = trace(Rule.from_source("1 / 0\ndef f(x): return x"), 1)
    assert isinstance(failing.exception, ZeroDivisionError)


ODD_SOURCES = {
    "CRLF": "def f(x):\r\n    y = x + 1  # next\r\n    return y\r\n",
    "CR": "def f(x):\r    y = x + 1\r    return y\r",
    "form feed": "\x0cdef f(x):\n    y = x + 1\n\x0c\n    return y\n",
    "tabs": "def f(x):\n\ty = x + 1\n\treturn y\n",
    "no end of line": "def f(x):\n    y = x + 1\n    return y",
    "blank lines": "\n\n\ndef f(x):\n\n    y = x + 1\n\n\n    return y\n\n\n",
    "continued": "def f(x):\n    y = x \\\n        + 1\n    return y\n",
    "beyond ASCII": "def f(x):\n    w = 'é'; y = x + 1; z = '日本'\n    return y  # ß\n",
}


@pytest.mark.parametrize("kind", ODD_SOURCES)
def test_odd_sources(kind: str) -> None:
    rule = Rule.from_source(ODD_SOURCES[kind])
    traced = trace(rule, 4)
    assert traced.result == 5
    response = traced.response()
    assert "\r" not in response
    assert "\x0c" not in response
    assert "\nreturn y\n" in response
    assert rule.writer()(4).response == response
    assert result(Rule.from_source(rule.text), 4) == 5


def test_names_and_texts_beyond_ascii() -> None:
    source = """
        def grüße(größe, ü="ß"):
            'Wie {größe}?'
            x = größe + größe; y = ü
            return x + y
    """
    traced = trace(Rule.from_source(dedented(source)), "é")
    assert traced.result == "ééß"
    assert traced.question == "Wie 'é'?"
    assert "x = größe + größe\ny = ü\n" in traced.response()
    assert "x = 'é' + 'é' = 'éé'\n" in traced.response()


def test_from_file(tmp_path: Path) -> None:
    path = tmp_path / "rule.py"
    path.write_bytes("# coding: latin-1\ndef f():\n    return 'é'\n".encode("latin-1"))
    assert result(Rule.from_file(path)) == "é"
    assert Rule.from_file(str(path), "f").filename == str(path)
    path.write_bytes(b"\xef\xbb\xbfdef f():\r\n    return 1\r\n")
    assert result(Rule.from_file(path)) == 1
    for data in (b"\xff\xfe", b"# coding: nope\n"):
        path.write_bytes(data)
        with pytest.raises(SourceRejected, match="is no Python text"):
            Rule.from_file(path)
    with pytest.raises(FileNotFoundError):
        Rule.from_file(tmp_path / "nope.py")


# The text in a prompt

TEXTS = {
    "what is used": (
        """
        from math import gcd, pi
        import os
        LIMIT = 3
        OTHER = 4
        def helper(x):
            '''Of the helper.'''
            return gcd(x, LIMIT)
        def unused(): return os.getcwd()
        def rule(a):
            '''Of the rule.'''
            # first
            return helper(a)  # end
        """,
        """
        from math import gcd, pi
        LIMIT = 3

        def helper(x):
            '''Of the helper.'''
            return gcd(x, LIMIT)

        def rule(a):
            # first
            return helper(a)  # end
        """,
    ),
    "a method without its class": (
        """
        from typing import List
        class Solution:
            K = 2
            def rule(self, a: List[int]) -> int:
                '''Doc.'''
                return a
        """,
        """
        from typing import List

        def rule(self, a: List[int]) -> int:
            return a
        """,
    ),
    "a method that uses its instance": (
        """
        UNUSED = 1
        class Solution:
            K = 2
            def rule(self, a):
                '''Doc.'''
                return a + self.K
        """,
        """
        class Solution:
            K = 2
            def rule(self, a):
                return a + self.K
        """,
    ),
    "a method that uses another class": (
        """
        class Box:
            def __init__(self, a): self.a = a
        class Solution:
            def rule(self, a):
                return Box(a).a
        """,
        """
        class Box:
            def __init__(self, a): self.a = a

        def rule(self, a):
            return Box(a).a
        """,
    ),
    "a method that uses its class by name": (
        """
        class Solution:
            K = 2
            def rule(self, a):
                return a + Solution.K
        """,
        """
        class Solution:
            K = 2
            def rule(self, a):
                return a + Solution.K
        """,
    ),
    "a default of the class": (
        """
        class Solution:
            K = 2
            def rule(self, a, k=K):
                return a + k
        """,
        """
        class Solution:
            K = 2
            def rule(self, a, k=K):
                return a + k
        """,
    ),
    "a decorator": (
        """
        from functools import cache, wraps
        def twice(f): return lambda x: f(x) * 2
        @twice
        @cache
        def rule(a):
            "Doc."
            return a
        """,
        """
        from functools import cache, wraps

        def twice(f): return lambda x: f(x) * 2

        @twice
        @cache
        def rule(a):
            return a
        """,
    ),
    "nothing but a docstring": (
        "def rule(a):\n    '''Doc.'''",
        "def rule(a):\n    pass",
    ),
    "a docstring with code behind it": (
        "def rule(a):\n    '''Doc.'''; b = a\n    return b",
        "def rule(a):\n    b = a\n    return b",
    ),
    "a body in the line of the head": (
        "def rule(a): 'Doc.'; return a",
        "def rule(a): return a",
    ),
    "docstrings of others": (
        """
        def rule(a):
            '''Doc.'''
            def rule(b):
                '''Of the inner one.'''
                return b
            return rule(a)
        """,
        """
        def rule(a):
            def rule(b):
                '''Of the inner one.'''
                return b
            return rule(a)
        """,
    ),
    "a table that is filled": (
        """
        table = {}
        table[1] = 5
        items = []
        items.append(7)
        def rule(a):
            return table[a] + items[0]
        """,
        """
        table = {}
        table[1] = 5
        items = []
        items.append(7)

        def rule(a):
            return table[a] + items[0]
        """,
    ),
    "a string over several lines": (
        '''
        class Solution:
            def rule(self, a):
                text = """x
          y
        z"""
                return text * a
        ''',
        None,
    ),
    "annotations": (
        """
        from __future__ import annotations
        def rule(a: Undefined) -> Undefined:
            return a
        """,
        None,
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_text(case: str) -> None:
    source, expected = TEXTS[case]
    rule = Rule.from_source(dedented(source), None if "class " in source else "rule")
    if expected is not None:
        assert rule.text + "\n" == dedented(expected)
    again = Rule.from_source(rule.text, rule.scope.name)
    assert result(again, 1) == result(rule, 1)
    assert again.docstring is None


@pytest.mark.parametrize(("name", "args"), CASES)
def test_the_text_of_an_example_gives_the_same_answer(name: str, args: tuple[Any, ...]) -> None:
    rule = example(name)
    again = Rule.from_source(rule.text)
    first, second = result(rule, *copy.deepcopy(args)), result(again, *copy.deepcopy(args))
    assert repr(second) == repr(first)


def test_the_text_has_no_docstring() -> None:
    rule = example("long_addition")
    assert rule.docstring is not None
    assert rule.docstring in rule.source
    assert '"""' not in rule.text
    assert rule.text.startswith("def long_addition(num1: str, num2: str) -> str:\n    result = ")


# Questions


@pytest.mark.parametrize(
    ("docstring", "arguments", "question"),
    [
        ("Sort {a}.", ([2, 1], 0), "Sort [2, 1]."),
        ("Is {a} {b}?\n\n    It\n    may.", ("x", None), "Is 'x' None? It may."),
        ("{a}{a} {c} {{b}} {0} {} {a!r}", (1, 2), "11 {c} {2} {0} {} {a!r}"),
        (r"A \d or {b}", (1, 2), r"A \d or 2"),
        ("", (1, 2), "Given a = 1 and b = 2, what does rule return?"),
        ("Add them.", (1, [2]), "Add them. Here a = 1 and b = [2]."),
        ("Turn {a!s} and {b!s}.", ("x y", [1]), "Turn x y and [1]."),
        ("Is \"{a}\" '{b}'?", ("it's", ["x"]), "Is \"it's\" '['x']'?"),
        ("A {a!s}-{b!s}.", ("\"'", "a\nb"), "A \"'-a\\nb."),
    ],
)
def test_question(docstring: str, arguments: tuple[Any, ...], question: str) -> None:
    rule = Rule.from_source(f'def rule(a, b):\n    r"""{docstring}"""\n    return a\n')
    assert trace(rule, *arguments).question == question


def test_question_of_other_parameters() -> None:
    rule = Rule.from_source('def rule(*a, b=1, **c):\n    """{a} {b} {c}"""\n    return a\n')
    assert trace(rule).question == "{a} 1 {c}"
    assert trace(rule, 1).question == "(1,) 1 {c}"
    assert trace(rule, 1, 2, b=3, d="x").question == "(1, 2) 3 {'d': 'x'}"
    assert trace(Rule.from_source("def rule(): return 1")).question == "What does rule return?"


def test_question_keeps_the_input_though_the_rule_changes_it() -> None:
    traced = trace(example("move_zeroes"), [0, 1])
    assert "integer array [0, 1], move" in traced.question
    assert traced.input == "[0, 1]"


# Calls

SIGNATURES: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "a, b": [((1, 2), {}), ((1,), {"b": 2}), ((), {"b": 2, "a": 1})],
    "a, b=2": [((1,), {}), ((1, 3), {}), ((1,), {"b": 3})],
    "a, /, b, *, c=3": [((1, 2), {}), ((1,), {"b": 2, "c": 4})],
    "*a, b=2": [((), {}), ((1, 3), {}), ((1,), {"b": 3})],
    "a=[], **b": [((), {}), (([1],), {"x": 3, "y": 4})],
}


@pytest.mark.parametrize("parameters", SIGNATURES)
def test_arguments(parameters: str) -> None:
    source = f"def rule({parameters}):\n    return sorted(locals().items())\n"
    names: dict[str, Any] = {}
    exec(source, names)
    rule = Rule.from_source(source)
    for args, kwargs in SIGNATURES[parameters]:
        assert result(rule, *args, **kwargs) == names["rule"](*args, **kwargs)
        traced = trace(rule, *args, **kwargs)
        assert rule.writer()(*args, **kwargs).response == traced.response()


@pytest.mark.parametrize(
    ("parameters", "args", "kwargs", "said"),
    [
        ("a, b", (1,), {}, "rule takes a, b: missing a required argument: 'b'"),
        ("a", (1, 2), {}, "rule takes a: too many positional arguments"),
        ("a", (1,), {"a": 1}, "rule takes a: multiple values for argument 'a'"),
        ("a", (1,), {"b": 1}, "rule takes a: got an unexpected keyword argument 'b'"),
        ("", (1,), {}, "rule takes no arguments: too many positional arguments"),
        ("a, *, b", (1,), {}, "rule takes a, b: missing a required"),
        ("self, a", (1, 2), {}, "rule takes a: too many positional arguments"),
    ],
)
def test_arguments_that_do_not_fit(
    parameters: str, args: tuple[Any, ...], kwargs: dict[str, Any], said: str
) -> None:
    rule = Rule.from_source(f"def rule({parameters}):\n    return 1\n")
    with pytest.raises(InputRejected) as raised:
        trace(rule, *args, **kwargs)
    assert said in str(raised.value)
    with pytest.raises(InputRejected):
        rule.writer()(*args, **kwargs)


def test_self() -> None:
    assert result(Rule.from_source("def rule(self, x): return x"), 1) == 1
    assert result(Rule.from_source("def rule(self, x): return self + x"), 1, 2) == 3
    pasted = "class Solution:\n    def rule(self, x: int) -> int:\n        return x\n"
    assert result(Rule.from_source(pasted), 1) == 1
    needing = trace(Rule.from_source("class C:\n  def __init__(self, x): 0\n  def m(self): 0"))
    assert isinstance(needing.exception, TypeError)


def test_a_paste_that_imports_nothing() -> None:
    source = (
        "class Solution:\n    def rule(self, x: List[int]) -> Optional[int]:\n        return x[0]"
    )
    assert result(Rule.from_source(source), [1]) == 1


def test_each_call_starts_from_the_same_state() -> None:
    source = (
        "seen = []\ndef rule(x, y=[]):\n    seen.append(x)\n    y.append(x)\n    return seen, y\n"
    )
    rule = Rule.from_source(source)
    for _ in range(2):
        assert result(rule, 1) == ([1], [1])


# Functions that are loaded


@pytest.mark.parametrize(
    ("function", "args", "expected"),
    [
        (module.with_helper, (9,), 5),
        (module.even, (3,), False),
        (module.adder(5), (1,), 6),
        (module.decorated, (3,), 7),
        (module.Class.static, (1,), 3),
        (module.Class().method, (1,), 2),
        (module.square, (3,), 9),
    ],
)
def test_from_function(function: Any, args: tuple[Any, ...], expected: object) -> None:
    traced = trace(function, *args)
    assert traced.exception is None
    assert traced.result == expected == function(*args)


def test_helpers_of_a_function_are_traced_and_shown() -> None:
    traced = trace(module.with_helper, 9)
    assert [s.source for s in traced.steps if s.kind == "call"] == ["with_helper", "shared"]
    assert traced.question == "What comes of 9?"
    assert result(Rule.from_source(traced.rule.text, "with_helper"), 9) == 5


def test_lines_of_a_function_are_those_of_its_file() -> None:
    traced = trace(module.raising, 2)
    error = traced.exception
    assert error is not None
    lines = Path(module.__file__).read_text().splitlines()
    for step in traced.steps:
        assert step.source in lines[step.line - 1]
    last = traceback.extract_tb(error.__traceback__)[-1]
    assert last.filename == module.__file__
    assert last.line == "return shared(x) // (x - x)"


def test_the_names_of_the_module_are_not_rebound() -> None:
    before = module.LIMIT
    assert trace(module.rebinding).result == before + 1
    assert before == module.LIMIT


NO_RULES: list[Any] = [
    len,
    3,
    module.Class,
    len.__call__,
    lambda x: x,
    functools.partial(module.with_helper, 1),
]


@pytest.mark.parametrize("function", NO_RULES, ids=range(len(NO_RULES)))
def test_what_is_no_rule(function: Any) -> None:
    with pytest.raises(SourceRejected):
        trace(function, 1)


def test_a_closure_that_rebinds_names_outside() -> None:
    with pytest.raises(SourceRejected):
        trace(module.counter())


def test_a_function_without_source() -> None:
    names: dict[str, Any] = {}
    exec("def f(x): return x", names)
    with pytest.raises(SourceRejected, match="no source for f"):
        trace(names["f"], 1)


OWN = """
import math
from random import Random

TITLE = "a title"
TABLE = {
    1: 2,
}


def inputs(length: int, rng: Random) -> int:
    return rng.randrange(TABLE[1])


@staticmethod
def rule(n):
    \"\"\"How many {n}?\"\"\"
    return TABLE[n]
"""


def test_the_own_source_has_what_the_rule_uses_on_the_same_lines() -> None:
    lines = Rule.from_source(OWN).own_source.split("\n")
    assert lines[5:8] == OWN.split("\n")[5:8]
    assert lines[14:] == OWN.split("\n")[14:]
    assert {*lines[:5], *lines[8:14]} == {""}


def test_the_own_source_of_a_method_is_its_class() -> None:
    source = "x = 1\nclass Solution:\n    y = 1\n    def a(self): return self.y\n"
    assert Rule.from_source(source).own_source == source.replace("x = 1", "")


def test_a_dataclass_finds_its_module() -> None:
    rule = Rule.from_source(
        "from dataclasses import dataclass\n"
        "@dataclass\n"
        "class P:\n"
        "    x: 'int'\n"
        "def f(n):\n"
        "    return P(n).x\n"
    )
    assert rule.load()(3) == 3
    assert "rule" not in sys.modules
