"""A decorator that keeps the trace of a function's last call."""

import functools
import inspect
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any, ParamSpec, Protocol, TypeVar, cast

from .errors import InputRejected, SourceRejected
from .loaded import NO_PART, WRAPPERS
from .recorded.active import active
from .rule import Rule
from .tracing import Trace

_P = ParamSpec("_P")
_R = TypeVar("_R", covariant=True)


class Traced(Protocol[_P, _R]):
    """A function with `trace`, that of its last call; None before the first one."""

    trace: Trace | None

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Call the function, traced."""


def traced(function: Callable[_P, _R]) -> Traced[_P, _R]:
    """Have each call of a function traced, and keep the last trace as its attribute ``trace``.

    The function still returns, raises and changes what it does without this. Calls that are made
    while something is traced are part of that trace. Raises SourceRejected: now if the function is
    a generator or a coroutine, at a call if its source is not to be had.
    """
    name = getattr(function, "__qualname__", str(type(function)))
    plain = inspect.unwrap(function)
    if not isinstance(plain, FunctionType):
        raise SourceRejected(f"{name} is no Python function; put @traced right above its def")
    later = (inspect.isgeneratorfunction, inspect.iscoroutinefunction, inspect.isasyncgenfunction)
    if any(test(plain) for test in later):
        raise SourceRejected(f"{name} only starts when it is called; trace({name}, ...) runs it")

    @functools.wraps(function)
    def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        if active.recorder is not None:
            return function(*args, **kwargs)
        receives = bool(args) and _is_method(wrapper, args[0])
        target = MethodType(function, args[0]) if receives else function
        rule = Rule.from_function(target, live=True)
        given = args[1:] if receives or rule.skips_self else args
        try:
            trace = Trace(rule, given, kwargs)
        except InputRejected:
            return function(*args, **kwargs)  # which raises what it raises for such arguments
        kept.trace = trace.run()
        if trace.exception is not None:
            raise trace.exception
        return cast(_R, trace.result)

    WRAPPERS.add(cast(FunctionType, wrapper))
    kept = cast("Traced[_P, _R]", wrapper)
    kept.trace = None
    return kept


NO_PART.append(traced)


def _is_method(wrapper: object, receiver: Any) -> bool:
    """Tell whether a function is a method of what it is given first."""
    kind = receiver if isinstance(receiver, type) else type(receiver)
    for base in kind.__mro__:
        for value in vars(base).values():
            if (value.__func__ if isinstance(value, classmethod) else value) is wrapper:
                return True
    return False
