"""Style `natural`: the words for every construct, the numbers of steps, the author's own words."""

import ast
import copy
import re
from pathlib import Path

import pytest

from rfft.tracer import Rule, SourceRejected, Trace, trace
from rfft.tracer.styles import load
from rfft.tracer.styles.english.kinds import Kinds
from rfft.tracer.styles.english.outline import text_of_rule
from rfft.tracer.styles.english.sentences import Sentences

from ..examples import CASES, example
from ..recorded.forms import EXPRESSIONS, STATEMENTS, with_parts
from . import golden

# Words

KNOWN = """
n, m = 1, 2
text, other = 'a', 'b'
items = [1, 2]
words = ['a', 'b']
table = {'a': 1}
seen = {1}
flag = True
import math
"""

PHRASES = {
    # arithmetic
    "n + m": "n plus m",
    "n - m - 1": "n minus m minus 1",
    "n - (m - 1)": "n minus (m minus 1)",
    "n * (m + 1)": "n times (m plus 1)",
    "n % 10": "the remainder of n divided by 10",
    "(n + m) // 2": "(n plus m) divided by 2 (rounded down)",
    "-n ** 2": "the negative of (n to the power of 2)",
    "n << 2": "n shifted left by 2 bits",
    "len(items) + 1": "(the length of items) plus 1",
    "1 + len(items)": "1 plus the length of items",
    # kinds of values
    "text + other": "text followed by other",
    "items + [n]": "items followed by [n]",
    "text * n": "text repeated n times",
    "seen | {n}": "the items of seen together with those of {n}",
    "'%d' % n": "'%d' filled in with n",
    # parts
    "items[0]": "the first item of items",
    "text[-1]": "the last character of text",
    "text[n]": "the character of text at index n",
    "items[n + 1]": "the item of items at index (n plus 1)",
    "table['a']": "the value of table for key 'a'",
    "unknown[n]": "the item of unknown at n",
    "grid[n][m]": "the item of grid at n and m",
    "text[1:]": "all but the first character of text",
    "text[:-2]": "all but the last 2 characters of text",
    "items[:3]": "the first 3 items of items",
    "items[1:-1]": "all but the first and the last item of items",
    "items[n:]": "the part of items from index n on",
    "items[n:m]": "the part of items from index n to just before index m",
    "items[::-1]": "items in reverse order",
    "items[::2]": "every second item of items",
    "items[:]": "a copy of items",
    "node.left.value": "node's left's value",
    "self.items": "self.items",
    "math.pi": "math.pi",
    # displays
    "[]": "an empty list",
    "''": "an empty text",
    "[n, m + 1]": "[n, m plus 1]",
    "{'a': n, **table}": "{'a': n, the pairs of table}",
    "(*items, n)": "(the items of items, n)",
    "f'{n}-{m:02}'": "the text made of n, '-' and (m in the format '02')",
    # conditions
    "n == m": "whether n is equal to m",
    "0 < n <= m": "whether 0 is less than n and n is at most m",
    "text in other": "whether text occurs in other",
    "'a' not in table": "whether 'a' is not a key of table",
    "n is None": "whether n is None",
    "not flag": "the opposite of flag",
    "not (n < m or flag)": "whether it is not so that n is less than m or flag is True",
    "unknown or items": "unknown if that counts as true, otherwise items",
    "n if flag else m": "n if flag is True, otherwise m",
    "any(w in other for w in words)": "whether w occurs in other for at least one w in words",
    "not all(words)": "whether not every item of words counts as true",
    # calls
    "str(n % 2)": "the text of the remainder of n divided by 2",
    "max(n, m + 1)": "the larger of n and (m plus 1)",
    "max(items)": "the largest of the items of items",
    "sum(map(int, text))": "the sum of the results of int for each item of text",
    "sum(1 for w in words if w == text)": (
        "the number of items w in words where w is equal to text"
    ),
    "sorted(words, key=len, reverse=True)": (
        "the sorted list of the items of words by len, the largest first"
    ),
    "list(range(n))": "the list of the integers from 0 to just before n",
    "''.join(words)": "words joined together",
    "table.get(n, 0)": "the value of table for key n (0 if there is none)",
    "text.upper().strip()": "(the upper-case form of text) without white space at both ends",
    "gcd(n, m - 1)": "gcd of n and (m minus 1)",
    "len(f())": "the length of the result of f",
    "Point(n, y=m)": "a new Point with n and y = m",
    "math.sqrt(n)": "the square root of n",
    "math.cos(n)": "math.cos of n",
    "node.next_of(n)": "the result of node's next_of with n",
    # scopes and the rest
    "[w + 'a' for w in words if w]": (
        "the list of w followed by 'a' for each w in words where w is not empty"
    ),
    "{w: i for i, w in enumerate(words)}": (
        "the dictionary with value i for key w for each index i and item w of words"
    ),
    "(n for n, m in zip(items, words))": (
        "the series of n for each n of items and m of words side by side"
    ),
    "lambda a, b: a + b": "the function that maps a and b to a plus b",
    "(last := items[-1])": "the last item of items, stored as last",
    "await job(n)": "the awaited result of job of n",
}


def words(source: str = "") -> Sentences:
    """Return what puts into words, knowing the variables of `KNOWN` and of a source."""
    return Sentences(Kinds(ast.parse(KNOWN + source)))


@pytest.mark.parametrize("source", PHRASES)
def test_phrases(source: str) -> None:
    assert words(source).whole(ast.parse(source, mode="eval").body) == PHRASES[source]


SENTENCES = {
    "sum = 0": "Set sum to 0.",
    "a = b = n": "Set a and b to n.",
    "a, b = n, m": "At the same time, set a to n and b to m.",
    "n, m = m, n": "Swap n and m.",
    "first, *rest = items": "Unpack items into first and rest (the rest).",
    "a = n if flag else []": "If flag is True, set a to n; otherwise, to an empty list.",
    "last = items.pop()": "Set last to the last item of items and remove it there.",
    "items[n] = 0": "Set the item of items at index n to 0.",
    "items[:] = []": "Replace all items of items by an empty list.",
    "table['b'] = n": "Set the value of table for key 'b' to n.",
    "n += m % 10": "Add the remainder of m divided by 10 to n.",
    "text += 'b'": "Append 'b' to text.",
    "items += [n]": "Append n to items.",
    "items *= n": "Repeat items n times.",
    "n -= 1": "Subtract 1 from n.",
    "unknown += [n, m]": "Append n and m to unknown.",
    "unknown += text": "Append text to unknown.",
    "unknown += m": "Add m to unknown.",
    "n //= 10": "Divide n by 10, rounding down.",
    "n %= 10": "Set n to the remainder of n divided by 10.",
    "n: int": "Note that n is for int.",
    "items.append(n)": "Append n to items.",
    "items.insert(0, n)": "Insert n at the front of items.",
    "items.pop(0)": "Remove the first item from items.",
    "items.sort(key=len, reverse=True)": "Sort items by len, the largest first.",
    "print(n, text)": "Print n and text.",
    "solve(n)": "Call solve with n.",
    "'a comment'": "Do nothing.",
    "pass": "Do nothing.",
    "del table['a'], n": "Delete the value of table for key 'a' and n.",
    "assert n > 0, 'low'": (
        "Make sure that n is greater than 0; if not, raise an AssertionError with 'low'."
    ),
    "raise ValueError(n) from None": "Raise a ValueError with n, caused by None.",
    "raise": "Raise the exception again.",
    "import os.path as path": "Import os.path as path.",
    "from math import *": "Import everything from math.",
    "global n": "Take n from the names of the whole program.",
    "return n, m": "Return (n, m).",
    "return": "Return None.",
    "return n if n else m": "If n is not 0, return n; otherwise, return m.",
    "yield n": "Give out n.",
    "yield from items": "Give out the items of items, one after the other.",
    "await job(n)": "Wait for job of n.",
    "if not items: pass": "If items is empty:",
    "while n > 9: pass": "Repeat while n is greater than 9:",
    "while True: pass": "Repeat until the loop is left:",
    "for word in words: pass": "For each word in words:",
    "for i in range(1, n + 1): pass": "For each i from 1 to just before (n plus 1):",
    "for i in range(n, 0, -1): pass": "For each i from n down to just after 0:",
    "for i, w in enumerate(words): pass": "For each index i and item w of words:",
    "for k, v in table.items(): pass": "For each key-value pair (k, v) of table:",
    "with open(text) as file: pass": "With the file text as file:",
    "match n:\n case _: pass": "Take the first case that fits n:",
    "try: pass\nfinally: pass": "Try these steps:",
    "@cache\ndef f(a, b=1, *c, d, **e): pass": (
        "Define the function f of a, b (1 if not given), any further items c, d and any further"
        " named items e, decorated with cache:"
    ),
    "async def f(): pass": "Define the asynchronous function f:",
    "class A(B): pass": "Define the class A based on B:",
}


@pytest.mark.parametrize("source", SENTENCES)
def test_sentences(source: str) -> None:
    wrapped = f"async def g(n):\n {source.replace(chr(10), chr(10) + ' ')}"
    node = ast.parse(wrapped).body[0]
    assert isinstance(node, ast.AsyncFunctionDef)
    assert words().statement(node.body[0]) == SENTENCES[source]


TRUTHS = {
    "a: int = f()": "is not 0",
    "a = 1; a = f()": "counts as true",
    "a = 1; a = None": "counts as true",
    "a = 1; a = ''": "counts as true",
    "a = f(); b = a - 1": "is not 0",
    "a = f()\nwhile a: a -= 1": "is not 0",
    "a = f()\nfor b in range(a): pass": "is not 0",
    "for a in 'abc': pass": "is not empty",
    "for b, a in enumerate([[1], [2]]): pass": "is not empty",
    "b = []; b.append(True); a = b.pop()": "is True",
    "b = []; b.append(True); b.append(f()); a = b.pop()": "counts as true",
    "b = {'x': [1]}; a = b['x']": "is not empty",
    "a = 'x'.split()[0].upper()": "is not empty",
    "a, b = len(f()), 1": "is not 0",
    "a = 1\nwith f() as a: pass": "counts as true",
}


@pytest.mark.parametrize("source", TRUTHS)
def test_kinds(source: str) -> None:
    assert Sentences(Kinds(ast.parse(source))).truth(ast.Name("a")) == TRUTHS[source]


FORMS = [f for f in (*EXPRESSIONS, *STATEMENTS) if "import *" not in f]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_words(form: str) -> None:
    body = form if form in STATEMENTS else f"x = ({form})"
    indented = "".join(f"\n    {line}" for line in body.split("\n"))
    rule = Rule.from_source(with_parts(f"def rule():{indented}\n"), "rule")
    for line in text_of_rule(rule).splitlines():
        assert re.fullmatch(r"( {4})*(\d+\.|\d+(\.\d+)+) [A-Z].*[.:]|[A-Z].*[.:]|", line), line


# Steps

STEP = re.compile(r"(\d+\.|\d+(\.\d+)+) ")


def all_traces() -> list[Trace]:
    """Return traces of every example and of every golden rule."""
    traces = [trace(example(name), *copy.deepcopy(args)) for name, args in CASES]
    return traces + [golden.read(name).traced() for name in golden.NAMES]


def test_every_step_of_a_response_stands_in_the_prompt() -> None:
    for traced in all_traces():
        steps = {line.strip() for line in load("natural").rule(traced.rule).splitlines()}
        lines = traced.response("natural").splitlines()
        recited = [line for line in lines if STEP.match(line)]
        assert recited
        for line in recited:
            assert line in steps, f"{traced.rule}: {line}"


def test_every_step_that_is_named_is_there() -> None:
    for traced in all_traces():
        text = load("natural").rule(traced.rule) + traced.response("natural")
        numbers = {m[0].strip().rstrip(".") for m in re.finditer(r"(?m)^ *\d+[\d.]*", text)}
        for number in re.findall(r"step \((.+?)\)", text):
            assert number in numbers


BLOCKS = '''\
def rule(items):
    """A question."""
    for item in items:
        while item:
            item -= 1
            if item == 5:
                continue
            elif item == 4:
                break
            else:
                pass
        else:
            try:
                item = 1 // item
            except ZeroDivisionError as error:
                return error
            finally:
                items = []
'''
NUMBERED = """\
The input is items.
1. For each item in items:
    1.1 Take the next item as item. If there is none left, the loop is over, go to step (2).
    1.2 One iteration:
        1.2.1 Repeat while item is not 0:
            1.2.1.1 Check whether item is not 0. If so, enter the inner loop; otherwise, \
the loop is over, go to step (1.2.2).
            1.2.1.2 One iteration:
                1.2.1.2.1 Subtract 1 from item.
                1.2.1.2.2 If item is equal to 5:
                    1.2.1.2.2.1 Skip the rest of the iteration, go to step (1.2.1.3).
                1.2.1.2.3 Otherwise, if item is equal to 4:
                    1.2.1.2.3.1 Leave the inner loop, go to step (1.3).
                1.2.1.2.4 Otherwise:
                    1.2.1.2.4.1 Do nothing.
            1.2.1.3 Return to the start of the inner loop.
        1.2.2 If the loop was not left early:
            1.2.2.1 Try these steps:
                1.2.2.1.1 Set item to 1 divided by item (rounded down).
            1.2.2.2 If they raise ZeroDivisionError, called error:
                1.2.2.2.1 Return error.
            1.2.2.3 In any case, at the end:
                1.2.2.3.1 Set items to an empty list.
    1.3 Return to the start of the outer loop.
2. Return None."""


def test_blocks_are_numbered() -> None:
    assert text_of_rule(Rule.from_source(BLOCKS)) == NUMBERED


PARTS = """\
from math import isqrt
LIMIT = 3
class Box:
    size = 0
    def put(self, item): self.size += item
def root(n): return isqrt(n)
def rule(n=1):
    box = Box()
    box.put(root(n) + LIMIT)
    return box.size
"""
PARAGRAPHS = """\
Given:
1. Import isqrt from math.
2. Set LIMIT to 3.

Class Box:
1. Set size to 0.

Function put of item of the class Box:
1. Add item to self.size.
2. Return None.

Function root of n:
1. Return the square root of n rounded down.

Function rule of n (1 if not given) (start here):
1. Set box to a new Box.
2. Call box's put with (root of n) plus LIMIT.
3. Return box's size."""


def test_what_a_rule_uses_stands_in_the_prompt() -> None:
    rule = Rule.from_source(PARTS, "rule")
    assert trace(rule, 4).prompt("natural", "Why?") == (
        f"Follow the given rule to solve the question.\nRule:\n{PARAGRAPHS}\n\nQ: Why?\n"
    )


# The author's own words

NOTED = """\
#: Given some items.
#: values: There are {items}.
def rule(items):
    # A Title
    #: Walk along:
    #: test: Look for another one. If there is none, go to step ({next}).
    #: yes: Here is {new item}.
    #: no: That was all.
    for item in items:
        #: Is it one? Then:
        #: yes: It is {item}.
        if item == 1:
            #: values: So {changes}.
            items.append(item * 5)
        else:
            #: Nothing here.
            pass
    #: values: At last,
    #: {items}.
    return items[-1]
"""
NOTED_RULE = """\
Given some items.
1. Walk along:
    1.1 Look for another one. If there is none, go to step (2).
    1.2 One iteration:
        1.2.1 Is it one? Then:
            1.2.1.1 Append (item times 5) to items.
        1.2.2 Otherwise:
            1.2.2.1 Nothing here.
    1.3 Return to the start of the loop.
2. {items}."""
NOTED_RESPONSE = """\
There are [1].
1. Walk along:
1.1 Look for another one. If there is none, go to step (2).
Here is 1. Enter the loop.
1.2 One iteration:
1.2.1 Is it one? Then:
It is 1. Go to step (1.2.1.1).
1.2.1.1 Append (item times 5) to items.
So items = [1, 5].
1.3 Return to the start of the loop.
Back to the start of the loop.
1. Walk along:
1.1 Look for another one. If there is none, go to step (2).
Here is 5. Enter the loop.
1.2 One iteration:
1.2.1 Is it one? Then:
item = 5, which is not equal to 1. Go to step (1.2.2).
1.2.2 Otherwise:
1.2.2.1 Nothing here.
1.3 Return to the start of the loop.
Back to the start of the loop.
1. Walk along:
1.1 Look for another one. If there is none, go to step (2).
That was all. The loop is over. Go to step (2).
2. {items}.
At last, So the answer is 5.
"""


def test_the_authors_own_words() -> None:
    rule = Rule.from_source(NOTED)
    assert text_of_rule(rule) == NOTED_RULE
    assert trace(rule, [1]).response("natural") == NOTED_RESPONSE
    assert rule.writer("natural")([1]).response == NOTED_RESPONSE


def test_other_styles_do_without_them() -> None:
    noted, plain = (
        Rule.from_source(source) for source in (NOTED, re.sub(r"(?m)^ *#:.*\n", "", NOTED))
    )
    for style in ("rfft", "rfft-icl", "scratchpad"):
        assert trace(noted, [1]).response(style) == trace(plain, [1]).response(style)
    assert "1. A Title" not in trace(noted, [1]).response("natural")
    assert ". A Title\n" in trace(noted, [1]).response("rfft")


def test_lines_within_a_text_are_no_comments() -> None:
    source = 'def rule():\n    x = """\n#: y"""\n    return x'
    assert "1. Set x to '\\n#: y'.\n2. Return x." in text_of_rule(Rule.from_source(source))


@pytest.mark.parametrize(
    ("source", "slot"),
    [
        ("def f(n):\n    #: values: {m}\n    x = n + 1", "m"),
        ("def f(n):\n    #: values: {n + 2}\n    x = n + 1", "n + 2"),
        ("def f(n):\n    #: values: {new n}\n    x = n + 1", "new n"),
        ("def f(n):\n    #: yes: {}\n    if n: pass", ""),
        ("#: values: {x}\ndef f(n): pass", "x"),
    ],
)
def test_a_value_that_there_is_not(source: str, slot: str, tmp_path: Path) -> None:
    line = 3 if source.startswith("def") else 2
    with pytest.raises(SourceRejected, match=re.escape(f"line {line}: ")) as raised:
        load("natural").rule(Rule.from_source(source))
    assert f"{{{slot}}}" in str(raised.value)
    assert "\n" not in str(raised.value)
