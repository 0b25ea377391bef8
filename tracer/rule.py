"""The public face of a rule: a program that can be traced and written."""

from typing import TYPE_CHECKING

from .compiled.to_text import Writer
from .program import Program

if TYPE_CHECKING:
    from .styles import Style


class Rule(Program):
    """A rule program. Make one with `from_source`, `from_file` or `from_function`."""

    def writer(self, style: "str | Style" = "rfft") -> Writer:
        """Return the text back end for a style: a callable that runs the rule and writes its trace.

        ``writer(*args, **kwargs)`` gives an object with `response`, `answer`, `result` and `steps`.
        """
        return Writer(self, style)
