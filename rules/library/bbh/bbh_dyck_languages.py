"""A bracket that is still open counts as a pair too, since the answer closes it."""

from random import Random

TITLE = "dyck languages"
SOURCE = "BBH"
SPLIT = "pretrain"
LENGTH = "number of bracket pairs, of which the last ones are to be closed"


def dyck_languages(brackets: list[str]) -> list[str]:
    """The list {brackets} begins a sequence of round, square, curly and angle brackets. Which brackets must follow, so that all that are open are closed in the right order?"""
    opened = []
    while brackets:
        bracket = brackets.pop(0)
        if bracket in "([{<":
            opened.append(bracket)
        else:
            opened.pop()
    result = []
    while opened:
        bracket = opened.pop()
        if bracket == "(":
            result.append(")")
        elif bracket == "[":
            result.append("]")
        elif bracket == "{":
            result.append("}")
        else:
            result.append(">")
    return result


def inputs(length: int, rng: Random) -> tuple[list[str]]:
    """Return this many opening brackets, each followed by some closing ones, with one or more left open."""
    brackets = []
    expected = []
    for left in range(length, 0, -1):
        opening, closing = rng.choice(("()", "[]", "{}", "<>"))
        brackets.append(opening)
        expected.append(closing)
        while rng.random() < 0.45 and len(expected) > (left == 1):
            brackets.append(expected.pop())
    return (brackets,)


def oracle(brackets: list[str]) -> list[str]:
    """Cross out pairs that stand together until none is left, then turn the rest around."""
    text = "".join(brackets)
    for _ in brackets:
        for pair in ("()", "[]", "{}", "<>"):
            text = text.replace(pair, "")
    return list(text[::-1].translate(str.maketrans("([{<", ")]}>")))
