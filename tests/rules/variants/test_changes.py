"""Each change by itself: what it makes, and what it leaves alone."""

from random import Random

import libcst as cst
import pytest

from rfft.rules.variants import classes, docstrings, hints, loops, names, order, sums
from rfft.rules.variants.draft import Draft
from rfft.rules.variants.drawing import CHANGES, drawn
from rfft.tracer import Rule


def changed(change, text, seed=0, function="f", **known) -> str:
    known.setdefault("kinds", {"xs": "list[int]", "s": "str", "d": "dict"})
    return change(Draft(cst.parse_module(text), function, **known), Random(seed)).text


def of(body: str, parameters: str = "xs, s, d") -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"def f({parameters}):\n{lines}"


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (sums.rewrite, "n = 0\nn += 1  # one more", "n = 0\nn = n + 1  # one more"),
        (sums.rewrite, "n = n - 2", "n -= 2"),
        (sums.rewrite, "n -= 2 - 3", "n = n - (2 - 3)"),
        (sums.rewrite, "xs[0] += 1", "xs[0] = xs[0] + 1"),
        (sums.rewrite, "t = ''\nt += 'a'", "t = ''\nt = t + 'a'"),
        (sums.rewrite, "s += 'a'", "s = s + 'a'"),
        (order.rewrite, "a = 0\nb = []", "b = []\na = 0"),
        (loops.rewrite, "for x in xs:\n    print(x)",
         "for i in range(len(xs)):\n    x = xs[i]\n    print(x)"),
        (loops.rewrite, "for a, b in s:\n    print(a)",
         "for i in range(len(s)):\n    a, b = s[i]\n    print(a)"),
        (loops.rewrite, "for i in range(len(xs)):\n    print(xs[i])",
         "for item in xs:\n    print(item)"),
        (loops.rewrite, "for i in range(len(xs)):\n    print(i, xs[i])",
         "for i, item in enumerate(xs):\n    print(i, item)"),
        (docstrings.take_out, '"""Say {xs}."""\nreturn 1', "return 1"),
        (docstrings.take_out, '"""Say {xs}."""', "pass"),
        (docstrings.put_in, "return 1",
         '"""What is the result for {xs} and {s} and {d}?"""\nreturn 1'),
        (hints.take_out, "n: int = 0\nk: int", "n = 0\nk: int"),
    ],
)  # fmt: skip
def test_a_change_writes_the_same_in_other_words(change, before, after):
    assert changed(change, of(before)) == of(after)


@pytest.mark.parametrize(
    ("change", "body"),
    [
        (sums.rewrite, "ys = xs\nys += [1]"),  # changes both, and a new list does not
        (sums.rewrite, "xs += 'ab'"),
        (sums.rewrite, "xs *= 2"),
        (sums.rewrite, "n = 1 - n"),
        (sums.rewrite, "xs[g()] += 1"),
        (order.rewrite, "a = 0\nb = a"),
        (order.rewrite, "b = a\na = 0"),
        (order.rewrite, "a = 0\na = 1"),
        (order.rewrite, "a = next(s)\nb = next(s)"),
        (order.rewrite, "a = xs[0]\nb = d['a']"),
        (order.rewrite, "try:\n    a = 1\n    b = 1 / xs\nexcept E:\n    return a"),
        (order.rewrite, "# The first.\na = 0\nb = 1"),
        (order.rewrite, "global a\na = 0\nb = 1"),
        (loops.rewrite, "for x in xs:\n    xs.remove(x)"),
        (loops.rewrite, "ys = xs\nfor x in xs:\n    ys.append(x)"),
        (loops.rewrite, "xs = g(xs)\nfor x in xs:\n    print(x)"),
        (loops.rewrite, "for x in d:\n    print(x)"),
        (loops.rewrite, "for i in range(len(d)):\n    print(d[i])"),
        (loops.rewrite, "for i in range(len(xs)):\n    xs[i] += 1"),
        (loops.rewrite, "for i in range(len(xs)):\n    i += 1\n    print(xs[i])"),
    ],
)
def test_what_might_mean_something_else_is_left_alone(change, body):
    assert changed(change, of(body)) == of(body)


def test_hints_are_put_in_by_what_the_inputs_are_and_taken_out_where_they_say_no_more():
    assert changed(hints.put_in, "def f(xs, s=''): pass\n") == (
        "def f(xs: list[int], s: str = ''): pass\n"
    )
    assert changed(hints.take_out, "def f(xs: 'List[int]', s: str = '') -> int: pass\n") == (
        "def f(xs: 'List[int]', s=''): pass\n"
    )
    node = "def f(head: ListNode): pass\n"
    assert changed(hints.take_out, node) == node
    field = "class P:\n    x: int = 0\n"
    assert changed(hints.take_out, field) == field


def test_the_docstring_that_a_task_asks_by_stays():
    text = of('"""Say {xs}."""\nreturn 1')
    assert changed(docstrings.take_out, text, asks=True) == text
    assert changed(docstrings.put_in, of("return 1"), asks=True) == of("return 1")


def test_a_helper_becomes_a_static_method():
    text = "def g(a):\n    return g(a - 1) if a else 0\n\ndef f(xs):\n    return g(xs)\n"
    made = changed(classes.rewrite, text)
    (owner,) = {line.split()[1].rstrip(":") for line in made.split("\n") if "class " in line}
    assert f"{owner}.g(a - 1)" in made
    assert f"return {owner}.g(xs)" in made
    assert "    @staticmethod\n    def g(a):" in made
    for other in ("map(g, xs)", "g.cache", "g"):  # it is more than called
        kept = text.replace("return g(xs)", f"return {other}")
        assert changed(classes.rewrite, kept) == kept
    assert changed(classes.rewrite, text.replace("a", "__a")) == text.replace("a", "__a")


# Names


def renamed(text, **known) -> tuple[Draft, set[str]]:
    draft = Draft(cst.parse_module(text), "f", **known)
    return names.meaningless(draft, Random(0)), {*names.own_names(draft)}


def test_names_change_in_all_that_belongs_to_them_and_in_no_more():
    text = '''
import math as m
class P:
    size = 3
    def of(self, part):
        return self.size + part
def g(a, *, key=0):
    global total
    total = a
    return [size + key for size in [a]]
def f(nums, n):
    """Add {nums} to `n` and {other}."""
    def inner():
        nonlocal n
        n += len(nums)  # nums[0] and n
    inner()
    return f"{n} {n=} {m.floor(n)}", g(a=n, key=1), P().of(part=1)
'''
    new, own = renamed(text)
    made = new.text
    # `a`, `key` and `part` are keywords, `size` an attribute, `n` is shown by its name.
    assert own == {"g", "total", "f", "nums", "inner"}
    assert "{nums}" not in made
    assert "nums[0]" not in made
    assert "{other}" in made
    space: dict[str, object] = {}
    exec(text, space)
    ours: dict[str, object] = {}
    exec(made, ours)
    assert ours[new.function]([1, 2], 3) == space["f"]([1, 2], 3)


@pytest.mark.parametrize(
    "body", ["return locals()", "return eval('xs')", "return getattr(xs, s)", "return f.__name__"]
)
def test_a_program_that_looks_names_up_has_no_variants(body):
    assert not list(drawn(Rule.from_source(of(body)), 3, "0"))


def test_names_that_inputs_use_stay_and_a_dict_of_keywords_keeps_all_parameters():
    assert renamed(of("return xs"), fixed=frozenset(["xs"]))[1] == {"f", "s", "d"}
    assert renamed("def g(a): return a\ndef f(d): return g(**d)\n")[1] == {"g", "f"}


# All together

PROGRAM = '''
def helper(values, k):
    """Helps."""
    best = values[0]
    for v in values:
        if v > best:
            best = v
    return best + k

def f(xs, s, d):
    """Ask for {xs} in {s}."""
    # Begin.
    total = 0
    left = 5
    out = ""
    for i in range(len(xs)):
        total += 1
        left -= xs[i]
        out += "b"
    ys = list(xs)
    ys += [left]
    for c in s:
        total = total + ord(c)
    match ys:
        case [first, *rest] if (n := len(rest)) > 1:
            left = n
    try:
        total += d["k"]
    except KeyError as problem:
        total += len(str(problem))
    return total, left, out, ys, helper(xs, 2), {k: v for k, v in d.items()}, (lambda z: z)(left)
'''


def test_variants_do_the_same_and_differ_and_come_again():
    kinds = {"xs": "list[int]", "s": "str", "d": "dict"}
    rule = Rule.from_source(PROGRAM, "f")
    found = list(drawn(rule, 10, "0", kinds=kinds))
    assert len({one.source for one in found}) == len(found) > 30
    assert {name for one in found for name in one.changes} == {*CHANGES}
    assert [*drawn(rule, 10, "0", kinds=kinds)] == found
    assert [*drawn(rule, 10, "1", kinds=kinds)] != found
    for one in found:
        space: dict[str, object] = {}
        exec(one.source, space)
        for given in (([3, 1, 2], "ab", {}), ([5], "", {"k": 2})):
            assert space[one.function](*given) == rule.load()(*given)
