"""Calls in words."""

import ast
from collections.abc import Sequence

from .conditions import Conditions
from .levels import CLAUSE, NOUN, OPERATION, Phrase, enumeration
from .values import BOOL, MAPPINGS, NUMBER, TEXT
from .wordings import FUNCTIONS, ORDINALS, OWN_WAYS


class Calls(Conditions):
    """Puts calls into words."""

    def say_Call(self, node: ast.Call) -> Phrase:
        return self.known_call(node) or self.call(node)

    def known_call(self, node: ast.Call) -> Phrase | None:
        """Return a call of a built-in function or method in words of its own."""
        function, arguments = node.func, node.args
        if any(isinstance(a, ast.Starred) for a in arguments):
            return None
        name = self.kinds.origin(function)
        if name is not None:
            return self.built_in(name, node)
        if isinstance(function, ast.Attribute) and not node.keywords:
            if self.as_condition(node) is not None:
                return Phrase(f"whether {self.condition(node)}", CLAUSE)
            return self.method(function, arguments)
        return None

    def built_in(self, name: str, node: ast.Call) -> Phrase | None:
        """Return a call of a built-in function in words of its own."""
        arguments = [*node.args]
        if not all(self.works(name, a) for a in arguments):
            return None
        if [k.arg for k in node.keywords] == [_SECOND.get(name, "")] and len(arguments) == 1:
            arguments.append(node.keywords[0].value)
        elif node.keywords:
            return self.ordered(name, arguments, node.keywords)
        if self.as_condition(node) is not None:
            return Phrase(f"whether {self.condition(node)}", CLAUSE)
        if name == "range" and len(arguments) in (1, 2, 3):
            level = NOUN if len(arguments) < 3 else OPERATION
            return Phrase(f"the integers from {self.span(arguments)}", level)
        if name in _EXTREMES and len(arguments) > 1:
            return Phrase(self.extreme(name, arguments), NOUN)
        if name == "sum" and len(arguments) == 1:
            counted = self.counted(arguments[0])
            if counted is not None:
                return counted
        if name == "int" and len(arguments) == 1 and self.kinds.of(arguments[0]) == NUMBER:
            return self.fill("the integer part of {0}", *arguments)
        if name == "filter" and ast.unparse(arguments[0]) == "None" and len(arguments) == 2:
            return self.fill("the items of {0} that count as true", arguments[1])
        counts = name == "collections.Counter" and arguments
        if counts and self.kinds.name(arguments[0]) in ("", *MAPPINGS):
            return None
        if name in ("re.findall", "re.split") and not _is_plain(arguments[0]):
            return None
        template = FUNCTIONS.get((name, len(arguments)), "")
        return self.of_items(template, arguments) if template else None

    def works(self, name: str, argument: ast.expr) -> bool:
        """Tell whether a function surely does what it does to the built-in types."""
        methods = OWN_WAYS.get(name, "").split()
        if not methods or self.kinds.sure(argument, *methods):
            item = self.kinds.item(argument)
            of_items = name in _OF_ITEMS and self.kinds.of(argument) != NUMBER
            return not of_items or item is not None or not self.kinds.own.may(*methods)
        return False

    def extreme(self, name: str, arguments: Sequence[ast.expr]) -> str:
        """Return the largest or smallest of several values in words."""
        return f"the {_EXTREMES[name][len(arguments) > 2]} of {self.listed(arguments)}"

    def ordered(
        self, name: str, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]
    ) -> Phrase | None:
        """Return a sort, or a search for the largest or smallest, with what it goes by."""
        allowed = ("key", "reverse") if name == "sorted" else ("key", "default")
        if name not in ("sorted", *_EXTREMES) or not all(k.arg in allowed for k in keywords):
            return None
        if name == "sorted" or len(arguments) == 1:
            text = self.of_items(FUNCTIONS[name, 1], arguments).text
        else:
            text = self.extreme(name, [*arguments])
        return Phrase(f"{text}{self.order(keywords)}", OPERATION)

    def of_items(self, template: str, arguments: Sequence[ast.expr]) -> Phrase:
        """Return a template filled; "the items of" is left out before what says as much."""
        if arguments and "the items of {0}" in template:
            text = self.phrase(arguments[0]).text.removeprefix("the series of ")
            if isinstance(arguments[0], ast.GeneratorExp):
                return Phrase(template.replace("the items of {0}", f"({text})"), OPERATION)
            if "} and" not in template:
                thing = _THINGS.get(self.kinds.name(arguments[0]), "items")
                whole = text.startswith(_PLURALS)
                items = "{0}" if whole else f"the {thing} of {{0}}"
                template = template.replace("the items of {0}", items)
        return self.fill(template, *arguments)

    def method(self, function: ast.Attribute, arguments: Sequence[ast.expr]) -> Phrase | None:
        """Return a call of a method in words of its own."""
        base, name = function.value, function.attr
        if self.kinds.is_type(base):
            template = FUNCTIONS.get((f"{ast.unparse(base)}.{name}", len(arguments)))
            return self.fill(template, *arguments) if template is not None else None
        if name == "join" and isinstance(base, ast.Constant) and base.value == "":
            return self.fill("{0} joined together", *arguments)
        if name in ("split", "rsplit", "strip", "lstrip", "rstrip") and len(arguments) == 1:
            arguments = [] if ast.unparse(arguments[0]) == "None" else arguments
        template = self.words("noun", base, name, len(arguments))
        if template is None or ("at most" in template and not natural(arguments[-1])):
            return None
        if "at most" in template and ast.unparse(arguments[-1]) == "1":
            template = template.replace("at most {2} times", "at most once")
            template = template.replace("at most the first {3} occurrences of {1}", "the first {1}")
        if name == "pop" and arguments and "index" in template:
            ordinal = ORDINALS.get(ast.unparse(arguments[0]))
            if ordinal is not None:
                template = f"the {ordinal} item of {{0}} (which is removed)"
        elif name == "count" and self.kinds.of(base) == TEXT and not is_character(arguments[0]):
            template += " (without overlaps)"
        return self.fill(template, base, *arguments)

    def order(self, keywords: Sequence[ast.keyword]) -> str:
        """Return the keywords of a sort in words."""
        words = ""
        for k in keywords:
            if k.arg == "key":
                if ast.unparse(k.value) == "None":
                    continue
                words += f" by {self.operation(k.value)}"
            elif k.arg == "default":
                words += f" ({self.operation(k.value)} if there is none)"
            elif isinstance(k.value, ast.Constant):
                words += ", the largest first" if k.value.value else ""
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
        if isinstance(function, ast.Name) and self.is_class(function.id):
            return Phrase(f"a new {name} with {given}" if given else f"a new {name}", OPERATION)
        ends = f"'s {function.attr}" if isinstance(function, ast.Attribute) else "("
        if name.startswith(("self.", "cls.")) or name.endswith(ends):
            result = f"the result of {name}"
            return Phrase(f"{result} with {given}" if given else result, OPERATION)
        if not given:
            return Phrase(f"the result of {name}", NOUN)
        plain = len(node.args) + len(node.keywords) < 2
        return Phrase(f"{name} of {given}", NOUN if plain else OPERATION)

    def is_class(self, name: str) -> bool:
        """Tell whether a name is a class's, as far as can be told."""
        return name[0].isupper() and name not in self.kinds.functions

    def given(self, node: ast.Call) -> str:
        """Return the arguments of a call in words."""
        named = [
            f"{k.arg} = {self.atom(k.value)}" if k.arg else f"the pairs of {self.atom(k.value)}"
            for k in node.keywords
        ]
        if not named:
            return self.listed(node.args)
        return enumeration([*map(self.atom, node.args), *named])


def natural(node: ast.expr) -> bool:
    """Tell whether an expression is a whole number above 0 that is written out."""
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value > 0


def _is_plain(node: ast.expr) -> bool:
    """Tell whether an expression is a pattern without groups that is written out."""
    return isinstance(node, ast.Constant) and "(" not in str(node.value)


def is_character(node: ast.expr) -> bool:
    """Tell whether an expression is a single character that is written out."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) == 1


# Of two values, of more.
_EXTREMES = {"max": ("larger", "largest"), "min": ("smaller", "smallest")}
_OF_ITEMS = ("max", "min", "sorted", "sum", "heapq.nlargest", "heapq.nsmallest")
_SECOND = {"enumerate": "start", "int": "base", "sum": "start", "round": "ndigits"}
_PLURALS = tuple(
    f"the {word} "
    for word in "items results integers lines parts keys values characters key-value".split()
)
_THINGS = {"dict": "keys", "counter": "keys", "text": "characters"}
