"""What kind of value an expression has, as far as annotations and assignments tell.

Words depend on it: ``a + b`` is "a plus b" of numbers and "a followed by b" of texts; ``while a:``
asks whether a number "is not 0" or a list "is not empty". None stands for a kind that is not known;
the words are then such that fit any.
"""

import ast
from dataclasses import dataclass

from ..source import walk


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value; `item` is that of its items (of a dictionary's values)."""

    name: str
    item: "Kind | None" = None
    key: "Kind | None" = None


NUMBER, TEXT, BOOL, NONE = Kind("number"), Kind("text"), Kind("bool"), Kind("none")
SEQUENCES = ("text", "list", "tuple")
SIZED = (*SEQUENCES, "set", "dict")


class Kinds:
    """The kinds of the variables below a syntax node; `around` has those of the outer names."""

    def __init__(self, root: ast.AST, around: "Kinds | None" = None) -> None:
        self.found: dict[str, list[Kind | None]] = {}  # by the places that bind a name
        self.hints: dict[str, set[Kind]] = {}  # by the uses of a name
        self.grown: dict[str, set[Kind]] = {}  # by what is put into a list
        self.kinds: dict[ast.expr, Kind | None] = {}  # of expressions that were asked for
        self.known: dict[str, Kind | None] = {} if around is None else dict(around.known)
        self.bound: set[str] = set() if around is None else set(around.bound)
        self.modules: set[str] = set() if around is None else set(around.modules)
        if around is None:
            assert isinstance(root, ast.Module)
            nodes: list[ast.AST] = []
            for statement in root.body:  # of definitions, the names alone
                if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    self.bind(statement.name, None)
                else:
                    nodes += walk(statement)
        else:
            nodes = walk(root)
        for _ in range(2):  # a name may be used above the place where its kind shows
            self.found.clear()
            self.hints.clear()
            self.grown.clear()
            self.kinds.clear()
            for node in nodes:
                self.visit(node)
            for name, kinds in self.found.items():
                known = {k for k in kinds if k is not None}
                if None in kinds:  # then the uses must tell
                    hints = self.hints.get(name, set())
                    known = known | hints if hints else set()
                if any(k.name == "list" for k in known):
                    known |= self.grown.get(name, set())
                self.known[name] = _common(known)
        self.kinds.clear()

    def bind(self, name: str, kind: Kind | None) -> None:
        """Note a place that gives a name a value."""
        self.bound.add(name)
        if self.known.get(name) is None:
            self.known[name] = kind
        self.found.setdefault(name, []).append(kind)

    def visit(self, node: ast.AST) -> None:
        """Note the names that a node binds."""
        if isinstance(node, ast.Assign):
            kind = self.of(node.value)
            for target in node.targets:
                self.assign(target, kind, node.value)
        elif isinstance(node, ast.AnnAssign):
            if isinstance(node.target, ast.Name):
                self.bind(node.target.id, annotated(node.annotation))
        elif isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Name):
                self.bound.add(node.target.id)
            if not isinstance(node.op, ast.Mult) and self.of(node.value) == NUMBER:
                self.hint(node.target, NUMBER)
        elif isinstance(node, ast.NamedExpr):
            self.assign(node.target, self.of(node.value), node.value)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            self.loop(node.target, node.iter)
        elif isinstance(node, ast.arg):
            self.bind(node.arg, annotated(node.annotation) if node.annotation else None)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = {(a.asname or a.name).partition(".")[0] for a in node.names}
            self.bound |= names
            if isinstance(node, ast.Import):
                self.modules |= names
        elif isinstance(node, ast.withitem):
            if node.optional_vars is not None:
                self.assign(node.optional_vars, None, None)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.bind(node.name, None)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            if node.name is not None:
                self.bind(node.name, None)
        elif isinstance(node, ast.Compare):
            for side, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
                if isinstance(node.ops[0], _ORDER) and self.of(other) == NUMBER:
                    self.hint(side, NUMBER)
        elif isinstance(node, ast.BinOp):
            if not isinstance(node.op, ast.Mult | ast.Mod):
                for side, other in ((node.left, node.right), (node.right, node.left)):
                    if self.of(other) == NUMBER:
                        self.hint(side, NUMBER)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id == "range":
                for argument in node.args:
                    self.hint(argument, NUMBER)
            elif isinstance(node.func, ast.Attribute) and node.func.attr in ("append", "insert"):
                base = node.func.value
                if isinstance(base, ast.Name) and node.args:
                    item = self.of(node.args[-1]) or Kind("unknown")
                    self.grown.setdefault(base.id, set()).add(Kind("list", item))
        elif isinstance(node, ast.Attribute):
            if node.attr in _LIST_METHODS:
                self.hint(node.value, Kind("list"))
            elif node.attr in _TEXT_METHODS - {"replace", "title", "format"}:
                self.hint(node.value, TEXT)

    def hint(self, node: ast.expr, kind: Kind) -> None:
        """Note a use of a variable that tells its kind."""
        if isinstance(node, ast.Name):
            self.hints.setdefault(node.id, set()).add(kind)

    def loop(self, target: ast.expr, source: ast.expr) -> None:
        """Note what a loop gives its target."""
        if isinstance(target, ast.Tuple) and isinstance(source, ast.Call):
            called, arguments = source.func, source.args
            kinds: list[Kind | None] = []
            if isinstance(called, ast.Name) and called.id == "enumerate" and arguments:
                kinds = [NUMBER, self.item(arguments[0])]
            elif isinstance(called, ast.Name) and called.id == "zip":
                kinds = [self.item(a) for a in arguments]
            elif isinstance(called, ast.Attribute) and called.attr == "items":
                kind = self.of(called.value)
                kinds = [kind.key, kind.item] if kind is not None else []
            if len(kinds) == len(target.elts):
                for element, item in zip(target.elts, kinds, strict=True):
                    self.assign(element, item, None)
                return
        self.assign(target, self.item(source), None)

    def assign(self, target: ast.expr, kind: Kind | None, value: ast.expr | None) -> None:
        """Note what a target is given."""
        if isinstance(target, ast.Name):
            self.bind(target.id, kind)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, Kind("list", kind.item if kind else None), None)
        elif isinstance(target, ast.Tuple | ast.List):
            values: list[ast.expr] = []
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                values = value.elts
            for n, element in enumerate(target.elts):
                if values and not isinstance(element, ast.Starred):
                    self.assign(element, self.of(values[n]), values[n])
                else:
                    whole = isinstance(element, ast.Starred)
                    self.assign(element, kind if whole else kind.item if kind else None, None)

    def item(self, node: ast.expr) -> Kind | None:
        """Return the kind of the items that a loop over an expression takes."""
        kind = self.of(node)
        if kind is None:
            return None
        return {"text": TEXT, "dict": kind.key}.get(kind.name, kind.item)

    # Expressions

    def of(self, node: ast.expr) -> Kind | None:
        """Return the kind of an expression's value, None if it is not known."""
        if node in self.kinds:
            return self.kinds[node]
        method = getattr(self, f"of_{type(node).__name__}", None)
        kind: Kind | None = method(node) if method is not None else None
        self.kinds[node] = kind
        return kind

    def of_Constant(self, node: ast.Constant) -> Kind | None:
        if isinstance(node.value, bool):
            return BOOL
        if isinstance(node.value, int | float | complex):
            return NUMBER
        return TEXT if isinstance(node.value, str | bytes) else NONE if node.value is None else None

    def of_Name(self, node: ast.Name) -> Kind | None:
        return self.known.get(node.id)

    def of_JoinedStr(self, node: ast.JoinedStr) -> Kind:
        return TEXT

    def of_List(self, node: ast.List | ast.Tuple | ast.Set) -> Kind:
        kinds = [self.of(e) for e in node.elts if not isinstance(e, ast.Starred)]
        return Kind(type(node).__name__.lower(), kinds[0] if len(set(kinds)) == 1 else None)

    of_Tuple = of_Set = of_List

    def of_Dict(self, node: ast.Dict) -> Kind:
        keys = {self.of(k) if k is not None else None for k in node.keys}
        values = {self.of(v) for v in node.values}
        return Kind("dict", _only(values), _only(keys))

    def of_ListComp(self, node: ast.ListComp | ast.GeneratorExp) -> Kind:
        return Kind("list", self.of(node.elt))

    def of_GeneratorExp(self, node: ast.GeneratorExp) -> Kind:
        return Kind("iterator", self.of(node.elt))

    def of_SetComp(self, node: ast.SetComp) -> Kind:
        return Kind("set", self.of(node.elt))

    def of_DictComp(self, node: ast.DictComp) -> Kind:
        return Kind("dict", self.of(node.value), self.of(node.key))

    def of_Compare(self, node: ast.Compare) -> Kind:
        return BOOL

    def of_UnaryOp(self, node: ast.UnaryOp) -> Kind:
        return BOOL if isinstance(node.op, ast.Not) else NUMBER

    def of_BoolOp(self, node: ast.BoolOp) -> Kind | None:
        return _only({self.of(v) for v in node.values})

    def of_IfExp(self, node: ast.IfExp) -> Kind | None:
        return _only({self.of(node.body), self.of(node.orelse)})

    def of_NamedExpr(self, node: ast.NamedExpr) -> Kind | None:
        return self.of(node.value)

    def of_BinOp(self, node: ast.BinOp) -> Kind | None:
        left, right = self.of(node.left), self.of(node.right)
        if isinstance(node.op, ast.Add | ast.Mult):
            for kind in (left, right):
                if kind is not None and kind.name in SEQUENCES:
                    return kind
            return NUMBER if NUMBER in (left, right) else None
        if left is not None and left.name in SIZED:
            return left
        return NUMBER if left is not None or right is not None else None

    def of_Subscript(self, node: ast.Subscript) -> Kind | None:
        kind = self.of(node.value)
        if kind is None or isinstance(node.slice, ast.Slice):
            return kind
        return TEXT if kind == TEXT else kind.item

    def of_Call(self, node: ast.Call) -> Kind | None:
        function = node.func
        if isinstance(function, ast.Name):
            return self.result(function.id, node)
        if isinstance(function, ast.Attribute):
            name = function.attr
            kind = self.of(function.value)
            if name in _TEXT_METHODS:
                return TEXT
            if name in _NUMBER_METHODS:
                return NUMBER
            if name in _BOOL_METHODS:
                return BOOL
            if name in ("split", "splitlines"):
                return Kind("list", TEXT)
            if kind is not None:
                if name == "copy":
                    return kind
                if name in ("pop", "popleft", "get"):
                    default = node.args[1] if name == "get" and len(node.args) == 2 else None
                    return kind.item or (self.of(default) if default is not None else None)
                if name == "keys":
                    return Kind("view", kind.key)
                if name == "values":
                    return Kind("view", kind.item)
        return None

    def result(self, name: str, node: ast.Call) -> Kind | None:
        """Return the kind of what a built-in function returns."""
        if name in self.bound:
            return None
        arguments = node.args
        if name in _RESULTS:
            return _RESULTS[name]
        if name in ("list", "set", "tuple", "sorted", "reversed"):
            kind = {"sorted": "list", "reversed": "iterator"}.get(name, name)
            return Kind(kind, self.item(arguments[0]) if arguments else None)
        if name in ("max", "min") and arguments:
            return self.of(arguments[0]) if len(arguments) > 1 else self.item(arguments[0])
        if name == "map" and arguments and isinstance(arguments[0], ast.Name):
            return Kind("iterator", _RESULTS.get(arguments[0].id))
        return None


def _only(kinds: set[Kind | None]) -> Kind | None:
    return kinds.pop() if len(kinds) == 1 else None


def _common(kinds: set[Kind]) -> Kind | None:
    """Return the kind that all of some kinds are, without their items where these differ."""
    if len(kinds) == 1:
        return next(iter(kinds))
    names = {k.name for k in kinds}
    if len(names) != 1:
        return None
    items = {k.item for k in kinds if k.item is not None}
    keys = {k.key for k in kinds if k.key is not None}
    return Kind(
        names.pop(),
        next(iter(items)) if len(items) == 1 else None,
        next(iter(keys)) if len(keys) == 1 else None,
    )


def annotated(node: ast.expr) -> Kind | None:
    """Return the kind that an annotation names."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return annotated(ast.parse(node.value, mode="eval").body)
        except SyntaxError:
            return None
    if isinstance(node, ast.Subscript):
        whole = annotated(node.value)
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        kinds = [annotated(e) for e in inner]
        if whole is None:
            return None
        if whole.name == "dict" and len(kinds) == 2:
            return Kind("dict", kinds[1], kinds[0])
        if whole.name == "tuple" and isinstance(inner[-1], ast.Constant):  # an ellipsis
            kinds.pop()
        return Kind(whole.name, _only(set(kinds)))
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return _ANNOTATIONS.get(name)


_ANNOTATIONS = {
    "int": NUMBER, "float": NUMBER, "str": TEXT, "bool": BOOL, "list": Kind("list"),
    "List": Kind("list"), "dict": Kind("dict"), "Dict": Kind("dict"), "set": Kind("set"),
    "Set": Kind("set"), "tuple": Kind("tuple"), "Tuple": Kind("tuple"),
}  # fmt: skip
_RESULTS = {
    **dict.fromkeys("len int float abs sum ord round pow hash id".split(), NUMBER),
    **dict.fromkeys("str chr bin hex oct repr input ascii format".split(), TEXT),
    **dict.fromkeys("bool any all isinstance issubclass callable hasattr".split(), BOOL),
    "dict": Kind("dict"),
    "range": Kind("range", NUMBER),
}
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_LIST_METHODS = ("append", "insert", "extend", "sort", "reverse")
_TEXT_METHODS = frozenset(
    "join lower upper strip lstrip rstrip replace capitalize title zfill swapcase format".split()
)
_NUMBER_METHODS = frozenset("count index find rfind rindex bit_count bit_length".split())
_BOOL_METHODS = frozenset(
    "startswith endswith isdigit isalpha isalnum isspace isupper islower isdecimal isnumeric"
    " isidentifier".split()
)
