"""Code of a text that was put together, moved to the places that its parts came from."""

from collections.abc import Sequence
from types import CodeType
from typing import NamedTuple, TypeAlias


class Place(NamedTuple):
    """Lines `first` to `last` of a text are those from line `line` on of another one."""

    first: int
    last: int
    filename: str
    line: int


def moved(code: CodeType, places: Sequence[Place]) -> CodeType:
    """Return a module's code with its functions and classes where they came from."""
    consts = list(code.co_consts)
    for n, part in enumerate(consts):
        if isinstance(part, CodeType):
            at = part.co_firstlineno
            place = next((p for p in places if p.first <= at <= p.last), None)
            if place is not None:
                consts[n] = _shifted(part, place.filename, place.line - place.first)
    return code.replace(co_consts=tuple(consts))


def _shifted(code: CodeType, filename: str, by: int) -> CodeType:
    inner = tuple(
        _shifted(part, filename, by) if isinstance(part, CodeType) else part
        for part in code.co_consts
    )
    # The lines of code are kept relative to the first one.
    first = max(code.co_firstlineno + by, 0)
    return code.replace(co_consts=inner, co_filename=filename, co_firstlineno=first)


Key: TypeAlias = tuple[str, str, int]


def key_of(code: CodeType) -> Key:
    """Return by what the code of a function is known, however it was compiled."""
    return (code.co_filename, code.co_name, code.co_firstlineno)


def codes_of(code: CodeType) -> dict[Key, CodeType]:
    """Return the code of each function and class of a module."""
    found: dict[Key, CodeType] = {}
    for part in code.co_consts:
        if isinstance(part, CodeType):
            found |= {key_of(part): part, **codes_of(part)}
    return found
