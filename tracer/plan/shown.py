"""The part of a module that a prompt shows: the rule and what it uses, without its docstring."""

import ast
import textwrap
from collections.abc import Iterable, Sequence

from .names import FunctionNode, binds
from .pasted import nodes_in
from .source import LINE_END, first_line, walk
from .statements import Module


def parts_of(
    tree: ast.Module, shown: FunctionNode | ast.ClassDef, owner: ast.ClassDef | None
) -> list[ast.stmt]:
    """Return the statements of a module that a rule consists of, in their order.

    `shown` is the rule or its class; a class that is not shown itself stands for its method.
    """
    definitions = {n for p in tree.body if _is_definition(p) for n in binds(p)}
    tables = {n for p in tree.body for n in _defines(p)} - definitions
    wanted = names_in(shown) | nodes_in(shown)
    used: set[ast.stmt] = {shown}
    seen = 0
    while seen < len(used):  # what is used may use more
        seen = len(used)
        for part in tree.body:
            if part in used or part is owner:
                continue
            if isinstance(part, ast.ImportFrom) and part.module == "__future__":
                belongs = True
            elif names := binds(part):
                belongs = not wanted.isdisjoint(names)
            else:  # it may fill a table that the rule reads
                belongs = not (wanted & tables).isdisjoint(names_in(part))
            if belongs:
                used.add(part)
                wanted |= names_in(part) | nodes_in(part)
    return [p for p in tree.body if p in used or p is owner]


def _is_definition(part: ast.stmt) -> bool:
    return isinstance(part, FunctionNode | ast.ClassDef)


def text_of(
    module: Module, node: FunctionNode, parts: Sequence[ast.stmt], *, docstring: bool = False
) -> str:
    """Return the text of a rule and of the parts of its module that it uses.

    The rule's docstring is in it if it is asked for.
    """
    text, before = "", None
    for part in parts:
        if before is not None:
            text += "\n\n" if _is_definition(part) or _is_definition(before) else "\n"
        cut = _text_of(module, part)
        whole = isinstance(part, ast.ClassDef) and node in part.body
        if not docstring and (part is node or whole) and ast.get_docstring(node) is not None:
            cut = _without_docstring(cut, node.name, part.name if whole else None)  # type: ignore[attr-defined]
        text += cut
        before = part
    return text


def stands_alone(method: FunctionNode, owner: ast.ClassDef) -> bool:
    """Tell whether a method can be shown without its class: it uses nothing of it."""
    a = method.args
    first = [p.arg for p in [*a.posonlyargs, *a.args][:1]]
    of_class = {n for part in owner.body for n in _defines(part)} - {method.name}
    if not names_in(method).isdisjoint({*first, "super", owner.name, *of_class}):
        return False
    document = method.body[0] if ast.get_docstring(method) is not None else None
    texts = (n for s in method.body if s is not document for n in walk(s))
    # A string over several lines would change with the indentation.
    return not any(
        isinstance(n, ast.Constant | ast.JoinedStr) and n.lineno != n.end_lineno for n in texts
    )


def names_in(node: ast.AST) -> set[str]:
    """Return the variables that a part of a tree names."""
    return {n.id for n in walk(node) if isinstance(n, ast.Name)}


def _defines(part: ast.stmt) -> set[str]:
    """Return the names that a statement of a module binds."""
    if names := binds(part):
        return set(names)
    found = walk(part)
    inner = {n for c in found if isinstance(c, ast.comprehension) for n in walk(c.target)}
    return {name for n in found if isinstance(n, ast.Name) and n not in inner for name in binds(n)}


def _text_of(module: Module, part: ast.stmt) -> str:
    """Return the whole text of a statement, dedented."""
    lines = module.source.lines[first_line(part) - 1 : part.end_lineno or part.lineno]
    text = "\n".join(lines).rstrip()
    return textwrap.dedent(text) if part.col_offset else text


def _without_docstring(text: str, name: str, owner: str | None) -> str:
    """Return the text of a function, or of the class that has it, without its docstring."""
    node = ast.parse(text).body[0]
    if owner is not None and isinstance(node, ast.ClassDef):
        node = next(n for n in node.body if isinstance(n, FunctionNode) and n.name == name)
    assert isinstance(node, FunctionNode)
    document, *rest = node.body
    lines = LINE_END.split(text)
    first, last = document.lineno - 1, (document.end_lineno or document.lineno) - 1
    # Positions count bytes of UTF-8.
    head = lines[first].encode()[: document.col_offset].decode()
    tail = lines[last].encode()[document.end_col_offset :].decode()
    if rest and rest[0].lineno - 1 == last:  # more on the same line
        tail = lines[last].encode()[rest[0].col_offset :].decode()
        return "\n".join([*lines[:first], head + tail, *lines[last + 1 :]])
    if head.strip():  # the body is on the line of the header
        return "\n".join([*lines[:first], f"{head}pass{tail}", *lines[last + 1 :]])
    while not lines[first - 1].strip() or lines[first - 1].lstrip().startswith("#"):
        first -= 1  # a comment above the docstring goes with it
    return "\n".join([*lines[:first], *([] if rest else [f"{head}pass"]), *lines[last + 1 :]])


def kept(lines: Sequence[str], parts: Iterable[ast.stmt]) -> str:
    """Return the text of parts of a module at their places, blank lines instead of all else."""
    used = [""] * len(lines)
    for part in parts:
        first, last = first_line(part) - 1, part.end_lineno or part.lineno
        used[first:last] = lines[first:last]
    return "\n".join(used).rstrip() + "\n"
