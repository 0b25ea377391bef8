"""The other direction: rows that ask for an input, given what the rule is to answer.

The prompt is that of the style, with another question. The completion states a call, follows the
rule on it as a row of the usual direction does, and ends with the arguments; in a style without a
trace it is these alone. Any input that gives the answer is right, so who scores a reply runs it
(`gives`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rfft.tracer import InputRejected, Rule
from rfft.tracer.inputs import parse_input
from rfft.tracer.sandbox import Pool, Task
from rfft.tracer.styles import Style
from rfft.tracer.styles.prompt import Unmade, prompt_of

from .rows import Row
from .sources import Asker, Instance

WORDS = ("So the arguments are ", "")
"""What stands before the arguments that a text ends with, and after them."""

FORM = "Give the arguments as they stand in the call."


def make(row: Row, instance: Instance, style: Style) -> Row:
    """Return the row that asks for an input, made of one that asks for the answer."""
    prompt = asked(style, instance.asker, row["answer"])
    return {
        **row,
        "prompt": prompt if prompt.endswith("\n") else prompt + "\n",
        "completion": completion(row, style, _rule(instance.asker).function),
        "answer": instance.input,
        "direction": "backward",
        "output": row["answer"],
    }


def asked(style: Style, asker: Asker, output: str) -> str:
    """Return the prompt that asks for an input that gives an answer."""
    return prompt_of(style, asker.in_prompts, f"{_rule(asker).question_for(output)} {FORM}")


def _rule(asker: Asker) -> Any:
    rule = asker.in_prompts
    return rule.make() if isinstance(rule, Unmade) else rule


def completion(row: Row, style: Style, function: str) -> str:
    """Return the completion, given the row that asks for the answer."""
    arguments = ", ".join(row["arguments"])
    end = f"{WORDS[0]}{arguments}\n"
    if not style.has_trace:
        return end
    trace = row["completion"].rstrip("\n")
    return f"Call {function.rpartition('.')[2]}({arguments}).\n{trace}\n{end}"


def turned(row: Row, style: Style, response: str) -> Row:
    """Return the row of the usual direction that a row was made of, but for its question.

    In a style without a trace nothing of that is in the completion, and `response` stands for it.
    What is not as it should be is left in, so that it is found there. Raises SourceRejected,
    InputRejected.
    """
    rule = Rule.from_source(row["rule"])
    parse_input(", ".join(row["arguments"]))
    texts = dict(zip(rule.parameters.signature.parameters, row["arguments"], strict=False))
    lines = row["completion"].split("\n")
    trace = "\n".join([*lines[1:-2], ""]) if style.has_trace else response
    forward = {**row, "prompt": prompt_of(style, rule, rule.question(texts)),
               "completion": trace, "answer": row["output"]}  # fmt: skip
    del forward["direction"], forward["output"]
    return forward


# Replies


@dataclass(frozen=True)
class Reply:
    """What a text says to be an input of a rule, to be held against what that is to answer."""

    rule: str
    output: str
    given: str


NO_INPUT = "no input of the rule"
RAISES = "its input makes the rule raise"
LIMIT = "its input makes the rule run too long"
OTHER = "its input gives another answer"


def gives(replies: Iterable[Reply], pool: Pool, same: Any) -> Iterator[str]:
    """Yield for each reply what is wrong with it, or nothing; they are run in the sandbox.

    `same` compares the texts of two answers. The sandboxes must have the style ``direct``.
    """
    known = [(reply, is_input(reply)) for reply in replies]
    tasks = (
        Task(reply.rule, (reply.given,), None, ("direct",), ("-",), steps=False)
        for reply, can in known
        if can
    )
    records = pool.map(tasks)
    for reply, can in known:
        if not can:
            yield NO_INPUT
            continue
        (record,) = next(records)
        yield _wrong(record, reply, same)


def is_input(reply: Reply) -> bool:
    """Tell whether a reply is literals that fit the signature of its rule."""
    try:
        Rule.from_source(reply.rule).parameters.check(*parse_input(reply.given))
    except InputRejected:
        return False
    return True


def _wrong(record: dict[str, Any], reply: Reply, same: Any) -> str:
    if record["status"] == "ok":
        return "" if same(record["answer"], reply.output) else OTHER
    if record["status"] == "rejected_input":
        return NO_INPUT
    return LIMIT if record["status"].startswith("limit") else RAISES
