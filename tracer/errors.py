"""The ways in which what was asked for is refused, or had to stop.

The text of each is one clear line (a source error adds the offending source line below it), fit to
be printed as it stands. Commands print it and exit with 2 where it was refused, with 1 where it
failed.
"""

from collections.abc import Iterable


class Refused(ValueError):
    """What was asked for cannot be done, or does not fit together."""


class Failed(Exception):
    """Something had to stop; the same command goes on."""


class SourceRejected(Refused):
    """The rule's source cannot be traced: not Python, no function, or none chosen among several."""


class InputRejected(Refused):
    """The input is not a list of Python literals, or does not fit the rule's parameters."""


class Unprotected(Refused):
    """Nothing on this system holds a rule back, and the rules at hand are not trusted."""

    def __init__(self) -> None:
        super().__init__(
            "this system cannot hold rules back at all; --allow-unprotected goes on all the same"
        )


class StyleNotFound(Refused):
    """No style of this name is installed, nor is there a file of this name."""


def nearest(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the end of a message on a name that nothing has: the names like it.

    Without any it is `otherwise`, such as "; rfft rules list shows all".
    """
    import difflib

    close = difflib.get_close_matches(name.lower(), known, 3, 0.65)
    return f"; did you mean {' or '.join(close)}?" if close else otherwise
