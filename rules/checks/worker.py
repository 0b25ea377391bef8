"""The process that looks at tasks: a line of JSON comes in for each, lines of JSON go out.

in   {"path": FILE, "what": "examine" | "digest", "allow": [MODULE, ...], "text": TEXT, ...}
out  {"at": TEXT}*                                    where it is, in case it never comes back
out  {"report": ...} | {"digest": TEXT}

With ``text``, ``id`` and ``function`` (see `Task`) the file is nobody's own: this process locks
itself up before it looks at it.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rfft.tracer.sandbox.protection import protection

from ..errors import TaskRejected
from ..sandboxed import TRUST
from ..task import Task
from .examine import digest, examine
from .report import Report

_MEMORY = 4 << 30  # bytes
_REHEARSED = '''
LENGTH = "x"
MAX_LENGTH = 3


def rehearsed(x: list[int], n: int, s: str) -> int:
    """Add {x}, {n} and {s}."""
    if n == 12345:
        return 0
    return sum(x) + n + len(s)


def oracle(x, n, s):
    return sum(x) + n + len(s)
'''


def serve() -> None:
    """Answer the requests on standard input until it ends."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)  # what tasks print is no answer
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    os.dup2(nowhere, 0)

    def say(**answer: Any) -> None:
        out.write(json.dumps(answer) + "\n")
        out.flush()

    for line in requests:
        request = json.loads(line)
        if "text" in request and protection(_lock_in(request["allow"]))["level"] == "none":
            say(problem=f"nothing holds its code back here; {TRUST}")
            return
        if request["what"] == "digest":
            say(digest=_digest(request))
        else:
            say(report=_report(request, lambda at: say(at=at)).to_json())


def _lock_in(modules: Sequence[str]) -> list[str]:
    """Give up all that looking at a task does not need; return what the system cannot take."""
    from rfft.tracer.sandbox.locked import lock_in

    examine(Task.from_source(_REHEARSED, "rehearsed"))  # which loads all that is needed
    return lock_in(_MEMORY, modules)


def _task(request: dict[str, str]) -> Task:
    path = Path(request["path"])
    if "text" not in request:
        return Task.from_file(path)
    return Task(request["text"], request["id"], path, request["function"] or None)


def _report(request: dict[str, str], tell: Any) -> Report:
    path = request["path"]
    try:
        task = _task(request)
    except TaskRejected as rejected:
        return Report(Path(path).stem, path, failures=[str(rejected).removeprefix(f"{path}: ")])
    try:
        return examine(task, tell)
    except (Exception, SystemExit) as error:
        reason = f"{type(error).__name__}: {error}"
        return Report(task.id, path, failures=[f"it cannot be looked at: {reason}"])


def _digest(request: dict[str, str]) -> str:
    try:
        return digest(_task(request))
    except (Exception, SystemExit) as error:
        return f"{type(error).__name__}: {error}"
