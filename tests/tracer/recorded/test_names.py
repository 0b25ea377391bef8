"""Names are looked up, bound, mangled and unbound as in the plain run."""

import contextlib
import textwrap
from typing import Any

import pytest

from .forms import split, with_parts
from .semantics import (
    FILE,
    instrumented,
    plain,
    record,
    recording_into,
    same,
    same_failing,
    step,
)


def test_names_are_mangled_as_ever_and_hooks_are_not() -> None:
    source = """
        class __C:
            __a = log(1)
            def __m(self, __p=log(2)):
                __l = self.__a + __p
                self.__b = [__l for __i in [1] if __i]
                self.__b[0] += __l
                for __j in self.__b: __k = __j
                def __f(): return __k
                with Manager(__f()) as __w: pass
                try: raise KeyError
                except KeyError as __e: __x = str(__e)
                (__y := __w) and (lambda __z: __z)(1)
                del __l
                return sorted(locals()), sorted(vars(self))
            def m(self): return self.__m()
            class __D:
                __q = 5
                def m(self): return self.__q
            r = __D().m()
        def rule(): return globals()['__C']().m()
    """
    assert "_C__k" in same(with_parts(source)).result


def test_a_mangled_name_that_is_global() -> None:
    source = """
        _C__x = 5
        class C:
            def m(self):
                global __y
                __y = log(__x) + 1
                return __y
        def rule(): return C().m(), _C__y
    """
    assert same(source).result == "tuple(6, 6)"


@pytest.mark.parametrize(
    "name",
    "list dict set tuple str int type repr len id iter next getattr isinstance print sorted "
    "Exception BaseException NameError globals locals vars dir super object sys types ast "
    "recording show active _hooks hooks steps rfft".split(),
)
def test_a_rule_may_use_any_name(name: str) -> None:
    source = f"""
        def rule({name}):
            {name} = {name} + [1]
            {name}[0] += 1
            for {name} in {name}: x = {name}
            try: 1 / 0
            except ZeroDivisionError: pass
            return {name}, x
        {name} = [7]
        seen = {name} + [8]
    """
    assert same(source, [0]).result == "tuple(1, 1)"


def test_builtins_of_the_rule_are_of_no_use_to_the_hooks() -> None:
    source = """
        def nothing(*args, **kwargs): log('called'); return None
        type = repr = len = id = list = dict = str = isinstance = getattr = iter = nothing
        def rule(a):
            b = [a, {1: a}]
            b[0] += 1
            return b
    """
    assert same(source, 1).log == []


@pytest.mark.parametrize("names", [{"__builtins__": {}}, {}, {"__builtins__": {"len": len}}])
def test_the_code_runs_in_any_namespace(names: dict[str, Any]) -> None:
    source = """
x = 1
y = [x, x + 1]
for i in y:
    x += i
def f(a):
    b = a * 2
    try: b[0] = undefined
    except: b = [b]
    return b
z = f(3)
"""
    namespaces = [dict(names), dict(names)]
    exec(plain(source, FILE), namespaces[0])
    with recording_into([]):
        exec(instrumented(source, FILE), namespaces[1])
    assert list(namespaces[0]) == list(namespaces[1])
    assert namespaces[1]["z"] == namespaces[0]["z"] == [6]


class Watched(dict[str, Any]):
    """A namespace that notes each look-up, store and deletion."""

    def __init__(self, notes: list[str]) -> None:
        super().__init__()
        self.notes = notes

    def __getitem__(self, key: str) -> Any:
        self.notes.append(f"get {key}")
        return super().__getitem__(key)

    def __setitem__(self, key: str, value: Any) -> None:
        self.notes.append(f"set {key}")
        super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        self.notes.append(f"del {key}")
        super().__delitem__(key)

    def __contains__(self, key: object) -> bool:
        self.notes.append(f"in {key}")
        return super().__contains__(key)


def test_separate_locals_see_the_same_lookups() -> None:
    source = """
x = 1
x += 2
y = [x, x]
y[0] = x
y.append(x)
for i in y: x = i
if x: z = x
del z
try: z
except NameError as e: pass
w = [x for x in y]
def f(): return 1
class C: a = 1
"""
    notes: list[list[str]] = [[], []]
    exec(plain(source, FILE), {}, Watched(notes[0]))
    with recording_into([]):
        exec(instrumented(source, FILE), {}, Watched(notes[1]))
    assert notes[1] == notes[0]


def test_a_prepared_class_namespace_sees_the_same_lookups() -> None:
    source = """
        class Names(dict):
            def __getitem__(self, key): log('get ' + key); return super().__getitem__(key)
            def __setitem__(self, key, value): log('set ' + key); super().__setitem__(key, value)
            def __delitem__(self, key): log('del ' + key); super().__delitem__(key)
            def __contains__(self, key): log('in ' + key); return super().__contains__(key)
            def __missing__(self, key): log('missing ' + key); raise KeyError(key)
        class Meta(type):
            @classmethod
            def __prepare__(meta, name, bases): log(name); return Names()
            def __new__(meta, name, bases, names):
                return super().__new__(meta, name, bases, dict(names))
        class C(metaclass=Meta):
            'Docstring.'
            a = 1
            b = a + a
            c = d = [a]
            c[0] += 1
            c.append(b)
            for i in c: a = i
            if a > 1: e = a
            else: f = a
            while not a: pass
            with open('/dev/null') as g: h = g.closed
            try: undefined
            except NameError as error: j = 1
            match c:
                case [k, *l]: m = k
            n: int = a
            o = [p for p in c]
            (q := a)
            assert a
            a += 1
            del b
            def m(self): return 1
            class Inner: pass
            import math as r
            global s
            s = a
            t, *u = c
            lambda: a
    """
    log = same(source).log
    assert "'get a'" in log
    assert "'set u'" in log


def test_an_empty_cell_and_a_cell_emptied() -> None:
    source = """
        def rule():
            def f(): return x
            try: f()
            except NameError as e: log(str(e))
            x = 1
            log(f())
            del x
            try: f()
            except NameError as e: log(str(e))
            try: x
            except UnboundLocalError as e: log(str(e))
            for x in [5]: pass
            return f()
    """
    assert same(source).result == "5"


def test_global_and_nonlocal_statements_come_first() -> None:
    source = """
        g = 1
        def rule(a):
            'Docstring.'
            global g, h
            g += a
            h = g
            def inner():
                nonlocal a
                global g
                a = g = g + a
                del a
            inner()
            class C:
                nonlocal a
                global k
                a = k = 5
            return a, g, h, k
    """
    assert same(source, 3).result == "tuple(5, 7, 4, 5)"


@pytest.mark.parametrize(
    "body",
    split("""
x

x = x

x += 1

x[0] = 1; x = 1

x.a = 1; x = 1

x.append(1); x = []

y = [x]; x = 1

del x

x = 1; del x; x

x = 1; del x; x += 1

x = 1; del x; del x

log(1) + x; x = 2

x = log(1) + x

if c: x = 1
return x

if not c: x = 1
return x

if c: x = 1
x += 1
return x

if not c: x = [1]
x[0] += 1
return x

for x in []: pass
return x

for x in [1]: pass
return x

while c:
    x = c
    c = 0
return x

try: y = x
except NameError: x = log(3)
return x

try: x = 1 / c
except ZeroDivisionError: pass
return x

try: 1 / 0
except ZeroDivisionError as x: log(1)
return x

x = 1
try: 1 / 0
except ZeroDivisionError as x: pass
return x

x = 1
try: 1 / 0
except ZeroDivisionError as x: x = 2
return x

x = 1
try: 1 / 0
except ZeroDivisionError as x: del x
return 0

try: 1 / 0
except ZeroDivisionError as x: return lambda: x

with open('/dev/null') as x: del x
return x

match c:
    case 5: x = 1
    case [x]: pass
return x

match [c]:
    case [x, 1]: pass
    case [x] if not x: pass
return x

match [c]:
    case [x] if x: pass
return x

(lambda: x)(); x = 1

[x for _ in [1]]; x = 1

y = c or x
return y
x = 1

y = c if c else x
return y
x = 1

return x if c else 0
x = 1

print(x); x = 1

assert c, x
x = 1

(x := c) and x
return x

c and (x := c)
return x

import math as x; del x; x

def x(): pass
del x
return x

class x: pass
del x
return x

x, y = y, x

x: int; return x

x: int = x

x: int = 1; return x

exec('x = 1'); return x
x = 2

return undefined

undefined.x = 1

undefined[0] += 1

y = [undefined, c]
"""),
)
@pytest.mark.parametrize("c", [0, 1])
def test_maybe_unbound_names(body: str, c: int) -> None:
    indented = textwrap.indent(body, "    ")
    same_failing(f"def rule(c):\n{indented}", c)
    module = f"c = {c}\n{body}"
    with contextlib.suppress(SyntaxError):  # some have a return statement
        plain(module, FILE)
        same_failing(module)
    same(f"class C:\n    c = {c}\n{indented}".replace("return ", "y = "))


def test_a_deleted_name_is_not_stated_later() -> None:
    source = """
        def rule():
            a = 1
            del a
            try: b = a
            except UnboundLocalError: b = 2
            return b
    """
    steps = record(source)
    assert step(steps, "b = a").before == {}
    assert step(steps, "return b").before == {"b": "2"}
