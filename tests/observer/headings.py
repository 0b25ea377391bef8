"""The titles of sections: which ones are due before a step."""

import ast

from .program import Code, Program, Statement
from .records import Call, Step

_LOOPS = ("for", "while")


def numbered(program: Program, code: Code) -> dict[Statement, int] | None:
    """Return the number of each loop's section, or None: comments make sections of their own."""
    node = code.node
    if isinstance(node, ast.ClassDef) or any(
        node.lineno <= line <= (node.end_lineno or 0) for line in program.comments
    ):
        return None
    loops = [s for s in code.statements if s.kind in _LOOPS]
    return {loop: number for number, loop in enumerate(loops, 2)}


def due(program: Program, call: Call, last: Step | None, step: Step | None) -> list[str] | None:
    """Return the titles between a step (None: the start) and the next (None: the end).

    The phrases that begin an ``else`` or a ``finally`` are among them.
    """
    loops = numbered(program, call.code)
    if loops is None:
        return None
    found = ["1. Initialize"] if last is None else []
    if last is not None and last.statement.kind in _LOOPS and last.truth:
        found.append(f"{loops[last.statement]}.1 One iteration")
    block = _entered(last, step)
    if block is not None:
        found += [f"{block}:", f"enter {block}"]
    if step is None or step.statement.kind == "return":
        return [*found, f"{len(loops) + 2}. Return"]
    if step.statement in loops and not step.again:
        found.append(f"{loops[step.statement]}. {_title(step.statement, loops)}")
    return found


def _entered(last: Step | None, step: Step | None) -> str | None:
    """Return the block that a step is the first of, if a phrase begins it."""
    statement = step.statement if step is not None else None
    if statement is None or statement.parent is None or statement.source.startswith("elif"):
        return None
    word = {"orelse": "else", "finalbody": "finally"}.get(statement.part)
    before = last.statement if last is not None else None
    return None if before is None or before.inside(statement.parent, statement.part) else word


def _title(loop: Statement, loops: dict[Statement, int]) -> str:
    if any(loop.inside(other) for other in loops):
        return "Inner loop"
    return "Outer loop" if any(other.inside(loop, "body") for other in loops) else "Main loop"
