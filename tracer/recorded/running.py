"""A run of a rule with its hooks at work."""

import inspect
from collections.abc import Coroutine, Mapping, Sequence
from types import AsyncGeneratorType, CodeType, CoroutineType, GeneratorType
from typing import Any, NamedTuple

from ..arguments import NotTaken
from ..errors import InputRejected
from ..program import Program
from ..values.show import show
from .active import activate
from .instrumenter import compile_instrumented
from .recorder import Recorder


class Ended(NamedTuple):
    """How a run ended: with a result and its text, or with an exception that left the rule."""

    result: Any = None
    text: str | None = None
    exception: BaseException | None = None


def hooked(program: Program, only: frozenset[str] | None = None) -> CodeType:
    """Return the module of a rule, or `only` some functions, compiled with hooks, made once."""
    code: CodeType | None = program.memo.get((hooked, only))
    if code is None:
        detailed = program.module.detailed
        code = compile_instrumented(program.source, program.filename, only, detailed)
        code = program.memo[hooked, only] = program.moved(code)
    return code


def run(
    program: Program, args: Sequence[Any], kwargs: Mapping[str, Any], recorder: Recorder
) -> Ended:
    """Run a rule, recording. What it raises is returned, except KeyboardInterrupt.

    A generator is run to its end: its items are the result; so a coroutine is. The text of a rule
    that changes an argument in place is that of the argument. Raises InputRejected where arguments
    cannot be made as the rule takes them.
    """
    try:
        code = hooked(program, program.only)
        function, args, kwargs = program.ready(code, args, kwargs)
        changed = program.changed(args, kwargs)
        whole = hooked(program) if program.patches else None
        with program.patched(whole), activate(recorder):
            result = function(*args, **kwargs)
            kind = type(result)  # whatever class it says it is of
            if kind is GeneratorType and inspect.isgeneratorfunction(function):
                result = list(result)
            elif kind is AsyncGeneratorType and inspect.isasyncgenfunction(function):
                result = _awaited(_items(result))
            elif kind is CoroutineType:
                result = _awaited(result)
        text = show(changed[0] if changed and result is None else result)
        recorder.left(text)
        return Ended(result, text)
    except KeyboardInterrupt:
        raise
    except NotTaken as refusal:
        raise InputRejected(str(refusal)) from None
    except BaseException as error:
        recorder.left(None, error)
        return Ended(exception=error)


def _awaited(coroutine: Coroutine[Any, Any, Any]) -> Any:
    import asyncio

    return asyncio.run(coroutine)


async def _items(generator: AsyncGeneratorType[Any, None]) -> list[Any]:
    return [item async for item in generator]
