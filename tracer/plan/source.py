"""Exact text of the parts of a source: statements, headers, expressions, comments above.

Positions of the syntax tree count UTF-8 bytes; slicing by them directly is several times faster
than `ast.get_source_segment`, which splits the source anew for every call.
"""

import ast
import re
from typing import Any

from .comments import title

# The fields of syntax nodes that hold nodes: no operators, contexts, names or constants.
_FIELDS = frozenset(
    "annotation args bases body bound cases cause cls comparators context_expr decorator_list"
    " defaults elt elts exc finalbody format_spec func generators guard handlers ifs items iter"
    " key keys keywords kw_defaults kwarg kwd_patterns kwonlyargs left lower msg operand"
    " optional_vars orelse pattern patterns posonlyargs returns right slice step subject target"
    " targets test type type_params upper value values vararg".split()
)
_FIELDS_OF: dict[type, tuple[str, ...]] = {ast.Constant: (), ast.MatchSingleton: ()}


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes just below a node; several times as fast as `ast.iter_child_nodes`."""
    kind = node.__class__
    fields = _FIELDS_OF.get(kind)
    if fields is None:
        fields = _FIELDS_OF[kind] = tuple(f for f in kind._fields if f in _FIELDS)
    found: list[Any] = []
    for name in fields:
        value = getattr(node, name)
        if value.__class__ is list:
            found += value
        elif value is not None:
            found.append(value)
    return [n for n in found if n is not None] if kind in _GAPS else found


_GAPS = (ast.Dict, ast.arguments)  # lists of nodes in which some are missing


def walk(*roots: ast.AST) -> list[ast.AST]:
    """Return the nodes of trees, each before those below it."""
    found = list(roots)
    for node in found:
        found += children(node)
    return found


LINE_END = re.compile(r"\r\n|\r|\n")


class SourceText:
    """A module's text, cut by the positions of its syntax tree."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = LINE_END.split(text) if "\r" in text else text.split("\n")
        self._ascii = text.isascii()
        self._comments = "#" in text
        self.notes = "#:" in text  # whether there may be some

    def expression(self, node: ast.expr) -> str:
        """Return the text of an expression on one line."""
        if node.lineno != node.end_lineno:
            return _on_one_line(node)
        return self._slice(node.lineno, node.col_offset, node.end_col_offset)

    def statement(self, node: ast.stmt) -> str:
        """Return the text of a statement, dedented, without a comment after it."""
        first, last = node.lineno, node.end_lineno or node.lineno
        if first == last:
            return self._slice(first, node.col_offset, node.end_col_offset)
        return self._cut(first, node.col_offset, last, node.end_col_offset)

    def header(self, node: ast.stmt | ast.ExceptHandler, last: ast.AST | None = None) -> str:
        """Return the text of a compound statement up to its colon.

        `last` is the node that ends nearest before the colon; without one, nothing but words of
        Python and names comes before it.
        """
        return self._up_to_colon(node.lineno, node.col_offset, last, node)

    def definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
        """Return the text of a definition, from its first decorator, up to its colon."""
        line, indent = node.lineno, node.col_offset
        if node.decorator_list:
            line, indent = self._line_of("@", node.decorator_list[0])
        return self._up_to_colon(line, indent, _last_in_head(node), node)

    def handler(self, node: ast.ExceptHandler) -> str:
        """Return the text of an ``except`` clause up to its colon."""
        return self.header(node, node.type)

    def case(self, node: ast.match_case) -> str:
        """Return the text of a ``case`` up to its colon."""
        line, indent = self._line_of("case", node.pattern)
        return self._up_to_colon(line, indent, node.guard or node.pattern)

    def _line_of(self, word: str, node: ast.expr | ast.pattern) -> tuple[int, int]:
        """Return where the first word of a line is that stands before a node or lines above it."""
        line, before = node.lineno, self._slice(node.lineno, 0, node.col_offset)
        while not before.lstrip().startswith(word):
            line -= 1
            before = self.lines[line - 1]
        return line, len(_indent(before))

    def _up_to_colon(self, first: int, indent: int, last: Any, node: Any = None) -> str:
        """Return the text from a place to the first colon after `last`, or else in `node`."""
        if last is not None:
            line, col = last.end_lineno, last.end_col_offset
        else:
            line, col = node.lineno, node.col_offset
        rest = self._slice(line, col, None)
        while ":" not in rest.partition("#")[0] and line < len(self.lines):
            line, col = line + 1, 0
            rest = self.lines[line - 1]
        end = col + len(rest.partition(":")[0].encode()) + 1
        if first == line:
            return self._slice(line, indent, end)
        return self._cut(first, indent, line, end)

    def _cut(self, first: int, start: int, last: int, end: int | None) -> str:
        """Return the text from a place to one on a line below, dedented."""
        margin = _indent(self.lines[first - 1])
        between = [self.lines[n - 1].removeprefix(margin) for n in range(first + 1, last)]
        ending = self._slice(last, 0, end).removeprefix(margin)
        return "\n".join([self._slice(first, start, None), *between, ending])

    def comment_above(self, line: int, after: int) -> str:
        """Return the title that the comment above `line` and below `after` makes, or ``""``."""
        if not self._comments:
            return ""
        found: list[str] = []
        for n in range(line - 1, after, -1):
            text = self.lines[n - 1].strip()
            if not text.startswith("#"):
                break
            found.append(text)
        return title(found[::-1]) if found else ""

    def notes_above(self, node: ast.stmt, after: int) -> list[str]:
        """Return what the ``#:`` lines above a statement, below the line `after`, say."""
        first = first_line(node)
        notes: list[str] = []
        for n in range(first - 1, after, -1):
            text = self.lines[n - 1].strip()
            if not text.startswith("#"):
                break
            if text.startswith("#:"):
                notes.insert(0, text[2:].strip())
        return notes

    def starts_with_elif(self, node: ast.stmt) -> bool:
        """Tell whether a nested ``if`` is written as ``elif``."""
        return self._slice(node.lineno, node.col_offset, None).startswith("elif")

    def _slice(self, line: int, start: int, end: int | None) -> str:
        text = self.lines[line - 1]
        if self._ascii or text.isascii():
            return text[start:end]
        return text.encode()[start:end].decode()


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def first_line(node: ast.stmt) -> int:
    """Return the line on which a statement begins, with its decorators."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)])


def _last_in_head(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST | None:
    """Return the node that ends nearest before the colon of a definition."""
    parts: list[Any] = [*getattr(node, "type_params", ())]
    if isinstance(node, ast.ClassDef):
        parts += [*node.bases, *node.keywords]
    elif node.returns is not None:
        return node.returns
    else:
        parts += children(node.args)
    return max(parts, key=lambda part: (part.end_lineno, part.end_col_offset), default=None)


def _on_one_line(node: ast.expr) -> str:
    """Return the text of an expression that the source spreads over several lines."""
    try:
        import astor
    except (ImportError, AttributeError):  # a module that astor needs is just being imported
        return ast.unparse(node)
    try:
        text: str = astor.to_source(node, pretty_source="".join).strip()
        bare = text[1:-1]  # astor puts an operation in parentheses
        if text.startswith("(") and ast.dump(ast.parse(bare, mode="eval").body) == ast.dump(node):
            text = bare
        ast.parse(text, mode="eval")
    except (AttributeError, AssertionError, SyntaxError):  # newer syntax than astor knows
        return ast.unparse(node)
    return text if "\n" not in text else ast.unparse(node)
