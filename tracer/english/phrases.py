"""Expressions in words.

A phrase has a level that says where it may stand without parentheses:

=========  =======================  ==========================================================
ATOM       ``num``, ``[a, b]``      anywhere
NOUN       "the length of a"        where a phrase ends: it reaches as far to the right as it can
OPERATION  "a plus b"               as a side of a comparison, after "to", "of" a verb, …
CLAUSE     "whether a is in b"      where it stands alone
=========  =======================  ==========================================================

What stands in a place that wants more is put in parentheses: "the length of (a plus b)".
"""

import ast
import re
from collections.abc import Sequence
from typing import NamedTuple

from ..show import show
from .kinds import BOOL, NUMBER, SEQUENCES, SIZED, TEXT, Kinds
from .wordings import CONDITIONS, FUNCTIONS, METHODS

ATOM, NOUN, OPERATION, CLAUSE = 3, 2, 1, 0


class Phrase(NamedTuple):
    """Words with their level."""

    text: str
    level: int


class English:
    """Puts expressions into words; `kinds` tells what kind of value a variable has."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds

    # Levels

    def at(self, node: ast.expr, level: int) -> str:
        """Return an expression in words, in parentheses if its level is lower than `level`."""
        text, own = self.phrase(node)
        return text if own >= level else f"({text})"

    def atom(self, node: ast.expr) -> str:
        return self.at(node, ATOM)

    def noun(self, node: ast.expr) -> str:
        return self.at(node, NOUN)

    def operation(self, node: ast.expr) -> str:
        return self.at(node, OPERATION)

    def whole(self, node: ast.expr) -> str:
        """Return an expression in words where it ends a sentence."""
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name):
            built_in = called.id not in self.kinds.bound
            if built_in and not (node.args or node.keywords):  # type: ignore[attr-defined]
                return _EMPTY.get(f"{called.id}()") or self.phrase(node).text
        elif isinstance(node, ast.Constant):
            return "an empty text" if node.value == "" else self.phrase(node).text
        elif isinstance(node, _DISPLAYS):
            return _EMPTY.get(ast.unparse(node)) or self.phrase(node).text
        return self.phrase(node).text

    def phrase(self, node: ast.expr) -> Phrase:
        """Return an expression in words."""
        method = getattr(self, f"say_{type(node).__name__}", None)
        if method is None:  # newer syntax
            return Phrase(ast.unparse(node), ATOM)
        said: Phrase = method(node)
        return said

    def fill(self, template: str, *nodes: ast.expr, subject: int = ATOM) -> Phrase:
        """Return a template with expressions put in for ``{0}`` and so on.

        `subject` is the level that one at the beginning wants.
        """

        def put(match: re.Match[str]) -> str:
            ends = match.end() == len(template)
            level = NOUN if ends else ATOM if match.start() else subject
            return self.at(nodes[int(match[1])], level)

        level = NOUN if template.startswith("the ") and template.endswith("}") else OPERATION
        return Phrase(re.sub(r"\{(\d)\}", put, template), level)

    def listed(self, nodes: Sequence[ast.expr], word: str = "and") -> str:
        """Return expressions as an enumeration."""
        if not nodes:
            return ""
        *most, last = [self.atom(n) for n in nodes[:-1]], self.noun(nodes[-1])
        return enumeration([*most[0], last], word)

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
        return self.fill("the items of {0}", node.value)

    def say_JoinedStr(self, node: ast.JoinedStr) -> Phrase:
        parts = [self.noun(v) for v in node.values[-1:]]
        parts = [self.atom(v) for v in node.values[:-1]] + parts
        if not parts:
            return Phrase("''", ATOM)
        return Phrase(f"the text of {' followed by '.join(parts)}", OPERATION)

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
            root.id in ("self", "cls") or root.id in self.kinds.modules or root.id[0].isupper()
        ):
            return Phrase(ast.unparse(node), ATOM)
        return Phrase(f"{self.atom(base)}'s {node.attr}", ATOM)

    # Operations

    def say_BinOp(self, node: ast.BinOp) -> Phrase:
        kind = self.kinds.of(node)
        name = kind.name if kind is not None else ""
        operator = type(node.op)
        if operator is ast.Add:
            return self.chain(node, "followed by" if name in SEQUENCES else "plus")
        if operator is ast.Mult and name in SEQUENCES:
            left = self.kinds.of(node.left)
            swapped = left is None or left.name not in SEQUENCES
            parts = (node.right, node.left) if swapped else (node.left, node.right)
            return self.fill("{0} repeated {1} times", *parts)
        if operator in _CHAINS:
            return self.chain(node, _CHAINS[operator])
        template = _TEXT_OPERATIONS if name == "text" else _SET_OPERATIONS if name == "set" else {}
        return self.fill(template.get(operator) or OPERATIONS[operator], node.left, node.right)

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
        return self.fill(_UNARY[type(node.op)], node.operand)

    def say_BoolOp(self, node: ast.BoolOp) -> Phrase:
        if all(self.kinds.of(v) == BOOL for v in node.values):
            return Phrase(f"whether {self.condition(node)}", CLAUSE)
        values = [*map(self.atom, node.values)]
        truth = "true" if isinstance(node.op, ast.Or) else "false"
        first = f"the first of {enumeration(values)} that counts as {truth}"
        return Phrase(f"{first}, or else {values[-1]}", CLAUSE)

    def say_Compare(self, node: ast.Compare) -> Phrase:
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
        kind = self.kinds.of(base)
        thing = "character" if kind == TEXT else "item"
        if isinstance(index, ast.Slice):
            return self.slice(base, index, thing)
        if kind is not None and kind.name == "dict":
            return self.fill("the value of {0} for key {1}", base, index)
        if kind is not None and kind.name in SEQUENCES:
            ordinal = _ORDINALS.get(ast.unparse(index))
            if ordinal is not None:
                return self.fill(f"the {ordinal} {thing} of {{0}}", base)
        path = [index]
        while isinstance(base, ast.Subscript) and not isinstance(base.slice, ast.Slice):
            outer = self.kinds.of(base.value)
            if (outer is not None and outer.name == "dict") or self.kinds.of(base) == TEXT:
                break
            path.insert(0, base.slice)
            base = base.value
        number = self.kinds.of(index) == NUMBER or (kind is not None and kind.name in SEQUENCES)
        if len(path) > 1:
            where = enumeration([self.atom(i) for i in path])
            return Phrase(f"the {thing} of {self.atom(base)} at indices {where}", OPERATION)
        said = self.fill(f"the {thing} of {{0}} at {'index ' if number else ''}{{1}}", base, index)
        return Phrase(said.text, OPERATION if self.phrase(index).level < ATOM else NOUN)

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
        if low == 0 and upper is None:
            return self.fill("a copy of {0}", base)
        if upper is None and lower is not None:
            if low is None:
                return self.fill(f"the {thing}s of {{0}} from index {{1}} on", base, lower)
            said = f"all but {first(low, thing)}" if low > 0 else last(-low, thing, " (if any)")
            return self.fill(f"{said} of {{0}}", base)
        assert upper is not None
        if low == 0 and high is not None and high != 0:
            said = first(high, thing, " (if any)") if high > 0 else f"all but {last(-high, thing)}"
            return self.fill(f"{said} of {{0}}", base)
        if low == 0:
            return self.fill(f"the {thing}s of {{0}} before index {{1}}", base, upper)
        if low is not None and high is not None and low > 0 > high:
            ends = f"{first(low, thing)} and {last(-high, thing)}"
            return self.fill(f"all but {ends} of {{0}}", base)
        assert lower is not None
        return self.fill(
            f"the {thing}s of {{0}} from index {{1}} to just before index {{2}}", base, lower, upper
        )

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
        return Phrase(f"{self.operation(node.elt)} {self.loops(node.generators)}", CLAUSE)

    def say_DictComp(self, node: ast.DictComp) -> Phrase:
        pair = f"value {self.operation(node.value)} for key {self.operation(node.key)}"
        return Phrase(f"the dictionary with {pair} {self.loops(node.generators)}", CLAUSE)

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

    # Calls

    def say_Call(self, node: ast.Call) -> Phrase:
        return self.known_call(node) or self.call(node)

    def known_call(self, node: ast.Call) -> Phrase | None:
        """Return a call of a built-in function or method in words of its own."""
        function, arguments = node.func, node.args
        if node.keywords or any(isinstance(a, ast.Starred) for a in arguments):
            return None
        if self.as_condition(node) is not None:
            return Phrase(f"whether {self.condition(node)}", CLAUSE)
        if isinstance(function, ast.Name) and function.id not in self.kinds.bound:
            if function.id == "range" and len(arguments) in (1, 2, 3):
                return Phrase(f"the integers from {self.span(arguments)}", OPERATION)
            if function.id in ("max", "min") and len(arguments) > 1:
                word = "largest" if function.id == "max" else "smallest"
                return Phrase(f"the {word} of {self.listed(arguments)}", NOUN)
            if function.id == "sum" and len(arguments) == 1:
                counted = self.counted(arguments[0])
                if counted is not None:
                    return counted
            template = FUNCTIONS.get((function.id, len(arguments)))
            return self.fill(template, *arguments) if template is not None else None
        if isinstance(function, ast.Attribute):
            base, name = function.value, function.attr
            if name == "join" and isinstance(base, ast.Constant) and base.value == "":
                return self.fill("{0} joined together", *arguments)
            kind = self.kinds.of(base)
            keys = [(kind.name, name)] if kind is not None else []
            if isinstance(base, ast.Name) and base.id in self.kinds.modules:
                keys.clear()
            elif kind is None or kind.name not in SIZED:
                keys.append(("", name))
            for key in (*keys, ("any", name)) if keys else ():
                template = METHODS.get((*key, len(arguments)))
                if template is not None:
                    if name == "pop" and arguments and key[0] in ("list", ""):
                        ordinal = _ORDINALS.get(ast.unparse(arguments[0]))
                        if ordinal is not None:
                            template = f"the {ordinal} item of {{0}} (which is removed)"
                    return self.fill(template, base, *arguments)
        return None

    def counted(self, node: ast.expr) -> Phrase | None:
        """Return a sum that counts in words."""
        if not isinstance(node, ast.GeneratorExp) or len(node.generators) != 1:
            return None
        loop = node.generators[0]
        tests = [*loop.ifs]
        if self.kinds.of(node.elt) == BOOL:
            tests.append(node.elt)
        elif not (isinstance(node.elt, ast.Constant) and node.elt.value == 1 and tests):
            return None
        through = self.each(loop.target, loop.iter)
        where = " and ".join(self.clause(t) for t in tests)
        return Phrase(f"the number of times that {where} for each {through}", CLAUSE)

    def call(self, node: ast.Call) -> Phrase:
        """Return any other call in words."""
        name, given = self.atom(node.func), self.given(node)
        if not given:
            return Phrase(f"the result of {name}", NOUN)
        plain = len(node.args) + len(node.keywords) < 2
        return Phrase(f"{name} of {given}", NOUN if plain else OPERATION)

    def given(self, node: ast.Call) -> str:
        """Return the arguments of a call in words."""
        text = self.listed(node.args)
        named = [
            f"{k.arg} = {self.atom(k.value)}" if k.arg else f"the pairs of {self.atom(k.value)}"
            for k in node.keywords
        ]
        if not named:
            return text
        return f"{text} with {enumeration(named)}" if text else enumeration(named)

    # Conditions

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


def enumeration(words: Sequence[str], word: str = "and") -> str:
    """Return words as an enumeration: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {word} {words[-1]}"


def first(number: int, thing: str, if_any: str = "") -> str:
    """Return how the first things are called: ``the first item``, ``the first 3 items``."""
    return f"the first {thing}{if_any}" if number == 1 else f"the first {number} {thing}s"


def last(number: int, thing: str, if_any: str = "") -> str:
    """Return how the last things are called."""
    return f"the last {thing}{if_any}" if number == 1 else f"the last {number} {thing}s"


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


_DISPLAYS = (ast.List, ast.Tuple, ast.Dict)
_EMPTY = {
    "[]": "an empty list", "()": "an empty tuple", "{}": "an empty dictionary",
    "list()": "an empty list", "tuple()": "an empty tuple",
    "dict()": "an empty dictionary", "set()": "an empty set", "str()": "an empty text",
    "int()": "0",
}  # fmt: skip
_ORDINALS = {
    "0": "first", "1": "second", "2": "third", "-1": "last", "-2": "second to last",
}  # fmt: skip
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
_TEXT_OPERATIONS: dict[type[ast.operator], str] = {ast.Mod: "{0} filled in with {1}"}
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
_RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "is equal to", ast.NotEq: "is equal to", ast.Lt: "is less than",
    ast.LtE: "is at most", ast.Gt: "is greater than", ast.GtE: "is at least",
}  # fmt: skip
