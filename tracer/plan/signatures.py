"""What built-in functions and methods do, return and hand on: the one table of it.

It is read where statements are planned (what may change, `effects`), where code is compiled (what
is returned, `compiled.proof`), where steps are run again (`checking.redo`) and where sentences are
worded (`english.values`).
"""

import ast
from typing import Any, Literal, NamedTuple, TypeAlias

Does: TypeAlias = Literal["looks", "takes", "calls", "runs"]
Gives: TypeAlias = Literal[
    "", "int", "float", "bool", "digits", "text", "parts", "words", "bytes", "tuples"
]
"""What is returned; "" depends on what is given, or has no name here.

``digits`` is a text of ASCII letters and digits, ``parts`` a tuple of three texts, ``words`` a list
of texts; the items of ``tuples`` are tuples.
"""


class Function(NamedTuple):
    """A built-in function.

    It ``looks`` at its arguments without taking items out of them, it ``takes`` items and runs
    nothing, it ``calls`` what it is given, or it ``runs`` code of any object.
    """

    does: Does
    gives: Gives
    hands_on: bool = False  # what it returns may be what it is given, or an item of it
    costs: bool = False  # it may take, or make, very much more than what it is given


class Method(NamedTuple):
    """A method of built-in types."""

    changes: bool  # what it is called on
    gives: Gives
    hands_on: bool = False  # as for functions
    costs: bool = False
    adds: Literal["", "item", "items"] = ""  # what of its last argument the object takes in


def _functions(does: Does, gives: Gives, names: str, **facts: bool) -> dict[str, Function]:
    return {name: Function(does, gives, **facts) for name in names.split()}


def _methods(changes: bool, gives: Gives, names: str, **facts: Any) -> dict[str, Method]:
    return {name: Method(changes, gives, **facts) for name in names.split()}


FUNCTIONS = {
    **_functions("looks", "int", "hash id int len ord"),
    **_functions("looks", "float", "float"),
    **_functions("looks", "bool", "bool isinstance issubclass"),
    **_functions("looks", "digits", "bin hex oct"),
    **_functions("looks", "text", "chr"),
    **_functions("looks", "", "abs complex divmod range round slice type"),
    **_functions("looks", "", "pow", costs=True),
    **_functions("takes", "bool", "all any"),
    **_functions("takes", "text", "ascii repr str"),
    **_functions("takes", "tuples", "enumerate zip"),
    **_functions("takes", "", "dict frozenset list reversed set sorted tuple"),
    **_functions("takes", "", "bytes", costs=True),
    **_functions("takes", "", "max min sum", hands_on=True),
    **_functions("calls", "text", "format", costs=True),
    **_functions("calls", "", "filter map"),
    **_functions("runs", "", "next", hands_on=True),
    **_functions("runs", "", "delattr eval exec getattr iter", hands_on=True, costs=True),
    **_functions("runs", "", "setattr super", hands_on=True, costs=True),
}
METHODS = {
    # of texts
    **_methods(False, "text", "capitalize casefold join lower lstrip removeprefix removesuffix"),
    **_methods(False, "text", "replace rstrip strip swapcase title upper zfill decode hex"),
    **_methods(False, "text", "center expandtabs format ljust rjust translate", costs=True),
    **_methods(False, "bytes", "encode"),
    **_methods(False, "words", "rsplit split splitlines"),
    **_methods(False, "parts", "partition rpartition"),
    **_methods(False, "bool", "endswith isalnum isalpha isascii isdecimal isdigit isidentifier"),
    **_methods(False, "bool", "islower isnumeric isprintable isspace istitle isupper startswith"),
    # of several types
    **_methods(False, "int", "bit_count bit_length count find index rfind rindex"),
    **_methods(False, "bool", "isdisjoint issubset issuperset is_integer"),
    **_methods(False, "tuples", "items"),
    **_methods(False, "", "copy difference elements intersection keys most_common"),
    **_methods(False, "", "symmetric_difference union values"),
    **_methods(False, "", "get", hands_on=True),
    **_methods(True, "", "add append appendleft insert", adds="item"),
    **_methods(True, "", "extend extendleft", adds="items"),
    **_methods(True, "", "clear difference_update discard intersection_update remove reverse"),
    **_methods(True, "", "rotate sort symmetric_difference_update update"),
    **_methods(True, "", "pop popitem popleft", hands_on=True),
    **_methods(True, "", "setdefault", hands_on=True, adds="item"),
}
DATA_KEYWORDS = frozenset("reverse default start base ndigits sep maxsplit strict".split())
"""The keywords of built-in functions and methods that give them data, and no function to call."""


def signature(call: ast.Call) -> Function | Method | None:
    """Return what there is to know about a call if its function is a built-in one."""
    function = call.func
    if isinstance(function, ast.Name):
        return FUNCTIONS.get(function.id)
    return METHODS.get(function.attr) if isinstance(function, ast.Attribute) else None


def is_pure(method: str) -> bool:
    """Tell whether a method has a name that those of built-in types change nothing by."""
    known = METHODS.get(method)
    return known is not None and not known.changes
