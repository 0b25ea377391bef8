"""The run of a rule under ``sys.settrace``: all variables before and after each statement."""

import ast
import builtins
import contextlib
import dis
import io
import sys
import time
from collections.abc import Callable
from types import FrameType, FunctionType, ModuleType
from typing import Any

from .compiling import CONSTANT, FILENAME, PROBE, compiled
from .describing import TooLarge, describe, is_data
from .pasted import changed, given
from .program import CannotFollow, Program, Statement
from .records import Call, Event, Run, State, Step
from .states import held, of_class, paths_of, state_of, with_keys

_INNER = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<lambda>"}
_RETURNS = {"RETURN_VALUE", "RETURN_CONST"}
_PAUSES = {"YIELD_VALUE", "RETURN_GENERATOR", "SEND", "RESUME"}


class Stop(BaseException):
    """A run is longer than the observer follows."""


class Watcher:
    """Runs a program's function and keeps what happens."""

    def __init__(self, program: Program, probes: bool, most: int, seconds: float) -> None:
        self.program = program
        self.run = Run()
        self.calls: dict[FrameType, Call] = {}
        self.stack: list[Call] = []
        self.most, self.deadline = most, time.monotonic() + seconds
        self.code = compiled(program, probes)
        self.failure: BaseException | None = None
        self.names: dict[str, Any] = {}

    # Running

    def watch(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
        """Run the function `name` (``Class.method`` for a method) on arguments."""
        function = self._load(name)
        args, kwargs = given(function, self.names, list(args), dict(kwargs))
        answer = changed(function, self.program.tree, [*args, *kwargs.values()])
        quiet = io.StringIO()
        sys.settrace(None)
        try:
            with contextlib.redirect_stdout(quiet):
                sys.settrace(self._enter)
                try:
                    result = function(*args, **kwargs)
                finally:
                    sys.settrace(None)
            if isinstance(result, _GENERATOR):
                raise CannotFollow("the rule is a generator function")
            self.run.result = describe(result)
            if answer and result is None:
                self.run.result = describe(answer[0])
                ends = (e for e in reversed(self.run.events) if e.kind == "end")
                if (end := next(ends, None)) is not None:
                    end.value = self.run.result
        except Stop as stop:
            if isinstance(self.failure, RecursionError):
                raise CannotFollow("too deep a recursion") from None
            raise self.failure or stop from None
        except (CannotFollow, TooLarge):
            raise
        except RecursionError:
            raise CannotFollow("too deep a recursion") from None
        except BaseException as error:
            self.run.error = (type(error).__name__, describe(error))
        if self.failure is not None:
            raise self.failure
        return self.run

    def _load(self, name: str) -> Callable[..., Any]:
        module = ModuleType("rule")
        names = self.names = module.__dict__
        held = dict(vars(builtins))
        held[PROBE], held[CONSTANT] = self._probe, lambda value: value
        import typing

        names.update({n: getattr(typing, n) for n in typing.__all__})
        names["__builtins__"] = held
        before = sys.modules.get("rule")
        sys.modules["rule"] = module  # a dataclass looks up the module that it is defined in
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(self.code, names)
        finally:
            del sys.modules["rule"]
            if before is not None:
                sys.modules["rule"] = before
        owner, _, method = name.rpartition(".")
        if owner:
            found: Callable[..., Any] = getattr(names[owner](), method)
            return found
        function = names[name]
        if isinstance(function, FunctionType):
            parameters = function.__code__.co_varnames[: function.__code__.co_argcount]
            if parameters[:1] == ("self",) and "self" not in function.__code__.co_names:
                return lambda *args, **kwargs: function(None, *args, **kwargs)
        return function  # type: ignore[no-any-return]

    # Events

    def _guarded(self, work: Callable[..., None], *args: Any) -> None:
        try:
            if time.monotonic() > self.deadline or len(self.run.events) > self.most:
                raise Stop("too long")
            work(*args)
        except BaseException as error:
            self.failure = self.failure or error
            sys.settrace(None)
            raise Stop from None

    def _enter(self, frame: FrameType, event: str, _: Any) -> Any:
        code = frame.f_code
        if code.co_filename != FILENAME or code.co_name in _INNER or event != "call":
            return None
        if frame.f_globals is not self.names:
            return None  # a generator that an earlier run has left is closed
        self._guarded(self._call, frame)
        return self._local

    def _local(self, frame: FrameType, event: str, value: Any) -> Any:
        if event == "line":
            self._guarded(self._line, frame)
        elif event == "exception":
            self._guarded(self._exception, frame, value[0])
        elif event == "return":
            self._guarded(self._return, frame, value)
        return self._local

    def _call(self, frame: FrameType) -> None:
        call = self.calls.get(frame)
        if call is not None:  # a generator goes on
            self.stack.append(call)
            if call.paused:
                call.paused = False
                self.run.events.append(Event("resume", call))
            return
        code = self.program.codes.get(frame.f_code.co_firstlineno)
        if code is None or code.name == "<module>":
            raise CannotFollow(f"a frame of no function: {frame.f_code.co_name}")
        body = isinstance(code.node, ast.ClassDef)  # of a class: no call of its own
        depth = sum(not isinstance(c.code.node, ast.ClassDef) for c in self.stack) + (not body)
        call = Call(len(self.calls), code, depth)
        self.calls[frame] = call
        self.stack.append(call)
        call.state = state_of(frame, call.code)
        receiver = frame.f_locals.get(code.receiver) if code.receiver else None
        call.shared = set(of_class(code, receiver, {}))
        self.run.events.append(Event("call", call))

    def _line(self, frame: FrameType) -> None:
        call = self.calls[frame]
        statement = self.program.statements.get(frame.f_lineno)
        if statement is None or statement.code is not call.code:
            return
        codes = [dis.opname[op] for op in frame.f_code.co_code[frame.f_lasti :][:3:2]]
        if codes[0] == "RERAISE" or "POP_EXCEPT" in codes[1:]:
            return  # no statement: an exception goes on after a block
        last = call.last
        if call.closing is not None:  # a generator that is closed has something left to do
            self.run.events.append(call.closing)
            call.closing = None
        if last is not None and last.statement is statement:
            return  # a comprehension, or a part of the statement, goes on
        state = state_of(frame, call.code)
        self._settle(frame, call, state, statement)
        if last is not None and _is_echo(last, statement):
            call.last = Step(call, statement, state, state, echo=True)  # seen, but no step
            return
        step = Step(call, statement, state)
        step.again = last is not None and last.statement.inside(statement, "body")
        if last is not None:
            step.caught = last.error or last.caught
        step.paths = paths_of(frame, call.code)
        call.last = step
        if statement.kind == "return":
            call.returned = step
        elif call.returned is not None and not _is_last(call.returned.statement, statement):
            call.returned = None
        self.run.events.append(Event("step", call, step))

    def _settle(
        self, frame: FrameType, call: Call, state: State, following: Statement | None
    ) -> None:
        """Keep what holds after the statement that a call has just run."""
        step = call.last
        if step is None or step.after is not None:
            return
        step.after, step.ended = state, len(self.run.events)
        step.paths_after = paths_of(frame, call.code)
        self._live(step)
        statement = step.statement
        if statement.kind in ("if", "while", "for", "case", "except", "with"):
            into = following is not None and following.inside(statement, "body")
            step.truth = into
        step.raised = bool(step.error) and _is_caught(statement, following)

    def _live(self, step: Step) -> None:
        """Describe the places that the statement has assigned."""
        for target in getattr(step.statement.node, "targets", None) or [
            getattr(step.statement.node, "target", None)
        ]:
            if isinstance(target, ast.Subscript | ast.Attribute):
                found = held(target, step.live)
                if found is not None:
                    text = describe(found[0])
                    step.places[ast.unparse(target)] = text
                    step.places[with_keys(target, step.live)] = text
        step.live.clear()

    def _exception(self, frame: FrameType, kind: type) -> None:
        call = self.calls[frame]
        if issubclass(kind, GeneratorExit) and self.run.events[-1].kind == "resume":
            call.closing = self.run.events.pop()
        if call.last is not None and call.last.after is None:
            call.last.error = kind.__name__

    def _return(self, frame: FrameType, value: Any) -> None:
        call = self.calls[frame]
        name = dis.opname[frame.f_code.co_code[frame.f_lasti]]
        if self.stack and self.stack[-1] is call:
            self.stack.pop()
        if call.closing is not None:
            return
        if name in _PAUSES:
            if call.last is not None:
                call.last.paused = call.paused = True
                self.run.events.append(Event("pause", call, call.last))
            return
        self._settle(frame, call, state_of(frame, call.code), None)
        if call.last is not None and call.last.error:
            call.last.raised = name not in _RETURNS
        if name in _RETURNS:
            self.run.events.append(Event("end", call, call.returned, describe(value)))
        else:
            self.run.events.append(Event("raise", call, call.last))

    # Values

    def _probe(self, number: int, value: Any) -> Any:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_name in _INNER:
            frame = frame.f_back
        call = self.calls.get(frame) if frame is not None else None
        step = call.last if call is not None else None
        if step is not None and step.after is None:
            owner = self.program.owner[number]
            if step.statement is owner:
                self._guarded(self._seen, step, number, value)
        return value

    def _seen(self, step: Step, number: int, value: Any) -> None:
        expression = self.program.expressions[number]
        if isinstance(expression.node, ast.GeneratorExp):
            return
        text = describe(value)
        known = step.values.setdefault(number, [])
        if text not in known:
            known.append(text)
        step.live[number] = value
        node = step.statement.node
        if isinstance(node, ast.AugAssign) and isinstance(
            node.target, ast.Subscript | ast.Attribute
        ):
            places = (node.target.value, getattr(node.target, "slice", None))
            if expression.node in places:
                found = held(node.target, step.live)
                step.old = describe(found[0]) if found is not None else step.old
        if isinstance(expression.node, ast.NamedExpr):
            step.walrus.append((expression.node.target.id, text))
        name = expression.name
        if name in self.program.imported:
            name = None
        if name is not None and is_data(value) and ("." not in name or name in step.before):
            step.reads.append((name, text, expression.attribute))


_GENERATOR = type(i for i in ())


def _is_echo(step: Step, now: Statement) -> bool:
    """Tell whether a line event is the rest of a statement whose block has ended."""
    last = step.statement
    if now.kind == "with" and last.inside(now):
        return True
    if now.kind in ("return", "break", "continue"):
        if step.echo and last.kind == "with" and now.inside(last, "body"):
            return True
        at: Statement | None = last
        while at is not None and at.parent is not None:
            if (
                at.part == "finalbody"
                and now.inside(at.parent)
                and not now.inside(at.parent, "finalbody")
            ):
                return True
            at = at.parent
    return False


def _is_last(returned: Statement, statement: Statement) -> bool:
    """Tell whether a statement is in a ``finally`` that runs after a ``return``."""
    at: Statement | None = statement
    while at is not None:
        if at.part == "finalbody" and at.parent is not None and returned.inside(at.parent):
            return True
        at = at.parent
    return False


def _is_caught(statement: Statement, following: Statement | None) -> bool:
    """Tell whether what comes next is what runs after an exception, not after a statement."""
    if following is None or following.kind in ("except", "with"):
        return True
    return following.part == "finalbody" and not (
        following.parent is not None and statement.inside(following.parent, "finalbody")
    )
