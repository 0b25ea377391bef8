"""Options that commands of training, evaluation and corpora share."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from .errors import CorpusRejected

Template = Annotated[
    str | None,
    typer.Option(
        metavar="T", help="Chat template: none, model (its own; the default) or a Jinja file."
    ),
]
System = Annotated[
    str | None, typer.Option(metavar="TEXT", help="The system's message in the chat template.")
]
TemplateArgs = Annotated[
    list[str] | None,
    typer.Option(
        "--template-arg",
        metavar="KEY=VALUE",
        help="Goes into the chat template: enable_thinking=false. May be given again.",
    ),
]


def pairs(option: str, given: Sequence[str] | None) -> dict[str, Any]:
    """Return what an option KEY=VALUE was given; values are JSON or texts. Raises CorpusRejected.

    `option` is its name with the form of its values, for the message.
    """
    found: dict[str, Any] = {}
    for one in given or ():
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise CorpusRejected(f"{option}, and not {one}")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


def template_args(given: Sequence[str] | None) -> dict[str, Any]:
    """Return what ``--template-arg`` was given. Raises CorpusRejected."""
    return pairs("--template-arg is KEY=VALUE", given)
