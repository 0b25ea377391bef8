"""Makes one form of a published set, in one pass over it, with a word on all that is left out.

Nothing of a program is run: its source is parsed, and its inputs are read as literals.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from rfft.tracer import InputRejected, Rule, SourceRejected
from rfft.tracer.inputs import MAX_CHARACTERS, parse_input
from rfft.tracer.records import MAX_SOURCE
from rfft.tracer.values.show import show

from ..fingerprints import fingerprint
from . import layouts, reading
from .constants import folded
from .errors import SetRejected
from .stored import FILE, UNREAD, Program, ProgramSet, Shard

STATUSES = {
    "bad_row": "the row does not have the fields that it should",
    "no_id": "its id is no text on one line, of at most 200 characters",
    "repeated_id": "an earlier row has its id",
    "python_2": "the source is Python 2",
    "syntax_error": "the source is no Python",
    "too_long": "the source or an input is too long to be read",
    "no_function": "the source does not have the function",
    "several_functions": "the source does not say which function is meant",
    "no_input": "there is no input",
    "no_literal": "an input is no literal",
    "wrong_arguments": "an input is not what the function takes",
    "other_length": "an input is not of the lengths that were asked for",
    "no_variant": "there is no other wording of it that runs alike",
    "other_side": "the program is the same as one of another side of the given split",
}
"""Why something of a set is not taken."""

_LONGEST_ID = 200
_OLD = (
    "Missing parentheses in call",
    "multiple exception types",
    "leading zeros",
    "invalid hexadecimal",
    "invalid decimal literal",
    "<>",
)


@dataclass(frozen=True)
class Asked:
    """What is asked of a set.

    `fields` names a layout, None for a guess. `side` returns the side of a program, given its id
    and fingerprint, or None for one that has none; programs of `wanted` (None: of all sides) are
    taken, with inputs of so many characters as `lengths` say, the first and the last; `most` is how
    many inputs a shard has, about. `given` says that the sides are not those of fingerprints.
    """

    fields: str | None = None
    side: Callable[[str, str], str | None] = lambda name, fingerprint: None
    wanted: str | None = None
    lengths: tuple[int, int] = (0, MAX_CHARACTERS)
    most: int = 4000
    given: bool = False


class LeftOut(Exception):
    """Something is not taken: a status, and a reason on one line."""

    def __init__(self, status: str, reason: str = "") -> None:
        self.status = status
        self.reason = " ".join((reason or STATUSES[status]).split())[:300]


@dataclass
class _Pass:
    """What a pass has come to so far."""

    unread: IO[bytes]
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    kept: dict[str, tuple[int, str, str | None]] = field(default_factory=dict)
    others: int = 0
    merged: int = 0

    def leave_out(self, row: int, name: str, status: str, reason: str) -> None:
        """Note what is not taken."""
        self._write(row, name, status, reason)
        self.counts[status] += 1

    def merge(self, row: int, name: str, other: str) -> None:
        """Note a program that is the same as an earlier one."""
        self._write(row, name, "merged", f"it is the same program as {other}")
        self.merged += 1

    def _write(self, row: int, name: str, status: str, reason: str) -> None:
        said = {"id": name, "row": row, "status": status, "reason": reason}
        self.unread.write((json.dumps(said) + "\n").encode())


def collect(
    path: Path, folder: Path, asked: Asked, done: Callable[[int], None] = lambda share: None
) -> ProgramSet:
    """Write the programs of a set into files of a folder, and return what they are.

    Rows are read one by one; what is kept in memory is a few words for each program. Of programs
    that are the same up to names there is the first one, with the inputs of all. `done` is told
    how far the reading is, in thousandths. Raises SetRejected, and OSError if it cannot write.
    """
    rows = reading.rows(path, done)
    with (
        (folder / UNREAD).open("wb") as unread,
        tempfile.TemporaryFile(dir=folder) as first,
        tempfile.TemporaryFile(dir=folder) as more,
    ):
        state = _Pass(unread)
        extra: dict[int, list[int]] = {}  # by the number of a program, where others' inputs are
        fields = _first_pass(path, rows, asked, state, first, more, extra)
        made = _second_pass(folder / FILE, asked, first, more, extra)
    if not made.shards:
        why = ", ".join(f"{count:,} {status}" for status, count in state.counts.most_common(5))
        other = f", {state.others:,} of another side" if state.others else ""
        raise SetRejected(
            f"{path}: has no program to trace: {why or f'{state.rows:,} rows'}{other}"
        )
    return ProgramSet(
        folder / FILE, made.digest, fields, state.rows, tuple(made.shards),
        dict(sorted(state.counts.items())), state.others, state.merged, made.again, asked.given,
    )  # fmt: skip


def _first_pass(
    path: Path, rows: Iterator[tuple[int, Any]], asked: Asked, state: _Pass,
    first: IO[bytes], more: IO[bytes], extra: dict[int, list[int]],
) -> str:  # fmt: skip
    """Write the programs down as they come, equal ones apart; return the name of the layout."""
    layout: layouts.Layout | None = None
    kept = 0
    for number, row in rows:
        state.rows += 1
        name = f"row {number}"
        try:
            if not isinstance(row, Mapping):
                raise LeftOut("bad_row", str(row))
            if layout is None:
                layout = layouts.layout(asked.fields, row, str(path))
            name = id_of(row, layout, number)
            if name in state.ids:
                raise LeftOut("repeated_id")
            state.ids.add(name)
            given = given_by(row, layout)
            program, lost = _program(name, given, asked)
            for one in lost:
                state.leave_out(number, name, one.status, one.reason)
            side = asked.side(name, program.fingerprint)
            known = state.kept.get(program.fingerprint)
            if known is None:
                state.kept[program.fingerprint] = (kept, name, side)
            elif known[2] != side:
                raise LeftOut(
                    "other_side", f"it is the same program as {known[1]}, of side {known[2]}"
                )
            if asked.wanted is not None and side != asked.wanted:
                state.others += 1
            elif known is None:
                first.write(program.line())
                kept += 1
            else:
                extra.setdefault(known[0], []).append(more.tell())
                more.write(program.line())
                state.merge(number, name, known[1])
        except LeftOut as left_out:
            state.leave_out(number, name, left_out.status, left_out.reason)
    if layout is None:
        raise SetRejected(f"{path}: has no row that can be read")
    return next(name for name, one in layouts.LAYOUTS.items() if one is layout)


@dataclass
class _Made:
    """What is in the file of a set."""

    shards: list[Shard] = field(default_factory=list)
    again: int = 0
    digest: str = ""


def _second_pass(
    path: Path, asked: Asked, first: IO[bytes], more: IO[bytes], extra: dict[int, list[int]]
) -> _Made:
    """Write the file of a set: the programs in order, each with all its inputs."""
    made, digest = _Made(), sha256()
    start = at = programs = inputs = 0
    first.seek(0)
    with path.open("wb") as file:
        for number, line in enumerate(first):
            program = Program.read(line)
            others = []
            for place in extra.get(number, ()):
                more.seek(place)
                others.append(Program.read(more.readline()))
            program, again = _joined(program, others)
            made.again += again
            if programs and inputs + len(program.inputs) > asked.most:
                made.shards.append(Shard(start, programs, inputs))
                start, programs, inputs = at, 0, 0
            data = program.line()
            file.write(data)
            digest.update(data)
            at, programs, inputs = at + len(data), programs + 1, inputs + len(program.inputs)
    if programs:
        made.shards.append(Shard(start, programs, inputs))
    made.digest = digest.hexdigest()
    return made


def _joined(program: Program, others: list[Program]) -> tuple[Program, int]:
    """Return a program with the inputs of equal ones, each once, and how many were there again."""
    found: dict[tuple[str, ...], str | None] = {}
    count = 0
    for one in (program, *others):
        for texts, output in zip(one.inputs, one.outputs, strict=True):
            count += 1
            if found.get(texts) is None:
                found[texts] = output
    joined = program._replace(inputs=tuple(found), outputs=tuple(found.values()))
    return joined, count - len(found)


# One row


def id_of(row: Mapping[str, Any], layout: layouts.Layout, number: int) -> str:
    """Return the id of a row; the number of one that says none. Raises LeftOut."""
    said = next((row[name] for name in layout.ids if row.get(name) is not None), number)
    name = str(said) if isinstance(said, str | int) else ""
    if not name.strip() or len(name) > _LONGEST_ID or not name.isprintable() or name == "synthetic":
        raise LeftOut("no_id")
    return name


def given_by(row: Mapping[str, Any], layout: layouts.Layout) -> layouts.Given:
    """Return what a row gives. Raises LeftOut."""
    try:
        given = layout.given(row)
        texts = [given.source, given.function or "", *given.inputs]
        texts += [one for one in given.outputs if one is not None]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("a field is no text")
    except KeyError as error:
        raise LeftOut("bad_row", f"it has no {error}") from None
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise LeftOut("bad_row", f"a field is not what it should be: {error}") from None
    source = given.source.replace("\r\n", "\n").replace("\r", "\n")
    return replace(given, source=source, inputs=list(map(folded, given.inputs)))


def _program(name: str, given: layouts.Given, asked: Asked) -> tuple[Program, list[LeftOut]]:
    """Return the program of a row, and what of its inputs is not taken."""
    rule = _rule(given)
    lost: list[LeftOut] = []
    inputs: list[tuple[str, ...]] = []
    outputs: list[str | None] = []
    for text, output in zip(given.inputs, given.outputs, strict=True):
        try:
            inputs.append(_texts(rule, text, asked.lengths))
            outputs.append(output)
        except LeftOut as left_out:
            lost.append(left_out)
    if not inputs:
        raise lost[0] if lost else LeftOut("no_input")
    program = Program(
        name, rule.source, rule.function, fingerprint(Rule.from_source(rule.text)),
        tuple(inputs), tuple(outputs), given.from_json,
    )  # fmt: skip
    return program, lost


def _rule(given: layouts.Given) -> Rule:
    """Return the rule of a row, made of what it uses."""
    text = given.source
    if len(text.encode("utf-8", "surrogatepass")) > MAX_SOURCE:
        raise LeftOut("too_long", f"the source is longer than {MAX_SOURCE:,} bytes")
    try:
        rule = Rule.from_source(text, given.function)
        # A row shows the method without its class, and is traced again from there.
        if rule.alone is not None:
            rule = Rule.from_source(rule.alone, rule.scope.name)
        else:
            rule = Rule.from_source(rule.own_source, rule.function)
    except SourceRejected as problem:
        raise _refused(str(problem)) from None
    try:
        Rule.from_source(rule.text)  # which is all that a row has
    except SourceRejected as problem:
        raise LeftOut("several_functions", str(problem)) from None
    return rule


def _refused(why: str) -> LeftOut:
    if why.startswith("syntax error"):
        return LeftOut("python_2" if any(old in why for old in _OLD) else "syntax_error", why)
    if why.startswith("several functions"):
        return LeftOut("several_functions", why)
    return LeftOut("syntax_error" if why.startswith("the source cannot") else "no_function", why)


def _texts(rule: Rule, text: str, lengths: tuple[int, int]) -> tuple[str, ...]:
    """Return the texts of the arguments of an input, by position as far as that goes."""
    if len(text) > MAX_CHARACTERS:
        raise LeftOut("too_long", f"an input is longer than {MAX_CHARACTERS:,} characters")
    try:
        args, kwargs = parse_input(text, rule.classes)
    except InputRejected as problem:
        raise LeftOut("no_literal", str(problem)) from None
    try:
        rule.parameters.check(args, kwargs)
    except InputRejected as problem:
        raise LeftOut("wrong_arguments", str(problem)) from None
    if kwargs:
        args, kwargs = rule.parameters.by_position(args, kwargs)
    texts = (*map(show, args), *(f"{name}={show(value)}" for name, value in kwargs.items()))
    call = ", ".join(texts)
    if not lengths[0] <= len(call) <= lengths[1]:
        raise LeftOut("other_length", f"an input has {len(call):,} characters")
    if "inf" in call or "nan" in call:
        try:
            parse_input(call, rule.classes)
        except InputRejected:  # a number that no literal spells
            raise LeftOut("no_literal", f"an input is no literal: {call[:100]}") from None
    return texts
