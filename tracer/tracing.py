"""A trace: one run of a rule, step by step, and the texts made from it."""

import copy
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from .compiled.runner import Run
from .compiled.shapes import Unproved, copy_of, describe
from .compiled.to_steps import StepReporter, engine, steps_of
from .compiled.to_text import writer_of
from .inputs import parse_input
from .panels import panels, pretty
from .recorded.recorder import Recorder
from .recorded.running import run
from .recorded.steps import Frame, State, Step
from .rule import Rule
from .styles import Style, load
from .styles.prompt import prompt_of, worked
from .styles.render import render, render_placed
from .values.exceptions import show_exception
from .values.show import show
from .verdict import Verdict

_MOST = 20_000  # steps of a trace that a notebook shows as a page


def trace(rule: Rule | Callable[..., Any], *args: Any, **kwargs: Any) -> "Trace":
    """Run a rule in this process and return its trace. For your own code: nothing is held back.

    An exception that leaves the rule is kept in `Trace.exception`. Raises SourceRejected,
    InputRejected.
    """
    if not isinstance(rule, Rule):
        rule = Rule.from_function(rule)
    return Trace(rule, args, kwargs).run()


class Trace:
    """One run of a rule. `run` runs it; all else tells what has been recorded so far.

    `on_limit` is called in the middle of the run when `max_steps` steps or `max_characters`
    characters of values are passed (and further limits, see `Recorder`); if it returns, the run
    goes on. `steps` is the list that steps are appended to. With `states`, steps are recorded with
    what the variables were before them.

    In a notebook it shows itself as a page to step through, on a terminal with rich as panels;
    `str` gives prompt and response. All of it is in the style `shown_in`.
    """

    def __init__(
        self,
        rule: Rule,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        max_steps: int | None = None,
        max_characters: int | None = None,
        max_depth: int | None = None,
        on_limit: Callable[[str], None] | None = None,
        steps: list[Step] | None = None,
        states: bool = False,
    ) -> None:
        self.rule = rule
        self._args = args
        self._kwargs = kwargs or {}
        rule.parameters.check(self._args, self._kwargs)
        # Taken now: the rule may change its arguments.
        self._described = list(map(describe, self._args))
        self._texts = [text for _, text in self._described]
        self._named_texts = {name: show(value) for name, value in self._kwargs.items()}
        self._kept = _kept(self._args, self._kwargs)
        self._recorder = Recorder(max_steps, max_characters, on_limit, max_depth, steps, states)
        self._recorded = states or on_limit is not None
        self._compiled: Run[StepReporter] | None = None
        self._in_detail: Trace | None = None  # the same run once more, for styles in detail
        self._before: list[Any] | None = None  # copies of the arguments, where texts need them
        self._steps: list[Step] | None = None  # made from the compiled run when asked for
        self._question: str | None = None
        self.shown_in: str | Style = "rfft"
        self.result: Any = None
        self.result_text: str | None = None
        self.exception: BaseException | None = None

    def run(self) -> "Trace":
        """Run the rule, recording. What it raises is kept, except KeyboardInterrupt."""
        args, kwargs = self._args, self._kwargs
        if not self._recorded:
            self._before = self._copies(args)
            self._compiled = engine(self.rule).run(args, kwargs, self._described)
        if self._compiled is not None:
            _, _, self.result, self.result_text, _ = self._compiled
            return self
        ended = run(self.rule, args, kwargs, self._recorder)
        self.result, self.result_text, self.exception = ended
        return self

    def told_by(self, style: Style) -> "Trace":
        """Return the trace as a style asks for it.

        One that tells more than was recorded has the rule run again: on copies of arguments that
        it has not changed, or else on those read from their texts. Raises InputRejected where these
        are no literals: then trace `Rule.detailed`.
        """
        if not style.detailed or self.rule.module.detailed:
            return self
        if self._in_detail is None:
            args, kwargs = self._given()
            self._in_detail = Trace(self.rule.detailed, args, kwargs).run()
        return self._in_detail

    def _given(self) -> "_Given":
        """Return the arguments as they were given. Raises InputRejected."""
        texts = [*self._texts, *self._named_texts.values()]
        if texts == [*map(show, self._args), *map(show, self._kwargs.values())]:
            try:
                return copy.deepcopy((tuple(self._args), dict(self._kwargs)))
            except Exception:  # of objects that cannot be copied, or are nested too deeply
                return tuple(self._args), dict(self._kwargs)
        return self._kept or parse_input(self.input, self.rule.classes)

    def _copies(self, args: Sequence[Any]) -> list[Any] | None:
        """Return copies of arguments; None if copies would not do."""
        try:
            return [
                copy_of(value, shape)
                for value, (shape, _) in zip(args, self._described, strict=True)
            ]
        except (Unproved, RecursionError):
            return None

    @property
    def input(self) -> str:
        """The arguments as they stand in a call."""
        return ", ".join([*self._texts, *(f"{n}={t}" for n, t in self._named_texts.items())])

    @property
    def arguments(self) -> dict[str, str]:
        """The texts of the arguments by parameter."""
        return self.rule.parameters.texts(self._texts, self._named_texts)

    @property
    def steps(self) -> list[Step]:
        """The steps recorded so far."""
        if self._compiled is None:
            return self._recorder.steps
        if self._steps is None:
            self._steps = steps_of(self._compiled)
        return self._steps

    @property
    def answer(self) -> str | None:
        """The text of what the rule returned; None if it has not."""
        return self.result_text

    def prompt(
        self,
        style: "str | Style" = "rfft",
        question: str | None = None,
        example: "Trace | None" = None,
    ) -> str:
        """Return the prompt, with a worked example (another trace) in front if one is given."""
        style = load(style)
        shot = None
        if example is not None:
            shot = worked(style, example.rule, example.question, example.response(style))
        return prompt_of(style, self.rule, question or self.question, shot)

    @property
    def question(self) -> str:
        """The question that the rule answers for this input; assign another to ask it instead."""
        return self._question or self.rule.question(self.arguments)

    @question.setter
    def question(self, text: str) -> None:
        self._question = text

    def response(self, style: "str | Style" = "rfft") -> str:
        """Return the text of the trace in a style, each line ended by a newline."""
        style = load(style)
        told = self.told_by(style)
        if told is not self:
            return told.response(style)
        if self._compiled is not None and self._before is not None:
            # What compiled code does has no effects, so that it can be done again.
            args = self._copies(self._before)
            written = writer_of(self.rule, style).attempt(args or (), {}, self._described)
            if written is not None:
                return written.response
        return render(self.steps, style, self.exception)

    def to_json(
        self, style: "str | Style" = "rfft", question: str | None = None, *, steps: bool = True
    ) -> dict[str, Any]:
        """Return the trace as plain JSON data; without `steps`, the list of them is empty.

        A step's ``lines`` are the numbers, from 1, of the lines of the response that tell of it,
        alone or together with its neighbours; steps with the same ``frame`` are of one call.
        ``parts`` are there if other steps ran before it was done (see `Step.parts`), ``same`` if
        other variables of the frame hold one object than before: all groups of such variables.
        """
        told = self.told_by(load(style))
        if told is not self:
            return told.to_json(style, question or self.question, steps=steps)
        made: list[dict[str, Any]] = []
        if steps:
            response, lines = render_placed(self.steps, load(style), self.exception)
            frames: dict[Frame, int] = {}
            for step, numbers in zip(self.steps, lines, strict=True):
                frames.setdefault(step.frame, len(frames))
                made.append(_as_json(step, frames, numbers))
        else:
            response = self.response(style)
        exception = None
        if self.exception is not None:
            name, message = show_exception(self.exception)
            exception = {"type": name, "message": message}
        return {
            "rule": {"function": self.rule.function, "source": self.rule.source},
            "input": self.input,
            "prompt": self.prompt(style, question),
            "response": response,
            "answer": self.answer,
            "result": self.result_text,
            "exception": exception,
            "steps": made,
            "stats": {
                "steps": len(self.steps),
                "iterations": sum(s.outcome is True and s.loop for s in self.steps),
                "characters": len(response),
            },
        }

    # How it shows itself

    def __repr__(self) -> str:
        count = len(self.steps)
        if self.exception is not None:
            ended = f"raised {type(self.exception).__name__}"
        else:
            ended = f"answer {self.answer}"
        call = f"{self.rule.function}({self.input})"
        steps = f"{count:,} step{'' if count == 1 else 's'}"
        return f"<trace of {_cut(call)}: {steps}, {_cut(ended)}>"

    def __str__(self) -> str:
        return f"{self.prompt(self.shown_in)}\n{self.response(self.shown_in)}".rstrip("\n")

    def __rich__(self) -> Any:
        from rich.console import Group

        return Group(*panels(self.to_json(self.shown_in, steps=False)))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        pretty(self, printer)

    def _repr_html_(self) -> str | None:
        return self.html(self.shown_in)

    def html(
        self,
        style: "str | Style" = "rfft",
        text: str | None = None,
        verdict: Verdict | None = None,
    ) -> str | None:
        """Return what a notebook shows: the page in a frame. None if that would be too large.

        `text` is what a model has written, and `verdict` what `check` says of it.
        """
        if len(self.steps) > _MOST:
            return None
        from .page import framed, page

        record = self.to_json(style)
        lines = max(record[name].count("\n") for name in ("response", "prompt"))
        return framed(page(record, text=text, verdict=verdict), lines)


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}..."


def _state(state: State | None, frames: Mapping[Frame, int]) -> list[list[Any]] | None:
    return None if state is None else [[frames[frame], texts] for frame, texts in state]


def _as_json(step: Step, frames: Mapping[Frame, int], lines: list[int]) -> dict[str, Any]:
    """Return a step as JSON data, without the keys that do not apply to it."""
    data = {
        "kind": step.kind,
        "line": step.line,
        "source": step.source,
        "depth": step.depth,
        "frame": frames[step.frame],
        "lines": lines,
        "before": step.before,
        "after": step.after,
        "evaluated": [{"source": s, "value": v} for s, v in step.evaluated],
        "outcome": step.outcome,
        "state": _state(step.state, frames),
        "left": _state(step.left, frames),
        "parts": [list(part) for part in step.parts],
        "same": None if step.same is None else [list(group) for group in step.same],
    }
    always = ("kind", "line", "source", "depth", "frame")
    empty = {k for k, v in data.items() if v is None or (v in ([], {}) and k != "same")}
    return {k: v for k, v in data.items() if k in always or k not in empty}


_Given = tuple[tuple[Any, ...], dict[str, Any]]


def _kept(args: Sequence[Any], kwargs: Mapping[str, Any]) -> _Given | None:
    """Return copies of arguments if one of their containers is held twice, which no text tells."""
    seen: set[int] = set()
    values = [*args, *kwargs.values()]
    for value in values:
        if type(value) in (list, dict, set, tuple):
            if id(value) not in seen:
                seen.add(id(value))
                values += chain(value, value.values()) if type(value) is dict else value
            else:
                try:
                    return copy.deepcopy((tuple(args), dict(kwargs)))
                except Exception:  # of objects that cannot be copied, or are nested too deeply
                    return None
    return None
