"""The text of an exception: its type and its message, running no code of its class."""

import builtins
from types import MemberDescriptorType
from typing import Any

from .characters import printable
from .reading import is_built_in, members_of, mro_of, name_of
from .show import show

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

_SIMPLE = {int, bool, float, str, bytes, type(None)}


def show_exception(error: BaseException) -> tuple[str, str]:
    """Return the type name and the message of an exception, running no code of its class."""
    return printable(name_of(type(error))), _message(error)


def _message(error: BaseException) -> str:
    """Return what the built-in class of an exception makes of it as a message."""
    args = BaseException.__dict__["args"].__get__(error)
    built_in = [base for base in mro_of(type(error)) or () if is_built_in(base)]
    if all(type(type(v)) is type and type(v) in _SIMPLE for v in _held_by(error, built_in, args)):
        to_text = next(d["__str__"] for d in map(members_of, built_in) if "__str__" in d)
        try:
            return str(to_text(error))
        except ValueError:  # an int past the digits limit
            pass
    if len(args) != 1:
        return show(args) if args else ""
    if type(args[0]) is str and KeyError not in built_in:
        return args[0]
    return show(args[0])


def _held_by(error: BaseException, built_in: list[type], args: tuple[Any, ...]) -> list[Any]:
    """Return what the message of an exception is made of: fields of its classes and arguments."""
    fields = {
        name: member
        for base in built_in
        for name, member in members_of(base).items()
        if type(member) is MemberDescriptorType
    }
    if "exceptions" in fields:  # of a group: only how many there are
        return [fields["message"].__get__(error)]
    held = [v for a in args for v in (a if type(a) is tuple else (a,))]
    for member in fields.values():
        try:
            held.append(member.__get__(error))
        except AttributeError:
            continue
    return held
