"""One text of a function and of what it uses, whatever cells that comes from.

Each name that the text uses is looked up now. A function or class is shown as it stands in its
cell. A constant or an import is shown by the statement that made it, if that still holds, or else
by one that does: ``LIMIT = 12``, ``from math import gcd``.
"""

import ast
import functools
import symtable
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from types import FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

from ..errors import SourceRejected
from ..plan.source import first_line
from ..values.show import show
from .places import Place
from .sheets import Sheet, cells, node_of, owner_of, session, sheet_of
from .unwrapped import lines_of_marks, own

_ANNOTATIONS = 0x1000000  # the flag of code under `from __future__ import annotations`
_LONGEST = 10_000  # characters of a constant that is shown by its value
_CACHED = functools._lru_cache_wrapper


class Gathered(NamedTuple):
    """What a function is made of.

    `text` is a module, in which `name` is the function's name; `places` say where its parts came
    from. `traced` are the functions of it that run traced, `known` tells whether `text` has all
    that it uses.
    """

    text: str
    name: str
    places: list[Place]
    traced: list[FunctionType]
    known: bool


class _Part(NamedTuple):
    text: str
    sheet: Sheet | None = None
    lines: tuple[int, ...] = ()  # of the sheet, one for each of the text
    functions: tuple[FunctionType, ...] = ()
    early: bool = False  # whether it needs nothing of other parts


def gather(function: FunctionType, receiver: Any = None) -> Gathered:
    """Return the text of a function and what it uses; of a method, the class that it is bound by.

    Raises SourceRejected where the function's own text is not to be had.
    """
    return _Gatherer(function, receiver).gathered()


class _Gatherer:
    def __init__(self, function: FunctionType, receiver: Any) -> None:
        self.function = function
        self.sheet = sheet_of(function)
        self.receiver = receiver
        self.globals: Mapping[str, Any] = function.__globals__
        self.names = {**self.globals, **cells(function)}
        self.module = self.globals.get("__name__", "builtins")
        self.parts: dict[str, _Part] = {}
        self.known = True
        self.name = ""

    @functools.cached_property
    def session(self) -> list[Sheet]:
        return session()

    def gathered(self) -> Gathered:
        todo = [self.rule()]
        while todo:
            for name in _used(todo.pop().text):
                if name in self.parts or name not in self.names:
                    continue
                part = self.part(name, own(self.names[name]))
                if part is None:
                    self.known = False
                else:
                    self.parts[name] = part
                    todo.append(part)
        return self.joined()

    def joined(self) -> Gathered:
        order: dict[Sheet | None, int] = {sheet: n for n, sheet in enumerate(self.session)}

        def place(part: _Part) -> tuple[int, ...]:
            imports = part.text.startswith(("import ", "from "))
            return (not imports, not part.early, order.get(part.sheet, -1), *part.lines[:1])

        lines: list[str] = []
        places: list[Place] = []
        future = self.function.__code__.co_flags & _ANNOTATIONS
        texts = [_Part("from __future__ import annotations")] if future else []
        parts = [*texts, *sorted(dict.fromkeys(self.parts.values()), key=place)]
        before = False
        for part in parts:
            definition = part.text.startswith(("def ", "class ", "@", "async "))
            if lines and (definition or before):
                lines += ["", ""]
            before = definition
            first = len(lines) + 1
            lines += part.text.split("\n")
            if part.sheet is not None:
                places += _places(first, part.sheet, part.lines)
        traced = [f for part in parts for f in part.functions]
        return Gathered("\n".join(lines) + "\n", self.name, places, traced, self.known)

    # The rule

    def rule(self) -> _Part:
        """Return the part with the function itself, and keep its name."""
        function, code = self.function, self.function.__code__
        sheet = self.sheet
        node = node_of(sheet, code)
        assert node is not None
        if isinstance(node, ast.Lambda):
            self.name, part = self.of_lambda(sheet, node)
        elif self.receiver is not None and (owner := owner_of(sheet, node)) is not None:
            self.name = f"{owner.name}.{node.name}"
            part = self.of_node(sheet, owner)
            kind = self.receiver if isinstance(self.receiver, type) else type(self.receiver)
            part = part._replace(functions=tuple(_methods(kind, self.globals)))
            self.parts[owner.name] = part
            for base in kind.__mro__:
                if base.__name__ != owner.name and (found := self.of_class(base)):
                    self.parts[base.__name__] = found
            return part
        else:
            self.name = node.name
            part = self.of_node(sheet, node)._replace(functions=(function,))
        self.parts[self.name] = part
        return part

    def of_lambda(self, sheet: Sheet, node: ast.Lambda) -> tuple[str, _Part]:
        """Return the name that a lambda is assigned to, and it as a function of that name."""
        for statement in ast.walk(sheet.tree):
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is node:
                    break
                case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is node:
                    break
        else:
            raise SourceRejected("a lambda has no name to follow; write a def")
        body = ast.get_source_segment(sheet.text, node.body) or ast.unparse(node.body)
        if "\n" in body:
            body = f"({body})"
        text = f"def {name}({ast.unparse(node.args)}):\n    return {body}"
        lines = range(node.body.lineno - 1, node.body.lineno + len(text.split("\n")) - 1)
        return name, _Part(text, sheet, tuple(lines), (self.function,))

    # What it uses

    def part(self, name: str, value: Any) -> _Part | None:
        """Return the part that gives a name its value; None if there is no text for it."""
        if isinstance(value, FunctionType | _CACHED):
            inner = own(getattr(value, "__wrapped__", value))
            if type(inner) is FunctionType and inner.__globals__ is self.globals:
                part = self.of_function(name, inner, traced=isinstance(value, _CACHED))
                if part is not None:
                    return part
        elif isinstance(value, type):
            part = self.of_class(value) if value.__name__ == name else None
            if part is not None:
                return part
        return self.of_statement(name, value) or _made(name, value)

    def of_function(self, name: str, function: FunctionType, traced: bool) -> _Part | None:
        if function.__name__ != name:
            return None
        try:
            sheet = sheet_of(function)
        except SourceRejected:
            return None
        node = node_of(sheet, function.__code__)
        assert node is not None
        if isinstance(node, ast.Lambda):
            return None
        plain = traced or own(self.names[name]) is function
        return self.of_node(sheet, node)._replace(functions=(function,) if plain else ())

    def of_class(self, kind: type) -> _Part | None:
        if kind.__module__ != self.module:
            return None
        methods = _methods(kind, self.globals)
        for method in methods:
            try:
                sheet = sheet_of(method)
            except SourceRejected:
                continue
            node = node_of(sheet, method.__code__)
            owner = owner_of(sheet, node) if node is not None else None
            if owner is not None and owner.name == kind.__name__:
                return self.of_node(sheet, owner)._replace(functions=tuple(methods))
        for sheet, statement in self.statements(kind.__name__):  # one without methods
            if isinstance(statement, ast.ClassDef):
                return self.of_node(sheet, statement)
        return None

    def of_statement(self, name: str, value: Any) -> _Part | None:
        """Return the last statement that has bound a name, if what it says is true."""
        made: tuple[Sheet, ast.stmt] | None = None
        for sheet, statement in self.statements(name):
            if _holds(statement, name, value, sheet):
                return self.of_node(sheet, statement)._replace(early=True)
            made = made or (sheet, statement)
        if made is not None and isinstance(made[1], ast.Assign) and _made(name, value) is None:
            return self.of_node(*made)  # what cannot be written as a constant
        return None

    def statements(self, name: str) -> Iterator[tuple[Sheet, ast.stmt]]:
        """Return the statements of cells that bind a name by themselves, the last ones first."""
        own_sheet = [self.sheet] if self.sheet not in self.session else []
        for sheet in reversed([*own_sheet, *self.session]):
            if name not in sheet.text:
                continue
            try:
                body = sheet.tree.body
            except (SyntaxError, ValueError, RecursionError):
                continue
            yield from ((sheet, s) for s in reversed(body) if name in _bound(s))

    def of_node(self, sheet: Sheet, node: ast.stmt) -> _Part:
        """Return a statement with its text, without decorators that are no part of it."""
        first, last = first_line(node), node.end_lineno or node.lineno
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            text = textwrap.dedent("\n".join(sheet.text.split("\n")[first - 1 : last]))
            marks = lines_of_marks(text, self.names)
            kept = [(n, line) for n, line in enumerate(text.split("\n")) if n not in marks]
            text = "\n".join(line for _, line in kept)
            return _Part(text, sheet, tuple(first + n for n, _ in kept))
        text = ast.get_source_segment(sheet.text, node) or ast.unparse(node)
        return _Part(text, sheet, tuple(range(first, first + len(text.split("\n")))))


def _places(first: int, sheet: Sheet, lines: Sequence[int]) -> list[Place]:
    """Return where lines of a text, from `first` on, came from: a place for each run of them."""
    found: list[Place] = []
    for at, line in enumerate(lines, first):
        before = found[-1] if found else None
        if before is not None and line - at == before.line - before.first:
            found[-1] = before._replace(last=at)
        else:
            found.append(Place(at, at, sheet.filename, line))
    return found


def _methods(kind: type, names: Mapping[str, Any]) -> list[FunctionType]:
    """Return the functions of a class and its bases that were defined beside `names`."""
    found: dict[int, FunctionType] = {}
    for base in kind.__mro__:
        for value in vars(base).values():
            inner = value.fget if isinstance(value, property) else value
            inner = inner.__func__ if isinstance(inner, staticmethod | classmethod) else inner
            inner = own(inner.__wrapped__ if isinstance(inner, _CACHED) else inner)
            if type(inner) is FunctionType and inner.__globals__ is names:
                found[id(inner)] = inner
    return list(found.values())


def _used(text: str) -> list[str]:
    """Return the names of the module that a text uses, in an order of its own."""
    found: dict[str, None] = {}
    tables = [symtable.symtable(text, "<part>", "exec")]
    for table in tables:
        for symbol in table.get_symbols():
            top = table.get_type() == "module"
            if symbol.is_referenced() if top else symbol.is_global():
                found[symbol.get_name()] = None
        tables += table.get_children()
    return list(found)


def _bound(statement: ast.stmt) -> list[str]:
    """Return the names that a statement binds, as far as one can be shown by it alone."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return [name] if statement.value is not None else []
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [statement.name]
        case ast.Import() | ast.ImportFrom():
            return [(a.asname or a.name).split(".")[0] for a in statement.names]
    return []


def _holds(statement: ast.stmt, name: str, value: Any, sheet: Sheet) -> bool:
    """Tell whether a statement still gives a name its value."""
    match statement:
        case ast.Import():
            return any(
                sys.modules.get(a.name if a.asname else name) is value
                for a in statement.names
                if (a.asname or a.name.split(".")[0]) == name
            )
        case ast.ImportFrom(module=str(module), level=0):
            named = [a.name for a in statement.names if (a.asname or a.name) == name]
            return any(_attribute(module, known) is value for known in named)
        case ast.Assign(value=ast.Lambda() as node) | ast.AnnAssign(value=ast.Lambda() as node):
            return type(value) is FunctionType and node_of(sheet, value.__code__) is node
        case ast.Assign(value=literal) | ast.AnnAssign(value=ast.expr() as literal):
            try:
                return show(ast.literal_eval(literal)) == show(value)
            except (ValueError, TypeError, SyntaxError, RecursionError):
                return False
    return False


def _attribute(module: str, name: str) -> Any:
    """Return what a module that is loaded has under a name; what is no value if it has none."""
    return getattr(sys.modules.get(module), name, _attribute)


def _made(name: str, value: Any) -> _Part | None:
    """Return a statement that gives a name its value, if there is one."""
    if isinstance(value, ModuleType):
        whole = value.__name__
        text = f"import {whole}" if whole == name else f"import {whole} as {name}"
        return _Part(text, early=True)
    kind = type(value).__module__
    if kind not in sys.stdlib_module_names or isinstance(value, MethodType):
        return None  # nothing of an object's own is run here
    if kind == "builtins" and not callable(value):
        text = show(value)
        try:
            ast.literal_eval(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return None
        return _Part(f"{name} = {text}", early=True) if len(text) <= _LONGEST else None
    module = getattr(value, "__module__", None)
    for known in (getattr(value, "__qualname__", None), getattr(value, "_name", None), name):
        if not isinstance(module, str) or not isinstance(known, str) or module == "__main__":
            continue
        if _attribute(module, known) is value:
            alias = known if known == name else f"{known} as {name}"
            return _Part(f"from {module} import {alias}", early=True)
    return None
