"""What kind of value each variable has, as far as annotations and assignments tell.

Words depend on it: ``a + b`` is "a plus b" of numbers and "a followed by b" of texts; ``while a:``
asks whether a number "is not 0" or a list "is not empty". A variable has a kind if all places that
give it a value agree. Where the first of them does not tell, uses that only one kind allows may.
"""

import ast

from ...plan.source import walk
from .own import MODULES, Own
from .uses import Place, Uses
from .values import (
    NOTHING,
    NUMBER,
    TEXT,
    Kind,
    only,
)


class Kinds(Uses):
    """The kinds of the variables below a syntax node; `around` has those of the outer names."""

    def __init__(self, root: ast.AST, around: "Kinds | None" = None) -> None:
        self.bindings: dict[str, list[tuple[Place, Kind | None]]] = {}  # by the places that bind
        self.elsewhere: set[str] = set()  # of a module: names that its functions bind
        self.declared: set[str] = set()  # names with annotations
        self.changed: set[str] = set()  # of a module: collections that its functions may change
        if around is None:
            assert isinstance(root, ast.Module)
            super().__init__(Own(root))
            nodes = self.own_nodes(root)
        else:
            super().__init__(around.own)
            self.attributes, self.open = around.attributes, around.open
            for name in ("known", "bound", "modules", "imported", "functions"):
                getattr(self, name).update(getattr(around, name))
            nodes = walk(root)
        # where anything may have any method, or things are tried out, uses do not tell
        tries = any(isinstance(n, ast.ExceptHandler) and _of_kinds(n) for n in nodes)
        self.hinted = not (tries or self.own.all)
        self.settle(nodes)
        if around is None and self.own.classes and not self.own.all:
            assert isinstance(root, ast.Module)
            self.note_attributes(root)

    def own_nodes(self, root: ast.Module) -> list[ast.AST]:
        """Return the nodes of a module's own statements; of definitions, these alone."""
        nodes: list[ast.AST] = []
        inside: list[ast.AST] = []
        for statement in root.body:
            if isinstance(statement, _DEFINITIONS):
                nodes.append(statement)
                inside += walk(statement)
            else:
                nodes += walk(statement)
        uses = Uses(self.own)
        for n in inside:
            if isinstance(n, ast.Global):
                self.elsewhere.update(n.names)
            elif isinstance(n, ast.Subscript) and not isinstance(n.ctx, ast.Load):
                uses.store(n, None)
            else:
                uses.visit(n)
        self.changed |= uses.shared | uses.put.keys()
        self.bound |= self.elsewhere
        return nodes

    def settle(self, nodes: list[ast.AST]) -> None:
        """Find the kinds of the variables; a kind that others follow from is tried, then seen."""
        for turn in range(8):
            for notes in (self.bindings, self.hints, self.put, self.shared, self.kinds):
                notes.clear()
            for node in nodes:
                self.visit(node)
            before = dict(self.known)
            for name in self.bindings:
                self.known[name] = self.kind(name, turn == 0)
            if self.known == before and turn:
                break
        else:
            self.known |= dict.fromkeys(self.bindings)
        self.kinds.clear()

    def kind(self, name: str, tried: bool) -> Kind | None:
        """Return the kind that the places and the uses of a variable tell."""
        if name in self.elsewhere:
            return None
        bindings = sorted(self.bindings[name], key=lambda binding: binding[0])
        kinds = [kind for _, kind in bindings]
        if kinds[0] is None and name not in self.tested:
            until = bindings[1][0] if len(bindings) > 1 else _LATE
            kinds[0] = self.hinted_kind(name, until)
        kind = only([k for k in kinds if k is not None] if tried else kinds)
        if kind is None:
            return None
        if name in self.declared and len(bindings) == 1:
            return Kind(kind.name, only((kind.item, *self.put.get(name, ()))), kind.key)
        if name in self.shared or name in self.changed:
            return kind.bare
        item, key = kind.item, kind.key
        if name in self.put:
            item = only((item, *self.put[name]))
            key = None
        item, key = (k.bare if k is not None and k != NOTHING else None for k in (item, key))
        return Kind(kind.name, item, key)

    # The places that bind names

    def visit(self, node: ast.AST) -> None:
        name = getattr(node, _BINDING.get(type(node), ""), None)
        if name is not None:
            self.bind(name, None, node)
        super().visit(node)

    def bind(self, name: str, kind: Kind | None, node: ast.AST | None = None) -> None:
        """Note a place that gives a name a value; it ends where a node does."""
        if name not in self.bound:
            self.known[name] = kind
        self.bound.add(name)
        self.imported.pop(name, None)
        self.modules.pop(name, None)
        place = (getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0)
        place = _LATE if isinstance(node, ast.AugAssign) else place  # it changes no kind
        self.bindings.setdefault(name, []).append((place, kind))

    def assign(
        self,
        target: ast.expr,
        kind: Kind | None,
        value: ast.expr | None,
        place: ast.AST | None = None,
    ) -> None:
        """Note what a target is given."""
        place = place or value or target
        if isinstance(target, ast.Name):
            self.bind(target.id, kind, place)
            if isinstance(value, ast.Name):
                self.shared.add(target.id)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, kind, None, place)
        elif isinstance(target, ast.Subscript):
            self.store(target, kind)
        elif isinstance(target, ast.Tuple | ast.List):
            whole = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
            values = value.elts if whole else []  # type: ignore[union-attr]
            item = self.of_items(kind)
            for n, element in enumerate(target.elts):
                if isinstance(element, ast.Starred):
                    self.assign(element, Kind("list", item), None, place)
                elif values and not isinstance(values[n], ast.Starred):
                    self.assign(element, self.of(values[n]), values[n], place)
                else:
                    self.assign(element, None if values else item, None, place)

    def loop(self, target: ast.expr, source: ast.expr) -> None:
        """Note what a loop gives its target."""
        item = self.item(source)
        kinds: list[Kind | None] = []
        if isinstance(target, ast.Tuple) and isinstance(source, ast.Call):
            called, arguments = source.func, source.args
            name = self.origin(called)
            if name == "enumerate" and arguments:
                kinds = [NUMBER, self.item(arguments[0])]
            elif name == "zip" and not any(isinstance(a, ast.Starred) for a in arguments):
                kinds = [self.item(a) for a in arguments]
            elif isinstance(called, ast.Attribute) and called.attr == "items":
                kind = self.of(called.value)
                kinds = [kind.key, kind.item] if kind is not None else []
        if isinstance(target, ast.Tuple) and len(kinds) == len(target.elts):
            for element, kind in zip(target.elts, kinds, strict=True):
                self.assign(element, kind, None, source)
        else:
            self.assign(target, item, None, source)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self.assign(target, self.of(node.value), node.value)
        if len(node.targets) > 1:
            self.share(*node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.declared.add(node.target.id)
            self.bind(node.target.id, self.hinted_by(node.annotation, node.value), node)

    def hinted_by(self, annotation: ast.expr | None, value: ast.expr | None) -> Kind | None:
        """Return the kind that an annotation tells, if a value does not contradict it."""
        kind = self.annotated(annotation)
        given = self.of(value) if value is not None else None
        return kind if given is None or kind is None or given.name == kind.name else None

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        target = node.target
        if isinstance(target, ast.Subscript):
            self.store(target, self.of(ast.BinOp(target, node.op, node.value)))
        if not isinstance(target, ast.Name):
            return
        kind = self.of(target)
        if isinstance(node.op, ast.Add) and kind is not None and kind.name == "list":
            self.put.setdefault(target.id, []).append(self.item(node.value))
        else:
            kind = self.of(ast.BinOp(target, node.op, node.value))
        self.operated(target, node.op, node.value)
        self.bind(target.id, kind, node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.assign(node.target, self.of(node.value), node.value)

    def visit_For(self, node: ast.For | ast.AsyncFor | ast.comprehension) -> None:
        super().visit_For(node)
        self.loop(node.target, node.iter)

    visit_AsyncFor = visit_comprehension = visit_For

    def visit_arguments(self, node: ast.arguments) -> None:
        positional = [*node.posonlyargs, *node.args]
        without: list[None] = [None] * (len(positional) - len(node.defaults))
        defaults = [*without, *node.defaults, *node.kw_defaults]
        for arg, default in zip([*positional, *node.kwonlyargs], defaults, strict=True):
            if arg.annotation is not None:
                self.declared.add(arg.arg)
            self.bind(arg.arg, self.hinted_by(arg.annotation, default))
        self.share(*defaults)
        if node.vararg is not None:
            self.bind(node.vararg.arg, Kind("tuple", self.annotated(node.vararg.annotation)))
        if node.kwarg is not None:
            self.bind(node.kwarg.arg, Kind("dict", self.annotated(node.kwarg.annotation), TEXT))

    def visit_Import(self, node: ast.Import) -> None:
        for a in node.names:
            whole = a.name if a.asname else a.name.partition(".")[0]
            self.bind(a.asname or whole, None, node)
            self.modules[a.asname or whole] = whole

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for a in node.names:
            name = a.asname or a.name
            if a.name == "*":
                self.open = self.open or node.module not in MODULES or node.module == "operator"
                name = "pow"  # of all that the known modules have, this alone hides a built-in one
            other = name in self.bound and name not in self.imported
            self.bind(name, None, node)
            if not other:
                self.imported[name] = f"{node.module}.{a.name}"

    def visit_withitem(self, node: ast.withitem) -> None:
        if node.optional_vars is not None:
            self.assign(node.optional_vars, None, None)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.functions.add(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef

    # Attributes

    def note_attributes(self, root: ast.Module) -> None:
        """Find the kinds of attributes, where all that is ever stored in one agrees."""
        for turn in range(4):
            stored: dict[str, list[Kind | None]] = {}
            for top in root.body:
                for part in top.body if isinstance(top, ast.ClassDef) else [top]:
                    kinds = Kinds(part, self) if isinstance(part, _DEFINITIONS) else self
                    kinds.stores(walk(part), stored, turn == 0)
                if isinstance(top, ast.ClassDef):
                    self.class_stores(top, stored)
            before, self.attributes = self.attributes, {n: only(k) for n, k in stored.items()}
            if self.attributes == before:
                return
        self.attributes = {}

    def stores(
        self, nodes: list[ast.AST], stored: dict[str, list[Kind | None]], tried: bool
    ) -> None:
        """Add what some nodes store in attributes."""
        kinds: dict[ast.expr, Kind | None] = {}
        for n in nodes:
            if isinstance(n, ast.Assign):
                kinds |= dict.fromkeys(n.targets, self.of(n.value))
            elif isinstance(n, ast.AnnAssign):
                kinds[n.target] = self.hinted_by(n.annotation, n.value)
            elif isinstance(n, ast.AugAssign):
                kinds[n.target] = self.of(ast.BinOp(n.target, n.op, n.value))
            elif isinstance(n, ast.ClassDef):
                self.class_stores(n, stored)
            elif isinstance(n, ast.Attribute) and not isinstance(n.ctx, ast.Load):
                kind = kinds.get(n)
                if kind is None and tried and n in kinds:
                    continue
                stored.setdefault(n.attr, []).append(kind.bare if kind is not None else None)

    def class_stores(self, node: ast.ClassDef, stored: dict[str, list[Kind | None]]) -> None:
        """Add the attributes that a class has itself; an enumeration makes others of them."""
        plain = not node.bases or [ast.unparse(b) for b in node.bases] == ["NamedTuple"]
        for s in node.body:
            if isinstance(s, _DEFINITIONS):
                stored.setdefault(s.name, []).append(None)
                continue
            kind = None
            if plain and isinstance(s, ast.Assign):
                kind = self.of(s.value)
                kind = kind.bare if kind is not None else None
            elif plain and isinstance(s, ast.AnnAssign):
                kind = self.hinted_by(s.annotation, s.value)
            for n in walk(s):
                if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load):
                    stored.setdefault(n.id, []).append(kind)


def _of_kinds(handler: ast.ExceptHandler) -> bool:
    """Tell whether an ``except`` may catch what an operation on a wrong kind of value raises."""
    names = (
        {n.id for n in walk(handler.type) if isinstance(n, ast.Name)} if handler.type else _WRONG
    )
    return not _WRONG.isdisjoint(names)


_BINDING: dict[type[ast.AST], str] = {  # the fields with a name that is bound
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), "name"),
    **dict.fromkeys((ast.ExceptHandler, ast.MatchAs, ast.MatchStar), "name"),
    ast.MatchMapping: "rest",
}
_LATE = (1 << 60, 0)
_WRONG = {"AttributeError", "BaseException", "Exception", "TypeError"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
