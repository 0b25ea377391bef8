"""The lines of the code that is made for a rule, and the texts of the rule's variables in it.

Each variable has a *holder*, which holds its text; of words, without the quotes, for that costs
nothing. It is set anew only by a statement that changes the variable; `append`, `insert` and `pop`
only mend the text of their list. `rfft.tracer.compiled.proof` proves that this is right.
"""

import ast
from collections.abc import Iterable

from ..plan.statements import Statement
from ..values.show import show
from .expressions import Shapes
from .formats import PREFIX as _P
from .formats import Code, Text, code_of
from .shapes import DATA, INT, NUMBERS, WORD, Shape, Unproved, has_plain_repr

_TABLE = tuple(map(str, range(1000)))


class Texts:
    """Takes the code line by line, and says how it makes and keeps texts of variables.

    Where small ints are `tabled`, code takes longer to compile and less to run.
    """

    def __init__(self, shapes: Shapes, tabled: bool = False) -> None:
        self.shapes = shapes
        self.tabled = tabled
        self.lines: list[str] = []
        self.unquoted = {n for n, shape in shapes.env.items() if shape == WORD}
        self._indent = 1
        self._block_starts: list[int] = []  # of the blocks around the code at hand: their lines
        self._temporaries = 0
        self._newest: dict[str, Text] = {}  # the newest text of each variable
        self._copies: dict[str, str] = {}  # holder -> the variable that has the same text
        self._flags: set[str] = set()  # the variables that tell whether an object has changed

    # Lines

    def emit(self, line: str) -> None:
        """Add a line of code; a line break in it stands inside brackets or a string."""
        self.lines.append(" " * self._indent + line)

    def begin(self, head: str) -> None:
        """Begin a block."""
        self.emit(head)
        self._indent += 1
        self._copies.clear()
        self._block_starts.append(len(self.lines))

    def end(self) -> None:
        """End a block."""
        if self._block_starts.pop() == len(self.lines):
            self.emit("pass")
        self._indent -= 1
        self._copies.clear()

    def temporary(self, code: Code) -> str:
        """Put a value into a variable of its own."""
        self._temporaries += 1
        name = f"{_P}s{self._temporaries}"
        self.emit(f"{name} = {code}")
        return name

    # Copies of texts that are about to change

    def copy(self, holder: str) -> str:
        """Return the variable that goes on having the text of a holder."""
        if holder not in self._copies:
            self._copies[holder] = self.temporary(holder)
        return self._copies[holder]

    def changing(self, holders: Iterable[str]) -> None:
        """Note that texts are about to change: copies of them are no longer the newest."""
        for holder in holders:
            self._copies.pop(holder, None)

    # Texts

    def text(self, name: str, holder: str = "") -> Text:
        """Return the text of a variable: what `holder` has, or its newest one."""
        if not holder:
            known = self._newest.get(name)
            if known is None:
                known = self._newest[name] = self.text(name, text_of(name))
            return known
        if name in self.unquoted:
            return ["'", holder, "'"]
        if name not in self.shapes.env and name not in self.shapes.constants:
            raise Unproved(f"the variable {name}, of which nothing is known")
        return ["", holder, ""]

    def format(self, code: Code, shape: Shape) -> Code:
        """Return the code of the text of a value."""
        if shape in NUMBERS:
            text = f"'%s' % ({code},)"
            if self.tabled and shape == INT and code.isidentifier():
                return f"({_P}texts[{code}] if -1 < {code} < {len(_TABLE)} else {text})"
            return text
        return f"'%r' % ({code},)" if has_plain_repr(shape) else f"{_P}show({code})"

    def remake(self, name: str) -> None:
        """Make the text of a variable anew."""
        code = name
        if name not in self.unquoted:
            code = self.format(name, self.shapes.env.get(name, DATA))
        self.emit(f"{text_of(name)} = {code}")

    def refresh(self, s: Statement, changes: list[str], mending: Code | None) -> Code:
        """Make the texts of changed variables anew; return the code for "something has changed"."""
        targets = s.targets
        literal = s.constant and len(targets) == 1 and self._literal(s)
        if literal:
            self.emit(f"{text_of(targets[0])} = {literal}")
        else:
            for name in targets:
                self.remake(name)
        if mending is not None:
            self.emit(mending)
            return "True"
        flags = []
        for name in changes:
            if name not in targets:
                flag, text = f"{_P}c{s.id}_{name}", text_of(name)
                self._flags.add(flag)
                self.emit(f"{flag} = {text}")
                self.remake(name)
                self.emit(f"{flag} = {flag} != {text}")
                flags.append(flag)
        return "True" if targets else f"({' or '.join(flags)})" if flags else "False"

    def changed(self, s: Statement, did_change: Code) -> list[tuple[str, Code]]:
        """Return the variables that a statement changes in place, each with its condition."""
        names = [n for n in s.watched if n in s.touched and n not in s.targets]
        if len(names) == 1 and not s.targets:
            return [(names[0], did_change)]
        flags = [(n, f"{_P}c{s.id}_{n}") for n in names]
        return [(name, flag if flag in self._flags else "True") for name, flag in flags]

    def _literal(self, s: Statement) -> Code | None:
        """Return the code of the text of what an assignment of a simple literal binds."""
        value = s.node.value  # type: ignore[attr-defined]
        if isinstance(value, ast.List) and not value.elts:
            return "'[]'"
        if not isinstance(value, ast.Constant):
            return None
        return repr(value.value if s.targets[0] in self.unquoted else show(value.value))

    # The texts of lists

    def mended(self, s: Statement) -> tuple[ast.expr | None, Code] | None:
        """Return how to mend a text if all that a statement does is to change a list by a method.

        That is the part of the statement whose value is needed, if any, in the variable ``PART``,
        and the code to run after the statement.
        """
        if not (isinstance(s.node, ast.Expr | ast.Assign) and len(s.touched) == 1):
            return None
        call, (name,) = s.node.value, s.touched
        if not (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id == name
            and name in s.watched
            and name not in s.targets
            and self.shapes.env.get(name, DATA)[0] == "list"
        ):
            return None
        args = call.args
        at = args[0].value if args and isinstance(args[0], ast.Constant) else ...
        part: ast.expr | None
        if call.func.attr == "append" and len(args) == 1:
            how, (part, item) = "appended", self._item(args[0])
        elif call.func.attr == "insert" and len(args) == 2 and at == 0:
            how, (part, item) = "inserted", self._item(args[1])
        elif call.func.attr == "pop" and (not args or at == 0):
            how, part = "popped" if args else "popped_last", call
            node = s.node
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                part, item = None, self.text(node.targets[0].id)
            else:
                item = ["", self.format(PART, self.shapes.env[name][1] or DATA), ""]
        else:
            return None
        return part, f"{text_of(name)} = {_P}{how}({text_of(name)}, {code_of(item)})"

    def _item(self, node: ast.expr) -> tuple[ast.expr | None, Text]:
        """Return the part that is needed of an item put into a list, and the item's text."""
        if isinstance(node, ast.Name) and node.id in self.shapes.env:
            return None, self.text(node.id)
        return node, ["", self.format(PART, self.shapes.of(node)), ""]


PART = f"{_P}p"


def text_of(name: str) -> str:
    """Return the name of the holder of a variable's text."""
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


NAMES = {
    **{f"{_P}{f.__name__[1:]}": f for f in (_appended, _inserted, _popped, _popped_last)},
    f"{_P}show": show,
    f"{_P}sum": sum,
    f"{_P}texts": _TABLE,
}
"""What the code calls, by the names under which it does."""
