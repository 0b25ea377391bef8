"""The fields in which sets of programs are published; one more kind is one more entry here.

A layout has a name, the columns by which it is known, and a function from a row to what the row
gives. That function may raise whatever comes of fields of other types: such a row is told of as
one that cannot be read. Whether the source is a program and the inputs are literals is seen later
and for all layouts alike (`rfft.rules.programs.collect`).
"""

import ast
import json
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rfft.tracer.values.show import show

from .errors import SetRejected

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Given:
    """What a row gives.

    `inputs` are texts of what stands between the parentheses of a call. `outputs` go with them: the
    text of a value, or None where the set says nothing. If they were JSON (`from_json`), a list may
    stand for a tuple and a text for a key.
    """

    source: str
    function: str | None
    inputs: list[str]
    outputs: list[str | None]
    from_json: bool = False


@dataclass(frozen=True)
class Layout:
    """A kind of set: its columns, where its ids may stand, and what a row of it gives."""

    columns: tuple[str, ...]
    given: Callable[[Row], Given]
    ids: tuple[str, ...] = ("id", "task_id", "question_id")


def _cruxeval(row: Row) -> Given:
    return Given(row["code"], "f", [row["input"]], [_text(row.get("output"))])


def _livecodebench(row: Row) -> Given:
    # Some of its files have the whole call.
    name, text = row["function_name"].rpartition(".")[2], row["input"]
    called = re.fullmatch(
        rf"\s*(?:\w+(?:\(\))?\.)*{re.escape(name)}\s*\((.*)\)\s*", text, re.DOTALL
    )
    return Given(row["code"], name, [called[1] if called else text], [_text(row.get("output"))])


def _mbpp(row: Row) -> Given:
    code, tests = row["code"], "\n".join(row["test_list"])
    defined = {n.name for n in _parsed(code).body if isinstance(n, ast.FunctionDef)}
    called = [n for n in _called_in(tests) if n in defined]
    if not called:
        return Given(code, None, [], [])
    return Given(code, called[0], *_asserted(tests, {called[0]}))


def _humaneval(row: Row) -> Given:
    source, name = row["prompt"] + row["canonical_solution"], row["entry_point"]
    return Given(source, name, *_asserted(row["test"], {"candidate", name}))


def _codeio(row: Row) -> Given:
    pairs = json.loads(row["ios"]) if isinstance(row["ios"], str) else row["ios"]
    inputs = [", ".join(f"{n}={show(v)}" for n, v in pair["input"].items()) for pair in pairs]
    outputs = [show(pair["output"]) if "output" in pair else None for pair in pairs]
    return Given(row["refcode"], row["funcname"], inputs, outputs, from_json=True)


def _own(row: Row) -> Given:
    inputs = list(row["inputs"])
    said = list(row.get("outputs") or [])
    if len(said) not in (0, len(inputs)):
        raise ValueError("it does not have as many outputs as inputs")
    return Given(
        row["source"], row.get("function"), inputs, list(map(_text, said or [None] * len(inputs)))
    )


LAYOUTS = {
    "own": Layout(("source", "inputs"), _own),
    "codeio": Layout(("refcode", "funcname", "ios"), _codeio),
    "humaneval": Layout(("prompt", "canonical_solution", "test", "entry_point"), _humaneval),
    "livecodebench": Layout(("code", "input", "function_name"), _livecodebench),
    "cruxeval": Layout(("code", "input"), _cruxeval),
    "mbpp": Layout(("code", "test_list"), _mbpp),
}
"""By name; where a row has the columns of several, the first one is meant."""


def layout(name: str | None, first: Row, where: str) -> Layout:
    """Return the layout with a name, or the one that a set's first row has. Raises SetRejected."""
    if name is not None:
        if name not in LAYOUTS:
            raise SetRejected(f"no fields {name!r}; there are {', '.join(LAYOUTS)}")
        return LAYOUTS[name]
    for one in LAYOUTS.values():
        if first.keys() >= set(one.columns):
            return one
    columns = ", ".join(map(str, first)) or "none"
    known = "; ".join(f"{name} has {', '.join(one.columns)}" for name, one in LAYOUTS.items())
    raise SetRejected(f"{where}: its columns ({columns[:200]}) are of no known set: {known}")


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else show(value)


# Asserts


def _parsed(text: str) -> ast.Module:
    """Return the tree of a program, or an empty one if it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _asserts(text: str) -> Iterator[ast.expr]:
    for node in ast.walk(_parsed(text)):
        if isinstance(node, ast.Assert):
            yield node.test


def _calls(test: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            function = node.func
            yield function.id if isinstance(function, ast.Name) else function.attr, node


def _called_in(text: str) -> Iterable[str]:
    return (name for test in _asserts(text) for name, _ in _calls(test))


def _asserted(text: str, names: set[str]) -> tuple[list[str], list[str | None]]:
    """Return the inputs of the calls in asserts, with the outputs of those that state a value."""
    inputs: list[str] = []
    outputs: list[str | None] = []
    for test in _asserts(text):
        for name, call in _calls(test):
            if name in names:
                inputs.append(", ".join(map(ast.unparse, (*call.args, *call.keywords))))
                outputs.append(_stated(test, call))
    return inputs, outputs


def _stated(test: ast.expr, call: ast.Call) -> str | None:
    """Return the text of the value that an assert says a call to give, if it is a literal."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            other = right if left is call else left if right is call else None
        case _:
            return None
    try:
        ast.literal_eval(other) if other is not None else None
    except (ValueError, TypeError, MemoryError, RecursionError):
        return None
    return None if other is None else ast.unparse(other)
