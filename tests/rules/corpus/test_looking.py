"""A trace read with nothing run: no true line is doubted, and what is wrong is seen."""

import random
import re

import pytest

from rfft.rules import catalog
from rfft.rules.corpus.looking import wrong_lines
from rfft.rules.synthetic import KINDS, draw
from rfft.tracer import Rule, trace

from ...styles import TRACING

TASKS = catalog()


def looked_at(rule: Rule, style: str, arguments: tuple, change=lambda text: text) -> list[str]:
    """Return what is wrong with the trace of a rule, changed."""
    traced = trace(rule, *arguments)
    return wrong_lines(change(traced.response(style)), rule.text, traced.prompt(style), style)


@pytest.mark.parametrize("style", TRACING)
@pytest.mark.parametrize("name", TASKS)
def test_nothing_of_the_library_is_doubted(name, style):
    task = TASKS[name]
    length = min(6, task.max_length or 6)
    assert looked_at(task.rule, style, task.arguments(max(length, task.min_length))) == []


@pytest.mark.parametrize("style", TRACING)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_drawn_rules_is_doubted(kind, style):
    for index in range(20):
        rule = draw(7, index, kind)
        assert looked_at(rule.rule, style, rule.arguments(4)) == [], rule.text


RULE = Rule.from_source('''
def f(nums, k):
    """What is the sum?"""
    total = 0
    seen = []
    def add(a, b):
        if a < 0:
            return add(a + 1, b - 1)
        return a + b
    while nums:
        num = nums.pop(0)
        if num % 2 == 0 and num > k:
            total += num // 2
        else:
            total = add(total, -num)
            seen.append(num)
    best = max(seen) if seen else None
    text = str(total) + "."
    return total
''')


@pytest.mark.parametrize("style", TRACING)
def test_calls_loops_and_lists_are_followed(style):
    assert looked_at(RULE, style, ([4, 3, 8, -5], 2)) == []


@pytest.mark.parametrize(
    ("style", "old", "new"),
    [
        ("rfft", "total = 0 + 2 = 2", "total = 0 + 2 = 3"),  # an equation
        ("rfft", "num % 2 = 0", "num % 2 = 1"),  # an expression of what was stated
        ("rfft", "num = 4\nnum % 2", "num = 6\nnum % 2"),  # a state that differs from the last one
        ("rfft", "nums = [3, 8, -5]\nenter the loop", "nums = [3, 6, -5]\nenter the loop"),
        ("rfft", "add returns -1", "add returns 1"),
        ("rfft", "a = 2\ndo not", "a = 1\ndo not"),  # in a call
        ("rfft", "a + b = -1", "a + b = 1"),
        ("rfft", "now,\nbest = 3", "now,\nbest = -5"),
        ("rfft", "So the answer is 8", "So the answer is 9"),
        ("rfft", "while nums:", "while num:"),
        ("rfft-icl", "num % 2 = 4 % 2 == 0", "num % 2 = 4 % 2 != 0"),
        ("rfft-icl", "nums = [3, 8, -5]\nenter the loop", "nums = [3, 8, 5]\nenter the loop"),
        ("rfft-icl", "So the answer is 8", "So the answer is 9"),
        ("natural", "Now total = 0 + 2 = 2.", "Now total = 0 + 2 = 3."),
        ("natural", "nums = [8, -5], which counts", "nums = [8, -6], which counts"),
        ("natural", "which is not less than 0", "which is less than 0"),
    ],
)
def test_what_is_wrong_is_seen(style, old, new):
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    assert looked_at(RULE, style, ([4, 3, 8, -5], 2), change) != []


@pytest.mark.parametrize(("style", "share"), [("rfft", 0.85), ("rfft-icl", 0.45), ("natural", 0.7)])
def test_most_changed_digits_are_seen(style, share):
    """Not all: what a list of arguments holds, for one, follows from nothing."""
    rng = random.Random(1)
    seen = planted = 0
    for task in list(TASKS.values())[::3]:
        traced = trace(task.rule, *task.arguments(max(4, task.min_length)))
        prompt, text = traced.prompt(style), traced.response(style)
        known = {line.strip() for line in prompt.splitlines()}
        lines = text.splitlines()
        stating = [n for n, line in enumerate(lines)
                   if line.strip() not in known and re.search(r" = .*\d", line)]  # fmt: skip
        for n in rng.sample(stating, min(3, len(stating))):
            start = lines[n].index(" = ")
            places = [m.start() for m in re.finditer(r"\d", lines[n]) if m.start() > start]
            place = rng.choice(places)
            digit = (int(lines[n][place]) + rng.randint(1, 9)) % 10
            line = f"{lines[n][:place]}{digit}{lines[n][place + 1 :]}"
            changed = "\n".join([*lines[:n], line, *lines[n + 1 :]])
            seen += bool(wrong_lines(changed, task.rule.text, prompt, style))
            planted += 1
    assert planted > 50
    assert seen / planted >= share


AWAY = [
    # changed by another function
    "def f(n):\n    k = n\n    def g():\n        nonlocal k\n        k += 1\n    g()\n    return k",
    "N = 0\ndef g(n):\n    global N\n    N += n\ndef f(n):\n    k = N\n    g(n)\n    return N + k",
    # suspended
    """
def g(n):
    k = n
    while k:
        k -= 1
        yield k
def f(n):
    k = 5
    for i in g(n):
        k += i
    return k
""",
    # a name that means something else
    "def len(x):\n    return 7\ndef f(n):\n    xs = [n]\n    k = len(xs)\n    return k",
    # bound in other ways
    "def f(n):\n    for k in range(n):\n        k\n    if (m := n):\n        k = m\n    return k",
    """
def f(n):
    e = 1
    try:
        e = n // 0
    except ZeroDivisionError as e:
        pass
    e = 2
    return e
""",
    "def f(n):\n    match (n, 1):\n        case (k, m):\n            k += m\n    return k",
    # heads and statements that share a line
    """
def f(n):
    k = 1; k += n  # twice
    if k: k += 1
    while k > 3 : # on
        k -= 1; n += 1;  # and on
    if k < n :
        k += 5; n = k;
    else :
        n -= 1; k = n
    return k + n
""",
]


@pytest.mark.parametrize("style", TRACING)
@pytest.mark.parametrize("source", AWAY)
def test_where_a_reader_cannot_be_sure_nothing_is_said(source, style):
    assert looked_at(Rule.from_source(source, "f"), style, (3,)) == []


@pytest.mark.parametrize(
    ("line", "good"),
    [
        ("x = 2 ** 10 = 1024", True), ("x = 2 ** 10 = 1000", False),
        ("x = [0] * 3 = [0, 0, 0]", True), ("x = [0] * 3 = [0, 0]", False),
        ("x = 1 << 3 = 8", True), ("x = 5 and 0 = 0", True), ("x = 5 or 0 = 0", False),
        ("x = 'ab'.upper() = 'AB'", True), ("x = 'ab'.upper() = 'Ab'", False),
        ("x = {1: 2}.get(3, 0) = 0", True), ("x = 300 is 300 = True", True),
        ("x = 1 < 2 < 3 = True", True), ("x = 10 ** 100000 = 1", True),
        ("x = f'{a = }' = 'b'", True), ("x = <A (b> = 1", True),
    ],
)  # fmt: skip
def test_equations(line, good):
    assert (wrong_lines(f"{line}\n", "def f(): pass", "", "rfft") == []) is good
