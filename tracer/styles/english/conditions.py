"""Conditions and loops in words."""

import ast
from collections.abc import Sequence

from .levels import OPERATION, Levels, enumeration
from .values import MAPPINGS, SIZED
from .wordings import CONDITIONS, negated


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
        kind = self.kinds.name(node)
        if kind == "number":
            return "is not 0" if yes else "is 0"
        if kind == "bool":
            return "is True" if yes else "is False"
        if kind in (*SIZED, "range"):
            return "is not empty" if yes else "is empty"
        return "counts as true" if yes else "counts as false"

    def comparison(self, node: ast.Compare, yes: bool) -> str:
        parts = []
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            plain = yes or len(node.ops) > 1
            one, other = self.operation(left), self.operation(right)
            if self.kinds.compares(left, operator, right):
                parts.append(f"{one} {self.relation(operator, right, plain)} {other}")
            else:
                truth = "counts as true" if plain else "counts as false"
                parts.append(f"({self.compared(left, operator, right)}) {truth}")
            left = right
        text = " and ".join(parts)
        return text if yes or len(parts) == 1 else f"it is not so that {text}"

    def compared(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> str:
        """Return a comparison that objects may make in their own way."""
        return f"{self.atom(left)} {_SYMBOLS[type(operator)]} {self.atom(right)}"

    def relation(self, operator: ast.cmpop, right: ast.expr, yes: bool = True) -> str:
        """Return an operator of comparison in words, or its negation."""
        affirmed = yes != isinstance(operator, ast.NotIn | ast.IsNot | ast.NotEq)
        if isinstance(operator, ast.In | ast.NotIn):
            kind = self.kinds.name(right)
            if kind == "text":
                return "occurs in" if affirmed else "does not occur in"
            words = "is a key of" if kind in MAPPINGS else "is in"
        elif isinstance(operator, ast.Is | ast.IsNot):
            plain = isinstance(right, ast.Constant) or self.kinds.is_type(right)
            words = "is" if plain else "is the same object as"
        else:
            words = _RELATIONS[type(operator)]
        return words if affirmed else words.replace("is", "is not", 1)

    def as_condition(self, node: ast.Call) -> tuple[str, str] | None:
        """Return what a call that gives a truth value says if it is true, and if it is false."""
        function, arguments = node.func, node.args
        if node.keywords or any(isinstance(a, ast.Starred) for a in arguments):
            return None
        if isinstance(function, ast.Attribute):
            words = self.words("condition", function.value, function.attr, len(arguments))
            arguments = [function.value, *arguments]
        elif isinstance(function, ast.Name) and self.kinds.built_in(function.id):
            loop = arguments[0] if len(arguments) == 1 else None
            if isinstance(loop, ast.GeneratorExp) and function.id in ("any", "all"):
                return self.any_or_all(function.id, loop)
            words = CONDITIONS.get((function.id, len(arguments)))
        else:
            return None
        if words is None:
            return None
        yes, no = (
            self.fill(text, *arguments, subject=OPERATION).text for text in (words, negated(words))
        )
        return yes, no

    def any_or_all(self, name: str, loop: ast.GeneratorExp) -> tuple[str, str]:
        """Return what is said if some of a series, or all of it, counts as true, and if not."""
        said = self.clause(loop.elt)
        if name == "any":
            some, none = (self.loops(loop.generators, word) for word in ("at least one", "no"))
            return f"{said} {some}", f"{said} {none}"
        every = f"{said} {self.loops(loop.generators, 'every')}"
        return every, f"it is not so that {every}"

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
        plain = f"{name} in {self.noun(source)}"
        if isinstance(source, ast.Call) and not source.keywords:
            pair = target.elts if isinstance(target, ast.Tuple) else []
            called, arguments = source.func, source.args
            function = called.id if isinstance(called, ast.Name) else ""
            function = function if self.kinds.built_in(function) else ""
            if function == "range" and len(arguments) in (1, 2, 3):
                return f"{name} from {self.span(arguments)}"
            if function == "enumerate" and len(pair) == 2 and len(arguments) == 1:
                first, second = map(self.operation, pair)
                thing = "key" if self.kinds.name(arguments[0]) in MAPPINGS else "item"
                return f"index {first} and {thing} {second} of {self.noun(arguments[0])}"
            starred = any(isinstance(a, ast.Starred) for a in arguments)
            if function == "zip" and pair and len(pair) == len(arguments) and not starred:
                pairs = zip(pair, arguments, strict=True)
                together = [f"{self.operation(p)} of {self.atom(a)}" for p, a in pairs]
                return f"{enumeration(together)} side by side"
            if isinstance(called, ast.Attribute) and called.attr == "items" and len(pair) == 2:
                of_map = self.words("noun", called.value, "items", len(arguments))
                return f"key-value pair {name} of {self.noun(called.value)}" if of_map else plain
        return plain

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


_SYMBOLS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "is equal to", ast.NotEq: "is equal to", ast.Lt: "is less than",
    ast.LtE: "is at most", ast.Gt: "is greater than", ast.GtE: "is at least",
}  # fmt: skip
