"""Scores an answer from its row alone: the value in the one answer sentence is the right one.

The sentence is that of the style (`rfft.tracer.styles.answer`). It must come as often as in the
true response, once as a rule: a text without it, or with a second one, gives no answer, wherever in
the text that is. Values are compared as Python reads them, with their types: ``[1,2]`` is
``[1, 2]``, ``1`` is neither ``1.0`` nor ``True`` nor ``'1'``. What is no literal (``nan``, a named
type) is compared as text.

Where an input is asked for (`rfft.rules.corpus.backward`), the one that a text states is run, and
any counts that gives the right answer.
"""

import enum
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rfft.rules.corpus import backward
from rfft.tracer import InputRejected, StyleNotFound
from rfft.tracer.inputs import parse_input
from rfft.tracer.styles import Style, load
from rfft.tracer.styles.answer import Words, answers, words_of

_USUAL = "rfft"


class Problem(enum.StrEnum):
    """Why an answer is wrong."""

    none = "no answer"
    several = "more than one answer"
    cut = "cut off at the limit of tokens"
    refused = "the server gave no text"
    value = "another value"
    no_input = backward.NO_INPUT
    raises = backward.RAISES
    limit = backward.LIMIT
    output = backward.OTHER


@dataclass(frozen=True, slots=True)
class Score:
    """Whether an answer is right; if not, why. `given` is the text of its value, if it has one."""

    right: bool
    problem: Problem | None
    given: str


def score(
    completion: str, answer: str, text: str, finish: str = "stop", style: str | Style = "rfft"
) -> Score:
    """Score a text by the true response, its answer and its style, all as in a row of a corpus.

    `finish` says how the text ended: ``stop``, ``length`` (cut off) or ``refused``. Raises
    StyleNotFound.
    """
    given = stated(completion, text, words_of(load(style), completion, answer), finish)
    if isinstance(given, Score):
        return given
    right = same(given, answer)
    return Score(right, None if right else Problem.value, given)


def stated(completion: str, text: str, words: Words, finish: str) -> "str | Score":
    """Return the one value that a text states in these words, or the score of one that has none."""
    found = answers(text, words)
    given = found[-1] if found else ""
    if finish == "refused":
        return Score(False, Problem.refused, given)
    if finish != "stop":
        return Score(False, Problem.cut, given)
    if not found:
        return Score(False, Problem.none, "")
    if len(found) != len(answers(completion, words)):
        return Score(False, Problem.several, given)
    return given


def score_inputs(
    asked: Sequence[tuple[Mapping[str, Any], str, str]], unprotected: bool = False
) -> list[Score]:
    """Score texts that state an input, each given with its row and how it has ended.

    The inputs are run in the sandbox. Raises Unprotected, and OSError if there is no process.
    """
    from .backward import problems

    found = [stated(row["completion"], text, backward.WORDS, end) for row, text, end in asked]
    replies = [
        backward.Reply(row["rule"], row["output"], given)
        for given, (row, _, _) in zip(found, asked, strict=True)
        if isinstance(given, str)
    ]
    wrong = iter(problems(replies, same, unprotected))
    return [
        given if isinstance(given, Score)
        else Score(not (problem := next(wrong)), Problem(problem) if problem else None, given)
        for given in found
    ]  # fmt: skip


def score_row(row: Mapping[str, Any], text: str) -> Score:
    """Score a text that has ended by itself by a row whose origin is not known.

    A row without `style` and `completion` asks for the usual sentence. A style that is a file is
    not loaded, as it would run; as where one is not installed, the true response tells its words.
    """
    if row.get("direction") == "backward":
        return score_inputs([(row, text, "stop")])[0]
    name, answer = row.get("style") or _USUAL, row["answer"]
    try:
        style = load(_USUAL if name.endswith(".py") else name)
    except StyleNotFound:
        style = load(_USUAL)
    return score(row.get("completion") or f"{style.answer[0]}{answer}", answer, text, style=style)


def same(one: str, other: str) -> bool:
    """Tell whether two texts stand for one value."""
    return _value(one) == _value(other)


def _value(text: str) -> Hashable:
    """Return what a text stands for, so that equal values are equal with their types."""
    # A sentence may end in a full stop; no value that is stated does.
    text = text.removesuffix(".").strip()
    try:
        args, kwargs = parse_input(text, null=False)
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
