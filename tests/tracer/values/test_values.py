"""The text of a value depends on the value alone, and running none of its code makes it."""

import array
import ast
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import io
import itertools
import math
import os
import re
import subprocess
import sys
import textwrap
import threading
import types
import weakref
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from rfft.tracer.values.show import show

PLAIN = [
    *(None, True, False, 0, 1, -1, 10**30, 0.0, -0.0, 1.5, -1e300, 1e-7, 2j, 1 - 0j, ...),
    *(NotImplemented, math.inf, -math.inf, "", "a", "it's", 'say "a"', "'\"", "a\nb\t\\", "\0\x7f"),
    *(
        "é",
        "ü€😀",
        "日本",
        b"",
        b"a'\xff",
        range(3),
        range(1, 5),
        range(5, 1, -2),
        slice(1, None, 2),
    ),
    *([], [1], [1, "a", None], [[], [1, [2]]], (), (1,), (1, 2), ((),), {}, {1: 2}, {"a": [1]}),
    *({(1, 2): {3: 4}}, set(), {1}, frozenset(), frozenset({1}), bytearray(b"a"), [True, 1, 1.0]),
    *([1.0, -0.0, "é"], {"b": 1, "a": 2}, ["a" * 1000], list(range(500)), {"'": '"'}),
    *(collections.deque([1, 2]), collections.deque([1], 3)),
    collections.defaultdict(int, {"a": 1}).keys(),
    collections.Counter("a"),
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_data_is_shown_as_python_shows_it(value: object) -> None:
    expected = repr(value)
    assert show(value) == expected
    assert show([value]) == f"[{expected}]"
    assert show((value, value)) == f"({expected}, {expected})"
    assert show({"k": value}) == f"{{'k': {expected}}}"


def test_what_python_versions_show_differently() -> None:
    assert show(collections.OrderedDict(b=1, a=2)) == "OrderedDict({'b': 1, 'a': 2})"
    assert show(collections.OrderedDict()) == "OrderedDict()"
    assert show([Color.RED, Number.ONE, Flags.A]) == "[Color.RED, Number.ONE, Flags.A]"


def test_not_a_number() -> None:
    assert show(math.nan) == "nan"
    assert show([math.nan, {math.nan: math.nan}]) == "[nan, {nan: nan}]"


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), (1, 1.0), (0.0, -0.0), ("1", 1), (b"a", "a"), ([1], (1,)), ({1}, frozenset({1}))],
)
def test_values_that_equal_or_look_alike_are_told_apart(one: object, other: object) -> None:
    assert show(one) != show(other)
    assert show([one]) != show([other])


@pytest.mark.parametrize("values", [[3, 1, 2], ["b", "a", "C"], [(2, 1), (1, 2)], [-1, 5, 10, 9]])
def test_sets_are_sorted(values: list[Any]) -> None:
    expected = ", ".join(map(repr, sorted(values)))
    assert show(set(values)) == f"{{{expected}}}"
    assert show(frozenset(values)) == f"frozenset({{{expected}}})"
    assert show({"k": set(values)}) == f"{{'k': {{{expected}}}}}"


def test_sets_of_what_does_not_compare_have_one_order() -> None:
    values = [1, "a", None, (1, "b"), 2.5, frozenset({3, "c"}), True, b"x"]
    texts = {show(set(order)) for order in itertools.islice(itertools.permutations(values), 200)}
    assert len(texts) == 1


def test_dictionaries_keep_the_order_of_insertion() -> None:
    assert show({"b": 1, "a": 2}) == "{'b': 1, 'a': 2}"
    assert show({2: {"z": 0, "y": 1}, 1: 0}) == "{2: {'z': 0, 'y': 1}, 1: 0}"


# Cycles and depth


def test_cycles_in_containers() -> None:
    a: list[Any] = [1]
    a.append(a)
    assert show(a) == "[1, [...]]"
    d: dict[str, Any] = {}
    d["me"] = d
    assert show(d) == "{'me': {...}}"
    t: tuple[Any, ...] = ([],)
    t[0].append(t)
    assert show(t) == "([(...)],)"
    b: list[Any] = []
    b += [[b], {"b": b}]
    assert show(b) == "[[[...]], {'b': [...]}]"


def test_a_value_that_occurs_twice_is_no_cycle() -> None:
    a = [1]
    assert show([a, a, (a, a)]) == "[[1], [1], ([1], [1])]"
    node = Link(1)
    assert show([node, node]) == "[Link(val=1, next=None), Link(val=1, next=None)]"


def test_cycles_through_objects() -> None:
    a = Link(1)
    a.next = Link(2, a)
    assert show(a) == "Link(val=1, next=Link(val=2, next=Link(...)))"
    a.next = [a]
    assert show(a) == "Link(val=1, next=[Link(...)])"


@pytest.mark.parametrize(
    ("wrap", "unwrap"),
    [
        (lambda v: [v], lambda v: v[0]),
        (lambda v: (v,), lambda v: v[0]),
        (lambda v: {1: v}, lambda v: v[1]),
        (lambda v: Link(v), lambda v: v.val),
    ],
    ids=["list", "tuple", "dict", "object"],
)
def test_deep_nesting_is_cut_and_never_an_error(
    wrap: Callable[[Any], Any], unwrap: Callable[[Any], Any]
) -> None:
    value: Any = 0
    for _ in range(50_000):
        value = wrap(value)
    text = show(value)
    assert "..." in text
    assert len(text) < 10_000
    while value != 0:  # taken apart by hand: to free it at once may overflow the C stack
        value = unwrap(value)


def test_long_chains_of_objects() -> None:
    chain = None
    for n in range(60):
        chain = Link(n, chain)
    text = show(chain)
    assert text.startswith("Link(val=59, next=Link(val=58, ")
    assert text.endswith("Link(val=0, next=None" + ")" * 60)


# Integers


@pytest.mark.parametrize("number", [10**4299, -(10**4299), 2**14_000], ids=["big", "-big", "2**"])
def test_integers_up_to_the_limit_are_decimal(number: int) -> None:
    assert show(number) == str(number)


@pytest.mark.parametrize("number", [10**4400, -(10**4400), 10**50_000], ids=["big", "-big", "huge"])
def test_integers_past_the_limit_are_hexadecimal(number: int) -> None:
    assert show(number) == hex(number)
    assert show([1, number]) == f"[1, {hex(number)}]"
    assert show({number: (number,)}) == f"{{{hex(number)}: ({hex(number)},)}}"
    assert show({number, 1}) in (f"{{1, {hex(number)}}}", f"{{{hex(number)}, 1}}")
    assert show(range(number)) == f"range(0, {hex(number)})"


def test_the_text_does_not_depend_on_the_limit_in_force() -> None:
    number, limit = 10**4400, sys.get_int_max_str_digits()
    texts = set()
    try:
        for digits in (0, limit, 10_000):
            sys.set_int_max_str_digits(digits)
            texts |= {(show(number), show([number]), show(Link(number)))}
    finally:
        sys.set_int_max_str_digits(limit)
    assert len(texts) == 1


# Strings


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("\x85", r"'\x85'"),
        ("\xa0", r"'\xa0'"),
        ("\xad", r"'\xad'"),
        ("\u200b", r"'\u200b'"),
        ("\u2028", r"'\u2028'"),
        ("\u3000", r"'\u3000'"),
        ("\ud800", r"'\ud800'"),
        ("\ue000", r"'\ue000'"),
        ("\ufeff", r"'\ufeff'"),
        ("\U000e0001", r"'\U000e0001'"),
        ("é\n'", '"é\\n\'"'),
        ("é'\"", "'é\\'\"'"),
        ("\\é", r"'\\é'"),
    ],
)
def test_characters_that_cannot_be_printed_are_escaped(value: str, text: str) -> None:
    assert show(value) == text == repr(value)
    assert show([value]) == f"[{text}]"


def test_a_string_reads_back() -> None:
    for start in range(0, 0x3000, 97):
        value = "'" + "".join(map(chr, range(start, start + 97))) + '\\"'
        assert ast.literal_eval(show(value)) == value


# Objects of the rule's own


class Link:
    def __init__(self, val: Any = 0, next: Any = None) -> None:
        self.val = val
        self.next = next


class Slotted:
    __slots__ = ("a", "b")


class SlottedChild(Slotted):
    __slots__ = ("c",)


class SlottedAndDict(Slotted):
    pass


class Empty:
    pass


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Flags(enum.Flag):
    A = 1
    B = 2


class Number(enum.IntEnum):
    ONE = 1


class Word(enum.StrEnum):
    YES = "yes"


class Pair(NamedTuple):
    x: int
    y: Any


@dataclasses.dataclass
class Point:
    x: int
    y: list[int] = dataclasses.field(default_factory=list)


class MyList(list[Any]):
    pass


class MyDict(dict[Any, Any]):
    pass


class MyInt(int):
    pass


class MyStr(str):
    pass


class MyError(Exception):
    pass


def filled(make: type, **attributes: Any) -> Any:
    """Return a new object with the given attributes."""
    made = make()
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Link(1), "Link(val=1, next=None)"),
        (Link(1, Link("a")), "Link(val=1, next=Link(val='a', next=None))"),
        (Empty(), "Empty()"),
        (filled(Empty, b=1, a=[2]), "Empty(b=1, a=[2])"),
        (Slotted(), "Slotted()"),
        (filled(Slotted, b=2), "Slotted(b=2)"),
        (filled(Slotted, b=2, a=1), "Slotted(a=1, b=2)"),
        (Point(1, [2]), "Point(x=1, y=[2])"),
        (Color.RED, "Color.RED"),
        ([Color.BLUE], "[Color.BLUE]"),
        ({Color.RED: 1}, "{Color.RED: 1}"),
        (Number.ONE, "Number.ONE"),
        (Word.YES, "Word.YES"),
        (Flags.A, "Flags.A"),
    ],
)
def test_objects_are_shown_by_class_and_attributes(value: object, text: str) -> None:
    assert show(value) == text
    assert show([value, value]) == f"[{text}, {text}]"


@pytest.mark.parametrize(
    "value",
    [
        filled(SlottedChild, a=1, c=3),
        filled(SlottedAndDict, a=1, d=3),
        MyList([1, 2]),
        filled(MyList, a=1),
        MyDict(a=1),
        MyInt(5),
        MyStr("a"),
        Pair(1, [2]),
        MyError(1, "a"),
        KeyError("k"),
        ExceptionGroup("g", [KeyError(1)]),
        Flags.A | Flags.B,
    ],
    ids=lambda value: type(value).__name__,
)
def test_subclasses_name_their_class_and_hold_no_address(value: object) -> None:
    text = show(value)
    assert text.startswith(type(value).__name__)
    assert " at 0x" not in text
    assert text == show(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (MyList([1]), MyList([2])),
        (MyList([1]), [1]),
        (MyDict(a=1), MyDict(a=2)),
        (MyInt(1), MyInt(2)),
        (MyInt(1), 1),
        (MyStr("a"), MyStr("b")),
        (MyStr("a"), "a"),
        (Pair(1, 2), Pair(1, 3)),
        (Pair(1, 2), (1, 2)),
        (MyError(1), MyError(2)),
        (filled(SlottedChild, a=1), filled(SlottedChild, a=2)),
        (filled(SlottedAndDict, d=1), filled(SlottedAndDict, d=2)),
        (Flags.A, Flags.A | Flags.B),
        (collections.Counter("a"), collections.Counter("b")),
        (collections.deque([1]), collections.deque([1], 5)),
        (bytearray(b"a"), bytearray(b"b")),
    ],
)
def test_a_difference_in_state_shows(one: object, other: object) -> None:
    assert show(one) != show(other)


# Code


def function(x: int) -> int:
    return x


async def coroutine() -> None: ...


def generator() -> Iterator[int]:
    yield 1


def values_without_a_literal() -> list[object]:
    """Return values for which Python would print an address, or run their code."""
    suspended = coroutine()
    suspended.close()
    return [
        function, lambda: 1, len, print, [].append, "".join, Link, Link(1).__init__, int, type,
        object, Exception, generator(), suspended, coroutine, iter([]), iter(()),
        iter({}), iter(set()), iter(""), iter(range(2)), reversed([1]), zip([]), map(len, []),
        filter(None, []), enumerate([]), itertools.count(), itertools.chain([1]), object(),
        Empty(), Link(Empty()),
        os, math, re.compile("a"), re.match("a", "a"), io.StringIO("a"), threading.Lock(),
        weakref.ref(Link), memoryview(b"a"), array.array("i", [1]), types.SimpleNamespace(a=1),
        {}.keys(), {1: 2}.items(), {1: 2}.values(), property(), classmethod(len),
        staticmethod(len),
        function.__code__, sys._getframe(), types.MappingProxyType({}), super(MyList, MyList()),
        fractions.Fraction(1, 2), decimal.Decimal("1.5"), datetime.date(2020, 1, 1),
        list[int], int | None, collections.ChainMap({}), TypeError("a"), int.__add__,
        str.join, (1).__add__,
    ]  # fmt: skip


@pytest.mark.parametrize("value", values_without_a_literal(), ids=lambda v: type(v).__name__)
def test_no_address_is_shown(value: object) -> None:
    for text in show(value), show([value]), show({1: (value,)}):
        assert not re.search(r"0x[0-9a-fA-F]{6,}", text)
        assert text.isprintable()


def test_functions_and_classes_are_shown_by_name() -> None:
    assert show(function) == "<function function>"
    assert show([len]) == "[<built-in function len>]"
    assert "Link" in show(Link)
    assert "int" in show(int)
    assert "lambda" in show(lambda: 1)
    assert "math" in show(math)


def test_iterators_are_not_advanced() -> None:
    numbers, squares = iter([1, 2]), (n for n in [1, 2])
    counted, zipped = itertools.count(), zip([1, 2], [3, 4], strict=True)
    for _ in range(3):
        show([numbers, squares, counted, zipped, {"k": numbers}])
    assert [next(numbers), next(squares), next(counted), next(zipped)] == [1, 1, 0, (1, 3)]


# No code of the value runs

HOOKS = (
    "repr str eq ne lt hash bool len iter next contains getitem getattr getattribute dir format "
    "index int float call get class instancecheck reduce reduce_ex sizeof copy deepcopy missing"
).split()


def loud_class(base: type, notes: list[str]) -> Any:
    """Return a subclass of `base` of which every method, and the metaclass, notes its calls."""

    def noting(name: str) -> Callable[..., Any]:
        def method(self: Any, *args: Any) -> Any:
            notes.append(name)
            raise RuntimeError(name)

        return method

    meta = type("Meta", (type,), {f"__{n}__": noting(f"meta {n}") for n in ("eq", "hash", "repr")})
    methods = {f"__{name}__": noting(name) for name in HOOKS if name not in ("get", "class")}
    methods |= {name: noting(name) for name in ("keys", "items", "values", "name", "val")}
    methods["__class__"] = property(noting("class"))  # type: ignore[assignment]
    return meta("Loud", (base,), methods)


@pytest.mark.parametrize(
    "base",
    [
        *(object, list, dict, set, frozenset, tuple, int, float, str, bytes, complex, bytearray),
        *(Exception, collections.deque, collections.OrderedDict, collections.defaultdict),
        collections.Counter,
    ],
)
def test_no_method_of_the_value_is_called(base: type) -> None:
    notes: list[str] = []
    loud_type = loud_class(base, notes)
    loud = base.__new__(loud_type)
    notes.clear()
    values = [loud, [loud], (loud,), {"k": loud}, Link(loud), {1: [loud]}, loud_type]
    texts = [show(value) for value in values]
    assert notes == []
    assert all("Loud" in text for text in texts)


def test_a_set_is_not_compared() -> None:
    notes: list[str] = []

    class Item:
        def __init__(self, n: int) -> None:
            self.n = n

        def __hash__(self) -> int:
            notes.append("hash")
            return 1

        def __eq__(self, other: object) -> bool:
            notes.append("eq")
            return self is other

        def __lt__(self, other: object) -> bool:
            notes.append("lt")
            return False

    items = {Item(2), Item(1)}
    keyed = {Item(3): Item(4)}
    notes.clear()
    assert show(items) == "{Item(n=1), Item(n=2)}"
    assert show(keyed) == "{Item(n=3): Item(n=4)}"
    assert notes == []


def test_descriptors_of_the_class_are_not_read() -> None:
    class Lazy:
        __slots__ = ("__dict__", "_a")

        @property
        def a(self) -> int:
            raise RuntimeError("read")

    lazy = Lazy()
    lazy.__dict__["b"] = 1
    assert show(lazy) == "Lazy(b=1)"


def test_a_namespace_with_odd_keys() -> None:
    odd = Empty()
    odd.__dict__.update({"a b": 1, "": 2})
    odd.__dict__[3] = 4  # type: ignore[index]
    assert show(odd).startswith("Empty(")


def test_an_object_that_changes_class() -> None:
    value = Link(1)
    value.__class__ = type("Other", (), {})  # type: ignore[assignment]
    assert show(value) == "Other(val=1, next=None)"


# Determinism

PROGRAM = """
    import collections, enum
    from rfft.tracer.values.show import show

    class Link:
        def __init__(self, **held): self.__dict__.update(held)
    class Color(enum.Enum):
        RED = 'r'
        BLUE = 'b'
    def f(): yield
    words = 'the quick brown fox jumps over a lazy dog'.split()
    values = [
        set(words), frozenset(words), {w: set(words) for w in words},
        {frozenset([w]) for w in words},
        {(w, 1) for w in words}, {Color.RED, Color.BLUE}, {None, 1, 'a', (2, 'b'), 1.5, b'x'},
        Link(a=set(words), b=Link()), f, f(), Link, lambda: 0, object(), {Link(n=w) for w in words},
        collections.Counter(words), collections.defaultdict(set, a=set(words)), {f, len, Link},
        dict.fromkeys(set(words)).keys() & set(words), ValueError(set(words)), 10 ** 5000,
        {w.encode() for w in words}, {1.5, -0.0, 2j, True}, iter(set(words)), vars(Link(a=1)),
    ]
    for value in values:
        print(show(value))
"""


def test_the_text_is_the_same_in_every_process() -> None:
    outputs = set()
    for seed in "0", "1", "2", "12345":
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", textwrap.dedent(PROGRAM)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
        assert done.returncode == 0, done.stderr
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert len(outputs.pop().splitlines()) == 24
