"""A look at a model before it answers: how much of true responses it would write, token by token.

The true text before each token is given, so one pass reads a response of any length. A trace that
is right in all of its tokens is one that greedy decoding would write.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .backends import Model
from .errors import EvalRejected
from .lines import Asked, lines
from .questions import Question

WHOLE = "whole trace"
END = "the end of the text"


@dataclass(frozen=True, slots=True)
class Share:
    """How many tokens of what a kind of line asks for are the likeliest ones, and how many lines.

    `asked` is a value of `Asked`, `END`, or `WHOLE`, of which `lines` are the traces.
    """

    task: str
    length: int
    asked: str
    tokens: int
    right_tokens: int
    lines: int
    right_lines: int


def read(
    model: Model,
    questions: Sequence[Question],
    *,
    done: Callable[[int], None] = lambda more: None,
) -> list[Share]:
    """Return the shares of each task, length and kind of line. Raises EvalRejected, RunFailed."""
    from .backends.transformers import Transformers

    if model.backend != "transformers":
        raise EvalRejected("only a model in this process tells its likeliest tokens")
    backend = Transformers(model)
    counts: dict[tuple[str, int, str], list[int]] = {}
    for question in questions:
        told = [line.asked.value for line in lines(question.rule, question.completion)]
        of_lines: dict[int, list[bool]] = {}
        number = 0
        for text, right in backend.likeliest(question):
            of_lines.setdefault(number, []).append(right)
            number += text.count("\n")
        *of_text, last = sorted(of_lines.items())
        of_text.append((last[0], last[1][:-1]))  # the last token ends the turn
        for asked, held in (
            *((told[n] if n < len(told) else Asked.control.value, s) for n, s in of_text if s),
            (END, last[1][-1:]),
            (WHOLE, [one for some in of_lines.values() for one in some]),
        ):
            cell = counts.setdefault((question.task, question.length, asked), [0] * 4)
            for place, more in enumerate((len(held), sum(held), 1, all(held))):
                cell[place] += more
        done(1)
    order = [WHOLE, *(asked.value for asked in Asked), END]
    found = sorted(counts.items(), key=lambda item: (*item[0][:2], order.index(item[0][2])))
    return [Share(*key, *cell) for key, cell in found]
