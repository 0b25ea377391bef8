"""Which code decides about the bytes of a corpus, as hashes.

Hashed is what code says, not how: comments, docstrings and layout are left out, and the syntax tree
is written down in a way of our own, as Python's own changes with its version.
"""

import ast
import functools
import inspect
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import rfft.tracer
from rfft.tracer.plan.statements import has_docstring
from rfft.tracer.sandbox import allowed
from rfft.tracer.styles import Style

from .errors import CorpusRejected

DECIDING = {
    "tracer": "values inputs question arguments parameters plan program recorded styles compiled "
    "instrument rule tracing",
    "rules": "task facts hints makers plain inside sandboxed fingerprints programs synthetic "
    "variants",
    "corpus": "backward draw files plan programs rows sources split steps tracing",
}
"""The modules and packages that decide about a byte of a row. The tasks' texts are in the plan."""

_ALLOWED = "allow "
_Hashes = tuple[tuple[str, str], ...]


def versions(style: Style, form: str) -> dict[str, str]:
    """Return the versions of the code that makes a corpus in this style and format."""
    tracer, rules = Path(rfft.tracer.__file__).parent, Path(__file__).parent.parent
    made = dict(code_hashes(tracer, rules))
    try:
        file = Path(inspect.getfile(type(style)))
    except (TypeError, OSError):
        raise CorpusRejected(f"style {style.name} has no file, so its version is unknown") from None
    made["style"] = _hash([(style.name, file)])
    made |= {f"{_ALLOWED}{name}": _version(name) for name in allowed()}
    if form == "parquet":
        import pyarrow

        made["pyarrow"] = pyarrow.__version__
    return made


def demand(made: Mapping[str, str]) -> None:
    """Refuse a corpus whose rules import modules that rules may not import here.

    `made` are the versions of what has made it. Raises CorpusRejected.
    """
    names = [key.removeprefix(_ALLOWED) for key in made if key.startswith(_ALLOWED)]
    missing = [name for name in names if name not in allowed()]
    if missing:
        options = " ".join(f"--allow {name}" for name in missing)
        raise CorpusRejected(f"its rules may import more than the standard library: {options}")


def _version(module: str) -> str:
    """Return the version of the package that a module is of, if it has one of the same name."""
    try:
        return metadata.version(module.partition(".")[0])
    except metadata.PackageNotFoundError:
        return ""


@functools.cache
def code_hashes(tracer: Path, rules: Path) -> _Hashes:
    """Return the hashes of the code that decides, in the folders of these two rooms."""
    folders = {"tracer": tracer, "rules": rules, "corpus": rules / "corpus"}
    return tuple((name, _hash(_modules(folders[name], DECIDING[name]))) for name in folders)


def _modules(folder: Path, parts: str) -> Iterable[tuple[str, Path]]:
    """Yield the modules of these parts of a package by their names in it."""
    for part in parts.split():
        package = folder / part
        paths = sorted(package.rglob("*.py")) if package.is_dir() else [folder / f"{part}.py"]
        for path in paths:
            yield path.relative_to(folder).as_posix(), path


def _hash(modules: Iterable[tuple[str, Path]]) -> str:
    digest = sha256()
    for name, path in modules:
        written = _written(ast.parse(path.read_bytes()))
        digest.update(f"{name} {len(written)}\n{written}".encode())
    return digest.hexdigest()[:16]


_LAYOUT = frozenset({"kind", "ctx", "type_comment", "type_ignores"})
"""Fields that say how code is written, or what follows from where it stands."""
_DOCUMENTED = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _written(node: Any) -> str:
    if isinstance(node, list):
        return f"[{','.join(map(_written, node))}]"
    if not isinstance(node, ast.AST):
        return ascii(node)
    fields: dict[str, Any] = {
        name: getattr(node, name, None) for name in node._fields if name not in _LAYOUT
    }
    if isinstance(node, _DOCUMENTED) and has_docstring(node):
        fields["body"] = fields["body"][1:]
    if isinstance(node, ast.JoinedStr):
        fields["values"] = _joined(node.values)
    # Later versions have fields that earlier ones lack; they are empty where these can read.
    said = [f"{n}={_written(value)}" for n, value in fields.items() if value not in (None, [])]
    return f"({' '.join((type(node).__name__, *said))})"


def _joined(parts: list[ast.expr]) -> list[ast.expr | str]:
    """Return the parts of an f-string, of which some versions cut the constant ones in pieces."""
    joined: list[ast.expr | str] = []
    constant = ""
    for part in parts:
        if isinstance(part, ast.Constant):
            constant += str(part.value)
        else:
            joined += [constant, part]
            constant = ""
    return [*joined, constant]
