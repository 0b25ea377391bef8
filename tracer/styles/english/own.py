"""What a module's own classes, or imported ones, may do in their own way.

The words for a method or an operator tell what it does to the built-in types. They hold for a value
whose type is not known only where no other type at hand has a method of that name.
"""

import ast
import builtins

from ...plan.source import walk


class Own:
    """The methods that objects of other than built-in types may have; `all` of them if unclear."""

    def __init__(self, tree: ast.Module) -> None:
        self.names: set[str] = set()
        self.all = False
        self.classes: set[str] = set()
        nodes = walk(tree)
        self.classes |= {n.name for n in nodes if isinstance(n, ast.ClassDef)}
        for node in nodes:
            if isinstance(node, ast.ClassDef):
                self.add_class(node)
            elif isinstance(node, ast.Attribute):
                if not isinstance(node.ctx, ast.Load):
                    self.names.add(node.attr)
                self.all = self.all or node.attr == "__dict__"
                self.add_patterns(node.attr)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                self.add_import(node)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                makes = node.func.id == "type" and len(node.args) > 1
                self.all = self.all or makes or node.func.id in ("exec", "setattr")
                if node.func.id == "namedtuple":
                    self.add_fields(node)

    def may(self, *names: str) -> bool:
        """Tell whether some object may have one of these methods that is no built-in type's."""
        return self.all or not self.names.isdisjoint(names)

    def add_class(self, node: ast.ClassDef) -> None:
        """Add the methods of a class."""
        known = {*_HARMLESS, *self.classes}
        bases = [b.value if isinstance(b, ast.Subscript) else b for b in node.bases]
        if node.keywords or not all(_name(b) in known for b in bases):
            self.all = True
        for mark in node.decorator_list:
            called = isinstance(mark, ast.Call)
            name = _name(mark.func if isinstance(mark, ast.Call) else mark)
            if name == "total_ordering" or (name == "dataclass" and called):
                self.names |= _ORDER
            elif name not in ("dataclass", "final", "unique"):
                self.all = True
        for n in walk(*node.body):
            if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self.names.add(n.name)
            elif isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load):
                self.names.add(n.id)
            elif isinstance(n, ast.Import | ast.ImportFrom):
                self.names |= {(a.asname or a.name).partition(".")[0] for a in n.names}
        if not self.names.isdisjoint(("__getattr__", "__getattribute__")):
            self.all = True

    def add_import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Add the methods that may come with an imported module."""
        modules: list[str | None] = [node.module] if isinstance(node, ast.ImportFrom) else []
        for alias in node.names:
            if isinstance(node, ast.ImportFrom):
                self.add_patterns(alias.name)
            else:
                modules.append(alias.name)
        for module in modules:
            methods = MODULES.get(module or "")
            if methods is None:
                self.all = True
            else:
                self.names.update(methods.split())

    def add_patterns(self, name: str) -> None:
        """Add the methods of compiled patterns, if a name is of what makes them."""
        if name in ("compile", "re"):
            self.names.add("split")

    def add_fields(self, node: ast.Call) -> None:
        """Add the fields of a named tuple."""
        for n in walk(*node.args[1:]):
            if isinstance(n, ast.Constant) and isinstance(n.value, str):
                self.names.update(n.value.replace(",", " ").split())


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


_ORDER = {"__lt__", "__le__", "__gt__", "__ge__"}
_HARMLESS = {
    "object", "ABC", "Enum", "Generic", "IntEnum", "NamedTuple", "Protocol", "TypedDict",
    *(n for n, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, BaseException)),
}  # fmt: skip
MODULES = {  # those known, with the methods of their objects that are not as a built-in type's
    **dict.fromkeys(
        "__future__ abc argparse array base64 binascii bisect calendar cmath collections"
        " collections.abc contextlib copy csv dataclasses enum fractions functools glob hashlib"
        " heapq inspect io itertools json logging math numbers operator os os.path pickle pprint"
        " random re secrets statistics struct subprocess sys textwrap threading time timeit"
        " traceback typing typing_extensions unicodedata uuid warnings".split(),
        "",
    ),
    "asyncio": "get",
    "datetime": "replace __add__ __sub__ __mul__ __truediv__ __floordiv__ __mod__",
    "decimal": "__floordiv__ __mod__",
    "pathlib": "replace __truediv__ __rtruediv__",
    "queue": "get",
    "string": "format",
}
