"""Finds the shapes of expressions."""

import ast
from collections.abc import Callable
from typing import Any, TypeAlias

from ..plan.signatures import DATA_KEYWORDS, signature
from .calls import WORDY, from_function, from_string_method
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
    join_all,
    shape_of,
)
from .variables import Variables

_BITWISE = (ast.BitAnd, ast.BitOr, ast.BitXor)
_INEXACT = (ast.Div, ast.Pow, ast.MatMult)
_ROW = (ast.Tuple, ast.List)
_REFUSED = {
    "Attribute": "an attribute",
    "Lambda": "a lambda",
    "NamedExpr": "an assignment within an expression",
}
_Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class Shapes:
    """The shapes of the expressions of a function, as far as its variables are known.

    All methods raise Unproved where nothing can be proved.
    """

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.env = variables.env
        self.constants = variables.constants

    def of(self, node: ast.expr) -> Shape:
        """Return the shape of an expression. Raises Unproved."""
        handler = _HANDLERS.get(node.__class__)
        if handler is None:
            kind = node.__class__.__name__
            raise Unproved(_REFUSED.get(kind, f"an expression of the kind {kind}"))
        return handler(self, node)

    def condition(self, node: ast.expr) -> None:
        """Look at an expression of which only the truth matters."""
        if isinstance(node, ast.BoolOp):
            for part in node.values:
                self.condition(part)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self.condition(node.operand)
        else:
            self.of(node)

    # Scalars and operations

    def of_Constant(self, node: ast.Constant) -> Shape:
        return shape_of(node.value)

    def of_Name(self, node: ast.Name) -> Shape:
        return self.variables.read(node.id)

    def of_JoinedStr(self, node: ast.JoinedStr) -> Shape:
        words = True
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                shape = self.of(value.value)
                words = words and shape in WORDY and value.conversion == -1
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
            elif left == WORD and right in WORDY:
                return WORD
            return STR
        if right in STRINGS and left in NUMBERS:
            return right
        kinds = (left[0], right[0])
        if kinds == ("set", "set") or (kinds == ("list", "list") and isinstance(operator, ast.Add)):
            return join(left, right) or left
        if "list" in kinds and (left in NUMBERS or right in NUMBERS):
            return left if left[0] == "list" else right
        return PLAIN if left in SCALARS and right in SCALARS else DATA

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
        return join_all(map(self.of, node.values)) or DATA

    def of_IfExp(self, node: ast.IfExp) -> Shape:
        self.condition(node.test)
        return join(self.of(node.body), self.of(node.orelse)) or DATA

    # Containers

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
        keys = [key for key in node.keys if key]
        if len(keys) < len(node.keys):
            raise Unproved("a dict that takes in another by **")
        return ("dict", self.items(keys), self.items(node.values))

    def items(self, nodes: list[ast.expr]) -> Shape | None:
        """Return the shape of the items of a container."""
        return join_all(
            frozen(item_of(self.of(node.value)))
            if isinstance(node, ast.Starred)
            else self.stored(node)
            for node in nodes
        )

    def stored(self, node: ast.expr) -> Shape:
        """Return the shape of a value put into a container, where no name may still reach it."""
        shape = self.of(node)
        if shape[0] in ("iter", "lazy"):
            raise Unproved("an iterator, a range or a view in a container")
        if shape[0] in OWNED and not is_fresh(node):
            self.variables.share(node)
        return frozen(shape)

    def of_Subscript(self, node: ast.Subscript) -> Shape:
        base, index = self.of(node.value), self.of(node.slice)
        if base in STRINGS:
            return base
        if isinstance(node.slice, ast.Slice):
            return base if base[0] == "list" else DATA
        if base[0] == "list" and index in NUMBERS:
            return self.variables.item(node.value, base)
        if base[0] == "dict":
            return base[2] or DATA
        if base[0] == "tuple" and isinstance(node.slice, ast.Constant):
            at = node.slice.value
            if isinstance(at, int) and -len(base) < at < len(base) - 1:
                part = base[1:][at]
                return part if isinstance(part, tuple) else DATA
        return DATA

    def of_Slice(self, node: ast.Slice) -> Shape:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.of(part)
        return DATA

    def of_ListComp(self, node: ast.ListComp) -> Shape:
        return ("list", self.comprehension(node, node.elt))

    def of_SetComp(self, node: ast.SetComp) -> Shape:
        return ("set", self.comprehension(node, node.elt))

    def of_GeneratorExp(self, node: ast.GeneratorExp) -> Shape:
        return ("lazy", self.comprehension(node, node.elt))

    def of_DictComp(self, node: ast.DictComp) -> Shape:
        return ("dict", self.comprehension(node, node.key), self.comprehension(node, node.value))

    def comprehension(self, node: _Comprehension, item: ast.expr) -> Shape:
        """Return the shape of the items of a comprehension."""
        env: Env = {}
        self.variables.local.append(env)
        for generator in node.generators:
            self.bind(generator.target, item_of(self.of(generator.iter)), env)
            for test in generator.ifs:
                self.condition(test)
        shape = self.stored(item)
        self.variables.local.pop()
        return shape

    # Calls

    def of_Call(self, node: ast.Call) -> Shape:
        named: dict[str, Shape] = {}
        for keyword in node.keywords:
            if keyword.arg is None or keyword.arg not in DATA_KEYWORDS:
                raise Unproved(f"an argument given as {keyword.arg or '**'}")
            named[keyword.arg] = self.of(keyword.value)
        given = [self.of(a) for a in node.args]
        function = node.func
        if isinstance(function, ast.Attribute):
            return self.method(function, given, node.args)
        if not isinstance(function, ast.Name):
            raise Unproved("a call of what an expression gives")
        if function.id in self.variables.names or function.id in self.variables.outer_names:
            raise Unproved(f"a call of {function.id}")
        if "start" in named:
            given.append(named["start"])
        result = from_function(function.id, given)
        return join(result, frozen(named["default"])) or result if "default" in named else result

    def method(self, function: ast.Attribute, given: list[Shape], args: list[ast.expr]) -> Shape:
        """Return the shape of what a method returns, and note what it changes."""
        node, name = function.value, function.attr
        if isinstance(node, ast.Name):
            self.variables.read_receiver(node.id)
        base = self.of(node)
        if base in STRINGS:
            if name == "format":
                _check_format(node)
            return from_string_method(name, base, given)
        if base[0] == "list":
            return self.list_method(node, base, name, args)
        if base[0] == "dict" and name == "get":
            return join(base[2], frozen(given[1] if len(given) > 1 else NUM)) or DATA
        if base[0] == "dict" and name in ("keys", "values", "items"):
            pair = ("tuple", base[1] or DATA, base[2] or DATA)
            return ("iter", {"keys": base[1], "values": base[2], "items": pair}[name])
        if base[0] == "set" and name in ("add", "discard", "remove") and len(args) == 1:
            self.variables.grow(node, ("set", self.stored(args[0])))
            return NUM
        raise Unproved(f"the method {name} of an object that nothing is known of")

    def list_method(self, node: ast.expr, base: Shape, name: str, args: list[ast.expr]) -> Shape:
        """Return the shape of what a method of lists returns, and note what it changes."""
        if name in ("index", "count"):
            return INT
        if name == "copy":
            return base
        self.variables.change(node)
        if name == "pop":
            return self.variables.item(node, base)
        if (name, len(args)) in (("append", 1), ("insert", 2)):
            self.variables.grow(node, ("list", self.stored(args[-1])))
        elif (name, len(args)) == ("extend", 1):
            self.variables.grow(node, ("list", item_of(self.of(args[0]))))
        elif name not in ("sort", "reverse", "remove", "clear"):
            raise Unproved(f"the method {name} of a list")
        return NUM

    # Targets

    def bind(self, target: ast.expr, shape: Shape, env: Env | None = None) -> None:
        """Note that a target gets a value of a shape."""
        if isinstance(target, ast.Name):
            self.variables.put(target.id, shape, env)
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
                self.variables.grow(target.value, ("list", frozen(shape)))
            elif base[0] == "dict":
                self.variables.grow(target.value, ("dict", frozen(index), frozen(shape)))
            else:
                raise Unproved("an assignment to a slice, or to an item of something unknown")
        else:
            raise Unproved("an assignment to an attribute, or to an item of an item")


_HANDLERS: dict[type[ast.expr], Callable[[Shapes, Any], Shape]] = {
    getattr(ast, name.removeprefix("of_")): handler
    for name, handler in vars(Shapes).items()
    if name.startswith("of_")
}


def is_fresh(node: ast.expr) -> bool:
    """Tell whether an expression makes a new object, which nothing else reaches."""
    if isinstance(node, ast.IfExp | ast.BoolOp):
        return all(map(is_fresh, choices(node)))
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice)
    if isinstance(node, ast.Call):
        known = signature(node)
        return known is not None and not known.hands_on
    return not isinstance(node, ast.Name)


def choices(node: ast.expr) -> list[ast.expr]:
    """Return the expressions one of which gives the value of an expression."""
    if isinstance(node, ast.IfExp):
        return [*choices(node.body), *choices(node.orelse)]
    if isinstance(node, ast.BoolOp):
        return [choice for part in node.values for choice in choices(part)]
    return [node]


def _check_format(node: ast.expr) -> None:
    """Refuse a format that could make any character from its number (``%c``)."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    if not all(isinstance(p, ast.Constant) and "c" not in str(p.value) for p in parts):
        raise Unproved("a format that is computed, or that has the letter c")
