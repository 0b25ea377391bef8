"""Measures CPU time and memory. Nothing here knows what is measured."""

import gc
import math
import tracemalloc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Any

from cases import Arguments


@dataclass(frozen=True)
class Effort:
    """How long to measure: CPU seconds of one batch of calls, and the number of batches.

    A function that is so slow that its batches would take longer than `most` in all gets fewer.
    """

    batch: float
    rounds: int
    most: float


def settle() -> None:
    """Keep the modules that are loaded by now out of the garbage collector's later rounds."""
    gc.collect()
    gc.freeze()


def cpu_times(
    functions: Mapping[str, Callable[..., Any]], arguments: Callable[[], Arguments], effort: Effort
) -> dict[str, float]:
    """Return the CPU seconds that one call of each function takes: the best of several batches.

    The batches of the functions alternate, and each round begins with another function, so that
    all of them meet the same conditions. Every call gets new arguments, made before the clock runs.
    """
    sizes = {name: _batch_size(f, arguments, effort.batch) for name, f in functions.items()}
    best = dict.fromkeys(functions, math.inf)
    spent = dict.fromkeys(functions, 0.0)
    order = list(functions)
    for _ in range(effort.rounds):
        for name in order:
            if spent[name] < effort.most:
                seconds = _batch(functions[name], [arguments() for _ in range(sizes[name])])
                spent[name] += seconds
                best[name] = min(best[name], seconds / sizes[name])
        order.append(order.pop(0))
    return best


def _batch(function: Callable[..., Any], calls: Sequence[Arguments]) -> float:
    """Return the CPU seconds of calling a function with each of the arguments."""
    start = process_time()
    for arguments in calls:
        function(*arguments)
    return process_time() - start


def _batch_size(
    function: Callable[..., Any], arguments: Callable[[], Arguments], seconds: float
) -> int:
    """Call a function, so that it is warm; return how many calls take about so long."""
    once = _batch(function, [arguments()])
    if once < 0.1:
        once = min(_batch(function, [arguments()]) for _ in range(3))
    return max(1, round(seconds / max(once, 1e-6)))


def peak_memory(function: Callable[..., Any], arguments: Arguments) -> int:
    """Return the bytes that a call of a warm function needs at most, its result included."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        result = function(*arguments)
        _, peak = tracemalloc.get_traced_memory()
        del result
    finally:
        tracemalloc.stop()
    return peak - before


def geometric_mean(ratios: Iterable[float]) -> float:
    """Return the geometric mean of ratios."""
    logarithms = [math.log(ratio) for ratio in ratios]
    return math.exp(sum(logarithms) / len(logarithms))
