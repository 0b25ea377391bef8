"""The process that looks at tasks: a line of JSON comes in for each, lines of JSON go out.

in   {"path": FILE, "what": "examine" | "digest"}
out  {"at": TEXT}*                                    where it is, in case it never comes back
out  {"report": ...} | {"digest": TEXT}
"""

import json
import os
from pathlib import Path
from typing import Any

from ..errors import TaskRejected
from ..task import Task
from .examine import digest, examine
from .report import Report


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
        if request["what"] == "digest":
            say(digest=_digest(request["path"]))
        else:
            say(report=_report(request["path"], lambda at: say(at=at)).to_json())


def _report(path: str, tell: Any) -> Report:
    try:
        task = Task.from_file(path)
    except TaskRejected as rejected:
        return Report(Path(path).stem, path, failures=[str(rejected).removeprefix(f"{path}: ")])
    try:
        return examine(task, tell)
    except (Exception, SystemExit) as error:
        reason = f"{type(error).__name__}: {error}"
        return Report(task.id, path, failures=[f"it cannot be looked at: {reason}"])


def _digest(path: str) -> str:
    try:
        return digest(Task.from_file(path))
    except (Exception, SystemExit) as error:
        return f"{type(error).__name__}: {error}"
