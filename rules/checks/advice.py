"""What to add to a task whose check fails: a line that can be pasted."""

import ast
from collections.abc import Sequence
from typing import Any

from rfft.tracer import Rule

_NUMBERS = "[rng.randrange(1, 100) for _ in range(length)]"
_MADE = {
    "int": "rng.randrange(1, 10**length)",
    "float": "rng.randrange(1, 100 * 10**length) / 100",
    "bool": "rng.random() < 0.5",
    "set": f"set({_NUMBERS})",
    "tuple": f"tuple({_NUMBERS})",
    "dict": "{n: rng.randrange(1, 100) for n in range(length)}",
}
"""What makes a value of a type that is neither a list nor a text."""


def inputs_line(rule: Rule, example: Sequence[Any]) -> str:
    """Return a function `inputs` for a rule, on one line; `example` are arguments as made now."""
    letters = alphabet(rule) or "abc"
    made = [_made(value, letters) for value in example]
    comma = "," * (len(made) == 1)
    return f"def inputs(length, rng): return ({', '.join(made)}{comma})"


def _made(value: Any, letters: str) -> str:
    text = f'"".join(rng.choices("{letters}", k=length))'
    if isinstance(value, str):
        return text
    if isinstance(value, list):
        if value and isinstance(value[0], str):
            return f'rng.choices([*"{letters}"], k=length)'
        if value and isinstance(value[0], list):
            return "[[rng.randrange(1, 10) for _ in range(length)] for _ in range(length)]"
        return _NUMBERS
    return _MADE.get(type(value).__name__, repr(value))


def alphabet(rule: Rule) -> str:
    """Return the characters that stand alone in a rule's code, as a text for `Annotated`."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(rule.module.tree)
        if isinstance(node, ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    found = [
        node.value
        for node in ast.walk(rule.module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and id(node) not in docstrings
    ]  # fmt: skip
    return "".join(sorted({c for c in found if len(c) == 1 and c.isalnum()}))


def narrower(rule: Rule, example: Sequence[Any], error: Exception) -> str:
    """Return what keeps inputs away from an exception of the rule."""
    letters = alphabet(rule)
    given = list(zip(rule.parameters.signature.parameters, example, strict=False))
    hint = ""
    if isinstance(error, KeyError) and letters:
        hint = next((f'{n}: Annotated[str, "{letters}"]' for n, v in given if type(v) is str), "")
    elif isinstance(error, ZeroDivisionError):
        # A divisor of 1 is one that ends no loop.
        hint = next((f"{n}: Annotated[int, range(2, 10)]" for n, v in given if v == 0), "")
    hint = f"narrow the argument, {hint}, or " if hint else ""
    return f"{hint}add, with bounds that suit the rule: {inputs_line(rule, example)}"
