"""The command ``rfft rules synthetic``."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rfft.tracer.commands.app import Format
from rfft.tracer.errors import Refused

if TYPE_CHECKING:
    from .synthetic import SyntheticRule


def synthetic(
    seed: Annotated[int, typer.Option(metavar="S", help="Other seeds draw other rules.")] = 0,
    count: Annotated[int, typer.Option(metavar="N", min=0, help="How many rules.")] = 10,
    start: Annotated[
        int, typer.Option(metavar="I", min=0, help="The number of the first rule.")
    ] = 0,
    kind: Annotated[
        str,
        typer.Option(metavar="KIND", help="snippets (as in the paper), grammar, steps or changes."),
    ] = "snippets",
    length: Annotated[
        int, typer.Option(metavar="N", min=1, help="The length of each rule's input.")
    ] = 5,
    style: Annotated[
        str, typer.Option(metavar="STYLE", help="How a JSON object's texts are written.")
    ] = "rfft-icl",
    form: Annotated[Format, typer.Option("--format", help="json has the traces too.")] = (
        Format.text
    ),
) -> None:
    """Draw synthetic rules, each with an input and its question.

    The same seed, number and kind give the same rule on every machine.
    """
    from .synthetic import KINDS, draw

    if kind not in KINDS:
        raise Refused(f"no synthetic rules of kind {kind!r}; there are {', '.join(KINDS)}")
    is_json = form is Format.json
    separator = "["
    for index in range(start, start + count):
        rule = draw(seed, index, kind)
        arguments = rule.arguments(length)
        if is_json:
            print(f"{separator}\n{json.dumps(_row(rule, arguments, length, style))}", end="")
            separator = ","
        else:
            print(f"# {rule.id}\n{rule.text}\nQ: {rule.question(*arguments)}\n")
    if is_json:
        print("\n]" if count else "[]")


def _row(
    rule: "SyntheticRule", arguments: tuple[Any, ...], length: int, style: str
) -> dict[str, Any]:
    """Return what JSON says of a rule and its trace on arguments, which it may change."""
    from rfft.tracer.values.show import show

    row = {
        "id": rule.id,
        "source": rule.source,
        "function": rule.function,
        "rule": rule.text,
        "length": length,
        "arguments": ", ".join(map(show, arguments)),
        "question": rule.question(*arguments),
        "prompt": rule.prompt(arguments, style),
    }
    written = rule.rule.writer(style)(*arguments)
    return {**row, "response": written.response, "answer": written.answer}
