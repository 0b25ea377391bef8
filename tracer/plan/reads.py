"""What the expressions of one statement read and work out, in the order of evaluation."""

import ast
from collections.abc import Callable
from typing import Any

from .inner import INNER, Inner, runs_at_once
from .names import defaults, free_names, given_to
from .signatures import METHODS
from .source import children, walk
from .statements import Capture, Item, Module, Operand, Read, Relation, Statement, Worked
from .watching import PAUSES, judge


class Reads:
    """Walks the expressions of one statement and adds the items that are stated before it."""

    def __init__(self, s: Statement, plan: Module) -> None:
        self.s = s
        self.plan = plan  # of the whole module; captures and keys are added
        self.effects = plan.effects
        self.guard: int | None = None
        self.reads: dict[str, Read] = {}
        # Whether no evaluation in the statement can change a variable that it reads.
        self.stable = judge(s, plan.effects)
        self.acted = False  # whether something that may do so stands among the items
        self.late = False  # whether a variable is read after that
        self.paths: set[str] = set()  # attributes that were stated whatever happens
        self.needed: set[int] = set()  # guards of reads that were stated before
        self.assigned: set[str] = set()  # variables assigned within the statement's expressions
        self.inner = Inner(s, plan)
        self.at_once = False  # whether what is planned runs before the call around it is over
        self.in_text = False  # whether it is a part of an f-string

    # Expressions

    def expression(self, node: ast.expr, show: bool = True) -> None:
        """Plan an expression; `show` states its own value too, unless it is trivial."""
        kind = node.__class__
        if kind is ast.Call and _is_super(node):  # type: ignore[arg-type]
            return  # a hook around it would change how it is called
        visit = _VISITS.get(kind)
        if visit is not None:
            visit(self, node)
        else:
            for part in children(node):
                self.expression(part)  # type: ignore[arg-type]
        if show and _has_news(node) and not self.is_known(node):
            self.note(Worked(self.capture(node), self.source(node)))
        if isinstance(node, ast.Call):
            self.acted = self.acted or self.effects.of_call(node) != "pure"
        elif kind is ast.NamedExpr or kind in PAUSES:
            self.acted = True

    def is_known(self, node: ast.expr) -> bool:
        """Tell whether an attribute needs no line: it was stated, or is its own value's text."""
        if not isinstance(node, ast.Attribute):
            return False
        path = ast.unparse(node)
        known = path in self.effects.members or (path in self.paths and not self.acted)
        if self.guard is None and not self.acted and node.attr not in self.effects.methods:
            self.paths.add(path)
        return known

    def note(self, item: Item) -> None:
        """State an item."""
        if not self.in_text:  # all styles but those in detail take a text as a whole
            self.s.items.append(item)
        if self.plan.detailed:
            if type(item) is Worked:
                self.inner.close(item.key)
            self.s.details.append(item)

    def detail(self, node: ast.expr) -> None:
        """State the value of an expression in detail alone."""
        if self.plan.detailed and _has_news(node):
            self.inner.close(key := self.capture(node))
            self.s.details.append(Worked(key, self.source(node)))

    def value(self, node: ast.expr) -> None:
        """Plan an expression whose own value is stated elsewhere, as what a name becomes."""
        self.expression(node, show=isinstance(node, ast.Attribute))

    def test(self, node: ast.expr, relation: bool = True, part: bool = False) -> None:
        """Plan a condition: its truth is the outcome, so only what it compares is stated.

        Of one that is a `part` of another, its truth is a detail.
        """
        if isinstance(node, ast.BoolOp):
            self.test(node.values[0], relation, part=True)
            for operand in node.values[1:]:
                self.guarded(operand, test=True)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self.test(node.operand, relation, part=True)
            if part and relation:
                self.detail(node)
        elif isinstance(node, ast.Compare):
            self.visit_Compare(node)
            if relation and len(node.ops) == 1:
                self.relation(node)
            if part and relation:
                self.detail(node)
        else:
            self.expression(node)

    def relation(self, node: ast.Compare) -> None:
        """State a comparison whose truth decides how it is stated."""
        left = node.left
        if isinstance(left, ast.Name | ast.Constant):
            return
        key = self.capture(node)
        name = left.target.id if isinstance(left, ast.NamedExpr) else self.source(left)
        operands = self.operand(left), self.operand(node.comparators[0])
        operator = _RELATIONS[type(node.ops[0])]
        put_in = self.substitution(left)
        self.note(Relation(name, operands[0], operator, operands[1], key, put_in))

    def guarded(self, node: ast.expr, test: bool = False, show: bool = True) -> None:
        """Plan an expression that is evaluated only under a condition."""
        outer, seen = self.guard, len(self.s.items) + len(self.s.details)
        key = self.guard = self.capture(node, shown=False)
        capture = self.plan.captures[node]
        capture.guarded = True
        if test:
            self.test(node, part=True)
        else:
            self.expression(node, show=show)
            if not show:
                self.detail(node)
                self.s.branches.add(key)
        self.guard = outer
        now = len(self.s.items) + len(self.s.details)
        if now == seen and key not in self.needed and not capture.shown:
            del self.plan.captures[node]

    def visit_Name(self, node: ast.Name, called: bool = False) -> None:
        """State a variable as read, or as `called`."""
        name = node.id
        if self.hidden(name) or name in self.assigned:
            return
        known = self.reads.get(name)
        if known is not None:
            known.called = known.called and called
        if known is None:
            self.add(name).called = called
            self.late = self.late or self.acted
        elif self.guard is None:
            known.guard = None
        elif known.guard is not None:
            known.others.append(self.guard)
            self.needed.add(self.guard)

    def visit_Dict(self, node: ast.Dict) -> None:
        for pair in zip(node.keys, node.values, strict=True):
            for part in filter(None, pair):
                self.expression(part)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.expression(node.values[0])
        for operand in node.values[1:]:
            self.guarded(operand)

    def visit_Compare(self, node: ast.Compare) -> None:
        self.expression(node.left)
        self.expression(node.comparators[0])
        for comparator in node.comparators[1:]:
            self.guarded(comparator)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.test(node.test, part=True)
        self.guarded(node.body, show=False)
        self.guarded(node.orelse, show=False)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            base = base.value
        if not isinstance(base, ast.Name) or node.attr in METHODS:
            self.expression(base)  # of a method, the object is what is read

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        if isinstance(function, ast.Attribute):
            base = function.value
            if not (isinstance(base, ast.Name) and self.hidden(base.id)):
                self.expression(base)
            if isinstance(base, ast.Name) and self.effects.of_call(node) != "pure":
                self.touch(base.id)
        elif isinstance(function, ast.Name):
            self.visit_Name(function, called=True)
        else:
            self.expression(function)
        outer, self.at_once = self.at_once, runs_at_once(node, self.effects, self.at_once)
        for argument in given_to(node):
            if isinstance(argument, ast.Lambda):
                self.free_reads(argument)  # what is called reads what it needs
            else:
                self.expression(argument)
        self.at_once = outer

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.expression(node.value, show=False)
        key = self.capture(node)
        self.note(Worked(key, node.target.id))
        if not self.in_text:
            self.s.bound_inside.append((node.target.id, key))
        self.assigned.add(node.target.id)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for default in defaults(node.args):
            self.expression(default)
        self.inner.plan(node, self.at_once, self.source)

    def free_reads(self, node: ast.expr) -> None:
        """State the variables that an expression with a scope of its own reads from outside."""
        for part in sorted(free_names(node), key=lambda n: (n.lineno, n.col_offset)):
            if isinstance(part, ast.Name):
                self.visit_Name(part)
            elif isinstance(part.value, ast.Name) and self.hidden(part.value.id):
                self.read_path(f"{part.value.id}.{part.attr}")
        for n in walk(node):
            if isinstance(n, ast.NamedExpr) and not isinstance(node, ast.Lambda):
                self.s.bound_inside.append((n.target.id, None))
        if isinstance(node, INNER):
            self.inner.plan(node, self.at_once, self.source)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = free_reads
    visit_TemplateStr = free_reads  # from 3.14 on; its parts are no expressions of their own

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """State what a text reads; in detail also what its parts are."""
        if not self.in_text:
            self.free_reads(node)
        if self.plan.detailed:
            outer, self.in_text = self.in_text, True
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    self.text_part(part)
            self.in_text = outer

    def text_part(self, node: ast.FormattedValue) -> None:
        """State the value that is put into a text, and what it becomes if it is formatted."""
        self.expression(node.value)
        if isinstance(node.format_spec, ast.JoinedStr):
            self.visit_JoinedStr(node.format_spec)
        if node.format_spec is not None or node.conversion != -1:
            self.note(Worked(self.capture(node), ast.unparse(ast.JoinedStr([node]))))

    # Names and captures

    def hidden(self, name: str) -> bool:
        """Tell whether a name's value is no state: a function, a class, a module, `self`."""
        return name == self.s.scope.receiver or self.s.scope.hides(name)

    def touch(self, name: str) -> None:
        """Note that a variable is changed in place."""
        if name not in self.s.touched and not self.hidden(name):
            self.s.touched.append(name)

    def read_path(self, path: str) -> Read:
        """State an attribute that no variable's state shows, if there is one."""
        return self.reads.get(path) or self.add(path)

    def add(self, name: str) -> Read:
        read = self.reads[name] = Read(name, self.guard)
        self.note(read)
        return read

    def capture(self, node: ast.expr, shown: bool = True) -> int:
        """Return the key of the capture of an expression, made when first asked for."""
        known = self.plan.captures.get(node)
        if known is None:
            key = self.s.captures
            self.s.captures += 1
            known = Capture(self.s.id, key, shown, self.guard is not None)
            self.plan.captures[node] = known
            self.s.texts = self.s.texts or self.in_text
        known.shown = known.shown or shown
        return known.key

    def source(self, node: ast.expr) -> str:
        # Where a part of an f-string stands is not known before Python 3.12.
        return ast.unparse(node) if self.in_text else self.plan.source.expression(node)

    # Operations with their values put in

    def operand(self, node: ast.expr) -> Operand:
        """Return where the value of an operand comes from."""
        if is_constant(node):
            return self.source(node)
        if isinstance(node, ast.Name) and self.stable:
            known = self.reads.get(node.id)
            if known is not None:
                return known
        return Worked(self.capture(node), self.source(node))

    def substitution(self, node: ast.expr) -> tuple[Operand, ...]:
        """Return an operation with its operands' values put in; empty if there is none."""
        if not isinstance(node, ast.BinOp):
            return ()
        left, right = self.operand(node.left), self.operand(node.right)
        return operation(left, node.op, right)


def operation(left: Operand, operator: ast.operator, right: Operand) -> tuple[Operand, ...]:
    """Return the text of an operation, with where its operands come from."""
    parts: tuple[Operand, ...] = (left, f" {_OPERATORS[type(operator)]} ", right)
    return (_POWER, *parts) if isinstance(operator, ast.Pow) else parts


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
_VISITS: dict[type[ast.expr], Callable[[Reads, Any], None]] = {
    getattr(ast, name.removeprefix("visit_")): visit
    for name, visit in vars(Reads).items()
    if name.startswith("visit_") and hasattr(ast, name.removeprefix("visit_"))
}
_SAYS_NOTHING = {
    ast.Name, ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Starred, ast.Slice,
    ast.NamedExpr, ast.Lambda, ast.GeneratorExp, ast.YieldFrom,
}  # fmt: skip


def _has_news(node: ast.expr) -> bool:
    """Tell whether the value of an expression says more than its text and what it reads."""
    if isinstance(node, ast.UnaryOp):
        return not isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.Yield):
        return node.value is None
    return node.__class__ not in _SAYS_NOTHING


def is_constant(node: ast.expr) -> bool:
    """Tell whether an expression is a literal that states its own value."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.Dict):
        return all(part is not None and is_constant(part) for part in (*node.keys, *node.values))
    if isinstance(node, ast.Tuple | ast.List):
        return all(map(is_constant, node.elts))
    return isinstance(node, ast.Constant)


def _is_super(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "super"
