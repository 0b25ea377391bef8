"""Checking texts: what is right, where a wrong one goes wrong, and what is wrong there."""

import copy
import functools
import io
import json
import re
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfft.tracer import InputRejected, Rule, Verdict, check, trace
from rfft.tracer.checking import Kind
from rfft.tracer.checking.text import tidy
from rfft.tracer.page import page

from ...styles import BUILT_IN, RECITING, TERSE, TRACING
from ..examples import CASES, EXAMPLES, example
from ..styles import golden

STYLES = (*TRACING, TERSE)
PROGRAM = str(Path(sysconfig.get_path("scripts")) / "rfft-check")


@functools.cache
def response(name: str, args: str, style: str) -> str:
    """Return the true text of an example on arguments given as a text."""
    return trace(rule(name), *eval(args)).response(style)


@functools.cache
def rule(name: str) -> Rule:
    return example(name)


def checked(
    text: str, style: str = "rfft", name: str = "add_digits", args: str = "(15,)"
) -> Verdict:
    return check(rule(name), eval(args), text, style)


# Right texts


@pytest.mark.parametrize("style", [*STYLES, "direct"])
@pytest.mark.parametrize(("name", "args"), CASES)
def test_a_trace_is_right(name, args, style):
    text = trace(rule(name), *copy.deepcopy(args)).response(style)
    given = copy.deepcopy(args)
    verdict = check(rule(name), given, text, style)
    assert verdict.right
    assert (verdict.line, verdict.kind, verdict.share) == (None, None, 1)
    assert all(loop.stated == loop.true for loop in verdict.loops)
    assert given == args, "the arguments are left as they were"


@pytest.mark.parametrize("style", BUILT_IN)
@pytest.mark.parametrize("name", golden.NAMES)
def test_a_golden_trace_is_right(name, style):
    expected = golden.read(name)
    text = expected.traced().response(style)
    assert check(expected.rule, expected.arguments, text, style).right
    lines = text.splitlines()
    assert not check(expected.rule, expected.arguments, "\n".join(lines[:-1]), style).right


def test_white_space_is_forgiven():
    text = response("add_digits", "(15,)", "rfft")
    loose = "\n\n".join(f"  {line.replace(' ', '  ')}\t" for line in text.splitlines())
    assert checked(loose).right
    assert checked(text.replace("\n", "\r\n")).right
    assert checked(text.rstrip("\n")).right
    assert not checked(text.replace("num //= 10", "num//=10")).right
    assert not checked(text.replace("num = 15", "num = 1 5")).right


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("x = 'a b'", "x  =\t'a b' ", True),
        ("x = 'a b'", "x = 'a  b'", False),
        ("x = 'a\\' b'", "x = 'a\\'  b'", False),
        ("""x = "it's  so" + 'a  b'""", """x =  "it's  so"  + 'a  b'""", True),
        ("it's 'a  b'", "it's 'a b'", False),
        ("'tis 'a  b' 'twas", "'tis 'a b' 'twas", False),
        ("x = f'a  b'", "x = f'a b'", False),
        ("x = 'open  end", "x = 'open end", False),
        ("x = [1, 2]", "x = [1,2]", False),
        ("a\u00a0b", "a b", False),
        ("num = 15", "num=15", True),
        ("sum = 0 + 5 = 5", "sum =0 + 5= 5", True),
        ("sum = 0 + 5 = 5", "sum = 0+5 = 5", False),
        ("x = 'a = b'", "x='a = b'", True),
        ("x = 'a = b'", "x = 'a=b'", False),
        ("it's = 5", "it's=5", False),
        ("x == 1", "x ==1", False),
        ("x += 1", "x+= 1", False),
        ("x = y == 1", "x=y == 1", True),
        ("if (x := f(n)):", "if (x:=f(n)):", False),
        ("f(n, key = 1) = 5", "f(n, key=1)=5", True),
        ("\ufeffx = 1", "x = 1", True),
    ],
)
def test_white_space_in_literals_counts(one, other, same):
    assert (tidy(one) == tidy(other)) is same


@pytest.mark.parametrize("style", [*STYLES, "direct"])
def test_what_says_nothing_is_forgiven(style):
    text = response("add_digits", "(15,)", style)
    for form in (
        *(text.encode(code) for code in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")),
        *(f"```{name}\n{text}```\n" for name in ("", "text")),
        f"\n~~~~\n{text}\n~~~~",
        f"```\n{text}",
        text.replace(" = ", "="),
        "".join(f"\ufeff{line} \t\r\n" for line in text.splitlines()),
    ):
        assert checked(form, style).right, form


@pytest.mark.parametrize("text", ["{}```", "```\n{}```\nThat is all.", "```\n```\n{}", "text\n{}"])
def test_only_a_fence_around_the_text_is_forgiven(text):
    assert not checked(text.format(response("add_digits", "(15,)", "rfft"))).right


def test_a_line_of_a_wrong_text_is_read_with_any_blanks_around_the_equals_sign():
    text = response("add_digits", "(15,)", "rfft").replace("= 0 + 5 = 5", "= 0 + 5 = 6", 1)
    assert checked(text.replace(" = ", "=")).share == checked(text).share
    wrong = checked(text.replace(" = ", "="))
    assert (wrong.kind, wrong.given) == (Kind.arithmetic, "sum=0 + 5=6")


@given(st.data())
def test_more_blanks_between_words_change_nothing(data):
    style = data.draw(st.sampled_from(STYLES))
    lines = response("long_addition", "('95', '7')", style).splitlines()
    index = data.draw(st.integers(0, len(lines) - 1))
    blanks = data.draw(st.text(" \t", min_size=1, max_size=4))
    lines[index] = blanks + lines[index].replace(" ", blanks + " ") + blanks
    lines.insert(data.draw(st.integers(0, len(lines))), blanks)
    assert checked("\n".join(lines), style, "long_addition", "('95', '7')").right


# Wrong texts: never judged right, and the first wrong line is named

TEXTS = [
    ("add_digits", "(15,)"),
    ("move_zeroes", "([0, 3],)"),
    pytest.param("roman", "('IX',)", marks=pytest.mark.slow),
    ("navigate", "(['Take 3 steps'],)"),
    ("coin_flip", "([('Ann Lee', True), ('Bob', False)],)"),
]


def mutations(lines: list[str]) -> Iterator[tuple[str, int, list[str]]]:
    """Yield changes of a text: what was done, the index of the first wrong line, the lines."""
    for i, line in enumerate(lines):
        before, after = lines[:i], lines[i + 1 :]
        yield "foreign", i, [*before, "Let me think about it.", *after]
        yield "insert", i, [*before, "Hm.", line, *after]
        yield "cut", i, before
        yield "longer", i, [*before, line + "0", *after]
        yield "shorter", i, [*before, line[:-1], *after]
        yield "twice", i + 1, [*before, line, line, *after]
        yield "without", i, [*before, *after]
        for other in Random(i).sample(sorted(set(lines)), k=min(4, len(set(lines)))):
            yield "other", i, [*before, other, *after]
        for digit in re.finditer(r"\d", line):
            changed = line[: digit.start()] + str((int(digit[0]) + 1) % 10) + line[digit.end() :]
            yield "digit", i, [*before, changed, *after]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("name", "args"), TEXTS)
def test_every_change_of_every_line_is_noticed(name, args, style):
    lines = response(name, args, style).splitlines()
    for what, index, changed in mutations(lines):
        verdict = checked("\n".join([*changed, ""]), style, name, args)
        if [tidy(line) for line in changed] == [tidy(line) for line in lines]:
            assert verdict.right
            continue
        while index < min(len(lines), len(changed)) and changed[index] == lines[index]:
            index += 1  # the change shows only further on: a line that stands there anyway
        assert not verdict.right, (what, index)
        assert verdict.line == index + 1, (what, index)
        assert verdict.kind is not None
        if what in ("foreign", "insert"):
            assert verdict.kind is Kind.foreign
        if index >= len(changed):
            assert verdict.kind is Kind.cut_off
        assert 0 <= verdict.right_steps <= verdict.steps
        assert verdict.share < 1 or index >= len(changed)


@given(st.data())
def test_no_random_change_is_judged_right(data):
    name, args = data.draw(st.sampled_from([getattr(text, "values", text) for text in TEXTS]))
    style = data.draw(st.sampled_from(STYLES))
    lines = response(name, args, style).splitlines()
    index = data.draw(st.integers(0, len(lines) - 1))
    line = lines[index]
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, min(len(line), start + 3)))
    new = data.draw(st.text("0123456789=+-[]', \tabx", max_size=3))
    changed = [*lines[:index], line[:start] + new + line[end:], *lines[index + 1 :]]
    verdict = checked("\n".join(changed), style, name, args)
    true = [tidy(t) for t in lines]
    assert verdict.right is ([tidy(t) for t in changed if tidy(t)] == true)
    if not verdict.right:
        assert verdict.line == index + 1


# The kinds


def replaced(old: str, new: str, count: int = 1, **where: str) -> Verdict:
    """Check a text of `add_digits` on 15 in which the first occurrence of a line is changed."""
    text = "\n" + response("add_digits", "(15,)", where.get("style", "rfft"))
    assert f"\n{old}\n" in text
    return checked(text.replace(f"\n{old}\n", f"\n{new}\n", count), where.get("style", "rfft"))


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("num = 15", "num = 16", Kind.state),
        ("num = 15", "num = ", Kind.foreign),
        ("sum = 0 + 5 = 5", "sum = 0 + 5 = 6", Kind.arithmetic),
        ("sum = 0 + 5 = 5", "sum = 0 - 5 = 5", Kind.arithmetic),
        ("sum = 0 + 5 = 5", "sum = 1 + 5 = 6", Kind.state),
        ("sum = 0 + 5 = 5", "sum = 1 + 5 = 5", Kind.arithmetic),
        ("num = 15 // 10 = 1", "num = 15 // 100 = 1", Kind.arithmetic),
        ("num = 15 // 10 = 1", "num = 14 // 10 = 1", Kind.arithmetic),
        ("num = 15 // 10 = 1", "num = 25 // 10 = 2", Kind.state),
        ("num % 10 = 5", "num % 10 = 0", Kind.arithmetic),
        ("num = 15 // 10 = 1", "num = 15 // 10 = 2", Kind.arithmetic),
        ("sum = 6", "sum = 7", Kind.state),
        ("num = sum", "return num", Kind.wrong_line),
        ("num = sum", "num = sums", Kind.not_the_rules),
        ("while num:", "while sum:", Kind.not_the_rules),
        ("sum = 0", "sum = 1", Kind.not_the_rules),
        ("num //= 10", "num //= 100", Kind.not_the_rules),
        ("enter the loop", "do not enter", Kind.left_early),
        ("do not enter", "enter the loop", Kind.left_late),
        ("now,", "after that,", Kind.foreign),
        ("now,", "no change", Kind.foreign),
        ("2. Outer loop", "4. Return", Kind.misplaced),
        ("3.1 One iteration", "So the answer is 6", Kind.left_early),
        ("So the answer is 6", "So the answer is 15", Kind.answer),
        ("So the answer is 6", "So the answer is six", Kind.answer),
        ("So the answer is 6", "The answer is 6", Kind.foreign),
    ],
)
def test_kind(old, new, kind):
    verdict = replaced(old, new)
    assert (verdict.kind, verdict.expected, verdict.given) == (kind, old, new.strip())


PLACES = """
class Box:
    def __init__(self, n):
        self.x = n

    def add(self, by):
        self.x += by

def f(n):
    dp = {"a": [n, 1]}
    dp["a"][0] = dp["a"][1] + n
    box = Box(n)
    box.add(2)
    box.x = box.x * 3
    while (k := n - 1) > 3:
        n = k
    return dp, box.x, n
"""


@pytest.mark.parametrize("style", RECITING)
@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("dp['a'][0] = 1 + 5 = 6", "dp['a'][0] = 1 + 5 = 7", Kind.arithmetic),
        ("dp['a'][0] = 1 + 5 = 6", "dp['a'][0] = 2 + 5 = 6", Kind.arithmetic),
        ("self.x = 5 + 2 = 7", "self.x = 5 + 2 = 8", Kind.arithmetic),
        ("self.x = 5 + 2 = 7", "self.x = 6 + 2 = 8", Kind.state),
        ("self.x = 5 + 2 = 7", "self.x = 5 + 3 = 7", Kind.arithmetic),
        ("box.x = 7 * 3 = 21", "box.x = 7 * 4 = 21", Kind.arithmetic),
    ],
)
def test_kinds_in_equations_of_items_and_attributes(style, old, new, kind):
    traced = trace(Rule.from_source(PLACES, function="f"), 5)
    text = traced.response(style)
    if old not in text:
        pytest.skip("told in words")
    verdict = check(traced.rule, (5,), text.replace(old, new, 1), style)
    assert (verdict.kind, verdict.line) == (kind, text[: text.index(old)].count("\n") + 1)
    assert verdict.steps - verdict.right_steps == 1


def test_a_slip_in_an_item_that_is_carried_on():
    source = """
def f(n):
    dp = [1] * 5
    for i in range(n, 5):
        dp[i] = dp[i - 1] + i
    return dp[4]
"""
    traced = trace(Rule.from_source(source), 3)
    text = traced.response()
    for old, new in [
        ("dp[3] = 1 + 3 = 4", "dp[3] = 1 + 3 = 5"),
        ("[1, 1, 1, 4, 1]", "[1, 1, 1, 5, 1]"),
        ("dp[i - 1] = 4", "dp[i - 1] = 5"),
        ("dp[4] = 4 + 4 = 8", "dp[4] = 5 + 4 = 9"),
        ("[1, 1, 1, 4, 8]", "[1, 1, 1, 5, 9]"),
        ("dp[4] = 8", "dp[4] = 9"),
        ("answer is 8", "answer is 9"),
    ]:
        assert old in text
        text = text.replace(old, new)
    verdict = check(traced.rule, (3,), text)
    assert (verdict.kind, verdict.steps - verdict.right_steps) == (Kind.arithmetic, 1)


def test_kinds_of_branches():
    text = response("move_zeroes", "([0, 3],)", "rfft")
    verdict = checked(
        text.replace("enter if", "do not enter if", 1), "rfft", "move_zeroes", "([0, 3],)"
    )
    assert verdict.kind is Kind.branch


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_text_that_is_cut_off(end):
    text = response("add_digits", "(15,)", "rfft")
    lines = text.splitlines()
    verdict = checked("\n".join(lines[:20]) + end)
    assert (verdict.kind, verdict.line, verdict.given) == (Kind.cut_off, 21, "")
    assert verdict.share == 1
    assert checked("\n".join(lines[:20]) + "\nnum = 15 //").kind is Kind.cut_off
    assert checked("").kind is Kind.cut_off
    assert checked("\n".join(lines[:-1]) + "\nSo the ans").kind is Kind.cut_off


def test_a_text_that_never_ends():
    text = response("add_digits", "(15,)", "rfft")
    head, _, _ = text.partition("do not enter")
    turn = (
        "enter the loop\n3.1 One iteration\n"
        + text.partition("3.1 One iteration\n")[2].partition("enter the loop")[0]
    )
    assert checked(head + turn * 50).kind is Kind.never_ended
    verdict = checked(text + "So the answer is 6\n")
    assert (verdict.kind, verdict.line) == (Kind.never_ended, len(text.splitlines()) + 1)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda lines: [*lines[:1], lines[-1]], Kind.left_early),
        (lambda lines: [*lines[:-1], lines[-2], lines[-1]], Kind.left_late),
        (lambda lines: [*lines[:-1], *[lines[-2]] * 9], Kind.never_ended),
        (lambda lines: [lines[0], lines[1].replace("5", "6"), *lines[2:]], Kind.state),
        (lambda lines: [*lines[:-1], "So the answer is 7"], Kind.answer),
    ],
)
def test_kinds_where_nothing_is_recited(change, kind):
    lines = response("add_digits", "(15,)", "scratchpad").splitlines()
    assert checked("\n".join(change(lines)) + "\n", "scratchpad").kind is kind


# Loops, and steps given the stated state


def test_loop_counts():
    text = response("add_digits", "(15,)", "rfft")
    lines = text.splitlines()
    start, end = (
        lines.index("3.1 One iteration"),
        len(lines) - lines[::-1].index("3.1 One iteration"),
    )
    shorter = lines[: start + 1] + lines[end:]
    verdict = checked("\n".join(shorter))
    assert [(x.line, x.source, x.stated, x.true) for x in verdict.loops] == [
        (2, "while num > 9:", 1, 1),
        (4, "while num:", 1, 2),
    ]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("name", "args", "other"),
    [
        ("add_digits", "(15,)", "(997,)"),
        ("move_zeroes", "([0, 1],)", "([1, 0],)"),
        ("long_addition", "('95', '7')", "('96', '8')"),
        ("fibonacci", "(4,)", "(5,)"),
        ("roman", "('XIV',)", "('XVI',)"),
        ("process_list", "([3], [50, 31])", "([3], [51, 32])"),
    ],
)
def test_one_slip_does_not_condemn_what_follows(name, args, other, style):
    """A text about another input states other arguments, and follows the rule from there."""
    verdict = checked(response(name, other, style), style, name, args)
    assert not verdict.right
    assert verdict.steps - verdict.right_steps == 1


def test_a_slip_that_is_carried_on():
    text = response("add_digits", "(15,)", "rfft")
    wrong = text.replace("sum = 0 + 5 = 5", "sum = 0 + 5 = 7").replace("sum = 5\n", "sum = 7\n")
    wrong = wrong.replace("sum = 5 + 1 = 6", "sum = 7 + 1 = 8").replace("sum = 6\n", "sum = 8\n")
    wrong = wrong.replace("num = 6\n", "num = 8\n").replace("answer is 6", "answer is 8")
    verdict = checked(wrong)
    assert verdict.kind is Kind.arithmetic
    assert (verdict.right_steps, verdict.steps) == (12, 13)


SLIPS = [
    ("def f(n):\n    k = n + 2\n    m = k * 3\n    return m\n", (2,), "k = 2 + {2} = 4", "7"),
    ("def f(n):\n    k = n + 2\n    m = k * 3\n    return m\n", (2,), "k = {2} + 2 = 4", "5"),
    (
        "def f(s):\n    c = 0\n    for i in s:\n        if i == 'j':\n            c += 1\n",
        ("ajbj",),
        "{i} = 'j'",
        "h",
    ),
    (
        "def f(n):\n    if n > 2:\n        n -= 1\n    return n\n",
        (5,),
        "{enter if}",
        "do not enter if",
    ),
    ("def f(n):\n    c = n\n    d = n * 2\n    return c, d\n", (4,), "{now,}", "Then"),
    (
        "def g(n):\n    return n * 2\n\ndef f(n):\n    return g(n) + g(1)\n",
        (4,),
        "{call g}, ",
        "go to",
    ),
]


@pytest.mark.parametrize(("source", "args", "slip", "new"), SLIPS)
def test_a_slip_that_changes_nothing_is_one_wrong_step(source, args, slip, new):
    traced = trace(Rule.from_source(source, function="f"), *args)
    text = traced.response()
    start, old, end = re.split("[{}]", slip)
    assert slip.replace("{", "").replace("}", "") in text
    verdict = check(traced.rule, args, text.replace(start + old + end, start + new + end, 1))
    assert verdict.steps - verdict.right_steps == 1
    assert verdict.steps == len(traced.steps)


@pytest.mark.parametrize("style", STYLES)
def test_slips_here_and_there_are_as_many_wrong_steps(style):
    """Unreadable lines, a missing and a doubled one, far from each other."""
    args = f"({'95123' * 4!r}, {'76543' * 4!r})"
    lines = response("long_addition", args, style).splitlines()
    places = [len(lines) * part // 5 for part in range(1, 5)]
    news: list[list[str]] = [["Well."], [], ["Hm.", "So."], ["Yes."]]
    for count in range(1, 5):
        changed = list(lines)
        for place, new in reversed([*zip(places, news, strict=True)][:count]):
            changed[place : place + 1] = new
        verdict = checked("\n".join(changed), style, "long_addition", args)
        assert verdict.steps - verdict.right_steps == count


# Hostile texts


@pytest.mark.parametrize(
    "text",
    [
        bytes(range(256)) * 4000,
        "\0" * 1_000_000,
        "num = " + "9" * 1_000_000,
        "num = " + "[" * 100_000,
        "num = " + "-" * 100_000 + "1",
        "(" * 1000,
        "while num > 9:\n" * 50_000,
        "num = 15\n" * 50_000,
        "sum = 0 + 5 = " * 20_000,
        "'" * 100_001,
        " \t" * 500_000 + "x",
        "\n" * 2_000_000,
        "\ud800\n" * 100,
    ],
    ids=lambda text: repr(text[:15]),
)
@pytest.mark.parametrize("head", [False, True])
def test_hostile_texts_are_judged_soon(text, head):
    first = "".join(response("add_digits", "(15,)", "rfft").splitlines(keepends=True)[:12])
    if head:
        text = first.encode() + text if isinstance(text, bytes) else first + text
    start = time.process_time()
    verdict = check(rule("add_digits"), (15,), text)
    assert not verdict.right
    assert time.process_time() - start < 20


@pytest.mark.parametrize("blanks", [" " * 60_000, "\t \r" * 20_000])
def test_nothing_hides_behind_blanks(blanks):
    text = response("add_digits", "(15,)", "rfft")
    assert checked(text + blanks).right
    assert checked(text + blanks + "x").right is False
    assert checked(text.replace("num = 15\n", f"num = 15{blanks}0\n", 1)).right is False
    assert checked(text.replace("num = 15\n", f"num = 15{blanks}\n", 1)).right
    assert checked(text + blanks * 10).kind is Kind.never_ended


def test_only_a_part_of_an_endless_text_is_read():
    read = []

    def endless() -> Iterator[str]:
        while True:
            read.append(1)
            yield "num = 15\n" * 1000

    verdict = check(rule("add_digits"), (15,), endless())
    assert not verdict.right
    assert verdict.unread
    assert len(read) < 1000


@pytest.mark.parametrize(
    "stated", ["10 ** 9", "1000000000", "[0] * 9", "__import__('os')", "9" * 5000]
)
def test_stated_values_are_never_run(stated):
    power = Rule.from_source("def f(n):\n    m = n + 1\n    return 2 ** (2 ** m)\n")
    text = trace(power, 2).response()
    verdict = check(power, (2,), text.replace("m = 2 + 1 = 3", f"m = 2 + 1 = {stated}"))
    assert verdict.kind in (Kind.arithmetic, Kind.state)


def test_a_text_of_another_rule():
    assert not checked(response("roman", "('XIV',)", "rfft")).right


# Ways to call


def test_a_text_may_be_a_file_or_bytes_or_pieces():
    text = response("add_digits", "(15,)", "rfft")
    for form in (text.encode(), io.StringIO(text), io.BytesIO(text.encode()), list(text)):
        assert check(rule("add_digits"), (15,), form).right


def test_arguments_may_be_a_text_or_named():
    text = response("add_digits", "(15,)", "rfft")
    assert check(rule("add_digits"), "15", text).right
    assert check(rule("add_digits"), "num=15", text).right
    assert check(rule("add_digits"), (), text, kwargs={"num": 15}).right
    with pytest.raises(InputRejected):
        check(rule("add_digits"), (1, 2), text)


def test_a_function_may_be_checked():
    def double(n: int) -> int:
        return n * 2

    assert check(double, (4,), trace(double, 4).response()).right


def test_a_rule_that_raises():
    fails = Rule.from_source("def f(n):\n    m = n - 1\n    return 1 // m\n")
    text = trace(fails, 1).response()
    assert check(fails, (1,), text).right
    verdict = check(fails, (1,), text.replace("ZeroDivisionError", "ValueError"))
    assert not verdict.right
    assert verdict.line == len(text.splitlines())


def test_json():
    data = replaced("now,", "Now").to_json()
    assert json.loads(json.dumps(data)) == data
    assert data["kind"] == "foreign"
    assert data["reason"] == "not a line of the trace language"


# The command


def ended(said):
    """Return the verdict in what the command says of a run that has ended by itself."""
    assert (said.pop("status"), said.pop("message")) == ("ok", "")
    assert said.pop("protection").keys() == {"level", "missing"}
    return said


def run(*arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PROGRAM, *arguments], input=stdin, capture_output=True, text=True, timeout=120
    )


def test_command(tmp_path):
    file = tmp_path / "answer.txt"
    text = response("add_digits", "(15,)", "rfft")
    file.write_text(text)
    source = str(EXAMPLES / "add_digits.py")
    done = run(source, "--input", "15", "--trace", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, "right: 47 lines, 13 steps\n", "")
    wrong = text.replace("sum = 0 + 5 = 5", "sum = 0 + 5 = 6")
    done = run(source, "--input", "15", "--trace", "-", stdin=wrong)
    assert done.returncode == 1
    assert done.stdout.startswith(
        "wrong at line 20: wrong arithmetic\n  expected  sum = 0 + 5 = 5\n"
    )
    done = run(source, "--input", "15", "--trace", "-", "--format", "json", stdin=wrong)
    assert done.returncode == 1
    assert ended(json.loads(done.stdout)) == checked(wrong).to_json()


@pytest.mark.parametrize("style", [*STYLES, "direct"])
def test_command_takes_what_is_written_with_the_prompt(tmp_path, style):
    text = trace(rule("add_digits"), 15).response(style)
    whole = f"{trace(rule('add_digits'), 15).prompt(style, 'What is 15?')}\n{text}"
    source = str(EXAMPLES / "add_digits.py")
    for form in (whole, whole.replace("\n", "\r\n"), f"```\n{whole}```\n", f"\ufeff{whole}"):
        done = run(source, "--input", "15", "--style", style, "--trace", "-", stdin=form)
        assert (done.returncode, done.stdout[:5]) == (0, "right"), done
    lines = whole.splitlines()
    lines[-1] = lines[-1].replace("6", "7")
    done = run(source, "--input", "15", "--style", style, "--trace", "-", stdin="\n".join(lines))
    assert done.stdout.startswith(f"wrong at line {len(lines)}: ")


def test_command_writes_a_file_or_a_page(tmp_path):
    text = response("add_digits", "(15,)", "rfft").replace("= 0 + 5 = 5", "= 0 + 5 = 6")
    command = (str(EXAMPLES / "add_digits.py"), "--input", "15", "--trace", "-", "--output")
    for name in ("verdict.txt", "verdict.json", "verdict.html"):
        done = run(*command, str(tmp_path / name), stdin=text)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert (tmp_path / "verdict.txt").read_text().startswith("wrong at line 20")
    said = json.loads((tmp_path / "verdict.json").read_text())
    verdict = ended(dict(said))
    assert verdict == checked(text).to_json()
    record = trace(rule("add_digits"), 15).to_json()
    assert (tmp_path / "verdict.html").read_text() == page(record, text=text, verdict=said)
    assert run(*command, str(tmp_path / "none" / "x.html"), stdin=text).returncode == 2


def test_command_refuses(tmp_path):
    source = str(EXAMPLES / "add_digits.py")
    endless = tmp_path / "endless.py"
    endless.write_text("def f(n):\n    while True:\n        n += 1\n")
    none = str(tmp_path / "none.txt")
    for arguments, code in [
        ((source, "--input", "15", "--trace", none), 2),
        ((source, "--input", "15"), 2),
        ((source, "--input", "1, 2", "--trace", "-"), 2),
        ((source, "--input", "15", "--trace", "-", "--style", "none"), 2),
        (("-", "--input", "15", "--trace", "-"), 2),
        ((str(endless), "--input", "1", "--trace", "-", "--max-steps", "1000"), 3),
    ]:
        done = run(*arguments, stdin="x")
        assert done.returncode == code, done
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1
        assert "Traceback" not in done.stderr
