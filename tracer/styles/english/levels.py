"""Phrases and the places where they may stand.

A phrase has a level that says where it needs no parentheses:

=========  =======================  ==========================================================
ATOM       ``num``, ``[a, b]``      anywhere
NOUN       "the length of a"        where a phrase ends: it reaches as far to the right as it can
OPERATION  "a plus b"               as a side of a comparison, after "to", "of" a verb, …
CLAUSE     "whether a is in b"      where it stands alone
=========  =======================  ==========================================================

What stands in a place that wants more is put in parentheses: "the length of (a plus b)".
"""

import ast
import re
from collections.abc import Sequence
from typing import NamedTuple

from .kinds import Kinds
from .values import MAPPINGS, SEQUENCE, SEQUENCES
from .wordings import BY_METHOD

ATOM, NOUN, OPERATION, CLAUSE = 3, 2, 1, 0


class Phrase(NamedTuple):
    """Words with their level."""

    text: str
    level: int


class Levels:
    """Puts expressions into words; `kinds` tells what kind of value a variable has."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds

    def at(self, node: ast.expr, level: int) -> str:
        """Return an expression in words, in parentheses if its level is lower than `level`."""
        text, own = self.phrase(node)
        return text if own >= level else f"({text})"

    def atom(self, node: ast.expr) -> str:
        return self.at(node, ATOM)

    def noun(self, node: ast.expr) -> str:
        return self.at(node, NOUN)

    def operation(self, node: ast.expr) -> str:
        return self.at(node, OPERATION)

    def whole(self, node: ast.expr) -> str:
        """Return an expression in words where it ends a sentence."""
        if isinstance(node, ast.Constant) and node.value == "":
            return "an empty text"
        plain = isinstance(node, _DISPLAYS)
        if isinstance(node, ast.Call) and not (node.args or node.keywords):
            plain = self.kinds.is_type(node.func)
        return (plain and _EMPTY.get(ast.unparse(node))) or self.phrase(node).text

    def phrase(self, node: ast.expr) -> Phrase:
        """Return an expression in words."""
        method = getattr(self, f"say_{type(node).__name__}", None)
        if method is None:  # newer syntax
            return Phrase(ast.unparse(node), ATOM)
        said: Phrase = method(node)
        return said

    def fill(
        self, template: str, *nodes: ast.expr, subject: int = ATOM, inner: int = ATOM
    ) -> Phrase:
        """Return a template with expressions put in for ``{0}`` and so on.

        `subject` is the level that one at the beginning wants, `inner` that of one in the middle.
        """

        def put(match: re.Match[str]) -> str:
            ends = match.end() == len(template)
            level = NOUN if ends else inner if match.start() else subject
            if template.endswith(("index ", "key "), 0, match.start()):
                level = ATOM
            return self.at(nodes[int(match[1])], level)

        level = NOUN if template.startswith("the ") and template.endswith("}") else OPERATION
        return Phrase(re.sub(r"\{(\d)\}", put, template), level)

    def words(self, table: str, base: ast.expr, name: str, number: int) -> str | None:
        """Return the words for a method of an object, if it is surely that of a built-in type."""
        of_module = isinstance(base, ast.Name) and base.id in self.kinds.modules
        if of_module or not self.kinds.sure(base, name):
            return None
        kind = self.kinds.of(base)
        of_kind = _ANY if kind is None else _OF_SEQUENCE if kind == SEQUENCE else {kind.name}
        return BY_METHOD[table].words(of_kind, name, number)

    def listed(self, nodes: Sequence[ast.expr], word: str = "and") -> str:
        """Return expressions as an enumeration."""
        if not nodes:
            return ""
        return enumeration([*map(self.atom, nodes[:-1]), self.noun(nodes[-1])], word)


def enumeration(words: Sequence[str], word: str = "and") -> str:
    """Return words as an enumeration: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {word} {words[-1]}"


_ANY = frozenset(("number", "bool", "range", "set", "deque", "match", *SEQUENCES, *MAPPINGS))
_OF_SEQUENCE = frozenset(SEQUENCES)
_DISPLAYS = (ast.List, ast.Tuple, ast.Dict)
_EMPTY = {
    "[]": "an empty list", "()": "an empty tuple", "{}": "an empty dictionary",
    "list()": "an empty list", "tuple()": "an empty tuple",
    "dict()": "an empty dictionary", "set()": "an empty set", "str()": "an empty text",
    "int()": "0",
}  # fmt: skip
