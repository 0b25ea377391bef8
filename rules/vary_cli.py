"""The command ``rfft rules vary``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rfft.tracer.commands.app import Format, print_json, say
from rfft.tracer.errors import Refused

if TYPE_CHECKING:
    from .variants.checked import Original


def vary(
    name: Annotated[
        str, typer.Argument(metavar="RULE", help="A task's name, a file, or FILE.jsonl#ID.")
    ],
    number: Annotated[
        int, typer.Option("--number", "-n", metavar="N", min=1, max=100, help="How many variants.")
    ] = 3,
    seed: Annotated[int, typer.Option(metavar="S", help="Which variants.")] = 0,
    inputs: Annotated[
        list[str] | None,
        typer.Option("--input", metavar="ARGS", help="Run them on this; may be given again."),
    ] = None,
    rules: Annotated[
        list[Path] | None, typer.Option("--rules", metavar="DIR", help="A folder with more tasks.")
    ] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="Code of task files is your own: run it here.")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="json is for programs.")] = Format.text,
) -> None:
    """Show variants of a rule: the same in other words.

    Each has been run against the rule: on the inputs that are given, or on some of its own.
    """
    from .variants.checked import Checker

    original = _original(name, inputs or [], rules or [], trust, seed)
    with Checker(1) as checker:
        (varied,) = checker.varied([original], number)
    if form is Format.json:
        print_json(
            [{"function": one.function, "changes": one.changes, "source": one.source}
             for one in varied.variants]
        )  # fmt: skip
    else:
        for place, one in enumerate(varied.variants, 1):
            print(f"# variant {place}: {', '.join(one.changes)}\n{one.source.strip()}\n")
    for one, difference in varied.refused:
        say(f"a variant ({', '.join(one.changes)}) was dropped: {difference}", "rfft")
    if len(varied.variants) < number:
        say(f"{name}: {len(varied.variants)} of {number} variants: {varied.why}", "rfft")
        raise typer.Exit(1)


def _original(name: str, given: list[str], rules: list[Path], trust: bool, seed: int) -> "Original":
    from rfft.tracer import Rule
    from rfft.tracer.commands.files import read_program
    from rfft.tracer.inputs import parse_input

    from .discovery import load
    from .sandboxed import guarded
    from .variants.checked import Original
    from .variants.task import sample

    if program := read_program(name):
        source, function, own = program
        rule, asks = Rule.from_source(source, function), False
        texts: list[tuple[str, ...]] = [(text,) for text in given or own]
    else:
        task = guarded(load(name, rules), trust)
        rule, asks = task.rule, True
        least = task.min_length
        most = min(least + 10, task.max_length or least + 10)
        texts = [(text,) for text in given]
        texts = texts or list(sample(task, range(least, most + 1), seed))
    if not texts:
        raise Refused(f"{name}: has no input to run variants on; --input gives one")
    for one in texts:
        args, kwargs = parse_input(", ".join(one))
        rule.parameters.check(args, kwargs)
    return Original(rule, tuple(texts), f"{seed}/{name}", asks)
