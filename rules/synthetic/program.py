"""A drawn program: a function of a few lines, and what its arguments can be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from .values import Values

_INDENT = "    "
_TRIES = 200


@dataclass(frozen=True, slots=True)
class Program:
    """A function: its name, parameters, the lines of its body and what it returns.

    `admits` tells whether the program ends on arguments; without it, it ends on all. `ask` makes
    the question of the texts of arguments, if it is not the usual one.
    """

    function: str
    parameters: tuple[tuple[str, Values], ...]
    body: tuple[str, ...]
    result: str
    admits: Callable[[Sequence[Any]], bool] | None = None
    ask: Callable[[Sequence[str]], str] | None = None

    @property
    def text(self) -> str:
        """The source of the function."""
        names = ", ".join(name for name, _ in self.parameters)
        lines = [f"def {self.function}({names}):"]
        lines += [_INDENT + line for line in (*self.body, f"return {self.result}")]
        return "\n".join(lines) + "\n"

    def arguments(self, length: int, rng: Random) -> tuple[Any, ...] | None:
        """Return arguments, or None if none are found on which the program ends."""
        for _ in range(_TRIES):
            made = self.raw_arguments(length, rng)
            if self.admits is None or self.admits(made):
                return made
        return None

    def raw_arguments(self, length: int, rng: Random) -> tuple[Any, ...]:
        """Return arguments on which the program may not end.

        Of several lists or texts, one has the length and the others have it or less.
        """
        sized = [name for name, values in self.parameters if values.measure]
        longest = rng.choice(sized)
        return tuple(
            values.make(length if name == longest else rng.randint(1, length), rng)
            for name, values in self.parameters
        )


def indented(lines: Sequence[str]) -> list[str]:
    """Return the lines of a block."""
    return [_INDENT + line for line in lines]
