"""Names for the variables of synthetic rules: random ones, as in the paper, or common ones."""

from collections.abc import Iterator
from random import Random

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Names of these lengths that mean something in Python or in our rules; in a fixed list, as
# what `keyword` and `builtins` hold changes with the version.
_TAKEN = frozenset(
    "await break class elif else except finally from global import pass raise return while with"
    " yield async case match type bool bytes chr dict dir eval exec exit filter float format hash"
    " help hex int iter len list map max min next object open print quit range repr round self"
    " set slice sorted str super tuple vars zip enumerate reversed input abs all any ascii bin id"
    " oct ord pow sum val var aiter anext cast final".split()
)


def random_names(rng: Random) -> Iterator[str]:
    """Yield names of four or five letters, no two the same: ``ywhm``, ``erep``."""
    seen = set(_TAKEN)
    while True:
        name = "".join(rng.choices(_LETTERS, k=rng.choice((4, 5))))
        if name not in seen:
            seen.add(name)
            yield name


_COMMON = tuple(
    "age answer ball block character circle color count counted cut digit distance down end"
    " first found game goat group item key keyboard kind last left letter line longer lower mark"
    " move n name nearest num number nums often once order other outer part people person phone"
    " piece place point position question record rest result right row seen several shorter"
    " single size small some space square stand start stay step still stretch symbol text token"
    " total turn up upper value way winner word x y a b c i j k s t".split()
)


def common_names(rng: Random) -> Iterator[str]:
    """Yield names that rules often have, such as ``count`` and ``left``, no two the same."""
    yield from rng.sample(_COMMON, len(_COMMON))
