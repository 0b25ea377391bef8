"""A row of a corpus: one sample that needs nothing else to be read, scored or made again.

=============  =================================================================================
``id``         ``task:length:number``; the plan and the id make the row again. Of a row that is a
               step, ``task:length:number.step``, from 0
``task``       the task's name, or ``synthetic``
``length``     the length of the instance
``style``      the name or the file of the style of prompt and completion
``prompt``     what a model is given, with the rule if the style shows it
``completion`` what it is to answer: the trace, or a step of it and the state behind that
``answer``     the right answer of the whole run, as Python writes it
``rule``       the rule that was followed, in Python whatever the style shows of it
``arguments``  the texts of the arguments, as Python writes them
=============  =================================================================================

Some corpora have more columns:

==============  ================================================================================
``variant_of``  the fingerprint of the program that the rule is a variant of, in its place in the
                split
``direction``   ``backward``, if an input is asked for: prompt, completion and answer are of that
``output``      then, what the input is to give
==============  ================================================================================

Configs write prompt and completion in different ways, and the rest alike:

``prompt_completion``  each is a text; a blank line ends the prompt, so that they can be joined
``conversational``     each is a list of one message, of the user and of the assistant
``messages``           they are the two messages of a conversation, in one column
"""

from collections.abc import Callable, Mapping
from typing import Any

from rfft.tracer.styles import Style

from . import steps
from .errors import CorpusRejected
from .sources import Instance

Row = dict[str, Any]


def row_id(task: str, instance: Instance) -> str:
    """Return the id of the row for an instance."""
    return f"{task}:{instance.length}:{instance.number}"


def parse_id(text: str) -> tuple[str, int, int]:
    """Return the task, length and number of an id, of a step's, too. Raises CorpusRejected."""
    rest, _, number = text.rpartition(":")
    number, dot, step = number.partition(".")
    task, _, length = rest.rpartition(":")  # which may have colons in it
    if not (task and length.isdecimal() and number.isdecimal() and step.isdecimal() == bool(dot)):
        raise CorpusRejected(f"{text!r} is no id; an id is task:length:number")
    return task, int(length), int(number)


def make(task: str, instance: Instance, style: str, prompt: str, record: Mapping[str, Any]) -> Row:
    """Return the row for an instance that has been traced."""
    row = {
        "id": row_id(task, instance),
        "task": task,
        "length": instance.length,
        "style": style,
        "prompt": prompt if prompt.endswith("\n") else prompt + "\n",
        "completion": record["response"],
        "answer": record["answer"],
        "rule": instance.rule,
        "arguments": list(instance.arguments),
    }
    if instance.variant_of:
        row["variant_of"] = instance.variant_of
    return row


def of_steps(
    task: str, instance: Instance, name: str, style: Style, record: Mapping[str, Any]
) -> list[Row]:
    """Return the rows for the steps of an instance that has been traced. Raises NoSteps."""
    before = steps.head(style, instance.rule)
    whole = make(task, instance, name, "", record)
    return [
        {
            **whole,
            "id": f"{whole['id']}.{number}",
            "prompt": before + piece.before,
            "completion": piece.completion,
        }
        for number, piece in enumerate(steps.pieces(record))
    ]


def unwritable(row: Row) -> str:
    """Say why no file can hold a row, or nothing."""
    try:
        for text in (row["prompt"], row["completion"], row["answer"], *row["arguments"]):
            if not text.isascii():
                text.encode()
    except UnicodeEncodeError:
        return "the text has half a surrogate pair, which no file can hold"
    return ""


def blank_line(prompt: str) -> str:
    """Return a prompt as the text that its response follows: with a blank line at its end."""
    return prompt + ("\n" if prompt.endswith("\n") else "\n\n")


def message(role: str, text: str) -> dict[str, str]:
    """Return a prompt or a response as a message, which has no line end of its own."""
    return {"role": role, "content": text.rstrip("\n")}


def talk(row: Row) -> list[dict[str, str]]:
    """Return prompt and completion as the two messages of a conversation."""
    return [message("user", row["prompt"]), message("assistant", row["completion"])]


def _conversational(row: Row) -> Row:
    prompt, completion = talk(row)
    return {**row, "prompt": [prompt], "completion": [completion]}


def _plain(row: Row) -> Row:
    return {**row, "prompt": blank_line(row["prompt"])}


def _messages(row: Row) -> Row:
    rest = {k: v for k, v in row.items() if k not in ("id", "prompt", "completion")}
    return {"id": row["id"], "messages": talk(row), **rest}


CONFIGS: Mapping[str, Callable[[Row], Row]] = {
    "prompt_completion": _plain,
    "conversational": _conversational,
    "messages": _messages,
}
"""How a row is written, by the name of the config."""


def canonical(written: Row) -> Row:
    """Return the row that was written, in whichever config.

    Prompt and completion are texts that end with a line end. Raises LookupError, TypeError or
    ValueError if there is no such row.
    """
    row = dict(written)
    if "messages" in row:
        row["prompt"], row["completion"] = ([one] for one in row.pop("messages"))
    if isinstance(row["prompt"], str):
        if row["prompt"].endswith("\n\n"):  # which older corpora do without
            row["prompt"] = row["prompt"][:-1]
        return row
    for column in ("prompt", "completion"):
        (said,) = row[column]
        row[column] = said["content"] + "\n"
    return row
