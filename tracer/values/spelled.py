"""Objects of a rule's classes as an input spells them, before the rule is there to make them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Spelled:
    """``Color.RED`` (`member` is its name) or ``Point(1, y=2)`` (`args` and `named`)."""

    kind: str
    member: str | None = None
    args: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()
