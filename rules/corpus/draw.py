"""Draws the instances of a slice of a cell: distinct ones of one side of the split.

A cell is a task and a length. Instances are drawn with the numbers 0, 1, 2 ... and those of
another side, of another slice, and those that were drawn before are passed over. Where no new one
turns up for long, the cell is *exhausted*: it has no more, or they are very rare.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .plan import Slice
from .sources import Instance, Source
from .split import SHARES, side, slice_of

_FEW = 200  # draws in vain after which to give up, at least
_TIMES = 10  # the same for each instance that there may be; one of them is missed with e**-10


@dataclass
class Drawn:
    """What has come of drawing a slice; filled in while it goes on.

    `rows` have been found in `draws` draws. `exhausted` says that there were no more.
    """

    rows: int = 0
    draws: int = 0
    exhausted: bool = False


def draw(source: Source, wanted: Slice, of: str, drawn: Drawn) -> Iterator[Instance]:
    """Yield the instances of a slice on a side of the split. Raises TaskRejected."""
    seen: set[bytes] = set()
    in_vain = 0
    share = SHARES[of] / wanted.slices  # of all instances, that may come
    while drawn.rows < wanted.count:
        if in_vain > (_FEW + _TIMES * len(seen)) / share:
            drawn.exhausted = True
            return
        instance = source.draw(wanted.length, drawn.draws)
        drawn.draws += 1
        in_vain += 1
        if instance is None or side(instance.key) != of or instance.key in seen:
            continue
        if slice_of(instance.key, wanted.slices) == wanted.slice:
            seen.add(instance.key)
            drawn.rows += 1
            in_vain = 0
            yield instance
