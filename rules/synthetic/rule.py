"""A synthetic rule with its inputs and its question; it has what a `Task` has."""

import functools
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, Any

from rfft.tracer.values.show import show

from ..errors import TaskRejected
from ..task import random_for
from .program import Program

if TYPE_CHECKING:
    from rfft.tracer import Rule
    from rfft.tracer.styles import Style
    from rfft.tracer.styles.prompt import Unmade


class SyntheticRule:
    """A rule that was drawn. Make one with `draw`.

    Attributes: `id`, `kind`, `function` (its name), `text` (its source), `parameters` (their
    names), and as a `Task` has them `title`, `source`, `split`, `length` (what the length counts),
    `min_length` and `max_length`. There is no other method that gives the answer.
    """

    def __init__(self, name: str, kind: str, program: Program) -> None:
        self.id = name
        self.kind = kind
        self.function = program.function
        self.text = program.text
        self.parameters = tuple(parameter for parameter, _ in program.parameters)
        self.title = name.replace("_", " ")
        self.source = "paper D.2" if kind == "snippets" else kind
        self.split = "pretrain"
        self.min_length = 1
        self.max_length = None
        self._program = program

    @functools.cached_property
    def length(self) -> str:
        """What the length of an instance counts."""
        measures = [values.measure for _, values in self._program.parameters if values.measure]
        return measures[0] if len(measures) == 1 else "length of the longer argument"

    @functools.cached_property
    def rule(self) -> "Rule":
        """The rule, to be traced."""
        from rfft.tracer import Rule

        return Rule.from_source(self.text, self.function, self.id)

    @property
    def in_prompts(self) -> "Unmade":
        """What a prompt is about: to show the text takes no rule, which is slow to make."""
        from rfft.tracer.styles.prompt import Unmade

        return Unmade(self.text.rstrip("\n"), lambda: self.rule)

    @functools.cached_property
    def fingerprint(self) -> str:
        """A hash of the rule that no name changes; it tells duplicates."""
        from ..fingerprints import fingerprint

        return fingerprint(self.rule)

    def arguments(self, length: int, seed: int = 0, index: int = 0) -> tuple[Any, ...]:
        """Return the arguments of an instance; the same for the same numbers everywhere.

        Raises TaskRejected if there is none of this length.
        """
        return self.inputs(length, random_for(self.id, seed, length, index))

    def inputs(self, length: int, rng: Random) -> tuple[Any, ...]:
        """Return arguments of this length on which the rule ends, made with `rng`.

        Raises TaskRejected if there are none.
        """
        if length < self.min_length:
            raise TaskRejected(f"{self.id}: lengths are 1 and more, not {length}")
        made = self._program.arguments(length, rng)
        if made is None:
            raise TaskRejected(f"{self.id}: no input of length {length} was found to end")
        return made

    def question(self, *arguments: Any) -> str:
        """Return the question, in the paper's manner, for arguments as they are before the run."""
        return self.question_with(arguments, tuple(map(show, arguments)))

    def question_with(self, _arguments: tuple[Any, ...], texts: tuple[str, ...]) -> str:
        """Return the question for arguments whose texts are known."""
        if self._program.ask is not None:
            return self._program.ask(texts)
        asked = self._program.result
        if asked.isidentifier():
            asks = f"what is the final value of {asked}?"
        else:
            asks = f"what does {self.function} return?"
        return f"Given {self._given(texts)}, {asks}"

    def _given(self, texts: Sequence[str]) -> str:
        nouns = [values.noun for _, values in self._program.parameters]
        pairs = zip(self.parameters, texts, strict=True)
        stated = [f"{name} = {text}" for name, text in pairs]
        if len(nouns) == 2 and nouns[0] == nouns[1]:
            return f"two {nouns[0]}s, {stated[0]} and {stated[1]}"
        parts = [f"a {noun}, {state}" for noun, state in zip(nouns, stated, strict=True)]
        return ", ".join((*parts[:-1], f"and {parts[-1]}")) if len(parts) > 1 else parts[0]

    def prompt(
        self,
        arguments: tuple[Any, ...],
        style: "str | Style" = "rfft",
        example: tuple[str, str, str] | None = None,
    ) -> str:
        """Return the prompt that asks for arguments (before the rule changes them).

        `example` is a worked one to put in front: its rule, as the style shows it, its question,
        its response. `worked` of another rule makes it.
        """
        from rfft.tracer.styles.prompt import prompt_of

        return prompt_of(style, self.in_prompts, self.question(*arguments), example)

    def worked(
        self, arguments: tuple[Any, ...], style: "str | Style" = "rfft"
    ) -> tuple[str, str, str]:
        """Return the rule, as the style shows it, question and response, for another prompt.

        The rule may change the arguments.
        """
        from rfft.tracer.styles.prompt import worked

        question = self.question(*arguments)
        return worked(style, self.rule, question, self.rule.writer(style)(*arguments).response)

    def __repr__(self) -> str:
        return f"<synthetic rule {self.id}>"
