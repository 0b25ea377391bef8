"""Names replaced: by others that are usual for the same thing, or by meaningless ones.

A name is replaced wherever it stands in the program, in all scopes alike, and by one that stands
nowhere; so whatever belonged together belongs together after it: closures, ``global``,
``nonlocal``, recursion. Names stay that something else than the program's own scopes may look for:
those of attributes, classes, imports, keywords of calls, builtins, and hints in quotes.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from random import Random

import libcst as cst

from ..synthetic.names import common_names, random_names
from .draft import RESERVED, Draft, fresh, walk

_ALIKE = [
    group.split()
    for group in (
        "nums numbers values items lst arr array data seq sequence elements list1",
        "res result results ans answer out output ret",
        "s text string word st txt sentence str1",
        "n size count length cnt num number",
        "i index idx position pos place ind",
        "j other_index second_index inner",
        "total summed sum_ acc accumulated",
        "max_value largest biggest highest maximum best",
        "min_value smallest lowest least minimum",
        "left low lo begin start first",
        "right high hi end stop final last",
        "cur curr current now",
        "prev previous before",
        "nxt following after",
        "tmp temp held spare",
        "d dct dic mapping table lookup dictionary",
        "seen visited known met",
        "c ch char letter symbol character",
        "words tokens terms parts",
        "k key label",
        "v val value entry element item x",
        "row line",
        "col column",
        "grid matrix board",
        "stack pile",
        "a first_value one left_value",
        "b second_value two right_value",
        "flag found ok is_good",
        "dp table_of_results memo solved",
        "func function helper work step_of",
        "m rows upper limit",
        "target goal wanted sought",
    )
]
_KEPT_PLACES = re.compile(r"(?P<before>[`{])(?P<name>\w+)(?P<after>[`}!])")
_IN_COMMENTS = re.compile(r"`\w+`|\w+(?=[\[(])|\w*_\w*")


def alike(draft: Draft, rng: Random) -> Draft:
    """Give names other ones that are usual for the same thing."""
    common = common_names(rng)

    def words(old: str) -> Iterator[str]:
        found = [name for group in _ALIKE if old in group for name in group if name != old]
        rng.shuffle(found)
        yield from found
        yield from common
        yield old

    return _renamed(draft, words)


def meaningless(draft: Draft, rng: Random) -> Draft:
    """Give names other ones that mean nothing."""
    made = random_names(rng)
    return _renamed(draft, lambda old: (next(made) for _ in range(20)))


def _renamed(draft: Draft, words: Callable[[str], Iterable[str]]) -> Draft:
    taken = draft.names()
    new = {old: fresh(words(old), taken) for old in own_names(draft)}
    module = draft.module.visit(_Renamer(new))
    start, dot, rule = draft.function.rpartition(".")
    kinds = {new.get(name, name): kind for name, kind in draft.kinds.items()}
    renamed = start + dot + (rule if dot else new.get(rule, rule))
    return replace(draft.having(module), function=renamed, kinds=kinds)


def own_names(draft: Draft) -> list[str]:
    """Return the names that can be replaced, in the order in which they come up."""
    tree = draft.tree
    fixed = _fixed(tree) | draft.fixed | RESERVED
    nodes = list(walk(draft.module))
    for node in nodes:
        if isinstance(node, cst.FormattedStringExpression) and node.equal is not None:
            fixed |= {n.value for n in walk(node) if isinstance(n, cst.Name)}
    bound = _bound(tree) - fixed
    names = (node.value for node in nodes if isinstance(node, cst.Name))
    return [n for n in dict.fromkeys(names) if n in bound and not n.startswith("__")]


def _bound(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case (
                ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name))
            ):  # fmt: skip
                found.add(name)
    return found


def _fixed(tree: ast.Module) -> set[str]:
    """Return the names that something else than a scope may look for."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef():
                found.add(node.name)
                found |= _bound(ast.Module(list(map(_shell, node.body)), []))
            case ast.alias():
                found.add((node.asname or node.name).partition(".")[0])
            case ast.Call(keywords=keywords):
                found |= {one.arg for one in keywords if one.arg}
                if any(one.arg is None for one in keywords):  # the names are in a dict
                    found |= {a.arg for a in ast.walk(tree) if isinstance(a, ast.arg)}
            case ast.arg(annotation=ast.expr() as hint) | ast.AnnAssign(annotation=hint):
                found |= _quoted(hint)
            case ast.FunctionDef(returns=ast.expr() as hint):
                found |= _quoted(hint)
    return found


def _shell(node: ast.stmt) -> ast.stmt:
    """Return a statement of a class without what is inside of a method."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        empty = ast.arguments([], [], None, [], [], None, [])
        return ast.FunctionDef(node.name, empty, [], [])
    return node


def _quoted(hint: ast.expr) -> set[str]:
    texts = (
        node.value
        for node in ast.walk(hint)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {word for text in texts for word in re.findall(r"\w+", text)}


class _Renamer(cst.CSTTransformer):
    def __init__(self, new: dict[str, str]) -> None:
        self._new = new

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        name = original_node.value
        return (
            updated_node.with_changes(value=self._new[name])
            if name in self._new
            else (updated_node)
        )

    def leave_Attribute(
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.Attribute:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_MatchKeywordElement(
        self, original_node: cst.MatchKeywordElement, updated_node: cst.MatchKeywordElement
    ) -> cst.MatchKeywordElement:
        return updated_node.with_changes(key=original_node.key)

    def visit_Import(self, node: cst.Import) -> bool:
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        return False

    def leave_Comment(self, original_node: cst.Comment, updated_node: cst.Comment) -> cst.Comment:
        text = _IN_COMMENTS.sub(self._word, original_node.value)
        return updated_node.with_changes(value=text)

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        if word.startswith("`"):
            return f"`{self._new.get(word[1:-1], word[1:-1])}`"
        return self._new.get(word, word)

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine:
        """Put names into docstrings: arguments of questions, and what is marked as code."""
        match updated_node.body:
            case [cst.Expr(value=cst.SimpleString() as text) as line]:
                changed = text.with_changes(value=_KEPT_PLACES.sub(self._place, text.value))
                return updated_node.with_changes(body=[line.with_changes(value=changed)])
        return updated_node

    def _place(self, found: re.Match[str]) -> str:
        name = self._new.get(found["name"], found["name"])
        return f"{found['before']}{name}{found['after']}"
