"""Programs with inputs, from the rows of public sets, own rows, and the library."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_INPUTS = 3


@dataclass(frozen=True)
class Case:
    """A program and one input: what stands between the parentheses of a call."""

    name: str
    source: str
    function: str | None
    input: str


def cases(path: Path, fields: dict[str, str] | None = None) -> Iterator[Case]:
    """Yield the cases of a JSONL file; `fields` says which fields are other than by default."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if line.strip():
            row = json.loads(line)
            for ours, theirs in (fields or {}).items():
                row[ours] = row[theirs]
            yield from of_row(row, str(number))


def of_row(row: dict[str, Any], number: str) -> Iterator[Case]:
    """Yield the cases of one row: CRUXEval, MBPP, HumanEval, CodeI/O, or our own."""
    name = str(row.get("id") or row.get("task_id") or number)
    if "canonical_solution" in row:
        source = row["prompt"] + row["canonical_solution"]
        yield from _calls(name, source, row["entry_point"], row["test"], "candidate")
    elif "test_list" in row:
        source = row["code"].replace("\r\n", "\n")
        for text in row["test_list"]:
            function = _called(text, source)
            if function is not None:
                yield from _calls(name, source, function, text, function)
    elif "refcode" in row:
        for io in row["ios"][:MOST_INPUTS]:
            told = ", ".join(f"{k}={v!r}" for k, v in io["input"].items())
            yield Case(name, row["refcode"], row["funcname"], told)
    elif "input" in row:
        yield Case(name, row.get("code") or row["source"], row.get("function", "f"), row["input"])
    else:
        for told in row["inputs"]:
            if isinstance(told, list):
                told = ", ".join(map(repr, told))
            elif isinstance(told, dict):
                told = ", ".join(f"{k}={v!r}" for k, v in told.items())
            yield Case(name, row["source"], row.get("function"), told)


def library(lengths: tuple[int, ...] = (1, 5, 15)) -> Iterator[Case]:
    """Yield each task of the library at some lengths."""
    from rfft.rules import catalog

    for name, task in sorted(catalog().items()):
        for length in lengths:
            try:
                arguments = task.arguments(length, 0, 0)
            except Exception:  # the task has no instance of this length
                continue
            text = ", ".join(map(repr, arguments))
            yield Case(f"{name}:{length}", task.rule.source, task.rule.function, text)


def _called(text: str, source: str) -> str | None:
    """Return which function of a source a test calls."""
    try:
        defined = {n.name for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)}
        for node in ast.walk(ast.parse(text)):
            called = getattr(node, "func", None)
            if isinstance(called, ast.Name) and called.id in defined:
                return called.id
    except SyntaxError:
        return None
    return None


def _calls(name: str, source: str, function: str, tests: str, called: str) -> Iterator[Case]:
    """Yield the calls with literal arguments in the text of tests."""
    try:
        tree = ast.parse(tests)
    except SyntaxError:
        return
    count = 0
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) != called:
            continue
        parts = [ast.unparse(a) for a in node.args]
        parts += [f"{k.arg}={ast.unparse(k.value)}" for k in node.keywords]
        try:
            for part in [*node.args, *[k.value for k in node.keywords]]:
                ast.literal_eval(part)
        except (ValueError, TypeError):
            continue
        if count < MOST_INPUTS:
            count += 1
            yield Case(f"{name}#{count}", source, function, ", ".join(parts))
