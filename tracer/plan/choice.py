"""Which function of a module is the rule: the one that no other uses.

A task file may hold ``inputs``, ``oracle`` and ``question`` beside the rule. They are not the rule,
and neither are the functions that only they use.
"""

import ast
from typing import TYPE_CHECKING

from ..errors import SourceRejected
from .source import walk

if TYPE_CHECKING:
    from .names import FunctionNode

RESERVED = frozenset({"inputs", "oracle", "question"})
"""The functions of a task file that say something about the rule."""

_Found = dict[str, "tuple[FunctionNode, ast.ClassDef | None]"]


def choose(tree: ast.Module, function: str | None) -> "tuple[FunctionNode, ast.ClassDef | None]":
    """Return the rule among the functions and methods of a module, and its class if it has one.

    `function` names it where the choice is not plain. Raises SourceRejected.
    """
    found = _functions(tree)
    if not found:
        raise SourceRejected("the source has no function to follow")
    names = ", ".join(found)
    if function is not None:
        if function in found:
            return found[function]
        last = [name for name in found if name.rpartition(".")[2] == function]
        if len(last) == 1:
            return found[last[0]]
        raise SourceRejected(f"no function {function!r}; there are {names}")
    plain = [name for name in found if "." not in name]
    solution = [name for name in found if name.startswith("Solution.")]
    everything = [*plain, *solution] or list(found)
    candidates = [name for name in everything if name not in RESERVED] or everything
    if len(candidates) < len(everything):
        about = _about(found, tree)
        candidates = [n for n in candidates if found[n][0] not in about]
    else:
        about = []
    if len(candidates) > 1:
        candidates = [n for n in candidates if not _used(found[n][0], tree, about)]
    if len(candidates) > 1:
        candidates = [n for n in candidates if not _uses(about, found[n][0].name)] or candidates
    if len(candidates) == 1:
        return found[candidates[0]]
    raise SourceRejected(f"several functions; name one of them: {names}")


def _functions(tree: ast.Module) -> _Found:
    found: _Found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found[node.name] = (node, None)
        elif isinstance(node, ast.ClassDef):
            for child in node.body:
                if isinstance(
                    child, ast.FunctionDef | ast.AsyncFunctionDef
                ) and not child.name.startswith("__"):
                    found[f"{node.name}.{child.name}"] = (child, node)
    return found


def _about(found: _Found, tree: ast.Module) -> "list[FunctionNode]":
    """Return the reserved functions and the private ones that only they use."""
    about = [found[name][0] for name in found if name in RESERVED]
    private = [found[name][0] for name in found if name.startswith("_")]
    grown = True
    while grown:
        more = [n for n in private if n not in about and not _used(n, tree, about)]
        more = [n for n in more if _uses(about, n.name)]
        about += more
        grown = bool(more)
    return about


def _used(node: "FunctionNode", tree: ast.Module, about: "list[FunctionNode]") -> bool:
    """Tell whether a function is used outside of itself and of those that are not the rule."""
    inside = {id(n) for n in walk(node, *about)}
    return any(_names(n, node.name) for n in walk(tree) if id(n) not in inside)


def _uses(nodes: "list[FunctionNode]", name: str) -> bool:
    return any(_names(n, name) for n in walk(*nodes))


def _names(node: ast.AST, name: str) -> bool:
    return (isinstance(node, ast.Name) and node.id == name) or (
        isinstance(node, ast.Attribute) and node.attr == name
    )
