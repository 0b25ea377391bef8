"""Expressions in words."""

import ast
from collections.abc import Sequence

from ...values.show import show
from .calls import Calls
from .levels import ATOM, CLAUSE, NOUN, OPERATION, Phrase, enumeration
from .values import (
    ANNOTATIONS,
    BOOL,
    MAPPINGS,
    NUMBER,
    SEQUENCES,
    TEXT,
    UNARY_METHODS,
)
from .wordings import ORDINALS


class English(Calls):
    """Puts expressions into words: a method for each kind of node."""

    # Names and displays

    def say_Constant(self, node: ast.Constant) -> Phrase:
        return Phrase("..." if node.value is ... else show(node.value), ATOM)

    def say_Name(self, node: ast.Name) -> Phrase:
        return Phrase(node.id, ATOM)

    def say_List(self, node: ast.List) -> Phrase:
        return Phrase(f"[{self.items(node.elts)}]", ATOM)

    def say_Tuple(self, node: ast.Tuple) -> Phrase:
        comma = "," if len(node.elts) == 1 else ""
        return Phrase(f"({self.items(node.elts)}{comma})", ATOM)

    def say_Set(self, node: ast.Set) -> Phrase:
        return Phrase(f"{{{self.items(node.elts)}}}", ATOM)

    def say_Dict(self, node: ast.Dict) -> Phrase:
        pairs = [
            f"{self.operation(key)}: {self.operation(value)}"
            if key is not None
            else f"the pairs of {self.noun(value)}"
            for key, value in zip(node.keys, node.values, strict=True)
        ]
        return Phrase(f"{{{', '.join(pairs)}}}", ATOM)

    def items(self, nodes: Sequence[ast.expr]) -> str:
        return ", ".join(map(self.operation, nodes))

    def say_Starred(self, node: ast.Starred) -> Phrase:
        if isinstance(node.ctx, ast.Store):
            return Phrase(f"{self.operation(node.value)} (the rest)", ATOM)
        return self.fill("the items of {0}", node.value)

    def say_JoinedStr(self, node: ast.JoinedStr) -> Phrase:
        parts = [*map(self.atom, node.values[:-1]), *map(self.noun, node.values[-1:])]
        if not parts:
            return Phrase("''", ATOM)
        whole = "the text of" if len(parts) == 1 else "the text made of"
        return Phrase(f"{whole} {enumeration(parts)}", OPERATION)

    def say_FormattedValue(self, node: ast.FormattedValue) -> Phrase:
        said = self.phrase(node.value)
        if node.conversion != -1:
            said = self.fill("the representation of {0}", node.value)
        spec = node.format_spec
        if not isinstance(spec, ast.JoinedStr) or not spec.values:
            return said
        text = said.text if said.level == ATOM else f"({said.text})"
        form = spec.values[0] if len(spec.values) == 1 else spec
        return Phrase(f"{text} in the format {self.atom(form)}", OPERATION)

    def say_Attribute(self, node: ast.Attribute) -> Phrase:
        base = node.value
        root = base
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name) and (
            root.id in ("self", "cls", *self.kinds.modules, *self.kinds.own.classes)
            or (root.id in ANNOTATIONS and self.kinds.built_in(root.id))
            or (root.id in self.kinds.imported and root.id[0].isupper())
        ):
            return Phrase(ast.unparse(node), ATOM)
        return Phrase(f"{self.atom(base)}'s {node.attr}", ATOM)

    # Operations

    def say_BinOp(self, node: ast.BinOp) -> Phrase:
        left, operator, right = node.left, type(node.op), node.right
        kind, kinds = self.kinds.of(node), [self.kinds.of(left), self.kinds.of(right)]
        name = kind.name if kind is not None else ""
        number = NUMBER in kinds or BOOL in kinds
        unclear = operator in (ast.BitAnd, ast.BitOr) and not number and name != "set"
        if unclear or not self.kinds.operates(left, node.op, right):
            symbol = SYMBOLS[operator]
            return Phrase(f"{self.atom(left)} {symbol} {self.atom(right)}", OPERATION)
        if operator is ast.Add:
            return self.chain(node, "followed by" if name in SEQUENCES else "plus")
        if operator is ast.Mult and name in SEQUENCES:
            first = kinds[0]
            swapped = first is None or first.name not in SEQUENCES
            return self.fill(
                "{0} repeated {1} times", *((right, left) if swapped else (left, right))
            )
        if operator in _CHAINS and name != "set":
            return self.chain(node, _CHAINS[operator])
        template = _SET_OPERATIONS.get(operator) if name == "set" else None
        if operator is ast.Mod and name in ("text", "bytes"):
            template = "{0} filled in with {1}"
        elif operator is ast.BitXor and not (number or template):
            template = "the exclusive or of {0} and {1}"
        text, level = self.fill(template or OPERATIONS[operator], left, right)
        return Phrase(text.replace("bits", "bit") if ast.unparse(right) == "1" else text, level)

    def chain(self, node: ast.BinOp, word: str) -> Phrase:
        """Return a sum or a product, whose left side may be another one."""
        left = node.left
        level = ATOM
        if isinstance(left, ast.BinOp) and type(left.op) in _SAME.get(type(node.op), ()):
            level = OPERATION
        return Phrase(f"{self.at(left, level)} {word} {self.noun(node.right)}", OPERATION)

    def say_UnaryOp(self, node: ast.UnaryOp) -> Phrase:
        if isinstance(node.op, ast.Not):
            if isinstance(node.operand, ast.Name) and self.kinds.of(node.operand) == BOOL:
                return self.fill("the opposite of {0}", node.operand)
            return Phrase(f"whether {self.condition(node)}", CLAUSE)
        if isinstance(node.operand, ast.Constant) and not isinstance(node.op, ast.Invert):
            return Phrase(ast.unparse(node), ATOM)
        if not self.kinds.sure(node.operand, UNARY_METHODS[type(node.op)]):
            return Phrase(f"{ast.unparse(node)[0]}{self.atom(node.operand)}", OPERATION)
        return self.fill(_UNARY[type(node.op)], node.operand)

    def say_BoolOp(self, node: ast.BoolOp) -> Phrase:
        if all(self.kinds.of(v) == BOOL for v in node.values):
            return Phrase(f"whether {self.condition(node)}", CLAUSE)
        yes = isinstance(node.op, ast.Or)
        if len(node.values) == 2:
            one, other = node.values
            if self.kinds.of(one) == BOOL:
                two = [self.operation(other), "True" if yes else "False"]
                first, second = reversed(two) if yes else two
                return Phrase(f"{first} if {self.condition(one)}, otherwise {second}", CLAUSE)
            truth = self.truth(one, yes)
            that = f"{self.operation(one)} if that {truth}"
            return Phrase(f"{that}, otherwise {self.operation(other)}", CLAUSE)
        values = [*map(self.atom, node.values)]
        first = f"the first of {enumeration(values)} that counts as {'true' if yes else 'false'}"
        return Phrase(f"{first}, or else {values[-1]}", CLAUSE)

    def say_Compare(self, node: ast.Compare) -> Phrase:
        if self.kinds.of(node) is None and len(node.ops) == 1:
            return Phrase(self.compared(node.left, node.ops[0], node.comparators[0]), OPERATION)
        return Phrase(f"whether {self.condition(node)}", CLAUSE)

    def say_IfExp(self, node: ast.IfExp) -> Phrase:
        yes, no = self.operation(node.body), self.operation(node.orelse)
        return Phrase(f"{yes} if {self.condition(node.test)}, otherwise {no}", CLAUSE)

    def say_NamedExpr(self, node: ast.NamedExpr) -> Phrase:
        return Phrase(f"{self.operation(node.value)}, stored as {node.target.id}", CLAUSE)

    def say_Lambda(self, node: ast.Lambda) -> Phrase:
        names = parameters(node.args)
        maps = f"that maps {enumeration(names)} to" if names else "that gives"
        return Phrase(f"the function {maps} {self.operation(node.body)}", CLAUSE)

    def say_Await(self, node: ast.Await) -> Phrase:
        return self.fill("the awaited result of {0}", node.value)

    def say_Yield(self, node: ast.Yield) -> Phrase:
        what = self.atom(node.value) if node.value is not None else "None"
        return Phrase(f"what is sent in after giving out {what}", CLAUSE)

    def say_YieldFrom(self, node: ast.YieldFrom) -> Phrase:
        return Phrase(f"what is left after giving out the items of {self.atom(node.value)}", CLAUSE)

    # Parts

    def say_Subscript(self, node: ast.Subscript) -> Phrase:
        base, index = node.value, node.slice
        if not self.kinds.sure(base, "__getitem__", "__setitem__", "__delitem__"):
            return Phrase(f"{self.atom(base)}[{self.operation(index)}]", ATOM)
        kind = self.kinds.of(base)
        thing = "character" if kind == TEXT else "item"
        if isinstance(index, ast.Slice):
            return self.slice(base, index, thing)
        if kind is not None and kind.name in MAPPINGS:
            return self.fill("the value of {0} for key {1}", base, index)
        path = [index]
        while isinstance(base, ast.Subscript) and not isinstance(base.slice, ast.Slice):
            outer = self.kinds.of(base.value)
            if kind == TEXT or (outer is not None and outer.name in (*MAPPINGS, "text")):
                break
            path.insert(0, base.slice)
            base, kind = base.value, None if kind is None else outer
        if len(path) > 1:
            at = "at indices" if kind is not None else "at"
            where = enumeration([*map(self.atom, path)])
            return Phrase(f"the item of {self.atom(base)} {at} {where}", OPERATION)
        ordinal = ORDINALS.get(ast.unparse(index)) if kind is not None else None
        if ordinal is not None:
            return self.fill(f"the {ordinal} {thing} of {{0}}", base)
        at = "at index" if kind is not None else "at"
        said = f"the {thing} of {self.atom(base)} {at} {self.atom(index)}"
        return Phrase(said, OPERATION if self.phrase(index).level < ATOM else NOUN)

    def slice(self, base: ast.expr, index: ast.Slice, thing: str) -> Phrase:
        """Return a slice in words."""
        lower, upper, step = index.lower, index.upper, index.step
        by = ast.unparse(step) if step is not None else "1"
        low = _number(lower) if lower is not None else 0
        high = _number(upper) if upper is not None else None
        if by == "-1" and lower is None and upper is None:
            return self.fill("{0} in reverse order", base)
        if by == "2" and low == 0 and upper is None:
            return self.fill(f"every second {thing} of {{0}}", base)
        if by != "1":
            parts = [self.atom(p) if p is not None else "" for p in (lower, upper, step)]
            return self.fill(f"the slice {':'.join(parts)} of {{0}}", base)
        left_out = []  # known numbers of things that are left out at either end
        if low is not None and low > 0 and (upper is None or (high is not None and high < 0)):
            left_out.append(_ends("first", low, thing, short=high == -1))
        if low is not None and low >= 0 and high is not None and high < 0:
            left_out.append(_ends("last", -high, thing))
        if left_out:
            return self.fill(f"all but {' and '.join(left_out)} of {{0}}", base)
        if low == 0 and high is not None and high > 1:
            return self.fill(f"{_ends('first', high, thing)} of {{0}}", base)
        if upper is None:
            if lower is None or low == 0:
                return self.fill("a copy of {0}", base)
            return self.fill("the part of {0} from index {1} on", base, lower)
        if lower is None or low == 0:
            return self.fill("the part of {0} before index {1}", base, upper)
        between = "from index {1} to just before index {2}"
        return self.fill(f"the part of {{0}} {between}", base, lower, upper)

    def say_Slice(self, node: ast.Slice) -> Phrase:
        return Phrase(ast.unparse(node), ATOM)

    # Comprehensions

    def say_ListComp(self, node: ast.ListComp | ast.SetComp) -> Phrase:
        kind = "list" if isinstance(node, ast.ListComp) else "set"
        return Phrase(
            f"the {kind} of {self.operation(node.elt)} {self.loops(node.generators)}", CLAUSE
        )

    say_SetComp = say_ListComp

    def say_GeneratorExp(self, node: ast.GeneratorExp) -> Phrase:
        series = f"{self.operation(node.elt)} {self.loops(node.generators)}"
        return Phrase(f"the series of {series}", CLAUSE)

    def say_DictComp(self, node: ast.DictComp) -> Phrase:
        pair = f"value {self.operation(node.value)} for key {self.operation(node.key)}"
        return Phrase(f"the dictionary with {pair} {self.loops(node.generators)}", CLAUSE)


def _ends(end: str, number: int, thing: str, short: bool = False) -> str:
    """Return how things at an end are called: ``the first item``, ``the first 3 items``."""
    if number > 1:
        return f"the {end} {number} {thing}s"
    return f"the {end}" if short else f"the {end} {thing}"


def parameters(a: ast.arguments) -> list[str]:
    """Return the names of parameters, with stars."""
    names = [p.arg for p in (*a.posonlyargs, *a.args)]
    names += [f"*{a.vararg.arg}"] if a.vararg else []
    names += [p.arg for p in a.kwonlyargs]
    return [*names, *([f"**{a.kwarg.arg}"] if a.kwarg else [])]


def _number(node: ast.expr) -> int | None:
    """Return the value of a whole number that is written out."""
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -1
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return sign * node.value
    return None


_CHAINS: dict[type[ast.operator], str] = {ast.Sub: "minus", ast.Mult: "times"}
_SAME: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Add, ast.Sub), ast.Sub: (ast.Add, ast.Sub), ast.Mult: (ast.Mult,),
}  # fmt: skip
OPERATIONS: dict[type[ast.operator], str] = {
    ast.Div: "{0} divided by {1}",
    ast.FloorDiv: "{0} divided by {1} (rounded down)",
    ast.Mod: "the remainder of {0} divided by {1}",
    ast.Pow: "{0} to the power of {1}",
    ast.MatMult: "the matrix product of {0} and {1}",
    ast.LShift: "{0} shifted left by {1} bits",
    ast.RShift: "{0} shifted right by {1} bits",
    ast.BitAnd: "the bitwise and of {0} and {1}",
    ast.BitOr: "the bitwise or of {0} and {1}",
    ast.BitXor: "the bitwise exclusive or of {0} and {1}",
}
SYMBOLS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.MatMult: "@", ast.Div: "/", ast.FloorDiv: "//",
    ast.Mod: "%", ast.Pow: "**", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&",
    ast.BitOr: "|", ast.BitXor: "^",
}  # fmt: skip
_SET_OPERATIONS: dict[type[ast.operator], str] = {
    ast.BitAnd: "the items of both {0} and {1}",
    ast.BitOr: "the items of {0} together with those of {1}",
    ast.BitXor: "the items of only one of {0} and {1}",
    ast.Sub: "{0} without the items of {1}",
}
_UNARY: dict[type[ast.unaryop], str] = {
    ast.USub: "the negative of {0}",
    ast.UAdd: "the positive of {0}",
    ast.Invert: "the bitwise complement of {0}",
}
