"""`parse_input` reads literals and nothing else."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfft.tracer.errors import InputRejected
from rfft.tracer.inputs import MAX_CHARACTERS, MAX_DEPTH, parse_input

READ = {
    "": ((), {}),
    " \n": ((), {}),
    "[0,16]": (([0, 16],), {}),
    "[0],[16]": (([0], [16]), {}),
    "1,": ((1,), {}),
    "(1,)": (((1,),), {}),
    "()": (((),), {}),
    "nums=[1, 2], k=3": ((), {"nums": [1, 2], "k": 3}),
    "1, k=2": ((1,), {"k": 2}),
    '"123", "4567"': (("123", "4567"), {}),
    "-1, +2, -1.5e3, 1_000, 0xff": ((-1, 2, -1500.0, 1000, 255), {}),
    "3j, 1+2j, -1-2j, (-0.5+1j)": ((3j, 1 + 2j, -1 - 2j, -0.5 + 1j), {}),
    "None, True, False": ((None, True, False), {}),
    r"b'x\xff', r'\d', 'a' 'b'": ((b"x\xff", r"\d", "ab"), {}),
    "{1, 2}, set(), {'a': [1]}, {}": (({1, 2}, set(), {"a": [1]}, {}), {}),
    "[\n  1,  # one\n  2,\n]  # a list": (([1, 2],), {}),
    "'''[[(''', \"}\", '#'": (("[[(", "}", "#"), {}),
    "'é', '\\ud800'": (("é", "\ud800"), {}),
    "[" * MAX_DEPTH + "]" * MAX_DEPTH + ", 1": None,
}

REFUSED = {
    # What is there, and where.
    "abc": "`abc` at character 1, which is not a literal (a name; a text needs quotes)",
    "[1, abc]": "`abc` at character 5",
    "'é', abc": "`abc` at character 6",
    "[1,\n abc]": "`abc` at line 2, character 2",
    "k=abc": "`abc` at character 3",
    "foo(1)": "(a call)",
    "set([1])": "(a call)",
    "__import__('os').system('echo')": "`__import__('os').system('echo')` at character 1",
    "().__class__": "(an attribute)",
    "[1][0]": "(a subscript)",
    "f'{1}'": "(an f-string)",
    "[x for x in ()]": "(a comprehension)",
    "x for x in ()": "(a generator)",
    "lambda: 1": "(a lambda)",
    "x := 1": "(an assignment)",
    "*[1]": "(unpacking)",
    "**{}": "(unpacking)",
    "{**{}}": "(unpacking)",
    "[1, ...]": "`...` at character 5",
    "1 + 2": "`1 + 2` at character 1",
    "2**99": "`2**99` at character 1",
    "1 if 1 else 2": "which is not a literal",
    "not 1": "which is not a literal",
    "--1": "`-1` at character 2",
    "-True": "`True` at character 2",
    "-'a'": "`'a'` at character 2",
    "'a' + 1j": "`'a'` at character 1",
    "y" * 99: "`" + "y" * 37 + "...`",
    # Values that cannot be.
    "{[1]}": "a list at character 2 that cannot be a member of a set",
    "{([1],): 2}": "a tuple at character 2 that cannot be a key of a dict: it holds lists",
    "k=1, k=2": "the argument `k` twice",
    # Python's own reasons.
    ",": "character 1: invalid syntax",
    "1 2": "forgot a comma",
    "1; 2": "character 2",
    "'abc": "unterminated string",
    "'''abc": "unterminated triple-quoted string",
    "k=1, 2": "positional argument follows keyword argument",
    "012": "leading zeros",
    # Out of the parentheses, or never closed.
    "1), print(2": "an unmatched `)` at character 2",
    "1)(2": "an unmatched `)` at character 2",
    "[1, 2)": "an unmatched `)` at character 6",
    "[1, (2": "a `(` at character 5 not closed",
    # Too much.
    "9" * 5000: "an integer of 5000 digits; at most 4300 are read",
    "[" * 101 + "]" * 101: "nested more than 100 deep",
    "(" * 100_000: "nested more than 100 deep",
    "-" * 100_000 + "1": "nested too deep",
    "1+" * 100_000 + "1": "nested too deep",
    "1" * (MAX_CHARACTERS + 1): "1,000,001 characters; at most 1,000,000",
    # Not text.
    "1\0": "a null byte at character 2",
    "'\udc80'": "bytes that are not UTF-8 at character 2",
}


@pytest.mark.parametrize("text", READ, ids=lambda text: repr(text[:30]))
def test_reads(text):
    expected = READ[text]
    found = parse_input(text)
    if expected is not None:
        assert repr(found) == repr(expected)


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:30]))
def test_refuses_in_one_line(text):
    with pytest.raises(InputRejected, match=re.escape(REFUSED[text])) as caught:
        parse_input(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_no_warning_reaches_the_caller(recwarn):
    assert parse_input(r"'\d'") == ((r"\d",), {})
    assert not recwarn.list


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.complex_numbers(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.binary()
)
_HASHABLE = st.recursive(_SCALARS, lambda inner: st.lists(inner).map(tuple), max_leaves=5)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.sets(_HASHABLE)
        | st.dictionaries(_HASHABLE, inner)
    ),
    max_leaves=20,
)
_NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True).map(lambda name: f"p{name}")


@given(st.lists(_VALUES, max_size=4), st.dictionaries(_NAMES, _VALUES, max_size=3))
def test_reads_back_what_repr_writes(args, kwargs):
    text = ", ".join([*map(repr, args), *(f"{name}={value!r}" for name, value in kwargs.items())])
    assert parse_input(text) == (tuple(args), kwargs)


@given(st.text(alphabet="[](){}'\"#\\,=-+1aj \n*:.f"))
def test_any_other_text_is_read_or_refused(text):
    with contextlib.suppress(InputRejected):
        parse_input(text)
