"""Values of the standard library: as Python prints them, and iterators by what they have left."""

import argparse
import array
import asyncio
import collections
import datetime
import decimal
import enum
import fractions
import functools
import io
import ipaddress
import itertools
import operator
import pathlib
import queue
import random
import re
import statistics
import struct
import threading
import time
import types
import typing
import uuid
import warnings
import zoneinfo
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from rfft.tracer import Rule, trace
from rfft.tracer.values.exceptions import show_exception
from rfft.tracer.values.show import show

D, T = decimal.Decimal, datetime
UTC = T.timezone.utc
EAST = T.timezone(T.timedelta(hours=2), "East")


class Pair(NamedTuple):
    x: int
    y: Any = None


Place = collections.namedtuple("Place", "row column")


class Flags(enum.Flag):
    A = 1
    B = 2


class Seq:
    def __len__(self) -> int:
        return 3

    def __getitem__(self, n: int) -> int:
        if n > 2:
            raise IndexError
        return n


def double(x: Any) -> Any:
    return x + x


def items() -> Iterator[int]:
    yield 1
    yield 2


@functools.lru_cache
def cached(x: int) -> int:
    return x


PRINTED = [
    D("1.50"), D("1E+50"), D("NaN"), D("-Infinity"), decimal.Context(prec=5),
    T.date(2020, 1, 2), T.time(1, 2, 3, 4), T.datetime(2020, 1, 2, 3, 4), T.timedelta(1, 2, 3),
    T.timedelta(0), UTC, EAST, T.datetime(2020, 1, 2, fold=1, tzinfo=UTC), T.time(1, tzinfo=EAST),
    zoneinfo.ZoneInfo("UTC"), T.datetime(2020, 1, 2, tzinfo=zoneinfo.ZoneInfo("UTC")),
    fractions.Fraction(-1, 3), Pair(1, [2]), Place(1, "a"), [Place(1, (2,))],
    re.compile("[a-z]+"), re.compile("a|b", re.IGNORECASE | re.MULTILINE | re.VERBOSE),
    re.compile(b"x"), re.compile("é", re.ASCII), re.match("(a)b", "abc"), re.search("b", "a\nb"),
    types.SimpleNamespace(a=1, b=[2]), types.MappingProxyType({1: [2]}), list[int],
    dict[str, list[int]], tuple[()], tuple[int, ...], int | None, list[int] | None,
    typing.List[int], typing.Optional[int], typing.Union[int, str], typing.List,  # noqa: UP006, UP007, UP045
    array.array("i", [1, 2]), array.array("d"), array.array("d", [1.5]),
    operator.itemgetter(1), operator.itemgetter(1, "a"), operator.attrgetter("a.b"),
    operator.methodcaller("a"), operator.methodcaller("a", "a", k=2),
    uuid.UUID(int=5), uuid.UUID("12345678-1234-5678-1234-567812345678"),
    pathlib.PurePosixPath("a//b/./c", "..", "d/"), pathlib.PurePosixPath(),
    pathlib.PurePosixPath("/"), pathlib.PurePosixPath("//a/b"), pathlib.PurePosixPath("a", "/b"),
    pathlib.PurePosixPath("a/b/c").parent, pathlib.PurePosixPath("a") / "b",
    collections.ChainMap({1: 2}, {}), collections.UserDict(a=1), collections.UserList([1]),
    collections.UserString("a"), statistics.NormalDist(1, 2), ipaddress.IPv4Address("1.2.3.4"),
    argparse.Namespace(a=1), time.gmtime(0), str.join, int.__add__, itertools.count(5),
    itertools.count(5, 2), itertools.count(2**90), itertools.count(1.5), itertools.count(D(1)),
    itertools.repeat([1]), itertools.repeat("a", 3), typing.TypeVar("T"),
    ValueError("bad", 0), KeyError("k"), OSError(2, "No"), ExceptionGroup("g", [ValueError(1)]),
    StopIteration(1), SyntaxError("m", ("f", 1, 2, "t")), UnicodeDecodeError("a", b"", 0, 1, "r"),
]  # fmt: skip


@pytest.mark.parametrize("value", PRINTED, ids=repr)
def test_what_python_prints_the_same_everywhere(value: object) -> None:
    assert show(value) == repr(value)
    assert show([value]) == f"[{value!r}]"
    assert show({"k": (value, 1)}) == f"{{'k': ({value!r}, 1)}}"


def closed() -> io.StringIO:
    made = io.StringIO("a")
    made.close()
    return made


def written(text: str) -> io.StringIO:
    made = io.StringIO()
    made.write(text)
    return made


def read(text: str) -> io.StringIO:
    made = io.StringIO(text)
    made.readline()
    return made


def with_execution() -> dict[str, Any]:
    names = {"a": 1}
    exec("a += 1", names)
    return names


def released() -> memoryview:
    view = memoryview(b"a")
    view.release()
    return view


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (io.StringIO("a\nb"), r"StringIO('a\nb')"),
        (written("hi"), "StringIO('hi')"),
        (read("a\nb"), r"StringIO('a\nb', position=2)"),
        (closed(), "StringIO(closed)"),
        (io.BytesIO(b"a"), "BytesIO(b'a')"),
        (struct.Struct("<i"), "Struct('<i')"),
        (memoryview(b"ab"), "memoryview(b'ab')"),
        (memoryview(array.array("i", [1, 2])), "memoryview([1, 2])"),
        (released(), "memoryview(released)"),
        (functools.partial(double, 1, k=[2]), "functools.partial(<function double>, 1, k=[2])"),
        (functools.partial(int, base=2), "functools.partial(<class 'int'>, base=2)"),
        (cached, "<function cached>"),
        (re.compile("a" * 300), f"re.compile('{'a' * 300}')"),
        (re.match("a+", "a" * 90), f"<re.Match object; span=(0, 90), match='{'a' * 90}'>"),
        (collections.OrderedDict(a=1), "OrderedDict({'a': 1})"),
        (Flags.A | Flags.B, "Flags.A|B"),
        (Flags(0), "Flags(0)"),
        (random.Random(1), "<Random>"),
        (dict[str, Seq], "dict[str, Seq]"),
        (vars(Seq), "mappingproxy({...})"),
        (vars(operator), "{...}"),
        (with_execution(), "{'a': 2, '__builtins__': {...}}"),
        ({"__builtins__": {}}, "{'__builtins__': {}}"),
        (items(), "<generator items>"),
        (threading.Lock(), "<lock>"),
        (asyncio.Lock(), "Lock()"),
        (asyncio.Queue(), "Queue([])"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_python_prints_an_address_for(value: object, text: str) -> None:
    assert show(value) == text
    assert show([value]) == f"[{text}]"


def test_what_a_match_found_is_shown_as_it_is_now() -> None:
    buffer = bytearray(b"ab")
    match = re.match(b"a", buffer)
    assert show(match) == "<re.Match object; span=(0, 1), match=b'a'>"
    buffer[:] = b"cd"
    assert show(match) == "<re.Match object; span=(0, 1), match=b'c'>"


def test_a_queue_is_shown_by_what_it_holds() -> None:
    kinds: list[type[queue.Queue[int]]] = [queue.Queue, queue.LifoQueue, queue.PriorityQueue]
    for kind in kinds:
        filled = kind()
        filled.put(1)
        filled.put(2)
        assert show(filled) == f"{kind.__name__}([1, 2])"


def test_small_letters_of_a_decimal_context_are_not_seen() -> None:
    with decimal.localcontext() as context:
        context.capitals = 0
        assert show(D("1E+50")) == "Decimal('1E+50')"


class Cache(collections.OrderedDict[Any, Any]):
    pass


def test_an_ordered_dict_is_shown_in_its_own_order() -> None:
    for kind in collections.OrderedDict, Cache:
        made = kind(a=1, b=2, c=3)
        made.move_to_end("a")
        assert show(made) == f"{kind.__name__}({{'b': 2, 'c': 3, 'a': 1}})"
        assert show(made.keys()) == repr(made.keys())
        assert show(made.values()) == repr(made.values())
        assert show(made.items()) == repr(made.items())
        over = iter(made.items())
        assert show(over) == "iter([('b', 2), ('c', 3), ('a', 1)])"
        next(over)
        assert show(over) == "iter([('c', 3), ('a', 1)])"
        assert list(over) == [("c", 3), ("a", 1)]
        assert show(over) == "iter([])"


def test_the_keys_of_an_ordered_dict_are_not_hashed() -> None:
    hashed: list[object] = []

    class Key:
        def __hash__(self) -> int:
            hashed.append(self)
            return 1

    made = collections.OrderedDict({Key(): 1, (Key(),): 2})
    values = [made, iter(made), made.keys(), made.values(), made.items(), Cache(made)]
    hashed.clear()
    assert all(map(show, values))
    assert not hashed


def test_arrays_and_numbers_of_numpy() -> None:
    np = pytest.importorskip("numpy", minversion="2")
    assert show(np.array([1, 2])) == "array([1, 2])"
    assert show(np.array([[1.5], [2]])) == "array([[1.5], [2. ]])"
    assert show(np.array([1], dtype="float32")) == "array([1.], dtype=float32)"
    assert (
        show(np.arange(2000)) == "array([   0,    1,    2, ..., 1997, 1998, 1999], shape=(2000,))"
    )
    assert show(np.array([True, False])) == "array([ True, False])"
    assert show(np.array(["a", "b\n  c"])) == "array(['a', 'b\\n  c'], dtype='<U5')"
    assert show(np.array([[1], "a"], dtype=object)) == "array([[1], 'a'], dtype=object)"
    assert show(np.array(5)) == "array(5)"
    assert show([np.int64(3), np.float32(1.5), np.True_]) == (
        "[np.int64(3), np.float32(1.5), np.True_]"
    )


# Iterators

ITERATORS: list[tuple[Callable[[], Any], list[str]]] = [
    (lambda: iter([1, [2]]), ["iter([1, [2]])", "iter([[2]])", "iter([])"]),
    (lambda: iter((1, 2)), ["iter((1, 2))", "iter((2,))", "iter(())"]),
    (lambda: iter("ab"), ["iter('ab')", "iter('b')", "iter('')"]),
    (lambda: iter("éa"), ["iter('éa')", "iter('a')", "iter('')"]),
    (lambda: iter(b"a"), ["iter(b'a')", "iter(b'')"]),
    (lambda: iter(bytearray(b"a")), ["iter(bytearray(b'a'))", "iter(bytearray(b''))"]),
    (lambda: iter(range(0, 5, 3)), ["iter(range(0, 6, 3))", "iter(range(3, 6, 3))"]),
    (lambda: iter(range(2**70)), [f"iter(range(0, {2**70}))", f"iter(range(1, {2**70}))"]),
    (lambda: iter({"a": 1, "b": 2}), ["iter(['a', 'b'])", "iter(['b'])", "iter([])"]),
    (lambda: iter({"a": 1}.values()), ["iter([1])", "iter([])"]),
    (lambda: iter({"a": 1}.items()), ["iter([('a', 1)])", "iter([])"]),
    (lambda: reversed({"a": 1, "b": 2}), ["iter(['b', 'a'])", "iter(['a'])"]),
    (lambda: iter({"b", "a", "c"}), ["iter({'a', 'b', 'c'})"]),
    (lambda: iter(collections.deque([1, 2])), ["iter([1, 2])", "iter([2])", "iter([])"]),
    (lambda: reversed(collections.deque([1, 2])), ["reversed([1, 2])", "reversed([1])"]),
    (lambda: reversed([1, 2]), ["reversed([1, 2])", "reversed([1])", "reversed([])"]),
    (lambda: reversed((1, 2)), ["reversed((1, 2))", "reversed((1,))", "reversed(())"]),
    (lambda: reversed("ab"), ["reversed('ab')", "reversed('a')"]),
    (lambda: reversed(range(2)), ["iter(range(1, -1, -1))", "iter(range(0, -1, -1))"]),
    (lambda: iter(Seq()), ["iter(Seq())", "iter(Seq()[1:])"]),
    (lambda: reversed(Seq()), ["reversed(Seq()[:3])", "reversed(Seq()[:2])"]),
    (lambda: iter(int, 1), ["iter(<class 'int'>, 1)"]),
    (
        lambda: map(double, [1, 2]),
        ["map(<function double>, [1, 2])", "map(<function double>, [2])"],
    ),
    (lambda: map(str.strip, "a"), ["map(<method 'strip' of 'str' objects>, 'a')"]),
    (lambda: map(operator.add, [1], (2,)), ["map(<built-in function add>, [1], (2,))"]),
    (lambda: filter(None, [0, 1, 2]), ["filter(None, [0, 1, 2])", "filter(None, [2])"]),
    (
        lambda: zip([1, 2], "ab", strict=False),
        ["zip([1, 2], 'ab')", "zip([2], 'b')", "zip([], '')"],
    ),
    (lambda: zip([1], strict=True), ["zip([1], strict=True)"]),
    (lambda: enumerate("ab"), ["enumerate('ab')", "enumerate('b', 1)"]),
    (lambda: enumerate(items(), 5), ["enumerate(<generator items>, 5)"]),
    (lambda: map(double, reversed([1, 2])), ["map(<function double>, reversed([1, 2]))"]),
    (
        lambda: map(double, map(double, [1])),
        ["map(<function double>, map(<function double>, [1]))"],
    ),
    (lambda: itertools.count(), ["count(0)", "count(1)"]),
    (lambda: itertools.repeat(1, 2), ["repeat(1, 2)", "repeat(1, 1)", "repeat(1, 0)"]),
    (lambda: itertools.cycle("ab"), ["cycle('ab')"]),
    (lambda: itertools.cycle([1, 2, 3]), ["cycle([1, 2, 3])", "cycle([2, 3, 1])"]),
    (lambda: itertools.chain([1], "a"), ["chain([1], 'a')", "chain([], 'a')", "chain('')"]),
    (lambda: itertools.chain.from_iterable([[1], [2]]), ["chain([1], [2])", "chain([], [2])"]),
    (
        lambda: itertools.chain.from_iterable(map(list, ["a"])),
        ["chain(*map(<class 'list'>, ['a']))"],
    ),
    (lambda: itertools.islice([1, 2, 3], 2), ["islice([1, 2, 3], ...)", "islice([2, 3], ...)"]),
    (lambda: itertools.starmap(max, [(1, 2)]), ["starmap(<built-in function max>, [(1, 2)])"]),
    (lambda: itertools.takewhile(bool, [1, 0]), ["takewhile(<class 'bool'>, [1, 0])"]),
    (lambda: itertools.dropwhile(bool, [1, 0]), ["dropwhile(<class 'bool'>, [1, 0])"]),
    (lambda: itertools.filterfalse(None, [0]), ["filterfalse(None, [0])"]),
    (lambda: itertools.compress("ab", [1, 1]), ["compress('ab', [1, 1])", "compress('b', [1])"]),
    (lambda: itertools.pairwise([1, 2, 3]), ["pairwise([1, 2, 3])", "pairwise([2, 3])"]),
    (lambda: itertools.accumulate([1, 2]), ["accumulate([1, 2])", "accumulate([2], total=1)"]),
    (
        lambda: itertools.accumulate([1, 2], max, initial=3),
        [
            "accumulate([1, 2], <built-in function max>, initial=3)",
            "accumulate([1, 2], <built-in function max>, total=3)",
        ],
    ),
    (lambda: itertools.product([1], "a"), ["product((1,), ('a',))"]),
    (lambda: itertools.permutations([1, 2]), ["permutations((1, 2), ...)"]),
    (lambda: itertools.combinations([1, 2], 2), ["combinations((1, 2), ...)"]),
    (
        lambda: itertools.zip_longest([1], [2, 3], fillvalue=0),
        ["zip_longest([1], [2, 3], fillvalue=0)", "zip_longest([], [3], fillvalue=0)"],
    ),
    (lambda: itertools.groupby("aab"), ["groupby('aab')"]),
    (lambda: itertools.groupby("ab", double), ["groupby('ab', <function double>)"]),
]


@pytest.mark.parametrize(
    ("make", "texts"), ITERATORS, ids=lambda v: v[0] if isinstance(v, list) else ""
)
def test_an_iterator_shows_what_it_has_left(make: Callable[[], Any], texts: list[str]) -> None:
    iterator, untouched = make(), make()
    for n, text in enumerate(texts):
        if n:
            next(iterator)
        assert show(iterator) == text
        assert show([iterator]) == f"[{text}]"
    for _ in texts[1:]:
        next(untouched)
    left = list(itertools.islice(untouched, 5))
    assert list(itertools.islice(iterator, 5)) == left or "groupby" in texts[0]


def test_an_iterator_is_shown_in_silence() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for make, texts in ITERATORS:
            assert show(make()) == texts[0]


def test_an_iterator_in_what_it_goes_over() -> None:
    loop: list[Any] = [1]
    loop.append(iter(loop))
    assert show(loop) == "[1, iter([1, list_iterator(...)])]"
    held = {"a": 1}
    over = iter(held)
    held["b"] = 2
    assert show(over) == "iter([])"


# No code of the rule


class Loud:
    """Whatever is asked of it is an error."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(name)

    __repr__ = __str__ = __hash__ = __bool__ = __len__ = __iter__ = __index__ = __format__ = (  # type: ignore[assignment]
        __next__
    ) = __eq__ = __lt__ = __call__ = __reduce__ = __reduce_ex__ = lambda *_: 1 / 0  # type: ignore[assignment]


class LoudZone(T.tzinfo):
    utcoffset = tzname = dst = __repr__ = __str__ = lambda *_: 1 / 0  # type: ignore[assignment]


class LoudDecimal(D):
    __repr__ = __str__ = __format__ = lambda *_: 1 / 0  # type: ignore[assignment]


class LoudText(str):
    __repr__ = __str__ = __format__ = __hash__ = __eq__ = lambda *_: 1 / 0  # type: ignore[assignment]


def test_parts_of_a_value_run_no_code() -> None:
    loud: Any = Loud()
    values = [
        functools.partial(Loud.__call__, loud, k=loud), types.SimpleNamespace(a=loud),
        T.datetime(2020, 1, 1, tzinfo=LoudZone()), T.time(1, tzinfo=LoudZone()), LoudDecimal("1"),
        operator.itemgetter(loud), iter([loud]), map(Loud.__call__, [loud]), zip([loud]),
        enumerate([loud]), itertools.repeat(loud), itertools.chain([loud]), reversed([loud]),
        itertools.accumulate([loud], Loud.__call__, initial=loud), collections.deque([loud]),
        itertools.zip_longest([loud], fillvalue=loud), types.MappingProxyType({1: loud}),
        collections.ChainMap({1: loud}), collections.UserList([loud]), Pair(loud, loud),
        T.timezone(T.timedelta(1, 0) / 2, LoudText("a")), iter({1: loud}.values()), [LoudText("b")],
        ValueError(loud, 1), queue.Queue(),
    ]  # fmt: skip
    for value in values:
        assert show([value])
    for error in ValueError(loud), ValueError(1, loud), KeyError(loud), OSError(1, loud):
        assert show_exception(error)


class Decimal:
    __module__ = "decimal"

    def __str__(self) -> str:
        raise AssertionError


class Fraction:
    __module__ = "fractions"

    def __init__(self) -> None:
        self._numerator = Loud()


class list_iterator:  # noqa: N801
    __module__ = "builtins"

    def __reduce__(self) -> Any:
        raise AssertionError


@pytest.mark.parametrize("forged", [Decimal, Fraction, list_iterator])
def test_a_class_that_says_it_is_of_the_library(
    forged: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decimal, "Decimal", Decimal)
    monkeypatch.setattr(fractions, "Fraction", Fraction)
    assert show(forged()).startswith(forged.__name__)
    assert show([forged(), {1: forged()}])


# Names

NASTY = "A\nSo the answer is 42\n\x1b[31m\x85\u2028"
SAFE = r"A\nSo the answer is 42\n\x1b[31m\x85\u2028"


def test_no_name_makes_a_line() -> None:
    made = type(NASTY, (), {})
    thing, space = made(), types.SimpleNamespace()
    thing.__dict__[NASTY] = space.__dict__[NASTY] = 1
    function, generator = types.FunctionType(double.__code__, {}), items()
    function.__qualname__ = generator.__qualname__ = NASTY
    error = type(NASTY, (Exception,), {})("a")
    member = next(iter(enum.Enum(NASTY, {NASTY: 1})))  # type: ignore[misc]
    record = collections.namedtuple("record", "a")  # type: ignore[misc]
    record.__name__ = NASTY
    bound = types.MethodType(function, 1)
    assert show(made) == f"<class '{SAFE}'>"
    assert show(thing) == f"{SAFE}({SAFE}=1)"
    assert show(space) == f"namespace({SAFE}=1)"
    assert show(functools.partial(double, **{NASTY: 1})).endswith(f"{SAFE}=1)")
    assert show(function) == f"<function {SAFE}>"
    assert show(bound) == f"<bound method {SAFE}>"
    assert show(generator) == f"<generator {SAFE}>"
    assert show(types.ModuleType(NASTY)) == f"<module '{SAFE}'>"
    assert show(error) == f"{SAFE}('a')"
    assert show(member) == f"{SAFE}.{SAFE}"
    assert show(record(1)) == f"{SAFE}(a=1)"
    assert show_exception(error)[0] == SAFE
    assert show(type("Zoë ☃", (), {})) == "<class 'Zoë ☃'>"


def test_a_name_that_is_no_plain_string_is_asked_nothing() -> None:
    made = type("made", (), {})
    made.__name__ = LoudText("loud")
    function = types.FunctionType(double.__code__, {})
    function.__qualname__ = LoudText("quiet")
    assert show(made()) == "loud()"
    assert show(function) == "<function quiet>"


# Messages


class Bad(Exception):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)

    def __str__(self) -> str:
        raise AssertionError


class Missing(KeyError):
    pass


@pytest.mark.parametrize(
    "error",
    [
        ValueError(), ValueError("a"), ValueError("a", 0), ValueError(1), ValueError([1, "a"]),
        ValueError((1,)), KeyError("k"), KeyError(), KeyError(1, 2), KeyError((1, "a")),
        Missing("k"), OSError(2, "No such", "f"), OSError("x"), OSError(2, "a", "b", None, "c"),
        SyntaxError("m", ("f", 1, 2, "t")), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "why"),
        UnicodeEncodeError("ascii", "é", 0, 1, "why"), ImportError("m", name="x"),
        ExceptionGroup("g", [ValueError(1), TypeError()]), StopIteration(5), SystemExit(1),
        AssertionError((1, 2)), IndexError(1.5, None), ZeroDivisionError("division by zero"),
    ],
    ids=repr,
)  # fmt: skip
def test_the_message_is_what_python_makes_of_it(error: BaseException) -> None:
    assert show_exception(error) == (type(error).__name__, str(error))


def test_the_message_of_a_class_of_the_rule() -> None:
    assert show_exception(Bad("bad", 0)) == ("Bad", "('bad', 0)")
    assert show_exception(Bad("bad")) == ("Bad", "bad")
    assert show_exception(Bad()) == ("Bad", "")
    assert show(Bad("bad", 0)) == "Bad('bad', 0)"


# In a trace


def response(source: str, *args: object) -> str:
    return trace(Rule.from_source(source), *args).response()


def test_a_pattern_is_stated() -> None:
    text = response(
        "import re\nWORD = re.compile('[a-z]+')\n\ndef f(s):\n    m = WORD.match(s)\n"
        "    x = m.group()\n    return x\n",
        "ab c",
    )
    assert "\nWORD = re.compile('[a-z]+')\n" in text
    assert "\nm = <re.Match object; span=(0, 2), match='ab'>\n" in text


def test_an_iterator_on_its_way_is_not_worked_out() -> None:
    text = response("def f(s):\n    a = list(map(int, s.split()))\n    return a\n", "1 2")
    assert "s.split() = ['1', '2']\nnow,\na = [1, 2]\n" in text


def test_an_iterator_that_moves_on_has_changed() -> None:
    text = response("def f(a):\n    it = iter(a)\n    b = next(it)\n    return b\n", [1, 2])
    assert "\nit = iter([1, 2])\n" in text
    assert "\nit = iter([2])\n" in text


def test_what_exec_adds_is_not_listed() -> None:
    text = response("def f(n):\n    g = {'a': n}\n    exec('a += 1', g)\n    return g['a']\n", 5)
    assert "\ng = {'a': 6, '__builtins__': {...}}\n" in text


def test_a_name_makes_no_line_of_a_trace() -> None:
    source = f"def f(n):\n    E = type({NASTY!r}, (Exception,), {{}})\n    x = E(n)\n    raise x\n"
    text = response(source, 1)
    assert f"\nx = {SAFE}(1)\n" in text
    assert text.endswith(f"\nThe rule raises {SAFE}\n")
