"""Runs a program and writes each change of a variable of its functions, as name and repr.

`python changes.py PROGRAM MOST OUT`; it writes nothing if more than MOST lines and returns ran.
Variables of classes, lambdas and comprehensions, functions, classes and modules are left out.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

QUICK = 2  # the flag of code whose variables are a function's, not a class's


def functions(code: CodeType) -> set[CodeType]:
    """Return the code of the functions in some code that have a name."""
    found = set()
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_flags & QUICK and not inner.co_name.startswith("<"):
                found.add(inner)
            found |= functions(inner)
    return found


def changes(path: Path, most: int) -> list[tuple[str, str]]:
    """Run a program and return the changes. Raises SystemExit after `most` events."""
    code = compile(path.read_text(), str(path), "exec")
    followed, told, events = functions(code), list[tuple[str, str]](), 0

    def look(frame: FrameType, seen: dict[str, str]) -> None:
        for name, value in list(frame.f_locals.items()):
            if not callable(value) and not isinstance(value, ModuleType):
                text = repr(value)
                if seen.get(name) != text:
                    seen[name] = text
                    told.append((name, text))

    def enter(frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        if frame.f_code not in followed:
            return None
        seen: dict[str, str] = {}

        def follow(frame: FrameType, event: str, arg: Any) -> Callable[..., Any]:
            nonlocal events
            events += 1
            if events > most:
                sys.settrace(None)
                raise SystemExit("too long")
            look(frame, seen)
            return follow

        return follow(frame, event, arg)

    sys.settrace(enter)
    try:
        exec(code, {"__name__": "program"})
    finally:
        sys.settrace(None)
    return told


if __name__ == "__main__":
    program, most, out = sys.argv[1:]
    Path(out).write_text(json.dumps(changes(Path(program), int(most))))
