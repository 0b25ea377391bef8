"""The texts that Python was given: files, cells of notebooks, inputs at a prompt."""

import ast
import contextlib
import functools
import inspect
import linecache
import os
import stat
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

from ..errors import SourceRejected
from ..plan.names import FunctionNode
from ..plan.source import first_line, walk


class Sheet(NamedTuple):
    """A text and the name that code made of it bears."""

    filename: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree. Raises SyntaxError."""
        return _parsed(self.text)


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def module_of(function: FunctionType) -> ModuleType | None:
    """Return the module of a function if that is of the same file."""
    module = sys.modules.get(function.__module__ or "")
    try:
        file = inspect.getsourcefile(function)
        same = module is not None and inspect.getsourcefile(module) == file
    except TypeError:  # a module without a file, such as that of a prompt
        return None
    return module if same and file is not None and not file.startswith("<") else None


def cells(function: FunctionType) -> dict[str, Any]:
    """Return the variables of the functions around a function that it uses, if they are bound."""
    found = {}
    pairs = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    for name, cell in pairs:
        try:
            found[name] = cell.cell_contents
        except ValueError:
            continue
    return found


def defines(text: str, name: str) -> bool:
    """Tell whether a module's text defines a function at its top level."""
    try:
        return any(isinstance(n, FunctionNode) and n.name == name for n in _parsed(text).body)
    except SyntaxError:
        return True  # it is told why when the rule is made


def sheet_of(function: FunctionType) -> Sheet:
    """Return the text that a function stands in. Raises SourceRejected."""
    code = function.__code__
    for text in _texts(code):
        sheet = Sheet(code.co_filename, text)
        try:
            if node_of(sheet, code) is not None:
                return sheet
        except SyntaxError:
            continue
    raise SourceRejected(f"no source for {function.__qualname__}: {_reason(code)}")


def _texts(code: CodeType) -> Iterator[str]:
    """Return the texts that code may be made of."""
    with contextlib.suppress(OSError, TypeError, IndexError):
        yield "".join(inspect.findsource(code)[0])
    # Before 3.13 Python keeps no text of a command, but the system does.
    rest = len(sys.argv)
    if code.co_filename == "<string>" and sys.argv[:1] == ["-c"] and len(sys.orig_argv) > rest:
        yield sys.orig_argv[-rest]
    if code.co_filename == "<stdin>" and (text := _standard_input()):
        yield text


def _standard_input() -> str:
    """Return the text of standard input if it is a file, "" if not."""
    try:
        about = os.fstat(0)
        data = os.pread(0, about.st_size, 0) if stat.S_ISREG(about.st_mode) else b""
        return data.decode()
    except (OSError, ValueError):
        return ""


def _reason(code: CodeType) -> str:
    """Return why there is no text for code, and what to do."""
    name = code.co_filename
    if name == "<stdin>":
        why = "this prompt keeps no text (IPython, Jupyter and Python 3.13 do)"
    elif name == "<string>" and sys.argv[:1] == ["-c"]:
        why = "python -c keeps no text of what it executes"
    else:
        why = f"the text of {name} is not kept, or is another by now"
    return f"{why}; put it into a file, or use Rule.from_source(text)"


def node_of(sheet: Sheet, code: CodeType) -> FunctionNode | ast.Lambda | None:
    """Return the node that code was made of; None if it is not there. Raises SyntaxError."""
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    for node in walk(sheet.tree):
        if isinstance(node, FunctionNode):
            found = node.name == code.co_name and first_line(node) == code.co_firstlineno
        elif isinstance(node, ast.Lambda):
            found = code.co_name == "<lambda>" and _span(node.body) in code.co_positions()
        else:
            continue
        a = node.args
        if found and names == tuple(p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs)):
            return node
    return None


def _span(node: ast.expr) -> tuple[int, int | None, int, int | None]:
    return (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)


def owner_of(sheet: Sheet, node: ast.AST) -> ast.ClassDef | None:
    """Return the class that a function stands in, as one of its methods."""
    classes = (n for n in walk(sheet.tree) if isinstance(n, ast.ClassDef))
    return next((n for n in classes if node in n.body), None)


def session() -> list[Sheet]:
    """Return the cells and inputs that are kept, in the order in which they were given."""
    kept = [(name, entry) for name, entry in linecache.cache.items() if len(entry) == 4]
    return [
        Sheet(str(name), "".join(entry[2]))
        for name, entry in kept
        if entry[1] is None  # a file has a time of its last change
    ]
