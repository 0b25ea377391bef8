"""What running a part of a module may do: change an object, or run the module's own functions.

The judgement is made from the text alone; a module with classes, generators or coroutines is
`dynamic`: there, any operator or loop may run code of the module. `Effects.harmless` says what has
no effect if the values that it reads are plain: the recorder looks at these values, and where they
are anything else, it looks at every variable again.
"""

import ast
import builtins
from collections.abc import Iterator

from .names import FunctionNode, binds, given_to, parameters, worked_out
from .signatures import DATA_KEYWORDS, FUNCTIONS, METHODS, Method, is_pure, signature
from .source import children, walk


def _members(node: ast.ClassDef) -> Iterator[str]:
    """Yield the members of an enumeration, without second names of the same value."""
    values: set[str] = set()
    for one in node.body:
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            value = ast.unparse(one.value)
            if value not in values or value.endswith("auto()"):
                yield one.targets[0].id
            values.add(value)


class Effects:
    """The facts about a whole module that decide what a call in it may do.

    `binding` has the nodes that bind names in each scope, `using` the names and attributes of
    names that it reads, found on the same walk.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.defined: set[str] = set()  # names of functions and classes anywhere in the module
        self.methods: set[str] = set()
        self.members: set[str] = set()  # of the module's enumerations: what states itself
        self.bound: set[str] = set()  # names bound anywhere
        self.imported: set[str] = set()
        self.dynamic = False  # operators and loops may run functions of the module
        self.unbound: set[str] = set()  # names that del or the end of a handler unbinds, anywhere
        self.nonlocals = False
        self.cells = False  # whether a closure's cell is emptied: any variable may be unbound by it
        self.binding: dict[ast.AST, list[ast.AST]] = {}
        self.using: dict[ast.AST, list[ast.Name | ast.Attribute]] = {}
        scopes: list[ast.AST] = [tree]
        for scope in scopes:
            self.binding[scope] = self.scope(scope, scopes)
        if self.cells:
            self.unbound.update(n.id for n in walk(tree) if isinstance(n, ast.Name))
            self.unbound.update(n.arg for n in walk(tree) if isinstance(n, ast.arg))

    def scope(self, scope: ast.AST, scopes: list[ast.AST]) -> list[ast.AST]:
        """Look at what belongs to a scope; return what binds its names, add the scopes in it."""
        binding: list[ast.AST] = []
        using = self.using[scope] = []
        below: list[ast.AST] = list(getattr(scope, "body", ()))
        for node in below:
            kind = node.__class__
            if kind in _TELLING:
                self.look(node)
            if kind is ast.Name or kind is ast.Attribute:
                using.append(node)  # type: ignore[arg-type]
            names = binds(node)
            if names or kind in _FOREIGN:
                binding.append(node)
                self.bound.update(names)
            if kind not in _SCOPES:
                below += children(node)
            elif isinstance(node, ast.Lambda):
                for part in walk(node):
                    if type(part) in _TELLING:
                        self.look(part)
                    elif isinstance(part, ast.Name | ast.Attribute):
                        using.append(part)
                        self.bound.update(binds(part))
                    elif isinstance(part, ast.arg):
                        self.bound.add(part.arg)
            elif isinstance(node, FunctionNode | ast.ClassDef):
                scopes.append(node)
                below += worked_out(node)
                if not isinstance(node, ast.ClassDef):
                    self.bound.update(p.arg for p in parameters(node.args))
        return binding

    def look(self, node: ast.AST) -> None:
        """Take a fact about the whole module from one of its nodes."""
        if isinstance(node, FunctionNode):
            self.defined.add(node.name)
        elif isinstance(node, ast.ClassDef):
            self.dynamic = True
            self.defined.add(node.name)
            self.methods.update(n.name for n in node.body if isinstance(n, FunctionNode))
            if any(ast.unparse(base).endswith(("Enum", "Flag")) for base in node.bases):
                self.members.update(f"{node.name}.{name}" for name in _members(node))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self.imported.update(binds(node))
        elif isinstance(node, ast.Delete):
            self.unbound.update(
                n.id
                for n in walk(*node.targets)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Del)
            )
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == "cell_contents":
                    self.cells = True
        elif isinstance(node, ast.ExceptHandler):
            self.unbound.update(binds(node))
        elif isinstance(node, ast.Nonlocal):
            self.nonlocals = True
        else:  # a generator or a coroutine
            self.dynamic = True

    def of_call(self, call: ast.Call) -> str:
        """Return ``pure``, ``receiver`` (may change what it is called on), ``any`` or ``rule``.

        ``rule`` is a call that may run functions of the module itself.
        """
        function = call.func
        if isinstance(function, ast.Name):
            name = function.id
            known = FUNCTIONS.get(name)
            if name in self.defined or not hasattr(builtins, name):
                return "rule"
            if self.dynamic or (known is not None and known.does == "runs"):
                return "rule"
            if _passes_function(call, self.defined):
                return "rule"
            return "any" if known is None else "pure"
        if isinstance(function, ast.Attribute) and not self.dynamic:
            if function.attr in self.methods:
                return "rule"
            if _passes_function(call, self.defined):
                return "rule"
            base = function.value
            if isinstance(base, ast.Name) and base.id in self.imported:
                return "any"
            method = METHODS.get(function.attr)
            if method is None:
                return "any"
            return "receiver" if method.changes else "pure"
        return "rule"

    def harmless(self, node: ast.AST | None, deep: bool = False) -> bool:
        """Tell whether evaluating an expression changes nothing if it reads plain values only.

        Plain are values of built-in types that neither run code nor are used up. What comes out of
        a container may be of any type, so it is not looked into, unless `deep` says that it may be.
        """
        kind = node.__class__
        if node is None or kind in _LEAVES:
            return True
        if kind in _OPERATIONS:
            return all(self.harmless(n, deep) for n in children(node) if isinstance(n, ast.expr))
        if isinstance(node, ast.Compare):
            inside = any(isinstance(op, ast.In | ast.NotIn) for op in node.ops)
            parts = [node.left, *node.comparators]
            return all(self.harmless(p, deep) for p in parts) and (
                deep or not inside or all(map(self.fixed, node.comparators))
            )
        if isinstance(node, ast.Subscript):
            return (deep or self.fixed(node.value)) and all(
                self.harmless(part, deep) for part in (node.value, node.slice)
            )
        if isinstance(node, ast.Call):
            return self.harmless_call(node, deep)
        if deep and kind in _COMPREHENSIONS:
            parts = [n for n in children(node) if isinstance(n, ast.expr)]
            loops = [n for n in children(node) if isinstance(n, ast.comprehension)]
            parts += [part for loop in loops for part in (loop.iter, *loop.ifs)]
            return all(self.harmless(part, deep) for part in parts)
        return False

    def harmless_call(self, node: ast.Call, deep: bool) -> bool:
        function, values = node.func, given_to(node)
        if any(k.arg not in DATA_KEYWORDS for k in node.keywords):
            return False
        if not all(self.harmless(value, deep) for value in values):
            return False
        if isinstance(function, ast.Name):
            known = FUNCTIONS.get(function.id)
            if known is None or known.does in ("calls", "runs") or function.id in self.bound:
                return False
            return deep or known.does == "looks" or all(map(self.fixed, values))
        return (
            isinstance(function, ast.Attribute)
            and is_pure(function.attr)
            and function.attr not in self.methods
            and self.harmless(function.value, deep)
            and (deep or all(map(self.fixed, (function.value, *values))))
        )

    def fixed(self, node: ast.expr) -> bool:
        """Tell whether a value is plain if the variables that are read are."""
        if isinstance(node, ast.Subscript):
            return isinstance(node.slice, ast.Slice) and self.fixed(node.value)
        if isinstance(node, ast.IfExp):
            return self.fixed(node.body) and self.fixed(node.orelse)
        if isinstance(node, ast.BoolOp):
            return all(map(self.fixed, node.values))
        if isinstance(node, ast.Call):
            known = signature(node)
            changes = isinstance(known, Method) and known.changes
            return known is not None and not (known.hands_on or changes)
        return node.__class__ not in (ast.Starred, ast.Attribute, ast.Await, ast.NamedExpr)


_LEAVES = (ast.Name, ast.Constant)
_OPERATIONS = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.IfExp, ast.Tuple, ast.List, ast.Set, ast.Dict,
    ast.Slice, ast.JoinedStr, ast.FormattedValue,
)  # fmt: skip
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_TELLING = {
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Delete,
    ast.ExceptHandler, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Await,
}  # fmt: skip
_FOREIGN = {ast.Global, ast.Nonlocal}
_SCOPES = {ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda}


def _passes_function(call: ast.Call, defined: set[str]) -> bool:
    """Tell whether a function of the module is among the arguments (``sorted(a, key=rank)``)."""
    arguments = given_to(call)
    if all(a.__class__ is ast.Constant for a in arguments):
        return False
    return any(
        isinstance(n, ast.Lambda) or (isinstance(n, ast.Name) and n.id in defined)
        for a in arguments
        for n in walk(a)
    )
