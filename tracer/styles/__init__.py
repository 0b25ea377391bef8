"""Styles: how a trace is written. One small file each; `load` finds them, yours too.

A style is a class with a `name` that extends `Style` (or another style). A run is a sequence of
moments; a style answers each with the lines to write (see `rfft.tracer.styles.slots`), or with
none. The moments, in the order in which a statement passes through them:

====================  ==========================================================================
``call``              a function was entered
``section``           a loop, or a statement under a comment, is about to run: a section begins
``simple``            a group of neighbouring assignments or calls has run
``test``              the test of an ``if`` or ``while`` is decided, a ``for`` has an item or none
``iteration``         the body of a loop begins
``again``             the body of a loop has ended, its test comes next
``otherwise``         the ``else`` of an ``if`` or a loop begins
``enter``             a ``with``, ``case``, ``except``, ``finally`` or (of a ``try``) ``else`` block
``leave``             ``break`` or ``continue``
``statement``         any other statement: ``del``, ``raise``, ``assert``, a definition, …
``back``              control is back in a function that had been left without a return
``result``            a function returns: the answer line, for the outermost one
``failure``           an exception has left the rule
====================  ==========================================================================
"""

import importlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import StyleNotFound
from ..plan.statements import Scope, Statement
from .slots import Line, Lines, Outcome

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from ..program import Program

BUILT_IN = {
    "rfft": ("rfft", "Rfft"),
    "rfft-icl": ("rfft_icl", "RfftIcl"),
    "natural": ("natural", "Natural"),
    "scratchpad": ("scratchpad", "Scratchpad"),
    "direct": ("direct", "Direct"),
}


class Style:
    """How prompts and traces are written. Every moment is silent unless a style answers it."""

    name = ""
    has_rule = True  # whether the prompt holds the rule
    has_trace = True  # whether the response holds more than the answer
    answer = ("So the answer is ", "")
    """The words before and after the value in the line that states the answer."""
    opening = "Follow the given rule to solve the question."
    """The first line of a prompt."""
    bridge = "Follow the above example to solve the following question."
    """The line between a worked example and what is asked."""

    def rule(self, rule: "Program") -> str:
        """Return a rule as a prompt shows it: its source, unless a style has other words."""
        return rule.text

    def prompt(self, source: str, question: str, example: "tuple[str, str, str] | None") -> str:
        """Return the prompt for a rule, as `rule` shows it, and a question.

        `example` is a worked one to put in front: its rule, its question, its response. Whoever
        wants a prompt asks `rfft.tracer.styles.prompt`.
        """
        task = f"{self.task(source, question)}\n"
        if example is None:
            return f"{self.opening}\n{task}"
        rule, asked, response = example
        shot = f"{self.task(rule, asked)}\n{response}\n"
        return f"{self.opening}\n{shot}{self.bridge}\n{task}"

    def task(self, source: str, question: str) -> str:
        """Return what a prompt asks: the rule and the question."""
        raise NotImplementedError(f"style {self.name} has no prompt")

    def answer_line(self) -> Line:
        """Return the line that states the answer."""
        before, after = self.answer
        return (before, Outcome(), after) if after else (before, Outcome())

    def joins(self, group: Sequence[Statement], statement: Statement) -> bool:
        """Tell whether a statement shares the recital of the group of simple ones before it."""
        return False

    def call(self, scope: Scope, nested: bool) -> Lines:
        """Answer the entry of a function; `nested` if another function of the rule called it."""
        return []

    def section(self, statement: Statement) -> Lines:
        """Answer the start of a section: a loop, or a statement with a comment above."""
        return []

    def simple(self, group: Sequence[Statement]) -> Lines:
        """Answer a group of simple statements; slots say which of them they are of."""
        return []

    def test(self, statement: Statement, outcome: bool, first: bool) -> Lines:
        """Answer a test; for a loop, `first` tells the first arrival from later ones."""
        return []

    def iteration(self, statement: Statement) -> Lines:
        """Answer the start of a loop's body."""
        return []

    def again(self, statement: Statement) -> Lines:
        """Answer the end of a loop's body, before its test comes again."""
        return []

    def otherwise(self, statement: Statement) -> Lines:
        """Answer the start of an ``else`` block."""
        return []

    def enter(self, statement: Statement, kind: str, source: str, names: Sequence[str]) -> Lines:
        """Answer the start of a block; `source` is its header.

        `names` are what it binds, and what the guard of a ``case`` reads.
        """
        return []

    def leave(self, statement: Statement) -> Lines:
        """Answer ``break`` or ``continue``."""
        return []

    def statement(self, statement: Statement) -> Lines:
        """Answer any other statement."""
        return []

    def back(self, scope: Scope) -> Lines:
        """Answer the return of control to a function that no return statement explains."""
        return []

    def result(self, scope: Scope, statement: Statement | None, nested: bool) -> Lines:
        """Answer a return; `statement` is None where a function ends without one."""
        return [] if nested else [self.answer_line()]

    def failure(self, exception: str) -> Lines:
        """Answer an exception of this type that leaves the rule."""
        return [(f"The rule raises {exception}",)]


def names() -> list[str]:
    """Return the names of all styles: the built-in ones and those of installed packages."""
    return [*BUILT_IN, *sorted(_installed())]


def load(name: "str | Style") -> Style:
    """Return a style by name, or from the path of a Python file. Raises StyleNotFound."""
    if isinstance(name, Style):
        return name
    key = str(Path(name).resolve()) if name.endswith(".py") else name
    known = _LOADED.get(key)
    if known is None:
        known = _LOADED[key] = _find(name)
    return known


def _find(name: str) -> Style:
    if name in BUILT_IN:
        module, cls = BUILT_IN[name]
        found: Style = getattr(importlib.import_module(f".{module}", __name__), cls)()
        return found
    if name.endswith(".py"):
        return _from_file(Path(name))
    entry = _installed().get(name)
    if entry is not None:
        with _failures(f"style {name!r} of an installed package"):
            loaded = entry.load()
            style = loaded() if isinstance(loaded, type) else loaded
        if isinstance(style, Style):
            return style
        raise StyleNotFound(f"style {name!r} of an installed package is not a Style")
    raise StyleNotFound(
        f"no style {name!r}; there are {', '.join(names())}, or a path of a .py file"
    )


def _from_file(path: Path) -> Style:
    if not path.is_file():
        raise StyleNotFound(f"no style file {str(path)!r}")
    spec = importlib.util.spec_from_file_location(f"rfft_style_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    with _failures(f"style file {str(path)!r}"):
        spec.loader.exec_module(module)
    own = [
        v
        for v in vars(module).values()
        if isinstance(v, type) and issubclass(v, Style) and v.__module__ == spec.name
    ]
    if len(own) != 1:
        raise StyleNotFound(f"style file {str(path)!r} must define one Style, not {len(own)}")
    with _failures(f"style file {str(path)!r}"):
        return own[0]()


@contextmanager
def _failures(what: str) -> Iterator[None]:
    """Turn whatever goes wrong in somebody's style into one clear line."""
    try:
        yield
    except (Exception, SystemExit) as error:
        raise StyleNotFound(f"{what} fails: {type(error).__name__}: {error}") from error


def _installed() -> "dict[str, EntryPoint]":
    from importlib.metadata import entry_points

    return {e.name: e for e in entry_points(group="rfft.styles") if e.name not in BUILT_IN}


_LOADED: dict[str, Style] = {}
