"""What each line of a true trace asks of a model that has the lines above it.

Told from the texts of the styles that recite the rule; what another style writes counts as
``control``, but for what looks the same.
"""

import ast
import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass


class Asked(enum.StrEnum):
    """What a line asks for."""

    question = "a value out of the question"
    copied = "a value that was stated before"
    cut = "a text or a list that has changed, or a part of one"
    sum = "a number that is worked out"
    counter = "a number that goes up or down by what the rule says"
    test = "whether a loop or a branch is entered"
    control = "a line of the rule, or a fixed phrase"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a true trace, what it asks for, and how often loops were entered before it."""

    text: str
    asked: Asked
    iteration: int


def asked_at(rule: str, completion: str, number: int) -> Line:
    """Return a line of the true trace of a rule, counted from 0 without blank ones.

    A number behind the last one is that of a text that goes on where the trace has ended.
    """
    found = [line for line in lines(rule, completion) if line.text.strip()]
    return found[number] if number < len(found) else Line("", Asked.control, found[-1].iteration)


_STATED = re.compile(r"([A-Za-z_]\w*(?:\[[^\]]*\]|\.\w+)*) = (.+)")
_WORKED = re.compile(r".+ = .+")
_TEST = re.compile(r"(do not )?(enter|leave)\b")
_ENTERED = re.compile(r"\d+(\.\d+)* One iteration")
_SECTION = re.compile(r"\d+(\.\d+)*\.? ")
_ANSWER = "So the answer is"


def lines(rule: str, completion: str) -> Iterator[Line]:
    """Yield the lines of the true trace of a rule, a line for each, blank ones too."""
    recited = {line.strip() for line in rule.splitlines()}
    counters = _counters(rule)
    known: dict[str, str] = {}
    iteration, first = 0, True
    for text in completion.split("\n"):
        line = text.strip()
        iteration += bool(_ENTERED.fullmatch(line))
        stated = None if line in recited else _STATED.fullmatch(line)
        if stated is None:
            asked = Asked.control
            if _TEST.match(line):
                asked = Asked.test
            elif line.startswith(_ANSWER):
                asked = Asked.copied
            elif line not in recited and not _SECTION.match(line) and _WORKED.fullmatch(line):
                asked = _made(line.rpartition(" = ")[2])
            # What the question gives stands before the first line of the rule's own.
            first = first and bool(_SECTION.match(line))
        else:
            name, said = stated.groups()
            value = said.rpartition(" = ")[2]
            if first and value == said:
                asked = Asked.question
            elif known.get(name) == value and value == said:
                asked = Asked.copied
            elif name in counters and value != said:
                asked = Asked.counter
            elif value == said and value in known.values() and len(value) > 3:
                asked = Asked.copied
            else:
                asked = _made(value)
            known[name] = value
        yield Line(text, asked, iteration)


def _made(value: str) -> Asked:
    """Return what it is to make a value out of others."""
    return Asked.cut if value[:1] in "'\"[({" else Asked.sum


def _counters(rule: str) -> set[str]:
    """Return the variables to which a rule adds, or from which it takes, a number of its own."""
    try:
        nodes = list(ast.walk(ast.parse(rule)))
    except (SyntaxError, ValueError):
        return set()
    return {
        ast.unparse(node.target)
        for node in nodes
        if isinstance(node, ast.AugAssign)
        and isinstance(node.op, ast.Add | ast.Sub)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int)
    }
