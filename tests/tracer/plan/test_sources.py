"""Every way to write a module down is read as Python reads it."""

import subprocess
import sys
import textwrap

import pytest

from ..recorded.forms import with_parts
from ..recorded.semantics import (
    FILE,
    instrumented,
    observe,
    plain,
    same,
    same_failing,
)


@pytest.mark.parametrize(
    "source",
    [
        "[x := 1 for x in [1]]",
        "class C:\n    a = [b := i for i in [1]]",
        "[i for i in (j := [1])]",
        "def f():\n    x = 1\n    global x",
        "def f(a, a): pass",
        "return 1",
        "yield 1",
        "await x",
        "break",
        "continue",
        "x = 1 = 2",
        "f() = 1",
        "nonlocal x",
        "del f()",
        "def f(): nonlocal y",
        "for x in y: \n  def f(): break",
        "class C:\n    super() = 1",
        "f(a=1, a=2)",
        "f(**a, *b)",
        "None = 1",
        "(yield) = 1",
        "x: int: str",
        "from __future__ import nothing",
        "x = 1\nfrom __future__ import annotations",
        "def f():\n    from math import *",
        "*a = 1",
        "*a, *b = 1",
        "try: pass\nexcept: pass\nexcept KeyError: pass",
        "try: pass\nexcept* KeyError: break",
        "match 1:\n    case a: pass\n    case b: pass",
        "match 1:\n    case a | 2: pass",
        "lambda: (yield) = 1",
        "__debug__ = 1",
        "if x:\npass",
        "x = (",
        "'unterminated",
        "a b",
        "async def f(): yield from x",
        "async def f():\n    yield 1\n    return 2",
        "def f(): async with x: pass",
        "def f(): [i async for i in x]",
        "f'{}'",
        "\0",
        "\ufeffx = 1",
    ],
)
def test_what_python_refuses_is_refused(source: str) -> None:
    with pytest.raises((SyntaxError, ValueError)) as plainly:
        plain(source, FILE)
    with pytest.raises((SyntaxError, ValueError)) as refused:
        instrumented(source, FILE)
    if isinstance(plainly.value, SyntaxError) and isinstance(refused.value, SyntaxError):
        assert refused.value.lineno == plainly.value.lineno
        assert refused.value.filename == plainly.value.filename


@pytest.mark.parametrize(
    "source",
    [
        "'doc'\nfrom __future__ import annotations\nx: undefined = 1",
        "'doc'\n'not doc'\nx = __doc__",
        "f'not doc'\nx = __doc__",
        "b'not doc'\nx = __doc__",
        "('doc' 'more')\nx = __doc__",
        "",
        "# a comment",
        "'only doc'",
        "\n\n'late doc'",
        "from __future__ import annotations, division\nfrom __future__ import generators\nx = 1",
        "'doc'; from __future__ import annotations; y: z",
        "def f():\n    'doc'\nx = f.__doc__, f()",
        "def f():\n    'doc'\n    return 1\nx = f.__doc__, f()",
        "def f():\n    f'doc'\nx = f.__doc__",
        "class C:\n    'doc'\nx = C.__doc__",
        "class C:\n    'doc'\n    x = __doc__\nx = C.x",
        "class C:\n    __doc__ = 'set'\nx = C.__doc__",
        "async def f(): 'doc'\nx = f.__doc__",
        "def f(): 'doc'; yield\nx = f.__doc__",
        "lambda: 'no doc'",
    ],
)
def test_docstrings_and_future_imports(source: str) -> None:
    same(source)


def test_annotations_are_evaluated_as_the_module_says() -> None:
    same_failing("def f(a: log(1), b: 'log(2)' = log(3)) -> log(4): c: log(5) = 1\nf(1)")
    same_failing("from __future__ import annotations\ndef f(a: log(1) + x[1:2]) -> (log(4)): pass")
    same_failing(
        "from __future__ import annotations\nclass C:\n    a: log(1) < 2 = log(3)\n    b: x"
    )
    same_failing("from __future__ import annotations\na: log(1)[log(2)] = log(3)\nb: x")


def test_an_annotated_name_is_local() -> None:
    same("x = 1\ndef rule():\n    x: int\n    return x")
    same("x = 1\nclass C:\n    x: int\n    y = x")


def nested(heads: list[str]) -> str:
    """Return a source in which each head stands in the block of the one before."""
    lines = [" " * depth + head for depth, head in enumerate([*heads, "x = 1"])]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "source",
    [
        "x = " + " + ".join(["1"] * 400),
        "x = " + " and ".join(["1"] * 900),
        "x = " + "(" * 60 + "1" + ")" * 60,
        "x = " + "[" * 60 + "1" + "]" * 60,
        "x = 1" + " if 1 else 2" * 50,
        "x = ''" + ".strip()" * 300,
        "x = " + "-" * 200 + "1",
        "x = 'a' in " + " in ".join(["'a'"] * 300),
        "if 0: x = 0\n" + "".join(f"elif 0: x = {i}\n" for i in range(300)),
        "x = " + "lambda: " * 40 + "1",
        "x = [" + "1, " * 5000 + "]",
        "x = {" + "1: 2, " * 3000 + "}",
        "def f(" + ", ".join(f"a{i}=0" for i in range(400)) + "): return a399\nx = f()",
        "x = dict(" + ", ".join(f"a{i}={i}" for i in range(400)) + ")['a399']",
        "\n".join(f"x{i} = {i}" for i in range(2000)),
        nested([f"for i{i} in [1]:" for i in range(19)]),
        nested(["if 1:"] * 60),
        nested(["while True:"] * 19).replace("x = 1", "1 / 0"),
        nested([f"def f{i}():" for i in range(30)]),
        nested(["try:"] * 19) + "".join(" " * i + "finally: y = 1\n" for i in reversed(range(19))),
        nested([f"with Manager({i}):" for i in range(10)]),
    ],
    ids=lambda source: source[:30] + source[-10:],
)
def test_large_and_deeply_nested_sources(source: str) -> None:
    same(with_parts(source))
    same(with_parts("def rule():\n" + textwrap.indent(source, " ")))


def test_identifiers_are_normalised() -> None:
    assert same("ﬁ = 1\nx = fi + ﬁ\nclass C: ª = ﬁ\ny = C.a").names[-3:] == ["x", "C", "y"]


@pytest.mark.parametrize(
    "source",
    [
        "x = 1; y = 2; x += y",
        "if 1: x = 1; y = 2\nelse: z = 3",
        "x = 1 # comment\n# another\n\n\n",
        "x = 1",
        "x = 1\r\ny = 2\r\nif x:\r\n    z = 3\r\n",
        "x = 1\ry = 2\r",
        "if 1:\n\tx = 1\n\tif 1:\n\t\ty = 2",
        "x = \\\n    1\ny = (\n\n  2\n)",
        "x = '''\n'''; y = 3",
        "# -*- coding: latin-1 -*-\nx = 'ü'",
        "def f(): return 1; x = 2\ny = f()",
        "class C: x = 1; y = x\nz = C.y",
        "while 1: break\nfor i in []: pass\nelse: x = 1",
        "@log\ndef f(): pass\n@log\nclass C: pass",
        "x = [\n  1,\n  2,\n][\n  0\n]",
        "if 1:\n  x = 1\n\n  # in between\n\n  y = 2\n# out",
        "x = 0xFF + 1_000 + 0b1 + 1e3 + 0o7",
    ],
)
def test_layout(source: str) -> None:
    compiled = plain(source, FILE)
    seen = observe(compiled, [])
    assert observe(instrumented(source, FILE), []) == seen
    assert observe(instrumented(source, FILE), [], record=True) == seen


def test_constants_are_what_they_were() -> None:
    source = """
        def rule():
            a, b = 0.0, -0.0
            c = (1, 1.0, True, -0.0, 0j, -0j, 'a', b'a', ..., None)
            d = frozenset({1}), {1, 2} , (1, (2.0, -0.0))
            return a, b, c, d, 1 is 1, 'abc' is 'abc', 2 ** 70, 'a' * 5, -1, +1, ~1, not 1
    """
    same(source)


def test_no_warnings_of_our_own() -> None:
    import warnings

    source = (
        "x = 1\ny = x == 1\nassert y, 'text'\ndef f(a): return a[0]\nz = f([1])\n'text'\n(1, 2)\n"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        code = instrumented(source, FILE)
    assert observe(code, []).exception == "none"


def run_python(flags: list[str], program: str) -> str:
    """Return what a Python with the given flags prints when it runs a program."""
    command = [sys.executable, *flags, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("flags", [[], ["-O"], ["-OO"]], ids=["plain", "-O", "-OO"])
def test_optimisation_levels(flags: list[str]) -> None:
    program = '''
        from rfft.tracer import recording
        from rfft.tracer.instrument import compile_instrumented

        source = """
        def f():
            'doc'
            try: assert print('asserted') is not None, 'm'
            except AssertionError: return 'error', f.__doc__, __debug__
            if __debug__: print('debug')
            return 'ok', f.__doc__, __debug__
        print(f())
        """
        import textwrap
        source = textwrap.dedent(source)
        exec(compile(source, 'x', 'exec'), {})
        print('---')
        exec(compile_instrumented(source, 'x'), {})
        print('---')
        with recording():
            exec(compile_instrumented(source, 'x'), {})
    '''
    first, second, third = run_python(flags, program).split("---\n")
    assert first == second == third
    assert ("asserted" in first) == (not flags)
