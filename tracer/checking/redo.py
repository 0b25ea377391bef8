"""Runs single steps of a rule again, on given values of the variables.

Each statement is compiled by itself, with the same hooks as in a whole run, so a step that is run
again records what the step of a run would. Of a compound statement only the head runs: the test,
or the next item. Calls of the rule's own functions are answered with what the text says that they
return. Values come from the text as literals only (`literal`) and are never run as code.

What cannot be run again this way raises `Unknown`: a variable whose value the text has not given,
or not as a literal; statements that pause (``yield``, ``await``) or bind names of another function
(``nonlocal``, ``global``); blocks of ``with`` and handlers; methods called by methods.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import Any

from ..plan.planner import plan_module, room
from ..plan.signatures import signature
from ..plan.statements import Scope, Statement
from ..recorded.active import activate
from ..recorded.hooks import Hooks, compile_hooked
from ..recorded.instrumenter import Instrumenter
from ..recorded.recorder import Recorder
from ..recorded.steps import Frame as Record
from ..recorded.steps import Step
from ..rule import Rule
from ..values.nodes import NAMES
from .literals import Bounds, Unknown, literal

_KEEP, _REST = "@keep", "@rest"  # names that no source can spell


class State:
    """The variables of a function that is followed: their values, and the texts last known."""

    def __init__(self, machine: "Machine", scope: Scope, depth: int) -> None:
        self.names: dict[str, Any] = dict(machine.names)
        self.names[_KEEP] = self._keep
        self.record = Record(scope, depth)
        self.rest: dict[int, Any] = {}  # the items that a for loop has left
        self._loop = -1
        self._bounds = machine.bounds
        self._nodes = machine.nodes

    def set(self, name: str, text: str) -> None:
        """Give a variable the value that a text states."""
        if self.record.known.get(name) == text:
            return
        base, _, attribute = name.partition(".")
        self.record.known[name] = text
        try:
            if not self._bounds.allow(name, text):
                raise Unknown
            if self._nodes and "[" in text:  # it may stand for a node
                raise Unknown
            value = literal(text)
        except Unknown:
            if not attribute:
                self.names.pop(base, None)
            return
        if not attribute:
            self.names[base] = value
        elif type(target := self.names.get(base)) is _Self:
            setattr(target, attribute, value)

    def _keep(self, iterable: Any) -> Any:
        items = self.rest[self._loop] = iter(iterable)
        return items

    def loop(self, s: Statement) -> None:
        """Note which loop takes its items next."""
        self._loop = s.id
        self.names[_REST] = self.rest.get(s.id, ())


class _Self:
    """Stands for the object that a method belongs to."""

    def __getattr__(self, name: str) -> Any:
        raise Unknown


class Heads:
    """The heads of a rule's statements, each compiled by itself when it is first needed."""

    def __init__(self, rule: Rule) -> None:
        self._plan = plan_module(rule.source, detailed=rule.module.detailed)
        self._hooks = Hooks(rule.module)
        self._codes: dict[tuple[int, bool], CodeType | None] = {}
        self.costly: dict[int, bool] = {}

    def code(self, s: Statement, again: bool) -> CodeType | None:
        """Return the code of a statement's head; None if it cannot be run by itself.

        `again` is for a ``for`` that takes its next item.
        """
        key = s.id, again
        if key not in self._codes:
            self._codes[key] = self._compile(s, again)
        return self._codes[key]

    def _compile(self, s: Statement, again: bool) -> CodeType | None:
        """Compile the head of a statement; None if it cannot be run by itself."""
        scope = s.scope
        if s.pauses or scope.foreign or scope.outer is None or scope.outer.kind != "module":
            return None
        plan = (
            self._plan
            if not again
            else plan_module(self._plan.source.text, detailed=self._plan.detailed)
        )
        node = plan.statements[s.id].node
        maker = Instrumenter(plan)
        if isinstance(node, ast.With | ast.AsyncWith | ast.AsyncFor | ast.Match):
            return None
        if isinstance(node, ast.If | ast.While | ast.For):
            node.body, node.orelse = [], []
        elif isinstance(node, ast.Try | ast.TryStar):
            return self._assemble([maker.before(plan.statements[s.id])])
        with room():
            made = maker.statement(node)
        if isinstance(node, ast.While):
            made = made[1:]
        if isinstance(node, ast.While | ast.For):
            node.body.append(ast.copy_location(ast.Break(), node))
        if isinstance(node, ast.For):
            rest: ast.expr = ast.Name(_REST, ast.Load())
            if again:
                made = [node]
            else:
                rest = ast.Call(ast.Name(_KEEP, ast.Load()), [node.iter], [])
            node.iter = rest
        if isinstance(node, ast.Return):
            made.pop()
            if node.value is not None:
                made.append(ast.Expr(node.value))
        elif isinstance(node, ast.Break | ast.Continue):
            made.pop()
        return self._assemble(made)

    def _assemble(self, statements: list[ast.stmt]) -> CodeType | None:
        tree = ast.fix_missing_locations(ast.Module(statements, []))
        try:
            return compile_hooked(tree, "<step>", self._hooks)
        except (SyntaxError, ValueError, RecursionError):
            return None


class _Recorder(Recorder):
    """Looks for variables among those of the function that is followed."""

    names: Mapping[str, Any]

    def _find(self, s: Statement, values: dict[str, Any], at: Any) -> None:
        for name in (*s.outside, *s.loose):
            if name in self.names:
                values[name] = self.names[name]


class Machine:
    """Runs steps of one rule again."""

    def __init__(self, rule: Rule, bounds: Bounds) -> None:
        self.bounds = bounds
        if Heads not in rule.memo:
            rule.memo[Heads] = Heads(rule)
        self._heads: Heads = rule.memo[Heads]
        self._recorder = _Recorder()
        self._only = _Only()
        self._recorder._frames = self._only
        self._answers: Callable[[str, Sequence[Any], Mapping[str, Any]], Any] = _no_answer
        self.names = rule._run_module(rule._plain)
        self.nodes = not NAMES.isdisjoint(rule.classes)
        for scope in rule.module.functions:
            if scope.outer is not None and scope.outer.kind == "module" and not scope.method:
                self.names[scope.name] = self._stub(scope.name)

    def state(self, scope: Scope, depth: int) -> State:
        """Return the variables of a function that begins."""
        state = State(self, scope, depth)
        if scope.receiver is not None:
            state.names[scope.receiver] = _Self()
        return state

    def run(
        self,
        s: Statement,
        state: State,
        first: bool = True,
        answers: Callable[[str, Sequence[Any], Mapping[str, Any]], Any] | None = None,
    ) -> Step:
        """Run the head of a statement; return its step. Raises Unknown.

        `first` is whether a loop begins. `answers` gives what a function of the rule returns.
        """
        again = s.kind == "for" and not first
        code = self._heads.code(s, again)
        if code is None:
            raise Unknown
        recorder, record = self._recorder, state.record
        recorder.steps = []
        recorder.names = state.names
        record.step, record.told = None, []
        self._only.frame = record
        self._answers = answers or _no_answer
        if s.loop:
            state.loop(s)
            if s.kind == "while" and first:
                record.arrivals[s.id] = 0
            if again and s.id not in state.rest:
                raise Unknown
        try:
            with activate(recorder):
                exec(code, state.names)
        except (Unknown, NameError, RecursionError):
            raise Unknown from None
        except Exception:
            pass  # the step raises, and records what it did until then
        steps = [step for step in recorder.steps if step.statement is s]
        if not steps:
            raise Unknown
        step = steps[0]
        recorder._take_told(record, step)
        for name, text in (step.after or {}).items():
            if not self.bounds.allow(name, text):
                state.names.pop(name, None)  # it has grown far beyond the true values
        return step

    def is_costly(self, s: Statement) -> bool:
        """Tell whether a somewhat larger value can make a statement very much more expensive."""
        costly = self._heads.costly
        if s.id not in costly:
            costly[s.id] = _is_costly(s)
        return costly[s.id]

    def _stub(self, name: str) -> Callable[..., Any]:
        def stub(*args: Any, **kwargs: Any) -> Any:
            return self._answers(name, args, kwargs)

        return stub


class _Only(dict[int, Record]):
    """Stands for a recorder's frames where one function alone is running."""

    frame: Record

    def get(self, _: int, default: Any = None) -> Any:
        return self.frame


def _no_answer(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    raise Unknown


_COSTLY = (ast.Pow, ast.LShift)


def _is_costly(s: Statement) -> bool:
    heads = [n for n in ast.iter_child_nodes(s.node) if not isinstance(n, ast.stmt)]
    for node in (n for head in heads for n in ast.walk(head)):
        if isinstance(node, _COSTLY):
            return True
        if isinstance(node, ast.Call):
            function, known = node.func, signature(node)
            if isinstance(function, ast.Attribute) and not isinstance(function.value, ast.Name):
                continue
            if known is None or known.costs:
                return True
    return False
