"""Scores an answer from its row alone: the value after the one answer sentence is the right one.

The sentence is the one that introduces the answer in the true response. It must come as often as
there, once as a rule: a text without it, or with a second one, gives no answer, wherever in the
text that is; inside a string literal, where a trace states a value, it is not counted. Values are
compared as Python reads them, with their types: ``[1,2]`` is ``[1, 2]``, ``1`` is neither ``1.0``
nor ``True`` nor ``'1'``. What is no literal (``nan``, a named type) is compared as text.
"""

import enum
import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from rfft.tracer import InputRejected
from rfft.tracer.inputs import parse_input

SENTENCE = "So the answer is "

# A string literal that stands by itself.
_LITERAL = re.compile(
    r"""(?<![\w'"]) [rbfuRBFU]{0,2}
        (?: '(?:[^'\\\n]|\\.)*+' | "(?:[^"\\\n]|\\.)*+" ) (?![\w'"])""",
    re.VERBOSE,
)


class Problem(enum.StrEnum):
    """Why an answer is wrong."""

    none = "no answer"
    several = "more than one answer"
    cut = "cut off at the limit of tokens"
    refused = "the server gave no text"
    value = "another value"


@dataclass(frozen=True, slots=True)
class Score:
    """Whether an answer is right; if not, why. `given` is the text of its value, if it has one."""

    right: bool
    problem: Problem | None
    given: str


def score(completion: str, answer: str, text: str, finish: str = "stop") -> Score:
    """Score a text by the true response and its answer, both as in a row of a corpus.

    `finish` says how the text ended: ``stop``, ``length`` (cut off) or ``refused``.
    """
    sentence = _sentence(completion, answer)
    found = _values(text, sentence)
    given = found[-1] if found else ""
    if finish == "refused":
        return Score(False, Problem.refused, given)
    if finish != "stop":
        return Score(False, Problem.cut, given)
    if not found:
        return Score(False, Problem.none, "")
    if len(found) != len(_values(completion, sentence)):
        return Score(False, Problem.several, given)
    right = _value(given) == _value(answer)
    return Score(right, None if right else Problem.value, given)


def _sentence(completion: str, answer: str) -> str:
    """Return the words that introduce the answer in a true response."""
    if SENTENCE in completion:
        return SENTENCE
    last = completion.rstrip().rpartition("\n")[2]
    return last.rpartition(answer)[0]


def _values(text: str, sentence: str) -> list[str]:
    """Return what follows each answer sentence, up to the end of its line."""
    if not sentence.strip():
        return [text.strip()] if text.strip() else []
    found = []
    for line in text.split("\n"):
        if sentence in line:
            shown = _LITERAL.sub(lambda literal: "_" * len(literal[0]), line)
            place = shown.find(sentence)
            if place >= 0:
                found += [line[place + len(sentence) :].strip()]
                found += [""] * (shown.count(sentence) - 1)
    return found


def _value(text: str) -> Hashable:
    """Return what a text stands for, so that equal values are equal with their types."""
    # A sentence may end in a full stop; no value that is stated does.
    text = text.removesuffix(".").strip()
    try:
        args, kwargs = parse_input(text)
    except InputRejected:
        return text
    return _typed(args[0]) if len(args) == 1 and not kwargs else text


def _typed(value: Any) -> Hashable:
    if isinstance(value, list | tuple):
        return type(value), tuple(map(_typed, value))
    if isinstance(value, set):
        return set, frozenset(map(_typed, value))
    if isinstance(value, dict):
        return dict, frozenset((_typed(key), _typed(held)) for key, held in value.items())
    return type(value), value
