"""Inputs made from type hints."""

import string
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfft.rules import TaskRejected
from rfft.tracer.inputs import parse_input
from rfft.tracer.values.show import show

from .files import task

Fits = Callable[[Any, int | None], bool]  # whether a value is of a type, and of a length if given


def made(hint: str, length: int, seed: int = 0, before: str = "") -> Any:
    """Return the argument that is made for a hint."""
    (value,) = task(f"{before}\ndef f(a: {hint}): return a").arguments(length, seed)
    return value


# Any hint: its text, and what its values are like.


def _plain(kind: type, fits: Fits) -> Fits:
    return lambda value, size: type(value) is kind and fits(value, size)


def _is_int(value: Any, size: int | None) -> bool:
    return 0 <= value < 100 if size is None else len(str(value)) == max(1, size)


def _is_str(value: Any, size: int | None) -> bool:
    return set(value) <= {*string.ascii_lowercase} and len(value) in (
        range(1, 6) if size is None else [size]
    )


LEAVES: list[tuple[str, Fits]] = [
    ("int", _plain(int, _is_int)),
    ("str", _plain(str, _is_str)),
    ("bool", _plain(bool, lambda value, size: True)),
    ("None", lambda value, size: value is None),
    ("Literal['x', 3]", lambda value, size: value in ("x", 3)),
    ("Annotated[int, range(5, 9)]", lambda value, size: value in range(5, 9)),
    ("Annotated[int, 'a comment', range(0, 10, 5)]", lambda value, size: value in (0, 5)),
    ("Annotated[str, '01']", lambda value, size: set(value) <= {"0", "1"}),
    ("Annotated[str, ('red', 'blue')]", lambda value, size: value in ("red", "blue")),
    ("Annotated[str, range(2, 4)]", lambda value, size: len(value) in (2, 3)),
    ("'int'", _plain(int, _is_int)),
]
HASHABLE = LEAVES[:2]


def _sized(value: Any, size: int | None) -> bool:
    return len(value) in (range(1, 4) if size is None else [size])


def _rows(item: Fits) -> Fits:
    def fits(value: Any, size: int | None) -> bool:
        inner = {len(row) for row in value if isinstance(row, list)}
        return _sized(value, size) and len(inner) <= 1 and _each(value, item)

    return fits


def _each(values: Any, item: Fits) -> bool:
    """Tell whether each value fits, as a small one or as one of some length."""
    return all(any(item(v, size) for size in (None, 1, 2, 3)) for v in values)


def _containers(inner: st.SearchStrategy[tuple[str, Fits]]) -> st.SearchStrategy[tuple[str, Fits]]:
    def lists(one: tuple[str, Fits], name: str) -> tuple[str, Fits]:
        return f"{name}[{one[0]}]", lambda v, n: type(v) is list and _rows(one[1])(v, n)

    def tuples(one: tuple[str, Fits]) -> tuple[str, Fits]:
        return (
            f"tuple[{one[0]}, ...]",
            lambda v, n: type(v) is tuple and _sized(v, n) and _each(v, one[1]),
        )

    def pairs(one: tuple[str, Fits], other: tuple[str, Fits]) -> tuple[str, Fits]:
        return (
            f"Tuple[{one[0]}, {other[0]}]",
            lambda v, n: type(v) is tuple and one[1](v[0], n) and other[1](v[1], n),
        )

    def unions(one: tuple[str, Fits], name: str) -> tuple[str, Fits]:
        text = f"Optional[{one[0]}]" if name == "Optional" else f"Union[int, {one[0]}]"
        other = LEAVES[3 if name == "Optional" else 0][1]
        return text, lambda v, n: other(v, n) or one[1](v, n)

    def dicts(key: tuple[str, Fits], one: tuple[str, Fits]) -> tuple[str, Fits]:
        return (
            f"dict[{key[0]}, {one[0]}]",
            lambda v, n: type(v) is dict and _sized(v, n) and _each(v.values(), one[1]),
        )

    def sets(one: tuple[str, Fits], name: str) -> tuple[str, Fits]:
        kind = frozenset if name in ("frozenset", "FrozenSet") else set
        return f"{name}[{one[0]}]", lambda v, n: type(v) is kind and _sized(v, n)

    names = st.sampled_from(["list", "List", "Sequence", "Iterable", "Collection"])
    return st.one_of(
        st.builds(lists, inner, names),
        st.builds(tuples, inner),
        st.builds(pairs, inner, inner),
        st.builds(unions, inner, st.sampled_from(["Optional", "Union"])),
        st.builds(dicts, st.sampled_from(HASHABLE), inner),
        st.builds(sets, st.sampled_from(HASHABLE), st.sampled_from(["set", "Set", "FrozenSet"])),
    )


HINTS = st.recursive(st.sampled_from(LEAVES), _containers, max_leaves=4)


@settings(deadline=None, max_examples=60)
@given(HINTS, st.integers(1, 12), st.integers(0, 1000))
def test_values_are_of_the_type_and_the_length(
    hint: tuple[str, Fits], length: int, seed: int
) -> None:
    text, fits = hint
    value = made(text, length, seed)
    assert fits(value, length), (text, value)
    assert repr(made(text, length, seed)) == repr(value)
    if "FrozenSet" not in text:
        (read,), _ = parse_input(show(value))
        assert read == value


@settings(deadline=None, max_examples=20)
@given(st.lists(HINTS, min_size=2, max_size=3), st.integers(1, 5))
def test_each_argument_has_the_length(hints: list[tuple[str, Fits]], length: int) -> None:
    given = ", ".join(f"a{n}: {text}" for n, (text, _) in enumerate(hints))
    values = task(f"def f({given}): return a0").arguments(length)
    for value, (text, fits) in zip(values, hints, strict=True):
        assert fits(value, length), (text, value)


# What else there is


@pytest.mark.parametrize(
    ("hint", "before"),
    [
        ("Digits", "Digits = Annotated[str, '0123456789']"),
        ("'Digits'", "Digits = Annotated[str, '0123456789']"),
        ("Digits", "from __future__ import annotations\nDigits = 'Annotated[str, \"012\"]'"),
        ("Digits", "Digits = NewType('Digits', Annotated[str, '0123456789'])"),
        ("t.Annotated[str, '12']", "import typing as t"),
    ],
)
def test_names_for_types(hint: str, before: str) -> None:
    assert set(made(hint, 9, before=before)) <= {*string.digits}


def test_numbers() -> None:
    assert {made("int", 1, seed) for seed in range(99)} == set(range(10))
    assert {len(str(made("int", 3, seed))) for seed in range(99)} == {3}
    assert made("int", 2000) >= 10**1999
    assert 10 <= made("float", 2) < 100
    assert {made("Annotated[float, range(2)]", 9, seed) // 1 for seed in range(30)} == {0, 1}


def test_one_of_a_list() -> None:
    assert {made("Annotated[int, [3, 5]]", 2, seed) for seed in range(30)} == {3, 5}


def test_length_nothing() -> None:
    values = task(
        "MIN_LENGTH = 0\ndef f(a: int, b: str, c: list[int], d: dict[int, int]): return a"
    )
    assert values.arguments(0) == (0, "", [], {})


def test_many_different_values() -> None:
    assert len(made("set[int]", 500)) == len(made("dict[str, int]", 500)) == 500
    assert len(made("frozenset[int]", 5)) == len(made("AbstractSet[int]", 5)) == 5


def test_rows_of_a_table_are_of_one_length() -> None:
    sizes = {tuple(len(row) for row in made("list[list[int]]", 4, seed)) for seed in range(50)}
    assert sizes == {(1,) * 4, (2,) * 4, (3,) * 4}


def test_defaults_are_kept() -> None:
    assert len(task("def f(a: int, b: int = 1): return a").arguments(2)) == 1
    assert len(task("def f(a: int, b=1, c: int = 2): return a").arguments(2)) == 1
    assert len(task("def f(a: int, *, c: int = 2): return a").arguments(2)) == 1
    other = task("def f(a: int, b=(7, 8), c: Annotated[int, range(3, 4)] = 1): return a")
    assert other.arguments(2)[1:] == ((7, 8), 3)


def test_starred_arguments() -> None:
    many = task("def f(a: int, *b: int, c: int = 2, **d: int): return a")
    assert len(many.arguments(4)) == 5
    assert many.question(1, 2, 3) == "Given a = 1 and b = (2, 3), what does f return?"
    assert task("def f(a: int, b: int = 9, *c: int): return a").arguments(2)[1] == 9


@pytest.mark.parametrize("name", ["ListNode", "TreeNode"])
def test_nodes_are_given_as_lists(name: str) -> None:
    source = f"class Solution:\n    def f(self, a: Optional[{name}]) -> int:\n        return a.val"
    (values,) = task(source).arguments(5)
    assert len([v for v in values if v is not None]) == 5


@pytest.mark.parametrize(
    ("hint", "said"),
    [
        ("List", r"as in list\[int\]"),
        ("Tuple", r"as in tuple\[int, \.\.\.\]"),
        ("Dict", r"as in dict\[str, int\]"),
        ("Sequence", r"as in Sequence\[int\]"),
        ("Callable", "is none of the types"),
        ("Callable[[int], int]", "is none of the types"),
        ("Any", "is none of the types"),
    ],
)
def test_bare_names_of_typing(hint: str, said: str) -> None:
    with pytest.raises(TaskRejected, match=said):
        task(f"def f(a: {hint}): return a").arguments(2)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (
            "def f(nums): pass",
            r"for nums: add a type hint, such as nums: list\[int\], or add inputs",
        ),
        ("def f(n: list): pass", r"for n: list, does not say of what, as in list\[int\]; give"),
        ("def f(n: dict): pass", r"as in dict\[str, int\]"),
        ("def f(n: tuple): pass", r"as in tuple\[int, ...\]"),
        ("def f(n: object): pass", "for n: object, is none of the types that inputs are made from"),
        ("class N: pass\ndef f(n: list[N]): pass", "none of the types"),
        ("def f(n: Callable[[int], int]): pass", "none of the types"),
        ("def f(n: TypeVar('T')): pass", "none of the types"),
        ("def f(n: Annotated[int, range(0)]): pass", "has no values"),
        ("def f(n: Annotated[str, '']): pass", "has no values"),
        ("def f(n: 'Nowhere'): pass", "the type hint n: 'Nowhere' cannot be evaluated: name"),
        ("def f(n: 'list['): pass", "cannot be evaluated"),
        ("def f(*, n: int): pass", "n is given by keyword only; a task gives all by position"),
    ],
)
def test_hints_that_do_not_say_enough(source: str, line: str) -> None:
    with pytest.raises(TaskRejected, match=line):
        task(source).arguments(3)


@pytest.mark.parametrize(
    ("hint", "line"),
    [
        ("set[bool]", r"no input of length 5: there are too few different values \(2\); set MAX_"),
        ("dict[Literal[1], int]", r"too few different values \(1\)"),
        ("set[list[int]]", "a list cannot be among these"),
    ],
)
def test_sets_that_cannot_be(hint: str, line: str) -> None:
    with pytest.raises(TaskRejected, match=line):
        made(hint, 5)


def test_the_random_numbers_are_the_only_source() -> None:
    one = task("def f(a: set[str], b: dict[int, str], c: list[Optional[bool]]): return a")
    assert one.inputs(9, Random(5)) == one.inputs(9, Random(5)) != one.inputs(9, Random(6))
