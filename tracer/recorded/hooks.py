"""What the code of an instrumented module calls: hooks, which report to the recorder at work.

Hooks never raise and never run code of the rule. At the edge of the stack they have no room to
work (RecursionError) and do nothing; a hook that stands by itself is in a `try`, so that not even
the call of it can fail.
"""

import ast
import builtins
from _thread import get_ident
from collections.abc import Callable
from os import sep
from sys import _getframe, getprofile, gettrace, setprofile, settrace
from types import CodeType
from typing import Any

from ..plan.statements import Module
from .active import active
from .recorder import Recorder

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


def _report(recorder: Recorder, method: str, *arguments: Any) -> None:
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
        getattr(recorder, method)(_getframe(2), *arguments)
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
    own = _report.__code__.co_filename  # which may have got another form since this was loaded
    own = (
        own.removesuffix("hooks.py").removesuffix(f"recorded{sep}").removesuffix("recorded.hooks>")
    )
    link = error.__traceback__
    while link is not None:
        if not link.tb_frame.f_code.co_filename.startswith(own):
            return True
        link = link.tb_next
    return False


def _standing(method: str, scopes: bool = False) -> Callable[..., None]:
    """Return a hook that stands by itself: it calls a method of the recorder."""

    def hook(self: "Hooks", number: int, *given: Any) -> None:
        if (at_work := self._active.recorder) is not None:
            about = self._scopes[number] if scopes else self._statements[number]
            self.report(at_work, method, about, *given)

    return hook


def _within(method: str, passed_on: int | None) -> Callable[..., Any]:
    """Return a hook that stands in an expression, which has one of its arguments as its value."""

    def hook(self: "Hooks", number: int, *given: Any) -> Any:
        if (at_work := self._active.recorder) is not None:
            try:
                self.report(at_work, method, self._statements[number], *given)
            except RecursionError:
                pass
        return True if passed_on is None else given[passed_on]

    return hook


class Hooks:
    """What the instrumented code of one module calls; one-letter names keep that code short."""

    __slots__ = ("_active", "_scopes", "_statements")

    def __init__(self, module: Module) -> None:
        self._active = active  # held here, for it is still there when this module has been cleared
        self._statements = module.statements
        self._scopes = module.scopes

    report = staticmethod(_report)
    c = _standing("call", scopes=True)  # a function was entered: its parameters
    e = _standing("ended", scopes=True)  # a function ended without a return statement
    b = _within("before", None)  # before a statement, or a loop's test: what is surely bound
    v = _within("value", 1)  # an expression was evaluated: its key, its value
    w = _within("told", 1)  # a part of an inner scope was evaluated: its text, its value
    q = _within("bound", None)  # names of an inner scope were bound: these, their values
    k = _within("key", 1)  # a key of a place was: its number, its value, the root if it is read
    m = _within("matched", 0)  # the subject of a match was: its value, what may have changed
    r = _within("returned", 0)  # what a return gives was: its value, what may have changed
    a = _standing("after")  # a statement has run: its targets, what may have changed
    i = _standing("enter")  # a block was entered: kind, source, names, their values, …
    o = _standing("failed_test")  # a test was false, or a loop has no more items
    x = _standing("caught")  # a handler was entered: its source, the exception's name
    s = _standing("settled")  # the body of a for loop has ended: what may have changed
    l = _standing("loop")  # noqa: E741  # a while loop is about to start


def _with_hooks(code: CodeType, hooks: Hooks) -> CodeType:
    """Put the hooks in place of their mark, in a code object and those inside it."""
    put: dict[object, object] = {MARK: hooks, NO_ROOM: RecursionError}
    constants = tuple(
        _with_hooks(c, hooks) if isinstance(c, CodeType) else put.get(c, c) if type(c) is str else c
        for c in code.co_consts
    )
    return code.replace(co_consts=constants)
