"""Calls in words."""

import ast
from collections.abc import Sequence

from .conditions import Conditions
from .kinds import BOOL, SIZED
from .levels import CLAUSE, NOUN, OPERATION, Phrase, enumeration
from .wordings import FUNCTIONS, METHODS, ORDINALS


class Calls(Conditions):
    """Puts calls into words."""

    def say_Call(self, node: ast.Call) -> Phrase:
        return self.known_call(node) or self.call(node)

    def known_call(self, node: ast.Call) -> Phrase | None:
        """Return a call of a built-in function or method in words of its own."""
        function, arguments = node.func, node.args
        if any(isinstance(a, ast.Starred) for a in arguments):
            return None
        if isinstance(function, ast.Name) and function.id not in self.kinds.bound:
            return self.built_in(function.id, node)
        if isinstance(function, ast.Attribute) and not node.keywords:
            if self.as_condition(node) is not None:
                return Phrase(f"whether {self.condition(node)}", CLAUSE)
            return self.method(function, arguments)
        return None

    def built_in(self, name: str, node: ast.Call) -> Phrase | None:
        """Return a call of a built-in function in words of its own."""
        arguments = [*node.args]
        if [k.arg for k in node.keywords] == [_SECOND.get(name, "")] and len(arguments) == 1:
            arguments.append(node.keywords[0].value)
        elif node.keywords:
            known = all(k.arg == "key" or _is_reverse(k) for k in node.keywords)
            if name not in ("sorted", "max", "min") or not known or len(arguments) != 1:
                return None
            text = self.of_items(FUNCTIONS[name, 1], arguments).text
            return Phrase(f"{text}{self.order(node.keywords)}", OPERATION)
        if self.as_condition(node) is not None:
            return Phrase(f"whether {self.condition(node)}", CLAUSE)
        if name == "range" and len(arguments) in (1, 2, 3):
            level = NOUN if len(arguments) < 3 else OPERATION
            return Phrase(f"the integers from {self.span(arguments)}", level)
        if name in ("max", "min") and len(arguments) > 1:
            of_two, of_more = _EXTREMES[name]
            word = of_two if len(arguments) == 2 else of_more
            return Phrase(f"the {word} of {self.listed(arguments)}", NOUN)
        if name == "sum" and len(arguments) == 1:
            counted = self.counted(arguments[0])
            if counted is not None:
                return counted
        template = FUNCTIONS.get((name, len(arguments)), "")
        return self.of_items(template, arguments) if template else None

    def of_items(self, template: str, arguments: Sequence[ast.expr]) -> Phrase:
        """Return a template filled; "the items of" is left out before what says as much."""
        if arguments and "the items of {0}" in template:
            text = self.phrase(arguments[0]).text.removeprefix("the series of ")
            if isinstance(arguments[0], ast.GeneratorExp):
                return Phrase(template.replace("the items of {0}", f"({text})"), OPERATION)
            if text.startswith(_PLURALS):
                template = template.replace("the items of {0}", "{0}")
        return self.fill(template, *arguments)

    def method(self, function: ast.Attribute, arguments: Sequence[ast.expr]) -> Phrase | None:
        """Return a call of a method in words of its own."""
        base, name = function.value, function.attr
        if isinstance(base, ast.Name) and base.id in self.kinds.modules:
            return None
        if name == "join" and isinstance(base, ast.Constant) and base.value == "":
            return self.fill("{0} joined together", *arguments)
        kind = self.kinds.of(base)
        likely = kind.name if kind is not None and kind.name in SIZED else ""
        for owner in (likely, "any"):
            template = METHODS.get((owner, name, len(arguments)))
            if template is not None:
                if name == "pop" and arguments and owner in ("list", ""):
                    ordinal = ORDINALS.get(ast.unparse(arguments[0]))
                    if ordinal is not None:
                        template = f"the {ordinal} item of {{0}} (which is removed)"
                return self.fill(template, base, *arguments)
        return None

    def order(self, keywords: Sequence[ast.keyword]) -> str:
        """Return the keywords of a sort in words."""
        words = ""
        for k in keywords:
            if k.arg == "key":
                words += f" by {self.operation(k.value)}"
            elif _is_reverse(k):
                words += ", the largest first" if k.value.value else ""  # type: ignore[attr-defined]
            else:
                words += f" with {k.arg} = {self.atom(k.value)}"
        return words

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
        if isinstance(loop.target, ast.Name):
            return Phrase(f"the number of items {through} where {where}", CLAUSE)
        return Phrase(f"the number of times that {where} for each {through}", CLAUSE)

    def call(self, node: ast.Call) -> Phrase:
        """Return any other call in words."""
        name, given = self.atom(node.func), self.given(node)
        function = node.func
        if isinstance(function, ast.Name) and function.id[0].isupper():  # a class
            return Phrase(f"a new {name} with {given}" if given else f"a new {name}", OPERATION)
        if isinstance(function, ast.Attribute) and name.endswith(f"'s {function.attr}"):
            result = f"the result of {name}"
            return Phrase(f"{result} with {given}" if given else result, OPERATION)
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


def _is_reverse(keyword: ast.keyword) -> bool:
    """Tell whether a keyword says plainly which way to sort."""
    return keyword.arg == "reverse" and isinstance(keyword.value, ast.Constant)


_EXTREMES = {"max": ("larger", "largest"), "min": ("smaller", "smallest")}
_SECOND = {"enumerate": "start", "int": "base", "sum": "start", "round": "ndigits"}
_PLURALS = tuple(
    f"the {word} " for word in "items results integers words parts keys values characters".split()
)
