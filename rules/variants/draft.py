"""A program on its way to a variant, and what the changes ask about its tree."""

import ast
import builtins
import dataclasses
import functools
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from random import Random

import libcst as cst

RESERVED = frozenset({*dir(builtins), *typing.__all__, "self", "cls", "_"})
"""Names that mean something wherever they are not bound."""


@dataclass(frozen=True)
class Draft:
    """A program: its module, the rule's function in it (``Solution.run`` for a method).

    `kinds` are hints that hold for the arguments of all inputs, by parameter. `fixed` are names
    that stay. `asks` says that the rule's docstring is what a task's question is made of.
    """

    module: cst.Module
    function: str
    kinds: dict[str, str] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    asks: bool = False

    @property
    def text(self) -> str:
        """The source text."""
        return self.module.code

    @property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text)

    @property
    def rule(self) -> str:
        """The name of the rule's function, without its class."""
        return self.function.rpartition(".")[2]

    def having(self, module: object) -> "Draft":
        """Return the draft with the module that a visitor has made of its own."""
        assert isinstance(module, cst.Module)
        return replace(self, module=module)

    def is_rule(self, node: cst.FunctionDef) -> bool:
        """Tell whether a function is called as the rule is."""
        return node.name.value == self.rule

    def names(self) -> set[str]:
        """Return all names that stand somewhere in the program."""
        return {node.value for node in walk(self.module) if isinstance(node, cst.Name)}


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield a node and all below it that are more than layout, in order."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(parts(found)))


def parts(node: cst.CSTNode) -> list[cst.CSTNode]:
    """Return the nodes right below one that are more than layout.

    As `children` of a node, which makes a visitor each time.
    """
    found: list[cst.CSTNode] = []
    for name in _fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            found.append(value)
        elif isinstance(value, list | tuple):
            found += [one for one in value if isinstance(one, cst.CSTNode)]
    return found


@functools.cache
def _fields(kind: type[cst.CSTNode]) -> list[str]:
    names = (field.name for field in dataclasses.fields(kind))
    return [n for n in names if not n.startswith("whitespace") and n not in _LAYOUT]


_LAYOUT = frozenset(
    "lpar rpar comma semicolon leading_lines lines_after_decorators trailing_whitespace header"
    " footer equal colon lbracket rbracket lbrace rbrace asname_whitespace".split()
)


def mentions(node: cst.CSTNode, name: str) -> int:
    """Count how often a name stands below a node, as that of an attribute not."""
    count = sum(isinstance(one, cst.Name) and one.value == name for one in walk(node))
    return count - sum(
        isinstance(one, cst.Attribute) and one.attr.value == name for one in walk(node)
    )


def fresh(wanted: Iterable[str], taken: set[str]) -> str:
    """Return the first name that is not taken yet, the last one with a number if need be.

    It is taken then.
    """
    name = ""
    for name in wanted:
        if name not in taken and name not in RESERVED:
            break
    else:
        numbered = (f"{name}{number}" for number in range(2, len(taken) + 3))
        name = next(n for n in numbered if n not in taken)
    taken.add(name)
    return name


def bound(node: cst.CSTNode) -> list[str]:
    """Return the names that are bound below a node, each as often as it is."""
    found: list[str] = []
    for one in walk(node):
        match one:
            case (
                cst.AssignTarget(target=target) | cst.AugAssign(target=target)
                | cst.AnnAssign(target=target) | cst.For(target=target) | cst.CompFor(target=target)
                | cst.NamedExpr(target=target) | cst.Del(target=target)
            ):  # fmt: skip
                found += stored(target)
            case cst.Param(name=name) | cst.FunctionDef(name=name) | cst.NameItem(name=name):
                if isinstance(name, cst.Name):
                    found.append(name.value)
            case cst.AsName(name=name) | cst.MatchAs(name=cst.Name() as name):
                found += [n.value for n in walk(name) if isinstance(n, cst.Name)]
            case cst.MatchStar(name=cst.Name(value=value)):
                found.append(value)
    return found


def stored(target: cst.CSTNode) -> list[str]:
    """Return the names of a target; an item or an attribute binds none."""
    match target:
        case cst.Name(value=value):
            return [value]
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            return [name for one in elements for name in stored(one.value)]
    return []


def called(node: cst.CSTNode, name: str) -> "cst.BaseExpression | None":
    """Return the one argument of a call of a function by its name, or None if it is no such."""
    match node:
        case cst.Call(
            func=cst.Name(value=found), args=[cst.Arg(value=value, keyword=None, star="")]
        ) if found == name:
            return value
    return None


class Some:
    """Decides for each place of a change whether it is made there: at one of them at least."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.made = 0

    def __call__(self) -> bool:
        """Tell whether to make the change at the next place."""
        chosen = not self.made or self._rng.random() < 0.6
        self.made += chosen
        return chosen
