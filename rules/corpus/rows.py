"""A row of a corpus: one sample that needs nothing else to be read, scored or made again.

=============  =================================================================================
``id``         ``task:length:number``; the plan and the id make the row again
``task``       the task's name, or ``synthetic``
``length``     the length of the instance
``style``      the name or the file of the style of prompt and completion
``prompt``     what a model is given, with the rule if the style shows it
``completion`` what it is to answer: the trace
``answer``     the right answer, as Python writes it
``rule``       the rule that was followed, in Python whatever the style shows of it
``arguments``  the texts of the arguments, as Python writes them
=============  =================================================================================

In the config ``messages``, prompt and completion are the two messages of a conversation.
"""

from collections.abc import Mapping
from typing import Any

from .errors import CorpusRejected
from .sources import Instance

Row = dict[str, Any]


def row_id(task: str, instance: Instance) -> str:
    """Return the id of the row for an instance."""
    return f"{task}:{instance.length}:{instance.number}"


def parse_id(text: str) -> tuple[str, int, int]:
    """Return the task, length and number of an id. Raises CorpusRejected."""
    rest, _, number = text.rpartition(":")
    task, _, length = rest.rpartition(":")  # which may have colons in it
    if not (task and length.isdecimal() and number.isdecimal()):
        raise CorpusRejected(f"{text!r} is no id; an id is task:length:number")
    return task, int(length), int(number)


def make(task: str, instance: Instance, style: str, prompt: str, record: Mapping[str, Any]) -> Row:
    """Return the row for an instance that has been traced."""
    return {
        "id": row_id(task, instance),
        "task": task,
        "length": instance.length,
        "style": style,
        "prompt": prompt,
        "completion": record["response"],
        "answer": record["answer"],
        "rule": instance.rule,
        "arguments": list(instance.arguments),
    }


def unwritable(row: Row) -> str:
    """Say why no file can hold a row, or nothing."""
    try:
        for text in (row["prompt"], row["completion"], row["answer"], *row["arguments"]):
            if not text.isascii():
                text.encode()
    except UnicodeEncodeError:
        return "the text has half a surrogate pair, which no file can hold"
    return ""


def talk(row: Row) -> list[dict[str, str]]:
    """Return prompt and completion as messages, which have no line end of their own."""
    return [
        {"role": "user", "content": row["prompt"].rstrip("\n")},
        {"role": "assistant", "content": row["completion"].rstrip("\n")},
    ]


def as_messages(row: Row) -> Row:
    """Return a row as a conversation."""
    rest = {k: v for k, v in row.items() if k not in ("id", "prompt", "completion")}
    return {"id": row["id"], "messages": talk(row), **rest}


def as_openai(row: Row) -> Row:
    """Return a row as a conversation and nothing else."""
    return {"messages": talk(row)}


CONFIGS = {
    "prompt_completion": lambda row: row,
    "messages": as_messages,
    "openai": as_openai,  # their fine-tuning takes no other keys
}
"""How a row is written, by the name of the config."""
