"""States: what all variables of the functions at work are when a reader could begin to read.

A state is looked at in the frames themselves, so it is true whoever has changed a value. Of each
function it has what differs from its last state; the text of a variable that is not bound any more
is empty. A variable that stands for the very object of one before it has that one's name as text.
"""

import builtins
from collections.abc import Mapping, Sequence
from types import FrameType

from ..plan.statements import Statement
from ..values.reading import instance_attributes, is_code, is_iterator
from ..values.show import show
from .peek import MISSING, is_inert, local
from .steps import Frame

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

HIDDEN = "<hidden>"
"""What is said of a variable whose value no text can give."""


def may_begin(s: Statement) -> bool:
    """Tell whether a reader could begin at a statement: a loop, or one that stands in no loop."""
    return s.loop or not in_loop(s)


def in_loop(s: Statement) -> bool:
    """Tell whether a statement stands in a loop of its function."""
    outer = s.parent
    while outer is not None and outer.scope is s.scope:
        if outer.loop:
            return True
        outer = outer.parent
    return False


def changes(frame: Frame, at: FrameType, bound: Sequence[str]) -> dict[str, str]:
    """Return the variables of a function that differ from its last state, with their texts.

    Of those that are `bound` already to what comes next, it is what was known last.
    """
    texts = _texts(frame, at)
    for name in bound:
        texts.pop(name, None)
        if name in frame.known:
            texts[name] = frame.known[name]
    new = {n: t for n, t in texts.items() if frame.seen.get(n) != t}
    gone = {n: "" for n in frame.seen if n not in texts and frame.seen[n]}
    frame.seen = texts
    return {**new, **gone}


def _texts(frame: Frame, at: FrameType) -> dict[str, str]:
    scope = frame.scope
    values = local(at, dict.fromkeys([*scope.params, *scope.order, *scope.outer_names]))
    if values is None:
        return {"locals": HIDDEN}
    texts: dict[str, str] = {}
    names: dict[int, str] = {}  # of the objects that can change
    for name, value in values.items():
        if name == scope.receiver:
            for own, held in instance_attributes(value).items():
                texts[f"{name}.{own}"] = show(held)
        elif is_iterator(value):
            texts[name] = HIDDEN
        elif value is not MISSING and not is_code(value):
            known = name if is_inert(value) else names.setdefault(id(value), name)
            text = show(value) if known == name else known
            last = frame.known.get(name)
            texts[name] = last if last == text else text  # one text takes the room of one
    return texts


def caller_of(at: FrameType | None, frames: Mapping[int, Frame]) -> Frame | None:
    """Return the function that runs an inner scope."""
    while at is not None:
        frame = frames.get(id(at))
        if frame is not None and frame.code in (None, at.f_code):
            return frame if frame.scope.kind == "function" else None
        at = at.f_back
    return None
