"""The command ``rfft-check``, also ``rfft check``."""

import enum
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from ..cli import Refused, _main, _read_source, new_app

MAX_TEXT = 64 << 20
"""How much of a text is read, in bytes. The true traces that it is compared with are shorter."""

_HELP = """Check a text against a rule: is it the rule's trace, and if not, where does it go wrong?

Prints the first wrong line, what is wrong with it, and how much of the rest follows from it.

\b
Examples:
  rfft-check add_digits.py --input 15 --trace answer.txt
  generate | rfft-check zeroes.py --input '[0, 1]' --trace - --style rfft-icl --format json

\b
Exit codes: 0 right; 1 wrong; 2 options, rule, input or text refused; 3 no verdict:
a limit ended the rule, or it was stopped from reaching outside, crashed or tampered.
"""


class Format(enum.StrEnum):
    """How the verdict is written."""

    text = enum.auto()
    json = enum.auto()


app = new_app()


@app.command("check", help=_HELP, short_help="Check a trace against a rule.")
def _check(
    rule: Annotated[str, typer.Argument(metavar="RULE.py", help="The file of the rule.")],
    trace: Annotated[
        str,
        typer.Option("--trace", metavar="FILE", help="The text to check; - is standard input."),
    ],
    arguments: Annotated[
        str,
        typer.Option(
            "--input",
            metavar="ARGS",
            help="What stands between the parentheses of the call: Python literals.",
        ),
    ] = "",
    function: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which function of the file, if there are several."),
    ] = None,
    style: Annotated[
        str, typer.Option(metavar="STYLE", help="The style of the text: a name or a file.")
    ] = "rfft",
    form: Annotated[Format, typer.Option("--format", help="json is one object.")] = Format.text,
    max_steps: Annotated[
        int, typer.Option(metavar="N", min=1, help="Stop the rule after so many steps.")
    ] = 1_000_000,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", help="Stop the rule after this time.")
    ] = 10,
    memory: Annotated[
        int, typer.Option(metavar="MIB", min=16, max=1 << 20, help="Memory the rule may take.")
    ] = 1024,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run the rule in this process, unprotected.")
    ] = False,
) -> None:
    from ..run import Limits
    from ..styles import load
    from .apart import Job, judge_apart, judge_here

    if not 0 < timeout <= 86_400:
        raise Refused("--timeout takes more than 0 and at most 86400 seconds")
    if rule == "-" and trace == "-":
        raise Refused("the rule and the text cannot both be standard input")
    load(style)
    job = Job(_read_source(rule), arguments, _read_text(trace), function, style)
    limits = Limits(max_steps, timeout, memory)
    if unsafe:

        def stop(answer: dict[str, Any]) -> NoReturn:
            os._exit(_complain(rule, answer))

        answer = judge_here(job, limits, stop)
    else:
        try:
            answer = judge_apart(job, limits)
        except OSError as error:
            raise Refused(f"no process for the rule: {error}; --unsafe needs none") from None
    verdict = answer["verdict"]
    if verdict is None:
        raise typer.Exit(_complain(rule, answer))
    if form is Format.json:
        import json

        typer.echo(json.dumps(verdict, ensure_ascii=False))
    else:
        typer.echo(describe(verdict))
    raise typer.Exit(0 if verdict["right"] else 1)


def describe(verdict: dict[str, Any]) -> str:
    """Return a verdict in words, a line for each thing to know."""
    from ..display import one_line

    if verdict["right"]:
        return f"right: {_count(verdict['lines'], 'line')}, {_count(verdict['steps'], 'step')}"
    lines = [f"wrong at line {verdict['line']}: {verdict['reason']}"]
    lines.append(f"  expected  {one_line(verdict['expected']) or '(nothing: the trace is over)'}")
    lines.append(f"  found     {one_line(verdict['given']) or '(nothing: the text is over)'}")
    steps = _count(verdict["steps"], "step")
    lines.append(
        f"right given what the text itself had stated: {verdict['right_steps']} of {steps}"
    )
    lines += [
        f"line {loop['line']}, {one_line(loop['source'])} {_count(loop['stated'], 'iteration')}"
        f" stated, {loop['true']} in truth"
        for loop in verdict["loops"]
    ]
    if verdict["unread"]:
        lines.append("the text is far longer than the true trace; its end was not read")
    return "\n".join(lines)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _complain(rule: str, answer: dict[str, Any]) -> int:
    """Say why there is no verdict; return the exit code."""
    from ..display import one_line

    status = answer["status"]
    line = answer["message"] or f"no verdict: {status.replace('_', ' ')}"
    print(f"rfft-check: {rule}: {one_line(line)}", file=sys.stderr, flush=True)
    return 2 if status.startswith("rejected") else 3


def _read_text(name: str) -> str:
    """Return the text of a trace, or the head of one that is far too long."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(MAX_TEXT)
        else:
            path = Path(name)
            if path.exists() and not path.is_file():
                raise Refused(f"{name}: is not a regular file; - reads from standard input")
            with path.open("rb") as file:
                data = file.read(MAX_TEXT)
    except (ValueError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such file"
        raise Refused(f"{name}: {reason or error}") from None
    return data.decode("utf-8", "replace")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``rfft-check`` with these arguments (by default the process's); return its exit code."""
    return _main(app, "rfft-check", arguments)
