"""Counts leaps: operations of a rule whose operands or result no line of a trace states.

``python -m tests.observer.leaps FILE.jsonl... [--style S]... [--library]``

An operation is one of the language, or one call; what a function written in C does is one. The
plain rule is run with every operation watched, and what came of each is looked for among the lines
``source = value`` of the text, each of which answers for one operation. The value that a statement
gives to a variable or returns is looked for among its states, and the outcome of a test is told by
where the rule goes. Values that have no text of their own, such as functions, are not looked for.
"""

import argparse
import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rfft.tracer import Rule, Trace
from rfft.tracer.errors import InputRejected, SourceRejected
from rfft.tracer.styles import load

from .describing import ANY, FIRST, TooLarge, describe
from .judging import arguments
from .program import CannotFollow
from .rows import Case, cases, library

_SCOPES = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_MOST = 20_000  # operations of a run
_KINDS: dict[type[ast.AST], str] = {
    ast.BinOp: "operator", ast.UnaryOp: "operator", ast.Compare: "comparison", ast.Call: "call",
    ast.Subscript: "subscript", ast.JoinedStr: "f-string", ast.NamedExpr: "walrus",
}  # fmt: skip


class _TooMany(BaseException):
    """A run has more operations than are counted."""


class _Watching(ast.NodeTransformer):
    """Puts a call around each operation: it is given the number of a note, and the value."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, str, tuple[str, ...]]] = []  # kind, source, where it is stated
        self.where = ""  # "in comprehension", …
        self.stated: dict[ast.AST, tuple[str, ...]] = {}  # by the statement that it is all of

    def watch(self, kind: str, source: str, node: ast.expr, lefts: tuple[str, ...]) -> ast.expr:
        self.notes.append((f"{kind}{self.where}", source, lefts))
        call = ast.Call(
            ast.Name("__saw", ast.Load()), [ast.Constant(len(self.notes) - 1), node], []
        )
        return ast.fix_missing_locations(ast.copy_location(call, node))

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [self.visit(s) for s in node.body]
            return node
        if isinstance(node, ast.ClassDef):
            node.body = [
                self.visit(s) if isinstance(s, ast.FunctionDef | ast.ClassDef) else s
                for s in node.body
            ]
            return node
        if isinstance(node, ast.stmt):
            self.statement(node)
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            return self.place(node)
        kind = _KINDS.get(type(node))
        source = ast.unparse(node) if isinstance(node, ast.expr) else ""
        lefts = self.stated.get(node, (source,))
        before = self.where
        if isinstance(node, _SCOPES):
            return self.comprehension(node)
        if isinstance(node, ast.Lambda):
            self.where = " in lambda"
            node.body = self.bound(self.visit(node.body), [a.arg for a in node.args.args])
            self.where = before
            return node
        if isinstance(node, ast.JoinedStr):
            self.where = before or " in f-string"
            node.values = [self.part(v) for v in node.values]
            self.where = before
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
            node.args = [self.visit(a) for a in node.args]
            node.keywords = [self.visit(k) for k in node.keywords]
        elif isinstance(node, ast.AnnAssign | ast.arg):
            if isinstance(node, ast.AnnAssign) and node.value is not None:
                node.value = self.visit(node.value)
        else:
            self.generic_visit(node)
        if kind is None or lefts == ("",):
            return node
        if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
            return node
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "super"
        ):
            return node
        if isinstance(node, ast.NamedExpr):
            lefts = (node.target.id,)
        return self.watch(kind, source, node, lefts)

    def statement(self, node: ast.stmt) -> None:
        """Note where the value of a whole statement is stated."""
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if not isinstance(node, ast.AugAssign):
                self.stated[node.value] = ("*", *map(ast.unparse, targets))
        elif isinstance(node, ast.If | ast.While):
            test: ast.expr = node.test
            while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
                self.stated[test] = ("",)
                if not isinstance(test.operand, ast.Compare | ast.UnaryOp):
                    return
                if isinstance(test.operand, ast.Compare):
                    return  # its truth is the opposite of what is told
                test = test.operand
            if isinstance(test, ast.Compare):
                self.stated[test] = ("",)  # told by where the rule goes
        elif isinstance(node, ast.Assert):
            self.stated[node.test] = ("",)
        elif isinstance(node, ast.Raise) and node.exc is not None:
            self.stated[node.exc] = ("",)

    def place(self, node: Any) -> ast.expr:
        """Watch the keys of a place that is assigned; to find it is a part of the assignment."""
        at = node
        while isinstance(at, ast.Subscript | ast.Attribute):
            if isinstance(at, ast.Subscript):
                at.slice = self.visit(at.slice)
            at = at.value
        return node  # type: ignore[no-any-return]

    def comprehension(self, node: Any) -> ast.expr:
        before, self.where = self.where, " in comprehension"
        parts = ["key", "value"] if isinstance(node, ast.DictComp) else ["elt"]
        for part in parts:
            setattr(node, part, self.visit(getattr(node, part)))
        names: list[list[str]] = []
        for generator in node.generators:
            generator.iter = self.visit(generator.iter)
            generator.ifs = [self.visit(c) for c in generator.ifs]
            names.append([n.id for n in ast.walk(generator.target) if isinstance(n, ast.Name)])
        for i, generator in enumerate(node.generators):
            if generator.ifs:
                generator.ifs[0] = self.bound(generator.ifs[0], names[i])
            elif i + 1 < len(node.generators):
                after = node.generators[i + 1]
                after.iter = self.bound(after.iter, names[i])
            else:
                setattr(node, parts[0], self.bound(getattr(node, parts[0]), names[i]))
        self.where = before
        return node  # type: ignore[no-any-return]

    def bound(self, node: ast.expr, names: list[str]) -> ast.expr:
        """Return an expression before which names are bound."""
        seen = [
            self.watch("item", n, ast.Name(n, ast.Load(), lineno=1, col_offset=0), (n,))
            for n in names
        ]
        made = ast.Subscript(ast.Tuple([*seen, node], ast.Load()), ast.Constant(-1), ast.Load())
        return ast.fix_missing_locations(ast.copy_location(made, node))

    def part(self, value: ast.expr) -> ast.expr:
        """Watch the parts of an f-string, and what is formatted."""
        if not isinstance(value, ast.FormattedValue):
            return value
        source = ast.unparse(ast.JoinedStr([value]))
        formatted = value.format_spec is not None or value.conversion != -1
        value.value = self.visit(value.value)
        if not formatted:
            return value
        text = self.watch("format", source, ast.JoinedStr([value]), (source,))
        return ast.FormattedValue(text, -1, None)


def operations(case: Case) -> list[tuple[str, tuple[str, ...], str]]:
    """Return the operations of a run, as (kind, where its result is stated, its description)."""
    tree = ast.parse(case.source)
    watching = _Watching()
    tree.body = [watching.visit(s) if isinstance(s, _WHOLE) else s for s in tree.body]
    seen: list[tuple[str, tuple[str, ...], str]] = []

    def saw(number: int, value: Any) -> Any:
        kind, _, lefts = watching.notes[number]
        try:
            text = describe(value)
        except TooLarge:
            text = ANY
        seen.append((kind, lefts, text))
        if len(seen) > _MOST:
            raise _TooMany
        return value

    args, kwargs = arguments(case.input)
    names: dict[str, Any] = {"__name__": "rule", "__saw": saw}
    rule = Rule.from_source(case.source, case.function)
    names.update(rule.typing_names)
    exec(compile(ast.fix_missing_locations(tree), "<watched>", "exec"), names)
    if rule.owner is not None:
        function = getattr(names[rule.owner.name](), rule.scope.name)
    else:
        function = names[rule.scope.name]
    seen.clear()  # of what the module itself does
    try:
        result = function(*([None] if rule.skips_self else []), *args, **kwargs)
        if hasattr(result, "__next__"):
            list(result)
    except Exception:
        pass
    return seen


_WHOLE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def leaps(
    seen: Sequence[tuple[str, tuple[str, ...], str]], text: str
) -> tuple[Counter[str], Counter[str]]:
    """Return how many operations of each kind there are, and how many of them are leaps."""
    told = Counter(_stated(text))
    values = {value for _, value in told}
    ends = {
        line.partition(" is ")[2] or line.partition(" returns ")[2] for line in text.split("\n")
    }
    counts: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for kind, lefts, value in seen:
        counts[kind] += 1
        if ANY in value or FIRST in value or value.startswith("<"):
            continue
        if lefts[0] == "*" and (value in values or not _is_name(lefts[-1])):
            continue
        left = next((one for one in lefts if told[_plain(one), value]), None)
        if left is not None:
            told[_plain(left), value] -= 1
        elif not (lefts[0] == "*" or value == "None" or (value in ends and value not in values)):
            found[kind] += 1
    return counts, found


def _is_name(left: str) -> bool:
    return left.isidentifier()


def _stated(text: str) -> Iterator[tuple[str, str]]:
    """Yield what the lines of a text state, as (source, value)."""
    for line in text.split("\n"):
        for match in re.finditer(" = ", line):
            yield _plain(line[: match.start()]), line[match.end() :]


def _plain(source: str) -> str:
    """Return an expression as Python itself would write it, if it is one."""
    known = _PLAIN.get(source)
    if known is None:
        try:
            known = ast.unparse(ast.parse(source, mode="eval"))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            known = source
        _PLAIN[source] = known
    return known


_PLAIN: dict[str, str] = {}


def main() -> None:
    """Print for each style how many operations there were of each kind, and how many leaps."""
    parser = argparse.ArgumentParser(prog="python -m tests.observer.leaps", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--library", action="store_true")
    parser.add_argument("--style", action="append", default=[])
    told = parser.parse_args()
    styles = told.style or ["rfft", "granular"]
    counts: dict[str, Counter[str]] = {s: Counter() for s in styles}
    found: dict[str, Counter[str]] = {s: Counter() for s in styles}
    ratios: list[float] = []
    for source in [*map(cases, told.files), *([library()] if told.library else [])]:
        for case in source:
            lengths = []
            for style in styles:
                done = _count(case, style)
                if done is None:
                    break
                counts[style] += done[0]
                found[style] += done[1]
                lengths.append(done[2])
            if len(lengths) > 1:
                ratios.append(lengths[-1] / lengths[0])
    for style in styles:
        total, all_ = found[style].total(), counts[style].total()
        print(f"{style}: {total:,} leaps of {all_:,} operations, {total / max(all_, 1):.2%}")
        for kind, n in counts[style].most_common():
            print(f"  {kind:28} {n:9,} {found[style][kind]:9,}")
    if ratios:
        middle = sorted(ratios)[len(ratios) // 2]
        print(
            f"characters, {styles[-1]} to {styles[0]}: median {middle:.2f}, most {max(ratios):.2f}"
        )


def _count(case: Case, style: str) -> tuple[Counter[str], Counter[str], int] | None:
    """Return the operations and leaps of a case, and its length; None if it is not counted."""
    try:
        rule = Rule.from_source(case.source, case.function)
        args, kwargs = arguments(case.input)
        seen = operations(case)
        if load(style).detailed:
            rule = rule.detailed
        text = Trace(rule, args, kwargs).run().response(style)
        return *leaps(seen, text), len(text)
    except (SourceRejected, InputRejected, CannotFollow, _TooMany):
        return None


if __name__ == "__main__":
    main()
