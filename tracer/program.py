"""A rule program: the function to follow, with the helpers, classes and constants that it uses.

A rule is a function, or a method of a class as pasted from LeetCode: then ``self`` is supplied. An
unused leading ``self`` of a plain function is skipped. If a file holds several functions,
`rfft.tracer.plan.choice` says which is the rule.
"""

import ast
import builtins
import functools
import inspect
import sys
import textwrap
import tokenize
import typing
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Self

from .errors import InputRejected, SourceRejected
from .plan.choice import choose
from .plan.names import FunctionNode
from .plan.planner import plan_module
from .plan.source import LINE_END, walk
from .plan.statements import Module, Scope
from .question import Question
from .values.show import show

_KINDS = inspect.Parameter
_TYPING = frozenset(typing.__all__)


class Program:
    """A rule without back ends. Make one with `from_source`, `from_file` or `from_function`.

    `function` is the rule's name (``Solution.addDigits`` for a method), `source` the whole text it
    came from, `text` the part that a prompt shows: the function and what it uses, without its
    docstring.
    """

    def __init__(
        self,
        source: str,
        module: Module,
        scope: Scope,
        owner: ast.ClassDef | None,
        filename: str,
        plain: CodeType,
    ) -> None:
        self.source = source
        self._plain = plain  # the module compiled as it is
        self.filename = filename
        self.module = module
        self.scope = scope
        self.owner = owner
        self.function = f"{owner.name}.{scope.name}" if owner else scope.name
        self._outer: Mapping[str, Any] | None = None  # names of a module that is loaded already
        self.only: frozenset[str] | None = None  # the functions of it that are traced
        self._closure: Mapping[str, Any] = {}
        self.memo: dict[object, Any] = {}  # what back ends have made of it, by keys of theirs
        node = scope.node
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        self.node: FunctionNode = node
        self.skips_self = owner is None and _has_unused_self(node)
        self.docstring = ast.get_docstring(node)

    @classmethod
    def from_source(cls, text: str, function: str | None = None, filename: str = "<rule>") -> Self:
        """Return the rule in a module's text. Raises SourceRejected.

        `function` names it (``name`` or ``Class.method``) where the choice is not plain.
        """
        try:
            module = plan_module(text, filename)
            plain: CodeType = compile(module.tree, filename, "exec", dont_inherit=True)
        except SyntaxError as error:
            line = (error.text or "").strip("\n")
            shown = f"\n    {line.strip()}" if line.strip() else ""
            raise SourceRejected(
                f"syntax error in line {error.lineno or 1}: {error.msg}{shown}"
            ) from None
        except (ValueError, RecursionError, MemoryError) as error:
            reason = str(error) or "nested too deeply"
            raise SourceRejected(f"the source cannot be parsed: {reason}") from None
        node, owner = choose(module.tree, function)
        return cls(text, module, module.scope_of[node], owner, filename, plain)

    @classmethod
    def from_file(cls, path: str | Path, function: str | None = None) -> Self:
        """Return the rule in a Python file. Raises SourceRejected, OSError."""
        try:
            with tokenize.open(path) as file:
                text = file.read()
        except (SyntaxError, UnicodeDecodeError) as error:
            raise SourceRejected(f"{path} is no Python text: {error}") from None
        return cls.from_source(text, function, str(path))

    @classmethod
    def from_function(cls, function: Callable[..., Any]) -> Self:
        """Return the rule of a function that is already loaded. Raises SourceRejected.

        Functions of the same module that it uses are traced too. The rule runs over a copy of
        the module's names, so it does not rebind them.
        """
        plain = inspect.unwrap(function)
        if isinstance(plain, MethodType):
            name = plain.__func__.__qualname__
            raise SourceRejected(f"{name} is a method; give its class too: Rule.from_file")
        if not isinstance(plain, FunctionType):
            raise SourceRejected(f"{show(function)} is no Python function")
        if plain.__name__ == "<lambda>":
            raise SourceRejected("a lambda has no name to follow; write a def")
        try:
            rule = cls._from_loaded(plain)
        except (OSError, TypeError) as error:
            raise SourceRejected(f"no source for {plain.__qualname__}: {error}") from None
        rule._outer = plain.__globals__
        cells = zip(plain.__code__.co_freevars, plain.__closure__ or (), strict=True)
        rule._closure = {name: cell.cell_contents for name, cell in cells}
        return rule

    @classmethod
    def _from_loaded(cls, function: FunctionType) -> Self:
        name, filename = function.__name__, function.__code__.co_filename
        module = inspect.getmodule(function)
        if module is not None and function.__qualname__ == name:
            rule = cls.from_source(inspect.getsource(module), name, filename)
            rule.only = frozenset(f.__name__ for f in _with_helpers(function))
            return rule
        lines, first = inspect.getsourcelines(function)
        text = "\n" * (first - 1) + textwrap.dedent("".join(lines))
        return cls.from_source(text, name, filename)

    @functools.cached_property
    def text(self) -> str:
        """The part of the source that a prompt shows, without the rule's docstring."""
        return _rule_text(self.module, self.node, self.parts)

    @functools.cached_property
    def parts(self) -> list[ast.stmt]:
        """The rule's function (or class) and what it uses of its module, in their order."""
        shown: FunctionNode | ast.ClassDef = self.node
        if self.owner is not None and not _stands_alone(self.node, self.owner):
            shown = self.owner
        found = _parts(self.module.tree, shown, self.owner)
        return [shown if part is self.owner else part for part in found]

    @functools.cached_property
    def own_source(self) -> str:
        """The source with blank lines in place of what the rule does not use."""
        lines = self.module.source.lines
        kept = [""] * len(lines)
        for part in _parts(self.module.tree, self.owner or self.node, self.owner):
            first, last = _first_line(part) - 1, part.end_lineno or part.lineno
            kept[first:last] = lines[first:last]
        return "\n".join(kept).rstrip() + "\n"

    # Running

    def load(self, code: CodeType | None = None) -> Callable[..., Any]:
        """Run the module in a new namespace and return the rule's function.

        `code` is another compilation of the module to run, one with hooks for example.
        """
        names = self._run_module(self._plain if code is None else code)
        if self.owner is not None:
            method: Callable[..., Any] = getattr(names[self.owner.name](), self.scope.name)
            return method
        function: Callable[..., Any] = names[self.scope.name]
        return functools.partial(function, None) if self.skips_self else function

    def _run_module(self, code: CodeType) -> dict[str, Any]:
        module = ModuleType("rule")
        names = module.__dict__
        names["__builtins__"] = builtins
        names.update(self.typing_names)
        if self._outer is not None:
            names.update(self._outer)
            names.update(self._closure)
        if not any(scope.kind == "class" for scope in self.module.scopes):
            exec(code, names)
            return names
        # A dataclass looks up the module that it is defined in.
        before = sys.modules.get("rule")
        sys.modules["rule"] = module
        try:
            exec(code, names)
        finally:
            if before is None:
                sys.modules.pop("rule", None)
            else:
                sys.modules["rule"] = before
        return names

    @functools.cached_property
    def typing_names(self) -> dict[str, Any]:
        """The names of `typing` that the module uses without importing them, as LeetCode allows."""
        wanted = _globals_of(self._plain) & _TYPING
        wanted -= self.module.scopes[0].names
        return {name: getattr(typing, name) for name in wanted if not hasattr(builtins, name)}

    @functools.cached_property
    def has_plain_module(self) -> bool:
        """Tell whether running the module does nothing but define functions and constants."""
        if self._outer is not None:
            return not _names_of(self.node) - {self.scope.name} & self.module.scopes[0].names
        plain = all(
            (isinstance(s, ast.FunctionDef) and not s.decorator_list)
            or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
            or (isinstance(s, ast.Assign) and _is_literal(s.value))
            or (isinstance(s, ast.ImportFrom) and s.module in ("typing", "__future__"))
            for s in self.module.tree.body
        )
        if plain:
            try:
                self._run_module(self._plain)
            except Exception:  # a default value or an annotation that cannot be evaluated
                return False
        return plain

    @functools.cached_property
    def signature(self) -> inspect.Signature:
        """The parameters that a call gives values to."""
        a = self.node.args
        positional = [*a.posonlyargs, *a.args]
        required = len(positional) - len(a.defaults)
        parameters = [
            _KINDS(
                p.arg,
                _KINDS.POSITIONAL_ONLY if n < len(a.posonlyargs) else _KINDS.POSITIONAL_OR_KEYWORD,
                default=_KINDS.empty if n < required else ...,
            )
            for n, p in enumerate(positional)
        ]
        if self._supplies_self:
            parameters = parameters[1:]
        if a.vararg:
            parameters.append(_KINDS(a.vararg.arg, _KINDS.VAR_POSITIONAL))
        for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True):
            default = _KINDS.empty if d is None else ...
            parameters.append(_KINDS(p.arg, _KINDS.KEYWORD_ONLY, default=default))
        if a.kwarg:
            parameters.append(_KINDS(a.kwarg.arg, _KINDS.VAR_KEYWORD))
        return inspect.Signature(parameters)

    def check(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """See that a call with these arguments is possible. Raises InputRejected."""
        plain = self.plain_parameters
        if kwargs or plain is None or len(args) != len(plain):
            self.bind(args, kwargs)

    @functools.cached_property
    def plain_parameters(self) -> list[str] | None:
        """The parameters, if a call may give all of them, and nothing else, by position."""
        a = self.node.args
        if a.vararg or a.kwonlyargs or a.kwarg:
            return None
        names = [p.arg for p in (*a.posonlyargs, *a.args)]
        return names[1:] if self._supplies_self else names

    @property
    def _supplies_self(self) -> bool:
        """Tell whether the first parameter is no argument of a call."""
        return self.skips_self or (self.owner is not None and self.scope.receiver is not None)

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the given arguments by parameter name. Raises InputRejected."""
        try:
            return dict(self.signature.bind(*args, **kwargs).arguments)
        except TypeError as error:
            takes = ", ".join(self.signature.parameters) or "no arguments"
            raise InputRejected(f"{self.function} takes {takes}: {error}") from None

    # Prompts

    def question(self, arguments: Mapping[str, str]) -> str:
        """Return the question for arguments given as texts: the docstring, or a plain one."""
        return self._question(arguments)

    @functools.cached_property
    def _question(self) -> Question:
        return Question(self.docstring, self.scope.name, list(self.signature.parameters))

    def __repr__(self) -> str:
        return f"<rule {self.function}>"


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def _has_unused_self(node: FunctionNode) -> bool:
    a = node.args
    first = [*a.posonlyargs, *a.args][:1]
    return (
        bool(first)
        and first[0].arg == "self"
        and not any(isinstance(n, ast.Name) and n.id == "self" for n in walk(node))
    )


def _parts(
    tree: ast.Module, shown: FunctionNode | ast.ClassDef, owner: ast.ClassDef | None
) -> list[ast.stmt]:
    """Return the statements of a module that a rule consists of, in their order.

    `shown` is the rule or its class; a class that is not shown itself stands for its method.
    """
    functions = {p.name for p in tree.body if isinstance(p, FunctionNode | ast.ClassDef)}
    tables = {n for p in tree.body for n in _defines(p)} - functions
    wanted = _names_of(shown)
    kept = {id(shown)}
    changed = True
    while changed:
        changed = False
        for part in tree.body:
            if id(part) in kept or part is owner:
                continue
            if isinstance(part, ast.ImportFrom) and part.module == "__future__":
                belongs = True
            elif isinstance(part, FunctionNode | ast.ClassDef | ast.Import | ast.ImportFrom):
                belongs = not wanted.isdisjoint(_defines(part))
            else:  # it may fill a table that the rule reads
                belongs = not (wanted & tables).isdisjoint(_names_of(part))
            if belongs:
                kept.add(id(part))
                wanted |= _names_of(part)
                changed = True
    return [p for p in tree.body if id(p) in kept or p is owner]


def _rule_text(module: Module, node: FunctionNode, parts: Sequence[ast.stmt]) -> str:
    """Return the text of a rule and of the parts of its module that it uses."""
    text, before = "", None
    definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for part in parts:
        if before is not None:
            apart = isinstance(part, definition) or isinstance(before, definition)
            text += "\n\n" if apart else "\n"
        cut = _text_of(module, part)
        whole = isinstance(part, ast.ClassDef) and node in part.body
        if (part is node or whole) and ast.get_docstring(node) is not None:
            cut = _without_docstring(cut, node.name, part.name if whole else None)  # type: ignore[attr-defined]
        text += cut
        before = part
    return text


def _stands_alone(method: FunctionNode, owner: ast.ClassDef) -> bool:
    """Tell whether a method can be shown without its class: it uses nothing of it."""
    a = method.args
    first = [p.arg for p in [*a.posonlyargs, *a.args][:1]]
    of_class = {n for part in owner.body for n in _defines(part)} - {method.name}
    if not _names_of(method).isdisjoint({*first, "super", owner.name, *of_class}):
        return False
    document = method.body[0] if ast.get_docstring(method) is not None else None
    texts = (n for s in method.body if s is not document for n in walk(s))
    # A string over several lines would change with the indentation.
    return not any(
        isinstance(n, ast.Constant | ast.JoinedStr) and n.lineno != n.end_lineno for n in texts
    )


def _globals_of(code: CodeType) -> set[str]:
    """Return the names that code looks up by name: globals, and attributes among them."""
    names = set(code.co_names)
    for part in code.co_consts:
        if isinstance(part, CodeType):
            names |= _globals_of(part)
    return names


def _names_of(node: ast.AST) -> set[str]:
    return {n.id for n in walk(node) if isinstance(n, ast.Name)}


def _defines(part: ast.stmt) -> set[str]:
    """Return the names that a statement of a module binds."""
    if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {part.name}
    if isinstance(part, ast.Import | ast.ImportFrom):
        return {(a.asname or a.name).split(".")[0] for a in part.names}
    found = walk(part)
    inner = {n for c in found if isinstance(c, ast.comprehension) for n in walk(c.target)}
    names = (n for n in found if isinstance(n, ast.Name) and n not in inner)
    return {n.id for n in names if isinstance(n.ctx, ast.Store)}


def _text_of(module: Module, part: ast.stmt) -> str:
    """Return the whole text of a statement, dedented."""
    lines = module.source.lines[_first_line(part) - 1 : part.end_lineno or part.lineno]
    text = "\n".join(lines).rstrip()
    return textwrap.dedent(text) if part.col_offset else text


def _first_line(part: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(part, "decorator_list", [])
    return min([part.lineno, *(d.lineno for d in decorators)])


def _without_docstring(text: str, name: str, owner: str | None) -> str:
    """Return the text of a function, or of the class that has it, without its docstring."""
    node = ast.parse(text).body[0]
    if owner is not None and isinstance(node, ast.ClassDef):
        node = next(n for n in node.body if isinstance(n, FunctionNode) and n.name == name)
    assert isinstance(node, FunctionNode)
    document, *rest = node.body
    lines = LINE_END.split(text)
    first, last = document.lineno - 1, (document.end_lineno or document.lineno) - 1
    # Positions count bytes of UTF-8.
    head = lines[first].encode()[: document.col_offset].decode()
    tail = lines[last].encode()[document.end_col_offset :].decode()
    if rest and rest[0].lineno - 1 == last:  # more on the same line
        tail = lines[last].encode()[rest[0].col_offset :].decode()
        return "\n".join([*lines[:first], head + tail, *lines[last + 1 :]])
    if head.strip():  # the body is on the line of the header
        return "\n".join([*lines[:first], f"{head}pass{tail}", *lines[last + 1 :]])
    while not lines[first - 1].strip() or lines[first - 1].lstrip().startswith("#"):
        first -= 1  # a comment above the docstring goes with it
    return "\n".join([*lines[:first], *([] if rest else [f"{head}pass"]), *lines[last + 1 :]])


def _with_helpers(function: FunctionType) -> list[FunctionType]:
    """Return a function and those of its own module that it uses."""
    found: dict[int, FunctionType] = {id(function): function}
    stack = [function]
    while stack:
        for name in stack.pop().__code__.co_names:
            helper = function.__globals__.get(name)
            if (
                isinstance(helper, FunctionType)
                and helper.__module__ == function.__module__
                and id(helper) not in found
            ):
                found[id(helper)] = helper
                stack.append(helper)
    return list(found.values())
