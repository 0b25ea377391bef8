"""The cell magic ``%%rfft`` of IPython and Jupyter; ``%load_ext rfft.tracer`` brings it."""

from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic_arguments import MagicArgumentParser

from .errors import Refused
from .inputs import parse_input
from .program import Program
from .styles import load
from .tracing import Trace, trace

_DESCRIPTION = "Run a cell and trace the function that it defines."
_EXAMPLE = "%%rfft --input [0, 1, 0, 3, 12] --style natural"
_OPTIONS = (
    ("--input", "ARGS", "What stands between the parentheses of the call."),
    ("--function", "NAME", "Which function of the cell, if it has several."),
    ("--style", "STYLE", "How the trace is written: a name or a file."),
    ("--question", "TEXT", "The question in the prompt."),
)


def register(shell: Any) -> None:
    """Give a shell of IPython the magic."""
    parser = MagicArgumentParser("%%rfft", description=_DESCRIPTION, epilog=_EXAMPLE)
    for name, metavar, words in _OPTIONS:
        parser.add_argument(name, metavar=metavar, nargs="+", help=words)

    def rfft(line: str, cell: str) -> Trace | None:
        asked = parser.parse_argstring(line)
        try:
            return _trace(
                shell, cell, **{name: _text(words) for name, words in vars(asked).items()}
            )
        except Refused as problem:
            raise UsageError(str(problem)) from None

    rfft.__doc__ = parser.format_help()
    shell.register_magic_function(rfft, "cell", "rfft")


def _trace(
    shell: Any,
    cell: str,
    input: str | None,
    function: str | None,
    style: str | None,
    question: str | None,
) -> Trace | None:
    """Run a cell and return the trace of its function; None if the cell has failed.

    Raises Refused.
    """
    shown_in = load(style or "rfft")
    name = Program.from_source(cell, function).function
    args, kwargs = parse_input(input or "")
    if not shell.run_cell(cell).success:
        return None  # the error is shown
    outer, _, method = name.partition(".")
    rule = shell.user_ns[outer]
    made = trace(getattr(rule(), method) if method else rule, *args, **kwargs)
    made.shown_in = shown_in
    if question is not None:
        made.question = question
    return made


def _text(words: list[str] | None) -> str | None:
    """Return an argument as it was meant: quotes around all of it are those of a command line."""
    if words is None:
        return None
    text = " ".join(words)
    quoted = len(words) == 1 and len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted else text
