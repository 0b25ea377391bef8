"""What the arguments of a program are on all its inputs, as type hints."""

from collections.abc import Iterable, Mapping
from inspect import Parameter
from typing import Any

from rfft.tracer import Rule

_LONGEST = 1000  # items that are looked at


def kinds(
    rule: Rule, inputs: Iterable[tuple[tuple[Any, ...], Mapping[str, Any]]]
) -> dict[str, str]:
    """Return a hint for each positional parameter of a rule that one holds for."""
    found: dict[str, str] = {}
    for args, kwargs in inputs:
        bound = rule.parameters.signature.bind(*args, **kwargs).arguments
        for name in rule.parameters.signature.parameters:
            hint = _hint(bound[name]) if name in bound else ""
            found[name] = hint if found.get(name, hint) == hint else ""
    usual = [p.name for p in rule.parameters.signature.parameters.values() if p.kind not in _MANY]
    return {name: found[name] for name in usual if found.get(name)}


_MANY = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


def _hint(value: Any) -> str:
    """Return the hint for a value, or nothing."""
    match value:
        case bool() | int() | float() | str():
            return type(value).__name__
        case list() | set() | tuple():
            name = type(value).__name__
            inner = {_hint(item) for item in list(value)[:_LONGEST]}
            same = inner.pop() if len(inner) == 1 else ""
            more = ", ..." if name == "tuple" else ""
            return f"{name}[{same}{more}]" if same and len(value) <= _LONGEST else name
        case dict():
            return "dict"
    return ""
