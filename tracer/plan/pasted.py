"""Solutions as they are pasted from LeetCode: what they use without defining or importing it.

LeetCode runs a solution after star imports of half of the standard library, and with the classes of
linked lists and trees that stand in a comment above it. `completed` writes into the text what is
missing: each name that is used and not defined gets its import, a class that is commented out
becomes code, and one that is not even there is added as LeetCode has it.

Only what would end in a NameError otherwise is looked at, and only in a module that has a method to
follow, or a function with a `self` that it does not use or with such classes in its hints.
"""

import ast
import builtins
import re
import symtable
from collections.abc import Iterator
from types import CodeType

from .names import FunctionNode, parameters
from .source import LINE_END, first_line, walk

NODES = ("ListNode", "TreeNode", "Node")
"""The classes of linked lists, trees and graphs, which take lists."""

# Where two modules have the same name, LeetCode has that of the later one.
_STAR = {
    "string": "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable"
    " punctuation whitespace",
    "re": "findall finditer fullmatch match search split sub",
    "datetime": "date datetime timedelta",
    "collections": "ChainMap Counter OrderedDict UserDict defaultdict deque namedtuple",
    "heapq": "heapify heappop heappush heappushpop heapreplace merge nlargest nsmallest",
    "bisect": "bisect bisect_left bisect_right insort insort_left insort_right",
    "copy": "copy deepcopy",
    "math": "acos asin atan atan2 ceil comb cos degrees dist e exp fabs factorial floor fmod fsum"
    " gcd hypot inf isclose isinf isnan isqrt lcm log log10 log1p log2 modf nan perm pi prod"
    " radians sin sqrt tan tau trunc",
    "random": "choice choices randint random randrange sample shuffle uniform",
    "statistics": "fmean mean median mode stdev",
    "itertools": "accumulate chain combinations combinations_with_replacement compress count cycle"
    " dropwhile filterfalse groupby islice pairwise permutations product repeat starmap takewhile"
    " tee zip_longest",
    "functools": "cache cached_property cmp_to_key lru_cache partial reduce total_ordering wraps",
    "operator": "add and_ attrgetter concat floordiv itemgetter methodcaller mod mul neg or_ sub"
    " truediv xor",
    "dataclasses": "dataclass field",
    "enum": "Enum IntEnum",
    "sortedcontainers": "SortedDict SortedList SortedSet",
}
_MODULES = (
    "bisect collections copy datetime functools heapq itertools json math operator random re"
    " statistics string sys"
).split()
_IMPORTS = {
    **{name: f"from {module} import" for module, names in _STAR.items() for name in names.split()},
    **{name: "import" for name in _MODULES if name not in ("bisect", "copy", "datetime")},
}
_SUPPLIED = frozenset({*_IMPORTS, *NODES, "bisect", "copy", "datetime"})

_LINKED = """class ListNode:
    def __init__(self, val=0, next=None):
        self.val = val
        self.next = next
"""
_TREE = """class TreeNode:
    def __init__(self, val=0, left=None, right=None):
        self.val = val
        self.left = left
        self.right = right
"""
# A node of what a solution says of it, by an attribute that it names; the first one that fits.
_NODES = {
    "random": "next=None, random=None",
    "child": "prev=None, next=None, child=None",
    "neighbors": "neighbors=None",
    "children": "children=None",
    "parent": "left=None, right=None, parent=None",
    "left": "left=None, right=None, next=None",
    "right": "left=None, right=None, next=None",
    "next": "next=None",
}


def completed(text: str, tree: ast.Module, code: CodeType) -> str | None:
    """Return the text with all that it lacks, None if it lacks nothing; `code` is it compiled."""
    if names_of(code).isdisjoint(_SUPPLIED) and not any(name in text for name in NODES):
        return None
    if not _is_pasted(tree):
        return None
    typed = _with_hints(text, tree)
    if typed is not None:
        text, tree = typed, ast.parse(typed)
    if not (lacking := _lacking(text, tree)):
        return typed
    head: dict[str, list[str]] = {}
    classes: list[str] = []
    for name in sorted(lacking):
        if name in NODES:
            there, written = _uncommented(text, name, tree)
            text = there or text
            if not there:
                classes.append(written or _definition(name, tree))
        else:
            head.setdefault(_import_of(name, tree), []).append(name)
    added = [f"{how} {', '.join(names)}" for how, names in head.items() if how != "import"]
    added += [f"import {name}" for name in head.get("import", ())]
    if not (added or classes):
        return text
    added.sort(key=lambda line: (line.startswith("from"), line))
    blocks = ["\n".join(added)] if added else []
    blocks += [f"\n{one}" if blocks or n else one for n, one in enumerate(classes)]
    return _put(text, tree, "\n".join(blocks) + "\n\n")


def names_of(code: CodeType) -> set[str]:
    """Return the names that code looks up by name: globals, and attributes among them."""
    names = set(code.co_names)
    for part in code.co_consts:
        if isinstance(part, CodeType):
            names |= names_of(part)
    return names


def hinted(annotation: ast.expr | None) -> ast.expr | None:
    """Return an annotation, that in a text if it is one."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return ast.parse(annotation.value.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return annotation


def nodes_in(tree: ast.AST) -> set[str]:
    """Return the classes of nodes in the hints of functions, those in texts among them."""
    found: set[str] = set()
    for node in walk(tree):
        if isinstance(node, FunctionNode):
            hints = [p.annotation for p in parameters(node.args)]
            for part in walk(*filter(None, [*hints, node.returns])):
                within = hinted(part) if isinstance(part, ast.Constant) else part
                found |= {n.id for n in walk(within or part) if isinstance(n, ast.Name)}
    return found & set(NODES)


def _is_pasted(tree: ast.Module) -> bool:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            if any(isinstance(child, FunctionNode) for child in node.body):
                return True
        elif isinstance(node, FunctionNode):
            given = [*node.args.posonlyargs, *node.args.args]
            if (given and given[0].arg == "self") or nodes_in(node):
                return True
    return False


def _lacking(text: str, tree: ast.Module) -> set[str]:
    """Return the names that are used as globals, are of those known here, and nobody defines."""
    top = symtable.symtable(text, "<rule>", "exec")
    defined = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    defined |= {one.get_name() for one in top.get_children() if one.get_type() != "annotation"}
    used = nodes_in(tree)
    tables = [top]
    for table in tables:
        tables += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_global() or table is top:
                if symbol.is_assigned() and symbol.is_declared_global():
                    defined.add(symbol.get_name())
                elif symbol.is_referenced():
                    used.add(symbol.get_name())
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and any(a.name == "*" for a in node.names):
            defined |= set(_STAR.get(node.module or "", "").split())
    return (used & _SUPPLIED) - defined - set(dir(builtins))


def _import_of(name: str, tree: ast.Module) -> str:
    """Return what stands before a name to import it."""
    if name in ("bisect", "copy", "datetime"):  # modules, and what is in them
        within = (n for n in walk(tree) if isinstance(n, ast.Attribute))
        of_module = {"bisect": "bisect", "copy": "copy deepcopy", "datetime": "datetime date"}[name]
        attributes = {
            n.attr for n in within if isinstance(n.value, ast.Name) and n.value.id == name
        }
        is_module = any(one.startswith(word) for one in attributes for word in of_module.split())
        return "import" if is_module else f"from {name} import"
    return _IMPORTS[name]


def _definition(name: str, tree: ast.Module) -> str:
    if name != "Node":
        return _LINKED if name == "ListNode" else _TREE
    said = {n.attr for n in walk(tree) if isinstance(n, ast.Attribute)}
    more = next((more for attribute, more in _NODES.items() if attribute in said), "next=None")
    fields = ["val", *(part.partition("=")[0] for part in more.split(", "))]
    # Without children or neighbours a node has none, and not None.
    values = {f: f"{f} if {f} is not None else []" for f in ("neighbors", "children")}
    lines = "".join(f"        self.{f} = {values.get(f, f)}\n" for f in fields)
    return f"class Node:\n    def __init__(self, val=0, {more}):\n{lines}"


_TYPE = re.compile(r"^\s*:type\s+(\w+)\s*:\s*(.+?)\s*$", re.MULTILINE)


def _with_hints(text: str, tree: ast.Module) -> str | None:
    """Return the text with hints for nodes that only a docstring has; None if there are none.

    ``:type head: ListNode`` is how LeetCode says it where hints are not known.
    """
    added: list[tuple[int, int, str]] = []
    for node in walk(tree):
        if not isinstance(node, FunctionNode):
            continue
        said = dict(_TYPE.findall(ast.get_docstring(node, clean=False) or ""))
        added += [
            (p.end_lineno or p.lineno, p.end_col_offset or 0, hint)
            for p in parameters(node.args)
            if p.annotation is None and (hint := _node_hint(said.get(p.arg, "")))
        ]
    if not added:
        return None
    lines = LINE_END.split(text)
    for line, column, hint in sorted(added, reverse=True):
        data = lines[line - 1].encode()
        lines[line - 1] = f"{data[:column].decode()}: {hint}{data[column:].decode()}"
    return "\n".join(lines)


def _node_hint(said: str) -> str:
    """Return the hint that the words of a docstring are, if they name a class of nodes."""
    hint = hinted(ast.Constant(said))
    if hint is None or not isinstance(hint, ast.Name | ast.Subscript | ast.BinOp):
        return ""
    names = {n.id for n in walk(hint) if isinstance(n, ast.Name)}
    return said if names & set(NODES) else ""


def _put(text: str, tree: ast.Module, added: str) -> str:
    """Return the text with lines added where imports may stand."""
    after = 0
    for n, node in enumerate(tree.body):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and n == 0
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (is_text or is_future):
            break
        if is_future or (is_text and isinstance(node.value.value, str)):  # type: ignore[attr-defined]
            after = node.end_lineno or node.lineno
    if not after:
        return added + text.lstrip("\ufeff")
    lines = LINE_END.split(text)
    return "\n".join([*lines[:after], added.rstrip("\n"), "", *lines[after:]])


def _uncommented(text: str, name: str, tree: ast.Module) -> tuple[str, str]:
    """Return the text with a class in it that was commented out, or else the class to be added.

    Both are empty where there is none. Lines keep their numbers.
    """
    lines = LINE_END.split(text)
    for first, last, around in _comments(lines, tree):
        for start in range(first, last):
            found = re.match(rf"(\s*#?\s*)class\s+{name}\b.*:\s*$", lines[start])
            if found is None:
                continue
            prefix, block = found[1], [lines[start][len(found[1]) :]]
            for line in lines[start + 1 : last]:
                cut = line[len(prefix) :] if line.startswith(prefix) else ""
                if line.strip(" #\t") and not cut[:1].isspace():
                    break
                block.append(cut.rstrip())
            try:
                ast.parse("\n".join(block))
            except SyntaxError:
                continue
            if start >= min((first_line(n) for n in tree.body if _defines(n)), default=start + 1):
                return "", "\n".join(block).rstrip() + "\n"
            if around:  # a text instead of comments: what else is in it becomes comments
                rest = {*range(first, last)} - {*range(start, start + len(block))}
                for n in rest:
                    lines[n] = f"# {lines[n].strip(around)}".rstrip() if lines[n].strip() else ""
            lines[start : start + len(block)] = block
            return "\n".join(lines), ""
    return "", ""


def _comments(lines: list[str], tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    """Yield ranges of lines that may hold what is commented out, and the quotes around them."""
    for node in tree.body:
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                last = node.end_lineno or node.lineno
                yield node.lineno - 1, last, "\"' \t"
    yield 0, len(lines), ""


def _defines(node: ast.stmt) -> bool:
    return isinstance(node, ast.ClassDef | FunctionNode)
