"""What one statement reads, works out and changes, in the order in which Python evaluates it."""

import ast
import builtins
from collections.abc import Iterator

from .effects import Effects, is_pure
from .signatures import METHODS
from .source import SourceText, children, walk
from .statements import (
    Capture,
    Key,
    Operand,
    Place,
    Read,
    Relation,
    Scope,
    Statement,
    Worked,
    pattern_names,
)


class Items:
    """Finds what one statement reads, works out and changes, in the order of evaluation."""

    def __init__(
        self,
        s: Statement,
        bound: set[str],
        source: SourceText,
        effects: Effects,
        captures: dict[ast.expr, Capture],
        keys: dict[ast.expr, Key],
        last: int,
    ) -> None:
        self.s = s
        self.bound = bound  # names that are surely bound before the statement
        self.text = source
        self.module = effects
        self.captures = captures  # of the whole module; this statement's are added
        self.keys = keys  # likewise
        self.last = last  # the last line of what may have run before, in the scope
        self.guard: int | None = None
        self.reads: dict[str, Read] = {}
        self.stable = True  # no evaluation in the statement can change a variable that it reads
        self.acted = False  # whether something that may do so stands among the items
        self.late = False  # whether a variable is read after that
        self.needed: set[int] = set()  # guards of reads that were stated before
        self.assigned: set[str] = set()  # variables assigned within the statement's expressions

    def plan(self) -> None:
        node = self.s.node
        self.effects(node)
        handler = getattr(self, _HANDLERS[type(node)], None)
        if handler is not None:
            handler(node)
        if self.late:  # values before come before anything that may change them
            self.s.items.sort(key=lambda item: type(item) is not Read)
        self.watch(node)

    # Statements

    def plan_Assign(self, node: ast.Assign) -> None:
        self.value(node.value)
        for target in node.targets:
            self.target(target)
        names = all(isinstance(t, ast.Name) for t in node.targets)
        self.s.constant = names and _is_constant(node.value)
        self.equate(node.value, node.targets)

    def plan_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is None:
            self.s.kind = "annotation"
            return
        self.value(node.value)
        self.target(node.target)
        self.s.constant = isinstance(node.target, ast.Name) and _is_constant(node.value)
        self.equate(node.value, [node.target])

    def plan_AugAssign(self, node: ast.AugAssign) -> None:
        self.expression(node.value)
        target, operator = node.target, _OPERATORS[type(node.op)]
        self.risk(node.value)
        number = isinstance(node.value, ast.Constant) and isinstance(node.value.value, int | float)
        self.s.shaky = not number  # a list takes in items of anything, which it is not added to
        if isinstance(target, ast.Name):
            self.read(target)
            self.s.targets.append(target.id)
            left = self.reads.get(target.id)
            if left is not None and (self.stable or not _names(node.value, target)):
                self.s.equation = self.operation(left, operator, self.operand(node.value))
            return
        self.target(target)
        if isinstance(place := self.place_of(target, reads=True), Place):
            old: Operand = Worked(place.old, self.source(target))
            if len(place.parts) == 1 and place.path:
                known = self.read_path(place.path)
                old = known if place.name else old
            self.s.equation = self.operation(old, operator, self.operand(node.value))

    def place_of(self, node: ast.expr, reads: bool) -> Place | None:
        """Note the item or attribute that a statement assigns, if it can be looked at again.

        `reads` says that the statement reads it first, with the value of its last key.
        """
        if self.s.scope.kind != "function":
            return None
        chain: list[ast.Attribute | ast.Subscript] = []
        root = node
        while isinstance(root, ast.Attribute | ast.Subscript):
            chain.insert(0, root)
            root = root.value
        slices = [n.slice for n in chain if isinstance(n, ast.Subscript)]
        if not isinstance(root, ast.Name) or not all(map(self.is_key, slices)):
            return None
        if reads and slices and not isinstance(chain[-1], ast.Subscript):
            return None  # an attribute of an item: no key tells when it is read
        parts: list[str | None] = []
        keys: list[Key | object] = []
        text: list[Operand] = [root.id]
        for part in chain:
            if isinstance(part, ast.Attribute):
                parts.append(part.attr)
                text.append(f".{part.attr}")
                continue
            parts.append(None)
            text += ["[", self.operand(part.slice), "]"]
        for number, at in enumerate(slices):
            last = reads and number == len(slices) - 1
            if last or not isinstance(at, ast.Constant):
                self.keys[at] = Key(self.s.id, number, root.id if last else "")
                keys.append(self.keys[at])
            else:
                keys.append(at.value)
        old, new = self.s.captures, self.s.captures + 1
        self.s.captures += 2
        place = self.s.place = Place(root.id, parts, keys, tuple(text), old, new)
        if not slices:
            place.path = ".".join((root.id, *(part for part in parts if part)))
            own = root.id == self.s.scope.receiver or root.id in self.module.defined
            place.name = place.path if own and len(chain) == 1 and self.hidden(root.id) else ""
        return place

    def is_key(self, node: ast.expr) -> bool:
        """Tell whether an expression is a key that leaves all variables as they are."""
        return not isinstance(node, ast.Slice) and self.module.harmless(node, deep=True)

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
        for case in node.cases:
            if case.guard is not None:
                own = frozenset(pattern_names(case.pattern))
                found = (n for n in _free_names(case.guard, own) if isinstance(n, ast.Name))
                names = dict.fromkeys(n.id for n in found if not self.hidden(n.id))
                self.s.guards[self.text.case(case)] = list(names)

    def plan_Assert(self, node: ast.Assert) -> None:
        # A comparison stays as it is: on 3.11 its place is the line of a failing assertion.
        self.test(node.test, relation=False)
        if node.msg is not None:
            self.guarded(node.msg)

    def plan_Raise(self, node: ast.Raise) -> None:
        if node.exc is not None:
            self.expression(node.exc, show=False)

    def plan_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self.target(target)

    def plan_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.s.targets += [(a.asname or a.name).split(".")[0] for a in node.names if a.name != "*"]

    plan_ImportFrom = plan_Import

    def plan_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for part in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            if part is not None:
                self.free_reads(part)

    plan_AsyncFunctionDef = plan_FunctionDef

    def plan_ClassDef(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases, *(k.value for k in node.keywords)):
            self.free_reads(part)

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
            if isinstance(node.value, ast.Name) and self.hidden(node.value.id):
                self.expression(node)  # no variable whose state shows it
                return
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
            named = isinstance(node.left, ast.NamedExpr)
            self.s.items.append(
                Relation(
                    node.left.target.id if named else self.source(node.left),  # type: ignore[attr-defined]
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
            if isinstance(node, ast.Call):
                self.acted = self.acted or self.module.of_call(node) != "pure"
            elif node.__class__ is ast.NamedExpr or node.__class__ in _PAUSES:
                self.acted = True

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
        if not isinstance(base, ast.Name) or node.attr in METHODS:
            self.expression(base)  # of a method, the object is what is read

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
        for argument in (*node.args, *(k.value for k in node.keywords)):
            if isinstance(argument, ast.Lambda):
                self.free_reads(argument)  # what is called reads what it needs
            else:
                self.expression(argument)

    def visit_NamedExpr(self, node: ast.NamedExpr, show: bool) -> bool:
        self.expression(node.value, show=False)
        key = self.capture(node)
        self.s.items.append(Worked(key, node.target.id))
        self.s.bound_inside.append((node.target.id, key))
        self.assigned.add(node.target.id)
        return False

    def visit_Lambda(self, node: ast.Lambda, show: bool) -> bool:
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.expression(default)
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
        found = sorted(_free_names(node, frozenset()), key=lambda n: (n.lineno, n.col_offset))
        for part in found:
            if isinstance(part, ast.Name):
                self.read(part)
            elif isinstance(part.value, ast.Name) and self.hidden(part.value.id):
                self.read_path(f"{part.value.id}.{part.attr}")
        for n in walk(node):
            if isinstance(n, ast.NamedExpr) and not isinstance(node, ast.Lambda):
                self.s.bound_inside.append((n.target.id, None))

    # Names

    def hidden(self, name: str) -> bool:
        """Tell whether a name's value is no state: a function, a class, a module, `self`."""
        return name == self.s.scope.receiver or is_hidden(name, self.s.scope)

    def read(self, node: ast.Name) -> None:
        """State the variable `node` as read."""
        name = node.id
        if self.hidden(name) or name in self.assigned:
            return
        known = self.reads.get(name)
        if known is None:
            self.reads[name] = Read(name, self.guard)
            self.s.items.append(self.reads[name])
            self.late = self.late or self.acted
        elif self.guard is None:
            known.guard = None
        elif known.guard is not None:
            known.others.append(self.guard)
            self.needed.add(self.guard)

    def read_path(self, path: str) -> Read:
        """State an attribute that no variable's state shows, if there is one."""
        if path not in self.reads:
            self.reads[path] = Read(path, self.guard)
            self.s.items.append(self.reads[path])
        return self.reads[path]

    def capture(self, node: ast.expr, shown: bool = True) -> int:
        known = self.captures.get(node)
        if known is not None:
            known.shown = known.shown or shown
            return known.key
        key = self.s.captures
        self.s.captures += 1
        self.captures[node] = Capture(self.s.id, key, shown, self.guard is not None)
        return key

    # Equations

    def operand(self, node: ast.expr) -> Operand:
        """Return where the value of an operand comes from."""
        if isinstance(node, ast.Constant) or _is_constant(node):
            return self.source(node)
        if isinstance(node, ast.Name) and self.stable:
            known = self.reads.get(node.id)
            if known is not None:
                return known
        return Worked(self.capture(node), self.source(node))

    def equate(self, value: ast.expr, targets: list[ast.expr]) -> None:
        """Give an assignment of ``a op b`` its equation: the operands with values put in."""
        if not isinstance(value, ast.BinOp) or len(targets) != 1 or self.s.constant:
            return
        if isinstance(targets[0], ast.Name) or self.place_of(targets[0], reads=False):
            self.risk(value.right)
            self.s.equation = self.substitution(value)

    def risk(self, right: ast.expr) -> None:
        """Note what the right operand of an equation may do to the left one."""
        self.s.shaky = right.__class__ not in _LEAVES
        self.s.calm = self.module.harmless(right, deep=True)

    def substitution(self, node: ast.expr) -> tuple[Operand, ...]:
        """Return an operation with its operands' values put in; empty if there is none."""
        if not isinstance(node, ast.BinOp):
            return ()
        left, right = self.operand(node.left), self.operand(node.right)
        return self.operation(left, _OPERATORS[type(node.op)], right)

    def operation(self, left: Operand, operator: str, right: Operand) -> tuple[Operand, ...]:
        parts: tuple[Operand, ...] = (left, f" {operator} ", right)
        return (_POWER, *parts) if operator == "**" else parts

    # Effects

    def effects(self, node: ast.stmt) -> None:
        """Find out what the statement's own expressions may do besides binding its targets."""
        s, module = self.s, self.module
        impure = False
        own = _own_expressions(node)
        plain = all(n.__class__ in _LEAVES for n in own)
        for n in own if plain else walk(*own):
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
                s.mutates = s.mutates or not (loads and is_pure(n.attr))
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
        if kind in _CHANGING and not (kind is ast.AugAssign and isinstance(node.target, ast.Name)):  # type: ignore[attr-defined]
            s.mutates = True
        if kind in _ASYNC:
            s.pauses = True
        if module.dynamic and kind in _ASKING:
            s.calls = s.mutates = True
        if isinstance(node, _DEFINITIONS):
            s.looks = isinstance(node, ast.ClassDef) or bool(_parts_of(node))
            return
        s.looks = not plain or kind in _CHANGING | _ASKING or (module.dynamic and kind in _DECIDING)
        read = [n for n in own if not (isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))]
        s.harmless = kind in _HARMLESS and all(map(module.harmless, read))
        if isinstance(node, ast.For):
            whole = isinstance(node.target, ast.Name) or _gives_tuples(node.iter)
            s.harmless = s.harmless and module.fixed(node.iter) and whole
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = _targets(node)
            whole = all(map(_only_names, targets)) and (
                node.value is None or module.fixed(node.value)
            )
            s.harmless = s.harmless and (whole or all(isinstance(t, ast.Name) for t in targets))
        s.scalars = module.dynamic or kind is ast.AugAssign
        self.stable = (
            self.stable
            and not (s.mutates and (module.dynamic or s.pauses or impure))
            and all(module.harmless(n, deep=True) for n in read)
        )

    def watch(self, node: ast.stmt) -> None:
        """Choose the variables that are looked at before and after the statement."""
        s, scope = self.s, self.s.scope
        if s.kind == "global":
            return
        read = [i.name for i in s.items if type(i) is Read]
        names = [*read, *(name for names in s.guards.values() for name in names)]
        if scope.kind == "function" and s.looks and s.kind not in ("import", "raise"):
            receiver = scope.receiver
            first = [n for n in read if n not in s.targets and "." not in n and n != receiver]
            maybe = [n for n in scope.order if self.may_be_bound(n) and n not in s.targets]
            others = [n for n in maybe if n != receiver]
            found = dict.fromkeys([*first, *others, *scope.outer_names, *scope.globals])
            found.update(dict.fromkeys(scope.paths))
            if receiver is not None and receiver not in s.targets:
                found[receiver] = None
            s.watched = [n for n in found if n not in s.targets]
            names += s.watched
        roots = dict.fromkeys(n.partition(".")[0] for n in names)
        inside = scope.kind == "function"
        s.passed = [n for n in roots if inside and n in self.bound and n in scope.names]
        for name in roots:
            if self.is_outside(name):
                s.outside.append(name)
            elif inside and name not in s.passed:  # to ask a class body for its names adds to them
                s.loose.append(name)

    def may_be_bound(self, name: str) -> bool:
        """Tell whether a variable of the scope can have a value by the end of the statement."""
        scope = self.s.scope
        return name in self.bound or scope.shared or scope.first_lines.get(name, 0) <= self.last

    def is_outside(self, name: str) -> bool:
        """Tell whether a name is looked up in the module."""
        scope: Scope | None = self.s.scope
        if scope is not None and scope.kind == "class":
            if name in scope.names:
                return False
            scope = scope.outer
        while scope is not None and scope.kind == "function":
            if name in scope.names:
                return False
            scope = scope.outer
        return True

    def source(self, node: ast.expr) -> str:
        return self.text.expression(node)


_PAUSES = {ast.Await, ast.Yield, ast.YieldFrom}
_ASYNC = {ast.AsyncFor, ast.AsyncWith}
_CHANGING = {ast.AugAssign, ast.With, *_ASYNC}
_ASKING = {ast.For, ast.Match, ast.With}  # they call methods of objects
_DECIDING = {ast.If, ast.While, ast.Assert, ast.Delete}
_HARMLESS = {
    ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return, ast.If, ast.While, ast.For,
    ast.Assert,
}  # fmt: skip
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
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


def is_hidden(name: str, scope: Scope | None) -> bool:
    """Tell whether a name that a scope sees is no state: a function, a class, a module."""
    while scope is not None:
        if name in scope.names:
            return name in scope.definitions
        scope = scope.outer
    return hasattr(builtins, name)


def _names(node: ast.expr, name: ast.Name) -> bool:
    """Tell whether an expression names a variable."""
    return any(isinstance(n, ast.Name) and n.id == name.id for n in walk(node))


def _parts_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    """Return what a definition of a function works out, besides names and constants."""
    parts = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
    return [part for part in parts if part.__class__ not in _LEAVES]


def _targets(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _only_names(node: ast.expr) -> bool:
    """Tell whether a target binds variables and changes nothing else."""
    return isinstance(node, ast.Name) or (
        isinstance(node, _ROW) and all(map(_only_names, node.elts))
    )


def _gives_tuples(node: ast.expr) -> bool:
    """Tell whether the items of what is looped over are surely tuples."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return name in ("enumerate", "zip", "items")


def _free_names(node: ast.AST, own: frozenset[str]) -> "Iterator[ast.Name | ast.Attribute]":
    """Yield the names that an expression reads, but for `own`, those of scopes within it.

    Attributes of such names are among them.
    """
    of_name = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    if of_name and node.value.id not in own:  # type: ignore[attr-defined]
        yield node  # type: ignore[misc]
    if isinstance(node, ast.Name):
        if node.id not in own and isinstance(node.ctx, ast.Load):
            yield node
        return
    if isinstance(node, ast.Lambda):
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            yield from _free_names(default, own)
        own |= {n.arg for n in walk(node.args) if isinstance(n, ast.arg)}
        yield from _free_names(node.body, own)
        return
    below: list[ast.AST]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        below = [*node.args, *(k.value for k in node.keywords)]  # a function is no state
    else:
        below = children(node)
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        yield from _free_names(node.generators[0].iter, own)  # evaluated outside
        own |= {n for g in node.generators for n in _names_in(g.target)}
        below = [n for n in below if not isinstance(n, ast.comprehension)]
        for number, generator in enumerate(node.generators):
            below += [*generator.ifs, *([generator.iter] if number else [])]
    for child in below:
        yield from _free_names(child, own)


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
