"""Works out what the lines of a trace state, without the tracer and without running anything.

Expressions are read as Python reads them and worked out here, from literals and from the values of
names that are given. What is not known for sure has no value.
"""

import ast
import operator
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from ..same import same

_OPERATIONS: dict[type[ast.AST], Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Mod: operator.mod,
    ast.FloorDiv: operator.floordiv, ast.Div: operator.truediv, ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_, ast.BitXor: operator.xor, ast.Pow: operator.pow,
    ast.LShift: operator.lshift, ast.RShift: operator.rshift, ast.USub: operator.neg,
    ast.UAdd: operator.pos, ast.Invert: operator.invert, ast.Not: operator.not_,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
_FUNCTIONS = {
    f.__name__: f
    for f in (len, abs, min, max, sum, ord, chr, sorted, divmod, int, str, float, bool, list, set)
}
_METHODS: dict[type, str] = {
    str: "upper lower isdigit isalpha isalnum isupper islower startswith endswith find count split",
    dict: "get",
    list: "count index",
}
FUNCTIONS: Set[str] = _FUNCTIONS.keys()
METHODS = frozenset(" ".join(_METHODS.values()).split())
"""The functions and methods that are worked out; none of them changes anything."""

_CODE = ("while ", "for ", "if ", "elif ", "else:", "return", "break", "continue", "def ")
LARGEST = 100_000
"""Characters of a line that is looked at, and items of a value that is worked out."""
_SMALL = 1000  # of exponents and shifts
_LITERAL = re.compile(
    r"""(?<![\w'"]) [rbfuRBFU]{0,2} (?: '(?:[^'\\]|\\.)*+' | "(?:[^"\\]|\\.)*+" )""", re.VERBOSE
)


class NoValue(Exception):
    """An expression has names or operations that are not worked out here."""


class Impossible(Exception):
    """An expression of literals cannot be worked out, by whatever run: ``'a' + 1``."""


def false_lines(text: str, rule: str, recites: bool) -> Iterator[str]:
    """Say what is wrong with the lines of a trace, each taken by itself."""
    for number, wrong in faults(text, rule, recites):
        yield f"line {number} {wrong}"


def faults(text: str, rule: str, recites: bool) -> Iterator[tuple[int, str]]:
    """Yield the numbers of lines that are wrong by themselves, with what is wrong.

    With `recites`, a line of code must be a line of the rule.
    """
    known = {line.strip() for line in rule.splitlines()}
    bound = bound_by(ast.walk(ast.parse(rule)))
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped in known or len(stripped) > LARGEST:
            continue
        if recites and is_header(stripped):
            # The rule's line may have a space before the colon, and more after it.
            head = re.compile(rf"{re.escape(stripped.removesuffix(':').rstrip())}\s*:")
            if any(map(head.match, known)):
                continue
            yield number, f"recites what the rule does not say: {stripped[:100]}"
        elif " = " in stripped and not holds(sides(stripped), {}, bound):
            yield number, f"is false: {stripped[:100]}"


def is_header(line: str) -> bool:
    """Tell whether a line looks like the head of a block."""
    return line.startswith(_CODE) and line.endswith(":")


def bound_by(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names to which nodes give a meaning."""
    found = set()
    for node in nodes:
        match node:
            case ast.Name(ctx=ast.Store() | ast.Del()):
                found.add(node.id)
            case ast.arg():
                found.add(node.arg)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.alias():
                found.add((node.asname or node.name).partition(".")[0])
            case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar() if node.name:
                found.add(node.name)
            case ast.MatchMapping() if node.rest:
                found.add(node.rest)
    return found


def holds(
    parts: list[str], names: Mapping[str, Any], bound: Set[str], *, relations: bool = False
) -> bool:
    """Tell whether the sides of an equation that can be worked out are equal.

    `bound` are names that may stand for something else than in other programs. With `relations`,
    a comparison at the end is one that holds: ``x = 5 < 7``.
    """
    if len(parts) > 1 and parts[0].isidentifier():
        parts = parts[1:]
        names = {}
    values: list[Any] = []
    for place, part in enumerate(parts):
        try:
            node = parsed(part)
            if relations and place == len(parts) - 1 and isinstance(node, ast.Compare):
                if not value(node, {}, bound):
                    return False
                node = node.left
            values.append(value(node, {} if place else names, bound))
        except NoValue:
            continue
        except Impossible:
            return False
    return all(same(values[0], other) for other in values[1:])


def hidden(line: str) -> str:
    """Return a line of the same length without what stands in quotes and in brackets.

    Raises NoValue if they do not close.
    """
    text = _LITERAL.sub(lambda literal: "_" * len(literal[0]), line)
    depth, shown = 0, []
    for c in text:
        depth -= c in ")]}"
        shown.append("_" if depth else c)
        depth += c in "([{"
        if depth < 0:
            raise NoValue
    if depth or re.search(r"""(?<!\w)['"]""", text):
        raise NoValue
    return "".join(shown)


def sides(line: str) -> list[str]:
    """Split a line at its equals signs; a line that cannot be read is one side."""
    try:
        return split(line, " = ")
    except NoValue:
        return [line]


def split(line: str, sign: str) -> list[str]:
    """Split a line at a sign, outside of quotes and brackets. Raises NoValue."""
    found, start = [], 0
    for place in re.finditer(re.escape(sign), hidden(line)):
        found.append(line[start : place.start()])
        start = place.end()
    return [*found, line[start:]]


def parsed(text: str) -> ast.expr:
    """Return an expression. Raises NoValue."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NoValue from None


def value(node: ast.expr, names: Mapping[str, Any], bound: Set[str]) -> Any:
    """Work out an expression. Raises NoValue, Impossible."""
    try:
        return _Value(names, bound).of(node)
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise NoValue from None
    except (TypeError, ArithmeticError, LookupError):
        raise (NoValue if names or _holds_nodes(node) else Impossible) from None


def _holds_nodes(node: ast.expr) -> bool:
    """Tell whether lists are keys or members of sets: they stand for nodes of lists and trees."""
    inside = (
        part
        for n in ast.walk(node)
        for part in (n.keys if isinstance(n, ast.Dict) else getattr(n, "elts", ()))
        if isinstance(n, ast.Dict | ast.Set)
    )
    return any(isinstance(n, ast.List) for part in inside if part for n in ast.walk(part))


class _Value:
    def __init__(self, names: Mapping[str, Any], bound: Set[str]) -> None:
        self._names = names
        self._bound = bound

    def of(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant():
                return node.value
            case ast.Name() if node.id in self._names:
                return self._names[node.id]
            case ast.List() | ast.Tuple() | ast.Set():
                kind = {ast.List: list, ast.Tuple: tuple, ast.Set: set}[type(node)]
                return kind(map(self.of, node.elts))
            case ast.Dict() if all(key is not None for key in node.keys):
                keys = [self.of(key) for key in node.keys if key is not None]
                return dict(zip(keys, map(self.of, node.values), strict=True))
            case ast.UnaryOp() if type(node.op) in _OPERATIONS:
                return _OPERATIONS[type(node.op)](self.of(node.operand))
            case ast.BinOp() if type(node.op) in _OPERATIONS:
                return self._worked(node.op, self.of(node.left), self.of(node.right))
            case ast.BoolOp():
                for part in node.values[:-1]:
                    found = self.of(part)
                    if bool(found) is isinstance(node.op, ast.Or):
                        return found
                return self.of(node.values[-1])
            case ast.IfExp():
                return self.of(node.body if self.of(node.test) else node.orelse)
            case ast.Compare():
                return self._compared(node)
            case ast.Subscript(slice=ast.Slice() as cut):
                ends = [None if e is None else self.of(e) for e in (cut.lower, cut.upper, cut.step)]
                return self.of(node.value)[slice(*ends)]
            case ast.Subscript():
                return self.of(node.value)[self.of(node.slice)]
            case ast.Call(func=ast.Name(id=name), keywords=[]) if self._is_plain(name):
                given = list(map(self.of, node.args))
                if name == "str" and not all(isinstance(one, int | str) for one in given):
                    raise NoValue  # the order of a set inside, for one
                return _FUNCTIONS[name](*given)
            case ast.Call(func=ast.Attribute(value=owner, attr=name), keywords=[]):
                of = self.of(owner)
                if name in _METHODS.get(type(of), "").split():
                    return getattr(of, name)(*map(self.of, node.args))
        raise NoValue

    def _is_plain(self, name: str) -> bool:
        return name in _FUNCTIONS and name not in self._bound

    def _worked(self, op: ast.operator, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        match op:
            case ast.Mod() if not numbers:
                raise NoValue  # a text with places for values
            case ast.Mult() if not numbers:
                (times, items) = (left, right) if isinstance(left, int) else (right, left)
                if not isinstance(times, int) or times * len(items) > LARGEST:
                    raise NoValue
            case ast.Pow() | ast.LShift() if not (numbers and abs(right) <= _SMALL):
                raise NoValue
        return _OPERATIONS[type(op)](left, right)

    def _compared(self, node: ast.Compare) -> bool:
        left = self.of(node.left)
        for op, comparator in zip(node.ops, node.comparators, strict=True):
            right = self.of(comparator)
            if isinstance(op, ast.Is | ast.IsNot) and not {type(left), type(right)} & {
                type(None), bool,
            }:  # fmt: skip
                raise NoValue  # equal values may be one object or two
            if not _OPERATIONS[type(op)](left, right):
                return False
            left = right
        return True
