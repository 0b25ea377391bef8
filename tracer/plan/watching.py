"""What a statement may do besides binding its targets, and which variables are looked at for it."""

import ast
from collections.abc import Sequence

from .effects import Effects
from .kinds import head_of, kind_of
from .names import FunctionNode, targets_of, worked_out
from .signatures import is_pure, signature
from .source import children, walk
from .statements import Statement


def judge(s: Statement, effects: Effects) -> bool:
    """Find out what a statement may do.

    Return whether no evaluation in it can change a variable that it reads.
    """
    node, kind = s.node, kind_of(s.node)
    if isinstance(node, FunctionNode | ast.ClassDef):
        made = any(part.__class__ not in _LEAVES for part in worked_out(node))
        s.looks = made or isinstance(node, ast.ClassDef)
        return True
    head = head_of(node)
    own: Sequence[ast.AST] = children(node) if head is None else head
    plain = all(n.__class__ in _LEAVES for n in own)
    stable = plain or _look_through(s, own, effects)
    asks, changes = "asks" in kind.runs, "changes" in kind.runs
    s.pauses = s.pauses or "pauses" in kind.runs
    s.calls = s.calls or (asks and effects.dynamic)
    of_name = isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    s.mutates = s.mutates or (asks and effects.dynamic) or (changes and not of_name)
    s.looks = not plain or asks or changes or (effects.dynamic and "decides" in kind.runs)
    s.scalars = effects.dynamic or isinstance(node, ast.AugAssign)
    read = [n for n in own if not (isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))]
    s.harmless = (
        kind.harmless and all(map(effects.harmless, read)) and _binds_plainly(node, effects)
    )
    return (
        stable
        and not (s.pauses or (effects.dynamic and s.mutates))
        and all(effects.harmless(n, deep=True) for n in read)
    )


def _look_through(s: Statement, own: Sequence[ast.AST], effects: Effects) -> bool:
    """Note what the expressions of a statement may do; tell whether surely nothing is changed."""
    steady = True
    for n in walk(*own):
        kind = n.__class__
        if kind not in _ACTING:
            continue
        if isinstance(n, ast.Call):
            effect = effects.of_call(n)
            s.calls = s.calls or effect == "rule"
            if effect != "pure":
                s.mutates, steady = True, False
        elif isinstance(n, ast.Attribute | ast.Subscript):
            loads = n.ctx.__class__ is ast.Load and not effects.dynamic
            # What is only read may be a method that is called elsewhere.
            if not loads or (isinstance(n, ast.Attribute) and not is_pure(n.attr)):
                s.mutates = True
        elif kind is ast.NamedExpr:
            steady = False
        elif kind in PAUSES:
            s.pauses = s.mutates = True
        elif effects.dynamic:  # an operator
            s.mutates = True
    return steady


def _binds_plainly(node: ast.stmt, effects: Effects) -> bool:
    """Tell whether what a statement binds changes nothing and is plain if what it reads is."""
    if isinstance(node, ast.For):
        known = signature(node.iter) if isinstance(node.iter, ast.Call) else None
        tuples = known is not None and known.gives == "tuples"
        return (tuples or isinstance(node.target, ast.Name)) and effects.fixed(node.iter)
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = targets_of(node)
        if all(isinstance(t, ast.Name) for t in targets):
            return True
        return all(map(_only_names, targets)) and (node.value is None or effects.fixed(node.value))
    return True


def _only_names(node: ast.expr) -> bool:
    """Tell whether a target binds variables and changes nothing else."""
    if isinstance(node, ast.Tuple | ast.List):
        return all(map(_only_names, node.elts))
    return isinstance(node, ast.Name)


def watch(s: Statement, bound: set[str], effects: Effects) -> None:
    """Choose the variables that are looked at before and after a statement, and where they are.

    `bound` has the names that are surely bound before it.
    """
    scope = s.scope
    if not s.moment:
        return
    inside = scope.kind == "function"
    names = [*(read.name for read in s.reads), *(n for names in s.guards.values() for n in names)]
    if inside and s.looks and s.kind not in ("import", "raise"):
        last = _last_line(s)
        found = dict.fromkeys(read.name for read in s.reads if "." not in read.name)
        for name in scope.order:
            if name in bound or effects.nonlocals or scope.first_lines.get(name, 0) <= last:
                found[name] = None
        found.update(dict.fromkeys([*scope.outer_names, *scope.globals, *scope.paths]))
        if scope.receiver is not None:
            found.pop(scope.receiver, None)
            found[scope.receiver] = None  # the last
        s.watched = [n for n in found if n not in s.targets]
        names += s.watched
    for name in dict.fromkeys(n.partition(".")[0] for n in names):
        home = scope.home(name)
        if home is None or home.kind == "module":
            s.outside.append(name)
        elif inside and name in bound and home is scope:
            s.passed.append(name)
        elif inside:  # to ask a class body for its names adds to them
            s.loose.append(name)


def _last_line(s: Statement) -> int:
    """Return the last line of what may have run in the scope by the end of a statement."""
    last, around = s.node.end_lineno or s.line, s.parent
    while around is not None:
        if around.loop:
            last = around.node.end_lineno or last
        around = around.parent
    return last


PAUSES = {ast.Await, ast.Yield, ast.YieldFrom}
_LEAVES = {ast.Name, ast.Constant}
_ACTING = {
    ast.Call, ast.Attribute, ast.Subscript, ast.NamedExpr, *PAUSES,
    ast.BinOp, ast.Compare, ast.UnaryOp,
}  # fmt: skip
