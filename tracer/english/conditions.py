"""Conditions and loops in words."""

import ast
from collections.abc import Sequence

from .kinds import BOOL, NUMBER, SIZED, TEXT
from .levels import OPERATION, Levels, enumeration
from .wordings import CONDITIONS


class Conditions(Levels):
    """Puts into words what it means that an expression counts as true, or as false."""

    def clause(self, node: ast.expr, yes: bool = True) -> str:
        """Return a condition in words, in parentheses if it is more than one."""
        text = self.condition(node, yes)
        inner = node
        while isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.Not):
            inner = inner.operand
        many = isinstance(inner, ast.BoolOp) or (
            isinstance(inner, ast.Compare) and len(inner.ops) > 1
        )
        loop = isinstance(inner, ast.Call) and any(
            isinstance(a, ast.GeneratorExp) for a in inner.args
        )
        return f"({text})" if many or loop else text

    def condition(self, node: ast.expr, yes: bool = True) -> str:
        """Return what it means that an expression counts as true, or as false."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.condition(node.operand, not yes)
        if isinstance(node, ast.BoolOp):
            word = " and " if isinstance(node.op, ast.And) else " or "
            text = word.join(map(self.clause, node.values))
            return text if yes else f"it is not so that {text}"
        if isinstance(node, ast.Compare):
            return self.comparison(node, yes)
        if isinstance(node, ast.Call):
            said = self.as_condition(node)
            if said is not None:
                return said[0] if yes else said[1]
        return f"{self.operation(node)} {self.truth(node, yes)}"

    def truth(self, node: ast.expr, yes: bool = True) -> str:
        """Return how it is said that a value counts as true, or as false."""
        kind = self.kinds.of(node)
        if kind == NUMBER:
            return "is not 0" if yes else "is 0"
        if kind == BOOL:
            return "is True" if yes else "is False"
        if kind is not None and kind.name in (*SIZED, "range"):
            return "is not empty" if yes else "is empty"
        return "counts as true" if yes else "counts as false"

    def comparison(self, node: ast.Compare, yes: bool) -> str:
        parts = []
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            plain = yes or len(node.ops) > 1
            words = self.relation(operator, right, plain)
            parts.append(f"{self.operation(left)} {words} {self.operation(right)}")
            left = right
        text = " and ".join(parts)
        return text if yes or len(parts) == 1 else f"it is not so that {text}"

    def relation(self, operator: ast.cmpop, right: ast.expr, yes: bool = True) -> str:
        """Return an operator of comparison in words, or its negation."""
        kind = self.kinds.of(right)
        if isinstance(operator, ast.In | ast.NotIn):
            affirmed = isinstance(operator, ast.In) == yes
            if kind == TEXT:
                return "occurs in" if affirmed else "does not occur in"
            words = "is a key of" if kind is not None and kind.name == "dict" else "is in"
        elif isinstance(operator, ast.Is | ast.IsNot):
            affirmed = isinstance(operator, ast.Is) == yes
            words = "is" if isinstance(right, ast.Constant) else "is the same object as"
        else:
            affirmed = yes
            words = _RELATIONS[type(operator)]
            if isinstance(operator, ast.NotEq):
                affirmed = not yes
        return words if affirmed else words.replace("is", "is not", 1)

    def as_condition(self, node: ast.Call) -> tuple[str, str] | None:
        """Return what a call that gives a truth value says if it is true, and if it is false."""
        function, arguments = node.func, node.args
        if node.keywords:
            return None
        if isinstance(function, ast.Attribute):
            templates = CONDITIONS.get((f".{function.attr}", len(arguments)))
            nodes = [function.value, *arguments]
        elif isinstance(function, ast.Name) and function.id not in self.kinds.bound:
            if function.id in ("any", "all") and len(arguments) == 1:
                loop = arguments[0]
                if isinstance(loop, ast.GeneratorExp):
                    said = self.clause(loop.elt)
                    some, none = ("at least one", "no")
                    if function.id == "all":
                        return (
                            f"{said} {self.loops(loop.generators, 'every')}",
                            f"it is not so that {said} {self.loops(loop.generators, 'every')}",
                        )
                    return (
                        f"{said} {self.loops(loop.generators, some)}",
                        f"{said} {self.loops(loop.generators, none)}",
                    )
            templates = CONDITIONS.get((function.id, len(arguments)))
            nodes = arguments
        else:
            return None
        if templates is None or any(isinstance(a, ast.Starred) for a in arguments):
            return None
        yes, no = (self.fill(t, *nodes, subject=OPERATION).text for t in templates)
        return yes, no

    # Loops

    def loops(self, generators: Sequence[ast.comprehension], each: str = "each") -> str:
        """Return the loops of a comprehension in words."""
        said = []
        for generator in generators:
            text = f"for {each} {self.each(generator.target, generator.iter)}"
            tests = [self.clause(test) for test in generator.ifs]
            said.append(f"{text} where {' and '.join(tests)}" if tests else text)
        return " ".join(said)

    def each(self, target: ast.expr, source: ast.expr) -> str:
        """Return what a loop goes through, as it follows "for each"."""
        name = self.operation(target)
        if isinstance(target, ast.Attribute | ast.Subscript):
            return f"item of {self.atom(source)}, stored in {name}"
        if isinstance(source, ast.Call) and not source.keywords:
            pair = target.elts if isinstance(target, ast.Tuple) else []
            called, arguments = source.func, source.args
            function = called.id if isinstance(called, ast.Name) else ""
            function = "" if function in self.kinds.bound else function
            if function == "range" and len(arguments) in (1, 2, 3):
                return f"{name} from {self.span(arguments)}"
            if function == "enumerate" and len(pair) == 2 and len(arguments) == 1:
                first, second = map(self.operation, pair)
                return f"index {first} and item {second} of {self.noun(arguments[0])}"
            if function == "zip" and pair and len(pair) == len(arguments):
                pairs = zip(pair, arguments, strict=True)
                together = [f"{self.operation(p)} of {self.atom(a)}" for p, a in pairs]
                return f"{enumeration(together)} side by side"
            if isinstance(called, ast.Attribute) and called.attr == "items" and len(pair) == 2:
                first, second = map(self.operation, pair)
                return f"key {first} and value {second} of {self.noun(called.value)}"
        return f"{name} in {self.noun(source)}"

    def span(self, arguments: Sequence[ast.expr]) -> str:
        """Return the arguments of a `range` in words, as they follow "from"."""
        start = self.atom(arguments[0]) if len(arguments) > 1 else "0"
        stop = arguments[min(1, len(arguments) - 1)]
        step = ast.unparse(arguments[2]) if len(arguments) == 3 else "1"
        if step == "1":
            return f"{start} to just before {self.noun(stop)}"
        if step == "-1":
            return f"{start} down to just after {self.noun(stop)}"
        steps = f"in steps of {self.noun(arguments[2])}"
        return f"{start} towards {self.atom(stop)} (not included) {steps}"


_RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "is equal to", ast.NotEq: "is equal to", ast.Lt: "is less than",
    ast.LtE: "is at most", ast.Gt: "is greater than", ast.GtE: "is at least",
}  # fmt: skip
