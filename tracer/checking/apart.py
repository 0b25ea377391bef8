"""Checks in processes of their own, under limits: `judge_apart` and `judge_all` are the boundary.

A rule, arguments, texts and limits go in, plain JSON comes out. The rule is compiled and run on the
other side only, in a process that can open no file and reach nothing outside, where the system has
means for that; what it says of its own texts is not to be relied on if the rule is hostile.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from ..run import MIB, Limits

if TYPE_CHECKING:
    from ..rule import Rule

_START_SECONDS = 30.0  # for a fresh interpreter to load the tracer on a busy machine
_JUDGE_SECONDS = 120.0  # for reading the text
_LONGEST = 1 << 24  # bytes of an answer
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
    (answer,) = judge_all([job], limits)
    return answer


def judge_all(jobs: Sequence[Job], limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield for each job what `judge_apart` returns.

    The jobs are of one rule, function and style. One process does them one after the other; a job
    that ends it has its own answer, and the others get a new one. Raises OSError.
    """
    left = list(jobs)
    while left:
        answers = _in_process(left, limits)
        yield from answers
        left = left[len(answers) :]


def _in_process(jobs: Sequence[Job], limits: Limits) -> list[dict[str, Any]]:
    """Return the answers of one process, of one job at the least."""
    request = json.dumps({"jobs": [asdict(job) for job in jobs], "limits": asdict(limits)})
    seconds = limits.seconds + _JUDGE_SECONDS
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        # The process ends itself if a job takes too long; this is in case it cannot.
        watch = threading.Timer(_START_SECONDS + seconds * len(jobs), process.kill)
        watch.start()
        answers: list[dict[str, Any]] = []
        try:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(request.encode())
                process.stdin.close()
            while len(answers) < len(jobs):
                line = process.stdout.readline(_LONGEST)
                if not line.endswith(b"\n"):
                    break
                answers.append(_believed(line))
        except ValueError:
            answers.append(_answer("crashed", "the rule's process sent no answer"))
        finally:
            watch.cancel()
            process.kill()
    if not answers:
        answers.append(_answer("crashed", "the rule's process ended without an answer"))
    return answers


def _believed(line: bytes) -> dict[str, Any]:
    """Return an answer. Raises ValueError if that is none."""
    answer = json.loads(line)
    if not isinstance(answer, dict) or answer.keys() != _answer("").keys():
        raise ValueError("no answer")
    return answer


def judge_here(
    rule: "Rule", job: Job, limits: Limits, deliver: Callable[[dict[str, Any]], NoReturn]
) -> dict[str, Any]:
    """Check a text in this process; `deliver` gets the answer at a limit, and has to exit."""
    from ..errors import InputRejected
    from ..inputs import parse_input
    from ..tracing import Trace
    from . import check_trace

    try:
        args, kwargs = parse_input(job.arguments)
        trace = Trace(
            rule,
            args,
            kwargs,
            max_steps=limits.steps,
            max_characters=limits.output * MIB,
            on_limit=lambda status: deliver(_answer(status)),
        ).run()
    except InputRejected as refusal:
        return _answer("rejected_input", str(refusal))
    if isinstance(trace.exception, MemoryError):
        return _answer("limit_memory")
    if isinstance(trace.exception, RecursionError):
        return _answer("limit_depth")
    verdict = check_trace(trace, job.text, job.style)
    return {**_answer("ok"), "verdict": verdict.to_json()}


def serve() -> NoReturn:
    """Do the jobs that standard input holds; answer each with a line on standard output."""
    import signal

    from ..errors import SourceRejected
    from ..rule import Rule

    reply = os.dup(1)
    request = json.load(sys.stdin.buffer)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    limits = Limits(**request["limits"])
    jobs = [Job(**job) for job in request["jobs"]]

    def send(answer: dict[str, Any]) -> None:
        view = memoryview(json.dumps(answer).encode() + b"\n")
        while view:
            view = view[os.write(reply, view) :]

    def deliver(answer: dict[str, Any]) -> NoReturn:
        send(answer)
        os._exit(0)

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    started = time.monotonic()

    def watch() -> NoReturn:
        while time.monotonic() - started < limits.seconds + _JUDGE_SECONDS / 2:
            time.sleep(0.1)
        deliver(_answer("limit_time"))

    threading.Thread(target=watch, daemon=True).start()
    _lock_in(jobs[0], limits, len(jobs))
    try:
        rule = Rule.from_source(jobs[0].source, jobs[0].function)
    except SourceRejected as refusal:
        deliver(_answer("rejected_source", str(refusal)))
    for job in jobs:
        started = time.monotonic()
        try:
            answer = judge_here(rule, job, limits, deliver)
        except MemoryError:
            deliver(_answer("limit_memory"))
        except Exception as problem:
            answer = _answer("crashed", f"{type(problem).__name__}: {problem}")
        send(answer)
    os._exit(0)


def _lock_in(job: Job, limits: Limits, jobs: int) -> None:
    """Give up all that is not needed to compute and answer, as far as this system can."""
    import importlib
    import resource

    from ..sandbox.zygote import _LIBRARY
    from ..styles import load

    for name in (*_LIBRARY, "astor", "..work"):
        importlib.import_module(name, __package__)
    load(job.style)
    if "async" in job.source:  # as the sandbox has it
        from ..sandbox.loop import prepare

        prepare()
    memory = (limits.memory + 1024) * MIB
    seconds = int((limits.seconds + _JUDGE_SECONDS) * jobs) + 1
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        with contextlib.suppress(OSError, ValueError):  # no such limit on this system
            resource.setrlimit(kind, (most, most))
    if sys.platform.startswith("linux"):
        from ..sandbox import linux
        from ..work import STAND_STILL

        for protect in (
            linux.gain_no_privileges,
            linux.forbid_files,
            linux.hide_from_others,
            lambda: linux.SystemCallFilter(STAND_STILL).load(),
        ):
            with contextlib.suppress(OSError):  # this kernel does not have it
                protect()


def _answer(status: str, message: str = "") -> dict[str, Any]:
    return {"status": status, "message": message, "verdict": None}


def _environment() -> dict[str, str]:
    needed = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH")
    kept = {name: os.environ[name] for name in needed if name in os.environ}
    return {**kept, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
