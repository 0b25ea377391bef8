"""The quick way to do tasks that ask for texts alone: by code that writes them.

Such code leaves nothing behind, so one process does all inputs of a task, and many tasks.

It answers for runs that end by themselves within all limits, with the texts that recording each
step (`stepwise`) would give. Where there is no such code, or it does not come to its end, it leaves
the input to the thorough way. At the first sign of anything else the process ends without a word
about the inputs at hand.
"""

import os
import signal
import time
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from ..compiled.shapes import describe
from ..errors import InputRejected
from ..records import MIB, Limits, Task
from ..rule import Rule
from ..styles import load
from ..styles.prompt import prompt_of
from .child import Child
from .limited import rule_of
from .suspicions import suspicions
from .wire import LEFT, Ran

_SECONDS = 1.0  # of CPU time, in which a turn surely ends: thousands of times what inputs take
_MEMORY = 128  # MiB for a process
_TURN_SECONDS = 0.02  # of CPU time, after which the texts made so far are sent
_VALUES = 5  # times the length of a trace is surely more than its values, which are recorded, have
_ROOM = 1 << 19  # characters, after which likewise: memory that is used again costs less than new


def perform(child: Child, tasks: Sequence[Task], limits: Limits, rule: Rule | None) -> None:
    """Answer for tasks as long as all goes well; `rule` is that of all of them if it is made."""
    child.limit(min(limits.memory, _MEMORY) * MIB, int(limits.cpu) + 1)
    turns = watch_turns()
    child.lock(leave, leave)
    for task in tasks:
        _answer(child, task, limits, rule or rule_of(task), turns)


def _answer(child: Child, task: Task, limits: Limits, rule: Rule, turns: list[int]) -> None:
    """Answer for the inputs of a task, some of them at a time."""
    since = time.process_time()
    suspect = bool(suspicions(rule))
    texts = Texts(rule, task, limits)
    runs: list[Ran | None] = []
    room = _ROOM
    child.conceal()
    for index in range(len(task.inputs)):
        run = None if suspect else texts.run(index)
        runs.append(run)
        room -= sum(map(len, run.responses)) if run else 0
        more = room > 0 and time.process_time() < since + _TURN_SECONDS
        if more and index + 1 < len(task.inputs):
            continue
        if child.look() or child.around.quiet.characters:
            leave()
        child.send(child.announcement() + child.texts(rule.function, texts.prompts, runs))
        texts.forget_prompts()
        runs, room = [], _ROOM
        child.conceal()
        turns[0] += 1
        since = time.process_time()


def watch_turns() -> list[int]:
    """Return the number of turns, to be counted up; leave if one takes too long."""
    turns, seen = [0], [-1]

    def look(_signal: int, _frame: FrameType | None) -> None:
        if seen == turns:
            leave()
        seen[:] = turns

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS, _SECONDS)
    return turns


def leave(_what: str = "", *_more: object) -> NoReturn:
    """End the process without a word."""
    os._exit(LEFT)


class Texts:
    """Writes the texts of a task by compiled code."""

    def __init__(self, rule: Rule, task: Task, limits: Limits) -> None:
        self._rule = rule
        self._task = task
        self._limits = limits
        self._styles = [load(style) for style in task.styles]
        self._writers = [rule.writer(style) for style in self._styles]
        self._numbers: dict[str, int] = {}  # of prompts, by their question
        self.prompts: list[list[str]] = []  # of the runs that have not been sent

    def forget_prompts(self) -> None:
        """Count prompts anew."""
        self._numbers.clear()
        self.prompts.clear()

    def run(self, index: int) -> Ran | None:
        """Run the rule on an input; return None if this is not the way to do it."""
        task, limits = self._task, self._limits
        try:
            args, kwargs = task.arguments(index)
        except InputRejected:
            return None
        described = list(map(describe, args))
        texts = [text for _, text in described]
        responses: list[str] = []
        for writer in self._writers:
            if responses:  # the rule may have changed its arguments
                args, kwargs = task.arguments(index)
            written = writer.attempt(args, kwargs, described)
            if written is None:
                return None
            responses.append(written.response)
        assert written is not None
        assert written.answer is not None
        values = max(map(len, responses))
        if not any(style.has_trace for style in self._styles):
            values = written.steps * (sum(map(len, texts)) + len(written.answer))
        if written.steps > limits.steps or _VALUES * values > limits.output * MIB:
            return None
        asked = task.question(index)
        if asked is None:
            parameters = self._rule.parameters.plain or ()
            asked = self._rule.question(dict(zip(parameters, texts, strict=True)))
        text = ", ".join(texts)
        return Ran(
            written.answer,
            written.steps,
            written.iterations,
            None if text == task.inputs[index] else text,
            self._prompt(asked),
            responses,
        )

    def _prompt(self, question: str) -> int:
        """Return the number of the prompts for a question."""
        if question not in self._numbers:
            self._numbers[question] = len(self.prompts)
            self.prompts.append([prompt_of(s, self._rule, question) for s in self._styles])
        return self._numbers[question]
