"""A rule tells in one line why it is not compiled."""

import math

import pytest

from rfft.tracer import Rule, trace
from rfft.tracer.errors import InputRejected

CALLS = "def half(n):\n    return n // 2\n\n\ndef rule(n):\n    n = half(n)\n    return n\n"
ALIAS = "def rule(a, b):\n    n = 0\n    c = a\n    c.append(b)\n"
ADDS = "def rule(a, b=0):\n    a += b\n    return a\n"


def rule(text: str) -> Rule:
    return Rule.from_source(text, "rule")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (CALLS, "line 6: a call of the rule's own functions, or of one that may call them"),
        ("def rule(n):\n    try: n += 1\n    finally: n -= 1", "line 2: the statement try"),
        ("def rule(n):\n    while n.pop(): pass", "line 2: the head of while changes n"),
        ("def rule(*n):\n    return n", "the rule has starred or keyword-only parameters"),
        ("def rule(n):\n    return 'é'", "the source has characters beyond ASCII"),
        ("import os\n" + ADDS, "the module does more than define functions and constants"),
        (ADDS, None),
    ],
)
def test_what_the_source_tells(text: str, reason: str | None) -> None:
    assert rule(text).why_slow() == reason


OTHER = "an argument that is changed is also reached by another"
KINDS = "numbers, printable text and containers of these"


@pytest.mark.parametrize(
    ("text", "given", "reason"),
    [
        (ADDS, (1, 2), None),
        (ADDS, (1,), "arguments are given by name or left to their defaults"),
        (ADDS, ([1], 2), "line 2: an operation in place on a list, other than + with a list"),
        (ADDS, (math.nan, 2), f"the argument a is not made of {KINDS}"),
        (ALIAS, ([1], 2), "line 3: a second name for what c changes"),
        ("def rule(a, b):\n    if a: a += a.real", (1, 2), "line 2: an attribute"),
        (CALLS, (3,), "line 6: a call of the rule's own functions, or of one that may call them"),
    ],
)
def test_what_arguments_tell(text: str, given: tuple[object, ...], reason: str | None) -> None:
    assert rule(text).why_slow(*given) == reason
    told = rule(text)
    trace(told, *given)
    assert told.why_slow() == reason
    told.writer("natural")(*given)
    assert told.why_slow() == reason


def test_one_object_given_twice() -> None:
    shared = [1]
    assert rule(ADDS).why_slow(shared, shared) == OTHER
    assert rule(ADDS).why_slow(shared, [1]) is None


def test_of_the_last_run() -> None:
    divide = rule("def rule(n):\n    return 10 // n")
    write = divide.writer()
    for n, reason in (
        (2, None),
        (0, "the compiled code did not come to its end: ZeroDivisionError"),
        (5, None),
    ):
        write(n)
        assert divide.why_slow() == reason
    assert divide.why_slow(0) is None  # code there is
    with pytest.raises(InputRejected):
        divide.why_slow(1, 2)
