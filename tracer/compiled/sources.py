"""Source that was made, loaded so that debuggers and tracebacks show its lines."""

import itertools
import linecache
import weakref
from types import CodeType, FunctionType
from typing import Any

_numbers = itertools.count(1)


def load(source: str, title: str, names: dict[str, Any]) -> list[FunctionType]:
    """Return the functions that a source defines, to run over `names`. Raises SyntaxError.

    The source is kept where `linecache` looks for it, for as long as the first of them lives.
    """
    filename = f"<{title} {next(_numbers)}>"
    code = compile(source, filename, "exec")
    exec(code, names)
    # Taken out of their own names, they go when nobody holds them, without a cycle in the way.
    functions: list[FunctionType] = [
        names.pop(part.co_name) for part in code.co_consts if isinstance(part, CodeType)
    ]
    lines = source.splitlines(keepends=True)
    linecache.cache[filename] = (len(source), None, lines, filename)
    weakref.finalize(functions[0], linecache.cache.pop, filename, None).atexit = False
    return functions
