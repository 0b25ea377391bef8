"""What the uses of variables tell: what their collections hold, and of what kind they must be."""

import ast
from collections.abc import Iterable

from .own import Own
from .values import (
    LIST_METHODS,
    MAP_METHODS,
    NUMBER,
    SEQUENCE,
    SET_METHODS,
    TEXT,
    TEXT_METHODS,
    Kind,
    Values,
)

Place = tuple[int, int]  # line and column


class Uses(Values):
    """Notes the uses of variables, node by node."""

    def __init__(self, own: Own) -> None:
        super().__init__(own)
        self.hinted = False  # whether uses may tell what kind a variable is of
        self.tested: set[str] = set()  # variables whose type the program asks for
        self.hints: dict[str, list[tuple[Place, Kind]]] = {}  # by the uses of a name
        self.put: dict[str, list[Kind | None]] = {}  # what is put into a collection
        self.shared: set[str] = set()  # collections that may be changed by other names

    def visit(self, node: ast.AST) -> None:
        """Note what a node tells."""
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

    def visit_List(self, node: ast.List | ast.Tuple) -> None:
        if isinstance(node.ctx, ast.Load):
            self.share(*node.elts)

    visit_Tuple = visit_List

    def visit_Dict(self, node: ast.Dict) -> None:
        self.share(*node.values)

    def visit_Yield(self, node: ast.Yield) -> None:
        self.share(node.value)

    def visit_ListComp(self, node: ast.ListComp | ast.GeneratorExp) -> None:
        self.share(node.elt)

    visit_GeneratorExp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self.share(node.value)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.share(node.body)

    def visit_Call(self, node: ast.Call) -> None:
        function, arguments = node.func, node.args
        name = function.id if isinstance(function, ast.Name) else ""
        if not (name and self.built_in(name)):
            self.share(*arguments, *(k.value for k in node.keywords))
        if name == "range":
            for argument in arguments:
                self.hint(argument, NUMBER)
        elif name in ("isinstance", "type", "hasattr", "callable"):
            self.tested |= {a.id for a in arguments if isinstance(a, ast.Name)}
        elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            self.put_by(function.value.id, function.attr, arguments)

    def put_by(self, name: str, method: str, arguments: Iterable[ast.expr]) -> None:
        """Note what a method puts into a collection."""
        kinds: list[Kind | None] = []
        if method in ("append", "appendleft", "add", "insert", "setdefault"):
            kinds = [self.of(a) for a in arguments][-1:]
        elif method in ("extend", "extendleft"):
            kinds = [self.item(a) for a in arguments]
        elif method.endswith("update"):
            kinds = [None]
        if kinds:
            self.put.setdefault(name, []).extend(kinds)

    # What variables must be

    def hint(self, node: ast.expr, kind: Kind) -> None:
        """Note a use of a variable that tells its kind."""
        if self.hinted and isinstance(node, ast.Name):
            place = (node.lineno, node.col_offset)
            self.hints.setdefault(node.id, []).append((place, kind))

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if not isinstance(node.op, ast.Mult | ast.Mod):
            self.like(node.left, node.right)

    def visit_Compare(self, node: ast.Compare) -> None:
        if isinstance(node.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            self.like(node.left, node.comparators[0])

    def like(self, one: ast.expr, other: ast.expr) -> None:
        """Note that if one of two expressions is a number, so is the other."""
        for side, against in ((one, other), (other, one)):
            if self.of(against) == NUMBER:
                self.hint(side, NUMBER)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        for methods, kind in _METHODS:
            if node.attr in methods:
                self.hint(node.value, kind)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        index = node.slice
        negative = isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub)
        if isinstance(index, ast.Slice) or (
            negative and isinstance(index.operand, ast.Constant)  # type: ignore[attr-defined]
        ):
            self.hint(node.value, SEQUENCE)


_METHODS = (
    (LIST_METHODS, Kind("list")),
    (MAP_METHODS, Kind("dict")),
    (SET_METHODS, Kind("set")),
    (TEXT_METHODS, TEXT),
)
