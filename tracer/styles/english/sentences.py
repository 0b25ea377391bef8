"""Statements in words: a sentence for each, and one for the head of each block."""

import ast

from .levels import NOUN, enumeration
from .phrases import SYMBOLS, English
from .values import SEQUENCES
from .wordings import ORDINALS


class Sentences(English):
    """Puts statements into words."""

    def statement(self, node: ast.stmt) -> str:
        """Return the sentence of a statement; that of a compound one leads to its block."""
        if type(node) in _FIXED:
            return _FIXED[type(node)].format(enumeration(getattr(node, "names", ())))
        method = getattr(self, f"state_{type(node).__name__}", None)
        if method is None:  # newer syntax
            return f"Carry out: {ast.unparse(node)}"
        sentence: str = method(node)
        return sentence

    # Assignments

    def state_Assign(self, node: ast.Assign) -> str:
        targets, value = node.targets, node.value
        if len(targets) == 1:
            return self.set(targets[0], value)
        names = enumeration([self.operation(t) for t in targets])
        return f"Set {names} to {self.whole(value)}."

    def state_AnnAssign(self, node: ast.AnnAssign) -> str:
        if node.value is None:
            return f"Note that {self.operation(node.target)} is for {ast.unparse(node.annotation)}."
        return self.set(node.target, node.value)

    def set(self, target: ast.expr, value: ast.expr) -> str:
        """Return the sentence that gives a target a value."""
        if isinstance(target, ast.Tuple | ast.List):
            return self.unpack(target, value)
        name = self.operation(target)
        if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Slice):
            if ast.unparse(target.slice) == ":":
                return f"Replace all items of {self.atom(target.value)} by {self.whole(value)}."
            return f"Replace {name} by {self.whole(value)}."
        if isinstance(value, ast.IfExp):
            yes, no = self.branch(value.body), self.branch(value.orelse)
            return f"If {self.condition(value.test)}, set {name} to {yes}; otherwise, to {no}."
        said = self.whole(value)
        removed = said.removesuffix(" (which is removed)")
        if removed != said and isinstance(value, ast.Call):
            return f"Set {name} to {removed} and remove it there."
        if isinstance(value, ast.Yield):
            given = f"Give out {self.whole(value.value)}" if value.value else "Pause"
            return f"{given} and set {name} to what is sent in."
        return f"Set {name} to {said}."

    def branch(self, node: ast.expr) -> str:
        """Return one of the values of a conditional expression."""
        return self.operation(node) if isinstance(node, ast.IfExp) else self.whole(node)

    def unpack(self, target: ast.Tuple | ast.List, value: ast.expr) -> str:
        """Return the sentence that gives several targets their values."""
        names = [self.operation(t) for t in target.elts]
        simple = not any(isinstance(t, ast.Starred) for t in target.elts)
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(names) and simple:
            values = value.elts
            if len(names) == 2 and names == [self.operation(v) for v in reversed(values)]:
                return f"Swap {names[0]} and {names[1]}."
            pairs = [f"{n} to {self.operation(v)}" for n, v in zip(names, values, strict=True)]
            return f"At the same time, set {enumeration(pairs)}."
        return f"Unpack {self.operation(value)} into {enumeration(names)}."

    def state_AugAssign(self, node: ast.AugAssign) -> str:
        name, value = self.operation(node.target), self.given_in(node.value)
        target, operator = _load(node.target), type(node.op)
        made = ast.BinOp(target, node.op, node.value)
        if not self.kinds.operates(target, node.op, node.value):
            return f"Carry out {name} {SYMBOLS[operator]}= {self.atom(node.value)}."
        kind = self.kinds.of(made)
        of = kind.name if kind is not None else ""
        if operator is ast.Add and (of not in SEQUENCES or of == "text"):
            return f"{'Append' if of == 'text' else 'Add'} {value} to {name}."
        if operator is ast.Add and of == "list":  # as only lists can be added to
            return f"Append {self.added(node.value)} to {name}."
        if operator is ast.Sub and of != "set":
            return f"Subtract {value} from {name}."
        if operator is ast.Mult and of in SEQUENCES:
            return f"Repeat {name} {value} times."
        if operator is ast.Mult:
            return f"Multiply {name} by {value}."
        if operator in _AUGMENTED:
            return f"{_AUGMENTED[operator].format(name, value)}."
        return f"Set {name} to {self.say_BinOp(made).text}."

    def added(self, node: ast.expr) -> str:
        """Return what is added to a list by adding a collection to it."""
        shown = node.elts if isinstance(node, ast.List | ast.Tuple) else []
        if shown and not any(isinstance(e, ast.Starred) for e in shown):
            return self.listed(shown)
        return self.of_items("the items of {0}", [node]).text

    def given_in(self, node: ast.expr) -> str:
        """Return an expression in words where more of the sentence follows: "Add … to total"."""
        text, level = self.phrase(node)
        closed = isinstance(node, ast.Call) and text.endswith("(which is removed)")
        return text if level >= NOUN or closed else f"({text})"

    # Other simple statements

    def state_Expr(self, node: ast.Expr) -> str:
        value = node.value
        if isinstance(value, ast.Constant):
            return "Do nothing."
        if isinstance(value, ast.NamedExpr):
            return self.set(value.target, value.value)
        if isinstance(value, ast.Yield):
            return f"Give out {self.whole(value.value) if value.value else 'None'}."
        if isinstance(value, ast.YieldFrom):
            return f"Give out the items of {self.noun(value.value)}, one after the other."
        if isinstance(value, ast.Await):
            return f"Wait for {self.noun(value.value)}."
        if isinstance(value, ast.Call):
            return self.do(value)
        return f"Work out {self.whole(value)}."

    def do(self, node: ast.Call) -> str:
        """Return the sentence of a call whose result is not used."""
        function, arguments = node.func, node.args
        plain = not any(isinstance(a, ast.Starred) for a in arguments)
        if isinstance(function, ast.Attribute) and plain:
            said = self.do_method(function, arguments, node.keywords)
            if said is not None:
                return said
        name = function.id if isinstance(function, ast.Name) else ""
        if name == "print" and self.kinds.built_in(name) and not node.keywords:
            return f"Print {self.listed(arguments) or 'an empty line'}."
        alone = len(arguments) == 1 and not node.keywords
        given = self.operation(arguments[0]) if alone else self.given(node)
        return f"Call {self.operation(function)}{f' with {given}' if given else ''}."

    def do_method(
        self, function: ast.Attribute, arguments: list[ast.expr], keywords: list[ast.keyword]
    ) -> str | None:
        """Return the sentence of a call of a method whose result is not used."""
        base, name = function.value, function.attr
        template = self.words("statement", base, name, len(arguments))
        if template is None or (keywords and name != "sort"):
            return None
        if name == "sort":
            return f"Sort {self.operation(base)}{self.order(keywords)}."
        if name == "extend":
            return f"Append {self.added(arguments[0])} to {self.noun(base)}."
        if name == "insert" and _is_zero(arguments[0]):
            template = "Insert {2} at the front of {0}"
        if name == "pop" and arguments and "index" in template:
            ordinal = ORDINALS.get(ast.unparse(arguments[0]))
            template = f"Remove the {ordinal} item from {{0}}" if ordinal else template
        say = self.given_in if len(arguments) == 1 else self.atom
        if "index" in template or "key" in template:
            say = self.atom
        return f"{template.format(self.noun(base), *map(say, arguments))}."

    def state_Return(self, node: ast.Return) -> str:
        value = node.value
        if value is None:
            return "Return None."
        if isinstance(value, ast.IfExp):
            yes, no = self.branch(value.body), self.branch(value.orelse)
            return f"If {self.condition(value.test)}, return {yes}; otherwise, return {no}."
        return f"Return {self.whole(value)}."

    def state_Delete(self, node: ast.Delete) -> str:
        return f"Delete {enumeration([self.operation(t) for t in node.targets])}."

    def state_Assert(self, node: ast.Assert) -> str:
        message = f" with {self.operation(node.msg)}" if node.msg is not None else ""
        said = f"Make sure that {self.condition(node.test)}"
        return f"{said}; if not, raise an AssertionError{message}."

    def state_Raise(self, node: ast.Raise) -> str:
        if node.exc is None:
            return "Raise the exception again."
        given = ""
        exception = named = node.exc
        if isinstance(exception, ast.Call) and _is_class(exception.func):
            named, given = exception.func, self.given(exception)
        said = article(self.operation(named)) if _is_class(named) else self.operation(named)
        said += f" with {given}" if given else ""
        cause = f", caused by {self.operation(node.cause)}" if node.cause else ""
        return f"Raise {said}{cause}."

    def state_Import(self, node: ast.Import) -> str:
        return f"Import {_names(node.names)}."

    def state_ImportFrom(self, node: ast.ImportFrom) -> str:
        return f"Import {_names(node.names)} from {'.' * node.level}{node.module or ''}."

    def state_TypeAlias(self, node: ast.stmt) -> str:
        name, value = node.name, node.value  # type: ignore[attr-defined]
        return f"Let {self.operation(name)} be a name for the type {ast.unparse(value)}."

    # Heads of blocks

    def state_If(self, node: ast.If) -> str:
        return f"If {self.condition(node.test)}:"

    def state_While(self, node: ast.While) -> str:
        if is_true(node.test):
            return "Repeat until the loop is left:"
        return f"Repeat while {self.condition(node.test)}:"

    def state_For(self, node: ast.For | ast.AsyncFor) -> str:
        return f"For each {self.each(node.target, node.iter)}:"

    def state_AsyncFor(self, node: ast.AsyncFor) -> str:
        return f"For each awaited {self.each(node.target, node.iter)}:"

    def state_With(self, node: ast.With | ast.AsyncWith) -> str:
        held = []
        for item in node.items:
            name = f" as {self.operation(item.optional_vars)}" if item.optional_vars else ""
            held.append(f"{self.noun(item.context_expr)}{name}")
        awaited = "awaited " if isinstance(node, ast.AsyncWith) else ""
        return f"With {awaited}{enumeration(held)}:"

    state_AsyncWith = state_With

    def state_Match(self, node: ast.Match) -> str:
        return f"Take the first case that fits {self.operation(node.subject)}:"

    def state_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        kind = "asynchronous function" if isinstance(node, ast.AsyncFunctionDef) else "function"
        return f"Define the {kind} {self.head(node)}{self.decorated(node)}:"

    state_AsyncFunctionDef = state_FunctionDef

    def state_ClassDef(self, node: ast.ClassDef) -> str:
        bases = [self.operation(b) for b in node.bases]
        for k in node.keywords:
            value = self.operation(k.value)
            bases.append(f"{k.arg} = {value}" if k.arg else f"the pairs of {value}")
        kind = f" based on {enumeration(bases)}" if bases else ""
        return f"Define the class {node.name}{kind}{self.decorated(node)}:"

    def head(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """Return a function's name with its parameters."""
        given = self.given_to(node)
        return f"{node.name} of {enumeration(given)}" if given else node.name

    def given_to(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
        """Return a function's parameters, but for the object that it is a method of."""
        a = node.args
        names = [p.arg for p in (*a.posonlyargs, *a.args)]
        defaults = [*[None] * (len(names) - len(a.defaults)), *a.defaults]
        given = [self.with_default(*pair) for pair in zip(names, defaults, strict=True)]
        given = given[names[:1] in (["self"], ["cls"]) :]
        given += [f"any further items {a.vararg.arg}"] if a.vararg else []
        given += map(self.with_default, [p.arg for p in a.kwonlyargs], a.kw_defaults)
        return given + ([f"any further named items {a.kwarg.arg}"] if a.kwarg else [])

    def with_default(self, name: str, default: ast.expr | None) -> str:
        return f"{name} ({self.operation(default)} if not given)" if default else name

    def decorated(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
        """Return a definition's decorators in words."""
        names = [self.operation(d) for d in node.decorator_list]
        return f", decorated with {enumeration(names)}" if names else ""

    def handler(self, node: ast.ExceptHandler, group: bool) -> str:
        """Return the head of an ``except``."""
        if node.type is None:
            return "If they raise any exception:"
        types = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        name = f", called {node.name}" if node.name else ""
        words = enumeration([self.operation(t) for t in types], "or")
        return f"If they raise {'a group with ' if group else ''}{words}{name}:"

    def case(self, node: ast.match_case) -> str:
        """Return the head of a ``case``."""
        guard = self.condition(node.guard) if node.guard is not None else ""
        if isinstance(node.pattern, ast.MatchAs) and node.pattern.pattern is None:
            name = f", with {node.pattern.name} for it" if node.pattern.name else ""
            return f"In any other case{name}{f', if {guard}' if guard else ''}:"
        return f"If it {self.pattern(node.pattern)}{f' and {guard}' if guard else ''}:"

    def pattern(self, node: ast.pattern) -> str:
        """Return what a value must do to fit a pattern."""
        if isinstance(node, ast.MatchValue):
            return f"is equal to {self.operation(node.value)}"
        if isinstance(node, ast.MatchSingleton):
            return f"is {node.value}"
        if isinstance(node, ast.MatchOr):
            return " or ".join(map(self.pattern, node.patterns))
        if isinstance(node, ast.MatchAs) and node.pattern is not None:
            return f"{self.pattern(node.pattern)} (call it {node.name})"
        if isinstance(node, ast.MatchClass) and not (node.patterns or node.kwd_patterns):
            return f"is an instance of {self.operation(node.cls)}"
        return f"has the form {ast.unparse(node)}"


def article(name: str) -> str:
    """Return a name with the article that it takes."""
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


def _is_class(node: ast.expr) -> bool:
    """Tell whether an expression is a name that looks like that of a class."""
    return isinstance(node, ast.Name) and node.id[0].isupper()


def is_true(node: ast.expr) -> bool:
    """Tell whether a condition is a constant that is true."""
    return isinstance(node, ast.Constant) and bool(node.value)


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == 0


def _names(aliases: list[ast.alias]) -> str:
    names = [f"{a.name} as {a.asname}" if a.asname else a.name for a in aliases]
    return "everything" if names == ["*"] else enumeration(names)


def _load(node: ast.expr) -> ast.expr:
    """Return a target as an expression that is read."""
    return (
        ast.parse(ast.unparse(node), mode="eval").body if not isinstance(node, ast.Name) else node
    )


_AUGMENTED: dict[type[ast.operator], str] = {
    ast.Div: "Divide {0} by {1}",
    ast.FloorDiv: "Divide {0} by {1}, rounding down",
    ast.Pow: "Raise {0} to the power of {1}",
    ast.LShift: "Shift {0} left by {1} bits",
    ast.RShift: "Shift {0} right by {1} bits",
}
_FIXED: dict[type[ast.stmt], str] = {  # with the names that they declare
    ast.Global: "Take {} from the names of the whole program.",
    ast.Nonlocal: "Take {} from the function around this one.",
    ast.Pass: "Do nothing.",
    ast.Try: "Try these steps:",
    ast.TryStar: "Try these steps:",
}
