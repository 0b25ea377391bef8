"""Functions that Python has loaded already: where their text is, and what they use.

A function of a file has its module's text around it. One from a cell of a notebook, from a prompt,
or from a string that was executed has not: what it uses may come from other cells, or may have been
bound anew since. `sheets` finds the texts, `gather` makes one text of what a function uses now.
"""

from .gathered import cells, gather
from .places import Place, codes_of, key_of, moved
from .sheets import defines, module_of
from .unwrapped import MARK, NO_PART, own, without_marks

__all__ = [
    "MARK",
    "NO_PART",
    "Place",
    "cells",
    "codes_of",
    "defines",
    "gather",
    "key_of",
    "module_of",
    "moved",
    "own",
    "without_marks",
]
