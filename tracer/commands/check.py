"""The command ``rfft-check``, also ``rfft check``."""

import contextlib
import functools
import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from ..errors import Refused
from .app import (
    AllowOption,
    FormOption,
    LengthOption,
    OutputOption,
    SeedOption,
    TraceFormat,
    note,
    run_app,
    say,
)
from .grammar import App, Misused

if TYPE_CHECKING:
    from .output import Output

_HELP = """Check a text against a rule: is it the rule's trace, and if not, where does it go wrong?

Prints the first wrong line, what is wrong with it, and how much of the rest follows from it.

\b
Examples:
  rfft-check add_digits.py --input 15 --trace answer.txt
  rfft-check add_digits.py --input 15 --trace answer.txt --output wrong.html
  generate | rfft-check zeroes.py --input '[0, 1]' --trace - --format json

Exit codes: 0 right; 1 wrong; 2 options, rule, input or text refused; 3 no verdict:
a limit ended the rule, or it was stopped from reaching outside, crashed or tampered.
"""


app = App()


@app.command("check", help=_HELP, short_help="Check a trace against a rule.")
def _check(
    rule: Annotated[
        str,
        typer.Argument(metavar="RULE.py", help="The file of the rule, or a task's id or title."),
    ],
    trace: Annotated[
        str,
        typer.Option("--trace", metavar="FILE", help="The text to check; - is standard input."),
    ],
    arguments: Annotated[
        str,
        typer.Option(
            "--input",
            metavar="ARGS",
            help="What stands between the parentheses of the call: Python literals; @FILE is what "
            "is in a file.",
        ),
    ] = "",
    input_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="The input, if it is in a file.")
    ] = None,
    length: LengthOption = None,
    seed: SeedOption = 0,
    function: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which function of the file, if there are several."),
    ] = None,
    style: Annotated[
        str, typer.Option(metavar="STYLE", help="The style of the text: a name or a file.")
    ] = "rfft",
    form: FormOption = None,
    output: OutputOption = None,
    max_steps: Annotated[
        int, typer.Option(metavar="N", min=1, help="Stop the rule after so many steps.")
    ] = 1_000_000,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", help="Stop the rule after this time.")
    ] = 10,
    memory: Annotated[
        int, typer.Option(metavar="MIB", min=16, max=1 << 20, help="Memory the rule may take.")
    ] = 1024,
    allow: AllowOption = None,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run the rule in this process, unprotected.")
    ] = False,
) -> None:
    from ..checking.sandboxed import judge_apart, judge_here
    from ..sandbox import Limits, Sandbox, Task, run, run_here
    from ..sandbox.protection import UNSAFE, shortfall
    from ..styles import load
    from ..verdict import describe
    from .files import read_inputs, read_response, read_source, read_task
    from .output import Output, Writer
    from .reports import protection_of

    if not 0 < timeout <= 86_400:
        raise Refused("--timeout takes more than 0 and at most 86400 seconds")
    if rule == "-" and trace == "-":
        raise Refused("the rule and the text cannot both be standard input")
    load(style)
    target = Output(output)
    form = target.format(form)
    limits = Limits(max_steps, timeout, memory)

    def complain(answer: dict[str, Any]) -> int:
        """Say why there is no verdict; return the exit code."""
        say(f"{rule}: {_message(answer)}", "rfft-check")
        if form is TraceFormat.json:
            _write(target, answer)
        return 2 if answer["status"].startswith("rejected") else 3

    def stop(answer: dict[str, Any]) -> NoReturn:
        code = 2
        try:
            code = complain({**answer, "protection": UNSAFE})
        except (Refused, OSError) as problem:
            say(str(problem), "rfft-check")
        finally:
            os._exit(code)

    status = "rejected_source"
    try:
        given = [arguments] if arguments else None
        given = read_inputs(given, [input_file] if input_file else None)
        if given is not None and len(given) > 1:
            raise Misused("the input is given twice")
        found = read_task(rule, length, seed, given)
        if length is not None and (found is None or given is not None):
            raise Misused("--length makes the input of a task of the library; a file's is --input")
        if found is not None:
            source, named, given, _ = found
            function = function or named
        else:
            source = read_source(rule)
        arguments = given[0] if given else ""
        status = "rejected_input"
        text = read_response(trace, style)
    except Refused as problem:
        if form is TraceFormat.json:
            with contextlib.nullcontext() if unsafe else Sandbox((style,)) as sandbox:
                protection = protection_of(sandbox)
            told = {"status": status, "message": str(problem), "protection": protection}
            _write(target, {**told, "verdict": None})
        raise
    task = Task(source, (arguments,), function, (style,), texts=(text,))
    try:
        answer = judge_here(task, limits, stop) if unsafe else judge_apart(task, limits)
    except OSError as error:
        raise Refused(f"no process for the rule: {error}; --unsafe needs none") from None
    if unsafe:
        answer["protection"] = UNSAFE
    elif lacking := shortfall(answer["protection"]):
        note(lacking, "rfft-check")
    verdict = answer["verdict"]
    if verdict is None:
        raise typer.Exit(complain(answer))
    if form is TraceFormat.html:
        tell = functools.partial(run_here, deliver=stop) if unsafe else run
        record = tell(task.source, arguments, function=function, style=style, limits=limits)
        page = Writer(output, form, None)
        page.write(record, task.texts[0], verdict)
        page.close()
    elif form is TraceFormat.json:
        _write(target, answer)
    else:
        target.write(f"{describe(verdict)}\n")
        target.close()
    raise typer.Exit(0 if verdict["right"] else 1)


def _message(answer: dict[str, Any]) -> str:
    """Return why there is no verdict, if there is none."""
    if answer["verdict"] is not None:
        return ""
    return answer["message"] or f"no verdict: {answer['status'].replace('_', ' ')}"


def _write(target: "Output", answer: dict[str, Any]) -> None:
    """Write what programs read: a verdict and more keys; without one its own are null."""
    from ..verdict import Verdict

    verdict = answer["verdict"] or dict.fromkeys(Verdict(right=False).to_json())
    said = {"status": answer["status"], "message": _message(answer)}
    data = {**verdict, **said, "protection": answer["protection"]}
    target.write(json.dumps(data, ensure_ascii=False) + "\n")
    target.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``rfft-check`` with these arguments (by default the process's); return its exit code."""
    return run_app(app, "rfft-check", arguments)
