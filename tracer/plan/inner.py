"""What runs in a scope of its own within a statement: comprehensions, generators, lambdas.

A plan in detail has each of their parts told each time that it is evaluated.
"""

import ast
import builtins
from collections.abc import Callable

from .effects import Effects
from .names import parameters, targets_in
from .signatures import FUNCTIONS, METHODS
from .source import children
from .statements import Module, Statement, Told

INNER = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
_LAZY = frozenset("enumerate filter iter map reversed zip".split())
_UNTOLD = (
    *(ast.Name, ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Starred, ast.Slice),
    *(ast.Lambda, ast.GeneratorExp, ast.BoolOp, ast.IfExp, ast.Yield, ast.YieldFrom, ast.Await),
)


def runs_at_once(call: ast.Call, effects: Effects, around: bool) -> bool:
    """Tell whether what a call is given surely runs before a statement is over, if it ever does.

    `around` tells it of the call that this one is an argument of.
    """
    function = call.func
    if isinstance(function, ast.Attribute):
        known = METHODS.get(function.attr)
        return known is not None and known.adds != "item"
    if not isinstance(function, ast.Name) or function.id in effects.bound | effects.defined:
        return False
    if function.id in _LAZY:
        return around
    return function.id in FUNCTIONS and hasattr(builtins, function.id)


class Inner:
    """Notes what is told while one statement is worked out."""

    def __init__(self, s: Statement, plan: Module) -> None:
        self.s = s
        self._module = plan
        self._open: list[Told] = []  # of which it is not known yet before which capture they stand
        self._lefts: dict[str, None] = {}
        self._effects = plan.effects

    def close(self, key: int) -> None:
        """Note that what is open is told before a capture."""
        if self._open:
            self.s.told_at.add(key)
            for told in self._open:
                told.chunk = key
            self._open = []

    def end(self) -> None:
        """Note which lines may be told, when the statement is planned."""
        self.s.tells = tuple(self._lefts)

    def plan(self, node: ast.AST, at_once: bool, source: Callable[[ast.expr], str]) -> None:
        """Plan a comprehension, a generator or a lambda; `at_once` tells when it runs."""
        if self._module.detailed:
            self._source = source
            self._scope(node, at_once)

    def _scope(self, node: ast.AST, at_once: bool) -> None:
        if isinstance(node, ast.Lambda):
            self._escape(at_once)
            self._bind(node.body, tuple(p.arg for p in parameters(node.args)))
            self._part(node.body, True)
            return
        if isinstance(node, ast.GeneratorExp):
            self._escape(at_once)
        parts: list[ast.expr]
        if isinstance(node, ast.DictComp):
            parts = [node.key, node.value]
        else:
            assert isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp)
            parts = [node.elt]
        firsts = [*(g.iter for g in node.generators[1:]), parts[0]]
        for generator, first in zip(node.generators, firsts, strict=True):
            self._part(generator.iter, at_once)
            self._bind((generator.ifs or [first])[0], tuple(targets_in(generator.target)))
            for condition in generator.ifs:
                self._part(condition, at_once)
        for part in parts:
            self._part(part, at_once)

    def _escape(self, at_once: bool) -> None:
        self.s.escapes = self.s.escapes or not at_once

    def _part(self, node: ast.expr, at_once: bool) -> None:
        """Note a part, after those that are evaluated before it."""
        if isinstance(node, INNER):
            self._scope(node, at_once and not isinstance(node, ast.Lambda | ast.GeneratorExp))
        elif isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                self._part(function.value, at_once)
            elif not isinstance(function, ast.Name):
                self._part(function, at_once)
            given = [*node.args, *(k.value for k in node.keywords)]
            inside = runs_at_once(node, self._effects, at_once)
            for argument in given:
                if isinstance(argument, INNER):
                    self._scope(argument, inside)
                else:
                    self._part(argument, inside)
        elif isinstance(node, ast.JoinedStr):
            for value in node.values:
                if isinstance(value, ast.FormattedValue):
                    self._in_text(value, at_once)
        elif isinstance(node, ast.NamedExpr):
            self._part(node.value, at_once)
        else:
            for below in children(node):
                if isinstance(below, ast.expr):
                    self._part(below, at_once)
        if not isinstance(node, _UNTOLD) and not _is_literal(node):
            name = node.target.id if isinstance(node, ast.NamedExpr) else self._source(node)
            self._note(node).source = name
            self._lefts[name] = None

    def _in_text(self, value: ast.FormattedValue, at_once: bool) -> None:
        before, self._source = self._source, ast.unparse
        self._part(value.value, at_once)
        self._source = before

    def _bind(self, node: ast.expr, names: tuple[str, ...]) -> None:
        if names:
            self._note(node).binds = names
            self._lefts.update(dict.fromkeys(names))

    def _note(self, node: ast.expr) -> Told:
        told = self._module.told.get(node)
        if told is None:
            told = self._module.told[node] = Told(self.s.id)
            self.s.texts = self.s.texts or self._source is ast.unparse
            self._open.append(told)
        return told


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
