"""A recital is the whole text of what it recites, as it stands in the rule; titles are words."""

import textwrap

import pytest

from rfft.tracer import Rule, trace

FROM_3_12 = pytest.mark.skipif("sys.version_info < (3, 12)", reason="syntax of Python 3.12")


def recited(body: str, *args: object) -> set[str]:
    """Return the recitals of the steps of a function with the given body, called ``n``."""
    source = f"def rule(n):\n{textwrap.indent(body, '    ')}\n"
    return {step.source for step in trace(Rule.from_source(source, "rule"), *args).steps}


def response(body: str, *args: object) -> str:
    source = f"def rule(n):\n{textwrap.indent(body, '    ')}\n"
    return trace(Rule.from_source(source, "rule"), *args).response()


HEADERS = [
    "if (\n    n\n    and n[0:1]\n):",
    "if n \\\n        and n:",
    "if n and (  # n: it is there\n    n\n):",
    "if {1: n}[1]:",
    "if (lambda a: a)(n) :",
    "while (\n    # why: it has one\n    len(n) == 1\n):",
    "for x in (\n    1,\n    2,\n):",
    "for x in lambda: 1, {1: 2}:",
    "with (\n    open('/dev/null') as f,\n    open('/dev/null') as g\n):",
    "with open('/dev/null') as f, \\\n     open('/dev/null') as g:",
    "try :",
    "match (\n    n\n):",
    "def g(\n    a,\n    b=1,\n):",
    "def g(a, *b: int, c={1: 2}, **d: 'd:') -> dict[\n    str, int\n]:",
    "def g(\n    a,  # the first: a\n    /,\n):",
    "def g(\n):",
    "def é(é: 'é:'):",
    "@staticmethod\ndef g():",
    "@(\n    staticmethod\n)\n# between\n@staticmethod\ndef g(\n    a,\n):",
    "class A:",
    "class A(\n    list,\n):",
    "class A(list, metaclass=type) :",
    "@(lambda c: c)\nclass A:",
]


@pytest.mark.parametrize("layout", ["\n    break", " break", "  # done: so\n    break"])
@pytest.mark.parametrize("header", HEADERS)
def test_a_header_is_recited_whole(header: str, layout: str) -> None:
    inside = "pass" if header.lstrip("@(").split()[0] not in ("for", "while") else "break"
    rest = "\n    case _: pass" if header.startswith("match") else layout.replace("break", inside)
    end = "\nfinally: pass" if header.startswith("try") else ""
    assert header in recited(f"{header}{rest}{end}", "a")


@pytest.mark.parametrize(
    "header",
    [
        'case (\n    "red" | "blue"\n):',
        "case (\n    case\n) if n:",
        'case (  # the "case" of: red\n    "red"\n) if (\n    n\n):',
        'case [("red" | "blue")] | (\n    "red"\n) :',
        'case "red" as é:',
        'case \\\n    "red":',
    ],
)
def test_a_case_is_recited_whole(header: str) -> None:
    source = f"match n:\n{textwrap.indent(header, '    ')}\n        x = 1\n    case _: x = 2"
    assert header in recited(source, "red")
    assert f"\n{header}\n" in response(source, "red")


@pytest.mark.parametrize(
    "header",
    [
        "except (\n    TypeError,\n    ValueError\n) as e:",
        "except (\n    ValueError\n) as é :",
        "except ValueError:",
        "except :",
        "except* ValueError:",
    ],
)
def test_a_handler_is_recited_whole(header: str) -> None:
    assert header in recited(f"try:\n    int(n)\n{header} pass", "a")


def test_an_elif_is_recited_whole() -> None:
    header = "elif (\n    n\n):"
    assert header in recited(f"if not n: pass\n{header} pass", "a")


@FROM_3_12
@pytest.mark.parametrize("header", ["def g[T: int]():", "class A[T: (int, str)]:"])
def test_type_parameters_are_recited(header: str) -> None:
    assert header in recited(f"{header} pass", 1)


def test_parts_of_a_line_are_recited_by_themselves() -> None:
    steps = recited("if n: x = 1; y = [\n    n,\n]; z = 2", 1)
    assert {"if n:", "x = 1", "y = [\n    n,\n]", "z = 2"} <= steps


# Titles


def titled(comment: str) -> str | None:
    """Return the title that a comment gives to what is below it, if any."""
    lines = "\n".join(f"# {line}" for line in comment.split("\n"))
    found = [
        line for line in response(f"a = n\n{lines}\nb = a", 1).split("\n") if line[1:3] == ". "
    ]
    assert found[0] == "1. Initialize"
    return found[1][3:] if len(found) == 3 else None


@pytest.mark.parametrize(
    "words",
    [
        "Initialize Location", "Step 2: sort", "base case", "Initialize", "done", "not found",
        "Note: important", "two-pointer", "left, right", "don't stop", "1. Initialize", "i -> j",
        "Search (binary)", "Setup & teardown", "the rest, if any:", "Loop:", "for each item:",
        "O(n log n)", "in or out", "e.g. this", "sum of digits = total", "None", "type checks",
    ],
)  # fmt: skip
def test_a_comment_in_words_is_a_title(words: str) -> None:
    assert titled(words) == words


@pytest.mark.parametrize(
    "code",
    [
        "print(total)", "x = 1", "i += 1", "return x", "foo()", "for x in y:", "else:", "try:",
        "elif x:", "except ValueError:", "finally:", "while True:", "with open(x) as f:",
        "def f(a):", "class A:", "@cached", "import math", "from a import b", "del x[0]",
        "raise ValueError", "a[0]", "x, y = y, x", "total: int", "total: list[int]", "x: int = 0",
        "assert x == 1", "pass", "break", "case 1:", "match x:", "yield x", "await go()",
        "x if y else z()", "print('\\d')", "a.sort(); return a", "x == 1",
        "for x in y:\n    print(x)\n    total += x", "foo(\n    a,\n    b,\n)",
        "if x:\n    y = 1\nelse:\n    y = 2", "x = {\n  'a': 1,\n}",
    ],
)  # fmt: skip
def test_code_in_a_comment_is_no_title(code: str) -> None:
    assert titled(code) is None
    assert titled(f"Before\n{code}") == "Before"


@pytest.mark.parametrize(
    "marker",
    [
        "TODO: …", "TODO(me) more", "todo: more", "FIXME", "XXX odd", "HACK", "noqa", "noqa: E501",
        "type: ignore", "pylint: disable=all", "fmt: off", "!/bin/python", "-*- coding: utf-8 -*-",
        "-----", "=" * 30, "####", "%%", "pragma: no cover", "* * *", "TODO: this\n  and that",
    ],
)  # fmt: skip
def test_a_marker_is_no_title(marker: str) -> None:
    assert titled(marker) is None


def test_lines_drawn_around_a_title_are_left_out() -> None:
    assert titled("---- Sort ----") == "Sort"
    assert titled("=====\nSort\n=====") == "Sort"


def test_a_title_is_one_line_of_printed_characters() -> None:
    assert titled("Sort\x0b\u2028  \x85it \x1b[1mall") == "Sort it \\x1b[1mall"
    assert titled("Größe  ☃") == "Größe  ☃"


def test_a_comment_that_python_warns_of_is_read_in_silence(
    recwarn: pytest.WarningsRecorder,
) -> None:
    assert titled("re.match('\\d', x)") is None
    assert not recwarn.list
