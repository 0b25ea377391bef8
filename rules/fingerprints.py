"""The fingerprint of a rule: what stays of it when names, comments and layout are taken away.

Two rules with one fingerprint are the same program under other names. Left out are names that the
rule gives (functions, parameters, variables, attributes of its own classes), docstrings, type
hints, and whatever else is in the file that the rule does not use. The syntax tree is written down
in a way of our own, as Python's own changes with its version.
"""

import ast
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, TypeAlias

from rfft.tracer import Rule
from rfft.tracer.plan.statements import has_docstring

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_Scope: TypeAlias = _Function | ast.ClassDef | _Comprehension
_SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ClassDef,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
# Fields that say nothing about what a program does, or that are not there in every version.
_SILENT = frozenset({"ctx", "kind", "type_comment", "type_ignores", "returns", "annotation"})


def fingerprint(rule: Rule) -> str:
    """Return the fingerprint of a rule, 32 hexadecimal digits."""
    tree = ast.parse(rule.own_source)
    first = rule.owner.name if rule.owner else rule.scope.name
    # The rule stands first, wherever its helpers stand.
    tree.body.sort(key=lambda part: getattr(part, "name", None) != first)
    text = _Writer(tree).text
    return blake2b(text.encode(), digest_size=16).hexdigest()


class _Writer:
    """Writes a tree down with its own names numbered in the order in which they come up."""

    def __init__(self, tree: ast.Module) -> None:
        self._parts: list[str] = []
        self._count = 0
        self._attributes = dict.fromkeys(_attributes(tree), "")
        functions = (
            n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
        )
        self._parameters_of = {n.name: [a.arg for a in _parameters(n)] for n in functions}
        # From the outside in, the names that each scope binds, with their numbers once they have
        # one; and whether the scope is a class, whose names the functions in it do not see.
        self._scopes = [(dict.fromkeys(_bound(tree), ""), False)]
        for part in tree.body:
            if not (isinstance(part, ast.ImportFrom) and part.module in ("typing", "__future__")):
                self._node(part)
        self.text = "".join(self._parts)

    def _node(self, node: ast.AST) -> None:
        self._parts.append(f"({type(node).__name__}")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._parts.append(f" {self._name(node.name)}")
            for part in (*node.decorator_list, *_defaults(node)):
                self._node(part)
        if isinstance(node, _SCOPES):
            self._scope(node)
        elif isinstance(node, ast.JoinedStr):
            self._pieces(node)
        elif isinstance(node, ast.AnnAssign):
            assigned = ast.Assign([node.target], node.value) if node.value else ast.Pass()
            self._parts[-1] = f"({type(assigned).__name__}"
            self._fields(assigned)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.keywords:
            self._call(node, self._parameters_of.get(node.func.id, []))
        else:
            self._fields(node)
        self._parts.append(")")

    def _scope(self, node: _Scope) -> None:
        if isinstance(node, _Comprehension):  # what comes first is worked out around it
            self._node(node.generators[0].iter)
        is_class = isinstance(node, ast.ClassDef)
        self._scopes.append((dict.fromkeys(_bound(node), ""), is_class))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if isinstance(node, ast.ClassDef):
                for part in (*node.bases, *node.keywords):
                    self._node(part)
            else:
                self._parameters(node.args)
            for part in node.body[1:] if has_docstring(node) else node.body:
                self._node(part)
        elif isinstance(node, ast.Lambda):
            for default in _defaults(node):
                self._node(default)
            self._parameters(node.args)
            self._node(node.body)
        else:
            for number, one in enumerate(node.generators):
                self._fields(one, but="" if number else "iter")
            self._fields(node, but="generators")
        self._scopes.pop()

    def _parameters(self, a: ast.arguments) -> None:
        for group in (a.posonlyargs, a.args, [a.vararg], a.kwonlyargs, [a.kwarg]):
            names = [self._name(p.arg) for p in group if p is not None]
            self._parts.append(f"[{','.join(names)}]")

    def _fields(self, node: ast.AST, but: str = "") -> None:
        for field in node._fields:
            value = getattr(node, field, None)
            if field in _SILENT or field == but or value is None or value == []:
                continue
            self._parts.append(f" {field}:")
            self._value(node, field, value)

    def _value(self, node: ast.AST, field: str, value: Any) -> None:
        if isinstance(value, ast.AST):
            self._node(value)
        elif isinstance(value, list):
            for item in value:
                self._value(node, field, item)
                self._parts.append(",")
        elif isinstance(node, ast.Constant) or not isinstance(value, str):
            self._parts.append(_constant(value))
        elif isinstance(node, ast.Attribute) or field == "kwd_attrs":
            self._parts.append(self._attribute(value))
        elif (isinstance(node, ast.alias) and field == "name") or field in ("module", "arg"):
            self._parts.append(value)
        else:  # a name: of a variable, in a pattern, after `as`, `global` or `nonlocal`
            self._parts.append(self._name(value))

    def _call(self, node: ast.Call, parameters: list[str]) -> None:
        """Write a call in which keywords may name parameters of the program's own function."""
        self._fields(node, but="keywords")
        for keyword in node.keywords:
            known = keyword.arg in parameters
            name = parameters.index(keyword.arg) if known and keyword.arg else keyword.arg
            self._parts.append(f" {name}=")
            self._node(keyword.value)

    def _pieces(self, node: ast.JoinedStr) -> None:
        """Write an f-string, whose constant parts some versions join and some do not."""
        constant = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                constant += str(part.value)
                continue
            self._parts.append(_constant(constant))
            self._node(part)
            constant = ""
        self._parts.append(_constant(constant))

    def _name(self, name: str) -> str:
        """Return the number of a name that the program binds, or the name as it is."""
        innermost = len(self._scopes) - 1
        for level in range(innermost, -1, -1):
            names, is_class = self._scopes[level]
            if name in names and (level == innermost or not is_class):
                if is_class:
                    return self._attribute(name)
                return self._number(names, name)
        return name

    def _attribute(self, name: str) -> str:
        return self._number(self._attributes, name) if name in self._attributes else name

    def _number(self, names: dict[str, str], name: str) -> str:
        if not names[name]:
            names[name] = f"%{self._count}"
            self._count += 1
        return names[name]


def _constant(value: object) -> str:
    """Return the text of a constant; never what a Unicode version or a limit on digits changes."""
    if type(value) is int:
        return hex(value)
    return "..." if value is ... else ascii(value)


def _defaults(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, _Function):
        yield from node.args.defaults
        yield from (d for d in node.args.kw_defaults if d is not None)


def _parameters(node: _Function) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below one that belong to its own scope, and the scopes just below."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, _SCOPES):
            yield from _inside(child)


def _bound(scope: ast.AST) -> set[str]:
    """Return the names that a scope binds itself."""
    bound: set[str] = set()
    outer: set[str] = set()
    if isinstance(scope, _Comprehension):
        targets = (node for one in scope.generators for node in ast.walk(one.target))
        return {node.id for node in targets if isinstance(node, ast.Name)}
    if isinstance(scope, _Function):
        bound |= {a.arg for a in ast.walk(scope.args) if isinstance(a, ast.arg)}
    for node in _inside(scope):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                bound.add(name)
            case ast.ClassDef(name=name):
                bound.add(name)
            case ast.alias():
                bound.add((node.asname or node.name).partition(".")[0])
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                outer.update(names)
        if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            bound.add(node.name)
        if isinstance(node, ast.MatchMapping) and node.rest:
            bound.add(node.rest)
        if isinstance(node, _Comprehension):
            # A walrus in a comprehension binds a name around it.
            walruses = (n for n in ast.walk(node) if isinstance(n, ast.NamedExpr))
            bound |= {walrus.target.id for walrus in walruses}
    return bound - outer


def _attributes(tree: ast.Module) -> set[str]:
    """Return the names of attributes that the program itself gives."""
    nodes = list(ast.walk(tree))
    given = {n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    classes = (n for n in nodes if isinstance(n, ast.ClassDef))
    return given.union(*map(_bound, classes))
