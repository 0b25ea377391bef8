"""Tasks whose own code runs in the sandbox, for files that the caller has not vouched for.

A task's module body, ``inputs``, ``question``, ``oracle`` and type hints need nothing but values in
and out. So they are run where rules are (`rfft.tracer.sandbox`), with its limits, and what comes
back is JSON. `guarded` says which tasks are run so: all but those of this installation, and those
that are trusted. Instances, questions and answers are the same either way.
"""

import ast
import atexit
import contextlib
import functools
import json
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from rfft.tracer.inputs import pack
from rfft.tracer.sandbox import Limits, Sandbox
from rfft.tracer.sandbox import Task as Request
from rfft.tracer.values.show import show

from . import discovery
from .errors import TaskNotFound, TaskRejected
from .hints import hints
from .plain import NotPlain, decoded, encoded
from .task import Task, number_for, raised

TRUST = "--trust runs it as your own, unprotected"
LIMITS = Limits(seconds=20.0, cpu=10.0, memory=512, output=16)
"""What code of a task may take for one request."""

_MOST = 1000  # instances that are made ahead
_QUESTIONS = 20_000  # that are remembered
_FILE = """
def answer(request):
    names = {{"__name__": "inside"}}
    exec({inside!r}, names)
    return names["answer"]({text!r}, request)
"""


def guarded(task: Task, trust: bool = False, unprotected: bool = False) -> Task:
    """Return a task whose own code runs in the sandbox, if it is not trusted.

    What stands word for word in the library, or in an installed package, is trusted anyway. Where
    nothing holds code back, none is run, unless `unprotected` allows it.
    """
    if trust or _is_installed(task):
        return task
    made = SandboxedTask(task.text, task.id, task.path, task.function)
    made.unprotected = unprotected
    return made


def _is_installed(task: Task) -> bool:
    path = _installed().get(task.id)
    try:
        return path is not None and Task.from_file(path).text == task.text
    except TaskRejected:
        return False


@functools.cache
def _installed() -> dict[str, Path]:
    try:
        return discovery.find()
    except (TaskNotFound, TaskRejected):  # a package that is not in order
        return discovery.find([discovery.LIBRARY], library=False)


class SandboxedTask(Task):
    """A task none of whose code is run in this process."""

    def __init__(
        self, text: str, name: str, path: Path | None = None, function: str | None = None
    ) -> None:
        super().__init__(text, name, path, function)
        self.unprotected = False
        self._ahead: dict[tuple[int, int, int], tuple[Any, ...]] = {}
        self._next: tuple[int, int, int] | None = None
        self._count = 1  # instances that the next request is for
        self._questions: dict[tuple[str, ...], str] = {}

    @functools.cached_property
    def module(self) -> ModuleType:
        raise TaskRejected(f"{self.where}: its code is not run in this process; {TRUST}")

    def arguments(self, length: int, seed: int = 0, index: int = 0) -> tuple[Any, ...]:
        """Return the arguments of an instance; see `Task`.

        Who asks for one after the other has the next ones made ahead, ever more of them.
        """
        self._check_length(length)
        place = (length, seed, index)
        if place not in self._ahead:
            self._count = min(2 * self._count, _MOST) if place == self._next else 1
            numbers = range(index, index + self._count)
            each = [[length, number_for(self.id, seed, length, n)] for n in numbers]
            made = self._some("inputs", each)
            self._ahead = {
                (length, seed, n): self._instance(one)
                for n, one in zip(numbers, made, strict=False)
            }
            self._next = (length, seed, index + len(made))
        # Whoever gets arguments may change them.
        return self._ahead.pop(place)

    def inputs(self, length: int, rng: Random) -> tuple[Any, ...]:
        """Return arguments of this length, made with `rng`. Raises TaskRejected."""
        self._check_length(length)
        (made,) = self._some("inputs", [[length, rng.getstate()]])
        values = self._instance(made)
        try:
            version, state, gauss = made[2]
            rng.setstate((version, tuple(state), gauss))
        except (TypeError, ValueError, OverflowError):
            raise self._odd() from None
        return values

    def _instance(self, made: Any) -> tuple[Any, ...]:
        """Return the arguments that a request has given, and remember their question."""
        try:
            values, question, _ = made
            arguments = self._as_arguments(decoded(values))
        except (NotPlain, ValueError) as problem:
            raise problem if isinstance(problem, TaskRejected) else self._odd() from None
        if isinstance(question, str):
            if len(self._questions) > _QUESTIONS:
                self._questions.clear()
            self._questions[tuple(map(show, arguments))] = question
        return arguments

    def _asked(self, arguments: tuple[Any, ...], texts: tuple[str, ...]) -> Any:
        if texts not in self._questions:
            (question,) = self._some("question", [self._given(arguments)])
            self._questions[texts] = self._value(question)
        return self._questions[texts]

    def oracles(self, instances: Iterable[tuple[Any, ...]]) -> list[Any]:
        """Return what `oracle` gives for many instances; see `Task`."""
        if not self.has_oracle:
            raise TaskRejected(f"{self.where}: has no oracle")
        each = list(map(self._given, instances))
        answers: list[Any] = []
        while len(answers) < len(each):
            try:
                some = self._some("oracle", each[len(answers) :])
                answers += map(self._value, some)
            except TaskRejected as rejected:
                answers.append(rejected)
        return answers

    # Requests

    def _some(self, call: str, each: Sequence[Any]) -> list[Any]:
        """Return what a function gives, for the first ones of `each`: at least for one.

        Raises TaskRejected for the first one.
        """
        asked = {
            "task": self.id,
            "where": self.where,
            "typing": list(self._whole.typing_names),
            "hints": None if self.has_inputs else self._hints,
            "has_question": self.has_question,
            "call": call,
        }
        if not self.unprotected and protection()["level"] == "none":
            raise TaskRejected(f"{self.where}: nothing holds its code back here; {TRUST}")
        record = _do(self._file, json.dumps({**asked, "each": each}))
        if record["status"] != "ok" and len(each) > 1:
            record = _do(self._file, json.dumps({**asked, "each": each[:1]}))
        if record["status"] != "ok":
            raise TaskRejected(f"{self.where}: {call} {_why(record)}; {TRUST}")
        try:
            said = json.loads(ast.literal_eval(record["answer"]))
            if "failed" in said:
                what, kind, message, line = said["failed"]
                place = f" in line {line}" if line else ""
                more = f"; {TRUST}" if kind in ("ModuleNotFoundError", "ImportError") else ""
                raise TaskRejected(f"{self.where}: {raised(what, kind, message)}{place}{more}")
            if "unclear" in said:
                raise TaskRejected(f"{self.where}: {said['unclear']}")
            if "foreign" in said:
                raise TaskRejected(
                    f"{self.where}: {call} gave more than values: {said['foreign']}; {TRUST}"
                )
            results = said["results"]
            if not isinstance(results, list) or not 0 < len(results) <= len(each):
                raise self._odd()
        except TaskRejected:
            raise
        except (ValueError, TypeError, KeyError, SyntaxError, RecursionError, MemoryError):
            raise self._odd() from None
        return results

    @functools.cached_property
    def _file(self) -> str:
        return _FILE.format(inside=_inside(), text=self._whole.source)

    @functools.cached_property
    def _hints(self) -> list[tuple[str, str]]:
        return hints(self.rule, self.where)

    def _given(self, arguments: tuple[Any, ...]) -> Any:
        try:
            return encoded(list(arguments))
        except NotPlain as problem:
            raise TaskRejected(f"{self.where}: {problem}; {TRUST}") from None

    def _value(self, data: Any) -> Any:
        try:
            return decoded(data)
        except (NotPlain, RecursionError):
            raise self._odd() from None

    def _odd(self) -> TaskRejected:
        return TaskRejected(f"{self.where}: its code has answered with something odd")


def _why(record: dict[str, Any]) -> str:
    """Say why the sandbox has ended a request."""
    if record["tainted"]:
        return f"has tampered: {record['tainted'][0]}"
    exception = record["exception"] or {}
    if record["status"].startswith("limit_"):
        return f"went past its limits ({record['status']})"
    said = " ".join(f"{exception.get('type')}: {exception.get('message')}".split())
    return f"was stopped: {said[:300]}"


@functools.cache
def _inside() -> str:
    """Return the text of what answers in the sandbox."""
    texts = [Path(__file__).with_name(f"{name}.py").read_text() for name in _PARTS]
    lines = (line for text in texts for line in text.split("\n"))
    return "\n".join(line for line in lines if not line.startswith("from ."))


_PARTS = ("makers", "plain", "inside")
_STYLE = "direct"  # of which the answer is all
_TRIES = 3
_lock = threading.Lock()
_sandboxes: dict[int, Sandbox] = {}  # by process


def _do(file: str, request: str) -> dict[str, Any]:
    """Return the record of a request. Raises TaskRejected if there is no process for it."""
    text = repr(request)
    task = Request(
        file, (text,), "answer", (_STYLE,), ("-",), steps=False, packed=(pack((request,), text),)
    )
    with _sandbox() as sandbox:
        for _ in range(_TRIES):
            (record,) = sandbox.run(task)
            if record["status"] != "crashed":  # which may be the machine's doing
                break
    return record


def protection() -> dict[str, Any]:
    """Return how well code of tasks is held back (`Sandbox.protection`). Raises TaskRejected."""
    with _sandbox() as sandbox:
        return sandbox.protection()


@contextlib.contextmanager
def _sandbox() -> Iterator[Sandbox]:
    """Lend the sandbox of this process. Raises TaskRejected if there is no process for it."""
    try:
        with _lock:
            if os.getpid() not in _sandboxes:
                sandbox = _sandboxes[os.getpid()] = Sandbox((_STYLE,), limits=LIMITS)
                atexit.register(sandbox.close)
                sandbox.start()
            yield _sandboxes[os.getpid()]
    except OSError as error:
        reason = error.strerror or error
        raise TaskRejected(f"no process to run a task's code in: {reason}") from None
