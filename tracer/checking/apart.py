"""Checks in a process of its own, under limits: `judge_apart` is the boundary.

A rule, its arguments, a text and limits go in, plain JSON comes out. The rule is compiled and run
on the other side only.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any, NoReturn

from ..run import MIB, Limits

_START_SECONDS = 30.0  # for a fresh interpreter to load the tracer on a busy machine
_JUDGE_SECONDS = 120.0  # for reading the text
_CHILD = "from rfft.tracer.checking.apart import serve; serve()"


@dataclass(frozen=True)
class Job:
    """A text to check, and what it should be the trace of."""

    source: str
    arguments: str
    text: str
    function: str | None = None
    style: str = "rfft"


def judge_apart(job: Job, limits: Limits) -> dict[str, Any]:
    """Check a text where the rule cannot harm this process.

    Return ``status`` (see `rfft.tracer.run.STATUSES`), ``message`` (why there is no verdict) and
    ``verdict`` (see `Verdict.to_json`) or None. Raises OSError if no process can be made.
    """
    request = json.dumps({"job": asdict(job), "limits": asdict(limits)}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-c", _CHILD],
            input=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_START_SECONDS + limits.seconds + _JUDGE_SECONDS,
            env=_environment(),
            start_new_session=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return _answer("limit_time")
    except ValueError:
        return _answer("crashed", "the rule's process ended without an answer")
    return answer


def judge_here(job: Job, limits: Limits, deliver: Any) -> dict[str, Any]:
    """Check a text in this process; `deliver` gets the answer at a limit, and has to exit."""
    from ..errors import InputRejected, SourceRejected
    from ..inputs import parse_input
    from ..rule import Rule
    from ..tracing import Trace
    from . import check_trace

    try:
        rule = Rule.from_source(job.source, job.function)
        args, kwargs = parse_input(job.arguments)
        trace = Trace(
            rule,
            args,
            kwargs,
            max_steps=limits.steps,
            max_characters=limits.output * MIB,
            on_limit=lambda status: deliver(_answer(status)),
        ).run()
    except SourceRejected as refusal:
        return _answer("rejected_source", str(refusal))
    except InputRejected as refusal:
        return _answer("rejected_input", str(refusal))
    if isinstance(trace.exception, MemoryError):
        return _answer("limit_memory")
    if isinstance(trace.exception, RecursionError):
        return _answer("limit_depth")
    verdict = check_trace(trace, job.text, job.style)
    return {**_answer("ok"), "verdict": verdict.to_json()}


def serve() -> NoReturn:
    """Do the job that standard input holds and answer on standard output."""
    import signal
    import threading

    reply = os.dup(1)
    request = json.load(sys.stdin.buffer)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    limits = Limits(**request["limits"])
    _limit_resources(limits)

    def deliver(answer: dict[str, Any]) -> NoReturn:
        view = memoryview(json.dumps(answer).encode())
        while view:
            view = view[os.write(reply, view) :]
        os._exit(0)

    def over() -> None:
        deliver(_answer("limit_time"))

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    watch = threading.Timer(limits.seconds + _JUDGE_SECONDS / 2, over)
    watch.daemon = True
    watch.start()
    try:
        answer = judge_here(Job(**request["job"]), limits, deliver)
    except MemoryError:
        answer = _answer("limit_memory")
    except Exception as problem:
        answer = _answer("crashed", f"{type(problem).__name__}: {problem}")
    deliver(answer)


def _answer(status: str, message: str = "") -> dict[str, Any]:
    return {"status": status, "message": message, "verdict": None}


def _environment() -> dict[str, str]:
    needed = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH")
    kept = {name: os.environ[name] for name in needed if name in os.environ}
    return {**kept, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}


def _limit_resources(limits: Limits) -> None:
    import contextlib
    import resource

    memory = (limits.memory + 1024) * MIB
    seconds = int(limits.seconds + _JUDGE_SECONDS) + 1
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        with contextlib.suppress(OSError, ValueError):  # no such limit on this system
            resource.setrlimit(kind, (most, most))
