"""What in the text of a rule makes its traces suspect, whatever they say."""

import ast

from ..plan.source import walk
from ..rule import Rule
from .unsteady import unsteady

# Names by which a rule gets from its own objects to those around it.
_WAYS_OUT = frozenset(
    "__subclasses__ __globals__ __closure__ __builtins__ __self__ cell_contents f_back f_locals"
    " f_globals f_builtins gi_frame cr_frame tb_frame co_consts co_code".split()
)


def suspicions(rule: Rule) -> list[str]:
    """Return the reasons not to trust a rule's traces that its text tells, made once."""
    known: list[str] | None = rule.memo.get(suspicions)
    if known is None:
        known = [*(f"the rule mentions {name}" for name in _ways_out(rule)), *unsteady(rule)]
        rule.memo[suspicions] = known
    return known


def _ways_out(rule: Rule) -> list[str]:
    """Return the names in a rule by which it could get at what is around it."""
    found = set()
    for node in walk(rule.module.tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update(w for w in _WAYS_OUT if w in node.value)
    return sorted(found & _WAYS_OUT)
