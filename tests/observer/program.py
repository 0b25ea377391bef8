"""The statements of a rule: their texts, the names they assign, the expressions they work out."""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class CannotFollow(Exception):
    """The observer has no means to judge a program; the message says why."""


@dataclass(eq=False)
class Code:
    """A function, or a class body: its names, and what its own code mentions."""

    name: str
    node: Function | ast.ClassDef
    receiver: str | None = None
    used: set[str] = field(default_factory=set)
    dotted: set[str] = field(default_factory=set)
    statements: list["Statement"] = field(default_factory=list)


@dataclass(eq=False)
class Statement:
    """A statement, or a part of one that is run by itself (a ``case``, an ``except``)."""

    number: int
    kind: str
    node: Any
    line: int
    source: str
    code: Code
    parent: "Statement | None"
    part: str = ""  # which block of the parent it stands in
    assigned: set[str] = field(default_factory=set)
    has_yield: bool = False
    expressions: dict[int, "Expression"] = field(default_factory=dict)

    def inside(self, other: "Statement", part: str | None = None) -> bool:
        """Tell whether this statement stands in another one, or in one of its blocks."""
        at: Statement | None = self
        while at is not None:
            if at.parent is other and part in (None, at.part):
                return True
            at = at.parent
        return False


@dataclass(eq=False)
class Expression:
    """A part of a statement whose value is looked at."""

    number: int
    node: ast.expr
    text: str
    name: str | None  # a variable that is read here: `x`, `Node.made`, `self.x`
    attribute: bool = False  # what is read is an attribute of the variable, no more


class Program:
    """A rule's module: its functions and statements, and two compilations of it."""

    def __init__(self, source: str) -> None:
        self.source = source
        try:
            self.tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError) as error:
            raise CannotFollow(f"no Python text: {error}") from None
        self.lines = source.splitlines()
        tokens = _tokens(source)
        self.tokens = [t for t in tokens if t.type in (tokenize.NAME, tokenize.OP)]
        self.comments = [t.start[0] for t in tokens if t.type == tokenize.COMMENT]
        self.statements: dict[int, Statement] = {}
        self.codes: dict[int, Code] = {}  # by the number of the def or class statement
        self.expressions: dict[int, Expression] = {}
        self.owner: dict[int, Statement] = {}
        self.recited: dict[str, list[Statement]] = {}
        self.imported = {
            (a.asname or a.name).split(".")[0]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for a in node.names
        }
        self._module(self.tree)

    # Statements

    def _module(self, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.AsyncFunctionDef):
                raise CannotFollow("async functions")
            if isinstance(node, ast.TryStar):
                raise CannotFollow("except*")
            called = getattr(node, "func", None)
            if isinstance(called, ast.Name) and called.id in _CALLS:
                raise CannotFollow(f"calls {called.id}")
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [a.name for a in node.names] + [getattr(node, "module", None) or ""]
                for name in names:
                    if name.split(".")[0] in _STRANGE:
                        raise CannotFollow(f"imports {name}")
        outer = Code("<module>", ast.ClassDef("<module>", [], [], tree.body, []))
        self._block(tree.body, outer, None, "body")
        for statement in self.statements.values():
            self.recited.setdefault(statement.source.split("\n")[0].strip(), []).append(statement)

    def _block(self, body: list[Any], code: Code, parent: Statement | None, part: str) -> None:
        for node in body:
            self._statement(node, code, parent, part)

    def _add(
        self, node: Any, kind: str, code: Code, parent: Statement | None, part: str, source: str
    ) -> Statement:
        number = len(self.statements) + 1
        made = Statement(number, kind, node, getattr(node, "lineno", 0), source, code, parent, part)
        self.statements[number] = made
        code.statements.append(made)
        node.number = number
        return made

    def _statement(self, node: Any, code: Code, parent: Statement | None, part: str) -> None:
        if isinstance(node, ast.Global | ast.Nonlocal):
            return
        body = getattr(node, "body", None) if isinstance(node, ast.stmt) else None
        if isinstance(node, ast.Match):
            source = self._header((node.lineno, node.col_offset), node.cases[0].pattern, "case")
        elif isinstance(body, list):
            decorators: list[ast.expr] = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(d.lineno for d in decorators)])
            source = self._header((first, node.col_offset), body[0])
        else:
            source = self._segment(
                (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
            )
        kind = _KINDS.get(type(node), type(node).__name__.lower())
        made = self._add(node, kind, code, parent, part, source)
        for value in _own(node):
            self._expressions(value, made)
        made.assigned |= _assigned(node)
        if isinstance(node, Function | ast.ClassDef):
            inner = Code(node.name, node, _receiver(node, code))
            self.codes[made.number] = inner
            _mentions(node, inner)
            self._block(node.body, inner, None, "body")
            return
        for name in ("body", "handlers", "orelse", "finalbody", "cases"):
            for child in getattr(node, name, []) or []:
                if isinstance(child, ast.excepthandler):
                    self._handler(child, code, made)
                elif isinstance(child, ast.match_case):
                    self._case(child, code, made)
                else:
                    self._statement(child, code, made, name)

    def _handler(self, node: Any, code: Code, parent: Statement) -> None:
        source = self._header((node.lineno, node.col_offset), node.body[0])
        made = self._add(node, "except", code, parent, "handlers", source)
        if node.type is not None:
            self._expressions(node.type, made)
        if node.name:
            made.assigned.add(node.name)
        self._block(node.body, code, made, "body")

    def _case(self, node: Any, code: Code, parent: Statement) -> None:
        start = (node.pattern.lineno, node.pattern.col_offset)
        before = [t for t in self.tokens if t.string == "case" and t.start < self._at(start)]
        source = self._header(before[-1].start, node.body[0], chars=True)
        made = self._add(node, "case", code, parent, "cases", source)
        made.line = before[-1].start[0]
        if node.guard is not None:
            self._expressions(node.guard, made)
        made.assigned |= {
            n.name
            for n in ast.walk(node.pattern)
            if isinstance(n, ast.MatchAs | ast.MatchStar) and n.name
        } | {n.rest for n in ast.walk(node.pattern) if isinstance(n, ast.MatchMapping) and n.rest}
        self._block(node.body, code, made, "body")

    # Texts

    def _at(self, place: tuple[int, int]) -> tuple[int, int]:
        """Return a place with its column in characters, where the syntax tree counts bytes."""
        line, column = place
        return line, len(self.lines[line - 1].encode()[:column].decode(errors="replace"))

    def _header(
        self, start: tuple[int, int], inner: Any, word: str = "", chars: bool = False
    ) -> str:
        """Return the text of a compound statement up to the colon before its block."""
        begin = start if chars else self._at(start)
        first = min([inner, *getattr(inner, "decorator_list", [])], key=lambda n: n.lineno)
        end = self._at((first.lineno, first.col_offset))
        if word:  # the first case of a match, whose pattern the syntax tree gives
            end = [t.start for t in self.tokens if t.string == word and t.start < end][-1]
        colon = [t.end for t in self.tokens if t.string == ":" and begin < t.start < end][-1]
        return self._cut(begin, colon)

    def _segment(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        return self._cut(self._at(start), self._at(end))

    def whole(self, statement: Statement) -> str:
        """Return the text of a statement with its blocks."""
        node = statement.node
        if not isinstance(node, ast.stmt):
            return statement.source
        return self._segment(
            (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
        )

    def _cut(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        lines = self.lines[start[0] - 1 : end[0]]
        lines[-1] = lines[-1][: end[1]]
        lines[0] = lines[0][start[1] :]
        return "\n".join(lines)

    # Expressions

    def _expressions(self, node: ast.AST, made: Statement) -> None:
        """Number the expressions of a statement whose values are looked at."""
        made.has_yield |= any(isinstance(n, ast.Yield | ast.YieldFrom) for n in ast.walk(node))
        receiver = made.code.receiver
        called = {id(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
        through = {
            id(n.value)
            for n in ast.walk(node)
            if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load) and id(n) not in called
        }
        aimed = node is getattr(made.node, "target", None) and made.kind == "for"
        for expression, bound in _values(node, frozenset()):
            name = None
            if aimed:
                pass  # where an item goes: the place is stated with what it holds then
            elif isinstance(expression, ast.Name) and expression.id not in bound:
                name = expression.id if expression.id != receiver else None
            elif isinstance(expression, ast.Attribute):
                root = expression.value
                if isinstance(root, ast.Name) and root.id not in bound:
                    name = f"{root.id}.{expression.attr}"
            number = len(self.expressions) + 1
            item = Expression(number, expression, ast.unparse(expression), name)
            item.attribute = id(expression) in through
            self.expressions[number] = made.expressions[number] = item
            self.owner[number] = made
            expression.number = number  # type: ignore[attr-defined]


_CALLS = ("exec", "compile", "input", "id", "breakpoint")
_STRANGE = {
    "threading", "asyncio", "multiprocessing", "concurrent", "subprocess", "_thread", "signal",
    "gc", "inspect", "ctypes", "socket", "weakref", "contextvars", "traceback",
}  # fmt: skip
_KINDS: dict[type, str] = {
    ast.FunctionDef: "def", ast.AsyncFunctionDef: "def", ast.ClassDef: "class",
    ast.AnnAssign: "assign", ast.Delete: "del", ast.ImportFrom: "import",
}  # fmt: skip


def _tokens(source: str) -> list[tokenize.TokenInfo]:
    try:
        return list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError) as error:
        raise CannotFollow(f"no tokens: {error}") from None


def _receiver(node: Any, code: Code) -> str | None:
    """Return the name of the object that a method is called on."""
    if isinstance(node, ast.ClassDef) or code.name == "<module>":
        return None
    arguments = [*node.args.posonlyargs, *node.args.args]
    if not isinstance(code.node, ast.ClassDef):  # a function in a method may use it, too
        return None if code.receiver in [a.arg for a in arguments] else code.receiver
    decorators = {ast.unparse(d) for d in node.decorator_list}
    return None if "staticmethod" in decorators or not arguments else arguments[0].arg


def _own(node: Any) -> Iterator[ast.AST]:
    """Yield the expressions that a statement itself runs: not its blocks, not its annotations."""
    if isinstance(node, Function):
        yield from [*node.decorator_list, *node.args.defaults]
        yield from [d for d in node.args.kw_defaults if d is not None]
    elif isinstance(node, ast.ClassDef):
        yield from [*node.decorator_list, *node.bases, *[k.value for k in node.keywords]]
    elif isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield from [node.target, node.value]
    else:
        for _, value in ast.iter_fields(node):
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.expr | ast.withitem):
                    yield part


def _assigned(node: Any) -> set[str]:
    """Return the names and places that a statement itself assigns."""
    found: set[str] = set()
    if isinstance(node, Function | ast.ClassDef):
        found.add(node.name)
    if isinstance(node, ast.Import | ast.ImportFrom):
        found |= {(a.asname or a.name).split(".")[0] for a in node.names}
    for part in _own(node):
        for n in ast.walk(part):
            if isinstance(getattr(n, "ctx", None), ast.Store | ast.Del):
                root: Any = n
                found.add(ast.unparse(root))
                while isinstance(root, ast.Attribute | ast.Subscript):
                    root = root.value
                    found.add(ast.unparse(root))
    return found


def _mentions(node: Any, code: Code) -> None:
    """Find the names, and the attributes of names, that the own code of a function mentions."""
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        n = waiting.pop()
        if isinstance(n, Function | ast.ClassDef):
            waiting += list(_own(n))
            code.used.add(n.name)
            continue
        if isinstance(n, ast.Lambda):
            continue
        if isinstance(n, ast.Name):
            code.used.add(n.id)
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name):
            code.dotted.add(f"{n.value.id}.{n.attr}")
        waiting += list(ast.iter_child_nodes(n))


def _values(node: ast.AST, bound: frozenset[str]) -> Iterator[tuple[ast.expr, frozenset[str]]]:
    """Yield the expressions whose values are looked at, with the names comprehensions bind."""
    if isinstance(node, ast.Lambda):
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                yield from _values(default, bound)
        return
    if isinstance(node, COMPREHENSIONS):
        yield node, bound
        inner = bound
        for generator in node.generators:
            yield from _values(generator.iter, inner)
            targets = {n.id for n in ast.walk(generator.target) if isinstance(n, ast.Name)}
            inner = inner | targets
            yield from _values(generator.target, inner)
            for test in generator.ifs:
                yield from _values(test, inner)
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for part in parts:
            yield from _values(part, inner)
        return
    if isinstance(node, ast.expr) and _is_looked_at(node):
        yield node, bound
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "format_spec"):
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                yield from _values(part, bound)


def _is_looked_at(node: ast.expr) -> bool:
    if isinstance(node, ast.Slice | ast.Starred | ast.FormattedValue | ast.Yield | ast.YieldFrom):
        return False
    if isinstance(node, ast.Tuple) and any(isinstance(e, ast.Slice) for e in node.elts):
        return False
    if isinstance(node, ast.Constant):
        return False
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
