"""Rules that differ in structure: one or two loops over the input, with tests and steps in them.

A program ends by construction: a loop counts, or walks over what its body may not change, or takes
at least one thing away on every way through it. It is typed by construction too, and reads an item
only where there is one, so it never raises. `loops` and `templates` have what it is made of. What
a few inputs do not reach is taken out of it, and it is not kept if its answers hardly vary
(`probing`).
"""

import re
from random import Random

from . import probing
from .loops import INNER, LOOPS, Form
from .names import random_names
from .program import Program, indented
from .scope import Scope
from .templates import GROWTH, STEPS
from .values import Digits, Numbers, Small, Text, Values, Words

_RANGES = ((0, 9), (1, 9), (1, 99), (1, 99), (-9, 9), (-50, 50), (0, 30))
_ALPHABETS = ("abc", "abcd", "xyz", "aeioubcd", "01", "0123456789", "abAB", "pqrstu")
_COLLECTED = Numbers(0, 40)  # what a list of numbers may hold that a program has made
_MOST_DEPTH = 3
_OWN = re.compile(r"\{([A-Z]+)\}")


def draw(rng: Random) -> Program:
    """Return a program whose branches are all reached and whose answers vary."""
    while True:
        program = probing.tried(_Drawing(rng).program(), rng)
        if program is not None:
            return program


class _Drawing:
    """Draws one program.

    `subjects` has what its loops can be over, by name; `goal` is the variable that the answer is
    made of.
    """

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.names = random_names(rng)
        self.scope = Scope(rng, self.names)
        self.subjects: dict[str, Values] = {}
        self.goal = ""

    def program(self) -> Program:
        """Return the program, which may be a poor one."""
        rng = self.rng
        parameters = self._parameters()
        body = self._accumulators()
        body += self._loop(parameters[0][0])
        if rng.random() < 0.4:
            self.subjects |= self._collected()
            if self.subjects:
                body += self._loop(rng.choice(list(self.subjects)))
        function = self._function(parameters[0][1])
        return Program(function, tuple(parameters), tuple(body), self._result())

    # Parameters and variables

    def _parameters(self) -> list[tuple[str, Values]]:
        """Draw the parameters, the first of which is what the first loop is over."""
        rng, scope = self.rng, self.scope
        makers = (self._numbers, self._text, self._words, Digits)
        first: Values = rng.choices(makers, (10, 5, 3, 3))[0]()
        parameters: list[tuple[str, Values]] = [(next(self.names), first)]
        if isinstance(first, Text | Words):
            scope.alphabet = first.alphabet
        kind = rng.random()
        if kind < 0.3:
            small = Small(*rng.choice(((1, 9), (2, 5), (0, 20))))
            parameters.append((next(self.names), small))
            scope.ranges[parameters[-1][0]] = (small.low, small.high)
        elif kind < 0.6 and not isinstance(first, Digits):
            parameters.append((next(self.names), first))
            if rng.random() < 0.5:
                self._changeable(first).append(parameters[-1][0])
        self.subjects = {name: values for name, values in parameters if values.measure}
        return parameters

    def _changeable(self, values: Values) -> list[str]:
        """Return where the scope has the variables of such values that may be changed."""
        if isinstance(values, Text):
            return self.scope.texts
        return self.scope.lists if isinstance(values, Numbers) else self.scope.collected

    def _numbers(self) -> Values:
        return Numbers(*self.rng.choice(_RANGES))

    def _text(self) -> Values:
        return Text(self.rng.choice(_ALPHABETS))

    def _words(self) -> Values:
        return Words(self.rng.choice(_ALPHABETS))

    def _accumulators(self) -> list[str]:
        """Draw the variables that collect something; return the lines that begin them."""
        rng, scope = self.rng, self.scope
        first = next(iter(self.subjects.values()))
        kinds = ["number", "number", "list"]
        if isinstance(first, Text):
            kinds = ["number", "text", "text"]
        elif isinstance(first, Words):
            kinds = ["number", "text", "words"]
        lines = []
        for kind in rng.sample(kinds, rng.choice((2, 2, 3))):
            name = next(self.names)
            if kind == "number":
                scope.totals.append(name)
                start = rng.choice(("0", "0", "0", "1", str(rng.randint(2, 20))))
            elif kind == "text":
                scope.texts.append(name)
                start = "''"
            else:
                (scope.lists if kind == "list" else scope.collected).append(name)
                start = "[]"
            lines.append(f"{name} = {start}")
        self.goal = rng.choice(scope.changeable)
        return lines

    def _collected(self) -> dict[str, Values]:
        """Return what there is to loop over when the first loop is done."""
        scope = self.scope
        return {
            **dict.fromkeys(scope.lists, _COLLECTED),
            **dict.fromkeys(scope.texts, Text(scope.alphabet)),
            **dict.fromkeys(scope.collected, Words(scope.alphabet)),
        }

    # Loops

    def _loop(self, name: str) -> list[str]:
        """Draw a loop over a subject."""
        rng, values = self.rng, self.subjects[name]
        others = [
            other
            for other, its in self.subjects.items()
            # The body must be left something to change.
            if type(its) is type(values)
            and other != name
            and {*self.scope.changeable} - {name, other}
        ]
        form = rng.choice([f for f in LOOPS if type(values) in f.over and (others or not f.pairs)])
        put = {"L": name}
        if form.pairs:
            put["M"] = rng.choice(others)
        inner = self.scope.inner()
        for subject in put.values():
            inner.freeze(subject)
            if form.takes:
                del self.subjects[subject]
        return self._around(form, put, values, inner)

    def _inner_loop(self, scope: Scope) -> list[str]:
        """Draw a loop within a loop, of a few rounds."""
        form = self.rng.choice([f for f in INNER if scope.has(f.uses)])
        put = {hole.upper(): scope.fill(f"{{{hole}}}") for hole in form.uses}
        inner = scope.inner()
        for name in put.values():
            inner.freeze(name)
        if not inner.changeable:
            return self._step(scope)
        values: Values = Text(scope.alphabet) if Text in form.over else _COLLECTED
        return self._around(form, put, values, inner)

    def _around(self, form: Form, put: dict[str, str], values: Values, inner: Scope) -> list[str]:
        """Return the lines of a loop; `inner` is the scope of its body, before it adds to it."""
        for name in form.names:
            put[name] = next(self.names)
        for item in form.items:
            _add_item(inner, item.format_map(put), values)
        for index in form.indexes:
            inner.ranges[index.format_map(put)] = (0, 6)
        inner.may_continue = not form.last
        body = self._block(inner)
        if inner.depth == 1 and self.goal in inner.changeable:
            body = self._growing(body, inner)
        if form.last:
            last = _OWN.sub(lambda hole: put[hole[1]], form.last)
            body += inner.fill(last).split("\n")
        return [*form.head.format_map(put).split("\n"), *indented(body)]

    def _growing(self, body: list[str], scope: Scope) -> list[str]:
        """Return a body to which a step is added by which the goal grows."""
        rng = self.rng
        kind = next(kind for kind in GROWTH if self.goal in getattr(scope, kind))
        step = [scope.draw(GROWTH[kind]).replace("{G}", self.goal)]
        if rng.random() < 0.5:
            step = [f"if {scope.fill('{q}')}:", *indented(step)]
        return [*step, *body] if rng.random() < 0.5 else [*body, *step]

    # Statements

    def _block(self, scope: Scope) -> list[str]:
        """Draw the statements of a block."""
        rng = self.rng
        lines: list[str] = []
        size = rng.choice((1, 2, 2, 3, 3) if scope.depth == 1 else (1, 1, 2))
        for _ in range(size):
            chance = rng.random()
            if chance < 0.4 and scope.depth < _MOST_DEPTH:
                lines += self._if(scope)
            elif chance < 0.5 and scope.depth == 1:
                lines += self._inner_loop(scope)
            else:
                lines += self._step(scope)
        return lines

    @staticmethod
    def _step(scope: Scope) -> list[str]:
        return scope.draw(STEPS).split("\n")

    def _if(self, scope: Scope) -> list[str]:
        """Draw an ``if``."""
        rng = self.rng
        lines = [f"if {scope.fill('{q}')}:"]
        chance = rng.random()
        if chance < 0.06:
            jump = rng.choice(("break", "continue")) if scope.may_continue else "break"
            step = self._step(scope) if rng.random() < 0.5 else []
            return [*lines, *indented([*step, jump])]
        lines += indented(self._block(scope.inner()))
        if chance < 0.25:
            lines += [f"elif {scope.fill('{q}')}:", *indented(self._block(scope.inner()))]
        if chance < 0.6:
            lines += ["else:", *indented(self._block(scope.inner()))]
        return lines

    # The end

    def _result(self) -> str:
        """Draw what is returned: the goal, or something made of it."""
        if self.rng.random() < 0.75:
            return self.goal
        made: tuple[str, ...] = ("{G}[::-1]", "len({G})", "{G}[1:]", "{G} + {G}[:1]")
        if self.goal in self.scope.totals:
            made = (
                "{G} % 10",
                "{G} + {c}",
                "{G} * {c}",
                "{G} - {t}",
                "{G} + len({xs})",
                "[{G}, {t}]",
            )
        elif self.goal in self.scope.texts:
            made = ("{G}[::-1]", "{G} + {k}", "len({G})", "{G} + str({t})", "{G}[1:]")
        return self.scope.draw(made).replace("{G}", self.goal)

    @staticmethod
    def _function(first: Values) -> str:
        noun = {Numbers: "list", Text: "string", Words: "words", Digits: "number"}[type(first)]
        return f"process_{noun}"


def _add_item(scope: Scope, item: str, values: Values) -> None:
    """Add what a loop has at hand to what its body may read."""
    if isinstance(values, Numbers | Small):
        scope.ranges[item] = (values.low, values.high)
    elif isinstance(values, Digits):
        scope.ranges[item] = (0, 9)
    elif isinstance(values, Text):
        scope.letters.append(item)
    elif isinstance(values, Words):
        scope.words.append(item)
        scope.letters += [f"{item}[0]", f"{item}[-1]"]
