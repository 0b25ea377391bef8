"""Judges one trace: runs the rule, and holds the trace's text and steps against the run."""

import ast
import copy
from dataclasses import dataclass
from typing import Any

from .describing import TooLarge
from .findings import Finding
from .pasted import without_null
from .program import CannotFollow, Program
from .reading import judge_text
from .steps import judge_steps
from .timeline import Moment, moments, same
from .watching import Stop, Watcher

MOST, SECONDS = 20_000, 1.0


@dataclass(eq=False)
class Observed:
    """A program and what happened when it ran."""

    program: Program
    moments: list[Moment]
    result: str | None
    error: tuple[str, str] | None


def arguments(text: str) -> tuple[list[Any], dict[str, Any]]:
    """Return the arguments that stand in a call: literals. Raises CannotFollow."""
    try:
        node = ast.parse(f"f({text})", mode="eval").body
        assert isinstance(node, ast.Call)
        node = without_null(node)
        assert isinstance(node, ast.Call)
        named = {k.arg: ast.literal_eval(k.value) for k in node.keywords if k.arg}
        return [ast.literal_eval(a) for a in node.args], named
    except (SyntaxError, ValueError, TypeError, AssertionError, MemoryError) as error:
        raise CannotFollow(f"no literal arguments: {error}") from None


def observe(source: str, function: str, args: Any, kwargs: Any, most: int = MOST,
            seconds: float = SECONDS) -> Observed:  # fmt: skip
    """Run a rule twice, plainly and with probes. Raises CannotFollow."""
    program = Program(source)
    try:
        runs = [
            Watcher(program, probes, most, seconds).watch(function, *copy.deepcopy((args, kwargs)))
            for probes in (False, True)
        ]
    except Stop:
        raise CannotFollow("too long") from None
    except TooLarge:
        raise CannotFollow("values too large") from None
    same(*runs)
    return Observed(program, moments(runs[1]), runs[1].result, runs[1].error)


def judge(seen: Observed, text: str, steps: list[dict[str, Any]] | None = None) -> list[Finding]:
    """Judge the text and the JSON steps of a rule's trace in style `rfft`."""
    found: list[Finding] = []
    if steps is not None:
        found += judge_steps(seen.program, seen.moments, steps)
    error = seen.error[0] if seen.error else None
    found += judge_text(seen.program, seen.moments, text, seen.result, error)
    return found
