"""Reads what stands between the parentheses of a call: Python literals, never run as code."""

import ast
import marshal
import re
import sys
import warnings
from collections.abc import Collection, Container, Mapping
from typing import Any

from .errors import InputRejected
from .values.spelled import Spelled

MAX_CHARACTERS = 1_000_000
"""The longest input text that is read; a longer one is refused before it is parsed."""

MAX_DEPTH = 100
"""How deep brackets may be nested. Python's own parser gives up at 200, with a worse message."""

# The text is parsed as the arguments of this call. The line break lets it end in a comment.
_CALL = "f("
_CLOSE = "\n)"

# Everything in which a bracket is not a bracket, and the brackets. The repeats are possessive
# (no backtracking), so that an unclosed quote costs one pass.
_BRACKETS = re.compile(
    r'''
      """(?:\\.|(?!""").)*+""" | \'\'\'(?:\\.|(?!\'\'\').)*+\'\'\'
    | "(?:\\.|[^"\\\n])*+" | '(?:\\.|[^'\\\n])*+'
    | \#[^\n]*+
    | (?P<open>[\[({]) | (?P<close>[\])}])
    ''',
    re.DOTALL | re.VERBOSE,
)

_JSON = {"null": None, "true": True, "false": False}

_Number = int | float | complex

# What a reader calls the expressions that come up instead of literals.
_KINDS: dict[type[ast.expr], str] = {
    ast.Name: "a name; a text needs quotes",
    ast.Call: "a call",
    ast.Attribute: "an attribute",
    ast.Subscript: "a subscript",
    ast.JoinedStr: "an f-string",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a generator",
    ast.Lambda: "a lambda",
    ast.NamedExpr: "an assignment",
    ast.Starred: "unpacking",
}


def parse_input(
    text: str, classes: Container[str] = (), *, null: bool = True
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    r"""Return the positional and the keyword arguments that `text` spells.

    Literals are numbers (also negative and complex), strings, bytes, ``None``, ``True``,
    ``False``, and lists, tuples, sets and dicts of them; ``set()`` is the empty set. ``[0, 16]``
    is one argument, ``[0], [16]`` are two, and an empty text is a call without arguments. ``null``,
    ``true`` and ``false`` are read, too, unless `null` is false. Lines may end in any way, and
    between quotes each is a line feed; an escape spells a carriage return. Of `classes` that the
    rule defines, members and calls are read as `Spelled`; nothing is run.

    Raise `InputRejected` for anything else, with one line that says what is wrong and where.
    """
    if not text.strip():
        return (), {}
    # Python's own reading of text, also of a carriage return between quotes.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_hostile(text)
    call = _parse(text)
    read = _Reader(text, classes, _JSON if null else {})
    args = tuple(read.value(node) for node in call.args)
    kwargs: dict[str, Any] = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            raise read.refusal(keyword.value, "unpacking")
        if keyword.arg in kwargs:
            raise InputRejected(f"the input has the argument `{keyword.arg}` twice")
        kwargs[keyword.arg] = read.value(keyword.value)
    return args, kwargs


class _Any:
    """Has whatever is asked for."""

    def __contains__(self, name: object) -> bool:
        return True


ANY_CLASSES: Container[str] = _Any()
"""For texts that are read where the rule is not known."""


def pack(arguments: tuple[Any, ...], text: str) -> bytes | None:
    """Return positional arguments in a form that `unpack` reads a hundred times faster than text.

    `text` is what spells them. None if they are no plain values that `parse_input` would read the
    same from the text.
    """
    if len(text) > MAX_CHARACTERS or not _is_plain(arguments, 0):
        return None
    return marshal.dumps(arguments, _NO_REFERENCES)


def unpack(packed: bytes) -> tuple[Any, ...]:
    """Return the arguments that `pack` has packed, new ones each time."""
    arguments: tuple[Any, ...] = marshal.loads(packed)
    return arguments


_NO_REFERENCES = 2  # the version of marshal in which no object stands for two arguments
_SCALARS = frozenset({int, str, bool, type(None)})
_LARGEST = 10**600  # below the smallest limit for the digits of an int that can be set


def _is_plain(values: Collection[Any], depth: int) -> bool:
    """Tell whether values are ints, strings, bools and None, in lists, tuples and dicts."""
    kinds = set(map(type, values))
    if int in kinds and not all(-_LARGEST < v < _LARGEST for v in values if type(v) is int):
        return False
    kinds -= _SCALARS
    if not kinds:
        return True
    if not kinds <= {list, tuple, dict} or depth == MAX_DEPTH - 1:
        return False
    return all(
        _is_plain(inner, depth + 1)
        for value in values
        if type(value) not in _SCALARS
        for inner in ((value, value.values()) if type(value) is dict else (value,))
    )


def _refuse_hostile(text: str) -> None:
    """Refuse a text that the parser would choke on or that leaves the call's parentheses."""
    if len(text) > MAX_CHARACTERS:
        raise InputRejected(
            f"the input has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read"
        )
    # Half a surrogate pair comes from bytes on the command line that are not UTF-8.
    foreign = re.search("[\0\ud800-\udfff]", text)
    if foreign:
        what = "a null byte" if foreign[0] == "\0" else "bytes that are not UTF-8"
        raise InputRejected(f"the input has {what} at {_place(text, foreign.start())}")
    opened: list[tuple[str, int]] = []
    for match in _BRACKETS.finditer(text):
        if match["open"]:
            opened.append((match["open"], match.start()))
            if len(opened) > MAX_DEPTH:
                raise InputRejected(f"the input's brackets are nested more than {MAX_DEPTH} deep")
        elif match["close"]:
            bracket, _ = opened.pop() if opened else ("", 0)
            if bracket + match["close"] not in ("()", "[]", "{}"):
                where = _place(text, match.start())
                raise InputRejected(f"the input has an unmatched `{match['close']}` at {where}")
    if opened:
        bracket, position = opened[-1]
        raise InputRejected(f"the input has a `{bracket}` at {_place(text, position)} not closed")


def _parse(text: str) -> ast.Call:
    """Return the call with `text` as its arguments, as parsed."""
    try:
        with warnings.catch_warnings():
            # An unknown escape such as "\d" is read as it stands, without a word on stderr.
            warnings.simplefilter("ignore")
            tree = ast.parse(f"{_CALL}{text}{_CLOSE}", mode="eval").body
    except SyntaxError as error:
        raise InputRejected(_syntax_message(text, error)) from None
    except (MemoryError, RecursionError):
        # What the parser and the tree builder answer to operators chained thousands deep.
        raise InputRejected("the input cannot be read: it is nested too deep") from None
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        raise InputRejected("the input is not a list of Python literals")
    return tree


def _syntax_message(text: str, error: SyntaxError) -> str:
    digits = re.search(r"value has (\d+) digits", error.msg)
    if digits:
        limit = sys.get_int_max_str_digits()
        return f"the input has an integer of {digits[1]} digits; at most {limit} are read"
    reason = error.msg.partition(" (detected at")[0]  # the line, which is said anyway
    # The parser counts characters from 1 and, on the first line, the opening of the call too.
    line = error.lineno or 0
    column = (error.offset or 0) - (len(_CALL) if line == 1 else 0)
    if 0 < line <= text.count("\n") + 1 and column > 0:
        reason = f"{_spot(text, line, column)}: {reason}"
    return f"the input is not a list of Python literals ({reason})"


def _place(text: str, position: int) -> str:
    """Say where the character at `position` (counted from 0) stands."""
    line = text.count("\n", 0, position) + 1
    return _spot(text, line, position - text.rfind("\n", 0, position))


def _spot(text: str, line: int, column: int) -> str:
    return f"line {line}, character {column}" if "\n" in text else f"character {column}"


class _Reader:
    """Turns the nodes of one parsed input into values."""

    def __init__(self, text: str, classes: Container[str], words: Mapping[str, Any]) -> None:
        self._text = text
        self._words = words
        self._classes = classes

    def value(self, node: ast.expr) -> Any:
        """Return the value of a literal; raise `InputRejected` at anything else."""
        match node:
            case ast.Constant(value=value) if value is not ...:
                return value
            case ast.List():
                return [self.value(item) for item in node.elts]
            case ast.Tuple():
                return tuple([self.value(item) for item in node.elts])
            case ast.Set():
                members = set()
                for item in node.elts:
                    members.add(self._hashable(item, "a member of a set"))
                return members
            case ast.Dict():
                return self._dict(node)
            case ast.Call(func=ast.Name(id="set"), args=[], keywords=[]):
                return set()
            case ast.Name(id=name) if name in self._words:
                return self._words[name]
            case ast.Attribute(value=ast.Name(id=name), attr=member) if name in self._classes:
                return Spelled(name, member)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if (
                name in self._classes and all(k.arg is not None for k in keywords)
            ):
                named = tuple((k.arg or "", self.value(k.value)) for k in keywords)
                return Spelled(name, None, tuple(map(self.value, args)), named)
            case ast.UnaryOp(op=ast.UAdd() | ast.USub()):
                return self._signed(node)
            case ast.BinOp(op=ast.Add() | ast.Sub(), left=left, right=right):
                real, imaginary = self._signed(left), self._number(right)
                # Only what a complex number looks like; `1 + 2` is a sum, not a literal.
                if not isinstance(real, complex) and isinstance(imaginary, complex):
                    return real + imaginary if isinstance(node.op, ast.Add) else real - imaginary
        raise self.refusal(node, _KINDS.get(type(node), ""))

    def refusal(self, node: ast.expr, kind: str) -> InputRejected:
        """Return the error that says that `node` is not a literal."""
        line, column = self._position(node)
        source = ast.get_source_segment(f"{_CALL}{self._text}{_CLOSE}", node) or ast.unparse(node)
        shown = " ".join(source.split())
        if len(shown) > 40:
            shown = f"{shown[:37]}..."
        what = f" ({kind})" if kind else ""
        where = _spot(self._text, line, column)
        return InputRejected(f"the input has `{shown}` at {where}, which is not a literal{what}")

    def _dict(self, node: ast.Dict) -> dict[Any, Any]:
        result = {}
        for key, item in zip(node.keys, node.values, strict=True):
            if key is None:  # **rest
                raise self.refusal(item, "unpacking")
            result[self._hashable(key, "a key of a dict")] = self.value(item)
        return result

    def _hashable(self, node: ast.expr, role: str) -> Any:
        value = self.value(node)
        try:
            hash(value)
        except TypeError:
            where = _spot(self._text, *self._position(node))
            kind = type(value).__name__
            message = f"the input has a {kind} at {where} that cannot be {role}"
            if kind == "tuple":
                message = f"the input has a tuple at {where} that cannot be {role}: it holds lists"
            raise InputRejected(message) from None
        return value

    def _signed(self, node: ast.expr) -> _Number:
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._number(operand)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return +self._number(operand)
        return self._number(node)

    def _number(self, node: ast.expr) -> _Number:
        match node:
            case ast.Constant(value=int() | float() | complex() as number) if (
                type(number) is not bool
            ):
                return number
        raise self.refusal(node, _KINDS.get(type(node), "a number belongs there"))

    def _position(self, node: ast.expr) -> tuple[int, int]:
        """Return line and column of `node` in the input's text, both counted from 1."""
        source = f"{_CALL}{self._text}".split("\n")[node.lineno - 1]
        # The parser counts bytes of UTF-8 from 0.
        column = len(source.encode()[: node.col_offset].decode()) + 1
        # A bare generator begins at the call's own parenthesis, before the text.
        return node.lineno, max(1, column - (len(_CALL) if node.lineno == 1 else 0))
