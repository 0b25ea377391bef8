"""The kinds of statements: what holds for every statement of a kind is said in this table alone.

A kind that is not in it has no blocks inside and is told by the moment ``statement``.
"""

import ast
from typing import Literal, NamedTuple, TypeAlias

Moment: TypeAlias = Literal["simple", "test", "result", "leave", "enter", "statement", ""]
"""Which moment of a style tells a statement; "" for those that leave no step.

``simple`` ones stand in groups, a ``test`` decides what comes next, ``enter`` tells of a block.
"""


class Kind(NamedTuple):
    """What holds for every statement of a kind.

    `head` has, of a statement with blocks inside, the fields of what it works out before its colon.
    `runs` says what it does besides working out expressions and binding names: it ``asks`` objects
    for their methods, ``decides`` by the truth of one, ``changes`` one, or ``pauses``. A `harmless`
    one changes nothing if all that it reads is plain. A `bare` one does nothing that has to be
    looked at: compiled code has it as it stands.
    """

    name: str
    moment: Moment = "statement"
    head: tuple[str, ...] | None = None
    runs: tuple[str, ...] = ()
    harmless: bool = False
    ends: bool = False  # control never goes on below it
    bare: bool = False


_ASSIGN = Kind("assign", "simple", harmless=True)
_ANNOTATION = Kind("annotation", "", bare=True)
_TRY = Kind("try", head=())
_DEF = Kind("def", head=())
_GLOBAL = Kind("global", "")
_KINDS: dict[type[ast.stmt], Kind] = {
    ast.Assign: _ASSIGN,
    ast.AnnAssign: _ASSIGN,
    ast.AugAssign: Kind("augassign", "simple", runs=("changes",), harmless=True),
    ast.Expr: Kind("expr", "simple", harmless=True),
    ast.If: Kind("if", "test", ("test",), ("decides",), harmless=True),
    ast.While: Kind("while", "test", ("test",), ("decides",), harmless=True),
    ast.For: Kind("for", "test", ("target", "iter"), ("asks",), harmless=True),
    ast.AsyncFor: Kind("for", "test", ("target", "iter"), ("changes", "pauses")),
    ast.With: Kind("with", "enter", ("items",), ("asks", "changes")),
    ast.AsyncWith: Kind("with", "enter", ("items",), ("changes", "pauses")),
    ast.Try: _TRY,
    ast.TryStar: _TRY,
    ast.Match: Kind("match", head=("subject",), runs=("asks",)),
    ast.FunctionDef: _DEF,
    ast.AsyncFunctionDef: _DEF,
    ast.ClassDef: Kind("class", head=()),
    ast.Return: Kind("return", "result", harmless=True, ends=True),
    ast.Raise: Kind("raise", ends=True),
    ast.Break: Kind("break", "leave", ends=True),
    ast.Continue: Kind("continue", "leave", ends=True),
    ast.Pass: Kind("pass", bare=True),
    ast.Assert: Kind("assert", runs=("decides",), harmless=True),
    ast.Delete: Kind("del", runs=("decides",)),
    ast.ImportFrom: Kind("import"),
    ast.Global: _GLOBAL,
    ast.Nonlocal: _GLOBAL,
}


def kind_of(node: ast.stmt) -> Kind:
    """Return the kind of a statement."""
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return _ANNOTATION
    return _KINDS.get(type(node)) or Kind(type(node).__name__.lower())


def head_of(node: ast.stmt) -> list[ast.expr] | None:
    """Return the expressions of a statement before its colon; None if it has no blocks inside."""
    if isinstance(node, ast.With | ast.AsyncWith):
        parts = [e for item in node.items for e in (item.context_expr, item.optional_vars)]
        return [e for e in parts if e is not None]
    fields = kind_of(node).head
    return None if fields is None else [getattr(node, field) for field in fields]
