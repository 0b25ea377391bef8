"""Plain values as JSON and back, with their types: what passes between a task and its sandbox.

Texts, whole numbers, booleans, None and lists are themselves; of any other type there is an object
with its name. What stands in JSON from a sandbox becomes values of these types and nothing else.
"""

from collections.abc import Callable
from typing import Any


class NotPlain(TypeError):
    """A value, or JSON, that is none of these; the text says what."""


def encoded(value: Any) -> Any:
    """Return a value as JSON data. Raises NotPlain."""
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is list:
        return [encoded(one) for one in value]
    if kind in (tuple, set, frozenset):
        return {kind.__name__: [encoded(one) for one in value]}
    if kind is dict:
        return {"dict": [[encoded(key), encoded(one)] for key, one in value.items()]}
    if kind in (float, complex):
        return {kind.__name__: repr(value)}
    if kind is bytes:
        return {"bytes": value.hex()}
    raise NotPlain(f"a {kind.__name__} is no plain value")


def decoded(data: Any) -> Any:
    """Return the value that JSON data stands for. Raises NotPlain."""
    if isinstance(data, list):
        return [decoded(one) for one in data]
    if not isinstance(data, dict):
        return data
    try:
        ((name, inner),) = data.items()
        return _KINDS[name](inner)
    except (ValueError, TypeError, KeyError):
        raise NotPlain("what came back is no plain value") from None


_KINDS: dict[str, Callable[[Any], Any]] = {
    "tuple": lambda items: tuple(map(decoded, items)),
    "set": lambda items: set(map(decoded, items)),
    "frozenset": lambda items: frozenset(map(decoded, items)),
    "dict": lambda items: {decoded(key): decoded(one) for key, one in items},
    "float": float,
    "complex": complex,
    "bytes": bytes.fromhex,
}
