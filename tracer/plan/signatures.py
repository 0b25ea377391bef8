"""What built-in functions and methods do and return: the one table of it.

It is read where statements are planned (what may change, `effects`), where code is compiled (what
is returned, `infer`), where steps are run again (`checking.redo`) and where sentences are worded
(`english.values`).
"""

from typing import Literal, NamedTuple, TypeAlias

Does: TypeAlias = Literal["looks", "takes", "calls"]
Gives: TypeAlias = Literal["", "int", "float", "bool", "digits", "text", "parts", "words", "bytes"]
"""What is returned; "" depends on what is given, or has no name here.

``digits`` is a text of ASCII letters and digits, ``parts`` a tuple of three texts, ``words`` a list
of texts.
"""


class Function(NamedTuple):
    """A built-in function.

    It ``looks`` at its arguments without taking items out of them, it ``takes`` items and runs
    nothing, or it ``calls`` what it is given.
    """

    does: Does
    gives: Gives


class Method(NamedTuple):
    """A method of built-in types."""

    changes: bool  # what it is called on
    gives: Gives


def _functions(
    does: Literal["looks", "takes", "calls"], gives: Gives, names: str
) -> dict[str, Function]:
    return {name: Function(does, gives) for name in names.split()}


def _methods(changes: bool, gives: Gives, names: str) -> dict[str, Method]:
    return {name: Method(changes, gives) for name in names.split()}


FUNCTIONS = {
    **_functions("looks", "int", "hash id int len ord"),
    **_functions("looks", "float", "float"),
    **_functions("looks", "bool", "bool isinstance issubclass"),
    **_functions("looks", "digits", "bin hex oct"),
    **_functions("looks", "text", "chr"),
    **_functions("looks", "", "abs complex divmod pow range round slice type"),
    **_functions("takes", "bool", "all any"),
    **_functions("takes", "text", "ascii repr str"),
    **_functions(
        "takes", "", "bytes dict enumerate frozenset list max min reversed set sorted sum"
    ),
    **_functions("takes", "", "tuple zip"),
    **_functions("calls", "text", "format"),
    **_functions("calls", "", "filter map"),
}
METHODS = {
    # of texts
    **_methods(
        False, "text", "capitalize casefold center expandtabs format join ljust lower lstrip"
    ),
    **_methods(
        False, "text", "removeprefix removesuffix replace rjust rstrip strip swapcase title"
    ),
    **_methods(False, "text", "translate upper zfill decode hex"),
    **_methods(False, "bytes", "encode"),
    **_methods(False, "words", "rsplit split splitlines"),
    **_methods(False, "parts", "partition rpartition"),
    **_methods(False, "bool", "endswith isalnum isalpha isascii isdecimal isdigit isidentifier"),
    **_methods(False, "bool", "islower isnumeric isprintable isspace istitle isupper startswith"),
    # of several types
    **_methods(False, "int", "bit_count bit_length count find index rfind rindex"),
    **_methods(False, "bool", "isdisjoint issubset issuperset is_integer"),
    **_methods(False, "", "copy difference elements get intersection items keys most_common"),
    **_methods(False, "", "symmetric_difference union values"),
    **_methods(True, "", "add append appendleft clear difference_update discard extend extendleft"),
    **_methods(True, "", "insert intersection_update pop popitem popleft remove reverse rotate"),
    **_methods(True, "", "setdefault sort symmetric_difference_update update"),
}
