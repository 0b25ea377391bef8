"""What the lines under one recital state, held against the steps that they tell of."""

import ast
from dataclasses import dataclass, field

from .describing import ANY, agrees
from .equations import Unknown, parsed, splits, value
from .findings import Finding
from .program import Program
from .records import Call, State, Step
from .steps import changed, needed, parameters, shown, unparsed, values_of


@dataclass(eq=False)
class Group:
    """The steps that share a recital, and what has been stated of them; or a call's parameters."""

    program: Program
    call: Call | None = None  # of whose parameters the lines tell
    steps: list[Step] = field(default_factory=list)
    line: int = 0
    now: bool = False
    nested: bool = False  # whether a call that the steps make has been told
    decided: bool = False  # whether a phrase has said what follows
    no_more: bool = False  # whether a loop's items are said to be over
    latest: tuple[int, str] = (-1, "")  # the line of the last state, and what it states
    no_change: int | None = None
    before: set[str] = field(default_factory=set)
    after: set[str] = field(default_factory=set)

    @property
    def start(self) -> State:
        """What held before the first step."""
        if self.steps:
            return self.steps[0].before
        return self.call.state if self.call else {}

    @property
    def end(self) -> State:
        """What holds after the last step."""
        return (self.steps[-1].after or {}) if self.steps else {}

    @property
    def moving(self) -> bool:
        """Whether states stand without ``now,`` here."""
        return bool(self.steps) and self.steps[-1].statement.kind in ("with", "case", "except")

    # Lines

    def is_due(self, line: str) -> bool:
        """Tell whether a line is a statement of state that is still missing."""
        for left, right in splits(line):
            name = unparsed(left)
            if self.call is not None and not self.steps:
                known = self.call.state.get(name)
                if known is not None and name not in self.before and agrees(known, right):
                    return True
            if self.now and name not in self.after and self.changes(name):
                return any(agrees(v, r) for v in self.values_after(name)
                           for r in [right, *[b for _, b in splits(right)]])  # fmt: skip
            if not self.now and name not in self.before and self.reads(name):
                known = self.values_before(name)
                if known and any(agrees(k, right) for k in known):
                    return True
        return False

    def reads(self, name: str) -> bool:
        """Tell whether a name or an expression is one of those that these steps work out."""
        if all(map(is_constant, self.steps)):
            return False
        if self.moving and name in self.end:
            return True
        for step in self.steps:
            if values_of(step, name) or name in [n for n, *_ in [*step.reads, *step.walrus]]:
                return True
            node = step.statement.node
            if isinstance(node, ast.AugAssign) and name == ast.unparse(node.target):
                return True
        return False

    def after_literals(self, step: Step) -> list[Step] | None:
        """Return the steps that share a recital with a new one, if not all of them do.

        Literals that are given to variables stand alone if what follows reads these variables.
        """
        read = {n for n, *_ in step.reads}
        if isinstance(step.statement.node, ast.AugAssign):
            read.add(ast.unparse(step.statement.node.target))
        for at in reversed(range(len(self.steps))):
            given = self.steps[at]
            if is_constant(given) and given.statement.assigned & read:
                rest = self.steps[at + 1 :]
                self.steps = self.steps[: at + 1]
                return rest
        return None

    def knows(self, line: str) -> bool:
        """Tell whether a line states something that these steps have to do with."""
        for left, _ in splits(line):
            name = unparsed(left)
            if self.values_before(name) or self.values_after(name):
                return True
        return False

    def changes(self, name: str) -> bool:
        """Tell whether a name has been changed or assigned by these steps."""
        if self.steps and self.steps[0].paths.get(name) != self.steps[-1].paths_after.get(name):
            return True
        if self.start.get(name) != self.end.get(name):
            return True
        for step in self.steps:
            if name in step.statement.assigned or name in step.places:
                return True
            if name in {n for n, _ in step.walrus}:
                return True
        return False

    def values_before(self, name: str) -> list[str]:
        """Return the values that a line before ``now,`` may state for a name or expression."""
        if not self.steps:
            return [self.start[name]] if name in self.start else []
        found = [self.start[name]] if name in self.start else []
        for at, step in enumerate(self.steps):
            found += [v for n, v in step.walrus if n == name]
            if name in self.start and not self.nested:
                continue
            if name in self.steps[0].paths and not self.nested:
                found.append(self.steps[0].paths[name])
                continue
            if at and (name in self.start or name in self.steps[0].paths):
                continue
            if "." in name or name not in self.start:
                found += values_of(step, name)
        if self.moving and name in self.end:
            found.append(self.end[name])
        return found

    def values_after(self, name: str) -> list[str]:
        """Return the values that a line under ``now,`` may state for a name or a place."""
        found = [self.end[name]] if name in self.end else []
        if self.steps and name in self.steps[-1].paths_after:
            found.append(self.steps[-1].paths_after[name])
        for step in self.steps:
            if name in step.places and name not in self.end:
                found.append(step.places[name])
            if step.raised or step.paused:
                found += [v for n, v in step.walrus if n == name]
        return found

    def state(self, line: str, at: int, told: dict[str, str]) -> list[Finding]:
        """Judge a line that states something."""
        cuts = splits(line)
        if not cuts:
            bare = line.removesuffix(" =") if line.endswith(" =") else line.removesuffix(" = ")
            return [Finding("empty value", at + 1, f"a value for {bare}", line)]
        values = self.values_after if self.now else self.values_before
        known = [(a, b) for a, b in cuts if values(unparsed(a))]
        left, right = (known or cuts)[0]
        name = unparsed(left)
        found: list[Finding] = []
        known_before = self.after if self.now else self.before
        walrus = any(name == n for step in self.steps for n, _ in step.walrus)
        variable = (name in self.start or name in self.end) and not walrus
        if variable and self.latest == (at - 1, name) and name in known_before:
            found.append(Finding("control", at + 1, f"{name} is stated once", line))
        known_before.add(name)
        self.latest = (at, name)
        if self.moving and not self.now:
            self.after.add(name)
        told[name] = right
        if not right.strip():
            return [Finding("empty value", at + 1, f"a value for {left}", line)]
        opaque = ANY in self.end.get(name, "")  # an iterator, for example: it may have changed
        if self.now and not opaque and not self.changes(name):
            found.append(Finding("unchanged under now", at + 1, f"{name} is as before", line))
        real = values(name)
        if any(agrees(r, right) for r in real) or (not real and right.startswith("<")):
            return found  # or a function, a class, a module: no data
        for equation, result in splits(right):
            if any(agrees(r, result) for r in real) and self.now:
                told[name] = result
                wrong = self.equation(name, equation, result)
                return [
                    *found,
                    *([Finding("false equation", at + 1, wrong, line)] if wrong else []),
                ]
        want = " or ".join(dict.fromkeys(map(shown, real))) or "nothing of that name"
        equal = [e for e, r in splits(right) if parsed(e) and _is_wrong(e, r)]
        kind = "false equation" if equal and self.now else "false value"
        return [*found, Finding(kind, at + 1, f"{left} = {want}", line)]

    def equation(self, name: str, text: str, result: str) -> str:
        """Return what is wrong in an equation, or nothing."""
        node = parsed(text)
        if node is not None and _is_wrong(text, result):
            return f"{text} is not {result}"
        for step in self.steps:
            found = operands(step, name)
            if found is None:
                continue
            lefts, sign, rights = found
            if not lefts or not rights:
                return ""
            for a in lefts:
                for b in rights:
                    for x in (a, f"({a})"):
                        for y in (b, f"({b})"):
                            if any(agrees(f"{x} {sign} {y}", t) for t in (text, unparsed(text))):
                                return ""
            return f"{shown(lefts[0])} {sign} {shown(rights[0])}"
        return ""

    def is_undecided(self) -> bool:
        """Tell whether a phrase that says what follows is still missing."""
        if not self.steps or self.decided:
            return False
        step = self.steps[-1]
        if step.statement.kind in ("if", "while", "for", "break", "continue", "case", "except"):
            return not (step.raised or step.paused)
        return step.statement.kind == "with" and bool(step.truth)

    # The end

    def finish(self, told: dict[str, str]) -> list[Finding]:
        """Return what the lines should have stated and have not."""
        found: list[Finding] = []
        if self.call is not None and not self.steps:
            for name in parameters(self.call):
                if name not in self.before:
                    want = f"{name} = {shown(self.call.state[name])} at the call"
                    found.append(Finding("missing change", self.line + 1, want))
            return found
        if self.is_undecided():
            found.append(Finding("control", self.line + 1, "a phrase that says what follows"))
        bound: set[str] = set()
        for step in self.steps:
            for name, text in needed(step, self.before | bound):
                last = told.get(name)
                stale = last is not None and not agrees(text, last)
                kind = "not restated" if stale else "unstated read"
                found.append(Finding(kind, self.line + 1, f"{name} = {shown(text)}"))
            bound |= step.statement.assigned
        if any(step.raised or step.paused for step in self.steps):
            return found
        for name in self.new():
            walrus = any(name == n for step in self.steps for n, _ in step.walrus)
            if walrus and name in self.before and agrees(self.end[name], told.get(name, "")):
                continue  # it is stated where it has been worked out
            if name not in self.after and not self.recited(name):
                line = self.line if self.no_change is None else self.no_change
                said = "no change" if self.no_change is not None else ""
                want = f"{name} = {shown(self.end[name])}"
                found.append(Finding("missing change", line + 1, want, said))
        return found

    def new(self) -> list[str]:
        """Return what is other after the steps than before them."""
        names = [n for step in self.steps for n in changed(step)]
        return [
            n
            for n in dict.fromkeys(names)
            if self.start.get(n) != self.end.get(n) and n in self.end
        ]

    def recited(self, name: str) -> bool:
        """Tell whether the recital itself says what a name is: it assigns a literal."""
        for step in reversed(self.steps):
            if name in step.statement.assigned:
                return is_constant(step)
        return False


def operands(step: Step, name: str) -> tuple[list[str], str, list[str]] | None:
    """Return the operands of the operation that a step has assigned, with its sign."""
    node = step.statement.node
    if isinstance(node, ast.AugAssign):
        target = ast.unparse(node.target)
        if name != target and name not in step.places:
            return None
        lefts = [step.before[target]] if target in step.before else []
        if step.old is not None:
            lefts = [step.old]
        return lefts, _sign(node.op), _texts(step, node.value)
    if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.BinOp):
        if name not in step.statement.assigned and name not in step.places:
            return None
        return _texts(step, node.value.left), _sign(node.value.op), _texts(step, node.value.right)
    return None


def _texts(step: Step, node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [repr(node.value)]
    return step.values.get(getattr(node, "number", -1), [])


def _sign(op: ast.operator) -> str:
    return ast.unparse(ast.BinOp(ast.Constant(1), op, ast.Constant(1))).split()[1]


def is_constant(step: Step) -> bool:
    """Tell whether a step's recital says all: it gives a literal to a variable."""
    node = step.statement.node
    if isinstance(node, ast.AnnAssign):
        return isinstance(node.target, ast.Name) and _is_literal(node.value)
    if not isinstance(node, ast.Assign) or not _is_literal(node.value):
        return False
    return all(isinstance(t, ast.Name) for t in node.targets)


def _is_literal(node: ast.expr | None) -> bool:
    if node is None:
        return False
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return False
    return True


def _is_wrong(text: str, result: str) -> bool:
    """Tell whether an equation of literals does not hold."""
    one, other = parsed(text), parsed(result)
    if one is None or other is None:
        return False
    try:
        a, b = value(one), value(other)
    except Unknown:
        return False
    return type(a) is not type(b) or (repr(a) != repr(b) and a != b)
