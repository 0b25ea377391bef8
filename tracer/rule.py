"""The public face of a rule: a program that can be traced and written."""

from typing import TYPE_CHECKING, Any

from .compiled.runner import last_reason
from .compiled.to_steps import engine
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

    def why_slow(self, *args: Any, **kwargs: Any) -> str | None:
        """Return in one line why the rule is recorded step by step instead of by compiled code.

        For arguments that are given it is told without a run, and None says that compiled code will
        do. Without any it is told of the last run or, if there was none, by the source alone; None
        then says that nothing is known that forbids compiled code. Raises InputRejected.
        """
        if not args and not kwargs:
            return last_reason(self)
        self.parameters.check(args, kwargs)
        return engine(self).reason(args, kwargs)
