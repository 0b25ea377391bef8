"""What the uses of variables tell: what their collections hold, and of what kind they must be."""

import ast
from collections import deque
from collections.abc import Iterable, Set

from ...plan.signatures import METHODS
from .own import Own
from .values import (
    BOOL,
    COMPARING,
    NUMBER,
    OF_NUMBERS,
    SEQUENCE,
    TEXT,
    UNARY_METHODS,
    Kind,
    Values,
    operator_methods,
)
from .wordings import OWN_WAYS

Place = tuple[int, int]  # line and column


class Uses(Values):
    """Notes the uses of variables, node by node."""

    def __init__(self, own: Own) -> None:
        super().__init__(own)
        self.hinted = False  # whether uses may tell what kind a variable is of
        self.tested: set[str] = set()  # variables whose type the program asks for
        self.hints: dict[str, list[tuple[Place, Set[str]]]] = {}  # by the uses of a name
        self.put: dict[str, list[Kind | None]] = {}  # what is put into a collection
        self.returned: set[ast.expr] = set()
        self.shared: set[str] = set()  # collections that may be changed by other names

    def visit(self, node: ast.AST) -> None:
        """Note what a node tells."""
        if type(node) in _GIVING_NAMES:
            self.share(getattr(node, _GIVING_NAMES[type(node)]))
        method = getattr(self, f"visit_{type(node).__name__}", None)
        if method is not None:
            method(node)

    # What collections hold

    def store(self, target: ast.Subscript, kind: Kind | None) -> None:
        """Note what is stored in an item or a slice."""
        if isinstance(target.value, ast.Name):
            if isinstance(target.slice, ast.Slice):
                kind = None if kind is None else kind.item
            self.put.setdefault(target.value.id, []).append(kind)

    def share(self, *nodes: ast.expr | None) -> None:
        """Note variables whose values get other names."""
        for node in nodes:
            if isinstance(node, ast.Name):
                self.shared.add(node.id)
            elif isinstance(node, ast.IfExp):
                self.share(node.body, node.orelse)
            elif isinstance(node, ast.BoolOp):
                self.share(*node.values)
            elif isinstance(node, ast.NamedExpr | ast.Starred):
                self.share(node.value)

    def visit_Return(self, node: ast.Return) -> None:
        if isinstance(node.value, ast.List | ast.Tuple | ast.Dict):
            self.returned.add(node.value)  # nothing here can change it any more

    def visit_List(self, node: ast.List | ast.Tuple) -> None:
        if isinstance(node.ctx, ast.Load) and node not in self.returned:
            self.share(*node.elts)

    visit_Tuple = visit_List

    def visit_Dict(self, node: ast.Dict) -> None:
        if node not in self.returned:
            self.share(*node.values)

    def visit_Call(self, node: ast.Call) -> None:
        function, arguments = node.func, node.args
        name = function.id if isinstance(function, ast.Name) else ""
        if not (name and self.built_in(name)):
            self.share(*arguments, *(k.value for k in node.keywords))
        elif name in _ARGUMENTS:
            for argument in arguments:
                self.hint(argument, _ARGUMENTS[name], *OWN_WAYS.get(name, "").split())
        if name:
            self.hint(function, _NONE, "__call__")
        if name in ("isinstance", "type", "hasattr", "callable"):
            self.tested |= {a.id for a in arguments if isinstance(a, ast.Name)}
        elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            self.put_by(function.value.id, function.attr, arguments)
            if function.attr == "pop" and not arguments:
                self.hint(function.value, _METHODS["pop"] - {"dict"}, "pop")

    def put_by(self, name: str, method: str, arguments: Iterable[ast.expr]) -> None:
        """Note what a method puts into a collection."""
        kinds: list[Kind | None] = []
        known = METHODS.get(method)
        if known is not None and known.adds == "item":
            kinds = [self.of(a) for a in arguments][-1:]
        elif known is not None and known.adds == "items":
            kinds = [self.item(a) for a in arguments]
        elif method.endswith("update"):
            kinds = [None]
        if kinds:
            self.put.setdefault(name, []).extend(kinds)

    # What variables must be

    def hint(self, node: ast.expr, kinds: Set[str], *methods: str) -> None:
        """Note a use of a variable that its value must be of one of some kinds for.

        It says nothing where one's own objects may have the methods that the use calls.
        """
        if self.hinted and isinstance(node, ast.Name) and not self.own.may(*methods):
            place = (node.lineno, node.col_offset)
            self.hints.setdefault(node.id, []).append((place, kinds))

    def hinted_kind(self, name: str, until: Place) -> Kind | None:
        """Return the kind that the uses of a variable up to some place leave."""
        kinds = set(_TYPES)
        for place, possible in self.hints.get(name, ()):
            if place <= until:
                kinds &= possible
        if len(kinds) > 1:
            kinds.discard("deque")  # of which all that is said of a list holds
        if len(kinds) == 1:
            return Kind(kinds.pop())
        return SEQUENCE if kinds and kinds <= _SEQUENCES else None

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self.operated(node.left, node.op, node.right)

    def operated(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> None:
        """Note what an operator tells of its operands."""
        if isinstance(operator, ast.Mult | ast.Mod | ast.MatMult):
            return
        methods = operator_methods(operator)
        for side, other in ((left, right), (right, left)):
            kind = self.of(other)
            if kind in (NUMBER, BOOL) or isinstance(operator, OF_NUMBERS):
                self.hint(side, _NUMBERS, *methods)
            elif kind is not None and isinstance(operator, ast.Add):
                self.hint_like(side, kind, *methods)

    def hint_like(self, node: ast.expr, kind: Kind, *methods: str) -> None:
        """Note a use for which a variable must be of the same kind as something else."""
        if kind.name in _TYPES or kind == SEQUENCE:
            self.hint(node, _SEQUENCES if kind == SEQUENCE else {kind.name}, *methods)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if not isinstance(node.op, ast.Not):
            self.hint(node.operand, _NUMBERS, UNARY_METHODS[type(node.op)])

    def visit_Compare(self, node: ast.Compare) -> None:
        left, operator, right = node.left, node.ops[0], node.comparators[0]
        if isinstance(operator, ast.In | ast.NotIn) and self.of(right) == TEXT:
            self.hint(left, {"text"})
        elif isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            for side, other in ((left, right), (right, left)):
                kind = self.of(other)
                if kind is not None:
                    self.hint_like(side, kind, *COMPARING[type(operator)])

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.hint(node.value, _METHODS.get(node.attr, _NONE), node.attr)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        index = node.slice
        kinds = _ITEMS if isinstance(node.ctx, ast.Load) else _ITEMS & {"list", "dict", "deque"}
        negative = isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub)
        if isinstance(index, ast.Slice) or (
            negative and isinstance(index.operand, ast.Constant)  # type: ignore[attr-defined]
        ):
            kinds = kinds & _SEQUENCES
        self.hint(node.value, kinds, "__getitem__", "__setitem__", "__delitem__")

    def visit_For(self, node: ast.For | ast.AsyncFor | ast.comprehension) -> None:
        self.hint(node.iter, _COLLECTIONS, "__iter__", "__next__", "__getitem__")

    visit_comprehension = visit_For


# Nodes that may give another name to the value of one of their fields.
_GIVING_NAMES: dict[type[ast.AST], str] = {
    **dict.fromkeys((ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Yield, ast.DictComp), "value"),
    **dict.fromkeys((ast.ListComp, ast.GeneratorExp), "elt"),
    ast.Lambda: "body",
}
_TYPES = {
    "number": (int, float), "text": (str,), "list": (list,), "tuple": (tuple,), "set": (set,),
    "dict": (dict,), "deque": (deque,),
}  # fmt: skip
_METHODS = {
    method: frozenset(k for k, types in _TYPES.items() if any(hasattr(t, method) for t in types))
    for types in _TYPES.values()
    for t in types
    for method in dir(t)
}
_NONE: Set[str] = frozenset()
_NUMBERS = frozenset(("number",))
_COLLECTIONS = frozenset(_TYPES) - _NUMBERS
_ITEMS = _COLLECTIONS - {"set"}
_SEQUENCES = frozenset(("text", "list", "tuple"))
_ARGUMENTS = {  # what functions take
    "abs": _NUMBERS, "chr": _NUMBERS, "len": _COLLECTIONS, "ord": frozenset(("text",)),
    "range": _NUMBERS,
}  # fmt: skip
