"""What built-in functions and methods return, by the shapes of what they are given."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from ..plan.signatures import FUNCTIONS, METHODS, is_pure
from .shapes import (
    DATA,
    INT,
    NUM,
    NUMBERS,
    PLAIN,
    STR,
    WORD,
    Shape,
    Unproved,
    frozen,
    item_of,
    join_all,
)

WORDY = (*NUMBERS, WORD)
"""Shapes of values whose ``str`` is a word."""

_GIVEN: dict[str, Shape] = {
    "int": INT, "float": PLAIN, "bool": NUM, "digits": WORD, "text": STR, "words": ("list", STR),
    "parts": ("tuple", STR, STR, STR), "bytes": DATA,
}  # fmt: skip
_OF_STRINGS: dict[str, Shape] = {
    **{name: _GIVEN[m.gives] for name, m in METHODS.items() if m.gives in _GIVEN},
    # They may make any character, or are of bytes.
    **dict.fromkeys(("translate", "decode"), DATA),
}
_OF_WORDS: dict[Shape, Shape] = {  # what methods of words return, where strings return the key
    STR: WORD,
    ("list", STR): ("list", WORD),
    ("tuple", STR, STR, STR): ("tuple", WORD, WORD, WORD),
}


def from_function(name: str, given: Sequence[Shape]) -> Shape:
    """Return the shape of what a built-in function returns. Raises Unproved."""
    if name == "str" and len(given) == 1 and given[0] in WORDY:
        return WORD
    known = FUNCTIONS.get(name)
    if known is not None and known.gives in _GIVEN and name not in ("hash", "id"):
        return _GIVEN[known.gives]
    least, most, returned = _FUNCTIONS.get(name, _UNKNOWN)
    if not least <= len(given) <= most:
        raise Unproved(f"a call of {name}")
    return returned(given)


def from_string_method(name: str, base: Shape, given: Sequence[Shape]) -> Shape:
    """Return the shape of what a method of strings returns. Raises Unproved."""
    if not is_pure(name):
        raise Unproved(f"the method {name} of a text")
    shape = _OF_STRINGS.get(name, STR)
    parts = map(item_of, given) if name == "join" else given
    if base == WORD and name != "format" and all(part in WORDY for part in parts):
        return _OF_WORDS.get(shape, shape)
    return shape


def _number(given: Sequence[Shape]) -> Shape:
    return INT if given[0] in NUMBERS and len(given) == 1 else PLAIN


def _total(given: Sequence[Shape]) -> Shape:
    return INT if len(given) == 1 and item_of(given[0]) in NUMBERS else PLAIN


def _extreme(given: Sequence[Shape]) -> Shape:
    if len(given) == 1:
        return item_of(given[0])
    return join_all(map(frozen, given)) or DATA


def _pair(given: Sequence[Shape]) -> Shape:
    return ("tuple", INT, INT) if all(part in NUMBERS for part in given) else DATA


def _list(given: Sequence[Shape]) -> Shape:
    return ("list", item_of(given[0]) if given else None)


def _set(given: Sequence[Shape]) -> Shape:
    return ("set", item_of(given[0]) if given else None)


_Returned: TypeAlias = Callable[[Sequence[Shape]], Shape]
_UNKNOWN: tuple[int, int, _Returned] = (1, 0, lambda given: DATA)
_FUNCTIONS: dict[str, tuple[int, int, _Returned]] = {  # how many arguments, and what is returned
    "abs": (1, 1, _number),
    "round": (1, 2, _number),
    "sum": (1, 2, _total),
    "min": (1, 99, _extreme),
    "max": (1, 99, _extreme),
    "range": (1, 3, lambda given: ("iter", INT)),
    "divmod": (2, 2, _pair),
    "list": (0, 1, _list),
    "sorted": (1, 1, _list),
    "set": (0, 1, _set),
    "dict": (0, 0, lambda given: ("dict", None, None)),
    "tuple": (0, 1, lambda given: DATA),
    "reversed": (1, 1, lambda given: ("lazy", item_of(given[0]))),
    "enumerate": (1, 2, lambda given: ("lazy", ("tuple", INT, item_of(given[0])))),
    "zip": (0, 99, lambda given: ("lazy", ("tuple", *map(item_of, given)))),
}
