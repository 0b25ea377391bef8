"""Looks at a trace as a careful reader does, who sees whether each line agrees with those above.

Nothing is run, and nothing of the tracer is used. What is followed are the variables of the
function at work whose values are literals. A change of such a variable is always stated, or is a
literal that is recited; so what is stated of it in between is what was stated last, an expression
has the value that they give it, and a variable that is returned is the answer. Where a reader
cannot be sure, nothing is said: of variables that other functions may change, of rules with
generators or with classes inside of functions, of lines in an author's own words.
"""

import ast
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..same import same
from .known import PLAIN, Known, bound_in, changed_in, known_of, literal_in
from .truth import Impossible, NoValue, faults, holds, is_header, parsed, split, value

FORMS = {"rfft": "lines", "rfft-icl": "lines", "natural": "sentences"}
"""How styles are read; of any other style, each line is taken by itself."""

_ANSWER = "So the answer is "
_STEP = re.compile(r"(\d+\.|\d+(\.\d+)+) ")
_CALL = re.compile(r"(?:call|Begin) (\S+), depth \d+(?:: )?")
_RETURNS = re.compile(r"(?:So )?(\S+) returns (.*)")
_BACK = re.compile(r"[Bb]ack in \S+")
_ITEM = re.compile(r"Take item \d+(?:: )?")
_RELATION = re.compile(
    r"(?:which|and (?P<left>.+)) is (?P<no>not )?"
    r"(?P<relation>equal to|less than|greater than|at most|at least) (?P<right>.+)"
)
_OPERATORS = {
    "equal to": "==", "less than": "<", "greater than": ">", "at most": "<=", "at least": ">=",
}  # fmt: skip
_THERE = re.compile(r"Go to step \(([\d.]+)\)")
_BLOCKS = ("else:", "try:", "finally:")


def wrong_lines(text: str, rule: str, prompt: str, style: str) -> list[str]:
    """Return what is wrong with the lines of a trace of a rule, as a prompt shows it.

    Raises SyntaxError if the rule is none.
    """
    form = FORMS.get(style)
    found: dict[int, str] = {}
    if form != "sentences":
        found.update(faults(text, rule, recites=form == "lines"))
    if form == "lines" or (form == "sentences" and "#:" not in rule):
        known = known_of(rule)
        if form == "lines":
            pieces = _lines(text, known)
        else:
            pieces = _sentences(text, {line.strip() for line in prompt.splitlines()})
        for number, wrong in _Reader(known, style).read(pieces):
            found.setdefault(number, wrong)
    return [f"line {number} {wrong}" for number, wrong in sorted(found.items())]


# From texts to pieces


class _Piece(NamedTuple):
    """A line, or a part of a sentence."""

    line: int
    kind: str  # recital, now, call, returns, lost (where the trace stands), or says
    text: str


def _lines(text: str, known: Known) -> Iterator[_Piece]:
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped in known.lines or (is_header(stripped) and known.starting(stripped)):
            yield _Piece(number, "recital", line)
        elif stripped == "now,":
            yield _Piece(number, "now", "")
        elif called := _CALL.fullmatch(stripped):
            yield _Piece(number, "call", called[1])
        else:
            yield _Piece(number, _kind(stripped), stripped)


def _sentences(text: str, recited: Set[str]) -> Iterator[_Piece]:
    for number, line in enumerate(text.splitlines(), 1):
        if _STEP.match(line) and line.strip() in recited:
            yield _Piece(number, "recital", line)
            continue
        try:
            sentences = [s.removesuffix(".") for s in split(line.strip(), ". ")]
            for sentence in sentences:
                yield from _parts(number, sentence)
        except NoValue:
            yield _Piece(number, "lost", line)


def _parts(number: int, sentence: str) -> Iterator[_Piece]:
    """Yield the pieces of a sentence. Raises NoValue."""
    kind = _kind(sentence)
    if kind != "says":
        yield _Piece(number, kind, sentence)
        return
    rest = sentence
    if called := _CALL.match(sentence):
        yield _Piece(number, "call", called[1])
        rest = sentence[called.end() :]
    elif sentence.startswith("Now "):
        yield _Piece(number, "now", "")
        rest = sentence[len("Now ") :]
    elif taken := _ITEM.match(sentence):
        rest = sentence[taken.end() :]
    for part in [rest] if rest.startswith(_ANSWER) else split(rest, ", "):
        yield _Piece(number, "says", part)


def _kind(text: str) -> str:
    if _RETURNS.fullmatch(text):
        return "returns"
    return "lost" if _BACK.fullmatch(text) else "says"


# The reader

_UNKNOWN = object()


@dataclass
class _Frame:
    """A function at work: what was stated of its variables, and the recital at hand.

    `pending` are the values that the recital may give to names, `loose` are names that it may
    change before ``now,``.
    """

    name: str = ""
    stated: dict[str, Any] = field(default_factory=dict)
    pending: dict[str, Any] = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)
    statements: int = 0
    still: bool = False  # whether containers stay as they are while it is worked out
    certain: bool = True  # whether containers are as they were before
    after: bool = False  # whether changes are stated
    working: dict[str, ast.expr] = field(default_factory=dict)  # what gives a name its value
    before: dict[str, Any] = field(default_factory=dict)  # by which it is worked out

    def settle(self) -> None:
        """Take what the last recital was to change as changed, and begin another one."""
        for name, given in self.pending.items():
            self.give(name, given)
        self.pending, self.loose, self.working, self.before = {}, set(), {}, {}
        self.still, self.certain, self.after, self.statements = True, True, False, 0

    def give(self, name: str, given: Any) -> None:
        """Have a name stand for a value."""
        self.stated.pop(name, None)
        if given is not _UNKNOWN:
            self.stated[name] = given

    def forget_containers(self) -> None:
        """Forget what other functions may change."""
        self.stated = {n: v for n, v in self.stated.items() if _is_simple(v)}


class _Reader:
    def __init__(self, known: Known, style: str) -> None:
        self._known = known
        self._whole = style == "rfft-icl"  # whether the statements of a recital go on from another
        self._coded = FORMS[style] == "lines"
        self._frames = [_Frame()]
        self._reciting = False
        self._fact = ""  # the value that was told last
        self._there = ""  # the step to go to

    def read(self, pieces: Iterator[_Piece]) -> Iterator[tuple[int, str]]:
        """Yield the numbers of the lines that cannot be true, with what is wrong."""
        for piece in pieces:
            frame = self._frames[-1]
            if piece.kind == "recital" and self._either(frame, piece.text):
                continue
            match piece.kind:
                case "recital":
                    if self._there and not re.match(rf"{self._there}\.? ", piece.text):
                        yield piece.line, f"is not step ({self._there})"
                    self._there = ""
                    self._recite(frame, piece.text)
                case "now":
                    frame.before, frame.after = self._names(frame), True
                case "call":
                    frame.still = False
                    frame.forget_containers()
                    self._frames.append(_Frame(piece.text))
                case "lost":
                    self._frames, self._there = [_Frame()], ""
                case "returns":
                    yield from self._return(piece)
                case "says":
                    yield from self._say(frame, piece)
            self._reciting = piece.kind == "recital"

    def _either(self, frame: _Frame, line: str) -> bool:
        """Take in a line such as ``x = 0`` that may be a recital or a state, if it is one."""
        found = self._known.statements.get(line, []) if self._coded else []
        values = [given for statement in found if (given := literal_in(statement)) is not None]
        if not found or len(values) < len(found):
            return False
        for statement, given in zip(found, values, strict=True):
            made = self._worked(given)
            for name in bound_in(statement) - self._known.shared:
                if frame.after or name not in frame.stated:
                    frame.give(name, made)
                    frame.pending.pop(name, None)
                elif not same(frame.stated[name], made):
                    frame.pending[name] = made
        return True

    def _recite(self, frame: _Frame, line: str) -> None:
        if not self._reciting:
            frame.settle()
        stripped = line.strip()
        if not self._coded or stripped in _BLOCKS:
            frame.still = frame.still and self._coded
            return
        inside = line[:1].isspace()  # of a statement that is recited whole, which may not run
        found = self._known.starting(stripped)
        for statement in found:
            self._bind(frame, statement, inside)
        if not found:  # such as the next line of a long statement
            frame.still = False
            frame.pending.update(dict.fromkeys(self._known.untold, _UNKNOWN))
            frame.loose |= self._known.untold

    def _bind(self, frame: _Frame, statement: ast.stmt, inside: bool) -> None:
        """Note what a recited statement may change."""
        frame.statements += 1
        frame.pending.update(dict.fromkeys(bound_in(statement), _UNKNOWN))
        if self._whole and (inside or frame.statements > 1):
            frame.certain = False
        if not (frame.certain and isinstance(statement, PLAIN)):
            frame.loose |= frame.pending.keys()
        changes = inside or changed_in(statement)
        frame.still = frame.still and not changes and self._known.keeps_still(statement)
        match statement:
            case ast.Return(value=ast.expr() as given):
                frame.working[""] = given
            case ast.Assign(targets=[ast.Name(id=name)], value=given):
                frame.working[name] = given
        if not frame.certain:
            frame.working = {}

    def _say(self, frame: _Frame, piece: _Piece) -> Iterator[tuple[int, str]]:
        if piece.text.startswith(_ANSWER):
            yield from self._result(frame, piece, "", self._value(piece.text.removeprefix(_ANSWER)))
            return
        try:
            parts = split(piece.text, " = ")
        except NoValue:
            frame.stated = {}
            return
        if not self._coded:
            yield from self._told(piece)
            self._fact = parts[-1]
        if len(parts) < 2:
            return
        if not holds(parts, self._names(frame), self._known.bound, relations=self._whole):
            yield piece.line, f"is false: {piece.text[:100]}"
        elif parts[0].isidentifier():
            yield from self._state(frame, piece, parts[0], self._value(parts[-1]))

    def _told(self, piece: _Piece) -> Iterator[tuple[int, str]]:
        """Look at a part of a sentence that tells how values compare, or where to go."""
        if there := _THERE.fullmatch(piece.text):
            self._there = there[1]
        if found := _RELATION.fullmatch(piece.text):
            sides = f"({found['left'] or self._fact}) {_OPERATORS[found['relation']]}"
            holding = f"{'not ' if found['no'] else ''}{sides} ({found['right']})"
            try:
                if not self._worked(parsed(holding)):
                    yield piece.line, f"is false: {piece.text[:100]}"
            except NoValue:
                pass

    def _names(self, frame: _Frame) -> dict[str, Any]:
        """Return the values by which an expression can be worked out."""
        if frame.after:
            return {}
        return {
            name: made
            for name, made in frame.stated.items()
            if name not in frame.loose and (frame.still or _is_simple(made))
        }

    def _value(self, text: str) -> Any:
        """Return the value that a text states, of a relation that on its left."""
        try:
            node = parsed(text)
        except NoValue:
            return _UNKNOWN
        return self._worked(node.left if self._whole and isinstance(node, ast.Compare) else node)

    def _worked(self, node: ast.expr) -> Any:
        try:
            return value(node, {}, self._known.bound)
        except (NoValue, Impossible):
            return _UNKNOWN

    def _state(
        self, frame: _Frame, piece: _Piece, name: str, said: Any
    ) -> Iterator[tuple[int, str]]:
        known = self._known
        if not known.steady or name in known.shared or (not self._coded and name in known.untold):
            return
        changed = frame.after or name in frame.loose
        if not changed and name in frame.stated and said is not _UNKNOWN:
            expected = [frame.stated[name], frame.pending.get(name, _UNKNOWN)]
            sure = frame.certain or _is_simple(expected[0])
            if sure and not any(same(said, one) for one in expected):
                yield piece.line, f"states {piece.text[:100]}, and {name} was {expected[0]!r:.100}"
                return
        if frame.after and name in frame.working:
            yield from self._result(frame, piece, name, said)
        if changed or not frame.certain:
            frame.pending.pop(name, None)
        frame.give(name, said)

    def _return(self, piece: _Piece) -> Iterator[tuple[int, str]]:
        found = _RETURNS.fullmatch(piece.text)
        assert found is not None
        frame = self._frames[-1]
        if len(self._frames) > 1 and frame.name == found[1]:
            yield from self._result(frame, piece, "", self._value(found[2]))
            self._frames.pop()
        else:
            self._frames = [_Frame()]

    def _result(
        self, frame: _Frame, piece: _Piece, name: str, said: Any
    ) -> Iterator[tuple[int, str]]:
        """Compare what a name got, or what is returned, with the recited expression."""
        given = frame.working.pop(name, None)
        if given is None or said is _UNKNOWN:
            return
        try:
            made = value(given, frame.before or self._names(frame), self._known.bound)
        except (NoValue, Impossible):
            return
        if not same(said, made):
            yield piece.line, f"says {piece.text[:100]}, which should be {made!r:.100}"


def _is_simple(made: Any) -> bool:
    """Tell whether a value is one that nothing can change."""
    if isinstance(made, tuple):
        return all(map(_is_simple, made))
    return made is None or isinstance(made, int | float | complex | str | bytes)
