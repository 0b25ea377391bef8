"""What kind of value an expression has, as far as the text proves it.

None stands for a kind that is not known; the words are then such that fit any.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from ...plan.signatures import FUNCTIONS, METHODS
from .own import Own
from .wordings import OWN_WAYS


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value; `item` is that of its items (of a dictionary's values)."""

    name: str
    item: "Kind | None" = None
    key: "Kind | None" = None

    @property
    def bare(self) -> "Kind":
        """The same without the kinds of its items, if these can change."""
        return self if self.name in ("text", "bytes", "tuple", "range") else Kind(self.name)


NUMBER, TEXT, BYTES, BOOL, NONE = map(Kind, ("number", "text", "bytes", "bool", "none"))
NOTHING = Kind("nothing")  # of the items of an empty collection
SEQUENCE = Kind("sequence")  # one of those below
SEQUENCES = ("text", "bytes", "list", "tuple", "sequence")
MAPPINGS = ("dict", "counter")
SIZED = (*SEQUENCES, *MAPPINGS, "set", "deque")


class Values:
    """The kinds of expressions: a method for each kind of node."""

    def __init__(self, own: Own) -> None:
        self.own = own
        self.known: dict[str, Kind | None] = {}  # variables
        self.attributes: dict[str, Kind | None] = {}
        self.bound: set[str] = set()
        self.open = False  # whether names of unknown origin may hide the built-in ones
        self.modules: dict[str, str] = {}  # what they are called, and their names
        self.imported: dict[str, str] = {}  # names from modules: ``collections.deque``
        self.functions: set[str] = set()
        self.kinds: dict[ast.expr, Kind | None] = {}  # of expressions that were asked for

    def built_in(self, name: str) -> bool:
        """Tell whether a name is surely a built-in one."""
        return name not in self.bound and not self.open

    def is_type(self, node: ast.expr) -> bool:
        """Tell whether an expression is surely the name of a built-in type."""
        return isinstance(node, ast.Name) and node.id in ANNOTATIONS and self.built_in(node.id)

    def sure(self, node: ast.expr, *methods: str) -> bool:
        """Tell whether an object's methods of some names are surely those of a built-in type."""
        return self.of(node) is not None or not self.own.may(*methods)

    def item(self, node: ast.expr) -> Kind | None:
        """Return the kind of the items that a loop over an expression takes."""
        return self.of_items(self.of(node))

    def of_items(self, kind: Kind | None) -> Kind | None:
        """Return the kind of the items of a collection of some kind."""
        if kind is None:
            return None
        if kind.name in MAPPINGS:
            return kind.key
        return {"text": TEXT, "bytes": NUMBER}.get(kind.name, kind.item)

    def of(self, node: ast.expr) -> Kind | None:
        """Return the kind of an expression's value, None if it is not known."""
        if node in self.kinds:
            return self.kinds[node]
        method = getattr(self, f"of_{type(node).__name__}", None)
        kind: Kind | None = method(node) if method is not None else None
        self.kinds[node] = kind
        return kind

    def name(self, node: ast.expr) -> str:
        """Return the name of the kind of an expression's value, nothing if it is not known."""
        kind = self.of(node)
        return kind.name if kind is not None else ""

    def of_Constant(self, node: ast.Constant) -> Kind | None:
        value = node.value
        if isinstance(value, bool):
            return BOOL
        if isinstance(value, int | float | complex):
            return NUMBER
        return {str: TEXT, bytes: BYTES, type(None): NONE}.get(type(value))

    def of_Name(self, node: ast.Name) -> Kind | None:
        return self.known.get(node.id)

    def of_Attribute(self, node: ast.Attribute) -> Kind | None:
        if isinstance(node.value, ast.Name) and node.value.id in self.modules:
            return NUMBER if ast.unparse(node) in ("math.pi", "math.e", "math.inf") else None
        return self.attributes.get(node.attr)

    def of_JoinedStr(self, node: ast.JoinedStr) -> Kind:
        return TEXT

    def of_List(self, node: ast.List | ast.Tuple | ast.Set) -> Kind:
        kinds = [None if isinstance(e, ast.Starred) else self.of(e) for e in node.elts]
        return Kind(type(node).__name__.lower(), only(kinds or [NOTHING]))

    of_Tuple = of_Set = of_List

    def of_Dict(self, node: ast.Dict) -> Kind:
        keys = [self.of(k) if k is not None else None for k in node.keys]
        values = [
            self.of(v) if k is not None else None
            for k, v in zip(node.keys, node.values, strict=True)
        ]
        return Kind("dict", only(values or [NOTHING]), only(keys or [NOTHING]))

    def of_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Kind:
        return Kind(_MADE[type(node)], self.of(node.elt))

    of_SetComp = of_GeneratorExp = of_ListComp

    def of_DictComp(self, node: ast.DictComp) -> Kind:
        return Kind("dict", self.of(node.value), self.of(node.key))

    def of_Compare(self, node: ast.Compare) -> Kind | None:
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if not self.compares(left, operator, right):
                return None
            left = right
        return BOOL

    def compares(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> bool:
        """Tell whether an operator surely compares as the built-in types do."""
        if isinstance(operator, ast.Is | ast.IsNot):
            return True
        if isinstance(operator, ast.In | ast.NotIn):
            return self.sure(right, "__contains__", "__eq__")
        names = COMPARING[type(operator)]
        return self.sure(left, *names) and self.sure(right, *names)

    def of_UnaryOp(self, node: ast.UnaryOp) -> Kind | None:
        if isinstance(node.op, ast.Not):
            return BOOL
        return NUMBER if self.sure(node.operand, UNARY_METHODS[type(node.op)]) else None

    def of_BoolOp(self, node: ast.BoolOp) -> Kind | None:
        return only(map(self.of, node.values))

    def of_IfExp(self, node: ast.IfExp) -> Kind | None:
        return only((self.of(node.body), self.of(node.orelse)))

    def of_NamedExpr(self, node: ast.NamedExpr) -> Kind | None:
        return self.of(node.value)

    def operates(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> bool:
        """Tell whether an operator surely does what it does to the built-in types."""
        names = operator_methods(operator)
        return self.sure(left, *names) and self.sure(right, *names)

    def of_BinOp(self, node: ast.BinOp) -> Kind | None:
        left, right = self.of(node.left), self.of(node.right)
        if not self.operates(node.left, node.op, node.right):
            return None
        numbers = [k for k in (left, right) if k in (NUMBER, BOOL)]
        if isinstance(node.op, ast.Add | ast.Mult):
            for kind in (left, right):
                if kind is not None and kind.name in SEQUENCES:
                    same = left == right or isinstance(node.op, ast.Mult)
                    return kind if same else Kind(kind.name)
            if isinstance(node.op, ast.Add):
                return NUMBER if numbers else None
            return NUMBER if len(numbers) == 2 else None
        if isinstance(node.op, ast.Mod) and left in (TEXT, BYTES):
            return left
        if left is not None and left.name in (*MAPPINGS, "set"):
            return Kind(left.name)
        if isinstance(node.op, ast.Mod | ast.MatMult) and left is None:
            return None
        return NUMBER if numbers or isinstance(node.op, OF_NUMBERS) else None

    def of_Subscript(self, node: ast.Subscript) -> Kind | None:
        kind = self.of(node.value)
        if kind is None or isinstance(node.slice, ast.Slice):
            return kind
        return {"text": TEXT, "bytes": NUMBER}.get(kind.name, kind.item)

    def of_Call(self, node: ast.Call) -> Kind | None:
        function, arguments = node.func, node.args
        name = self.origin(function)
        if name is not None:
            return self.result(name, node)
        if not isinstance(function, ast.Attribute) or node.keywords:
            return None
        base, called = function.value, function.attr
        if isinstance(base, ast.Name) and (called == "fromkeys" and self.origin(base) == "dict"):
            return Kind("dict", self.of(arguments[1]) if len(arguments) > 1 else NONE)
        if not self.sure(base, called):
            return None
        kind = self.of(base)
        item = kind.item if kind is not None else None
        if called in ("split", "rsplit", "splitlines"):
            return Kind("list", BYTES if kind == BYTES else TEXT)
        if called in _METHOD_RESULTS:
            return _METHOD_RESULTS[called]
        if called in TEXT_METHODS:
            return kind if kind == BYTES else TEXT
        if called in ("copy", "union", "intersection", "difference", "symmetric_difference"):
            return kind if called == "copy" else Kind("set")
        if called in ("get", "pop", "setdefault") and kind is not None and kind.name in MAPPINGS:
            if len(arguments) == 1:
                return item if called == "pop" else None
            return only((item, self.of(arguments[1]))) if len(arguments) == 2 else None
        if called in ("pop", "popleft") and kind is not None:
            return item
        if called in ("keys", "values", "items"):
            of_items = {"keys": kind.key, "values": item} if kind is not None else {}
            return Kind("view", of_items.get(called))
        return None

    def origin(self, node: ast.expr) -> str | None:
        """Return the name of a built-in function or of one of a module's, None if not sure."""
        if isinstance(node, ast.Name):
            if node.id in self.imported:
                return self.imported[node.id]
            return node.id if self.built_in(node.id) else None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = self.modules.get(node.value.id)
            return f"{module}.{node.attr}" if module is not None else None
        return None

    def result(self, name: str, node: ast.Call) -> Kind | None:
        """Return the kind of what a function returns."""
        arguments = node.args
        first = arguments[0] if arguments else None
        item = self.item(first) if first is not None else NOTHING
        if any(isinstance(a, ast.Starred) for a in arguments):
            return None if name in OWN_WAYS else RESULTS.get(name)
        if name in ("abs", "round", "pow", "sum"):
            kinds = [item] if name == "sum" else [*map(self.of, arguments)]
            numbers = all(k in (NUMBER, BOOL) for k in kinds)
            numbers = numbers or not self.own.may(*OWN_WAYS[name].split())
            return NUMBER if numbers and (name != "sum" or len(arguments) == 1) else None
        if name in ("dict", "collections.OrderedDict"):
            empty = NOTHING if not (arguments or node.keywords) else None
            return Kind("dict", empty, empty)
        if name in RESULTS:
            return RESULTS[name]
        if name in ("list", "set", "tuple", "frozenset", "sorted", "reversed", "collections.deque"):
            return Kind(_COLLECTIONS.get(name, name), item)
        if name in ("max", "min"):
            kinds = [item] if len(arguments) == 1 else [self.of(a) for a in arguments]
            kinds += [self.of(k.value) for k in node.keywords if k.arg != "key"]
            return only(kinds)
        if name == "map" and first is not None:
            return Kind("iterator", RESULTS.get(self.origin(first) or ""))
        if name == "filter" and len(arguments) == 2:
            return Kind("iterator", self.item(arguments[1]))
        if name == "enumerate":
            return Kind("iterator", Kind("tuple"))
        if name == "zip":
            return Kind("iterator", Kind("tuple", only(map(self.item, arguments))))
        if name in ("copy.copy", "copy.deepcopy") and first is not None:
            return self.of(first)
        if name == "heapq.heappop":
            return item
        if name == "collections.Counter":
            return Kind("counter", NUMBER, item)
        if name == "collections.defaultdict":
            made = self.origin(first) if first is not None else None
            value = ANNOTATIONS[made] if made in _MADE_WHERE_MISSING else None
            return Kind("dict", value, NOTHING if len(arguments) == 1 else None)
        return None

    def annotated(self, node: ast.expr | None) -> Kind | None:
        """Return the kind that an annotation names."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                return self.annotated(ast.parse(node.value, mode="eval").body)
            except (SyntaxError, ValueError, RecursionError):
                return None
        if isinstance(node, ast.Subscript):
            whole = self.annotated(node.value)
            inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            kinds = [self.annotated(e) for e in inner]
            if whole is None:
                return None
            if whole.name == "dict" and len(kinds) == 2:
                return Kind("dict", kinds[1], kinds[0])
            if whole.name == "counter":
                return Kind("counter", NUMBER, kinds[0])
            if whole.name == "tuple" and isinstance(inner[-1], ast.Constant):  # an ellipsis
                kinds.pop()
            return Kind(whole.name, only(kinds))
        if isinstance(node, ast.Name):
            origin = self.imported.get(node.id, "")
            module, _, name = origin.rpartition(".")
            if module in _TYPING:
                return ANNOTATIONS.get(name)
            return ANNOTATIONS[node.id] if self.is_type(node) else None
        if isinstance(node, ast.Attribute):
            module, _, name = (self.origin(node) or "").rpartition(".")
            return ANNOTATIONS.get(name) if module in _TYPING else None
        return None


def operator_methods(operator: ast.operator) -> tuple[str, ...]:
    """Return the names of the methods that an operator may call."""
    name = OPERATOR_METHODS[type(operator)]
    return f"__{name}__", f"__r{name}__", f"__i{name}__"


def only(kinds: Iterable[Kind | None]) -> Kind | None:
    """Return the kind that all of some kinds are, without their items where these differ."""
    different = set(kinds)
    if len(different) > 1:
        different.discard(NOTHING)
    if len(different) == 1:
        return different.pop()
    known = [k for k in different if k is not None]
    if len(known) < len(different) or len({k.name for k in known}) != 1:
        return None
    return Kind(known[0].name, only(k.item for k in known), only(k.key for k in known))


_MADE = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "iterator"}
ANNOTATIONS = {
    "int": NUMBER, "float": NUMBER, "complex": NUMBER, "str": TEXT, "bytes": BYTES, "bool": BOOL,
    **dict.fromkeys(("list", "List"), Kind("list")),
    **dict.fromkeys(("dict", "Dict", "defaultdict", "DefaultDict", "OrderedDict"), Kind("dict")),
    **dict.fromkeys(("set", "Set", "frozenset", "FrozenSet"), Kind("set")),
    **dict.fromkeys(("tuple", "Tuple"), Kind("tuple")),
    **dict.fromkeys(("deque", "Deque"), Kind("deque")),
    "Counter": Kind("counter"),
}  # fmt: skip
_MADE_WHERE_MISSING = ("int", "float", "str", "list", "set", "dict")
_TYPING = ("typing", "typing_extensions", "collections", "collections.abc")
_GIVEN = {
    "int": NUMBER, "float": NUMBER, "bool": BOOL, "digits": TEXT, "text": TEXT, "bytes": BYTES,
    "parts": Kind("tuple", TEXT),
}  # fmt: skip
RESULTS = {
    **{name: _GIVEN[f.gives] for name, f in FUNCTIONS.items() if f.gives in _GIVEN},
    "input": TEXT,
    "callable": BOOL,
    "hasattr": BOOL,
    **dict.fromkeys(
        "math.ceil math.comb math.exp math.factorial math.floor math.gcd math.hypot math.isqrt"
        " math.lcm math.log math.log10 math.log2 math.pow math.sqrt".split(),
        NUMBER,
    ),
    "range": Kind("range", NUMBER),
}
_COLLECTIONS = {
    "sorted": "list", "reversed": "iterator", "frozenset": "set", "collections.deque": "deque",
}  # fmt: skip
TEXT_METHODS = frozenset(n for n, m in METHODS.items() if m.gives == "text") - {"decode", "hex"}
_METHOD_RESULTS = {
    **{n: _GIVEN[m.gives] for n, m in METHODS.items() if m.gives in _GIVEN and m.gives != "text"},
    "decode": TEXT,
    "most_common": Kind("list", Kind("tuple")),
    "popitem": Kind("tuple"),
}
COMPARING = {
    ast.Eq: ("__eq__",), ast.NotEq: ("__eq__", "__ne__"), ast.Lt: ("__lt__", "__gt__"),
    ast.LtE: ("__le__", "__ge__"), ast.Gt: ("__lt__", "__gt__"), ast.GtE: ("__le__", "__ge__"),
}  # fmt: skip
OPERATOR_METHODS: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.MatMult: "matmul", ast.Div: "truediv",
    ast.FloorDiv: "floordiv", ast.Mod: "mod", ast.Pow: "pow", ast.LShift: "lshift",
    ast.RShift: "rshift", ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor",
}  # fmt: skip
OF_NUMBERS = (ast.Div, ast.FloorDiv, ast.Pow, ast.LShift, ast.RShift)
UNARY_METHODS: dict[type[ast.unaryop], str] = {
    ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__",
}  # fmt: skip
