"""What is said between the three processes, and what is believed of it.

The supervisor sends a token and a *request* to the zygote, together with the write end of a pipe.
The process that the zygote forks for it answers through that pipe in frames: a letter, a length of
eight bytes, and as many bytes:

    T   reason             the rule has tampered with something; kept whatever else comes
    A   token              answering: the rule has ended, or a limit has ended it
    R   token, lines       the record of one input: JSON, then a line of JSON for each step
    Q   token, texts       of several inputs whose runs have ended well: JSON, then their responses

When that process has ended, the zygote sends a `Report`. The rule can write into the pipe, too.
So a frame is believed only if its length and letter fit, A, R and Q only with the token of the
request, and a record only if it has the form of one (`check_record`).
"""

import json
import os
import re
import select
import struct
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from ..records import STATUSES, Record, Task
from .asked import is_input, is_named

TOKEN_SIZE = 16
MAX_REASON = 300
MAX_REASONS = 20
HEAD = struct.Struct("<cQ")
"""A letter and a length: what begins a frame, and a message to a zygote or from it."""

LEFT = 75
"""The exit code of a process that leaves inputs to the thorough way."""

QUICK, STEPWISE, TOGETHER = "quick", "stepwise", "together"
"""The ways to do tasks, as requests name them: the modules that do."""

TASK, KILL = b"J", b"K"
"""Messages to a zygote: do a task (JSON follows), end the process that does one."""

_REPORT = struct.Struct("<iQ")
REPORT_SIZE = _REPORT.size
_write = os.write  # which a rule may replace


class Forged(Exception):
    """What came through the pipe is nothing that the sandbox itself sends; says what is wrong."""


class Report(NamedTuple):
    """How a process has ended: its wait status, and how many steps it had recorded."""

    status: int
    steps: int

    def pack(self) -> bytes:
        """Return the bytes that say so."""
        return _REPORT.pack(self.status, self.steps)

    @classmethod
    def unpack(cls, data: bytes) -> "Report":
        """Return what `pack` has packed."""
        return cls(*_REPORT.unpack(data))


def frame(letter: bytes, payload: bytes) -> bytes:
    """Return a frame."""
    return HEAD.pack(letter, len(payload)) + payload


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`, however little the pipe takes at once."""
    view = memoryview(data)
    while view:
        view = view[_write(descriptor, view) :]


class Frames:
    """Reads frames from a pipe whose other end is not trusted."""

    def __init__(self, descriptor: int, token: bytes, longest: int) -> None:
        self._descriptor = descriptor
        self._token = token
        self._longest = longest
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)
        self._buffer = bytearray()
        self.reasons: list[str] = []  # of T frames

    def next(self, deadline: float) -> tuple[str, memoryview] | None:
        """Return the next A, R or Q frame without its token, or None at the end of the pipe.

        Raise `TimeoutError` at the (monotonic) deadline, and `Forged`.
        """
        while True:
            head = self._receive(HEAD.size, deadline)
            if not head:
                return None
            letter, length = HEAD.unpack(head)
            if letter == b"T" and length <= MAX_REASON and len(self.reasons) < MAX_REASONS:
                reason = self._receive(length, deadline, whole=True)
                self.reasons.append(str(reason, "utf-8", "backslashreplace"))
            elif letter == b"A" and length == TOKEN_SIZE:
                return "A", self._proved(TOKEN_SIZE, deadline)
            elif letter in (b"R", b"Q") and TOKEN_SIZE <= length <= self._longest + TOKEN_SIZE:
                return letter.decode(), self._proved(length, deadline)
            else:
                raise Forged("the rule's process sent what is not a record")

    def _proved(self, length: int, deadline: float) -> memoryview:
        if self._receive(TOKEN_SIZE, deadline, whole=True) != self._token:
            raise Forged("the rule's process sent what is not a record")
        return self._receive(length - TOKEN_SIZE, deadline, whole=True)

    def _receive(self, count: int, deadline: float, *, whole: bool = False) -> memoryview:
        """Read `count` bytes; return none at the end of the pipe, or raise `Forged` if `whole`.

        What is returned is good until the next call.
        """
        if len(self._buffer) < count:
            self._buffer = bytearray(count)
        data, size = memoryview(self._buffer)[:count], 0
        while size < count:
            left = deadline - time.monotonic()
            # Always look once, or else what has been sent long ago would be lost.
            if not self._poll.poll(max(0.0, left) * 1000):
                raise TimeoutError
            more = os.readv(self._descriptor, [data[size:]])
            if not more:
                if size or whole:
                    raise Forged("the rule's process sent half a record")
                return data[:0]
            size += more
        return data


class Ran(NamedTuple):
    """A run that has ended well. `input` is None if its text is that of the task.

    `prompt` is the number of its prompts (one for each style), `responses` have one for each style.
    """

    answer: str
    steps: int
    iterations: int
    input: str | None
    prompt: int
    responses: list[str]


def pack_texts(function: str, prompts: list[list[str]], runs: Sequence[Ran | None]) -> bytes:
    """Return the payload of a Q frame; responses go as they are, for they are long.

    None stands for an input that is left to the thorough way.
    """
    responses = [r.encode("utf-8", _SURROGATES) for run in runs if run for r in run.responses]
    sizes = iter(map(len, responses))
    said = [run and [*run[:5], *[next(sizes) for _ in run.responses]] for run in runs]
    head = json.dumps([function, prompts, said]).encode()
    return b"".join((_LENGTH.pack(len(head)), head, *responses))


_LENGTH = struct.Struct("<Q")


_FREE = 1 << 16  # characters around texts that a reply may have anyhow


def _sparse(data: memoryview, more: int = 0) -> str:
    """Return JSON if nearly all of it are texts, `more` characters aside.

    Raises Forged, and ValueError if it is not ASCII.

    What a list or an object costs to read is many times what it takes to write.
    """
    if len(data) > _FREE + more:
        most, end = _FREE + more + len(data) // 32, 0
        for text in _TEXTS.finditer(data):
            most -= text.start() - end
            end = text.end()
            if most < 0:
                break
        if most < len(data) - end:
            raise Forged("the rule's process sent a reply of nothing but brackets")
    return str(data, "ascii")


_TEXTS = re.compile(rb'"(?:[^"\\]++|\\.)*+"')


def pack_record(record: Record, encode: Callable[[Any], str]) -> bytes:
    """Return the payload of an R frame: a line of JSON for the record, and one for each step."""
    lines = [{**record, "steps": []}, *record["steps"]]
    return "\n".join(map(encode, lines)).encode()


def record_of(payload: memoryview, most: int) -> Record:
    """Return the record that an R frame holds. Raises Forged, ValueError and RecursionError.

    Step by step, so that what is no step never grows. Payload and steps together take at most about
    `most` bytes of memory: a record with more steps than that loses them.
    """
    lines = _lines(payload)
    head = next(lines)
    record = check_record(json.loads(_sparse(head)))
    room = most - len(payload) - 2 * len(head)  # its texts, which were there twice
    steps = _Steps()
    for line in lines:
        step = steps.read(_sparse(line))
        if not _is_step(step):
            raise Forged("the rule's process sent what is not a step")
        record["steps"].append(step)
        if steps.taken > room:
            return without_steps(record)
    return record


def without_steps(record: Record) -> Record:
    """Return the record of a run whose steps are too many to be told."""
    status = record["status"]
    if not status.startswith("limit_"):
        nothing = dict.fromkeys(("answer", "result", "exception"))
        status, record = "limit_output", {**record, **nothing}
    return {**record, "status": status, "steps": []}


class _Steps:
    """Reads steps, whose texts are mostly the same ones: each is kept once.

    `taken` is how many bytes of memory they take.
    """

    def __init__(self) -> None:
        self.taken = 0
        self.read: Callable[[str], Any] = json.JSONDecoder(object_pairs_hook=self._object).decode
        self._texts: dict[str, str] = {}

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(self._texts) > _SHARED:
            self._texts.clear()
        made = {self._shared(k): self._shared(v) if type(v) is str else v for k, v in pairs}
        items = 1 + sum(2 + len(v) for v in made.values() if type(v) is list)
        self.taken += sys.getsizeof(made) + _OF_ITEM * items
        return made

    def _shared(self, text: str) -> str:
        known = self._texts.get(text)
        if known is None:
            known = self._texts[text] = text
            self.taken += sys.getsizeof(text)
        return known


_SHARED = 10_000  # texts that are looked for
_OF_ITEM = 40  # bytes that a number takes, and its place in a list


def _lines(payload: memoryview) -> Iterator[memoryview]:
    """Yield the lines of a payload."""
    position = 0
    for end in _NEWLINE.finditer(payload):
        yield payload[position : end.start()]
        position = end.end()
    yield payload[position:]


_NEWLINE = re.compile(rb"\n")


def records_of(payload: memoryview, task: Task, indices: Sequence[int]) -> list[Record]:
    """Return the records of the first of these inputs, from a Q frame. Raises Forged.

    That of an input that is left to the thorough way is empty.
    """
    try:
        (size,) = _LENGTH.unpack_from(payload)
        position = _LENGTH.size + size
        more = len(indices) * (100 + 20 * len(task.styles))
        head = _sparse(payload[_LENGTH.size : position], more)
        function, prompts, runs = json.loads(head)
        if not all(type(text) is str for text in (function, *chain.from_iterable(prompts))):
            raise ValueError
        if not is_named(function, task):
            raise ValueError
        records: list[Record] = []
        for index, run in zip(indices, runs, strict=False):
            if run is None:
                records.append({})
                continue
            answer, steps, iterations, text, prompt, *sizes = run
            numbers = (steps, iterations, prompt, *sizes)
            if type(answer) is not str or not all(type(n) is int and n >= 0 for n in numbers):
                raise ValueError
            responses = []
            for size in sizes:
                responses.append(str(payload[position : position + size], "utf-8", _SURROGATES))
                position += size
            styled = list(zip(prompts[prompt], responses, strict=True))
            record = task.record(index, "ok")
            record["rule"] = {"function": function, "source": task.source}
            record["prompt"], record["response"] = styled[0]
            record["answer"] = record["result"] = answer
            record["stats"]["steps"] = steps
            record["stats"]["iterations"] = iterations
            record["stats"]["characters"] = len(responses[0])
            if type(text) is str:
                record["input"] = text
            if not is_input(record["input"], task, index):
                raise ValueError
            for name, (asked, response) in zip(task.styles[1:], styled[1:], strict=True):
                record["texts"][name] = {"prompt": asked, "response": response}
            record["tainted"] = []
            records.append(record)
    except (ValueError, TypeError, LookupError, struct.error, RecursionError):
        raise Forged("the rule's process sent what is no texts") from None
    if len(runs) > len(records) or not runs or position != len(payload):
        raise Forged("the rule's process sent more than its records")
    return records


_SURROGATES = "surrogatepass"  # a rule's text may have half a pair

_TEXT = (str,)
_TEXT_OR_NONE = (str, type(None))
_NAMED = {"before", "after"}
_STATES = ("state", "left")


def check_record(data: Any) -> Record:
    """Return `data` if it has the form of a record; raise `Forged` otherwise."""
    form = {
        "status": _TEXT, "rule": (dict,), "input": _TEXT, "prompt": _TEXT, "response": _TEXT,
        "answer": _TEXT_OR_NONE, "result": _TEXT_OR_NONE, "exception": (dict, type(None)),
        "steps": (list,), "stats": (dict,),
    }  # fmt: skip
    good = (
        _fits(data, form, {"texts": (dict,), "verdict": (dict,)})
        and data["status"] in STATUSES
        and _fits(data["rule"], {"function": _TEXT, "source": _TEXT})
        and _fits(data["stats"], dict.fromkeys(_STATS, (int,)))
        and min(data["stats"].values()) >= 0
        and (
            data["exception"] is None or _fits(data["exception"], {"type": _TEXT, "message": _TEXT})
        )
        and all(_fits(t, _PAIR) for t in data.get("texts", {}).values())
        and all(map(_is_step, data["steps"]))
        and ("verdict" not in data or _is_verdict(data["verdict"]))
    )
    if not good:
        raise Forged("the rule's process sent what is not a record")
    record: Record = data
    return record


_STATS = ("steps", "iterations", "characters", "printed")
_PAIR = {"prompt": _TEXT, "response": _TEXT}
_STEP = {"kind": _TEXT, "line": (int,), "source": _TEXT, "depth": (int,), "frame": (int,)}
_STEP_MORE = {
    "lines": (list,),
    "parts": (list,),
    "same": (list,),
    "before": (dict,),
    "after": (dict,),
    "evaluated": (list,),
    "outcome": (str, bool, type(None)),
    "state": (list,),
    "left": (list,),
}
_WORKED = {"source": _TEXT, "value": _TEXT}


_VERDICT = {
    "right": (bool,), "line": (int, type(None)), "kind": _TEXT_OR_NONE, "reason": _TEXT_OR_NONE,
    "expected": _TEXT, "given": _TEXT, "loops": (list,), "steps": (int,), "right_steps": (int,),
    "lines": (int,), "right_lines": (int,), "true_lines": (int,), "true_steps": (int,),
    "unread": (bool,), "share": (float, int), "walk": (list,),
}  # fmt: skip
_LOOP = {"line": (int,), "source": _TEXT, "stated": (int,), "true": (int,)}


def _fits(
    data: Any,
    form: Mapping[str, tuple[type, ...]],
    more: Mapping[str, tuple[type, ...]] | None = None,
) -> bool:
    """Tell whether `data` is an object with just these keys, and values of these types."""
    if type(data) is not dict or not data.keys() >= form.keys():
        return False
    types = {**form, **more} if more else form
    return all(k in types and type(v) in types[k] for k, v in data.items())


def _is_step(data: Any) -> bool:
    return (
        _fits(data, _STEP, _STEP_MORE)
        and all(type(number) is int for number in data.get("lines", ()))
        and all(_are(part, int) and len(part) == 2 for part in data.get("parts", ()))
        and all(_are(group, str) for group in data.get("same", ()))
        and all(type(v) is str for name in _NAMED for v in data.get(name, {}).values())
        and all(_fits(worked, _WORKED) for worked in data.get("evaluated", ()))
        and all(_is_state(state) for name in _STATES for state in data.get(name, ()))
    )


def _is_state(data: Any) -> bool:
    return (
        type(data) is list
        and [type(part) for part in data] == [int, dict]
        and all(type(text) is str for text in data[1].values())
    )


def _are(data: Any, kind: type) -> bool:
    return type(data) is list and all(type(one) is kind for one in data)


def _is_verdict(data: Any) -> bool:
    return (
        _fits(data, _VERDICT)
        and all(_fits(loop, _LOOP) for loop in data["loops"])
        and all(_are(step, int) and len(step) == 3 for step in data["walk"])
    )
