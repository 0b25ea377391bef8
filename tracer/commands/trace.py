"""The commands ``rfft-trace`` and ``rfft``.

Each room adds its own commands to ``rfft`` with an entry point of the group ``rfft.commands``: the
name of the command and a `typer.Typer`. So this module knows of the other rooms only at run time,
and only when one of their commands is asked for or listed.
"""

import contextlib
import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.main import get_command

from ..errors import Refused
from .app import (
    AllowOption,
    FormOption,
    InputFileOption,
    LengthOption,
    OutputOption,
    Part,
    SeedOption,
    TraceFormat,
    note,
    run_app,
    say,
)
from .grammar import App, Group, Misused

if TYPE_CHECKING:
    from ..records import Limits, Record
    from .reports import Reports

_EXAMPLES = """Trace a rule, a plain Python function, on an input.

Prints the prompt and the response that follows the rule step by step.

\b
Examples:
  rfft-trace move_zeroes.py --input '[0, 1, 0, 3, 12]'
  rfft-trace leetcode_283 --length 5
  rfft-trace add.py --input '"123", "4567"' --input '"9", "1"' --format json
  rfft-trace solution.py --function Solution.addDigits --input 15
  cat rule.py | rfft-trace - --input 'nums=[1, 2], k=3' --only response
  rfft-trace add_digits.py --input 15 --output trace.html
  rfft-trace add_digits.py --input 15 --trace answer.txt --output wrong.html

Exit codes: 0 traced; 1 the rule raised an exception, crashed, tampered, or was
stopped from reaching outside; 2 options, rule or input refused; 3 a limit ended
the rule. What was traced until then is printed.
"""


trace_app = App()


@trace_app.command("trace", help=_EXAMPLES, short_help="Trace a rule on an input.")
def _trace(
    rule: Annotated[
        str,
        typer.Argument(
            metavar="RULE.py",
            help="The file of the rule; - is standard input. FILE.jsonl#ID is a program of a set, "
            "and a task's id or title the task.",
        ),
    ],
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            metavar="ARGS",
            help="What stands between the parentheses of the call: Python literals; @FILE is what "
            "is in a file. Give it again for another trace; leave it out to call without "
            "arguments, or a program of a set on the first of its inputs.",
        ),
    ] = None,
    input_files: InputFileOption = None,
    length: LengthOption = None,
    seed: SeedOption = 0,
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
    form: FormOption = None,
    only: Annotated[Part | None, typer.Option(help="Write one part of the text.")] = None,
    output: OutputOption = None,
    texts: Annotated[
        list[str] | None,
        typer.Option(
            "--trace",
            metavar="FILE",
            help="A model's text, shown on a page beside the true trace with its first wrong step "
            "marked. One for each input.",
        ),
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
    allow: AllowOption = None,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run the rule in this process, unprotected.")
    ] = False,
) -> None:
    from ..checking.sandboxed import JUDGE
    from ..sandbox import Limits, Sandbox, Task, run_here
    from .files import read_inputs, read_program, read_response, read_source, read_task
    from .output import Writer
    from .reports import Reports, protection_of

    if not 0 < timeout <= 86_400:
        raise Refused("--timeout takes more than 0 and at most 86400 seconds")
    if not 0 < max_cpu <= 86_400:
        raise Refused("--max-cpu takes more than 0 and at most 86400 seconds")
    limits = Limits(max_steps, timeout, memory, max_output, max_cpu, max_depth)
    writer = Writer(output, form, only)
    reports = Reports(writer, limits, unsafe=unsafe)
    status = "rejected_input"
    try:
        given_inputs = read_inputs(inputs, input_files)
        status = "rejected_source"
        member = read_program(rule)
        task = None if member else read_task(rule, length, seed, given_inputs)
    except Refused as problem:
        with contextlib.nullcontext() if unsafe else Sandbox((style,)) as sandbox:
            reports.refuse(status, problem, inputs or [""], partial(protection_of, sandbox))
        raise
    inputs = given_inputs
    if length is not None and (task is None or inputs is not None):
        raise Misused("--length makes the input of a task of the library; a file's is --input")
    questions: list[str | None] = []
    if task is not None:
        member, questions = task[:3], task[3]
    first = member[2][:1] if member is not None else []
    asked = inputs if inputs is not None else first or [""]
    if question is not None or not questions:
        questions = [question] * len(asked)
    if member is not None and function is None:
        function = member[1]
    if texts and writer.format is not TraceFormat.html:
        raise Refused("--trace goes with --format html; rfft-check tells the verdict as text")
    if texts and len(texts) != len(asked):
        raise Refused(f"--trace is needed once for each input: {len(asked)} times")
    if texts and rule == "-" and "-" in texts:
        raise Refused("the rule and the text cannot both be standard input")
    with contextlib.ExitStack() as stack:
        sandbox = None
        if not unsafe:
            judge = JUDGE if texts else ""
            sandbox = stack.enter_context(Sandbox((style,), limits=limits, judge=judge))
        try:
            source = member[0] if member is not None else read_source(rule)
        except Refused as problem:
            reports.refuse("rejected_source", problem, asked, partial(protection_of, sandbox))
            raise
        given = [read_response(name, style) for name in texts or ()]
        for number, arguments in enumerate(asked, 1):
            label = f"{rule}, input {number}" if len(asked) > 1 else rule
            text = given[number - 1] if given else None
            if sandbox is None:
                record = run_here(
                    source, arguments, _stopping(reports, label, asked[number:]),
                    function=function, style=style, question=questions[number - 1], limits=limits,
                )  # fmt: skip
                verdict = None
                if text is not None and record["status"] in ("ok", "rule_error"):
                    verdict = _judged(source, arguments, text, function, style, limits)
            else:
                one = Task(
                    source,
                    (arguments,),
                    function,
                    (style,),
                    (questions[number - 1],),
                    writer.format is not TraceFormat.text,
                    () if text is None else (text,),
                )
                try:
                    (record,) = sandbox.run(one)
                except OSError as error:
                    raise Refused(
                        f"no process for the rule: {error}; --unsafe needs none"
                    ) from None
                verdict = record.pop("verdict", None)
                if record["tainted"]:
                    verdict = None
            reports.add(record, label, text, verdict)
            if record["status"] == "rejected_source":
                reports.add_alike(record, asked[number:])
                break  # and would be for every other input
    raise typer.Exit(reports.close())


def _judged(
    source: str, arguments: str, text: str, function: str | None, style: str, limits: "Limits"
) -> dict[str, Any] | None:
    """Return the verdict on a text, for a trusted rule that has ended by itself before."""
    from ..checking.sandboxed import judge_here
    from ..sandbox import Task

    task = Task(source, (arguments,), function, (style,), texts=(text,))
    verdict: dict[str, Any] | None = judge_here(task, limits, lambda _: os._exit(3))["verdict"]
    return verdict


def _stopping(reports: "Reports", label: str, left: list[str]) -> Callable[["Record"], NoReturn]:
    """Return what ends this process, with all written, when a limit is reached in it."""

    def stop(record: "Record") -> NoReturn:
        code = 1
        try:
            reports.add(record, label)
            if left:
                note(f"note: the inputs after this one ({len(left)}) are left out, for --unsafe")
                reports.add_alike(_left_out(record), left)
            code = reports.close()
        except (Refused, OSError) as problem:
            code = 2
            say(str(problem))
        finally:
            os._exit(code)

    return stop


def _left_out(record: "Record") -> "Record":
    """Return the record of inputs after the one that has ended the process."""
    from ..records import Crashed, Task

    rule = record["rule"]
    task = Task(rule["source"], ("",), rule["function"])
    why = Crashed("left out: a limit has ended the process of the rule")
    said = {key: record[key] for key in ("protection", "tainted")}
    return {**task.record(0, "crashed", why), **said}


class _Rooms(Group):
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


_umbrella = App(
    cls=_Rooms,
    add_completion=True,
    help="Rule-following traces: make them, learn from them, score them.",
)
_umbrella.add_typer(trace_app)


@_umbrella.callback()
def _rooms() -> None:
    pass


def trace_main(arguments: Sequence[str] | None = None) -> int:
    """Run ``rfft-trace`` with these arguments (by default the process's); return its exit code."""
    return run_app(trace_app, "rfft-trace", arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``rfft`` with these arguments (by default the process's); return its exit code."""
    return run_app(_umbrella, "rfft", arguments)
