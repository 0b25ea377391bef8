"""The helper that compares plain and instrumented runs sees each kind of difference."""

import sys
import types

import pytest

from .semantics import FILE, Boom, Compiler, observe, plain, same, same_failing, structure


def broken(old: str, new: str) -> Compiler:
    """Return a compiler that compiles another source than the one it is given."""

    def compiler(source: str, filename: str) -> types.CodeType:
        assert old in source
        return plain(source.replace(old, new), filename)

    return compiler


def observe_source(source: str) -> str:
    """Return what is seen of the exception that leaves a source."""
    return observe(plain(source, FILE), []).exception


DIFFERENCES = [
    ("result", "def rule(): return 1", "1", "2"),
    ("result", "def rule(): return 1", "1", "True"),
    ("result", "def rule(): return [1]", "1", "1.0"),
    ("result", "def rule(): return 0.0", "0.0", "-0.0"),
    ("result", "def rule(): x = []; return [x, x]", "[x, x]", "[x, []]"),
    ("result", "def rule(x): return x", "return x", "return x[:]"),
    ("result", "def rule(x): return {1: 2, 3: 4}", "1: 2, 3: 4", "3: 4, 1: 2"),
    ("arguments", "def rule(x): x.append(1)", "append(1)", "append(2)"),
    ("exception", "raise KeyError(1)", "Key", "Index"),
    ("exception", "raise KeyError(1)", "1", "1, 2"),
    ("exception", "raise KeyError(1)", "raise", "\nraise"),
    ("exception", "def rule(x): raise KeyError", "raise KeyError", "(lambda: 1 / 0)()"),
    ("exception", "raise KeyError(1) from None", "from None", "from ValueError()"),
    ("exception", "try: 1 / 0\nfinally: raise KeyError", "1 / 0", "1"),
    ("exception", "log(1)", "log(1)", "pass; 1 / 0"),
    ("log", "[log(1), log(2)]", "log(1), log(2)", "log(2), log(1)"),
    ("log", "log(1)", "log(1)", "log(log(1))"),
    ("log", "log(1)", "log(1)", "log(True)"),
    ("log", "log([1])", "log([1])", "log([log(1)])"),
    ("output", "print(1)", "1", "2"),
    ("names", "a = 1", "a = 1", "a = b = 1"),
    ("names", "a = 1; b = 2", "a = 1; b = 2", "b = 2; a = 1"),
    ("values", "a = 1", "1", "2"),
    ("values", "class A: x = 1", "x = 1", "x = y = 1"),
    ("values", "class A: x = 1", "class A: x = 1", "class A: 'd'; x = 1"),
    ("values", "def f(): 'd'", "'d'", "0"),
    ("values", "def f(x=1): pass", "1", "2"),
    ("values", "def f(x: int): pass", "int", "str"),
    ("values", "def g(): yield\nx = g(); next(x)", "next(x)", "(next(x), next(x, 0))"),
    ("values", "def g(): yield\nx = g()", "x = g()", "x = g(); next(x)"),
    ("warnings", "import warnings; warnings.warn('a')", "'a'", "'b'"),
    ("warnings", "import warnings; warnings.warn('a')", "import", "\nimport"),
    ("unraisable", "class D:\n def __del__(self): 1 / 0\nD()", "1 / 0", "pass"),
]


@pytest.mark.parametrize(("field", "source", "old", "new"), DIFFERENCES)
def test_a_difference_is_seen(field: str, source: str, old: str, new: str) -> None:
    args = ([0],) if "rule(x)" in source else ()
    same(source, *args, compiler=plain)
    with pytest.raises(AssertionError, match=f"(?m)^{field}$") as failure:
        same(source, *args, compiler=broken(old, new))
    assert "recorder off" in str(failure.value)
    assert source.splitlines()[0] in str(failure.value)


def test_both_sides_are_printed() -> None:
    with pytest.raises(AssertionError) as failure:
        same("def rule():\n    return [4]", compiler=broken("4", "5"))
    assert "result\n  plain:        #1:[4]\n  instrumented: #1:[5]" in str(failure.value)


def test_a_difference_only_when_recording_is_seen() -> None:
    runs: list[int] = []
    source = "import sys\nx = sys.modules['runs'].append(0)\ny = len(sys.modules['runs']) > 2"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "runs", runs)  # type: ignore[arg-type]
        with pytest.raises(AssertionError, match="recorder on"):
            same(source, compiler=plain)
    assert len(runs) == 3


def test_a_difference_only_in_failure_is_seen() -> None:
    source = "x = (\n  log(1)\n  +\n  log(2))"
    same_failing(source, compiler=plain)
    with pytest.raises(AssertionError, match="log call 2 raises"):
        same_failing(source, compiler=broken("+\n", "+"))


def test_each_log_call_fails_once() -> None:
    seen: list[str] = []

    def compiler(source: str, filename: str) -> types.CodeType:
        return plain(source, filename)

    source = """
        seen = []
        for i in range(3):
            try: log(i)
            except Exception: log('caught')
    """
    seen = same_failing(source, compiler=compiler).log
    assert seen == ["0", "1", "2"]


def test_runs_start_from_fresh_state() -> None:
    source = "def rule(x):\n    x.append(log(len(x)))\n    return x"
    seen = same(source, [7], compiler=plain)
    assert seen.log == ["1"]
    assert seen.arguments == "tuple(#1:[7, 1])"
    assert seen.result == "#1"


def test_lines_of_every_frame_of_the_file() -> None:
    source = "def f():\n    raise KeyError\ndef g():\n    f()\n\ng()"
    assert observe_source(source) == "#1:KeyError() at ['<module>:6', 'g:4', 'f:2']"


def test_frames_of_other_files_are_named() -> None:
    assert "json" in observe_source("import json\njson.loads('x')")


def test_chained_exceptions_and_groups_are_seen() -> None:
    source = "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError(1) from e"
    seen = observe_source(source)
    assert "cause #2:ZeroDivisionError('division by zero') at ['<module>:2']" in seen
    assert "context #2" in seen
    seen = observe_source("raise ExceptionGroup('a', [KeyError(1), ValueError(2)])")
    assert "KeyError(1)" in seen
    assert "ValueError(2)" in seen


def test_failing_log_call_leaves_no_frame_of_the_helper() -> None:
    seen = observe(plain("\nlog(1)", FILE), [], failing=1)
    assert seen.exception == "#1:Boom(1) at ['<module>:2']"
    assert Boom.__module__ not in sys.builtin_module_names


SHOUTS = """
class Meta(type):
    def __getattribute__(cls, name): log('meta ' + name); return super().__getattribute__(name)
    def __eq__(cls, other): log('meta eq'); return True
    def __hash__(cls): log('meta hash'); return 1
class Loud(metaclass=Meta):
    def __init__(self): self.a = 1
    def __getattribute__(self, name): log(name); return super().__getattribute__(name)
    def __repr__(self): log('repr')
    def __eq__(self, other): log('eq'); return True
    def __hash__(self): log('hash'); return 1
    def __bool__(self): log('bool'); return True
"""


def test_looking_at_a_value_runs_none_of_its_code() -> None:
    seen = same(SHOUTS + "x = Loud()\nlog(None)\nlog(x)\nlog([x, x])\n", compiler=plain)
    assert seen.log[-2:] == ["#1:<Loud #2:{'a': 1}>", "#1:[#2:<Loud #3:{'a': 1}>, #2]"]
    assert "eq" not in " ".join(seen.log[seen.log.index("None") :])


def test_structure_tells_types_apart_and_follows_cycles() -> None:
    loop: list[object] = [1]
    loop.append(loop)
    assert structure(loop) == "#1:[1, #1]"
    assert structure((1, True, 1.0, "1", b"1")) == "tuple(1, True, 1.0, '1', b'1')"
    assert structure({"b", "a"}) == "#1:set('a', 'b')"
    assert structure(10**5000).startswith("0x")
