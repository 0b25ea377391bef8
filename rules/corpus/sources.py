"""Where instances come from: the tasks of a plan, and rules that are drawn for each sample.

A source gives, for a length and a number, one `Instance`, the same everywhere. `inputs` and
`question` of a task run where `rfft.rules.sandboxed.guarded` says; rules are drawn in this process
and never run in it.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from rfft.tracer import SourceRejected
from rfft.tracer.styles import Style
from rfft.tracer.styles.prompt import Worked, prompt_of, worked
from rfft.tracer.values.show import show

from ..errors import TaskRejected
from ..sandboxed import guarded
from ..task import Task, random_for
from . import split
from .errors import CorpusRejected

if TYPE_CHECKING:
    from rfft.tracer.program import Program
    from rfft.tracer.styles.prompt import Unmade

SYNTHETIC = "synthetic"
"""What stands for the task of a sample whose rule was drawn for it."""

_EXAMPLE_LENGTHS = 5  # a worked example is at most so long, so that prompts stay short
_EXAMPLE_TRIES = 50


class Asker(Protocol):
    """What instances are of: a task, a synthetic rule, a program of a set."""

    @property
    def in_prompts(self) -> "Program | Unmade":
        """What a prompt is about. Raises TaskRejected."""

    def question_with(self, arguments: tuple[Any, ...], texts: tuple[str, ...]) -> str:
        """Return the question for arguments whose texts are known. Raises TaskRejected."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A rule and arguments for it.

    `number` is the one it was drawn with, `source` what is run, `rule` the part of it to follow,
    `key` its hash (`rfft.rules.corpus.split`), `values` the arguments and `arguments` their texts.
    `asker` is what it is of, and `task` what stands for that in a row. `output` is the text of the
    answer that a set states, which may have been JSON. A variant has the fingerprint of what it is
    a variant of in `variant_of`, and its key.
    """

    number: int
    length: int
    key: bytes
    source: str
    function: str | None
    rule: str
    values: tuple[Any, ...]
    arguments: tuple[str, ...]
    asker: Asker
    task: str
    output: str | None = None
    from_json: bool = False
    variant_of: str = ""

    def prompt(self, style: Style, example: Worked | None = None) -> str:
        """Return the prompt in a style. Raises TaskRejected."""
        return prompt_of(style, self.asker.in_prompts, self._question, example)

    def worked(self, style: Style, response: str) -> Worked:
        """Return this instance as a worked example, given its response. Raises TaskRejected."""
        return worked(style, self.asker.in_prompts, self._question, response)

    @property
    def _question(self) -> str:
        return self.asker.question_with(self.values, self.arguments)

    @property
    def input(self) -> str:
        """What stands between the parentheses of the call."""
        return ", ".join(self.arguments)


class Source(Protocol):
    """Makes instances."""

    batch: int  # how many instances one process of the sandbox is given

    def draw(self, length: int, number: int) -> Instance | None:
        """Return an instance, or None if there is none for this number. Raises TaskRejected."""

    def example(self, of: Instance) -> Instance | None:
        """Return a short training instance to be worked in front of one, or None."""


class TaskSource:
    """Makes instances of a task."""

    batch = 2000

    def __init__(self, task: Task, seed: int, variant_of: str = "") -> None:
        self._task = task
        self._variant_of = variant_of
        self._seed = seed

    def draw(self, length: int, number: int) -> Instance | None:
        return self._instance(length, number, self._task.arguments(length, self._seed, number))

    def _instance(self, length: int, number: int, values: tuple[Any, ...]) -> Instance:
        texts = tuple(map(show, values))
        rule = self._task.rule
        key = split.key(self._identity, texts)
        source, function = rule.source, rule.function
        return Instance(
            number, length, key, source, function, rule.text, values, texts, self._task,
            self._task.id, variant_of=self._variant_of,
        )  # fmt: skip

    @functools.cached_property
    def _identity(self) -> str:
        if self._variant_of:
            return self._variant_of
        try:
            return split.identity(self._task.rule.text)
        except SourceRejected as error:
            raise CorpusRejected(f"{self._task.where}: {error}".partition("\n")[0]) from None

    def example(self, of: Instance) -> Instance | None:
        """Return another instance of the same task."""
        task = self._task
        least, most = task.min_length, task.max_length or _EXAMPLE_LENGTHS
        longest = min(max(least, _EXAMPLE_LENGTHS), most)
        rng = random_for(f"{task.id}/example", self._seed, of.length, of.number)
        for _ in range(_EXAMPLE_TRIES):
            length = rng.randint(least, longest)
            made = self._instance(length, of.number, task.inputs(length, rng))
            if made.key != of.key and split.side(made.key) == "train":
                return made
        return None


class SyntheticSource:
    """Makes rules, with one instance for each."""

    batch = 1

    def __init__(self, kind: str, seed: int) -> None:
        from .. import synthetic

        if kind not in synthetic.KINDS:
            kinds = ", ".join(synthetic.KINDS)
            raise CorpusRejected(f"no synthetic rules of kind {kind!r}; there are {kinds}")
        self._draw = functools.partial(synthetic.draw, seed, kind=kind)
        self._seed = seed

    def draw(self, length: int, number: int) -> Instance | None:
        return self._instance(length, number, 1000 * number + length)

    def _instance(self, length: int, number: int, drawn: int) -> Instance | None:
        rule = self._draw(drawn)
        try:
            values = rule.arguments(length, self._seed)
        except TaskRejected:  # none was found on which the rule ends
            return None
        texts = tuple(map(show, values))
        text = rule.text.rstrip("\n")
        key = split.key(text, texts)  # a rule that is fresh each time needs no fingerprint
        return Instance(
            number, length, key, rule.text, rule.function, text, values, texts, rule, SYNTHETIC
        )

    def example(self, of: Instance) -> Instance | None:
        """Return an instance of another rule, as in the paper's one-shot prompts."""
        for attempt in range(1, _EXAMPLE_TRIES):
            length = 1 + (of.key[0] + attempt) % _EXAMPLE_LENGTHS
            # Negative numbers are no sample's own.
            drawn = -(_EXAMPLE_TRIES * (1000 * of.number + of.length) + attempt)
            made = self._instance(length, of.number, drawn)
            if made is not None and split.side(made.key) == "train":
                return made
        return None


def load(
    task: str, text: str, seed: int, kind: str, trust: bool = False, unprotected: bool = False
) -> Source:
    """Return the source of a plan's task. Raises CorpusRejected, TaskRejected.

    For `trust` and `unprotected` see `rfft.rules.sandboxed.guarded`.
    """
    if task == SYNTHETIC:
        return SyntheticSource(kind, seed)
    return TaskSource(guarded(Task.from_source(text, task), trust, unprotected), seed)


def pair(rule: str, arguments: Sequence[str], task: str, variant_of: str = "") -> bytes:
    """Return the key of an instance from what stands in a row. Raises SourceRejected."""
    return split.key(identity(rule, task, variant_of), arguments)


def identity(rule: str, task: str, variant_of: str = "") -> str:
    """Return what stands for the rule of a row in the keys of instances. Raises SourceRejected."""
    return variant_of or (rule if task == SYNTHETIC else _identity(rule))


_identity = functools.lru_cache(maxsize=1024)(split.identity)
