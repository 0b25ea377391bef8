"""Which function of a module is the rule: the one that no other uses.

A task file may hold ``inputs``, ``oracle`` and ``question`` beside the rule. They are not the rule,
and neither are the functions that only they use.
"""

import ast
from typing import TypeAlias

from ..errors import SourceRejected
from .names import FunctionNode
from .source import walk

RESERVED = frozenset({"inputs", "oracle", "question"})
"""The functions of a task file that say something about the rule."""

_Functions: TypeAlias = dict[str, tuple[FunctionNode, ast.ClassDef | None]]


def choose(tree: ast.Module, function: str | None) -> tuple[FunctionNode, ast.ClassDef | None]:
    """Return the rule among the functions and methods of a module, and its class if it has one.

    `function` names it where the choice is not plain. Raises SourceRejected.
    """
    functions = _functions(tree)
    if not functions:
        raise SourceRejected("the source has no function to follow")
    names = ", ".join(functions)
    if function is not None:
        if function in functions:
            return functions[function]
        last = [name for name in functions if name.rpartition(".")[2] == function]
        if len(last) == 1:
            return functions[last[0]]
        raise SourceRejected(f"no function {function!r}; there are {names}")
    plain = [name for name in functions if "." not in name]
    solution = [name for name in functions if name.startswith("Solution.")]
    everything = [*plain, *solution] or list(functions)
    candidates = [name for name in everything if name not in RESERVED] or everything
    if len(candidates) < len(everything):
        about = _about(functions, tree)
        candidates = [n for n in candidates if functions[n][0] not in about]
    else:
        about = []
    if len(candidates) > 1:
        candidates = [n for n in candidates if not _used(functions[n][0], tree, about)]
    if len(candidates) > 1:
        candidates = [n for n in candidates if not _uses(about, functions[n][0].name)] or candidates
    if len(candidates) == 1:
        return functions[candidates[0]]
    raise SourceRejected(f"several functions; name one of them: {names}")


def _functions(tree: ast.Module) -> _Functions:
    functions: _Functions = {}
    for node in tree.body:
        if isinstance(node, FunctionNode):
            functions[node.name] = (node, None)
        elif isinstance(node, ast.ClassDef):
            for child in node.body:
                if isinstance(child, FunctionNode) and not child.name.startswith("__"):
                    functions[f"{node.name}.{child.name}"] = (child, node)
    return functions


def _about(functions: _Functions, tree: ast.Module) -> list[FunctionNode]:
    """Return the reserved functions and the private ones that only they use."""
    about = [functions[name][0] for name in functions if name in RESERVED]
    private = [functions[name][0] for name in functions if name.startswith("_")]
    grown = True
    while grown:
        more = [n for n in private if n not in about and not _used(n, tree, about)]
        more = [n for n in more if _uses(about, n.name)]
        about += more
        grown = bool(more)
    return about


def _used(node: FunctionNode, tree: ast.Module, about: list[FunctionNode]) -> bool:
    """Tell whether a function is used outside of itself and of those that are not the rule."""
    inside = {id(n) for n in walk(node, *about)}
    return any(_names(n, node.name) for n in walk(tree) if id(n) not in inside)


def _uses(nodes: list[FunctionNode], name: str) -> bool:
    return any(_names(n, name) for n in walk(*nodes))


def _names(node: ast.AST, name: str) -> bool:
    return (isinstance(node, ast.Name) and node.id == name) or (
        isinstance(node, ast.Attribute) and node.attr == name
    )
