"""The quick way to do a task that asks for texts alone: by code compiled for rule and arguments.

It answers for runs that end by themselves within all limits, with the records that recording each
step (`stepwise`) would give. At the first sign of anything else the process ends without a word
about the input at hand, which is then done the thorough way by another process.
"""

import marshal
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from ..compiled.runner import Run
from ..compiled.shapes import Unproved, describe
from ..compiled.to_steps import StepReporter, engine, steps_of, text_of_run
from ..errors import InputRejected
from ..inputs import parse_input
from ..records import MIB, Limits, Record, Task
from ..rule import Rule
from ..styles import Style, load
from ..styles.prompt import prompt_of, shown
from ..styles.render import render
from ..tracing import Trace
from .child import Child
from .stepwise import ways_out
from .unsteady import unsteady

_SECONDS = 1.0  # of CPU time for a process: thousands of times what most inputs take
_MEMORY = 128  # MiB for a process
_TURN_SECONDS = 0.02  # of CPU time, after which the records made so far are sent
_LEFT = 75  # exit code of a process that leaves inputs to the thorough way
_FEW_STEPS = 50  # are rendered one by one in less time than a style is compiled for a rule
_DIGITS = 3  # at least as many as there are in a byte of an int as `marshal` writes it


def perform(child: Child, task: Task, limits: Limits) -> None:
    """Answer for the inputs as long as all goes well."""
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)  # after which the system ends this process
    child.limit(min(limits.memory, _MEMORY) * MIB, 2 * int(_SECONDS))
    child.lock(_leave, _leave)
    rule = Rule.from_source(task.source, task.function)
    if ways_out(rule) or unsteady(rule):
        _leave()
    texts = Texts(rule, {name: load(name) for name in task.styles}, limits)
    ran: list[Ran] = []
    child.conceal()
    since = time.process_time()
    for number, arguments in enumerate(task.inputs, 1):
        one = texts.run(arguments, task.question(number - 1))
        if one is not None:
            ran.append(one)
            if number < len(task.inputs) and time.process_time() < since + _TURN_SECONDS:
                continue
        if child.look() or child.around.quiet.characters:
            _leave()
        for done in ran:
            child.send(child.announcement() + child.answer(texts.record(done), limits))
        if one is None:
            _leave()
        ran = []
        child.conceal()
        since = time.process_time()


def _leave(_what: str = "") -> NoReturn:
    os._exit(_LEFT)


class Texts:
    """Runs a rule by compiled code, and makes records of the runs. Raises SourceRejected."""

    def __init__(self, rule: Rule, styles: Mapping[str, Style], limits: Limits) -> None:
        self._rule = rule
        self._limits = limits
        self._styles = styles
        for style in styles.values():
            shown(style, rule)  # refuses the source if it cannot be shown
        self._rendered = 0  # steps
        self._engine = engine(rule)  # which loads what is taken out of a rule's sight

    def run(self, arguments: str, question: str | None) -> "Ran | None":
        """Run the rule on what stands between the parentheses of a call.

        Return None if this is not the way to do it.
        """
        rule = self._rule
        try:
            args, kwargs = parse_input(arguments)
            asked = question or Trace(rule, args, kwargs).question
        except InputRejected:
            return None
        described = list(map(describe, args))
        run = self._engine.run(args, kwargs, described)
        # The text of a value is no longer than three times its bytes in `marshal`'s form, in which
        # nothing is left out because it is there before (version 2). Recording counts no more.
        if run is None:
            return None
        _, reports, *_, steps = run
        if (
            steps > self._limits.steps
            or _DIGITS * len(marshal.dumps(reports, 2)) > self._limits.output * MIB
        ):
            return None
        return Ran(run, ", ".join(text for _, text in described), asked)

    def record(self, ran: "Ran") -> Record:
        """Return the record of a run, without a list of steps."""
        run, rule = ran.run, self._rule
        texts = {
            name: {
                "prompt": prompt_of(style, rule, ran.question),
                "response": self._response(run, style),
            }
            for name, style in self._styles.items()
        }
        first, *more = texts
        reporter, reports, _, answer, steps = run
        entered = {
            n
            for n, layout in enumerate(reporter.layouts)
            if layout.outcome is True and layout.statement is not None and layout.statement.loop
        }
        record: Record = {
            "status": "ok",
            "rule": {"function": rule.function, "source": ""},  # the supervisor has it
            "input": ran.input,
            **texts[first],
            "answer": answer,
            "result": answer,
            "exception": None,
            "steps": [],
            "stats": {
                "steps": steps,
                "iterations": sum(report[0] in entered for report in reports),
                "characters": len(texts[first]["response"]),
                "printed": 0,
            },
        }
        return {**record, "texts": {name: texts[name] for name in more}} if more else record

    def _response(self, run: Run[StepReporter], style: Style) -> str:
        *_, steps = run
        self._rendered += steps
        if self._rendered > _FEW_STEPS:
            try:
                return text_of_run(run, style)
            except Unproved:  # the style needs the steps
                pass
        return render(steps_of(run), style, None)


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that came to its end, with the texts of its input and its question."""

    run: Run[StepReporter]
    input: str
    question: str
