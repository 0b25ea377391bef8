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
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import Any
from weakref import WeakKeyDictionary

from ..plan.planner import plan_module, room
from ..plan.signatures import signature
from ..plan.statements import Module, Read, Scope, Statement
from ..recorded.active import Active
from ..recorded.hooks import Hooks, compile_hooked
from ..recorded.instrumenter import Instrumenter
from ..recorded.recorder import Recorder
from ..recorded.steps import Frame as Record
from ..recorded.steps import Step
from ..rule import Rule
from ..values.show import show
from .patterns import value_end

_KEEP, _REST = "@keep", "@rest"  # names that no source can spell
_NUMBER = re.compile(r"\d+")
_PLAIN = {
    "True": True, "False": False, "None": None,
    "inf": float("inf"), "-inf": float("-inf"), "nan": float("nan"),
}  # fmt: skip
_SHORT = 100  # characters of a value that is always looked at
_DIGITS = 4000  # of an int: below what Python refuses to read


class Unknown(Exception):
    """A step cannot be run again, or its outcome cannot be known."""


def literal(text: str) -> Any:
    """Return the value of a literal; raise `Unknown` if the text is none, or too large."""
    if text in _PLAIN:
        return _PLAIN[text]
    if text.isdecimal() and text.isascii() and len(text) < _DIGITS:
        return int(text)
    if value_end(text, 0) != len(text):
        raise Unknown
    if text.startswith("deque(") or text == "set()":
        return _special(text)
    try:
        return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise Unknown from None


def _special(text: str) -> Any:
    import collections

    if text == "set()":
        return set()
    inside = text[len("deque(") : -1]
    if "maxlen" in inside:
        raise Unknown
    return collections.deque(literal(inside))


class Bounds:
    """How large the values of each variable become in the true trace.

    A wrong text may claim any value. Those far beyond the true ones are not run with, so that a
    step run again takes no more time and memory than a few true ones.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        self._texts: dict[str, set[str]] = defaultdict(set)  # of the true values
        self._most: dict[str, tuple[int, tuple[int, str], re.Pattern[str]]] = {}
        for step in steps:
            if step.after:
                for name, text in step.after.items():
                    self._texts[name].add(text)

    def allow(self, name: str, text: str) -> bool:
        """Tell whether a variable may have this value in a step that is run again."""
        if len(text) < 3 or text in self._texts[name]:
            return True
        longest, _, larger = self._most.get(name) or self._bounds(name)
        return len(text) <= 2 * longest + 40 and larger.search(text) is None

    def within(self, name: str, text: str) -> bool:
        """Tell whether a value is no larger than the true ones."""
        longest, largest, _ = self._most.get(name) or self._bounds(name)
        return len(text) <= longest and _largest(text) <= largest

    def _bounds(self, name: str) -> tuple[int, tuple[int, str], re.Pattern[str]]:
        """Return the longest and largest true value, and what finds numbers far beyond it."""
        texts = self._texts[name]
        longest = max(map(len, texts), default=0)
        looked_at = (t for t in texts if len(t) < _SHORT or len(t) == longest)
        largest = max(map(_largest, looked_at), default=(0, ""))
        larger = re.compile(rf"[1-9]\d{{{min(largest[0] + 1, _DIGITS)}}}")
        found = self._most[name] = longest, largest, larger
        return found


def _largest(text: str) -> tuple[int, str]:
    """Return the largest number in a text: how many digits it has, and these."""
    numbers = (digits.lstrip("0") for digits in _NUMBER.findall(text))
    return max(((len(n), n) for n in numbers), default=(0, ""))


class State:
    """The variables of a function that is followed: their values, and the texts last known."""

    def __init__(self, machine: "Machine", scope: Scope, depth: int) -> None:
        self.names: dict[str, Any] = dict(machine.names)
        self.names[_KEEP] = self._keep
        self.record = Record(scope, depth)
        self.rest: dict[int, Any] = {}  # the items that a for loop has left
        self._loop = -1
        self._bounds = machine.bounds

    def set(self, name: str, text: str) -> None:
        """Give a variable the value that a text states."""
        if self.record.known.get(name) == text:
            return
        base, _, attribute = name.partition(".")
        self.record.known[name] = text
        try:
            if not self._bounds.allow(name, text):
                raise Unknown
            value = literal(text)
        except Unknown:
            if not attribute:
                self.names.pop(base, None)
            return
        if attribute:
            target = self.names.get(base)
            if type(target) is _Self:
                setattr(target, attribute, value)
        else:
            self.names[base] = value

    def forget_large(self, changed: Mapping[str, str]) -> None:
        """Forget values that have grown far beyond the true ones."""
        for name, text in changed.items():
            if not self._bounds.allow(name, text):
                self.names.pop(name, None)

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
        self._plan = plan_module(rule.source)
        self.hooks = _Direct(rule.module)
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
        plan = self._plan if not again else plan_module(self._plan.source.text)
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
            return compile_hooked(tree, "<step>", self.hooks)
        except (SyntaxError, ValueError, RecursionError):
            return None


class _Direct(Hooks):
    """Hooks that report at once: around a single step, no code runs that could interfere."""

    __slots__ = ()

    def __init__(self, module: Module) -> None:
        super().__init__(module)
        self._active = Active()  # its own: nothing else reports there

    def use(self, recorder: Recorder) -> None:
        """Report to a recorder from now on."""
        self._active.recorder = recorder

    @staticmethod
    def report(recorder: Recorder, method: str, *arguments: Any) -> None:
        getattr(recorder, method)(_NOWHERE, *arguments)


_NOWHERE: Any = None  # in place of the frame that runs


_HEADS: "WeakKeyDictionary[Rule, Heads]" = WeakKeyDictionary()


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
        if rule not in _HEADS:
            _HEADS[rule] = Heads(rule)
        self._heads = _HEADS[rule]
        self._recorder = _Recorder()
        self._only = _Only()
        self._recorder._frames = self._only
        self._answers: Callable[[str, Sequence[Any], Mapping[str, Any]], Any] = _no_answer
        self.names = rule._run_module(rule._plain)
        self._stubs = set()
        for scope in rule.module.functions:
            if scope.outer is not None and scope.outer.kind == "module" and not scope.method:
                self._stubs.add(scope.name)
                self.names[scope.name] = self._stub(scope.name)
        self.owner = rule.owner

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
        record.step = None
        self._only.frame = record
        self._answers = answers or _no_answer
        if s.loop:
            state.loop(s)
            if s.kind == "while" and first:
                record.arrivals[s.id] = 0
            if again and s.id not in state.rest:
                raise Unknown
        self._heads.hooks.use(recorder)
        try:
            exec(code, state.names)
        except (Unknown, NameError):
            raise Unknown from None
        except RecursionError:
            raise Unknown from None
        except Exception:
            pass  # the step raises, and records what it did until then
        steps = [step for step in recorder.steps if step.statement is s]
        if not steps:
            raise Unknown
        step = steps[0]
        if step.after:
            state.forget_large(step.after)
        return step

    def is_costly(self, s: Statement) -> bool:
        """Tell whether a somewhat larger value can make a statement very much more expensive."""
        costly = self._heads.costly.get(s.id)
        if costly is None:
            costly = self._heads.costly[s.id] = _is_costly(s)
        return costly

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


def reads(s: Statement) -> list[str]:
    """Return the variables that a statement reads."""
    return [item.name for item in s.items if isinstance(item, Read)]


def shown(values: Sequence[Any]) -> list[str]:
    """Return the texts of values."""
    return [show(value) for value in values]
