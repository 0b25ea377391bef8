"""Every form of Python means the same when instrumented.

Each form runs in every place where it can stand, plain and instrumented: the same results, every
expression evaluated once and in order. Where it says "fails", each ``log`` call of the form raises
in turn: the same exceptions with the same line numbers.
"""

import ast
from collections.abc import Iterable

import pytest

from .forms import (
    EXPRESSIONS,
    EXPRESSIONS_312,
    HOMES,
    PLACES,
    STATEMENTS,
    STATEMENTS_312,
    STATEMENTS_313,
    compiles,
    for_this_python,
    housed,
    placed,
)
from .semantics import same, same_failing

FORMS = for_this_python(EXPRESSIONS, ((3, 12), EXPRESSIONS_312))
SENTENCES = for_this_python(STATEMENTS, ((3, 12), STATEMENTS_312), ((3, 13), STATEMENTS_313))

# The places that differ most in how an engine must treat what stands in them.
FAILING_PLACES = ["local", "class", "argument", "condition", "while", "augmented", "yielded"]
FAILING_HOMES = ["module", "function", "class", "loop", "finally", "generator"]


def everywhere(form: str, places: Iterable[str]) -> dict[str, str]:
    """Return, by place, the sources with a form in it that Python accepts."""
    put = housed if form in SENTENCES else placed
    sources = {place: put(form, place) for place in places}
    return {place: source for place, source in sources.items() if compiles(source)}


@pytest.mark.parametrize("form", FORMS)
def test_expression(form: str) -> None:
    sources = everywhere(form, PLACES)
    for place, source in sources.items():
        check = same_failing if place in FAILING_PLACES else same
        check(source)
    assert len(sources) > len(PLACES) / 2


@pytest.mark.parametrize("form", SENTENCES)
def test_statement(form: str) -> None:
    sources = everywhere(form, HOMES)
    for home, source in sources.items():
        check = same_failing if home in FAILING_HOMES else same
        check(source)
    assert sources


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_every_expression_fails_everywhere(place: str) -> None:
    sources = [source for form in FORMS for source in everywhere(form, [place]).values()]
    for source in sources:
        same_failing(source)
    assert sources


@pytest.mark.slow
@pytest.mark.parametrize("home", HOMES)
def test_every_statement_fails_everywhere(home: str) -> None:
    sources = [source for form in SENTENCES for source in everywhere(form, [home]).values()]
    for source in sources:
        same_failing(source)
    assert sources


@pytest.mark.slow
@pytest.mark.parametrize("outer", FORMS)
def test_every_expression_inside_every_other(outer: str) -> None:
    """Puts each expression into another one, in the place of its first ``log(1)``."""
    nested = [outer.replace("log(1)", f"log(({inner}))", 1) for inner in FORMS]
    sources = [source for form in nested for source in everywhere(form, ["local"]).values()]
    for source in sources:
        same(source)
    assert sources


def test_every_kind_of_node_is_among_the_forms() -> None:
    bases = (ast.stmt, ast.expr, ast.pattern, ast.operator, ast.unaryop, ast.cmpop)
    wanted = {node.__name__ for base in bases for node in base.__subclasses__()}
    sources = [source for form in FORMS for source in everywhere(form, ["local"]).values()]
    for form in SENTENCES:
        sources += everywhere(form, ["module", "function"]).values()
    found = {type(node).__name__ for source in sources for node in ast.walk(ast.parse(source))}
    assert wanted <= found
