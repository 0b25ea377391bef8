"""Values as a text states them: where they end, what they are, and whether they are too large."""

import ast
import re
from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any

from ..recorded.steps import Step

_LITERAL = r"""'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+\""""
_INNER = rf"""[^'"()\[\]{{}}]|{_LITERAL}"""
for _ in range(3):  # brackets in brackets
    _INNER = rf"""[^'"()\[\]{{}}]++|{_LITERAL}|[(\[{{](?:{_INNER})*+[)\]}}]"""
_STRING = re.compile(_LITERAL)
_INSIDE = re.compile(rf"(?:{_INNER})++")
_ATOM = re.compile(r"""<[^<>]*>|[^\s,'"()\[\]{}]+""")
_NUMBER = re.compile(r"\d+")
_PLAIN = {
    "True": True, "False": False, "None": None,
    "inf": float("inf"), "-inf": float("-inf"), "nan": float("nan"),
}  # fmt: skip
_SHORT = 100  # characters of a value that is always looked at
_DIGITS = 4000  # of an int: below what Python refuses to read


class Unknown(Exception):
    """A step cannot be run again, or its outcome cannot be known."""


def value_end(text: str, start: int) -> int:
    """Return where the value that begins at `start` ends; `start` if none begins there."""
    position, depth = start, 0
    while position < len(text):
        character = text[position]
        if character in "([{":
            depth += 1
        elif character in ")]}":
            if not depth:
                return position
            depth -= 1
        else:
            quoted = character in "'\""
            outside = _STRING if quoted else _ATOM
            match = (_INSIDE if depth else outside).match(text, position)
            if match is None:
                return start if depth or quoted else position
            position = match.end()
            continue
        position += 1
    return start if depth else position


def literal(text: str) -> Any:
    """Return the value of a literal; raise `Unknown` if the text is none, or too large."""
    if text in _PLAIN:
        return _PLAIN[text]
    if text.isdecimal() and text.isascii() and len(text) < _DIGITS:
        return int(text)
    if value_end(text, 0) != len(text):
        raise Unknown
    if text == "set()":
        return set()
    if text.startswith("deque("):
        if "maxlen" in text:
            raise Unknown
        return deque(literal(text[len("deque(") : -1]))
    try:
        return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise Unknown from None


class Bounds:
    """How large the values of each variable become in the true trace.

    A wrong text may claim any value. Those far beyond the true ones are not run with, so that a
    step run again takes no more time and memory than a few true ones.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        self._texts: dict[str, set[str]] = defaultdict(set)  # of the true values
        self._most: dict[str, tuple[int, tuple[int, str], re.Pattern[str]]] = {}
        for step in steps:
            if step.after:
                for name, text in step.after.items():
                    self._texts[name].add(text)

    def allow(self, name: str, text: str) -> bool:
        """Tell whether a variable may have this value in a step that is run again."""
        if len(text) < 3 or text in self._texts[name]:
            return True
        longest, _, larger = self._most.get(name) or self._bounds(name)
        return len(text) <= 2 * longest + 40 and larger.search(text) is None

    def within(self, name: str, text: str) -> bool:
        """Tell whether a value is no larger than the true ones."""
        longest, largest, _ = self._most.get(name) or self._bounds(name)
        return len(text) <= longest and _largest(text) <= largest

    def _bounds(self, name: str) -> tuple[int, tuple[int, str], re.Pattern[str]]:
        """Return the longest and largest true value, and what finds numbers far beyond it."""
        texts = self._texts[name]
        longest = max(map(len, texts), default=0)
        looked_at = (t for t in texts if len(t) < _SHORT or len(t) == longest)
        largest = max(map(_largest, looked_at), default=(0, ""))
        larger = re.compile(rf"[1-9]\d{{{min(largest[0] + 1, _DIGITS)}}}")
        self._most[name] = longest, largest, larger
        return self._most[name]


def _largest(text: str) -> tuple[int, str]:
    """Return the largest number in a text: how many digits it has, and these."""
    numbers = (digits.lstrip("0") for digits in _NUMBER.findall(text))
    return max(((len(n), n) for n in numbers), default=(0, ""))
