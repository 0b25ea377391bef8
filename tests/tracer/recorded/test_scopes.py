"""Names, scopes and frames look to the rule as they do in the plain run."""

import textwrap

import pytest

from .forms import named, with_parts
from .semantics import (
    FILE,
    instrumented,
    plain,
    record,
    same,
    same_failing,
    step,
)

# Walrus, comprehensions, class bodies


@pytest.mark.parametrize(
    "source",
    [
        "[log(i) for i in (a.b, log([1, 2]))[1]]",
        "[log(i) for i in sorted(x.y for x in [a])]",
        "[[log(i + j) for j in range(a.b)] for i in range(a.b)]",
        "{i: log(i) for i in [a.b, -a.b]}",
        "{log(i % 2) for i in range(a.b + 1)}",
        "list(log(i) for i in range(a.b) if i % a.b or a.b)",
        "[i for i in [1] for j in (k := [i]) if False] if False else 1",
        "[(lambda x=i: log(x + a.b))() for i in range(2)]",
        "[log(y := i) for i in range(a.b)]",
        "any((found := i) > 1 for i in range(5))",
    ],
)
@pytest.mark.parametrize("where", ["module", "function", "class", "lambda"])
def test_comprehensions_of_every_scope(source: str, where: str) -> None:
    head = "class a: b = 2\n"
    text = {
        "module": f"{head}x = {source}",
        "function": f"{head}def rule():\n    x = {source}\n    return dict(locals())",
        "class": f"{head}class C:\n    x = {source}\n    y = x",
        "lambda": f"{head}rule = lambda: {source}",
    }[where]
    try:
        plain(text, FILE)
    except SyntaxError:
        with pytest.raises(SyntaxError):  # a walrus in a comprehension in a class body
            instrumented(text, FILE)
    else:
        same_failing(text)


def test_a_walrus_in_a_comprehension_binds_in_the_function() -> None:
    source = """
        def rule():
            if any((found := x) > 2 for x in [1, 3, 5]):
                last = [y := x + found for x in [1, 2]]
            return found, y, last
    """
    assert same(source).result == "tuple(3, 5, #1:[4, 5])"


def test_a_class_body_sees_what_it_should() -> None:
    source = """
        x = 'global'
        def rule():
            x = 'function'
            class C:
                log(x)
                x = 'class'
                log(x)
                y = [log(x) for _ in [1]]
                z = [log(a) for a in [x]]
                f = lambda: log(x)
                class D: log(x)
                del x
                log(x)
            C.f()
            return sorted(vars(C))
    """
    expected = "global class function class function global function"
    assert [note.strip("'") for note in same(source).log] == expected.split()


def test_a_class_body_reads_globals_behind_its_own_names() -> None:
    source = """
        x = 'global'
        class C:
            log(x)
            x = log('class') + x
            global y
            y = log(x)
            def m(self): return log(x), log(y)
            if log(False): z = 1
            try: z
            except NameError as e: log(e.name)
        C().m()
    """
    assert "'classglobal'" in same(source).log


# What can be seen of a frame

EXPRESSIVE = """
b = a + 1
c = [b, b * 2][0] + (b if b else a)
d = {'k': c}['k'] < b < (e := 3) or [b, c][-1]
b += c
(f, *g), h = [1, 2, 3], {b: c}
h[b] += a
for i in range(2): h[i] = i
with Manager(a) as j: k = j
try: h['none']
except KeyError as error: l = str(error)
match g:
    case [m, *n]: o = m
assert b, c
b = [p for p in g if p] + [q := 7]
while a: a -= 1
del c
def r(): return a
s = lambda t: t + 1
import math as u
"""


FRAMES = named("""
# function
def rule(a=1):
    BODY
    return list(locals())

# module
a = 1
BODY
seen = list(locals())

# globals
a = 1
BODY
seen = list(globals())

# dir
def rule(a=1):
    BODY
    return dir()

# vars
def rule(a=1):
    BODY
    return list(vars())

# eval
def rule(a=1):
    BODY
    return list(eval('locals()'))

# exec
def rule(a=1):
    BODY
    exec('log(list(locals()))')

# class
class C:
    a = 1
    BODY
    log(list(locals()))

# namespace
class C:
    a = 1
    BODY
seen = list(vars(C))

# method
class C:
    def m(self, a=1):
        BODY
        return list(locals())
rule = C().m

# generator
def g(a=1):
    BODY
    yield list(locals())
def rule():
    return list(g())

# suspended
def g(a=1):
    BODY
    yield
def rule():
    i = g()
    next(i)
    return list(i.gi_frame.f_locals)

# frame
import sys
def rule(a=1):
    BODY
    return list(sys._getframe().f_locals)

# coroutine
async def f(a=1):
    BODY
    return list(locals())
def rule():
    return drive(f())

# inner
def rule(a=1):
    BODY
    def inner():
        return a, list(locals())
    return inner()

# finally
def rule(a=1):
    try:
        BODY
    finally:
        log(list(locals()))

# failing
import sys
def f(a=1):
    BODY
    raise KeyError
def rule():
    try: f()
    except KeyError as e: return list(e.__traceback__.tb_next.tb_frame.f_locals)
""")


@pytest.mark.parametrize("name", FRAMES)
def test_no_temporaries_show_up(name: str) -> None:
    before, _, after = FRAMES[name].partition("BODY")
    indent = before.rpartition("\n")[2]
    body = textwrap.indent(EXPRESSIVE.strip(), indent).strip()
    seen = same(with_parts(before + body + after))
    shown = seen.result + "".join(seen.log) + seen.values.get("seen", "")
    assert "'a'" in shown
    assert "@" not in shown


def test_locals_in_the_middle_of_expressions() -> None:
    source = """
        def rule(a):
            b = [a, list(locals()), (c := a + 1), list(locals())]
            d = {k: list(locals()) for k in [1]}
            return b, d, [list(locals()) for e in [1]]
    """
    assert "@" not in same(source, 1).result


def test_a_function_looks_the_same_from_outside() -> None:
    source = """
        import inspect
        def rule(a: int, /, b=1, *c, d: 'text' = 2, **e) -> None:
            'The docstring.'
            f = a + b
            def g(): return f, a
            def h(): yield f
            return g, h
        class C:
            'Of the class.'
            def m(self): return super().__init__, self.__n
            async def n(self): pass
            async def o(self): yield
            x = property(lambda self: 1)
        def look(f):
            c = f.__code__
            return (f.__name__, f.__qualname__, f.__module__, f.__doc__, str(inspect.signature(f)),
                    c.co_name, c.co_qualname, c.co_filename, c.co_firstlineno, c.co_argcount,
                    c.co_kwonlyargcount, c.co_posonlyargcount, c.co_flags, c.co_freevars,
                    c.co_cellvars, c.co_varnames, f.__closure__ and len(f.__closure__))
        log([look(f) for f in [rule, C.m, C.n, C.o, C.x.fget, *rule(1)]])
        log([C.__doc__, C.__module__, C.__qualname__, list(vars(C))])
    """
    with_argument = source.replace("def rule", "def r").replace("[rule, ", "[r, ")
    same(with_argument.replace("*rule(1)", "*r(1)"))


def test_the_line_of_a_running_frame() -> None:
    source = """
        import sys
        def here(): return log(sys._getframe(1).f_lineno)
        def rule():
            a = [
                here(),
                here(),
            ]
            for i in [1, 2]:
                here()
            if (here() and
                    here()):
                a = here(
                )
            try: here(), 1 / (here() * 0)
            except ZeroDivisionError: here()
            finally:
                here()
            with \\
                  log(Manager(here())):
                here()
            return (lambda:
                here())()
    """
    assert len(same_failing(with_parts(source)).log) > 14


def test_no_frames_are_added() -> None:
    source = """
        import sys
        def deep():
            frame, names = sys._getframe(), []
            while frame and frame.f_code.co_filename == '<rule>':
                names.append(frame.f_code.co_name)
                frame = frame.f_back
            return log(names)
        class C:
            a = deep()
            def __del__(self): deep()
            def __add__(self, other): return deep()
        def g(): yield deep()
        def rule():
            deep(), (lambda: deep())(), list(g()), C() + 1
            return [deep() for _ in [1]]
    """
    same(source)


def test_a_callback_runs_under_the_same_caller() -> None:
    source = """
        import sys
        def caller(_): return log(sys._getframe(1).f_code.co_name)
        def rule():
            return sorted([2, 1], key=caller), list(map(caller, [1])), caller(0)
    """
    assert same(source).log == ["'rule'"] * 4


def test_exception_state_is_the_same_everywhere() -> None:
    source = """
        import sys
        def now(): return log(sys.exc_info()[0] and sys.exc_info()[0].__name__)
        def rule():
            now()
            try:
                now()
                raise KeyError(1)
            except KeyError as e:
                now()
                try: raise ValueError
                except ValueError: now()
                x = now(), e.__context__
            finally: now()
            for i in [1]:
                try: 1 / 0
                except ZeroDivisionError: continue
                finally: now()
            now()
            def g():
                now(); yield; now()
            i = g()
            try: raise IndexError
            except IndexError: next(i)
            next(i, None)
    """
    same(source)


# Docstrings, __future__, super, closures


def test_super_without_arguments() -> None:
    source = """
        class A:
            def m(self, n): return log(('A', n))
            @classmethod
            def c(cls): return log(cls.__name__)
            @property
            def p(self): return log('p')
        class B(A):
            def m(self, n):
                x = super().m(n + 1)
                y = [super(B, self).m(i) for i in range(2)]
                if super().p: z = super().m(__class__ is B)
                return (lambda: super(B, self).m(5))(), x, y, z
            @classmethod
            def c(cls): return super().c()
            def __init_subclass__(cls): super().__init_subclass__(); log(cls.__name__)
            def g(self): yield super().m(7); yield __class__
            def __new__(cls): return super().__new__(cls)
        class C(B):
            def m(this, n): return super().m(n)
        def rule():
            c = C()
            return c.m(1), c.c(), list(c.g())
    """
    assert same_failing(source).log[0] == "'C'"


def test_super_in_a_comprehension_and_with_a_changed_first_argument() -> None:
    source = """
        class A:
            def m(self): return log(1)
        class B(A):
            def n(self): return [super().m() for _ in [1]]
            def o(self):
                self = 5
                return super().m()
            def p(*args): return super().m()
            def q(self):
                del self
                return super().m()
        def rule():
            for name in 'nopq':
                try: log(getattr(B(), name)())
                except (TypeError, RuntimeError) as e: log(str(e))
    """
    same(source)


def test_the_class_cell() -> None:
    source = """
        class Meta(type):
            def __new__(meta, name, bases, names):
                log(sorted(names))
                return super().__new__(meta, name, bases, names)
        class C(metaclass=Meta):
            x = 1
            x += 1
            def f(self): return __class__
            y = [x, 1]
        def rule(): return C().f() is C, '__class__' in dir(C)
    """
    same(source)


def test_closures_share_their_cells() -> None:
    source = """
        def counter():
            n = log(0)
            def add(k=1):
                nonlocal n
                n += k
                log(n)
                return n
            def get(): return n
            n = 10
            return add, get
        def rule():
            add, get = counter()
            add(); add(5)
            fs = [lambda: log(i) for i in range(3)]
            return get(), [f() for f in fs], [c.cell_contents for c in add.__closure__ if c]
    """
    assert same(source).log[:3] == ["0", "11", "16"]


def test_a_cell_variable_is_shown_as_it_is_now() -> None:
    source = """
        def rule():
            n = 1
            def add():
                nonlocal n
                n += 1
            add()
            m = n
            add()
            return n + m
    """
    steps = record(source)
    assert step(steps, "m = n").before == {"n": "2"}
    assert step(steps, "return n + m").before == {"n": "3", "m": "2"}
    assert step(steps, "add()", 1).after.get("n", "3") == "3"


def test_a_global_is_shown_as_it_is_now() -> None:
    source = """
        n = 1
        def add():
            global n
            n += 1
        def rule():
            global n
            n = 5
            add()
            m = n
            return m
    """
    steps = record(source)
    assert step(steps, "m = n").before == {"n": "6"}
