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

`Task.inputs`, `Task.question` and `Task.oracle` run code of the file in this process: a `Task` is
the caller's own code. For one that is not there is `rfft.rules.sandboxed`.
"""

import ast
import contextlib
import functools
import sys
import tokenize
from collections.abc import Callable, Iterable, Iterator, Mapping
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


def _one_of_several(text: str, name: str) -> str | None:
    """Return the name of a module's function if that is needed, and enough, to tell which it is."""
    from rfft.tracer import SourceRejected
    from rfft.tracer.plan.choice import choose

    if text.count("def ") < 2:
        return None
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    for function in (None, name):
        with contextlib.suppress(SourceRejected):
            choose(tree, function)
            return function
    return None


class Task:
    """A task file. Make one with `load`, `Task.from_file` or `Task.from_source`.

    Attributes: `id` (the name), `title`, `source`, `split`, `length` (what the length counts),
    `min_length`, `max_length` (None if there is none), `path` (None if made from a text), `text`,
    `function` (None unless one of several is named).
    Nothing of the file is run before a method is called that needs it.
    """

    def __init__(
        self, text: str, name: str, path: Path | None = None, function: str | None = None
    ) -> None:
        self.id = name
        self.function = function
        self.path = path
        self.text = text
        self.where = str(path or name)  # how messages begin
        self._facts: Facts = read_facts(text, name, self.where, function)
        self.title = self._facts.title
        self.source = self._facts.source
        self.split = self._facts.split
        self.length = self._facts.length
        self.min_length = self._facts.min_length
        self.max_length = self._facts.max_length

    @classmethod
    def from_source(cls, text: str, name: str) -> "Task":
        """Return the task in the text of a module. Raises TaskRejected.

        Where the module has several functions that may be the rule, it is the one of this name.
        """
        return cls(text, name, function=_one_of_several(text, name))

    @classmethod
    def from_file(cls, path: str | Path) -> "Task":
        """Return the task in a file, named after it. Raises TaskRejected.

        ``FILE.py::NAME`` is the one of several functions in it that has this name, and the task's.
        """
        path = Path(path)
        file_path, function = split_path(path)
        try:
            with tokenize.open(file_path) as file:
                text = file.read()
        except (SyntaxError, UnicodeDecodeError):
            raise TaskRejected(f"{path}: is no Python text") from None
        except OSError as error:
            raise TaskRejected(f"{path}: {error.strerror or error}") from None
        return cls(text, function.replace(".", "_") if function else path.stem, path, function)

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
            return Rule.from_source(self.text, self.function, self.where)
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
        with self._running("the file"):
            exec(
                compile(self._whole.source, self.where, "exec", dont_inherit=True), module.__dict__
            )
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
        self._check_length(length)
        return self._make(length, rng)

    def _check_length(self, length: int) -> None:
        least, most = self.min_length, self.max_length
        if length < least or (most is not None and length > most):
            more = "and more" if most is None else f"to {most}"
            raise TaskRejected(f"{self.where}: lengths are {least} {more}, not {length}")

    @property
    def has_inputs(self) -> bool:
        """Tell whether the file makes the arguments itself, and not its type hints."""
        return "inputs" in self._facts.functions

    @functools.cached_property
    def _make(self) -> _Made:
        if self.has_inputs:
            return self._written()
        return inferred(self.rule, self.module, self.where)

    def _written(self) -> _Made:
        """Return the file's own `inputs`, guarded."""
        inputs: Callable[[int, Random], Any] = self.module.inputs

        def make(length: int, rng: Random) -> tuple[Any, ...]:
            with self._running(f"inputs({length}, rng)"):
                made = inputs(length, rng)
            return self._as_arguments(made)

        return make

    def _as_arguments(self, made: Any) -> tuple[Any, ...]:
        """Return what `inputs` of the file has made as the arguments of a call."""
        if type(made) is not tuple:
            names = self._parameters
            if len(names) != 1:
                raise TaskRejected(
                    f"{self.where}: inputs returned a {type(made).__name__}; "
                    f"return a tuple of the arguments ({', '.join(names)})"
                )
            made = (made,)
        arguments: tuple[Any, ...] = made
        try:
            self.rule.parameters.check(arguments, {})
        except ValueError as error:
            raise TaskRejected(
                f"{self.where}: inputs returned {len(arguments)} arguments: {error}"
            ) from None
        return arguments

    # What is asked and what is right

    def question(self, *arguments: Any) -> str:
        """Return the question for arguments (before the rule changes them). Raises TaskRejected."""
        return self.question_with(arguments, tuple(map(show, arguments)))

    def question_with(self, arguments: tuple[Any, ...], texts: tuple[str, ...]) -> str:
        """Return the question for arguments whose texts are known. Raises TaskRejected."""
        if not self.has_question:
            return self._ask(self.rule.parameters.texts(texts))
        text = self._asked(arguments, texts)
        if not isinstance(text, str) or not text.strip():
            raise TaskRejected(
                f"{self.where}: question returned {text!r:.50}, which is no question"
            )
        return text

    def _asked(self, arguments: tuple[Any, ...], texts: tuple[str, ...]) -> Any:
        """Return what `question` of the file says."""
        question = self.module.question
        with self._running("question"):
            return question(*arguments)

    @property
    def has_question(self) -> bool:
        """Tell whether the file words the question itself, and not in its docstring."""
        return "question" in self._facts.functions

    @functools.cached_property
    def _ask(self) -> Callable[[Mapping[str, str]], str]:
        return self.rule.question

    @functools.cached_property
    def _parameters(self) -> list[str]:
        return list(self.rule.parameters.signature.parameters)

    @property
    def has_oracle(self) -> bool:
        """Tell whether the file gives the answer by another method."""
        return "oracle" in self._facts.functions

    def oracle(self, *arguments: Any) -> Any:
        """Return the answer by the file's other method. Raises TaskRejected."""
        (answer,) = self.oracles([arguments])
        if isinstance(answer, TaskRejected):
            raise answer
        return answer

    def oracles(self, instances: Iterable[tuple[Any, ...]]) -> list[Any]:
        """Return what `oracle` gives for many instances, or in its place why it gives nothing.

        Raises TaskRejected if the file has no oracle.
        """
        if not self.has_oracle:
            raise TaskRejected(f"{self.where}: has no oracle")
        return list(map(self._answered, instances))

    def _answered(self, arguments: tuple[Any, ...]) -> Any:
        try:
            oracle = self.module.oracle
            with self._running("oracle"):
                return oracle(*arguments)
        except TaskRejected as rejected:
            return rejected

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

    @contextlib.contextmanager
    def _running(self, what: str) -> Iterator[None]:
        """Turn whatever code of the file raises into one line, exits among them."""
        try:
            yield
        except KeyboardInterrupt:
            raise  # somebody wants to stop
        except BaseException as error:
            raise self._failed(what, error) from error

    def _failed(self, what: str, error: BaseException) -> TaskRejected:
        """Return the line for an exception in code of the file."""
        line, trace = 0, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.where:
                line = trace.tb_lineno
            trace = trace.tb_next
        place = f" in line {line}" if line else ""
        return TaskRejected(f"{self.where}: {raised(what, type(error).__name__, error)}{place}")

    def __repr__(self) -> str:
        return f"<task {self.id}>"


def split_path(path: Path) -> tuple[Path, str | None]:
    """Return the file of ``FILE.py::NAME`` and the name; None if none is given."""
    file, mark, name = str(path).rpartition("::")
    if mark and file.endswith(".py") and not path.exists():
        return Path(file), name
    return path, None


def raised(what: str, kind: str, message: object) -> str:
    """Say on one line what code of a task has raised."""
    try:
        reason = " ".join(f"{kind}: {message}".split()).rstrip(": ")
    except Exception:  # an exception need not have a text
        reason = kind
    return f"{what} raised {reason[:300]}"


def random_for(task: str, seed: int, length: int, index: int) -> Random:
    """Return the source of random numbers for one instance of a task.

    It depends on these four alone: not on the Python version, the machine or the hash seed. They
    are hashed, not added, so that neighbouring seeds share no instance.
    """
    return Random(number_for(task, seed, length, index))


def number_for(task: str, seed: int, length: int, index: int) -> int:
    """Return the number that `random_for` begins with."""
    key = f"{task}/{seed}/{length}/{index}".encode()
    return int.from_bytes(blake2b(key, digest_size=16).digest(), "big")
