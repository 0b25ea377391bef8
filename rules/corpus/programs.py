"""Programs of published sets as what a corpus is made of, in place of tasks.

The set is kept in the corpus's folder (`rfft.rules.programs.stored`). A shard is a range of
programs, and each input of a program is an instance, whose number is the input's. The side of the
split is that of the program, so that all its inputs are on one side.
"""

import ast
import functools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rfft.tracer import InputRejected, Rule
from rfft.tracer.inputs import parse_input
from rfft.tracer.tracing import Trace

from ..programs.stored import Program, ProgramSet
from . import split
from .errors import CorpusRejected
from .sources import Instance

if TYPE_CHECKING:
    from .rows import Row

PROGRAMS = "programs"
"""What stands for the task of a shard of programs."""


class _Asked:
    """A program of which rows ask; its rule is made once it is wanted."""

    def __init__(self, program: Program) -> None:
        self._program = program

    @functools.cached_property
    def in_prompts(self) -> Rule:
        """What a prompt is about."""
        return Rule.from_source(self._program.source, self._program.function)

    def question_with(self, arguments: tuple[Any, ...], texts: tuple[str, ...]) -> str:
        """Return the question for arguments with these texts."""
        return Trace(
            self.in_prompts, *parse_input(", ".join(texts), self.in_prompts.classes)
        ).question


class ProgramSource:
    """Makes instances of the programs of a set."""

    def __init__(self, programs: ProgramSet) -> None:
        self._programs = programs

    def shard(self, number: int) -> Iterator[Instance]:
        """Yield the instances of a shard. Raises CorpusRejected."""
        for program in self._programs.shard(number):
            asked = _Asked(program)
            for place in range(len(program.inputs)):
                yield _instance(asked, program, place)

    def one(self, id: str, number: int) -> Instance | None:
        """Return an instance of a program, or None if there is none. Raises CorpusRejected."""
        found = self._programs.find(id)
        if found is None or number >= len(found[1].inputs):
            return None
        return _instance(_Asked(found[1]), found[1], number)


def _instance(asked: _Asked, program: Program, number: int) -> Instance:
    texts = program.inputs[number]
    call = ", ".join(texts)
    try:
        values, named = parse_input(call, asked.in_prompts.classes)
    except InputRejected as problem:
        raise CorpusRejected(f"program {program.id}: input {number}: {problem}") from None
    return Instance(
        number, len(call), split.key(program.fingerprint, texts), program.source,
        program.function, asked.in_prompts.text, () if named else values, texts, asked,
        program.id, program.outputs[number], program.json,
        program.fingerprint if program.of else "",
    )  # fmt: skip


def side(fingerprint: str) -> str:
    """Return the side of a program."""
    return split.side(split.key(fingerprint, ()))


def by_hash(name: str, fingerprint: str) -> str | None:
    """Return the side of a program by its fingerprint, whatever its id is."""
    return side(fingerprint)


# Given splits


def given(path: Path, wanted: str) -> Callable[[str, str], str | None]:
    """Return what says the side of a program by its id, as a file has it. Raises CorpusRejected.

    The file is JSON, an object with a list of ids for each side; or it has an id on each line, and
    these are of the side that is `wanted`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusRejected(f"{path}: cannot be read: {error}") from None
    sides: dict[str, str] = {}
    for name, ids in _listed(text, path, wanted).items():
        if name not in split.SHARES:
            raise CorpusRejected(f"{path}: no side {name!r}; there are {', '.join(split.SHARES)}")
        for one in ids:
            if sides.setdefault(one, name) != name:
                raise CorpusRejected(f"{path}: {one} is of side {sides[one]} and of side {name}")
    return lambda name, fingerprint: sides.get(name)


def _listed(text: str, path: Path, wanted: str) -> dict[str, list[str]]:
    """Return the ids by side."""
    if not text.lstrip().startswith("{"):
        if wanted == split.ALL:
            raise CorpusRejected(f"{path}: has ids and no sides; say with --side of which they are")
        return {wanted: [line.strip() for line in text.splitlines() if line.strip()]}
    try:
        said = json.loads(text)
        return {str(name): [str(one) for one in _list(ids)] for name, ids in said.items()}
    except (ValueError, TypeError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise CorpusRejected(
            f"{path}: is no object with a list of ids for each side: {reason}"
        ) from None


def _list(ids: Any) -> list[Any]:
    if not isinstance(ids, list):
        raise TypeError(f"{ids!r:.50} is no list")
    return ids


# Rows and the set


def differs(answer: str, stated: str | None, from_json: bool) -> str:
    """Say how an answer differs from the value that the set states, or nothing."""
    if stated is None or answer == stated:
        return ""
    one, other = _value(answer), _value(stated)
    if _NONE not in (one, other) and (
        _equal(one, other) or (from_json and _equal(_plain(one), _plain(other)))
    ):
        return ""
    return f"it answers {_short(answer)}, and the set says {_short(stated)}"


_NONE = object()  # no literal
_EQUAL = ("Counter", "OrderedDict", "defaultdict", "frozenset")
_FACTORY = re.compile(r"(\bdefaultdict\()<[^>]*>,")


def _value(text: str) -> Any:
    """Return the value of a literal, of `inf` and `nan` among them."""
    try:
        text = _FACTORY.sub(r"\1None,", text.strip())
        return ast.literal_eval(_Plain().visit(ast.parse(text, mode="eval")))
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return _NONE


class _Plain(ast.NodeTransformer):
    """Puts numbers in place of their names, and a set or a dict in place of what is equal to it."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(float(node.id)) if node.id in ("inf", "nan") else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id=name), args=[*_, inner], keywords=[]) if name in _EQUAL:
                return inner
            case ast.Call(func=ast.Name(id=name), args=[], keywords=[]) if name in _EQUAL:
                return (
                    ast.Call(ast.Name("set"), [], []) if name == "frozenset" else ast.Dict([], [])
                )
        return node


def _equal(one: Any, other: Any) -> bool:
    """Tell whether values are equal as Python compares them, and NaN to itself."""
    if isinstance(one, list | tuple) and type(one) is type(other):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[k], other[k]) for k in one)
    return bool(one == other or (one != one and other != other))


def _plain(value: Any) -> Any:
    """Return a value as JSON would give it back."""
    if isinstance(value, list | tuple):
        return list(map(_plain, value))
    if isinstance(value, dict):
        return {
            k if isinstance(k, str) else json.dumps(k, default=str): _plain(v)
            for k, v in value.items()
        }
    return value


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."


class Kept:
    """The programs that the rows of a corpus are to be of, shard by shard."""

    def __init__(self, programs: ProgramSet, of: str) -> None:
        self._programs = programs
        self._side = of
        self._shard = -1
        self._known: dict[str, Program] = {}

    def wrong(self, shard: int, row: "Row", fingerprint: str) -> str:
        """Say in what a row of a shard does not agree with the set, or nothing."""
        if shard != self._shard:
            self._shard = shard
            self._known = {program.id: program for program in self._programs.shard(shard)}
        program = self._known.get(row["task"])
        number = row["id"].removeprefix(f"{row['task']}:{row['length']}:").partition(".")[0]
        if program is None or number not in map(str, range(len(program.inputs))):
            return "is of no program of the set"
        if fingerprint != program.fingerprint:
            return "does not have the rule of its program"
        # What a row says to be a variant of is taken at its word, so the rule is looked at, too.
        if bool(program.of) != bool(row.get("variant_of")) or (
            program.of and row["rule"] != _Asked(program).in_prompts.text
        ):
            return "does not have the rule of its program"
        place = int(number)
        if tuple(row["arguments"]) != program.inputs[place]:
            return "does not have the arguments of the set"
        if self._side != split.ALL and not self._programs.given and side(fingerprint) != self._side:
            return f"is of side {side(fingerprint)}"
        return differs(
            row["output"] if "output" in row else row["answer"],
            program.outputs[place],
            program.json,
        )
