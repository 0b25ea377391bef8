"""The process for one task: forked by the zygote, it locks itself in and runs the rule."""

import contextlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from mmap import mmap
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn

from ..records import Limits, Record
from .guard import stand_guard
from .quiet import Quiet
from .scrub import OURS, TRUSTED
from .secret import Secret
from .state import Snapshot
from .wire import Ran, frame, pack_record, pack_texts, without_steps, write_all

if TYPE_CHECKING:
    from .linux import SystemCallFilter

_encode = json.JSONEncoder().encode  # that of `json.dumps` is in a rule's reach
_DEFECT = 70  # exit code of a process that could not answer


@dataclass(frozen=True)
class Surroundings:
    """What the zygote hands down: shared by all tasks, changed by none."""

    snapshot: Snapshot
    size: int  # of the address space, in bytes, with `spare`
    spare: mmap  # room for making the record when the rule has used up its own memory
    hidden: dict[str, ModuleType]
    quiet: Quiet  # the standard output and error
    filter: "SystemCallFilter | None"
    judge: Callable[..., Record] | None  # adds the verdict on a text to a record
    scatter: Callable[[], object]  # lays out memory in another way, if that is wanted


class Child:
    """The process, as the two ways to do a task use it (`stepwise`, `quick`)."""

    def __init__(
        self,
        surroundings: Surroundings,
        token: Secret,
        steps: memoryview,
        reply: int,
        life: int,
    ) -> None:
        self.around = surroundings
        self.steps = steps  # shared with the zygote: the number of steps recorded
        self._token = token
        self._reply = reply
        self._life = life
        self._shown = False

    def run(self, parent: int, answer: Callable[["Child"], None]) -> NoReturn:
        """Have the task answered, and end the process."""
        try:
            self._isolate(parent)
            between_gaps = self.around.scatter()  # noqa: F841 - stays where it is
            answer(self)
            os._exit(0)
        finally:
            os._exit(_DEFECT)

    # Locking in

    def _isolate(self, parent: int) -> None:
        """Close what is not needed and set what needs no more than the system."""
        kept = sorted((self._reply, self._life))
        first = 3
        for descriptor in kept:
            os.closerange(first, descriptor)
            first = descriptor + 1
        os.closerange(first, 1 << 16)
        if sys.platform.startswith("linux"):
            from . import linux

            linux.end_with_parent(signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)

    def limit(self, memory: int, cpu: int) -> None:
        """Take no more bytes and CPU seconds than these, and open nothing more."""
        for kind, most in (
            (resource.RLIMIT_AS, self.around.size + memory),
            (resource.RLIMIT_CPU, cpu),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, 0),
            (resource.RLIMIT_NPROC, 0),
        ):
            allowed = resource.getrlimit(kind)[1]
            most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
            with contextlib.suppress(OSError, ValueError):  # no such limit on this system
                resource.setrlimit(kind, (most, most))

    def lock(self, blocked: Callable[[str], None], tainted: Callable[[str], None]) -> None:
        """Give up all that remains: from here on this process can only compute and answer.

        `blocked` and `tainted` are told what the rule tries, see `stand_guard`.
        """
        stand_guard(OURS, TRUSTED, blocked, tainted)
        self.around.snapshot.guard_stands()
        if self.around.filter is not None:
            self.around.filter.load()
        if sys.platform.startswith("linux"):
            from . import linux

            linux.forget()

    # Around a run of the rule

    def conceal(self) -> None:
        """Take what is ours out of the rule's sight, if `look` has shown it."""
        if self._shown:
            for name in self.around.hidden:
                sys.modules.pop(name, None)
            self.around.snapshot.modules_are_final()
            self._shown = False

    def look(self) -> list[str]:
        """Put back what the rule has changed, and say what that was; show again what is ours."""
        found = self.around.snapshot.undo()
        sys.modules.update(self.around.hidden)  # a style of the user may import them
        self._shown = True
        return found

    # Answering

    def send(self, frames: bytes) -> None:
        """Write frames into the pipe."""
        write_all(self._reply, frames)

    def announcement(self) -> bytes:
        """Return the frame that says that the rule has ended and a record is about to come."""
        return frame(b"A", self._token.reveal())

    def answer(self, record: Record, limits: Limits) -> bytes:
        """Return the frame of a record."""
        payload = pack_record(record, _encode)
        if len(payload) > limits.reply:
            payload = pack_record(_cut(record, limits.reply), _encode)
        return frame(b"R", self._token.reveal() + payload)

    def texts(self, function: str, prompts: list[list[str]], runs: list[Ran | None]) -> bytes:
        """Return the frame of runs, see `rfft.tracer.sandbox.wire`."""
        return frame(b"Q", self._token.reveal() + pack_texts(function, prompts, runs))


def _cut(record: Record, most: int) -> Record:
    """Return what of a record can be sent: no steps and, if its texts are too long, their begin."""
    record = without_steps(record)
    texts = record.get("texts", {})
    share = most // 8 // (1 + len(texts))  # a character takes up to six
    cut = {**record, "response": _begin(record["response"], share)}
    if texts:
        cut["texts"] = {
            name: {**text, "response": _begin(text["response"], share)}
            for name, text in texts.items()
        }
    cut["stats"] = {**record["stats"], "characters": len(cut["response"])}
    return cut


def _begin(text: str, most: int) -> str:
    """Return the whole lines that a text begins with."""
    return text if len(text) <= most else text[: text.rfind("\n", 0, most) + 1]
