"""The texts of the variables of a rule, kept by the code that is made for it.

Each variable has a *holder*, which holds its text; of words, without the quotes, for that costs
nothing. It is set anew only by a statement that changes the variable; `append`, `insert` and `pop`
only mend the text of their list. `rfft.tracer.compiled.proof` proves that this is right.
"""

import ast
from collections.abc import Sequence

from ..plan.statements import Statement
from ..values.show import show
from .formats import PREFIX as _P
from .formats import Code, Text, code_of
from .proof import Shapes
from .shapes import DATA, NUMBERS, WORD, Shape, Unproved, has_plain_repr


class Kept:
    """Makes the code that keeps texts, line by line."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.unquoted = {n for n, shape in shapes.env.items() if shape == WORD}
        self.lines: list[str] = []
        self.indent = 1
        self.temporaries = 0
        self.texts: dict[str, Text] = {}  # the newest text of each variable
        self.flags: set[str] = set()  # the variables that tell whether an object has changed
        self.kept: dict[str, str] = {}  # texts saved that are still those of their variables

    def emit(self, line: str) -> None:
        """Add a line of code; a line break in it stands inside brackets or a string."""
        self.lines.append(" " * self.indent + line)

    def save(self, text: str) -> str:
        """Keep the text of a variable that is about to change."""
        if text not in self.kept:
            self.kept[text] = self.temporary(text)
        return self.kept[text]

    def temporary(self, code: Code) -> str:
        """Put a value into a variable of its own."""
        self.temporaries += 1
        name = f"{_P}s{self.temporaries}"
        self.emit(f"{name} = {code}")
        return name

    def changing(self, texts: Sequence[str]) -> None:
        """Note that texts are about to change, so that what is not written yet keeps its own."""
        for text in texts:
            self.kept.pop(text, None)

    def mendable(self, s: Statement) -> ast.Call | None:
        """Return the call of a method that is all a statement does, on a list that it changes."""
        if not isinstance(s.node, ast.Expr | ast.Assign):
            return None
        call, (name,) = s.node.value, s.touched
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id == name
            and name in s.watched
            and name not in s.targets
            and self.shapes.env.get(name, DATA)[0] == "list"
        ):
            return call
        return None

    def mend(self, s: Statement, name: str, call: ast.Call) -> tuple[ast.expr | None, Code] | None:
        """Return what to keep of a call on a list and how to mend the list's text with it."""
        assert isinstance(call.func, ast.Attribute)
        args = call.args
        at = args[0].value if args and isinstance(args[0], ast.Constant) else ...
        if call.func.attr == "append" and len(args) == 1:
            how, (kept, item) = "appended", self.kept_item(args[0])
        elif call.func.attr == "insert" and len(args) == 2 and at == 0:
            how, (kept, item) = "inserted", self.kept_item(args[1])
        elif call.func.attr == "pop" and (not args or at == 0):
            how, kept = "popped" if args else "popped_last", call
            node = s.node
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                kept, item = None, self.text(node.targets[0].id)
            else:
                item = ["", self.format(f"{_P}p", self.shapes.env[name][1] or DATA), ""]
        else:
            return None
        return kept, f"{text_of(name)} = {_P}{how}({text_of(name)}, {code_of(item)})"

    def kept_item(self, node: ast.expr) -> tuple[ast.expr | None, Text]:
        """Return what to keep of an item put into a list, and its text."""
        if isinstance(node, ast.Name) and node.id in self.shapes.env:
            return None, self.text(node.id)
        return node, ["", self.format(f"{_P}p", self.shapes.of(node)), ""]

    def refresh(self, s: Statement, changes: list[str], mended: Code | None) -> Code:
        """Make the texts of changed variables anew; return the code for "something has changed"."""
        targets = s.targets
        if targets:
            literal = s.constant and len(targets) == 1 and self.literal(s)
            if literal:
                self.emit(f"{text_of(targets[0])} = {literal}")
            else:
                for name in targets:
                    self.remake(name)
        if mended is not None:
            self.emit(mended)
            return "True"
        flags = []
        for name in changes:
            if name not in targets:
                flag, text = f"{_P}c{s.id}_{name}", text_of(name)
                self.flags.add(flag)
                self.emit(f"{flag} = {text}")
                self.remake(name)
                self.emit(f"{flag} = {flag} != {text}")
                flags.append(flag)
        return "True" if targets else f"({' or '.join(flags)})" if flags else "False"

    def literal(self, s: Statement) -> Code | None:
        """Return the code of the text of what an assignment of a simple literal binds."""
        value = s.node.value  # type: ignore[attr-defined]
        if isinstance(value, ast.List) and not value.elts:
            return "'[]'"
        if not isinstance(value, ast.Constant):
            return None
        return repr(value.value if s.targets[0] in self.unquoted else show(value.value))

    def remake(self, name: str) -> None:
        """Make the text of a variable anew."""
        code = name
        if name not in self.unquoted:
            code = self.format(name, self.shapes.env.get(name, DATA))
        self.emit(f"{text_of(name)} = {code}")

    def format(self, code: Code, shape: Shape) -> Code:
        """Return the code of the text of a value."""
        if shape in NUMBERS:
            return f"'%s' % ({code},)"
        return f"'%r' % ({code},)" if has_plain_repr(shape) else f"{_P}show({code})"

    def text(self, name: str, holder: str = "") -> Text:
        """Return the text of a variable, kept in the variable `holder` if it is not its newest."""
        if not holder:
            known = self.texts.get(name)
            if known is None:
                known = self.texts[name] = self.text(name, text_of(name))
            return known
        if name in self.unquoted:
            return ["'", holder, "'"]
        if name not in self.shapes.env and name not in self.shapes.constants:
            raise Unproved(f"the variable {name}")
        return ["", holder, ""]


def text_of(name: str) -> str:
    """Return the name under which the text of a variable is kept."""
    return f"{_P}t_{name}"


# How the text of a list changes with the list. Each function takes it and the text of the item.


def _appended(text: str, item: str) -> str:
    return f"{text[:-1]}, {item}]" if len(text) > 2 else f"[{item}]"


def _inserted(text: str, item: str) -> str:
    return f"[{item}, {text[1:]}" if len(text) > 2 else f"[{item}]"


def _popped(text: str, item: str) -> str:
    return f"[{text[len(item) + 3 :]}" if len(text) > len(item) + 2 else "[]"


def _popped_last(text: str, item: str) -> str:
    return f"{text[: -len(item) - 3]}]" if len(text) > len(item) + 2 else "[]"


MENDING = {f"{_P}{f.__name__[1:]}": f for f in (_appended, _inserted, _popped, _popped_last)}
"""The functions that the code calls."""
