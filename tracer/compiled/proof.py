"""Finds the shapes of the variables of a function, or that nothing can be proved about them."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from ..plan.signatures import DATA_KEYWORDS, FUNCTIONS, METHODS, is_pure, signature
from ..plan.statements import Module, Scope
from .shapes import (
    DATA,
    INT,
    NUM,
    NUMBERS,
    OWNED,
    PLAIN,
    SCALARS,
    STR,
    STRINGS,
    WORD,
    Env,
    Shape,
    Unproved,
    frozen,
    item_of,
    join,
    shape_of,
)


class Shapes:
    """The shapes of a function's variables; `infer` finds them."""

    def __init__(self, module: Module, scope: Scope, arguments: Mapping[str, Shape]) -> None:
        self.module = module
        self.scope = scope
        self.env: Env = dict(arguments)
        self.constants: Env = {}  # module-level names that the function reads
        self.local: list[Env] = []  # targets of the comprehensions around an expression
        self.looked_at: set[str] = set()  # what the statement at hand says that it changes in place
        self.settled = False  # nothing more becomes known of what containers hold
        self.earlier: set[str] = set()  # the variables that statements before this one read
        self.reading: set[str] = set()  # those that the statement at hand has read so far
        self.receiver = ""  # the one that it has read only to call a method on it
        self.stale = False  # whether a variable was read whose shape has changed since

    # Expressions

    def of(self, node: ast.expr) -> Shape:
        """Return the shape of an expression. Raises Unproved."""
        handler: Callable[[Any], Shape] | None = getattr(self, _METHODS[node.__class__], None)
        if handler is None:
            raise Unproved(type(node).__name__)
        return handler(node)

    def of_Constant(self, node: ast.Constant) -> Shape:
        return shape_of(node.value)

    def of_Name(self, node: ast.Name) -> Shape:
        for env in reversed(self.local):
            if node.id in env:
                return env[node.id]
        shape = self.env.get(node.id)
        if shape is not None:
            self.reading.add(node.id)
            return shape
        if node.id in self.scope.names:
            raise _NotYet
        return self.constant(node.id)

    def constant(self, name: str) -> Shape:
        """Return the shape of a module-level constant. Raises Unproved."""
        if name not in self.constants:
            values = [
                s.value
                for s in self.module.tree.body
                if isinstance(s, ast.Assign)
                and len(s.targets) == 1
                and isinstance(s.targets[0], ast.Name)
                and s.targets[0].id == name
            ]
            if len(values) != 1 or name not in self.module.scopes[0].names:
                raise Unproved(f"the name {name}")
            try:
                shape = shape_of(ast.literal_eval(values[0]))
            except ValueError:
                raise Unproved(f"the global {name}") from None
            self.constants[name] = shape if shape in SCALARS else DATA
        return self.constants[name]

    def of_JoinedStr(self, node: ast.JoinedStr) -> Shape:
        words = True
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                shape = self.of(value.value)
                words = words and shape in _WORDY and value.conversion == -1
                if value.format_spec is not None:
                    _check_format(value.format_spec)
                    words = False
            else:
                words = words and self.of(value) == WORD
        return WORD if words else STR

    def of_BinOp(self, node: ast.BinOp) -> Shape:
        return self.operation(node.left, self.of(node.left), node.op, self.of(node.right))

    def operation(self, node: ast.expr, left: Shape, operator: ast.operator, right: Shape) -> Shape:
        """Return the shape of an operation; `node` is its left side."""
        if left in NUMBERS and right in NUMBERS:
            if isinstance(operator, _INEXACT):
                return PLAIN
            return NUM if left == NUM == right and isinstance(operator, _BITWISE) else INT
        if left in STRINGS:  # "a" + "b", "a" * 3, "%d" % n
            if isinstance(operator, ast.Mod):
                _check_format(node)
            elif left == WORD and right in _WORDY:
                return WORD
            return STR
        if right in STRINGS and left in NUMBERS:
            return right
        if left[0] == "list" == right[0] and isinstance(operator, ast.Add):
            return join(left, right) or left
        if "list" in (left[0], right[0]) and (left in NUMBERS or right in NUMBERS):
            return left if left[0] == "list" else right
        if left[0] == "set" == right[0]:
            return join(left, right) or left
        if left in SCALARS and right in SCALARS:
            return PLAIN
        return DATA

    def of_UnaryOp(self, node: ast.UnaryOp) -> Shape:
        if isinstance(node.op, ast.Not):
            self.condition(node.operand)
            return NUM
        return INT if self.of(node.operand) in NUMBERS else PLAIN

    def of_Compare(self, node: ast.Compare) -> Shape:
        for part in (node.left, *node.comparators):
            self.of(part)
        return NUM

    def of_BoolOp(self, node: ast.BoolOp) -> Shape:
        shape: Shape | None = None
        for part in node.values:
            shape = join(shape, self.of(part))
        return shape or DATA

    def condition(self, node: ast.expr) -> None:
        """Look at an expression of which only the truth matters."""
        if isinstance(node, ast.BoolOp):
            for part in node.values:
                self.condition(part)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self.condition(node.operand)
        else:
            self.of(node)

    def of_IfExp(self, node: ast.IfExp) -> Shape:
        self.condition(node.test)
        return join(self.of(node.body), self.of(node.orelse)) or DATA

    def of_List(self, node: ast.List) -> Shape:
        return ("list", self.items(node.elts))

    def of_Set(self, node: ast.Set) -> Shape:
        return ("set", self.items(node.elts))

    def of_Tuple(self, node: ast.Tuple) -> Shape:
        self.items(node.elts)
        if any(isinstance(e, ast.Starred) for e in node.elts):
            return DATA
        return ("tuple", *(frozen(self.of(e)) for e in node.elts))

    def of_Dict(self, node: ast.Dict) -> Shape:
        if None in node.keys:
            raise Unproved("a dict within a dict display")
        return ("dict", self.items([k for k in node.keys if k]), self.items(node.values))

    def items(self, nodes: list[ast.expr]) -> Shape | None:
        shape: Shape | None = None
        for node in nodes:
            if isinstance(node, ast.Starred):
                shape = join(shape, frozen(item_of(self.of(node.value))))
            else:
                shape = join(shape, self.stored(node))
        return shape

    def stored(self, node: ast.expr) -> Shape:
        """Return the shape of a value put into a container, where no name may still reach it."""
        shape = self.of(node)
        if shape[0] in ("iter", "lazy"):
            raise Unproved("an iterator in a container")
        if shape[0] in OWNED and not fresh(node):
            self.share(node)
        return frozen(shape)

    def share(self, node: ast.expr) -> None:
        """Note that a container becomes reachable twice: neither may change from then on."""
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        if names & self.mutated:
            raise Unproved("a container reached by two names")

    mutated: frozenset[str] = frozenset()  # variables whose object is changed in place somewhere

    def of_Subscript(self, node: ast.Subscript) -> Shape:
        base = self.of(node.value)
        if isinstance(node.slice, ast.Slice):
            for part in (node.slice.lower, node.slice.upper, node.slice.step):
                if part is not None:
                    self.of(part)
            return base if base in STRINGS or base[0] == "list" else DATA
        index = self.of(node.slice)
        if base in STRINGS:
            return base
        if base[0] == "list" and index in NUMBERS:
            return self.item(node.value, base)
        if base[0] == "dict":
            return base[2] or DATA
        if base[0] == "tuple" and isinstance(node.slice, ast.Constant):
            at = node.slice.value
            if isinstance(at, int) and -len(base) < at < len(base) - 1:
                part = base[1:][at]
                return part if isinstance(part, tuple) else DATA
        return DATA

    def item(self, node: ast.expr, shape: Shape) -> Shape:
        """Return the shape of an item of a list, once it is known what the list takes in."""
        if shape[1] is None and isinstance(node, ast.Name) and not self.settled:
            raise _NotYet
        return shape[1] or DATA

    def of_ListComp(self, node: ast.ListComp) -> Shape:
        return ("list", self.comprehension(node, node.elt))

    def of_SetComp(self, node: ast.SetComp) -> Shape:
        return ("set", self.comprehension(node, node.elt))

    def of_GeneratorExp(self, node: ast.GeneratorExp) -> Shape:
        return ("lazy", self.comprehension(node, node.elt))

    def of_DictComp(self, node: ast.DictComp) -> Shape:
        return ("dict", self.comprehension(node, node.key), self.comprehension(node, node.value))

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, item: ast.expr
    ) -> Shape:
        env: Env = {}
        self.local.append(env)
        for generator in node.generators:
            self.bind(generator.target, item_of(self.of(generator.iter)), env)
            for test in generator.ifs:
                self.condition(test)
        shape = self.stored(item)
        self.local.pop()
        return shape

    def of_Call(self, node: ast.Call) -> Shape:
        instead: Shape | None = None
        for keyword in node.keywords:
            if keyword.arg == "key":
                raise Unproved("a key function")
            if keyword.arg not in DATA_KEYWORDS:
                raise Unproved("keyword arguments")
            shape = self.of(keyword.value)
            if keyword.arg == "default":
                instead = frozen(shape)
        arguments = [self.of(a) for a in node.args]
        function = node.func
        if isinstance(function, ast.Name):
            if function.id in self.scope.names or function.id in self.module.scopes[0].names:
                raise Unproved(f"a call of {function.id}")
            result = _builtin(function.id, arguments, bool(node.keywords))
            return result if instead is None else join(result, instead) or result
        if isinstance(function, ast.Attribute):
            return self.method(function, arguments, node)
        raise Unproved("a computed call")

    def method(self, function: ast.Attribute, arguments: list[Shape], node: ast.Call) -> Shape:
        if isinstance(function.value, ast.Name):
            self.receiver = "" if function.value.id in self.reading else function.value.id
        base, name = self.of(function.value), function.attr
        if base in STRINGS and is_pure(name):
            if name == "format":
                _check_format(function.value)
            shape = _STR_METHODS.get(name, STR)
            parts = map(item_of, arguments) if name == "join" else arguments
            if base == WORD and name != "format" and all(part in _WORDY for part in parts):
                return _WORDS.get(shape, shape)
            return shape
        if base[0] == "list":
            return self.list_method(function, base, name, node)
        if base[0] == "dict" and name in ("get", "keys", "values", "items"):
            if name == "get":
                default = arguments[1] if len(arguments) > 1 else NUM
                return join(base[2], frozen(default)) or DATA
            pair = ("tuple", base[1] or DATA, base[2] or DATA)
            return ("iter", {"keys": base[1], "values": base[2], "items": pair}[name])
        if base[0] == "set" and name in ("add", "discard", "remove") and len(node.args) == 1:
            item = self.stored(node.args[0])
            self.grow(function.value, ("set", item))
            return NUM
        raise Unproved(f"the method {name}")

    def list_method(self, function: ast.Attribute, base: Shape, name: str, node: ast.Call) -> Shape:
        if name in ("index", "count"):
            return INT
        if name == "copy":
            return base
        self.change(function.value)
        if name == "append" and len(node.args) == 1:
            self.grow(function.value, ("list", self.stored(node.args[0])))
            return NUM
        if name == "insert" and len(node.args) == 2:
            self.grow(function.value, ("list", self.stored(node.args[1])))
            return NUM
        if name == "extend" and len(node.args) == 1:
            self.grow(function.value, ("list", item_of(self.of(node.args[0]))))
            return NUM
        if name == "pop":
            return self.item(function.value, base)
        if name in ("sort", "reverse", "remove", "clear"):
            return NUM
        raise Unproved(f"the method {name}")

    # Variables

    def grow(self, node: ast.expr, shape: Shape) -> None:
        """Note that a container has taken in an item."""
        self.change(node)
        assert isinstance(node, ast.Name)
        self.put(node.id, shape)

    def change(self, node: ast.expr) -> None:
        """Note that a container is changed in place. Raises Unproved if nobody would look at it."""
        if not isinstance(node, ast.Name) or node.id not in self.env:
            raise Unproved("a change of an object without a name")
        if node.id not in self.looked_at:
            raise Unproved("a change that is not the statement's own")

    def put(self, name: str, shape: Shape, env: Env | None = None) -> None:
        """Note that a variable can have a shape."""
        env = self.env if env is None else env
        if shape[0] in ("iter", "lazy"):
            raise Unproved("a variable that holds an iterator")
        if name in self.mutated and shape[0] not in (*OWNED, "int", "num", "word", "str", "plain"):
            raise Unproved("a change of an object that something else may reach")
        known = env.get(name)
        env[name] = new = join(known, shape) or shape
        if known is not None and new != known:
            read = name in self.reading and name != self.receiver
            self.stale = self.stale or read or name in self.earlier

    def assign(self, target: ast.expr, value: ast.expr) -> None:
        """Note what an assignment binds."""
        shape = self.of(value)
        if shape[0] in OWNED and not fresh(value):
            own = isinstance(target, ast.Name) and all(
                fresh(v) or (isinstance(v, ast.Name) and v.id == target.id) for v in _choices(value)
            )
            if not own:
                self.share(value)
                if isinstance(target, ast.Name) and target.id in self.mutated:
                    raise Unproved("a container reached by two names")
        if isinstance(target, _ROW) and isinstance(value, _ROW):
            if len(target.elts) != len(value.elts):
                raise Unproved("unpacking")
            for t, v in zip(target.elts, value.elts, strict=True):
                self.assign(t, v)
        else:
            self.bind(target, shape, self.env)

    def bind(self, target: ast.expr, shape: Shape, env: Env) -> None:
        """Note that a target gets a value of a shape."""
        if isinstance(target, ast.Name):
            self.put(target.id, shape, env)
        elif isinstance(target, _ROW):
            parts = shape[1:] if shape[0] == "tuple" else ()
            for n, element in enumerate(target.elts):
                if isinstance(element, ast.Starred):
                    raise Unproved("a starred target")
                part = parts[n] if len(parts) == len(target.elts) else item_of(shape)
                self.bind(element, frozen(part), env)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            base, index = self.of(target.value), self.of(target.slice)
            if base[0] == "list" and not isinstance(target.slice, ast.Slice):
                self.grow(target.value, ("list", frozen(shape)))
            elif base[0] == "dict":
                self.grow(target.value, ("dict", frozen(index), frozen(shape)))
            else:
                raise Unproved("a change of a part")
        else:
            raise Unproved("a target")

    def of_Slice(self, node: ast.Slice) -> Shape:
        return DATA


_WORDY = (*NUMBERS, WORD)  # their ``str`` is a word
_BITWISE = (ast.BitAnd, ast.BitOr, ast.BitXor)
_INEXACT = (ast.Div, ast.Pow, ast.MatMult)
_ROW = (ast.Tuple, ast.List)
_CHOICES = (ast.IfExp, ast.BoolOp)


class _Methods(dict[type, str]):
    """The names of the methods for kinds of nodes, made when first asked for."""

    def __missing__(self, kind: type) -> str:
        name = self[kind] = f"of_{kind.__name__}"
        return name


_METHODS = _Methods()


class _NotYetBound(Unproved):
    """A variable is read whose shape is not known yet; another pass may know it."""


_NotYet = _NotYetBound("a variable that is never assigned")


def infer(module: Module, scope: Scope, arguments: Mapping[str, Shape]) -> Shapes:
    """Find the shapes of a function's variables. Raises Unproved."""
    shapes = Shapes(module, scope, arguments)
    statements = [s for s in module.statements if s.scope is scope]
    shapes.mutated = frozenset(n for s in statements for n in s.touched) | frozenset(
        s.targets[0] for s in statements if s.kind == "augassign" and s.targets
    )
    for _ in range(12):
        before = dict(shapes.env)
        waiting = None
        shapes.stale = False
        shapes.earlier.clear()
        for s in statements:
            shapes.reading, shapes.receiver = set(), ""
            shapes.looked_at = {n for n in s.touched if n in s.watched or n in s.targets}
            try:
                _statement(shapes, s.node)
            except _NotYetBound as error:
                shapes.local.clear()
                waiting = error
            shapes.earlier |= shapes.reading
        if shapes.env == before or not (shapes.stale or waiting):
            if waiting is None:
                shapes.looked_at = set(shapes.env)  # all is seen to
                return shapes
            if shapes.settled:
                raise waiting
            shapes.settled = True
    raise Unproved("shapes that do not settle")


def _statement(shapes: Shapes, node: ast.stmt) -> None:
    kind = node.__class__
    if isinstance(node, ast.Assign):
        for target in node.targets:
            shapes.assign(target, node.value)
        if len(node.targets) > 1 and shapes.of(node.value)[0] in OWNED:
            raise Unproved("a container reached by two names")
    elif isinstance(node, ast.AugAssign):
        _augmented(shapes, node)
    elif kind is ast.If or kind is ast.While:
        shapes.condition(node.test)  # type: ignore[attr-defined]
    elif isinstance(node, ast.Expr):
        shapes.of(node.value)
    elif isinstance(node, ast.For):
        shapes.bind(node.target, frozen(item_of(shapes.of(node.iter))), shapes.env)
    elif isinstance(node, ast.Return):
        if node.value is not None:
            shapes.of(node.value)
    elif isinstance(node, ast.AnnAssign):
        if node.value is not None:
            shapes.assign(node.target, node.value)
    elif kind not in _NOTHING:
        raise Unproved(kind.__name__)


_NOTHING = (ast.Pass, ast.Break, ast.Continue)


def _augmented(shapes: Shapes, node: ast.AugAssign) -> None:
    target = node.target
    if isinstance(target, ast.Attribute):
        raise Unproved("an attribute")
    left = shapes.of(target)
    right = shapes.of(node.value)
    result = shapes.operation(target, left, node.op, right)
    if left[0] == "list" and isinstance(target, ast.Name):
        if not isinstance(node.op, ast.Add | ast.Mult):
            raise Unproved("an operation on a list")
        if isinstance(node.op, ast.Add) and right[0] != "list":
            raise Unproved("a list that takes in the items of something else")
        item = item_of(right) if isinstance(node.op, ast.Add) else left[1]
        shapes.put(target.id, ("list", item))
    elif left in SCALARS and result in SCALARS:
        shapes.bind(target, result, shapes.env)
    else:
        raise Unproved("an operation that may change an object in place")


def fresh(node: ast.expr) -> bool:
    """Tell whether an expression makes a new object, which nothing else reaches."""
    if isinstance(node, _CHOICES):
        return all(map(fresh, _choices(node)))
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice)
    if isinstance(node, ast.Call):
        known = signature(node)
        return known is not None and not known.hands_on
    return not isinstance(node, ast.Name)


def _choices(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.IfExp):
        return [*_choices(node.body), *_choices(node.orelse)]
    if isinstance(node, ast.BoolOp):
        return [c for v in node.values for c in _choices(v)]
    return [node]


def _check_format(node: ast.expr) -> None:
    """Refuse a format that could make any character from its number (``%c``)."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    if not all(isinstance(p, ast.Constant) and "c" not in str(p.value) for p in parts):
        raise Unproved("a computed format")


def _builtin(name: str, arguments: list[Shape], keywords: bool) -> Shape:
    """Return the shape of what a built-in function returns. Raises Unproved."""
    first = arguments[0] if arguments else None
    if name == "str" and len(arguments) == 1 and first in _WORDY:
        return WORD
    known = FUNCTIONS.get(name)
    if known is not None and known.gives in _GIVEN and name not in ("hash", "id"):
        return _GIVEN[known.gives]
    if name in ("abs", "round"):
        return INT if first in NUMBERS and len(arguments) == 1 else PLAIN
    if name == "sum":
        alone = len(arguments) == 1 and not keywords
        return INT if first and alone and item_of(first) in NUMBERS else PLAIN
    if name in ("min", "max") and arguments:
        if len(arguments) > 1:
            shape: Shape | None = None
            for argument in arguments:
                shape = join(shape, frozen(argument))
            return shape or DATA
        return item_of(arguments[0])
    if name == "range":
        return ("iter", INT)
    if name == "divmod":
        return ("tuple", INT, INT) if all(a in NUMBERS for a in arguments) else DATA
    if name in ("list", "sorted", "set") and len(arguments) <= 1:
        kind = "set" if name == "set" else "list"
        return (kind, item_of(first) if first else None)
    if name == "dict" and not arguments:
        return ("dict", None, None)
    if name == "tuple":
        return DATA
    if name == "reversed" and first:
        return ("lazy", item_of(first))
    if name == "enumerate" and first:
        return ("lazy", ("tuple", INT, item_of(first)))
    if name == "zip":
        return ("lazy", ("tuple", *map(item_of, arguments)))
    raise Unproved(f"a call of {name}")


_GIVEN: dict[str, Shape] = {
    "int": INT, "float": PLAIN, "bool": NUM, "digits": WORD, "text": STR, "words": ("list", STR),
    "parts": ("tuple", STR, STR, STR), "bytes": DATA,
}  # fmt: skip
_STR_METHODS: dict[str, Shape] = {
    **{name: _GIVEN[m.gives] for name, m in METHODS.items() if m.gives in _GIVEN},
    # They may make any character, or are of bytes.
    **dict.fromkeys(("translate", "decode"), DATA),
}
_WORDS: dict[Shape, Shape] = {  # what methods of words return, where strings return the key
    STR: WORD,
    ("list", STR): ("list", WORD),
    ("tuple", STR, STR, STR): ("tuple", WORD, WORD, WORD),
}
