"""Comments as titles: which say in words what comes below them, and which are code or a marker."""

import ast
import builtins
import re
import warnings
from collections.abc import Sequence
from textwrap import dedent

from ..values.characters import printable

# What is still to be done is no title, and neither are the lines that go on about it.
_LEFT = re.compile(r"(?:TODO|FIXME|XXX|HACK)\b|(?i:todo|fixme|xxx|hack)\s*[:(]")
_TOOLS = re.compile(  # what a tool reads
    r"!|%%|-\*-|In\s?\[|@formatter|endregion\b|coding\s?[:=]|(?i:noqa)\b|nosec\b|pyre-|"
    r"(?:type|pylint|pyright|mypy|ruff|flake8|fmt|yapf|isort|black|pragma|pytype|cython|vim?)\s?:"
)
_DRAWN = re.compile(r"^[-=#*~_+]{3,}\s*|\s*[-=#*~_+]{3,}$")  # lines before and after words
_SUSPECT = re.compile(  # what code has and words mostly have not
    r"[][(){}=:.,@+*/%<>&|^~'\"`-]|(?:pass|break|continue)$|"
    r"(?:return|import|from|del|raise|global|nonlocal|yield|assert|await|async)\s"
)
_GOES_ON = tuple("([{:,\\")  # how a line ends whose statement goes on below
_MOST = 40  # lines of a statement that are tried
_AROUND = {  # what makes a statement of a header alone
    "elif": "if x: pass\n{} pass",
    "else": "if x: pass\n{} pass",
    "except": "try: pass\n{} pass",
    "finally": "try: pass\n{} pass",
    "try": "{} pass\nfinally: pass",
    "case": "match x:\n {} pass",
    "match": "{}\n case _: pass",
}
_TYPES = {"int", "str", "float", "bool", "bytes", "list", "dict", "set", "tuple", "object", "None"}


def title(lines: Sequence[str]) -> str:
    """Return the title that comment lines, each with its ``#``, make for what is below them."""
    texts = [line.lstrip("#") for line in lines if not line.startswith("#:")]
    words: list[str] = []
    n = 0
    while n < len(texts):
        text = texts[n].strip()
        if _LEFT.match(text):
            break
        code = _lines_of_code(texts, n)
        if not (code or _TOOLS.match(text)):
            text = _DRAWN.sub("", text)
            if any(map(str.isalpha, text)):
                words.append(text)
        n += code or 1
    text = " ".join(words)
    return text if text.isprintable() else printable(" ".join(text.split()))


def _lines_of_code(texts: Sequence[str], first: int) -> int:
    """Return how many lines of commented-out code begin with one."""
    text = texts[first].strip()
    if not _SUSPECT.search(text):
        return 0
    if text.endswith(_GOES_ON):
        for end in range(min(len(texts), first + _MOST), first + 1, -1):
            if _is_code(dedent("\n".join(texts[first:end])).strip()):
                return end - first
    return int(_is_code(text))


def _is_code(text: str) -> bool:
    """Tell whether a text is code, and not words that happen to be."""
    body = _parsed(text)
    if body is None:
        if text.startswith("@"):
            return _parsed(f"{text}\ndef f(): pass") is not None
        around = _AROUND.get(re.split(r"\W", text, maxsplit=1)[0], "{} pass")
        return text.endswith(":") and _parsed(around.format(text)) is not None
    if len(body) != 1:
        return bool(body)
    statement = body[0]
    if isinstance(statement, ast.AnnAssign) and statement.value is None:
        return _is_type(statement.annotation)  # and not "Note: important"
    return not (isinstance(statement, ast.Expr) and _reads_as_words(statement.value))


def _parsed(text: str) -> list[ast.stmt] | None:
    """Return the one statement of a text, or those of its one line; None if it is no code."""
    try:
        with warnings.catch_warnings():  # of escapes that no string has
            warnings.simplefilter("ignore")
            # As a whole file, a text with an error would be looked for on the disk.
            return ast.parse(f"{text}\n", mode="single").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _is_type(node: ast.expr) -> bool:
    """Tell whether an annotation is surely one."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitOr)
    return isinstance(node, ast.Subscript) or (isinstance(node, ast.Name) and node.id in _TYPES)


def _reads_as_words(node: ast.expr) -> bool:
    """Tell whether an expression is names, joined as words are: ``not found``, ``two-way``."""
    parts: list[ast.expr]
    if isinstance(node, ast.Name):
        return True
    if isinstance(node, ast.Constant):
        return node.value is None or isinstance(node.value, bool)
    if isinstance(node, ast.Compare):
        if not all(isinstance(o, ast.Is | ast.IsNot | ast.In | ast.NotIn) for o in node.ops):
            return False
        parts = [node.left, *node.comparators]
    elif isinstance(node, ast.BoolOp):
        parts = node.values
    elif isinstance(node, ast.Tuple):
        parts = node.elts
    elif isinstance(node, ast.IfExp):
        parts = [node.body, node.test, node.orelse]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        parts = [node.operand]
    elif isinstance(node, ast.BinOp):
        gap = node.right.col_offset - (node.left.end_col_offset or 0)
        if not isinstance(node.op, ast.Sub | ast.Div if gap == 1 else ast.BitAnd):
            return False
        parts = [node.left, node.right]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
        gap = node.args[0].col_offset - (node.func.end_col_offset or 0)
        if gap < 2 or node.keywords or hasattr(builtins, node.func.id):
            return False
        parts = node.args  # "Search (binary)"
    elif isinstance(node, ast.Attribute):
        gap = (node.end_col_offset or 0) - (node.value.end_col_offset or 0) - len(node.attr)
        return gap > 1  # "e.g. this"
    else:
        return False
    return all(map(_reads_as_words, parts))
