"""Variants that have been run against their program, on its inputs, in the sandbox."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from rfft.tracer import Rule
from rfft.tracer.inputs import parse_input
from rfft.tracer.records import Limits
from rfft.tracer.sandbox import Pool, Task

from .drawing import Variant, drawn, looks_up_names
from .kinds import kinds

LIMITS = Limits(steps=50_000, seconds=30.0, memory=512, cpu=20.0, output=16)
"""What one run may take: what a sample of a corpus may."""

_AHEAD = 32  # programs that are looked at together
_STYLE = "direct"


@dataclass(frozen=True)
class Original:
    """A program that variants are wanted of, with its inputs: texts of the arguments of each.

    `key` decides which variants. `asks` says that its docstring is what a question is made of.
    """

    rule: Rule
    inputs: tuple[tuple[str, ...], ...]
    key: str
    asks: bool = False


@dataclass
class Varied:
    """What has come of an original: variants; those that ran differently, with the difference.

    `why` says why there are fewer variants than were wanted.
    """

    original: Original
    variants: list[Variant] = field(default_factory=list)
    refused: list[tuple[Variant, str]] = field(default_factory=list)
    why: str = ""


class Checker:
    """Makes variants and runs them, in a pool of sandboxes. A context manager."""

    def __init__(self, workers: int | None = None, unprotected: bool = False) -> None:
        self._pool = Pool(workers, styles=(_STYLE,), limits=LIMITS, protected=not unprotected)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.close()

    def varied(self, originals: Iterable[Original], count: int) -> Iterator[Varied]:
        """Yield what has come of each, with at most `count` variants. Raises OSError."""
        waiting = iter(originals)
        while some := list(itertools.islice(waiting, _AHEAD)):
            yield from self._some(some, count)

    def _some(self, originals: list[Original], count: int) -> list[Varied]:
        found = [Varied(one) for one in originals]
        truth = self._runs((one.rule.source, one.rule.function, one.inputs) for one in originals)
        open_: list[tuple[Varied, list[_Ending], Iterator[Variant]]] = []
        for varied, ends in zip(found, truth, strict=True):
            wrong = [end for end in ends if end.status != "ok"]
            if len(wrong) == len(ends):
                varied.why = f"its run ends with {wrong[0].status}" if wrong else "it has no input"
                continue
            open_.append((varied, ends, _candidates(varied.original, count)))
        while open_:
            taken = [
                (varied, ends, draws, list(itertools.islice(draws, count - len(varied.variants))))
                for varied, ends, draws in open_
            ]
            runs = self._runs(
                (variant.source, variant.function, varied.original.inputs)
                for varied, _, _, variants in taken
                for variant in variants
            )
            open_ = []
            for varied, ends, draws, variants in taken:
                for variant in variants:
                    differs = _difference(ends, next(runs))
                    if differs:
                        varied.refused.append((variant, differs))
                    else:
                        varied.variants.append(variant)
                if not variants:
                    varied.why = (
                        "it looks names up while it runs"
                        if looks_up_names(varied.original.rule)
                        else "there is nothing more in it to be put in other words"
                    )
                elif len(varied.variants) < count:
                    open_.append((varied, ends, draws))
        return found

    def _runs(
        self, programs: Iterable[tuple[str, str | None, tuple[tuple[str, ...], ...]]]
    ) -> "Iterator[list[_Ending]]":
        jobs = (
            Task(
                source, tuple(map(", ".join, inputs)), function, (_STYLE,), ("-",) * len(inputs),
                steps=False,
            )
            for source, function, inputs in programs
        )  # fmt: skip
        for records in self._pool.map(jobs):
            yield list(map(_Ending.of, records))


@dataclass(frozen=True)
class _Ending:
    """How a run has ended."""

    status: str
    answer: str | None
    raised: str | None

    @classmethod
    def of(cls, record: dict[str, Any]) -> Self:
        exception = record["exception"]
        return cls(record["status"], record["answer"], exception and exception["type"])


def _difference(one: list[_Ending], other: list[_Ending]) -> str:
    """Say how runs differ; where the first one did not end by itself, nothing is compared."""
    for number, (a, b) in enumerate(zip(one, other, strict=True)):
        if a.status in ("ok", "rule_error") and a != b:
            said = b.answer if b.status == "ok" else b.raised or b.status
            return f"input {number}: {a.answer or a.raised} became {said}"[:200]
    return ""


def _candidates(original: Original, count: int) -> Iterator[Variant]:
    read = [parse_input(", ".join(texts)) for texts in original.inputs]
    named = frozenset(name for _, kwargs in read for name in kwargs)
    return drawn(
        original.rule, count, original.key,
        kinds=kinds(original.rule, read), fixed=named, asks=original.asks,
    )  # fmt: skip
