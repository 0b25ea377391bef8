"""Runs a rule in a process of its own, under limits, and returns the record of its trace.

`run` is the boundary: texts and limits go in, a record that is plain JSON comes out. Nothing of
the rule, its input or its style is parsed or run on this side. The other side (`rfft.tracer.child`)
is a fresh interpreter with an empty environment, a fixed hash seed, no standard input and nothing
printed. It answers through a pipe:

    R                  ready: the clock starts
    A                  answering: the rule has ended, or a limit has ended it
    length, record     eight bytes, and as many bytes of JSON as they say

A limit ends that process; it is never raised into the rule, which could swallow it. A thread there
answers at the deadline with the trace made so far. If it cannot (the rule sits in one long
operation that holds the interpreter), this side ends the process without a trace.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import IO, Any, NoReturn

from .errors import StyleNotFound

Record = dict[str, Any]
"""A trace as plain JSON: the keys of ``Trace.to_json`` and ``status``, ``protection``, ``tainted``.

``exception`` also says why a source or an input was refused and how a process crashed. ``stats``
also has ``printed``: how many characters the rule printed; they are in no trace.
"""

STATUSES = frozenset(
    "ok rule_error limit_steps limit_time limit_memory limit_output limit_depth blocked crashed "
    "rejected_source rejected_input tainted".split()
)
"""What ``status`` of a record can be."""

MIB = 1 << 20
ANSWER_SECONDS = 120.0
"""How long the other side may take to put a trace together and send it."""

_START_SECONDS = 30.0  # for a fresh interpreter to load the tracer on a busy machine
_GRACE_SECONDS = 1.0  # after the deadline, for the other side to begin its answer
_CHILD = "from rfft.tracer.child import serve; serve()"


@dataclass(frozen=True)
class Limits:
    """What one run may take.

    `steps` are recorded steps; `seconds` are wall-clock time of the rule; `memory` is in MiB, on
    top of what the tracer itself needs; `output` is in MiB (2**20) of recorded characters.
    """

    steps: int = 1_000_000
    seconds: float = 10.0
    memory: int = 1024
    output: int = 16

    @property
    def reply(self) -> int:
        """The longest record that is sent, in bytes."""
        # A value comes several times: in the response, before, after and worked out.
        return (16 * self.output + 256) * MIB


@dataclass(frozen=True)
class Job:
    """What one run is about; see `run` for what the fields mean."""

    source: str
    arguments: str
    function: str | None
    style: str
    question: str | None
    limits: Limits

    def record(self, status: str, problem: Exception | None = None) -> Record:
        """Return a record without a trace; `problem` says why there is none."""
        exception = problem and {"type": type(problem).__name__, "message": str(problem)}
        return {
            "status": status,
            "rule": {"function": self.function or "", "source": self.source},
            "input": self.arguments,
            "prompt": "",
            "response": "",
            "answer": None,
            "result": None,
            "exception": exception,
            "steps": [],
            "stats": {"steps": 0, "iterations": 0, "characters": 0, "printed": 0},
        }


class Crashed(Exception):
    """Why a run has no trace through no fault of source or input; the record's ``exception``."""


def run(
    source: str,
    arguments: str,
    *,
    function: str | None = None,
    style: str = "rfft",
    question: str | None = None,
    limits: Limits | None = None,
) -> Record:
    """Trace a rule in a process of its own and return the record, whatever the rule does.

    `source` is the text of a Python file, `arguments` what stands between the parentheses of the
    call, `function` the rule's name if the file has several, `style` the name or the file of a
    style. Raise `StyleNotFound` if there is no such style, and `OSError` if no process can be made.
    """
    job = Job(source, arguments, function, style, question, limits or Limits())
    if os.name != "posix":
        raise OSError("this system has no processes that can be limited")
    # macOS accepts a limit on the address space and does not enforce it.
    missing = [] if sys.platform.startswith("linux") else ["memory limit"]
    protection = {"level": "partial", "missing": [*missing, "system-call filter"]}
    return {**_converse(job), "protection": protection, "tainted": []}


def run_here(
    source: str,
    arguments: str,
    deliver: Callable[[Record], NoReturn],
    *,
    function: str | None = None,
    style: str = "rfft",
    question: str | None = None,
    limits: Limits | None = None,
) -> Record:
    """Trace a trusted rule in this process and return the record; otherwise like `run`.

    A limit cannot end the rule without ending this process: `deliver` is called with the record,
    from another thread, and has to exit. Raise `KeyboardInterrupt` if that is what ended the rule.
    """
    from .child import Work

    job = Job(source, arguments, function, style, question, limits or Limits())
    missing = ["separate process", "system-call filter"]
    extra: Record = {"protection": {"level": "none", "missing": missing}, "tainted": []}
    work = Work(job, lambda record: deliver({**record, **extra}))
    record = work.perform()
    if work.trace is not None and type(work.trace.exception) is KeyboardInterrupt:
        raise KeyboardInterrupt
    return {**record, **extra}


def _converse(job: Job) -> Record:
    """Have a fresh process do the job; return its record, or one that says why there is none."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-s", "-c", _CHILD],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        # A session of its own: Ctrl-C reaches this process alone, and what the rule starts can be
        # ended together with it.
        start_new_session=True,
    )
    try:
        return _exchange(process, job)
    except TimeoutError:
        return job.record("limit_time")
    except Crashed as problem:
        # The CPU limit is the last resort against a process that nobody watches any more.
        over = process.returncode == -signal.SIGXCPU
        return job.record("limit_time") if over else job.record("crashed", problem)
    finally:
        _end(process)


def _environment() -> dict[str, str]:
    # Only what an interpreter may need to start. The seed is fixed so that a rule that walks
    # through a set goes the same way every time.
    needed = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH")
    kept = {name: os.environ[name] for name in needed if name in os.environ}
    return {**kept, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}


def _exchange(process: "subprocess.Popen[bytes]", job: Job) -> Record:
    assert process.stdin is not None
    assert process.stdout is not None
    request = json.dumps(asdict(job)).encode()
    # That the process has died is noticed when its answer is read.
    with contextlib.suppress(BrokenPipeError):
        _write(process.stdin, len(request).to_bytes(8, "big") + request)
    pipe = process.stdout
    try:
        _receive(pipe, 1, _START_SECONDS)
    except (EOFError, TimeoutError):
        raise Crashed("the tracer's own process did not start") from None
    try:
        _receive(pipe, 1, job.limits.seconds + _GRACE_SECONDS)
        length = int.from_bytes(_receive(pipe, 8, ANSWER_SECONDS), "big")
        if length > job.limits.reply:
            raise Crashed(f"the rule's process wants to send {length:,} bytes")
        return _checked(json.loads(_receive(pipe, length, ANSWER_SECONDS)), job)
    except EOFError:
        raise Crashed(_last_words(process)) from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Crashed("the rule's process sent what is not JSON") from None


def _checked(reply: Any, job: Job) -> Record:
    """Return what came back if it is a record: a rule can reach the pipe, too."""
    if isinstance(reply, dict):
        if reply.keys() == {"style"}:
            raise StyleNotFound(reply["style"])
        if reply.keys() == job.record("").keys() and reply["status"] in STATUSES:
            return reply
    raise Crashed("the rule's process sent what is not a record")


def _write(pipe: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:  # a pipe without a buffer may take a part only
        view = view[pipe.write(view) :]


def _receive(pipe: IO[bytes], count: int, seconds: float) -> bytes:
    """Read `count` bytes; raise `TimeoutError` after `seconds`, `EOFError` if they never come."""
    import selectors

    chunks = []
    deadline = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while count:
            # The end of the process would not do as a sign: what the rule has started may hold
            # the pipe open for longer.
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            chunk = os.read(pipe.fileno(), min(count, MIB))
            if not chunk:
                raise EOFError
            chunks.append(chunk)
            count -= len(chunk)
    return b"".join(chunks)


def _last_words(process: "subprocess.Popen[bytes]") -> str:
    """Say how a process ended that closed its pipe without an answer."""
    try:
        code = process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        return "the rule cut the connection to the tracer"
    if code >= 0:
        return f"the rule's process ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = "unnamed"
    return f"the rule's process was ended by signal {-code} ({name})"


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that it has started, and close the pipes to it."""
    # macOS forbids a signal to a group that has only ended processes.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()
