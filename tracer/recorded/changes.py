"""What differs around a statement: the variables that it has changed, and where it stands."""

import builtins
from typing import Any

from ..plan.statements import Key, Statement
from ..values.reading import instance_attributes, is_code
from ..values.show import show
from .peek import MISSING, follow, is_named, part
from .steps import Frame, Step

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))


def compare(
    frame: Frame,
    s: Statement,
    values: dict[str, Any],
    changed: dict[str, str],
    new: bool,
) -> None:
    """Look at what a statement may change; add what differs from the texts known.

    `new` says that a variable of which none is known has been bound since.
    """
    known, receiver = frame.known, s.scope.receiver
    for name in s.watched:
        if not is_named(name, values, receiver):
            continue
        value = part(values, name)
        if value is MISSING:
            known.pop(name, None)
        elif name == receiver:
            compare_receiver(frame, value, changed)
        else:
            text, last = show(value), known.get(name)
            if last != text:
                known[name] = text
                if last is not None or (new and not is_code(value)):
                    changed[name] = text


def compare_receiver(frame: Frame, receiver: object, changed: dict[str, str]) -> None:
    """Look at the attributes of `self`."""
    known = frame.known
    for own, value in instance_attributes(receiver).items():
        name, text = f"{frame.scope.receiver}.{own}", show(value)
        if known.get(name) != text:
            changed[name] = known[name] = text


def bound_inside(s: Statement, step: Step, known: dict[str, str], changed: dict[str, str]) -> None:
    """Add what ``:=`` has bound."""
    for name, key in s.bound_inside:
        text = step.values.get(key) if key is not None else None
        if text is not None and name in known:
            changed[name] = known[name]
            stated = text == known[name] and text[0] != "<"
            step.inline = step.inline | {name} if stated else step.inline - {name}


def in_place(s: Statement, step: Step, root: object) -> Any:
    """Return the value in the place that a statement assigns, MISSING if it is not there."""
    if s.place is None:
        return MISSING
    taken = step.keys or {}
    keys = [taken.get(k.number, MISSING) if type(k) is Key else k for k in s.place.keys]
    return follow(root, s.place.parts, keys)


def follows(last: Step | None, s: Statement) -> bool:
    """Tell whether nothing has run since the last step of a frame when a statement begins."""
    above = last.statement if last is not None else None
    if above is None or above.kind == "match" or (above.body and s.parent is not above is not s):
        return False
    while above is not None and above is not s.parent and above.block != s.block and above is not s:
        above = above.parent
        if above is not None and above.kind in ("try", "with", "match"):
            return False
    return above is not None
