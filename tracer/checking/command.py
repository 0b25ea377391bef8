"""The command ``rfft-check``, also ``rfft check``."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ..cli import FormOption, OutputOption, Refused, TraceFormat, _app, _main

_HELP = """Check a text against a rule: is it the rule's trace, and if not, where does it go wrong?

Prints the first wrong line, what is wrong with it, and how much of the rest follows from it.

\b
Examples:
  rfft-check add_digits.py --input 15 --trace answer.txt
  rfft-check add_digits.py --input 15 --trace answer.txt --output wrong.html
  generate | rfft-check zeroes.py --input '[0, 1]' --trace - --style rfft-icl --format json

\b
Exit codes: 0 right; 1 wrong; 2 options, rule, input or text refused; 3 a limit
ended the rule, so that there is no verdict.
"""


app = _app()


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
) -> None:
    from ..files import read_source, read_text
    from ..output import Output, Writer
    from ..run import Limits, run
    from ..styles import load
    from .apart import Job, judge_apart
    from .verdict import describe

    if not 0 < timeout <= 86_400:
        raise Refused("--timeout takes more than 0 and at most 86400 seconds")
    if rule == "-" and trace == "-":
        raise Refused("the rule and the text cannot both be standard input")
    load(style)
    target = Output(output)
    form = target.format(form)
    job = Job(read_source(rule), arguments, read_text(trace), function, style)
    limits = Limits(max_steps, timeout, memory)
    try:
        answer = judge_apart(job, limits)
    except OSError as error:
        raise Refused(f"no process for the rule: {error}") from None
    verdict = answer["verdict"]
    if verdict is None:
        _refuse(rule, answer)
    if form is TraceFormat.html:
        record = run(job.source, arguments, function=function, style=style, limits=limits)
        page = Writer(output, form, None)
        page.write(record, job.text, verdict)
        page.close()
    else:
        import json

        told = (
            json.dumps(verdict, ensure_ascii=False)
            if form is TraceFormat.json
            else describe(verdict)
        )
        target.write(f"{told}\n")
        target.close()
    raise typer.Exit(0 if verdict["right"] else 1)


def _refuse(rule: str, answer: dict[str, Any]) -> None:
    from ..display import EXIT_CODES, one_line

    status = answer["status"]
    line = answer["message"] or f"no verdict: {status.replace('_', ' ')}"
    print(f"rfft-check: {rule}: {one_line(line)}", file=sys.stderr)
    raise typer.Exit(3 if status == "crashed" else EXIT_CODES[status])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``rfft-check`` with these arguments (by default the process's); return its exit code."""
    return _main(app, "rfft-check", arguments)
