"""The text back end: the same bytes as the events, by compiled code where it is proved right."""

import copy
import functools
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfft.tracer import Rule, Trace, trace
from rfft.tracer.compiled.to_text import Writer, Written
from rfft.tracer.errors import InputRejected

from ...styles import BUILT_IN, SPARSE, WORDY
from ..examples import CASES, example
from ..recorded.semantics import recorded, structure

STYLES = (*BUILT_IN, WORDY, SPARSE)


def write(rule: Rule, style: str, *args: Any, **kwargs: Any) -> Written:
    """Write a trace; assert that it is what the events say, and that both did the same."""
    traced_args, written_args = copy.deepcopy(args), copy.deepcopy(args)
    traced = trace(rule, *traced_args, **copy.deepcopy(kwargs))
    written = rule.writer(style)(*written_args, **copy.deepcopy(kwargs))
    by_hooks = recorded(rule, *copy.deepcopy(args), **copy.deepcopy(kwargs))
    assert written.response == traced.response(style) == by_hooks.response(style)
    assert written.answer == traced.answer
    assert written.steps == len(traced.steps)
    assert written.iterations == sum(s.outcome is True and s.loop for s in traced.steps)
    assert type(written.exception) is type(traced.exception)
    outcomes = [(written.result, written_args), (traced.result, traced_args)]
    assert structure(outcomes[0]) == structure(outcomes[1])
    lasting_args = copy.deepcopy(args)
    lasting = Writer(rule, style, quick_calls=0)(*lasting_args, **copy.deepcopy(kwargs))
    assert lasting[:2] == written[:2]
    assert (lasting.steps, lasting.iterations) == (written.steps, written.iterations)
    assert structure((lasting.result, lasting_args)) == structure(outcomes[0])
    return written


def plainly(source: str, *args: Any) -> tuple[Any, BaseException | None, tuple[Any, ...]]:
    """Run a rule without tracing; return its result, its exception and the arguments after."""
    names: dict[str, Any] = {}
    exec(source, names)
    args = copy.deepcopy(args)
    try:
        return names["rule"](*args), None, args
    except Exception as error:
        return None, error, args


def check(source: str, *args: Any, **kwargs: Any) -> None:
    """Assert that every style is written alike, and that the answer is that of a plain run."""
    rule = Rule.from_source(source, "rule")
    for style in STYLES:
        written = write(rule, style, *args, **kwargs)
        if not kwargs:
            result, error, after = plainly(source, *args)
            once_more = copy.deepcopy(args)
            again = rule.writer(style)(*once_more)
            assert structure((again.result, once_more)) == structure((result, after))
            assert repr(again.exception) == repr(error) == repr(written.exception)


@pytest.fixture
def compiled_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be recorded: what is written comes from compiled code."""

    def run(self: Trace) -> Trace:
        raise AssertionError("recorded")

    monkeypatch.setattr(Trace, "run", run)


# The examples


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("name", "args"), CASES)
def test_examples(name: str, args: tuple[Any, ...], style: str) -> None:
    write(example(name), style, *args)


FLAT = ["add_digits", "coin_flip", "long_addition", "move_zeroes", "navigate", "process_list"]


@pytest.mark.parametrize("name", FLAT)
@pytest.mark.usefixtures("compiled_only")
def test_flat_examples_are_compiled(name: str) -> None:
    for style in STYLES:
        writer = example(name).writer(style)
        for other, args in CASES:
            if other == name and args != ([],):  # of an empty list, the kind of items is unknown
                assert writer(*copy.deepcopy(args)).steps


numbers = st.integers() | st.integers(-3, 12) | st.booleans()
small = st.lists(numbers, max_size=12)
ARGUMENTS: dict[str, st.SearchStrategy[tuple[Any, ...]]] = {
    "add_digits": st.tuples(st.integers(-5, 10**40)),
    "coin_flip": st.tuples(st.lists(st.tuples(st.text(), st.booleans()), max_size=8)),
    "fibonacci": st.tuples(st.integers(-2, 7)),
    "long_addition": st.tuples(*[st.text("0123456789", max_size=9)] * 2),
    "move_zeroes": st.tuples(small | st.lists(st.floats() | numbers | st.text(), max_size=6)),
    "navigate": st.tuples(
        st.lists(
            st.sampled_from(["Turn left", "Turn right", "Turn around"])
            | st.builds("Take {} steps".format, st.integers(0, 99)),
            max_size=8,
        )
    ),
    "process_list": st.tuples(small, small),
    "roman": st.tuples(st.text("IVXLCDM", max_size=6)),
    "solution": st.tuples(st.lists(st.integers(-1, 4), max_size=9)),
}


@pytest.mark.parametrize("name", ARGUMENTS)
@given(data=st.data())
def test_examples_on_drawn_inputs(name: str, data: st.DataObject) -> None:
    args = data.draw(ARGUMENTS[name])
    write(example(name), data.draw(st.sampled_from(STYLES)), *args)


@given(data=st.data())
def test_one_writer_for_inputs_of_many_shapes(data: st.DataObject) -> None:
    rule = example("move_zeroes")
    writer = rule.writer("rfft")
    for _ in range(4):
        (args,) = data.draw(ARGUMENTS["move_zeroes"])
        expected = trace(rule, copy.deepcopy(args)).response()
        assert writer(args).response == expected


# What cannot be proved is recorded

UNPROVED: dict[str, tuple[Any, ...]] = {
    "def rule(a):\n    b = a\n    b.append(1)\n    return a": ([0],),
    "def rule(a, b):\n    a.append(b[0])\n    b.append(2)\n    return a, b": ([0], [1]),
    "def rule(a):\n    b = [a, a]\n    b[0].append(1)\n    return b": ([0],),
    "def rule(a):\n    b = a[0]\n    b.append(5)\n    a[0][0] += 1\n    return a": ([[0], [1]],),
    "def rule(a):\n    for b in a:\n        b.append(len(a))\n    return a": ([[0], [1]],),
    "def rule(n):\n    a = [[0] * n] * n\n    a[0][0] = 1\n    return a": (2,),
    "def rule(a):\n    d = {'k': a}\n    d['k'].append(1)\n    return a": ([0],),
    "def rule(a):\n    t = (a, 1)\n    a.append(2)\n    return t": ([0],),
    "def rule(a):\n    b = a or [1]\n    b.append(2)\n    return a": ([0],),
    "def rule(a):\n    c = d = []\n    c.append(a)\n    return d": (1,),
    "def rule(a):\n    a, b = a, a\n    a += [1]\n    return b": ([0],),
    "def rule(a):\n    a.append(a)\n    return len(a)": ([0],),
    "def rule(a):\n    f = a.append\n    f(1)\n    return a": ([0],),
    "def rule(a):\n    m = map(a.append, [1, 2])\n    list(m)\n    return a": ([0],),
    "def rule(a):\n    [a.append(i) for i in [1, 2]]\n    return a": ([0],),
    "def rule(a):\n    x = (lambda: a.append(1))()\n    return a": ([0],),
    "def g(a): a.append(1)\ndef rule(a):\n    g(a)\n    return a": ([0],),
    "def rule(a):\n    def g(): a.append(1)\n    g()\n    return a": ([0],),
    "def rule(n):\n    return rule(n - 1) + 1 if n else 0": (3,),
    "class C:\n  a = []\ndef rule(n):\n    c = C()\n    c.a.append(n)\n    return c.a": (1,),
    "L = []\ndef rule(n):\n    L.append(n)\n    return L": (1,),
    "L = [0]\ndef rule(n):\n    x = L\n    x[0] += n\n    return L": (1,),
    "def rule(n):\n    global K\n    K = n\n    K += 1\n    return K": (1,),
    "def rule(n):\n    exec('n = 5')\n    x = eval('n')\n    return x": (1,),
    "def rule(n):\n    len = str\n    return len(n)": (1,),
    "def len(x): return 7\ndef rule(a):\n    return len(a)": ([0],),
    "def rule(a):\n    it = iter(a)\n    x = next(it)\n    return x, list(it)": ([1, 2],),
    "def rule(a):\n    z = zip(a, a)\n    x = list(z)\n    y = list(z)\n    return x, y": ([1, 2],),
    "def rule(a):\n    try:\n        a.pop()\n    finally:\n        a.append(3)\n    return a": (
        [1],
    ),
    "def rule(a):\n    for i in a:\n        if i < 3: a.append(i + 1)\n    return a": ([1],),
    "def rule(a):\n    a[:] = a[::-1]\n    a[0], a[-1] = a[-1], a[0]\n    del a[0]\n    return a": (
        [1, 2],
    ),
    "def rule(a):\n    a.sort(key=lambda x: -x)\n    return a": ([1, 2],),
}


@pytest.mark.parametrize("source", UNPROVED)
def test_what_other_names_may_reach(source: str) -> None:
    check(source, *UNPROVED[source])


def test_one_object_given_twice() -> None:
    rule = example("process_list")
    for style in STYLES:
        one, two = [3, 4], [3, 4]
        traced, written = trace(rule, one, one), rule.writer(style)(two, two)
        same = [3, 4]
        by_hooks = recorded(rule, same, same)
        assert written.response == traced.response(style) == by_hooks.response(style)
        assert one == two == same
        assert written.result is two
    inner = [1]
    nested = Rule.from_source("def rule(a, b):\n    a.append(2)\n    b.append(a)\n    return b")
    assert nested.writer()(inner, [inner]).result == [[1, 2], [1, 2]]
    inner = [1]
    traced = trace(nested, inner, [inner])
    inner = [1]
    assert nested.writer()(inner, [inner]).response == traced.response()


@pytest.mark.parametrize("kind", [list, tuple, lambda parts: {"k": parts}])
def test_one_object_given_within_another(kind: Callable[[Any], Any]) -> None:
    rule = Rule.from_source("def rule(a, b):\n    a.append(2)\n    c = b\n    return c")
    inner = [1]
    for outer, slow in ((kind([[0], inner]), True), (kind([[0], [1]]), False)):
        args = (inner, outer)
        expected = recorded(rule, *copy.deepcopy(args)).response()
        assert trace(rule, *copy.deepcopy(args)).response() == expected
        assert rule.writer()(*copy.deepcopy(args)).response == expected
        assert (rule.why_slow() is not None) == slow


def test_the_result_is_the_callers_own_object() -> None:
    for source in ("def rule(a):\n    a.append(1)\n    return a", "def rule(a):\n    return a"):
        rule = Rule.from_source(source)
        for value in ([0], [10**4400], [[0]], [math.nan]):
            assert rule.writer()(value).result is value
            assert trace(rule, value).result is value


# Exceptions

RAISING: dict[str, tuple[Any, ...]] = {
    "def rule(a):\n    a.append(1)\n    a.pop(9)\n    return a": ([0],),
    "def rule(a):\n    while True:\n        a.pop()": ([3, 2, 1],),
    "def rule(a, b):\n    a.append(b)\n    x = a[0] // b\n    return x": ([1], 0),
    "def rule(a):\n    for i in a:\n        a[i] = 1\n    return a": ([0, 1, 7],),
    "def rule(d):\n    d['x'] = 1\n    return d['y']": ({},),
    "def rule(s):\n    n = 0\n    for c in s:\n        n = n * 10 + int(c)\n    return n": (
        "12x4",
    ),
    "def rule(n):\n    if n > 2:\n        x = n\n    return x": (1,),
    "def rule(a, b):\n    return a + b": (1, "x"),
    "def rule(a):\n    a += 3\n    return a": ([0],),
    "def rule(a):\n    assert a, 'empty'\n    return a": ([],),
    "def rule(a):\n    raise ValueError(a)": ([1],),
    "def rule(a):\n    x, y = a\n    return x": ([1],),
    "def rule(a):\n    a.append(undefined)\n    return a": ([1],),
    "def rule(a):\n    return a[0] and a[1] + a[5]": ([1, 2],),
    "def rule(a):\n    b = [10 // i for i in a]\n    return b": ([1, 0],),
    "def rule(a):\n    a.insert(0, a.pop() + 'x')\n    return a": ([1, 2],),
    "def rule(n):\n    n **= n\n    return 1 / (n - n)": (3,),
    "def rule(n):\n    return str(10 ** n)": (5000,),
    "def rule(n):\n    return rule(n + 1)": (0,),
}


@pytest.mark.parametrize("source", [s for s in RAISING if "rule(n + 1)" not in s])
def test_an_exception_ends_the_trace(source: str) -> None:
    check(source, *RAISING[source])
    written = Rule.from_source(source).writer()(*copy.deepcopy(RAISING[source]))
    name = type(written.exception).__name__
    assert written.response.endswith(f"\nThe rule raises {name}\n")
    assert (written.answer, written.result) == (None, None)


def test_recursion_without_end() -> None:
    with recursion_limit(200):
        rule = Rule.from_source("def rule(n):\n    return rule(n + 1)")
        written = rule.writer()(0)
    assert isinstance(written.exception, RecursionError)
    assert written.response.endswith("The rule raises RecursionError\n")
    assert written.steps > 50


# Values

COPY = "def rule(a):\n    b = a\n    c = [a]\n    d = (b, c[0])\n    return d"
APPEND = (
    "def rule(a):\n    b = []\n    b.append(a)\n    b.insert(0, a)\n    c = b.pop()\n    return c"
)
TWICE = "def rule(a):\n    b = [a]\n    while len(b) < 3:\n        b.append(a)\n    b.pop(0)"
VALUES: dict[str, Any] = {
    "int": 5,
    "negative": -5,
    "bool": True,
    "none": None,
    "a huge int": 10**4000,
    "an int past the limit of digits": -(10**4500),
    "float": 0.1,
    "nan": math.nan,
    "inf": -math.inf,
    "negative zero": -0.0,
    "complex": 1 - 2j,
    "bytes": b"a'\xff",
    "empty text": "",
    "quotes": 'it\'s "so"',
    "percent": "%s %d %% {x} {{",
    "lines": "a\nb\r\t\\",
    "beyond ASCII": "é日本\U0001f600",
    "unprintable": "\x00\x7f\x85\xa0\xad\u200b\u2028\ue000\ufeff",
    "surrogate": "a\ud800b",
    "unassigned": "\u0378\U000e0080",
    "empty list": [],
    "empty tuple": (),
    "empty set": set(),
    "empty dict": {},
    "tuple of one": (1,),
    "mixed list": [1, "a", None, 2.5, True],
    "nested": [[1, [2]], ({"a": {3}},)],
    "set": {3, 1, 2},
    "set of texts": {"b", "a", "c"},
    "mixed set": {1, "a", None, (2,)},
    "frozenset": frozenset({"b", "a"}),
    "dict": {"b": 1, "a": [2]},
    "range": range(3),
    "nan in a list": [math.nan, math.inf],
    "huge in a list": [10**4400, 1],
    "odd text in a list": ["\u2028", "é"],
    "type": int,
    "object": object(),
    "rows of rows": [((1, "a"), True), ((2, "it's"), False)],
    "nested deeply": [functools.reduce(lambda inner, _: (inner,), range(3000), ())],
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("source", [COPY, APPEND, TWICE])
def test_values(source: str, kind: str) -> None:
    rule = Rule.from_source(source)
    for style in STYLES:
        traced = trace(rule, VALUES[kind])
        written = rule.writer(style)(VALUES[kind])
        assert written.response == traced.response(style)
        assert written.answer == traced.answer
        assert written.steps == len(traced.steps)
        assert written.iterations == sum(s.outcome is True and s.loop for s in traced.steps)
        assert written.response.isprintable() or "\n" in written.response


def test_a_cycle() -> None:
    rule = Rule.from_source(COPY)
    cycle: list[Any] = [1]
    cycle.append(cycle)
    assert rule.writer()(cycle).response == trace(rule, cycle).response()


GROWING: dict[str, tuple[Any, ...]] = {
    "def rule(x, n):\n    while n:\n        x *= 10\n        n -= 1\n    return x": (10**4290, 20),
    "def rule(n):\n    x = 10 ** n\n    y = [x]\n    return y": (4400,),
    "def rule(n):\n    x = 2.0\n    while n:\n        x *= x\n        n -= 1\n    return x - x": (
        12,
    ),
    "def rule(s):\n    t = s + chr(8232)\n    u = [t]\n    return u": ("a",),
    "def rule(s):\n    t = ''\n    for c in s:\n        t = c + t\n    return [t]": ("a\u0301é",),
    "def rule(a):\n    d = {}\n    for x in a:\n        d[x] = d.get(x, 0) + 1\n    return d": (
        "abca",
    ),
    "def rule(a):\n    s = set()\n    for x in a:\n        s.add(x)\n    return s": (
        ["b", "a", 1],
    ),
    "def rule(a):\n    s = {*a}\n    s.discard(1)\n    s |= {5}\n    return sorted(s)": ([1, 2],),
    "def rule(a, b):\n    a, b = b, a\n    a += b\n    return a": ("x", "y"),
    "def rule(a):\n    x = a.pop()\n    a.append(x)\n    a.append(x)\n    return a": (
        ["é", "\u2028"],
    ),
    "def rule(a):\n    while a:\n        a.pop(0)\n    return a": ([-1, 10, True, None],),
    "def rule(a):\n    while a:\n        x = a.pop()\n        y = x\n    return a": (
        [", ", "]", "'"],
    ),
    "def rule(n):\n    a = n / 3\n    b = n // 3\n    return [a, b, -a]": (10,),
    "def rule(n):\n    return -n ** 2, (-n) ** 2, n ** -1": (3,),
    "def rule(n):\n    x = (n := n + 1) + n\n    return x": (3,),
    "def rule(n):\n    x: int = n\n    y: str\n    pass\n    return x": (3,),
    "def rule(n):\n    n; 'text'; ...\n    print(end='')\n    return": (3,),
    "def rule(n):\n    for i in range(n, 0, -1):\n        n -= i\n    else:\n        n *= 2": (3,),
    "def rule(n):\n    for n in range(n):\n        for n in 'ab': pass\n    return n": (2,),
    "def rule(a):\n    for i, (x, y) in enumerate(a):\n        i += x * y\n    return i": (
        [(1, 2)],
    ),
    "def rule(a):\n    return [x for x in a if x], {x: x for x in a}, sum(x for x in a)": ([1, 2],),
    "def rule(a):\n    return f'{a!r:>9}|{a:{3}}' + '%5s|%c' % (a, a) + '{}'.format(a)": (65,),
}


@pytest.mark.parametrize("source", GROWING)
def test_values_made_on_the_way(source: str) -> None:
    check(source, *GROWING[source])


@pytest.mark.parametrize(
    ("source", "args"),
    [
        ("def rule(*a):\n    n = len(a)\n    return n", ([1, 2],)),
        ("def rule(a, *b):\n    n = len(b)\n    return n", (1, [2, 3])),
    ],
)
def test_parameters_that_collect(source: str, args: tuple[Any, ...]) -> None:
    check(source, *args)


@pytest.mark.parametrize(
    "source", ["def rule(**a):\n    return a", "def rule(*, a):\n    return a"]
)
def test_arguments_that_have_to_be_named(source: str) -> None:
    with pytest.raises(InputRejected):
        Rule.from_source(source).writer("rfft")([1, 2])


WORDS = ["plain", "it's", 'a "b"', 'it\'s "so"', "back\\slash", "tab\t", "é", "%s {0}", ""]
OF_WORDS = [
    ["a += b", "a = a[1:] + b * 2", "return a"],
    ["c = f'{a}-{b}'", "d = f'{len(a)}{b!r}'", "return c + d"],
    ["c = a", "a = b", 'c = c + a + "\'"', "return c, a"],
    ["c = [a]", "c.append(b)", "d = c.pop(0)", "c.insert(0, d)", "return c"],
    ["c = a.split() + [b.upper(), '-'.join(a)]", "for d in c:", "    b += d", "return b"],
    [
        "c = max([a, b], default=0)",
        "d = max([x for x in a if x > 'z'], default=0)",
        "e = str(d) + str(len(c))",
        "return d, e",
    ],
    ["c = a or None", "d = chr(len(b) + 34) + a", "if c:", "    d += c", "return d"],
]


@pytest.mark.parametrize("lines", OF_WORDS)
def test_strings_with_and_without_quotes(lines: list[str]) -> None:
    source = "\n    ".join(["def rule(a, b):", *lines])
    for word in WORDS:
        check(source, word, "plain")
        check(source, "plain", word)


OF_NUMBERS = [
    ["c = a & b", "d = a + b", "e = -a", "return c, d, e"],
    ["c = a or b", "d = [a, b]", "a = d.pop(0)", "d.append(a)", "return c, a, d"],
    ["c = a", "for d in [a, b]:", "    c = c < d", "    a += d", "return c, a"],
    ["c = sum([a, b], 0.5)", "d = sum([a, b])", "e = max(a, b)", "return c, d, e"],
    ["c = {a: b}", "d = c.get(b)", "e = c.get(b, b)", "f = abs(a)", "return d, e, f"],
    [
        "c = 0",
        "while c < 1200:",
        "    c += 450",
        "while c > -700:",
        "    c -= 450",
        "return c + a + b",
    ],
]


@pytest.mark.parametrize("lines", OF_NUMBERS)
def test_ints_and_bools(lines: list[str]) -> None:
    source = "\n    ".join(["def rule(a, b):", *lines])
    for a in (0, 1, True, False, 1000, -3):
        for b in (1, True, 999):
            check(source, a, b)


def test_a_writer_that_is_called_many_times() -> None:
    rule, write = example("add_digits"), example("add_digits").writer("rfft")
    expected = trace(rule, 9875).response("rfft")
    assert all(write(9875).response == expected for _ in range(100))
    assert write("9").exception is not None


def test_arguments_by_name_and_defaults() -> None:
    source = "def rule(a, b=2, *c, d=4, **e):\n    a += b\n    return a, c, d, e"
    for args, kwargs in [
        ((1,), {}),
        ((1, 5), {}),
        ((1, 5, 6, 7), {"d": 8, "x": 9}),
        ((), {"a": 1, "b": 3}),
    ]:
        check(source, *args, **kwargs)


# Settings of the interpreter


@contextmanager
def recursion_limit(more: int) -> Iterator[None]:
    """Leave room for so many frames."""
    before, depth = sys.getrecursionlimit(), 0
    frame: Any = sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(depth + more)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@contextmanager
def digits_limit(limit: int) -> Iterator[None]:
    """Change how many digits an int may have that becomes a text."""
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(limit)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(before)


SETTINGS: list[Callable[[], Any]] = [
    lambda: digits_limit(0),
    lambda: digits_limit(640),
    lambda: recursion_limit(100),
]


@pytest.mark.parametrize("setting", SETTINGS, ids=["no limit", "few digits", "few frames"])
@pytest.mark.parametrize("digits", [2, 700, 4400])
def test_settings(setting: Callable[[], Any], digits: int) -> None:
    number = 10**digits
    rule = Rule.from_source("def rule(n):\n    n += 1\n    a = [n]\n    return a")
    expected = trace(rule, number).response()
    with setting():
        assert trace(rule, number).response() == expected
        assert rule.writer()(number).response == expected
        assert rule.writer()(number).result == [number + 1]
    assert rule.writer()(number).response == expected


def test_the_limits_are_left_as_they_were() -> None:
    before = sys.getrecursionlimit(), sys.get_int_max_str_digits()
    write(example("fibonacci"), "rfft", 3)
    write(Rule.from_source("def rule(n):\n    return str(n)"), "rfft", 10**4400)
    assert before == (sys.getrecursionlimit(), sys.get_int_max_str_digits())
