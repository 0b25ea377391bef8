"""The kinds that style `natural` takes variables for: what tells them, and that they are right."""

import ast
import sys
from collections import Counter, deque
from types import FrameType
from typing import Any

import pytest

from rfft.tracer.inputs import parse_input
from rfft.tracer.styles.english.kinds import Kinds
from rfft.tracer.styles.english.values import Kind

from . import golden

TYPES: dict[str, tuple[type, ...]] = {
    "number": (int, float, complex), "bool": (bool,), "text": (str,), "bytes": (bytes,),
    "none": (type(None),), "list": (list,), "tuple": (tuple,), "set": (set, frozenset),
    "dict": (dict,), "counter": (Counter,), "deque": (deque,), "range": (range,),
    "sequence": (str, list, tuple),
}  # fmt: skip

PROGRAMS = {  # a function f with the kinds of x that are told
    # annotations
    "def f(x: list[int]): pass": "list of number",
    "from typing import List\ndef f(x: List[str]): pass": "list of text",
    "import typing as t\ndef f(x: 't.Dict[str, int]'): pass": "dict of number",
    "from typing import Optional\ndef f(x: Optional[int]): pass": "",
    "def f(x: int | None): pass": "",
    "def f(x: int = None): pass": "",
    "def f(x: int = 0): pass": "number",
    "class List: pass\ndef f(x: List): pass": "",
    "from lists import List\ndef f(x: List): pass": "",
    "def f(*x: int): pass": "tuple of number",
    # assignments
    "from collections import deque\ndef f(): x = deque()": "deque",
    "import collections\ndef f(): x = collections.Counter('ab')": "counter of number",
    "def deque(): return 1\ndef f(): x = deque()": "",
    "def f(y): x = sorted(y)": "list",
    "def f(): x = 'a b'.split()": "list of text",
    "def f(y): x = y.split()": "list of text",
    "def f():\n for x in ['a']: pass": "text",
    "def f(y: dict[str, int]):\n for x, z in y.items(): pass": "text",
    "def f(y: list[list[int]]):\n for z in y:\n  for x in z: pass": "number",
    "def f(y: list[str]): [x for x in y]": "text",
    "def f(y):\n x = []\n x = y": "",
    "def f(y):\n x = []\n if y: x = {}": "",
    "def f(y):\n x = []\n for x in y: pass": "",
    "def f(y):\n x = []\n with y as x: pass": "",
    "def f(y):\n x = []\n try: pass\n except y as x: pass": "",
    "def f(y):\n x = []\n match y:\n  case {'a': x}: pass": "",
    "def f(y):\n x = []\n import x": "",
    "def f(y):\n x = []\n def x(): pass": "",
    "def f(y):\n x = []\n def g():\n  nonlocal x\n  x = y": "",
    "x = []\ndef g(y):\n global x\n x = y\ndef f(): return x": "",
    "x = []\ndef f(): return x": "list",
    "def f(a):\n x = 1\n y = x\n x = y\n z = x\n x = z\n z = a": "",
    # what collections hold
    "def f():\n y = []\n y.append('a')\n x = y[0]": "text",
    "def f():\n y = []\n y.append('a')\n y.append(1)\n x = y[0]": "",
    "def f():\n y = ['a']\n y[0] = 1\n x = y[0]": "",
    "def f():\n y = ['a']\n y += [1]\n x = y[0]": "",
    "def f():\n y = ['a']\n y.extend([1])\n x = y[0]": "",
    "def f():\n y = ['a']\n z = y\n z[0] = 1\n x = y[0]": "",
    "def f(g):\n y = ['a']\n g(y)\n x = y[0]": "",
    "def f():\n y = [['a']]\n y[0][0] = 1\n x = y[0][0]": "",
    "def f(z):\n y = list(z)\n y.append('a')\n x = y[0]": "",
    "y = ['a']\ndef g(): y[0] = 1\ndef f(): x = y[0]": "",
    "y = ['a']\ndef f(): x = y[0]": "text",
    "def f(y: dict[str, int]): x = y.get('a')": "",
    "def f(y: dict[str, int]): x = y.get('a', 0)": "number",
    # uses
    "def f(x): x.append(1)": "list",
    "def f(x): x.upper()": "text",
    "def f(x): x.pop()": "",
    "def f(x):\n x.pop()\n x[0]": "list",
    "def f(x): x.pop(0)": "",
    "def f(x):\n x.pop('a')\n x.items()": "dict",
    "def f(x): x[1:]": "sequence",
    "def f(x):\n x[1:]\n x.remove(1)": "list",
    "def f(x):\n x.remove(1)\n x.join('a')": "",
    "def f(x): x - 1": "number",
    "def f(x):\n if isinstance(x, int): x - 1": "",
    "def f(x):\n try: x - 1\n except TypeError: pass": "",
    "def f(x):\n x = int(x)\n x -= 1": "",
    "def f(x):\n while x: x = x // 10": "number",
    "class A:\n def append(self, x): pass\ndef f(x): x.append(1)": "",
    "class A:\n def __sub__(self, x): pass\ndef f(x): x - 1": "",
    # attributes
    "class A:\n def __init__(self): self.y = []\ndef f(a): x = a.y": "list",
    "class A:\n def __init__(self): self.y = []\ndef f(a): a.y = 1; x = a.y": "",
    "class A:\n y: int = 0\n def g(self): self.y += 1\ndef f(a): x = a.y": "number",
    "from enum import Enum\nclass A(Enum):\n y = 0\ndef f(a): x = a.y": "",
    "from dataclasses import dataclass\n@dataclass\nclass A:\n y: list[int]\ndef f(a): x = a.y": (
        "list of number"
    ),
    "class A:\n @property\n def y(self): return self\ndef f(a): x = a.y": "",
}


def told(kind: Kind | None) -> str:
    if kind is None:
        return ""
    return f"{kind.name} of {told(kind.item)}" if kind.item is not None else kind.name


@pytest.mark.parametrize("source", PROGRAMS)
def test_the_kind_of_a_variable(source: str) -> None:
    assert told(kinds_of(source)["f"].known.get("x")) == PROGRAMS[source]


def kinds_of(source: str) -> dict[str, Kinds]:
    """Return the kinds of the variables of each function of a module."""
    tree = ast.parse(source)
    module = Kinds(tree)
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))
    return {f.name: Kinds(f, module) for f in functions}


@pytest.mark.parametrize("name", [name for name in golden.NAMES if name != "asynchronous"])
def test_variables_are_of_the_kinds_told(name: str) -> None:
    rule = golden.read(name)
    kinds = kinds_of(rule.source)
    wrong: list[str] = []

    def look(frame: FrameType, event: str, _: object) -> Any:
        for variable, value in frame.f_locals.items():
            kind = kinds[frame.f_code.co_name].known.get(variable)
            if not fits(value, kind):
                wrong.append(f"line {frame.f_lineno}: {variable} = {value!r}, {told(kind)}")
        return look

    def enter(frame: FrameType, event: str, _: object) -> Any:
        of_rule = frame.f_code.co_filename == "<golden>" and frame.f_code.co_name in kinds
        return look if of_rule else None

    names: dict[str, Any] = {"__name__": "golden"}
    exec(compile(rule.source, "<golden>", "exec"), names)
    args, kwargs = parse_input(rule.arguments)
    owner = rule.rule.owner
    method = rule.rule.scope.name
    function = getattr(names[owner.name](), method) if owner is not None else names[method]
    before = sys.gettrace()
    sys.settrace(enter)
    try:
        function(*args, **kwargs)
    except Exception:
        pass
    finally:
        sys.settrace(before)
    assert not wrong


def fits(value: object, kind: Kind | None) -> bool:
    """Tell whether a value, with its items, is of a kind."""
    if kind is None or kind.name not in TYPES:
        return True
    if not isinstance(value, TYPES[kind.name]):
        return False
    items = value.values() if isinstance(value, dict) else value
    whole = isinstance(value, list | tuple | set | frozenset | deque | dict)
    return not whole or all(fits(item, kind.item) for item in items)  # type: ignore[attr-defined]
