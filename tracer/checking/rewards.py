"""Checking as a reward for training: how far a text follows the rule, from 0 to 1.

A right text has 1. A wrong one has

    0.5 * (lines before the first wrong one) / (lines of the true trace)
  + 0.4 * (right steps) / (steps of the text or of the true trace, whichever are more)

where a step is right given the true state or the one that the text itself had stated (see
`Verdict`), and no more steps count as right than the true trace has. So every line further without
a slip counts; a slip costs what is left of the first half, but the steps after it count again when
they follow from it, or are true all the same; steps that are too many cost as much as steps that
are missing; and only a text that is right to its end has more than 0.9. An empty text has 0.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any

from ..errors import InputRejected
from ..inputs import parse_input
from ..rule import Rule
from ..styles import Style
from ..styles.loading import load_known
from ..styles.prompt import style_of
from ..tracing import Trace
from ..verdict import Verdict
from . import check, check_trace
from .text import Text

_LINES, _STEPS = 0.5, 0.4


def reward(
    rule: Rule | Callable[..., Any],
    args: Sequence[Any] | str,
    text: Text,
    style: str | Style = "rfft",
) -> float:
    """Return the reward of a text as the trace of a rule on arguments; see the module.

    Runs the rule in this process, like `check`. Raises SourceRejected, InputRejected,
    StyleNotFound.
    """
    return reward_of(check(rule, args, text, style))


def reward_of(verdict: Verdict) -> float:
    """Return the reward that a verdict stands for."""
    if verdict.right:
        return 1.0
    lines = verdict.right_lines / verdict.true_lines if verdict.true_lines else 0.0
    steps = max(verdict.steps, verdict.true_steps)
    right = min(verdict.right_steps, verdict.true_steps)
    return _LINES * lines + _STEPS * (right / steps if steps else 0.0)


def grpo_reward(
    prompts: Sequence[Any],
    completions: Sequence[Any],
    rule: Sequence[str],
    arguments: Sequence[Sequence[str] | str],
    style: Sequence[str] | None = None,
    **columns: Any,
) -> list[float]:
    """Return a reward for each completion: a reward function as TRL's ``GRPOTrainer`` takes it.

    `rule` (source text), `arguments` (a text for each, or one of what stands between the
    parentheses of the call) and `style` are columns of the data set, as in a corpus. If there is no
    column `style`, the prompt tells which style it asks for; a prompt of none of the built-in
    styles asks for ``rfft``. A style that is a file must have been loaded before
    (`rfft.tracer.styles.load`), since no row of data may have code of its own run. Rows that ask
    for an input (column `direction`) are refused: what a model states there would run in this
    process. Other columns are ignored. A prompt or completion is a text or, in conversations, a
    list of messages of which the last one counts. Rules run in this process. Raises
    SourceRejected, InputRejected, StyleNotFound for a row that is no rule with its input.
    """
    if "backward" in columns.get("direction", ()):
        raise InputRejected(
            "grpo_reward is for rows that ask for the answer; where an input is asked for, "
            "rfft.eval.verl.compute_score runs what a model states in the sandbox"
        )
    rewards = []
    for n, (completion, source, given) in enumerate(zip(completions, rule, arguments, strict=True)):
        traced = _traced(source, given if isinstance(given, str) else ", ".join(given))
        told = style_of(_said(prompts[n]), traced.rule) if style is None else load_known(style[n])
        rewards.append(reward_of(check_trace(traced, _said(completion), told)))
    return rewards


def _said(text: Any) -> str:
    """Return a text, or that of the last message of a conversation."""
    return text if isinstance(text, str) else str(text[-1]["content"])


@functools.lru_cache(maxsize=64)  # the completions of a group are of one row
def _traced(source: str, arguments: str) -> Trace:
    rule = _rule(source)
    args, kwargs = parse_input(arguments, rule.classes)
    return Trace(rule, args, kwargs).run()


@functools.lru_cache(maxsize=256)
def _rule(source: str) -> Rule:
    return Rule.from_source(source)
