"""Judges one case in a process of its own, which ends at limits."""

import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from dataclasses import asdict, dataclass, field
from typing import Any

from rfft.tracer import Rule, trace
from rfft.tracer.errors import InputRejected, SourceRejected

from .findings import Finding
from .judging import arguments, judge, observe
from .program import CannotFollow
from .rows import Case

SECONDS, MIB = 8, 1500


@dataclass(eq=False)
class Outcome:
    """What came of a case: findings, or why there are none."""

    case: Case
    findings: list[Finding] = field(default_factory=list)
    reason: str = ""
    text: str = ""


def examine(case: Case) -> Outcome:
    """Trace a case and judge the trace, in this process."""
    try:
        args, kwargs = arguments(case.input)
        rule = Rule.from_source(case.source, case.function)
        seen = observe(rule.source, rule.function, args, kwargs)
        args, kwargs = arguments(case.input)
        told = trace(rule, *args, **kwargs).to_json("rfft")
    except (SourceRejected, InputRejected) as error:
        return Outcome(case, reason=f"refused: {error}"[:200])
    except CannotFollow as error:
        return Outcome(case, reason=str(error))
    return Outcome(case, judge(seen, told["response"], told["steps"]), text=told["response"])


def examine_apart(case: Case) -> Outcome:
    """Trace and judge a case in a forked process."""
    trace(_warm, 1).to_json("rfft")  # what is imported here is not imported by each child
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_child(case, writing)
    os.close(writing)
    data, deadline = b"", time.monotonic() + SECONDS
    while select.select([reading], [], [], max(0.0, deadline - time.monotonic()))[0]:
        part = os.read(reading, 1 << 20)
        if not part:
            break
        data += part
    os.close(reading)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    try:
        told: dict[str, Any] = json.loads(data)
    except ValueError:
        return Outcome(case, reason="too long" if time.monotonic() >= deadline else "crashed")
    found = [Finding(**f) for f in told["findings"]]
    return Outcome(case, found, told["reason"], told["text"])


def _warm(n: int) -> int:
    """Do nothing much: a rule whose trace loads all that traces need."""
    return n


def _in_use() -> int:
    """Return how many bytes of addresses this process has: that of a test run has many."""
    try:
        with open("/proc/self/statm") as sizes:  # noqa: PTH123 - a file of the system's
            return int(sizes.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _be_child(case: Case, writing: int) -> None:
    """Judge, write what came of it, and end."""
    try:
        most = _in_use() + (MIB << 20)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        try:
            outcome = examine(case)
            told = {
                "findings": [asdict(f) for f in outcome.findings],
                "reason": outcome.reason,
                "text": outcome.text,
            }
        except BaseException as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119
            told = {"findings": [], "reason": f"observer failed: {error!r} at {where}"[:300],
                    "text": ""}  # fmt: skip
        with os.fdopen(writing, "w") as pipe:
            json.dump(told, pipe)
    finally:
        sys.settrace(None)
        os._exit(0)
