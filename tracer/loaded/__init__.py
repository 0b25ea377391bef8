"""Functions that Python has loaded already: where their text is, and what they use.

A function of a file has its module's text around it. One from a cell of a notebook, from a prompt,
or from a string that was executed has not: what it uses may come from other cells, or may have been
bound anew since. `sheets` finds the texts, `gather` makes one text of what a function uses now.
"""

from .places import Place, moved, same_in
from .sheets import cells, defines, module_of
from .unwrapped import NO_PART, WRAPPERS, own, without_marks

__all__ = [
    "NO_PART",
    "WRAPPERS",
    "Place",
    "cells",
    "defines",
    "module_of",
    "moved",
    "own",
    "same_in",
    "without_marks",
]
