"""What the code of an instrumented module calls: hooks, which report to the recorder at work.

Hooks never raise and never run code of the rule. At the edge of the stack they have no room to
work (RecursionError) and do nothing; a hook that stands by itself is in a `try`, so that not even
the call of it can fail.
"""

import ast
import builtins
from _thread import get_ident
from collections.abc import Callable, Sequence
from sys import _getframe, exception, getprofile, gettrace, setprofile, settrace
from types import CodeType
from typing import Any

from ..plan import statements
from ..plan.statements import Module
from ..values import show
from . import recorder
from .recorder import active

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

# Constants that are replaced after compilation: by the hooks, and by RecursionError.
MARK, NO_ROOM = "\0rfft hooks", "\0rfft no room"


def compile_hooked(tree: ast.Module, filename: str, hooks: "Hooks") -> CodeType:
    """Compile statements that an `Instrumenter` has made; `hooks` are what they call.

    Raises SyntaxError, ValueError and RecursionError as `compile` does.
    """
    code: CodeType = compile(tree, filename, "exec", dont_inherit=True)
    return _with_hooks(code, hooks)


def _report(method: Callable[..., None], *arguments: Any) -> None:
    """Call a method of the recorder for the frame of the hook's caller; the rule cannot notice."""
    thread = get_ident()
    if thread in _reporting:
        return  # code of the rule that runs inside a hook: a signal handler, a finalizer
    trace = profile = None
    try:
        _reporting.add(thread)
        trace, profile = gettrace(), getprofile()
        if trace is not None:
            settrace(None)  # a trace function of the rule is not to see inside the recorder
        if callable(profile):
            setprofile(None)
        method(*arguments, _getframe(2))
    except RecursionError:
        pass
    except Exception as error:
        if _is_of_rule(error):
            raise
        active.failed(error)
    finally:
        _reporting.discard(thread)
        if trace is not None:
            settrace(trace)
        if callable(profile):  # cProfile's is not, and stays
            setprofile(profile)


_reporting: set[int] = set()  # the threads in which a hook is at work


def _is_of_rule(error: Exception) -> bool:
    """Tell whether an exception came into a hook from outside, as from a signal handler."""
    if type(error).__module__ != "builtins":
        return True  # raised in this thread by another
    link = error.__traceback__
    while link is not None:
        if link.tb_frame.f_code.co_filename not in _OWN_FILES:
            return True
        link = link.tb_next
    return False


_OWN_FILES = {__file__, statements.__file__, recorder.__file__, show.__file__}


class Hooks:
    """What the instrumented code of one module calls; one-letter names keep that code short."""

    __slots__ = ("_active", "_scopes", "_statements")

    def __init__(self, module: Module) -> None:
        self._active = active  # held here, for it is still there when this module has been cleared
        self._statements = module.statements
        self._scopes = module.scopes

    def c(self, scope: int, *values: object) -> None:
        """Function entered, with its parameters."""
        if (at_work := self._active.recorder) is not None:
            _report(at_work.call, self._scopes[scope], values)

    def b(self, statement: int, *passed: object) -> bool:
        """About to run a statement; true, so that it can stand in front of a loop's test."""
        if (at_work := self._active.recorder) is not None:
            try:
                _report(at_work.before, self._statements[statement], passed)
            except RecursionError:
                pass
        return True

    def v(self, statement: int, key: int, value: Any) -> Any:
        """An expression was evaluated to `value`, which is passed on."""
        if (at_work := self._active.recorder) is not None:
            s = self._statements[statement]
            try:
                _report(at_work.value, s, key, value)
            except RecursionError:
                pass
        return value

    def k(self, statement: int, number: int, value: Any, *root: object) -> Any:
        """A key of a place was evaluated; with the `root`, the place is read next."""
        if (at_work := self._active.recorder) is not None:
            s = self._statements[statement]
            try:
                _report(at_work.key, s, number, value, root)
            except RecursionError:
                pass
        return value

    def a(self, statement: int, *values: object) -> None:
        """A statement has run."""
        if (at_work := self._active.recorder) is not None:
            _report(at_work.after, self._statements[statement], values)

    def i(
        self, statement: int, kind: str, source: str, names: Sequence[str], *values: object
    ) -> None:
        """A block was entered: a branch, an iteration, a case, the body of a `with`."""
        if (at_work := self._active.recorder) is not None:
            s = self._statements[statement]
            _report(at_work.enter, s, kind, source, names, values)

    def o(self, statement: int, *passed: object) -> None:
        """A test was false, or a loop has no more items."""
        if (at_work := self._active.recorder) is not None:
            _report(at_work.failed_test, self._statements[statement], passed)

    def x(self, statement: int, source: str, name: str | None) -> None:
        """An exception handler was entered."""
        if (at_work := self._active.recorder) is not None:
            caught = exception()
            if caught is not None:
                s = self._statements[statement]
                _report(at_work.caught, s, source, name, caught)

    def r(self, statement: int, value: Any, *passed: object) -> Any:
        """A return statement has worked out `value`, which is passed on."""
        if (at_work := self._active.recorder) is not None:
            s = self._statements[statement]
            try:
                _report(at_work.returned, s, value, passed)
            except RecursionError:
                pass
        return value

    def m(self, statement: int, value: Any, *passed: object) -> Any:
        """The subject of a match was evaluated to `value`, which is passed on."""
        if (at_work := self._active.recorder) is not None:
            s = self._statements[statement]
            try:
                _report(at_work.after, s, passed)
            except RecursionError:
                pass
        return value

    def e(self, scope: int) -> None:
        """A function ended without a return statement."""
        if (at_work := self._active.recorder) is not None:
            _report(at_work.ended, self._scopes[scope])

    def l(self, statement: int) -> None:  # noqa: E743
        """A while loop is about to start."""
        if (at_work := self._active.recorder) is not None:
            _report(at_work.loop, self._statements[statement])


def _with_hooks(code: CodeType, hooks: Hooks) -> CodeType:
    """Put the hooks in place of their mark, in a code object and those inside it."""
    put: dict[object, object] = {MARK: hooks, NO_ROOM: RecursionError}
    constants = tuple(
        _with_hooks(c, hooks) if isinstance(c, CodeType) else put.get(c, c) if type(c) is str else c
        for c in code.co_consts
    )
    return code.replace(co_consts=constants)
