"""Whether an equation that states an operation is true as it stands, seen from its texts.

``items += "ab"`` extends a list, where ``[] + "ab"`` is an error.
"""

import builtins

from ..plan.statements import Statement
from .steps import Step

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))


def holds(s: Statement, step: Step, changed: dict[str, str]) -> bool:
    """Tell whether the equation of a statement that has run is true."""
    left, right = map(step.operand, (s.equation[-3], s.equation[-1]))
    operator = s.equation[-2]
    if step.steady and (s.kind != "augassign" or operator == " * " or _go_together(left, right)):
        return True
    if s.place is not None and not s.place.name:
        new = step.values.get(s.place.new, "")
    else:
        new = changed.get(s.place.name if s.place else s.targets[0], "")
    lists = all(text[:1] == "[" for text in (left, right, new))
    joined = ", ".join(text[1:-1] for text in (left, right) if text != "[]")
    return operator == " + " and lists and new == f"[{joined}]"


def _go_together(left: str, right: str) -> bool:
    """Tell whether both sides are of one type, or of types that nothing is taken out of."""
    if left[:1] in _SCALAR or left[:1] == right[:1]:
        return True
    return not (left[:1] in _BRACKETS or right[:1] in _STARTS)


_SCALAR = tuple("-0123456789'\"")
_BRACKETS = tuple("[{(")
_STARTS = (*_BRACKETS, "'", '"')
