"""Styles: how a trace is written. One small file each; `load` finds them, yours too.

A style is a class with a `name` that extends `Style` (or another style, such as `Rfft`). All that
it needs can be imported from here. A run is a sequence of moments; a style answers each, in a
method of its own, with the lines to write (see `rfft.tracer.styles.slots`), or with none. The
methods of `Style` say what the moments are.
"""

import importlib
from typing import TYPE_CHECKING

from ..plan.statements import (
    Operand,
    Read,
    Relation,
    Scope,
    Statement,
    Worked,
    changed_by,
    independent,
    neighbours,
)
from .context import counts_itself, in_loop, in_try, loop_title, within
from .loading import built_in, load, names
from .slots import (
    ALL,
    After,
    Before,
    Changes,
    Depth,
    If,
    Line,
    Lines,
    Number,
    Ordered,
    Outcome,
    Param,
    Parts,
    Piece,
    Power,
    States,
    Value,
    Within,
    after_lines,
    equation,
    item_line,
    item_lines,
    once,
    operand,
    stated_items,
)
from .style import Style

if TYPE_CHECKING:
    from ..program import Program
    from .rfft import Rfft
else:

    def __getattr__(name):
        """Load what few styles need when it is first asked for."""
        home = {"Program": "..program", "Rfft": ".rfft"}.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(home, __name__), name)


__all__ = [
    "ALL",
    "After",
    "Before",
    "Changes",
    "Depth",
    "If",
    "Line",
    "Lines",
    "Number",
    "Operand",
    "Ordered",
    "Outcome",
    "Param",
    "Parts",
    "Piece",
    "Power",
    "Program",
    "Read",
    "Relation",
    "Rfft",
    "Scope",
    "Statement",
    "States",
    "Style",
    "Value",
    "Within",
    "Worked",
    "after_lines",
    "built_in",
    "changed_by",
    "counts_itself",
    "equation",
    "in_loop",
    "in_try",
    "independent",
    "item_line",
    "item_lines",
    "load",
    "loop_title",
    "names",
    "neighbours",
    "once",
    "operand",
    "stated_items",
    "within",
]
