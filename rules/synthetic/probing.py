"""Trying a drawn program on a few inputs: what is never reached goes, poor programs are refused."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any, TypeVar

from .blocks import Block, Node, blocks, parse, unparse
from .program import Program

_SAME = (7, 7, 7, 7, 7, 7)  # lengths of inputs whose answers must differ
_LENGTHS = (1, 2, 4, 12, 12, 30)  # of further ones
_MOST_ROUNDS = 400  # of tests and loops in one run
_MOST_ANSWER = 300  # characters
_NAME = re.compile(r"\b[a-z]+\b")
_GUARD = re.compile(r"\w+|len\(\w+\) > \d")  # what a step that takes something away stands under
_T = TypeVar("_T")


class _Poor(Exception):
    """The program is not worth following."""


def tried(program: Program, rng: Random) -> Program | None:
    """Return the program without what some inputs of lengths up to 30 do not reach.

    Of what is left, every test has come out true and false on them and every loop was entered.
    None if no test is left, if the first parameter is not used, if fewer than two of three answers
    to inputs of one length differ, or if the program runs for long.
    """
    if not _has_test(program.body):
        return None
    nodes = parse(program.body)
    seen = _Seen()
    try:
        seen.run(program, nodes, rng)
        body = unparse(_pruned(nodes, seen))
    except _Poor:
        return None
    left = _without_unused(replace(program, body=tuple(body)))
    return left if _has_test(body) and left.parameters[:1] == program.parameters[:1] else None


def _has_test(body: Sequence[str]) -> bool:
    return any(line.lstrip().startswith("if ") for line in body)


class _Seen:
    """What was seen in runs: the outcomes of each test, and which loops were entered."""

    def __init__(self) -> None:
        self.outcomes: set[tuple[int, bool]] = set()
        self.numbers: dict[int, int] = {}  # of blocks, by identity
        self.rounds = 0

    def run(self, program: Program, nodes: list[Node], rng: Random) -> None:
        """Run a program, its blocks reporting. Raises _Poor."""
        self.numbers = {id(block): number for number, block in enumerate(blocks(nodes))}
        text = replace(program, body=tuple(unparse(nodes, self._head))).text
        names: dict[str, Any] = {"_test": self._test, "_each": self._each}
        exec(compile(text, "<drawn>", "exec"), names)
        run = names[program.function]

        def answer(length: int) -> str:
            arguments = program.arguments(length, rng)
            assert arguments is not None
            self.rounds = 0
            text = repr(run(*arguments))
            if self.rounds > _MOST_ROUNDS or len(text) > _MOST_ANSWER:
                raise _Poor
            return text

        if 3 * len(set(map(answer, _SAME))) < 2 * len(_SAME):
            raise _Poor
        for length in _LENGTHS:
            answer(length)

    def _head(self, block: Block) -> str:
        number = self.numbers[id(block)]
        if block.word != "for":
            return f"_test({number}, {block.rest})"
        target, _, values = block.rest.partition(" in ")
        return f"{target} in _each({number}, {values})"

    def _test(self, number: int, value: object) -> bool:
        outcome = bool(value)
        self.rounds += 1
        self.outcomes.add((number, outcome))
        return outcome

    def _each(self, number: int, values: Iterable[_T]) -> Iterator[_T]:
        for value in values:
            self._test(number, True)
            yield value

    def of(self, block: Block) -> tuple[bool, bool]:
        """Tell whether a block's test came out true, and false."""
        number = self.numbers[id(block)]
        return (number, True) in self.outcomes, (number, False) in self.outcomes


def _pruned(nodes: list[Node], seen: _Seen) -> list[Node]:
    """Return what was reached of a tree, which does the same. Raises _Poor."""
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            kept.append(node)
            continue
        true, false = seen.of(node)
        body = _pruned(node.body, seen) if true else []
        orelse = _pruned(node.orelse, seen) if false else []
        if node.word != "if":
            if body:
                kept.append(Block(node.word, node.rest, body))
        elif true and false:
            if orelse and not body:
                raise _Poor
            if body:
                kept.append(Block("if", node.rest, body, orelse))
        else:
            # Never reached; what is needed for what follows it; or nothing is reached behind it.
            if true == false or (true and _GUARD.fullmatch(node.rest)) or _jumps(body or orelse):
                raise _Poor
            kept += body or orelse
    return kept


def _jumps(nodes: Sequence[Node]) -> bool:
    return bool(nodes) and nodes[-1] in ("break", "continue")


def _without_unused(program: Program) -> Program:
    """Return a program without parameters and first assignments that nothing uses."""
    names = _NAME.findall("\n".join([*program.body, program.result]))
    used = {name for name in names if names.count(name) > 1}
    body = [line for line in program.body if " = " not in line or line.split(" ")[0] in {"", *used}]
    parameters = [(name, values) for name, values in program.parameters if name in names]
    return replace(program, body=tuple(body), parameters=tuple(parameters))
