"""What differs around a statement: the variables that it has changed, and where it stands."""

import builtins
from types import FrameType
from typing import Any

from ..plan.statements import Key, Statement
from ..values.reading import instance_attributes, is_code
from ..values.show import show
from .peek import MISSING, can_change, follow, is_named, part
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


def left_with(last: Step | None, s: Statement) -> bool:
    """Tell whether a loop takes its next item after a ``continue`` has left a ``with``."""
    inner = last.statement if last is not None and last.kind == "continue" else None
    while inner is not None and inner is not s:
        if inner.kind == "with":
            return True
        inner = inner.parent
    return False


def hold(step: Step, at: FrameType, values: dict[str, Any]) -> None:
    """Note which of a frame's own variables hold one object, as far as their values are at hand."""
    frame, code, changed = step.frame, at.f_code, False
    held, module = frame.held, at.f_globals.get("__name__")
    for name, value in values.items():
        there = can_change(value, module) and name in code.co_varnames
        if there and name not in code.co_cellvars:
            changed = changed or held.get(name) != id(value)
            held[name] = id(value)
        elif name in held:
            del held[name]
            changed = True
    if changed:
        names: dict[int, list[str]] = {}
        for name, one in held.items():
            names.setdefault(one, []).append(name)
        same = tuple(sorted(tuple(sorted(group)) for group in names.values() if len(group) > 1))
        if same != frame.same:
            frame.same = step.same = same


_TOO_DEEP = ("maximum recursion depth", "Stack overflow")  # how such messages of Python begin


def limit_of(error: BaseException) -> str | None:
    """Return the limit that Python itself has met if it has raised an error for want of room."""
    args = BaseException.__dict__["args"].__get__(error)
    if type(error) is MemoryError and not args:
        return "limit_memory"
    reason = args[0] if args and type(args[0]) is str else ""
    too_deep = type(error) is RecursionError and reason.startswith(_TOO_DEEP)
    return "limit_depth" if too_deep else None
