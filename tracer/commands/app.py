"""What all commands share: how an app is made and run, how a refusal or a defect ends it."""

import contextlib
import enum
import gc
import io

# Starting quickly is part of the work. Collecting garbage while modules load, when nearly nothing
# is garbage, and once more at exit takes about a fifth of the time of --help.
gc.disable()

import os  # noqa: E402
import sys  # noqa: E402
import warnings  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from typing import Annotated, Any  # noqa: E402

import typer  # noqa: E402
from typer.main import get_command  # noqa: E402

from ..errors import Failed, Refused  # noqa: E402
from .grammar import OUTPUT, QUIET  # noqa: E402

gc.freeze()
gc.enable()


class Format(enum.StrEnum):
    """How a command writes what it tells."""

    text = enum.auto()
    json = enum.auto()


class TraceFormat(enum.StrEnum):
    """How a trace is written."""

    text = enum.auto()
    json = enum.auto()
    html = enum.auto()


class Part(enum.StrEnum):
    """A part of the text."""

    prompt = enum.auto()
    response = enum.auto()


class NobodyReads(Exception):
    """Standard output is a pipe whose other end is closed."""


class ClosedOutput(io.TextIOBase):
    """Stands in for a standard output that is closed, and knows whether something was lost."""

    lost = False

    def write(self, text: str) -> int:
        self.lost = True
        return len(text)


def print_json(data: Any) -> None:
    """Print JSON for programs, indented."""
    import json

    print(json.dumps(data, indent=2, ensure_ascii=False))


FormOption = Annotated[
    TraceFormat | None,
    typer.Option(
        "--format",
        help="json is one object a line, html a page to step through. By default that of the "
        "suffix of the file written, or else text.",
    ),
]
InputFileOption = Annotated[
    list[str] | None,
    typer.Option("--input-file", metavar="FILE", help="An input that is in a file."),
]
LengthOption = Annotated[
    int | None,
    typer.Option(metavar="N", min=0, help="Of a task: the length of the instance to take."),
]
SeedOption = Annotated[int, typer.Option(metavar="S", help="Of a task: which instance.")]
OutputOption = Annotated[
    str | None, typer.Option(*OUTPUT, metavar="FILE", help="Write here, not to standard output.")
]


def _allow(modules: list[str] | None) -> list[str] | None:
    """Let rules import these modules, or those that the settings of the working folder name."""
    if modules is None and os.path.isfile("pyproject.toml"):  # noqa: PTH113 - pathlib takes 10 ms
        import tomllib

        with open("pyproject.toml", "rb") as file:  # noqa: PTH123
            try:
                modules = tomllib.load(file).get("tool", {}).get("rfft", {}).get("allow")
            except ValueError as problem:
                raise Refused(f"pyproject.toml: {problem}") from None
        if modules is not None and not (
            isinstance(modules, list) and all(isinstance(name, str) for name in modules)
        ):
            raise Refused("pyproject.toml: allow in [tool.rfft] is a list of modules")
    if modules:
        from ..sandbox.allowed import allow

        allow(*modules)
    return modules


AllowOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="MODULE",
        callback=_allow,
        help="Let rules import this module, too, such as numpy; may be repeated. By default those "
        "that allow in [tool.rfft] of ./pyproject.toml lists.",
    ),
]


def run_app(app: typer.Typer, name: str, arguments: Sequence[str] | None) -> int:
    """Run a command; whatever goes wrong becomes one line on stderr and an exit code."""
    _open_standard_streams()
    if not sys.warnoptions:  # those of libraries are for who writes against them
        warnings.simplefilter("ignore", FutureWarning)
    try:
        QUIET.set(False)
        command = get_command(app)
        code = command.main(
            arguments, prog_name=name, standalone_mode=False, help_option_names=["-h", "--help"]
        )
        if code == 130:  # what typer makes of Ctrl-C
            say("interrupted", name)
        _finish_stdout()
        return code if isinstance(code, int) else 0
    except Refused as problem:
        if os.environ.get("RANK", "0") == "0":  # every process of torchrun is refused; one says so
            say(str(problem), name)
    except Failed as problem:
        say(str(problem), name)
        return 1
    except NobodyReads:
        _abandon_stdout()
        return 141  # what a shell calls the end by SIGPIPE, which is no error
    except OSError as error:
        _abandon_stdout()
        say(f"cannot write: {error.strerror or error}", name)
    except typer.TyperException as problem:
        say(_usage(problem, name), name)
    except Exception as defect:
        say(f"the tracer itself failed ({type(defect).__name__}: {defect})", name)
        return 1
    return 2


def _usage(problem: Any, name: str) -> str:
    """Return what is wrong with a command line, and which help tells more."""
    line = problem.format_message().rstrip(".")
    if close := getattr(problem, "possibilities", None):
        line = f"{problem.message}; did you mean {' or '.join(sorted(close))}?"
    context = getattr(problem, "ctx", None)
    return f"{line} (see {context.command_path if context else name} --help)"


def note(line: str, name: str = "rfft-trace") -> None:
    """Write a line that is no complaint to stderr, but not with --quiet."""
    if not QUIET.get():
        say(line, name)


def say(line: str, name: str = "rfft-trace") -> None:
    """Write a line to stderr, if anybody can read it."""
    from ..values.characters import one_line

    if sys.stderr is None:  # for which `print` would take standard output
        return
    with contextlib.suppress(OSError):
        print(f"{name}: {one_line(line)}", file=sys.stderr, flush=True)


def _open_standard_streams() -> None:
    """See that no file or socket is taken for a standard stream that is closed."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    if sys.stdout is None:
        sys.stdout = ClosedOutput()


def _finish_stdout() -> None:
    """Write what is still in buffers, while a failure can be told."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise NobodyReads from None
    if isinstance(sys.stdout, ClosedOutput) and sys.stdout.lost:
        raise Refused("standard output is closed")


def _abandon_stdout() -> None:
    """Send what is still in the buffers of standard output nowhere, so that exiting is quiet."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
