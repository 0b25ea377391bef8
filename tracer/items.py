"""What one statement reads, works out and changes, in the order in which Python evaluates it."""

import ast
import builtins

from .effects import PURE_METHODS, Effects
from .plan import Capture, Operand, Read, Relation, Scope, Statement, Worked
from .source import SourceText, children, walk


class Items:
    """Finds what one statement reads, works out and changes, in the order of evaluation."""

    def __init__(
        self,
        s: Statement,
        bound: set[str],
        source: SourceText,
        effects: Effects,
        captures: dict[ast.expr, Capture],
    ) -> None:
        self.s = s
        self.bound = bound  # names that are surely bound before the statement
        self.text = source
        self.module = effects
        self.captures = captures  # of the whole module; this statement's are added
        self.guard: int | None = None
        self.reads: dict[str, Read] = {}
        self.early = 0  # how many of them are taken just before the statement
        self.stable = True  # no evaluation in the statement can change a variable that it reads
        self.needed: set[int] = set()  # guards of reads that were stated before
        self.assigned: set[str] = set()  # variables assigned within the statement's expressions
        self.inside = s.scope.kind == "function"

    def plan(self) -> None:
        node = self.s.node
        self.effects(node)
        handler = getattr(self, _HANDLERS[type(node)], None)
        if handler is not None:
            handler(node)
        self.watch(node)

    # Statements

    def plan_Assign(self, node: ast.Assign) -> None:
        self.value(node.value)
        for target in node.targets:
            self.target(target)
        names = all(isinstance(t, ast.Name) for t in node.targets)
        self.s.constant = names and _is_constant(node.value)
        self.equate(node.value)

    def plan_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is None:
            self.s.kind = "annotation"
            return
        self.value(node.value)
        self.target(node.target)
        self.s.constant = isinstance(node.target, ast.Name) and _is_constant(node.value)
        self.equate(node.value)

    def plan_AugAssign(self, node: ast.AugAssign) -> None:
        self.expression(node.value)
        target = node.target
        if isinstance(target, ast.Name):
            if self.inside:
                self.read(target, first=True)
            self.s.targets.append(target.id)
            left = self.reads.get(target.id)
            if left is not None and left.early and (self.stable or not _names(node.value, target)):
                self.s.equation = (left, f" {_OPERATORS[type(node.op)]} ", self.operand(node.value))
        else:
            self.attribute(target)
            self.target(target)

    def attribute(self, node: ast.expr) -> None:
        """State an attribute of `self` that a statement changes from what it was."""
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == self.s.scope.receiver
            and node.value.id in self.bound
        ):
            name = f"{node.value.id}.{node.attr}"
            self.reads[name] = Read(name, True, None, self.early)
            self.early += 1
            self.s.items.append(self.reads[name])

    def plan_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.value(node.value)

    def plan_Return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.expression(node.value)

    def plan_If(self, node: ast.If) -> None:
        self.test(node.test)

    def plan_While(self, node: ast.While) -> None:
        self.test(node.test)

    def plan_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.expression(node.iter, show=not isinstance(node.iter, ast.Call))
        self.s.targets += _names_in(node.target)

    plan_AsyncFor = plan_For

    def plan_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.expression(item.context_expr, show=False)
            if item.optional_vars is not None:
                self.s.targets += _names_in(item.optional_vars)

    plan_AsyncWith = plan_With

    def plan_Match(self, node: ast.Match) -> None:
        self.expression(node.subject)

    def plan_Assert(self, node: ast.Assert) -> None:
        # A comparison stays as it is: on 3.11 its place is the line of a failing assertion.
        self.test(node.test, relation=False)

    def plan_Raise(self, node: ast.Raise) -> None:
        if node.exc is not None:
            self.expression(node.exc, show=False)

    def plan_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self.target(target)

    def plan_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.s.targets += [(a.asname or a.name).split(".")[0] for a in node.names if a.name != "*"]

    plan_ImportFrom = plan_Import

    def target(self, node: ast.expr) -> None:
        """Plan a place that is assigned to or deleted."""
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store) and node.id not in self.s.targets:
                self.s.targets.append(node.id)
        elif isinstance(node, _ROW):
            for element in node.elts:
                self.target(element)
        elif isinstance(node, ast.Starred):
            self.target(node.value)
        elif isinstance(node, ast.Attribute):
            self.s.attributes.append(self.source(node))
            self.place(node.value)
        elif isinstance(node, ast.Subscript):
            self.place(node.value)
            self.expression(node.slice)

    def place(self, node: ast.expr) -> None:
        """Plan the object whose part is assigned to."""
        if isinstance(node, ast.Name):
            self.read(node)
            self.touch(node.id)
        elif isinstance(node, ast.Attribute | ast.Subscript):
            self.place(node.value)
            if isinstance(node, ast.Subscript):
                self.expression(node.slice)
        else:
            self.expression(node)

    # Expressions

    def value(self, node: ast.expr) -> None:
        """Plan an expression whose own value is stated elsewhere, as what a name becomes."""
        self.expression(node, show=isinstance(node, ast.Attribute))

    def test(self, node: ast.expr, relation: bool = True) -> None:
        """Plan a condition: its truth is the outcome, so only what it compares is stated."""
        if isinstance(node, ast.BoolOp):
            self.test(node.values[0], relation)
            for operand in node.values[1:]:
                self.guarded(operand, test=True)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self.test(node.operand, relation)
        elif isinstance(node, ast.Compare):
            self.compare(node, relation and len(node.ops) == 1)
        elif not isinstance(node, ast.Name):
            self.expression(node)
        else:
            self.read(node)

    def compare(self, node: ast.Compare, relation: bool = False) -> None:
        self.expression(node.left)
        self.expression(node.comparators[0])
        for comparator in node.comparators[1:]:
            self.guarded(comparator)
        if relation and not isinstance(node.left, _TRIVIAL):
            # The truth of the comparison decides how the relation is stated.
            key = self.capture(node, shown=True)
            self.s.items.append(
                Relation(
                    self.source(node.left),
                    self.operand(node.left),
                    _RELATIONS[type(node.ops[0])],
                    self.operand(node.comparators[0]),
                    key,
                    self.substitution(node.left),
                )
            )

    def guarded(self, node: ast.expr, test: bool = False, show: bool = True) -> None:
        """Plan an expression that is evaluated only under a condition."""
        outer, seen = self.guard, len(self.s.items)
        key = self.guard = self.capture(node, shown=False)
        self.captures[node].guarded = True
        if test:
            self.test(node)
        else:
            self.expression(node, show=show)
        self.guard = outer
        if len(self.s.items) == seen and key not in self.needed and not self.captures[node].shown:
            del self.captures[node]

    def expression(self, node: ast.expr, show: bool = True) -> None:
        """Plan an expression; `show` states its own value too, unless it is trivial."""
        if node.__class__ is ast.Call and _is_super(node):
            return  # a hook around it would change how it is called
        handler = getattr(self, _HANDLERS[type(node)], None)
        if handler is None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.expression(child)
        else:
            show = handler(node, show) is not False and show
            if show:
                self.s.items.append(Worked(self.capture(node), self.source(node)))

    def visit_Constant(self, node: ast.Constant, show: bool) -> bool:
        return False

    def visit_Name(self, node: ast.Name, show: bool) -> bool:
        self.read(node)
        return False

    def visit_List(self, node: ast.List | ast.Tuple | ast.Set, show: bool) -> bool:
        for element in node.elts:
            self.expression(element)
        return False

    visit_Tuple = visit_Set = visit_List

    def visit_Dict(self, node: ast.Dict, show: bool) -> bool:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self.expression(key)
            self.expression(value)
        return False

    def visit_Starred(self, node: ast.Starred, show: bool) -> bool:
        self.expression(node.value)
        return False

    def visit_Slice(self, node: ast.Slice, show: bool) -> bool:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.expression(part)
        return False

    def visit_BinOp(self, node: ast.BinOp, show: bool) -> None:
        self.expression(node.left)
        self.expression(node.right)

    def visit_UnaryOp(self, node: ast.UnaryOp, show: bool) -> bool:
        self.expression(node.operand)
        return not isinstance(node.operand, ast.Constant)

    def visit_BoolOp(self, node: ast.BoolOp, show: bool) -> None:
        self.expression(node.values[0])
        for operand in node.values[1:]:
            self.guarded(operand)

    def visit_Compare(self, node: ast.Compare, show: bool) -> None:
        self.compare(node)

    def visit_IfExp(self, node: ast.IfExp, show: bool) -> None:
        self.test(node.test)
        self.guarded(node.body, show=False)
        self.guarded(node.orelse, show=False)

    def visit_Subscript(self, node: ast.Subscript, show: bool) -> None:
        self.expression(node.value)
        self.expression(node.slice)

    def visit_Attribute(self, node: ast.Attribute, show: bool) -> None:
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            base = base.value
        if not isinstance(base, ast.Name):
            self.expression(base)

    def visit_Call(self, node: ast.Call, show: bool) -> None:
        function = node.func
        if isinstance(function, ast.Attribute):
            base = function.value
            if not (isinstance(base, ast.Name) and self.hidden(base.id)):
                self.expression(base)
            if isinstance(base, ast.Name) and self.module.of_call(node) != "pure":
                self.touch(base.id)
        elif not isinstance(function, ast.Name):
            self.expression(function)
        for argument in node.args:
            self.expression(argument)
        for keyword in node.keywords:
            self.expression(keyword.value)

    def visit_NamedExpr(self, node: ast.NamedExpr, show: bool) -> bool:
        self.expression(node.value, show=False)
        key = self.capture(node)
        self.s.items.append(Worked(key, node.target.id))
        self.assigned.add(node.target.id)
        return False

    def visit_Lambda(self, node: ast.Lambda, show: bool) -> bool:
        return False

    def visit_JoinedStr(self, node: ast.JoinedStr, show: bool) -> None:
        self.free_reads(node)

    def visit_ListComp(self, node: ast.expr, show: bool) -> None:
        self.free_reads(node)

    visit_SetComp = visit_DictComp = visit_ListComp

    def visit_GeneratorExp(self, node: ast.GeneratorExp, show: bool) -> bool:
        self.free_reads(node)
        return False

    def visit_Await(self, node: ast.Await, show: bool) -> None:
        self.expression(node.value)

    def visit_Yield(self, node: ast.Yield, show: bool) -> bool:
        if node.value is not None:
            self.expression(node.value)
        return node.value is None

    def visit_YieldFrom(self, node: ast.YieldFrom, show: bool) -> bool:
        self.expression(node.value)
        return False

    def touch(self, name: str) -> None:
        if name not in self.s.touched and not self.hidden(name):
            self.s.touched.append(name)

    def free_reads(self, node: ast.expr) -> None:
        """State the variables that an expression with a scope of its own reads from outside."""
        inner = {
            n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        inner |= {n.arg for n in walk(node) if isinstance(n, ast.arg)}
        called = {
            n.func for n in walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        names = [
            n
            for n in walk(node)
            if isinstance(n, ast.Name) and n.id not in inner and n not in called
        ]
        for name in sorted(names, key=lambda n: (n.lineno, n.col_offset)):
            if self.is_early(name.id):
                self.read(name)

    # Names

    def hidden(self, name: str) -> bool:
        """Tell whether a name's value is no state: a function, a class, a module, `self`."""
        scope: Scope | None = self.s.scope
        if scope is not None and name == scope.receiver:
            return True
        while scope is not None:
            if name in scope.names:
                return name in scope.definitions
            scope = scope.outer
        return hasattr(builtins, name)

    def is_early(self, name: str) -> bool:
        scope = self.s.scope
        return self.inside and name in self.bound and name in scope.names and not self.hidden(name)

    def read(self, node: ast.Name, first: bool = False) -> None:
        """State the variable `node` as read.

        `first` says that the statement reads it before anything else: if it is unbound, taking
        its value early raises what the statement would have raised.
        """
        name = node.id
        if self.hidden(name) or name in self.assigned:
            return
        early = self.inside and (first or (name in self.bound and name in self.s.scope.names))
        if not early:
            self.capture(node, name=name)
        known = self.reads.get(name)
        if known is None:
            index = -1
            if early:
                index = self.early
                self.early += 1
            self.reads[name] = Read(name, early, self.guard, index)
            self.s.items.append(self.reads[name])
        elif self.guard is None:
            known.guard = None
        elif known.guard is not None:
            known.others.append(self.guard)
            self.needed.add(self.guard)

    def capture(self, node: ast.expr, name: str | None = None, shown: bool = True) -> int:
        known = self.captures.get(node)
        if known is not None:
            known.shown = known.shown or shown
            known.name = known.name or name
            return known.key
        key = self.s.captures
        self.s.captures += 1
        guarded = self.guard is not None
        self.captures[node] = Capture(self.s.id, key, name, shown, guarded)
        return key

    # Equations

    def operand(self, node: ast.expr) -> Operand:
        """Return where the value of an operand comes from."""
        if isinstance(node, ast.Constant) or _is_constant(node):
            return self.source(node)
        if isinstance(node, ast.Name):
            known = self.reads.get(node.id)
            if known is not None and known.early and self.stable:
                return known
        return Worked(self.capture(node), self.source(node))

    def equate(self, value: ast.expr) -> None:
        """Give an assignment of ``a op b`` its equation: the operands with values put in."""
        targets = self.s.targets
        if isinstance(value, ast.BinOp) and len(targets) == 1 and not self.s.constant:
            self.s.equation = self.substitution(value)

    def substitution(self, node: ast.expr) -> tuple[Operand, ...]:
        """Return an operation with its operands' values put in; empty if there is none."""
        if not isinstance(node, ast.BinOp):
            return ()
        left, right = self.operand(node.left), self.operand(node.right)
        if isinstance(node.op, ast.Pow):
            return (_POWER, left, f" {_OPERATORS[type(node.op)]} ", right)
        return (left, f" {_OPERATORS[type(node.op)]} ", right)

    # Effects

    def effects(self, node: ast.stmt) -> None:
        """Find out what the statement's own expressions may change besides its targets."""
        s, module = self.s, self.module
        impure = False
        own = _own_expressions(node)
        for n in own if all(n.__class__ in _LEAVES for n in own) else walk(*own):
            kind = n.__class__
            if kind not in _ACTING:
                continue
            if isinstance(n, ast.Call):
                effect = module.of_call(n)
                impure = impure or effect != "pure"
                s.calls = s.calls or effect == "rule"
                s.mutates = s.mutates or effect != "pure"
            elif isinstance(n, ast.Attribute):
                # What is only read may be a method that is called elsewhere.
                loads = n.ctx.__class__ is ast.Load and not module.dynamic
                s.mutates = s.mutates or not (loads and n.attr in PURE_METHODS)
            elif isinstance(n, ast.Subscript):
                loads = n.ctx.__class__ is ast.Load and not module.dynamic
                s.mutates = s.mutates or not loads
            elif kind is ast.NamedExpr:
                self.stable = False
            elif kind in _PAUSES:
                s.pauses = s.mutates = True
            elif module.dynamic:  # an operator
                s.mutates = True
        kind = node.__class__
        if isinstance(node, ast.AugAssign):
            s.rebinds = isinstance(node.target, ast.Name) and not s.mutates
        if kind in _CHANGING:
            s.mutates = True
        if kind in _ASYNC:
            s.pauses = True
        if module.dynamic and kind in _ASKING:
            s.calls = s.mutates = True
        in_place = s.mutates and not s.rebinds
        if in_place and (module.dynamic or s.pauses or impure):
            self.stable = False

    def watch(self, node: ast.stmt) -> None:
        """Choose the variables that are looked at after the statement for changes."""
        s = self.s
        if not self.inside or s.kind in ("def", "class", "import", "raise", "global"):
            return
        read = [
            i.name
            for i in s.items
            if type(i) is Read and i.guard is None and i.name not in s.targets and "." not in i.name
        ]
        if isinstance(node, ast.Delete):
            gone = {t.id for t in node.targets if isinstance(t, ast.Name)}
            read = [n for n in read if n not in gone]
        if s.mutates:
            receiver = s.scope.receiver
            unlisted = {receiver, *s.scope.unsteady}
            others = [
                n
                for n in s.scope.order
                if n in self.bound and n not in s.targets and n not in read and n not in unlisted
            ]
            s.watched = [*read, *others]
            if receiver is not None and receiver in self.bound and receiver not in s.targets:
                s.watched.append(receiver)

    def source(self, node: ast.expr) -> str:
        return self.text.expression(node)


_PAUSES = {ast.Await, ast.Yield, ast.YieldFrom}
_ASYNC = {ast.AsyncFor, ast.AsyncWith}
_CHANGING = {ast.AugAssign, ast.With, *_ASYNC}
_ASKING = {ast.For, ast.Match, ast.With}  # they call methods of objects
_ROW = (ast.Tuple, ast.List)
_TRIVIAL = (ast.Name, ast.Constant)
_LEAVES = {ast.Name, ast.Constant}
_ACTING = {
    ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Subscript, ast.Attribute,
    ast.BinOp, ast.Compare, ast.UnaryOp,
}  # fmt: skip
_POWER = "\0"  # marks that a negative left operand wants parentheses
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^",
    ast.BitAnd: "&", ast.MatMult: "@",
}  # fmt: skip
_RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


def _is_constant(node: ast.expr) -> bool:
    """Tell whether an expression is a literal that states its own value."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, _ROW):
        return all(map(_is_constant, node.elts))
    if isinstance(node, ast.Set):
        return False
    if isinstance(node, ast.Dict):
        return all(k is not None and _is_constant(k) for k in node.keys) and all(
            map(_is_constant, node.values)
        )
    return False


def _names(node: ast.expr, name: ast.Name) -> bool:
    """Tell whether an expression names a variable."""
    return any(isinstance(n, ast.Name) and n.id == name.id for n in walk(node))


def _is_super(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"
    )


def _names_in(node: ast.expr) -> list[str]:
    """Return the names that a target binds, in order."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Starred):
        return _names_in(node.value)
    if isinstance(node, _ROW):
        return [n for e in node.elts for n in _names_in(e)]
    return []


def _own_expressions(node: ast.stmt) -> list[ast.AST]:
    """Return the expressions of a statement itself, not those of the blocks inside it."""
    fields = _HEADS.get(type(node))
    if fields is not None:
        return [getattr(node, f) for f in fields]
    if type(node) in _WITH:
        parts = [e for item in node.items for e in (item.context_expr, item.optional_vars)]  # type: ignore[attr-defined]
        return [e for e in parts if e is not None]
    return children(node)


_WITH = {ast.With, ast.AsyncWith}


_HEADS: dict[type[ast.stmt], tuple[str, ...]] = {  # of statements that have blocks inside them
    ast.If: ("test",),
    ast.While: ("test",),
    ast.For: ("target", "iter"),
    ast.AsyncFor: ("target", "iter"),
    ast.Match: ("subject",),
    ast.Try: (),
    ast.TryStar: (),
    ast.FunctionDef: (),
    ast.AsyncFunctionDef: (),
    ast.ClassDef: (),
}


class _Handlers(dict[type, str]):
    """The names of the methods that plan a kind of node, made when first asked for."""

    def __missing__(self, kind: type) -> str:
        prefix = "plan_" if issubclass(kind, ast.stmt) else "visit_"
        name = self[kind] = prefix + kind.__name__
        return name


_HANDLERS = _Handlers()
