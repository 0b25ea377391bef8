"""What one statement reads, works out and changes: its head, its targets, its equation."""

import ast

from .names import (
    FunctionNode,
    binds,
    free_names,
    pattern_names,
    targets_in,
    targets_of,
    worked_out,
)
from .reads import Reads, is_constant, operation
from .signatures import METHODS
from .source import walk
from .statements import Key, Operand, Place, Read, Worked


class Items(Reads):
    """Finds what one statement reads, works out and changes, in the order of evaluation."""

    def plan_items(self) -> None:
        node = self.s.node
        plan = getattr(self, f"plan_{node.__class__.__name__}", None)
        if plan is None:
            self.s.targets += binds(node)
        else:
            plan(node)
        if self.late:  # values before come before anything that may change them
            self.s.items.sort(key=lambda item: type(item) is not Read)
            self.s.details.sort(key=lambda item: type(item) is not Read)
        self.inner.end()

    # Statements

    def plan_Assign(self, node: ast.Assign | ast.AnnAssign) -> None:
        if node.value is None:
            return
        self.value(node.value)
        targets = targets_of(node)
        for target in targets:
            self.target(target)
        names = all(isinstance(t, ast.Name) for t in targets)
        self.s.literal = is_constant(node.value)
        self.s.constant = names and self.s.literal
        if self.s.constant or not isinstance(node.value, ast.BinOp) or len(targets) != 1:
            return
        if names or self.place_of(targets[0], reads=False):
            self.risk(node.value.right)
            self.s.equation = self.substitution(node.value)

    plan_AnnAssign = plan_Assign

    def plan_AugAssign(self, node: ast.AugAssign) -> None:
        self.expression(node.value)
        target = node.target
        self.risk(node.value)
        number = isinstance(node.value, ast.Constant) and isinstance(node.value.value, int | float)
        self.s.shaky = not number  # a list takes in items of anything, which it is not added to
        left: Operand | None
        if isinstance(target, ast.Name):
            self.visit_Name(target)
            self.s.targets.append(target.id)
            left = self.reads.get(target.id)
            if not self.stable and any(
                isinstance(n, ast.Name) and n.id == target.id for n in walk(node.value)
            ):
                left = None
        else:
            self.target(target)
            place = self.place_of(target, reads=True)
            left = Worked(place.old, self.source(target)) if place is not None else None
            if place is not None and place.path and place.path.count(".") == 1:
                known = self.read_path(place.path)
                left = known if place.name else left
        if left is not None:
            self.s.equation = operation(left, node.op, self.operand(node.value))

    def plan_Expr(self, node: ast.Expr) -> None:
        self.value(node.value)
        if not _gives_nothing(node.value):
            self.detail(node.value)

    def plan_Return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.expression(node.value)

    def plan_If(self, node: ast.If | ast.While) -> None:
        self.test(node.test)

    plan_While = plan_If

    def plan_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.expression(node.iter, show=not isinstance(node.iter, ast.Call))
        if isinstance(node.iter, ast.Call):
            function = node.iter.func
            ranges = isinstance(function, ast.Name) and function.id == "range"
            self.s.ranges = ranges and isinstance(node, ast.For)
            self.detail(node.iter)
        self.s.targets += targets_in(node.target)

    plan_AsyncFor = plan_For

    def plan_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.expression(item.context_expr, show=False)
            if item.optional_vars is not None:
                self.s.targets += targets_in(item.optional_vars)

    plan_AsyncWith = plan_With

    def plan_Match(self, node: ast.Match) -> None:
        self.expression(node.subject)
        for case in node.cases:
            if case.guard is not None:
                found = free_names(case.guard, frozenset(pattern_names(case.pattern)))
                names = dict.fromkeys(n.id for n in found if isinstance(n, ast.Name))
                read = [name for name in names if not self.hidden(name)]
                self.s.guards[self.plan.source.case(case)] = read

    def plan_Assert(self, node: ast.Assert) -> None:
        # A comparison stays as it is: on 3.11 its place is the line of a failing assertion.
        self.test(node.test, relation=False)
        if node.msg is not None:
            self.guarded(node.msg)

    def plan_Raise(self, node: ast.Raise) -> None:
        for part in (node.exc, node.cause):
            if part is not None:
                self.expression(part, show=False)

    def plan_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self.target(target)

    def plan_FunctionDef(self, node: FunctionNode | ast.ClassDef) -> None:
        for part in worked_out(node):
            self.free_reads(part)

    plan_AsyncFunctionDef = plan_ClassDef = plan_FunctionDef

    # Targets

    def target(self, node: ast.expr) -> None:
        """Plan a place that is assigned to or deleted."""
        if isinstance(node, ast.Name):
            self.s.targets += [name for name in binds(node) if name not in self.s.targets]
        elif isinstance(node, ast.Tuple | ast.List):
            for element in node.elts:
                self.target(element)
        elif isinstance(node, ast.Starred):
            self.target(node.value)
        elif isinstance(node, ast.Attribute):
            self.s.attributes.append(self.source(node))
            self.holder(node.value)
        elif isinstance(node, ast.Subscript):
            self.holder(node.value)
            self.expression(node.slice)

    def holder(self, node: ast.expr) -> None:
        """Plan the object whose part is assigned to."""
        if isinstance(node, ast.Name):
            self.visit_Name(node)
            self.touch(node.id)
        elif not isinstance(node, ast.Attribute | ast.Subscript):
            self.expression(node)
        elif isinstance(node.value, ast.Name) and self.hidden(node.value.id):
            self.expression(node)  # no variable whose state shows it
        else:
            self.holder(node.value)
            if isinstance(node, ast.Subscript):
                self.expression(node.slice)

    def place_of(self, node: ast.expr, reads: bool) -> Place | None:
        """Note the item or attribute that a statement assigns, if it can be looked at again.

        `reads` says that the statement reads it first, with the value of its last key.
        """
        s = self.s
        chain: list[ast.Attribute | ast.Subscript] = []
        while isinstance(node, ast.Attribute | ast.Subscript):
            chain.insert(0, node)
            node = node.value
        slices = [n.slice for n in chain if isinstance(n, ast.Subscript)]
        if s.scope.kind != "function" or not isinstance(node, ast.Name):
            return None
        if not all(map(self.is_key, slices)):
            return None
        if reads and slices and not isinstance(chain[-1], ast.Subscript):
            return None  # an attribute of an item: no key tells when it is read
        root = node.id
        parts: list[str | None] = []
        keys: list[Key | object] = []
        text: list[Operand] = [root]
        for part in chain:
            if isinstance(part, ast.Attribute):
                parts.append(part.attr)
                text.append(f".{part.attr}")
                continue
            at, last = part.slice, reads and part is chain[-1]
            parts.append(None)
            text += ["[", self.operand(at), "]"]
            if last or not isinstance(at, ast.Constant):
                self.plan.keys[at] = Key(s.id, len(keys), root if last else "")
                keys.append(self.plan.keys[at])
            else:
                keys.append(at.value)
        s.place = Place(root, parts, keys, tuple(text), s.captures, s.captures + 1)
        s.captures += 2
        if not slices:
            s.place.path = ".".join((root, *(part for part in parts if part)))
            own = root == s.scope.receiver or root in self.effects.defined
            if own and len(chain) == 1 and self.hidden(root):
                s.place.name = s.place.path
        return s.place

    def is_key(self, node: ast.expr) -> bool:
        """Tell whether an expression is a key that leaves all variables as they are."""
        return not isinstance(node, ast.Slice) and self.effects.harmless(node, deep=True)

    def risk(self, right: ast.expr) -> None:
        """Note what the right operand of an equation may do to the left one."""
        self.s.shaky = not isinstance(right, ast.Name | ast.Constant)
        self.s.calm = self.effects.harmless(right, deep=True)


def _gives_nothing(node: ast.expr) -> bool:
    """Tell whether an expression is a call of what by its name returns None."""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        known = METHODS.get(node.func.attr)
        return known is not None and known.changes and not known.hands_on
    return isinstance(node.func, ast.Name) and node.func.id == "print"
