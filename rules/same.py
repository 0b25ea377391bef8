"""When two answers, or two values that a trace states, count as the same."""

from typing import Any

from rfft.tracer.values.nodes import NAMES
from rfft.tracer.values.show import show


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal, NaN to itself, and of the same types all the way down."""
    if type(one).__name__ in NAMES:  # nodes are as the lists that they are shown as
        return show(one) == show(other)
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    return bool(one == other or one != one)
