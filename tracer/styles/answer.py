"""Answers: how the one of a text is read back, whatever words its style has for it.

`Style.answer` has the words around the value. A style that states answers in another way without
saying so is read by the words of the true response. What stands inside of a string literal, where
a trace states a value, is no answer; whatever comes after the answer does not count.
"""

import re

from ..errors import InputRejected
from ..inputs import parse_input
from .style import Style

Words = tuple[str, str]
"""What stands before the value of an answer, and after it."""

# A string literal that stands by itself.
_LITERAL = re.compile(
    r"""(?<![\w'"]) [rbfuRBFU]{0,2}
        (?: '(?:[^'\\\n]|\\.)*+' | "(?:[^"\\\n]|\\.)*+" ) (?![\w'"])""",
    re.VERBOSE,
)


def words_of(style: Style, response: str, answer: str) -> Words:
    """Return the words that state the answer in a true response of a style."""
    stated = answers(response, style.answer)
    lines = response.rstrip().rpartition("\n")
    place = lines[2].rfind(answer)
    if place < 0 or (stated and stated[-1] in (answer, f"{answer}.")):
        return style.answer
    before, after = lines[2][:place], lines[2][place + len(answer) :]
    if before.strip():
        return before, after
    return "\n" if lines[0] else "", after  # a line by itself, or the whole text


def answers(text: str, words: Words) -> list[str]:
    """Return the values that a text states as its answers, in their order."""
    before, after = words
    if not before.strip():
        value = text.rstrip().rpartition("\n")[2] if before else text.strip()
        return [_cut(value, after)] if value else []
    if before not in text:
        return []
    places = [match.end() for match in re.finditer(re.escape(before), _hidden(text))]
    return [_cut(text[place:].partition("\n")[0], after) for place in places]


def _cut(text: str, after: str) -> str:
    """Return a value without the words after it and without what follows these."""
    text = text.strip()
    after = after.rstrip()
    if not after:
        return text
    ends = re.finditer(rf"{re.escape(after)}(?=\s|$)", _hidden(text))
    values = [text[: end.start()].rstrip() for end in ends]
    return next(filter(_is_value, reversed(values)), values[0] if values else text)


def _hidden(text: str) -> str:
    """Return a text of the same length without what stands in string literals."""
    return _LITERAL.sub(lambda literal: "_" * len(literal[0]), text)


def _is_value(text: str) -> bool:
    try:
        values, named = parse_input(text, null=False)
    except InputRejected:
        return False
    return len(values) == 1 and not named
