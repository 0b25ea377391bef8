"""What the source of a rule alone tells about why no code is made for it."""

import ast

from ..plan.kinds import kind_of
from ..plan.statements import Read, Statement
from ..program import Program
from .formats import PREFIX
from .shapes import Unproved

_MOMENTS = ("simple", "test", "result", "leave")


def refuse(rule: Program) -> None:
    """See that nothing in a rule's source forbids to compile it. Raises Unproved."""
    source, node = rule.module.source.text, rule.node
    for forbidden, reason in (
        (rule.owner is not None, "the rule is a method"),
        (isinstance(node, ast.AsyncFunctionDef), "the rule is a coroutine"),
        (node.decorator_list, "the rule has a decorator"),
        (rule.in_place, "the rule answers with an argument that it changes"),
        (rule.takes_nodes, "the rule takes nodes"),
        (rule.parameters.plain is None, "the rule has starred or keyword-only parameters"),
        (not source.isascii(), "the source has characters beyond ASCII"),
        (PREFIX in source, f"the source has names with {PREFIX}"),
    ):
        if forbidden:
            raise Unproved(reason)
    for s in rule.module.statements:
        if s.scope is rule.scope and (reason := _reason(s)):
            raise Unproved(reason, s.line)
    if not rule.has_plain_module:
        raise Unproved("the module does more than define functions and constants")


def _reason(s: Statement) -> str:
    """Return why a statement is not compiled, "" if nothing in its plan tells."""
    if s.moment not in _MOMENTS and not kind_of(s.node).bare:
        return f"the statement {s.kind}"
    if s.calls:
        return "a call of the rule's own functions, or of one that may call them"
    if s.pauses:
        return "a yield or an await"
    if s.moment != "simple" and s.touched:
        return f"the head of {s.kind} changes {' and '.join(s.touched)}"
    read = {i.name for i in s.items if isinstance(i, Read)}
    if s.kind == "for" and read.intersection(s.targets):
        return "a loop variable that the head of its loop reads"
    return ""
