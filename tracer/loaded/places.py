"""Code of a text that was put together, moved to the places that its parts came from."""

from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType
from typing import NamedTuple


class Place(NamedTuple):
    """Lines `first` to `last` of a text are those from line `line` on of another one."""

    first: int
    last: int
    filename: str
    line: int


def moved(code: CodeType, places: Sequence[Place]) -> CodeType:
    """Return a module's code with its functions and classes where they came from."""
    consts = [
        _placed(part, places) if isinstance(part, CodeType) else part for part in code.co_consts
    ]
    return code.replace(co_consts=tuple(consts))


def _placed(code: CodeType, places: Sequence[Place]) -> CodeType:
    at = code.co_firstlineno
    code = moved(code, places)
    for place in places:
        if place.first <= at <= place.last:
            # The lines of code are kept relative to the first one.
            first = max(at + place.line - place.first, 0)
            return code.replace(co_filename=place.filename, co_firstlineno=first)
    return code


def same_in(code: CodeType, function: FunctionType) -> CodeType | None:
    """Return the code of a loaded function as it is in a module's code; None if it is not there.

    It may begin some lines further down there, by a decorator that is left out.
    """
    old = function.__code__
    found = [
        new
        for new in _parts(code)
        if new.co_filename == old.co_filename
        and new.co_name == old.co_name
        and new.co_firstlineno >= old.co_firstlineno
        and new.co_freevars == old.co_freevars
    ]
    new = min(found, key=lambda new: new.co_firstlineno, default=None)
    return new and new.replace(co_qualname=old.co_qualname)


def _parts(code: CodeType) -> Iterator[CodeType]:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield part
            yield from _parts(part)
