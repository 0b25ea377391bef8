"""The commands ``rfft-trace`` and ``rfft``.

Each room adds its own commands to ``rfft`` with an entry point of the group ``rfft.commands``: the
name of the command and a `typer.Typer`. So this module knows of the other rooms only at run time,
and only when one of their commands is asked for or listed.
"""

import contextlib
import enum
import gc

# Starting quickly is part of the work. Collecting garbage while modules load, when nearly nothing
# is garbage, and once more at exit takes about a fifth of the time of --help.
gc.disable()

import os  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING, Annotated, Any, NoReturn  # noqa: E402

import typer  # noqa: E402
from typer.core import TyperGroup  # noqa: E402
from typer.main import get_command  # noqa: E402

from .errors import StyleNotFound  # noqa: E402

gc.freeze()
gc.enable()

if TYPE_CHECKING:
    from .run import Limits, Record

MAX_SOURCE = 1 << 20
"""The longest file that is taken for a rule, in bytes."""

_EXAMPLES = """Trace a rule, a plain Python function, on an input.

Prints the prompt and the response that follows the rule step by step.

\b
Examples:
  rfft-trace move_zeroes.py --input '[0, 1, 0, 3, 12]'
  rfft-trace add.py --input '"123", "4567"' --input '"9", "1"' --format json
  rfft-trace solution.py --function Solution.addDigits --input 15 --style rfft-icl
  cat rule.py | rfft-trace - --input 'nums=[1, 2], k=3' --only response

\b
Exit codes: 0 traced; 1 the rule raised an exception, crashed, tampered, or was
stopped from reaching outside; 2 options, rule or input refused; 3 a limit ended
the rule. What was traced until then is printed.
"""


class Format(enum.StrEnum):
    """What is written for each input."""

    text = enum.auto()
    json = enum.auto()


class Part(enum.StrEnum):
    """A part of the text."""

    prompt = enum.auto()
    response = enum.auto()


class _NobodyReads(Exception):
    """Standard output is a pipe whose other end is closed."""


class Refused(Exception):
    """The command cannot do what it was asked to; the text is the line that says why."""


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"rfft-trace {version('meta-rfft')}")
        raise typer.Exit


def new_app(**settings: Any) -> typer.Typer:
    """Return an app for commands that starts quickly and writes plain help."""
    return typer.Typer(
        rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False, **settings
    )


def print_json(data: Any) -> None:
    """Print JSON for programs, indented."""
    import json

    print(json.dumps(data, indent=2, ensure_ascii=False))


trace_app = new_app()


@trace_app.command("trace", help=_EXAMPLES, short_help="Trace a rule on an input.")
def _trace(
    rule: Annotated[
        str, typer.Argument(metavar="RULE.py", help="The file of the rule; - is standard input.")
    ],
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            metavar="ARGS",
            help="What stands between the parentheses of the call: Python literals. "
            "Give it again for another trace; leave it out to call without arguments.",
        ),
    ] = None,
    function: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which function of the file, if there are several."),
    ] = None,
    style: Annotated[
        str, typer.Option(metavar="STYLE", help="How the trace is written: a name or a file.")
    ] = "rfft",
    question: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The question in the prompt.")
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="json is one object a line.")
    ] = Format.text,
    only: Annotated[Part | None, typer.Option(help="Write one part of the text.")] = None,
    output: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write here, not to standard output.")
    ] = None,
    max_steps: Annotated[
        int, typer.Option(metavar="N", min=1, help="Stop after so many steps.")
    ] = 1_000_000,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="Stop after this time.")] = 10,
    memory: Annotated[
        int, typer.Option(metavar="MIB", min=16, max=1 << 20, help="Memory the rule may take.")
    ] = 1024,
    max_output: Annotated[
        int, typer.Option(metavar="MIB", min=1, max=1024, help="Stop at a trace of this size.")
    ] = 16,
    max_cpu: Annotated[
        float, typer.Option(metavar="SECONDS", help="Stop after so much CPU time.")
    ] = 10,
    max_depth: Annotated[
        int,
        typer.Option(metavar="N", min=1, max=100_000, help="How deep the rule may call itself."),
    ] = 1000,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run the rule in this process, unprotected.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Show the version."),
    ] = False,
) -> None:
    from . import run as running

    if not 0 < timeout <= 86_400:
        raise Refused("--timeout takes more than 0 and at most 86400 seconds")
    if not 0 < max_cpu <= 86_400:
        raise Refused("--max-cpu takes more than 0 and at most 86400 seconds")
    if only and form is Format.json:
        raise Refused("--only goes with --format text; a JSON object has all the parts")
    limits = running.Limits(max_steps, timeout, memory, max_output, max_cpu, max_depth)
    writer = Writer(output, form, only)
    source = _read_source(rule)
    asked = [""] if inputs is None else inputs
    worst = 0
    with contextlib.ExitStack() as stack:
        sandbox = None
        if not unsafe:
            from .sandbox import Sandbox, Task

            sandbox = stack.enter_context(Sandbox((style,), limits=limits))
        for number, arguments in enumerate(asked, 1):
            label = f"{rule}, input {number}" if len(asked) > 1 else rule
            if sandbox is None:
                stop = _stopping(writer, label, limits, worst, len(asked) - number)
                record = running.run_here(
                    source, arguments, stop,
                    function=function, style=style, question=question, limits=limits,
                )  # fmt: skip
            else:
                task = Task(
                    source, (arguments,), function, (style,), (question,), form is Format.json
                )
                try:
                    (record,) = sandbox.run(task)
                except OSError as error:
                    raise Refused(
                        f"no process for the rule: {error}; --unsafe needs none"
                    ) from None
            worst = max(worst, report(writer, record, label, limits))
            if record["status"] == "rejected_source":
                break  # and would be for every other input
    writer.close()
    raise typer.Exit(worst)


def report(writer: "Writer", record: "Record", label: str, limits: "Limits") -> int:
    """Write a record and say on stderr what went wrong; return the exit code."""
    from . import display

    writer.write(record)
    line = display.complaint(record, limits)
    if line is not None:
        say(f"{label}: {line}")
    printed = record["stats"]["printed"]
    if printed:
        say(f"note: the rule printed {printed:,} characters, not part of the trace")
    return display.EXIT_CODES[record["status"]]


def _stopping(
    writer: "Writer", label: str, limits: "Limits", worst: int, left: int
) -> Callable[["Record"], NoReturn]:
    """Return what ends this process, with all written, when a limit is reached in it."""

    def stop(record: "Record") -> NoReturn:
        code = 1
        try:
            code = max(worst, report(writer, record, label, limits))
            writer.close()
            if left:
                say(f"note: the inputs after this one ({left}) are left out, for --unsafe")
        except (Refused, OSError) as problem:
            code = 2
            say(str(problem))
        finally:
            os._exit(code)

    return stop


def _read_source(name: str) -> str:
    """Return the text of a rule's file; raise `Refused` if it is none."""
    if name == "-":
        if sys.stdin is None:
            raise Refused("-: standard input is closed")
        return _decode(name, sys.stdin.buffer.read(MAX_SOURCE + 1))
    path = Path(name)
    try:
        if path.is_dir():
            raise Refused(f"{name}: is a folder, not a file")
        if path.exists() and not path.is_file():
            # Opening a pipe would wait for a writer, and a device may have no end.
            raise Refused(f"{name}: is not a regular file; - reads from standard input")
        with path.open("rb") as file:
            return _decode(name, file.read(MAX_SOURCE + 1))
    except ValueError:  # a name that no file can have
        raise Refused(f"{name}: no such file") from None
    except OSError as error:
        raise Refused(f"{name}: {error.strerror or error}") from None


def _decode(name: str, data: bytes) -> str:
    """Return the text of Python source, in the encoding that it declares."""
    import io
    import tokenize

    if len(data) > MAX_SOURCE:
        raise Refused(f"{name}: is longer than {MAX_SOURCE:,} bytes, too long for a rule")
    if b"\0" in data:
        raise Refused(f"{name}: is a binary file, not Python source")
    encoding = "utf-8"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except SyntaxError as error:
        raise Refused(f"{name}: {error.msg}") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(f"{name}: line {line} is not {encoding} text; declare its encoding") from None
    except (LookupError, ValueError):
        raise Refused(f"{name}: {encoding} is not an encoding of text") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Writer:
    """Where records go: to a terminal, to a pipe at once, or to a file when all are there."""

    def __init__(self, output: str | None, form: Format, only: Part | None) -> None:
        self._file = None if output in (None, "-") else Path(output or "")
        self._form = form
        self._only = only.value if only else None
        self._parts: list[bytes] = []
        self._empty = True
        if self._file is not None:
            # Better said now than after a long run.
            if self._file.is_dir():
                raise Refused(f"{self._file}: is a folder, not a file")
            if self._file.exists() and not self._file.is_file():
                raise Refused(f"{self._file}: is not a regular file; it would be replaced")
            if not self._file.parent.is_dir():
                raise Refused(f"{self._file.parent}: no such folder")
        elif sys.stdout is None:
            raise Refused("standard output is closed")

    def write(self, record: "Record") -> None:
        """Write a record; for a file, keep it until `close`."""
        import json

        from . import display

        if self._form is Format.json:
            text = json.dumps(record, ensure_ascii=False) + "\n"
        else:
            text = display.plain(record, self._only)
            if not text:
                return
            if self._file is None and sys.stdout.isatty():
                display.show_panels(record, sys.stdout, self._only)
                return
            if not self._empty:
                text = f"\n{text}"
        self._empty = False
        # A lone surrogate has no bytes; its escape is what JSON and Python write for it.
        data = text.encode("utf-8", "backslashreplace")
        if self._file is None:
            try:
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()
            except BrokenPipeError:  # a kind of OSError that typer would take for itself
                raise _NobodyReads from None
        else:
            self._parts.append(data)

    def close(self) -> None:
        """Replace the file by what was written; leave it as it is if that was nothing."""
        if self._file is None or not self._parts:
            return
        # Through a link, the file that it leads to is replaced, not the link.
        target = self._file.resolve()
        temporary = target.with_name(f".{target.name[:100]}.{os.getpid()}.tmp")
        try:
            with temporary.open("xb") as file:
                file.writelines(self._parts)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                temporary.chmod(target.stat().st_mode & 0o7777)
            temporary.replace(target)
        except OSError as error:
            raise Refused(f"{self._file}: {error.strerror or error}") from None
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()


class _Rooms(TyperGroup):
    """The commands of this room and those of the other rooms that are installed."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *sorted(self._others())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command = super().get_command(ctx, cmd_name)
        if command is None and cmd_name in self._others():
            command = get_command(self._others()[cmd_name].load())
        return command

    @staticmethod
    def _others() -> dict[str, Any]:
        from importlib.metadata import entry_points

        return {entry.name: entry for entry in entry_points(group="rfft.commands")}


_umbrella = new_app(
    cls=_Rooms, help="Rule-following traces: make them, learn from them, score them."
)
_umbrella.add_typer(trace_app)


@_umbrella.callback()
def _rooms() -> None:
    pass


def trace_main(arguments: Sequence[str] | None = None) -> int:
    """Run ``rfft-trace`` with these arguments (by default the process's); return its exit code."""
    return _main(trace_app, "rfft-trace", arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``rfft`` with these arguments (by default the process's); return its exit code."""
    return _main(_umbrella, "rfft", arguments)


def _main(app: typer.Typer, name: str, arguments: Sequence[str] | None) -> int:
    """Run a command; whatever goes wrong becomes one line on stderr and an exit code."""
    try:
        command = get_command(app)
        code = command.main(arguments, prog_name=name, standalone_mode=False)
        if code == 130:  # what typer makes of Ctrl-C
            say("interrupted", name)
        return code if isinstance(code, int) else 0
    except (Refused, StyleNotFound) as problem:
        say(str(problem), name)
    except _NobodyReads:
        _abandon_stdout()
        return 141  # what a shell calls the end by SIGPIPE, which is no error
    except OSError as error:
        _abandon_stdout()
        say(f"cannot write: {error.strerror or error}", name)
    except typer.TyperException as problem:
        say(f"{problem.format_message()} (see {name} --help)", name)
    except Exception as defect:
        say(f"the tracer itself failed ({type(defect).__name__}: {defect})", name)
        return 1
    return 2


def say(line: str, name: str = "rfft-trace") -> None:
    """Write a line to stderr, if anybody can read it."""
    from .display import one_line

    with contextlib.suppress(OSError, AttributeError):
        print(f"{name}: {one_line(line)}", file=sys.stderr, flush=True)


def _abandon_stdout() -> None:
    """Send what is still in the buffers of standard output nowhere, so that exiting is quiet."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
