"""The reward that verl calls for the rows that `rfft corpus export --to verl` writes.

It is that of `rfft.tracer.reward`, from 0 to 1: how far the text follows the rule, the share of its
steps that are right among it. The rule of a row runs in a sandbox, where nothing that a data set
carries can do harm; sandboxes stay for the next texts. Where there is no verdict on the steps, a
right answer has 1 and any other text 0: in styles that have none, such as ``direct``, where the
rule comes to a limit, and where a style is not installed here; and where an input is asked for,
of which any counts that gives the right answer.
"""

import atexit
import functools
import os
import threading
from collections.abc import Mapping
from typing import Any

from rfft.rules.corpus.tracing import LIMITS
from rfft.tracer import StyleNotFound
from rfft.tracer.checking import Verdict
from rfft.tracer.checking.rewards import reward_of
from rfft.tracer.checking.sandboxed import JUDGE, judged
from rfft.tracer.sandbox import Pool, Task
from rfft.tracer.sandbox.pool import cores

from .diagnosis import can_be_diagnosed
from .scoring import score_row

_MOST = 8  # sandboxes; trainers have several processes that each keep some
_COUNTS = ("right", "steps", "right_steps", "right_lines", "true_lines", "true_steps")
_lock = threading.Lock()


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: str,
    extra_info: Mapping[str, Any] | None = None,
) -> float:
    """Return the reward of a text, from 0 to 1; see the module.

    `ground_truth` is the right answer as Python writes it. `extra_info` has `rule`, `arguments`
    (their texts), `style` and `completion` as a row of a corpus does; without them the answer
    alone counts. May be called from several threads. Raises Unprotected where nothing holds rules
    back, and OSError if no process can be made.
    """
    row = {**(extra_info or {}), "answer": ground_truth}
    reward = None if row.get("direction") == "backward" else _by_steps(row, solution_str)
    return float(score_row(row, solution_str).right) if reward is None else reward


def _by_steps(row: Mapping[str, Any], text: str) -> float | None:
    """Return the reward by the verdict on a text's steps, None if there is none."""
    rule, arguments, style = (row.get(name) for name in ("rule", "arguments", "style"))
    if rule is None or arguments is None or style is None:
        return None
    try:
        # A file of a style would run in this process.
        if style.endswith(".py") or not can_be_diagnosed(style):
            return None
    except StyleNotFound:
        return None
    task = Task(rule, (", ".join(arguments),), styles=(style,), texts=(text,))
    ((answer,),) = judged(_pool(os.getpid(), style), [task])
    told = answer["verdict"]
    if told is None:
        return None
    return reward_of(Verdict(**{name: told[name] for name in _COUNTS}))


def _pool(process: int, style: str) -> Pool:
    """Return the sandboxes for a style; a process that is forked needs its own."""
    with _lock:
        return _new_pool(process, style)


@functools.cache
def _new_pool(process: int, style: str) -> Pool:
    count = min(cores(), _MOST)
    pool = Pool(count, styles=(style,), limits=LIMITS, judge=JUDGE, protected=True)
    atexit.register(pool.close)
    return pool
