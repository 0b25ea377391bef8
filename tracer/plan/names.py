"""The names that the parts of a syntax tree bind and read."""

import ast
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from .source import children, walk

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def _named(node: Any) -> list[str]:
    return [node.name] if node.name else []


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [(a.asname or a.name).split(".")[0] for a in node.names if a.name != "*"]


_BINDS: dict[type[ast.AST], Callable[[Any], list[str]]] = {
    ast.Name: lambda node: [node.id] if node.ctx.__class__ is ast.Store else [],
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), _named),
    **dict.fromkeys((ast.Import, ast.ImportFrom), _imported),
    **dict.fromkeys((ast.MatchAs, ast.MatchStar, ast.ExceptHandler), _named),
    ast.MatchMapping: lambda node: [node.rest] if node.rest else [],
}


def binds(node: ast.AST) -> list[str]:
    """Return the names that one node binds by itself; those of a statement are no variables."""
    names = _BINDS.get(node.__class__)
    return [] if names is None else names(node)


def targets_in(node: ast.AST) -> list[str]:
    """Return the names that a target binds, in the order of the text."""
    return [*binds(node), *(name for part in children(node) for name in targets_in(part))]


def pattern_names(pattern: ast.pattern) -> tuple[str, ...]:
    """Return the names that a pattern of a ``case`` binds."""
    return tuple(dict.fromkeys(name for part in walk(pattern) for name in binds(part)))


def targets_of(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> list[ast.expr]:
    """Return what an assignment assigns to."""
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def parameters(a: ast.arguments) -> list[ast.arg]:
    """Return the parameters of a function, in the order of the text."""
    found = [*a.posonlyargs, *a.args, a.vararg, *a.kwonlyargs, a.kwarg]
    return [p for p in found if p is not None]


def defaults(a: ast.arguments) -> list[ast.expr]:
    """Return the default values of parameters."""
    return [*a.defaults, *filter(None, a.kw_defaults)]


def worked_out(node: FunctionNode | ast.ClassDef) -> list[ast.expr]:
    """Return what a definition works out before it binds its name, but for annotations."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
    return [*node.decorator_list, *defaults(node.args)]


def given_to(call: ast.Call) -> list[ast.expr]:
    """Return the arguments of a call."""
    return [*call.args, *(k.value for k in call.keywords)]


def free_names(
    node: ast.AST, own: frozenset[str] = frozenset()
) -> Iterator[ast.Name | ast.Attribute]:
    """Yield the names that an expression reads, but for `own`, those of scopes within it.

    Attributes of such names are among them.
    """
    if isinstance(node, ast.Name):
        if node.id not in own and isinstance(node.ctx, ast.Load):
            yield node
        return
    of_name = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    if of_name and node.value.id not in own:  # type: ignore[attr-defined]
        yield node  # type: ignore[misc]
    below = children(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        below = [*given_to(node)]  # a function is no state
    elif isinstance(node, ast.Lambda):
        for default in defaults(node.args):
            yield from free_names(default, own)
        own |= {p.arg for p in parameters(node.args)}
        below = [node.body]
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        first, *others = node.generators
        yield from free_names(first.iter, own)  # evaluated outside
        own |= {name for g in node.generators for name in targets_in(g.target)}
        below = [part for part in below if not isinstance(part, ast.comprehension)]
        below += [*first.ifs, *(part for g in others for part in (*g.ifs, g.iter))]
    for part in below:
        yield from free_names(part, own)


def is_literal(node: ast.expr) -> bool:
    """Tell whether an expression spells a value."""
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True
