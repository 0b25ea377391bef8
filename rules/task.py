"""A task: a rule, with questions, inputs of a given length and answers by another method.

A task is one plain Python file. The function that no other one uses is the rule; what else the
file may hold is said by `rfft.rules.facts` and by three functions, all of which can be left out:

``inputs(length, rng)``
    Returns the arguments of one instance as a tuple, made with the `random.Random` that is given.
    A rule with one argument may get it without a tuple around it, unless it is a tuple itself.
    Without this function, type hints say what to make (`rfft.rules.hints`).
``oracle(*arguments)``
    Returns the answer, by another method than the rule.
``question(*arguments)``
    Returns the question. Without it, the docstring is the question (`rfft.tracer.question`).

`Task.inputs`, `Task.question`, `Task.oracle` and `Task.rule` run code of the file in this process:
tasks are the caller's own code.
"""

import functools
import sys
import tokenize
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from random import Random
from types import ModuleType
from typing import TYPE_CHECKING, Any

from rfft.tracer.values.show import show

from .errors import TaskRejected
from .facts import Facts, read_facts
from .hints import inferred

if TYPE_CHECKING:
    from rfft.tracer import Rule
    from rfft.tracer.styles import Style

_Made = Callable[[int, Random], tuple[Any, ...]]


class Task:
    """A task file. Make one with `load`, `Task.from_file` or `Task.from_source`.

    Attributes: `id` (the name), `title`, `source`, `split`, `length` (what the length counts),
    `min_length`, `max_length` (None if there is none), `path` (None if made from a text), `text`.
    Nothing of the file is run before a method is called that needs it.
    """

    def __init__(self, text: str, name: str, path: Path | None = None) -> None:
        self.id = name
        self.path = path
        self.text = text
        self.where = str(path or name)  # how messages begin
        self._facts: Facts = read_facts(text, name, self.where)
        self.title = self._facts.title
        self.source = self._facts.source
        self.split = self._facts.split
        self.length = self._facts.length
        self.min_length = self._facts.min_length
        self.max_length = self._facts.max_length

    @classmethod
    def from_source(cls, text: str, name: str) -> "Task":
        """Return the task in the text of a module. Raises TaskRejected."""
        return cls(text, name)

    @classmethod
    def from_file(cls, path: str | Path) -> "Task":
        """Return the task in a file, named after it. Raises TaskRejected."""
        path = Path(path)
        try:
            with tokenize.open(path) as file:
                text = file.read()
        except (SyntaxError, UnicodeDecodeError):
            raise TaskRejected(f"{path}: is no Python text") from None
        except OSError as error:
            raise TaskRejected(f"{path}: {error.strerror or error}") from None
        return cls(text, path.stem, path)

    @functools.cached_property
    def rule(self) -> "Rule":
        """The rule, made from the part of the file that it uses. Raises TaskRejected."""
        from rfft.tracer import Rule

        whole = self._whole
        return Rule.from_source(whole.own_source, whole.function, self.where)

    @functools.cached_property
    def _whole(self) -> "Rule":
        """The rule as made from the whole file."""
        from rfft.tracer import Rule, SourceRejected

        try:
            return Rule.from_source(self.text, filename=self.where)
        except SourceRejected as error:
            raise TaskRejected(f"{self.where}: {error}".replace("\n    ", ": ")) from None

    @functools.cached_property
    def module(self) -> ModuleType:
        """The file, run as a module of its own. Raises TaskRejected."""
        module = ModuleType(f"rfft_task_{self.id}")
        module.__file__ = self.where
        # The names of `typing` may be used without an import, as LeetCode allows.
        module.__dict__.update(self._whole.typing_names)
        sys.modules[module.__name__] = module  # where dataclasses, for one, look it up
        try:
            exec(compile(self.text, self.where, "exec", dont_inherit=True), module.__dict__)
        except Exception as error:
            raise self._failed("the file", error) from error
        return module

    @functools.cached_property
    def fingerprint(self) -> str:
        """A hash of the rule that no name, comment or layout changes. Raises TaskRejected."""
        from .fingerprints import fingerprint

        return fingerprint(self.rule)

    # Instances

    def arguments(self, length: int, seed: int = 0, index: int = 0) -> tuple[Any, ...]:
        """Return the arguments of an instance; the same for the same numbers everywhere.

        Raises TaskRejected if there is no such length, or if `inputs` of the file fails.
        """
        return self.inputs(length, random_for(self.id, seed, length, index))

    def inputs(self, length: int, rng: Random) -> tuple[Any, ...]:
        """Return arguments of this length, made with `rng`. Raises TaskRejected."""
        if length < self.min_length or (self.max_length is not None and length > self.max_length):
            raise TaskRejected(f"{self.where}: {self._lengths}, not {length}")
        return self._make(length, rng)

    @property
    def _lengths(self) -> str:
        if self.max_length is None:
            return f"lengths are {self.min_length} and more"
        return f"lengths are {self.min_length} to {self.max_length}"

    @functools.cached_property
    def _make(self) -> _Made:
        if "inputs" in self._facts.functions:
            return self._written()
        return inferred(self.rule, self.module, self.where)

    def _written(self) -> _Made:
        """Return the file's own `inputs`, guarded."""
        inputs: Callable[[int, Random], Any] = self.module.inputs
        check = self.rule.check
        names = list(self.rule.signature.parameters)

        def make(length: int, rng: Random) -> tuple[Any, ...]:
            try:
                made = inputs(length, rng)
            except Exception as error:
                raise self._failed(f"inputs({length}, rng)", error) from error
            if type(made) is not tuple:
                if len(names) != 1:
                    raise TaskRejected(
                        f"{self.where}: inputs returned a {type(made).__name__}; "
                        f"return a tuple of the arguments ({', '.join(names)})"
                    )
                made = (made,)
            arguments: tuple[Any, ...] = made
            try:
                check(arguments, {})
            except ValueError as error:
                raise TaskRejected(
                    f"{self.where}: inputs returned {len(arguments)} arguments: {error}"
                ) from None
            return arguments

        return make

    # What is asked and what is right

    def question(self, *arguments: Any) -> str:
        """Return the question for arguments (before the rule changes them). Raises TaskRejected."""
        return self.question_with(arguments, tuple(map(show, arguments)))

    def question_with(self, arguments: tuple[Any, ...], texts: tuple[str, ...]) -> str:
        """Return the question for arguments whose texts are known. Raises TaskRejected."""
        if "question" not in self._facts.functions:
            return self._ask(dict(zip(self._parameters, texts, strict=False)))
        try:
            text = self.module.question(*arguments)
        except Exception as error:
            raise self._failed("question", error) from error
        if not isinstance(text, str) or not text.strip():
            raise TaskRejected(
                f"{self.where}: question returned {text!r:.50}, which is no question"
            )
        return text

    @functools.cached_property
    def _ask(self) -> Callable[[Mapping[str, str]], str]:
        return self.rule.question

    @functools.cached_property
    def _parameters(self) -> list[str]:
        return list(self.rule.signature.parameters)

    @property
    def has_oracle(self) -> bool:
        """Tell whether the file gives the answer by another method."""
        return "oracle" in self._facts.functions

    def oracle(self, *arguments: Any) -> Any:
        """Return the answer by the file's other method. Raises TaskRejected."""
        if not self.has_oracle:
            raise TaskRejected(f"{self.where}: has no oracle")
        try:
            return self.module.oracle(*arguments)
        except Exception as error:
            raise self._failed("oracle", error) from error

    @property
    def in_prompts(self) -> "Rule":
        """What a prompt is about. Raises TaskRejected."""
        return self.rule

    def prompt(
        self,
        arguments: tuple[Any, ...],
        style: "str | Style" = "rfft",
        example: tuple[str, str, str] | None = None,
    ) -> str:
        """Return the prompt that asks for arguments (before the rule changes them).

        `example` is a worked one to put in front: its rule, as the style shows it, its question,
        its response. For many prompts, give the style as an object (`rfft.tracer.styles.load`).
        """
        from rfft.tracer.styles.prompt import prompt_of

        return prompt_of(style, self.rule, self.question(*arguments), example)

    def _failed(self, what: str, error: Exception) -> TaskRejected:
        """Return the line for an exception in code of the file."""
        line, trace = 0, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.where:
                line = trace.tb_lineno
            trace = trace.tb_next
        place = f" in line {line}" if line else ""
        reason = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(": ")
        return TaskRejected(f"{self.where}: {what} raised {reason[:300]}{place}")

    def __repr__(self) -> str:
        return f"<task {self.id}>"


def random_for(task: str, seed: int, length: int, index: int) -> Random:
    """Return the source of random numbers for one instance of a task.

    It depends on these four alone: not on the Python version, the machine or the hash seed. They
    are hashed, not added, so that neighbouring seeds share no instance.
    """
    key = f"{task}/{seed}/{length}/{index}".encode()
    return Random(int.from_bytes(blake2b(key, digest_size=16).digest(), "big"))
