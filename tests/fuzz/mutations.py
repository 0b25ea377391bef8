"""Strategies that spoil what is good: texts, bytes and JSON, a few small changes at a time."""

import copy
from typing import Any

from hypothesis import strategies as st

NASTY = [
    "\r", "\r\n", "\0", "\f", "\x1a", "\x0b", "\t", " ", "\n", "\\", "\\\n", "\ud800", "\udcff",
    "\u2028", "\ufeff", "é", "😀", "(", "[", "{", ")", "]", "}", "'", '"', "'''", '"""', "#", ":",
    ",", "=", "==", "*", "**", "-", "0", "-0.0", "1e999", "nan", "9" * 5000, "0x", "1_",
    "[" * 101, "-" * 300, "(" * 300, "not " * 300, "f'{x!r:>{w}}'", "lambda: 0", "yield",
    "await x", "async ", "return", "del n", "global n", "nonlocal n", "*a, b", "x := 1", "...",
    "None", "__debug__", "match n:\n", "case _:\n", "class A: pass\n", "try:\n", "@n\n", "%",
    "{n}", ";", "import os\n", "So the answer is 3\n", "1. Initialize\n", "now,\n", "\x1b[31m",
    "assert n\n", "if n: pass\n", "while n: n = n - 1\n",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, -1, 0, 1, 2 ** 31, 10 ** 30, 0.5, float("inf"), float("nan"), "", "x", "\ud800",
    "../..", "/dev/zero", "a\0b", [], {}, [[]], [None], {"":None}, "9" * 5000, "[" * 2000,
    {"role":"user"},
]  # fmt: skip


@st.composite
def texts(draw: st.DrawFn, samples: list[str]) -> str:
    """Draw one of some texts with some changes, or a text of nasty pieces alone."""
    text = draw(st.sampled_from([*samples, ""]))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 3, 20])))
        piece = draw(
            st.sampled_from(NASTY)
            | st.text(max_size=5)
            | st.sampled_from([sample[start : start + 30] for sample in samples])
        )
        text = text[:start] + piece * draw(st.sampled_from([1, 1, 1, 2, 50])) + text[end:]
    return text


@st.composite
def data(draw: st.DrawFn, samples: list[bytes]) -> bytes:
    """Draw some bytes with a few changes."""
    found = bytearray(draw(st.sampled_from(samples)))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(found)))
        end = start + draw(st.sampled_from([0, 1, 1, 8, 100]))
        found[start:end] = draw(st.binary(max_size=12) | st.sampled_from([b"\xff" * 8, b"\0" * 8]))
    return bytes(found)


@st.composite
def json_data(draw: st.DrawFn, samples: list[Any]) -> Any:
    """Draw JSON data in which up to three places have got other values, or none."""
    root = [copy.deepcopy(draw(st.sampled_from(samples)))]
    for _ in range(draw(st.integers(0, 3))):
        place: Any = root
        keys: list[Any] = [0]
        while keys:
            key = draw(st.sampled_from(keys))
            inside = place[key]
            keys = (
                list(inside)
                if isinstance(inside, dict)
                else list(range(len(inside)))
                if isinstance(inside, list)
                else []
            )
            if not keys or draw(st.integers(0, 3)) == 0:
                break
            place = inside
        change = draw(st.sampled_from(["set", "set", "drop", "double"]))
        if change == "drop" and place is not root:
            del place[key]
        elif change == "double" and isinstance(place, list) and place is not root:
            place.insert(key, place[key])
        else:
            place[key] = draw(st.sampled_from(VALUES) | st.integers() | st.text(max_size=5))
    return root[0]
