"""Objects of the rule's own are neither asked anything nor kept alive."""

import gc
import textwrap
from typing import Any

import pytest

from .forms import split
from .semantics import FILE, instrumented, recording_into, same, same_failing

# Objects of the rule's own

LOUD = """
class Meta(type):
    def __hash__(cls): log('meta hash'); return 1
    def __eq__(cls, other): log('meta eq'); return False
    def __repr__(cls): log('meta repr'); return 'cls'
    def __bool__(cls): log('meta bool'); return True
    def __len__(cls): log('meta len'); return 1
    def __iter__(cls): log('meta iter'); return iter([])
    def __instancecheck__(cls, x): log('meta instancecheck'); return False
    def __subclasscheck__(cls, x): log('meta subclasscheck'); return False
    def __getattribute__(cls, name): log('meta ' + name); return super().__getattribute__(name)
    def mro(cls): return super().mro()
class Loud(BASE, metaclass=Meta):
    def __repr__(self): log('repr'); return 'loud'
    def __str__(self): log('str'); return 'loud'
    def __eq__(self, other): log('eq'); return False
    def __ne__(self, other): log('ne'); return True
    def __lt__(self, other): log('lt'); return True
    def __hash__(self): log('hash'); return 1
    def __bool__(self): log('bool'); return True
    def __len__(self): log('len'); return 3
    def __iter__(self): log('iter'); return iter([1])
    def __contains__(self, x): log('contains'); return True
    def __getitem__(self, key): log('getitem'); return 1
    def __getattr__(self, name): log('getattr ' + name); return 1
    def __getattribute__(self, name): log(name); return super().__getattribute__(name)
    def __dir__(self): log('dir'); return []
    def __format__(self, spec): log('format'); return ''
    def __index__(self): log('index'); return 1
    def __int__(self): log('int'); return 1
    def __float__(self): log('float'); return 1.0
    def __call__(self): log('call'); return 1
    def __copy__(self): log('copy'); return self
    def __deepcopy__(self, memo): log('deepcopy'); return self
    def __reduce__(self): log('reduce'); return str, ()
    def __reduce_ex__(self, n): log('reduce'); return str, ()
    def __sizeof__(self): log('sizeof'); return 1
    def __enter__(self): return self
    def __exit__(self, *error): pass
    def keys(self): log('keys'); return []
    def items(self): log('items'); return []
    @property
    def p(self): log('property'); return 1
"""
QUIET = """
def keep(x): y = x; return y
def rule():
    a = make()
    log('start')
    b = a
    c = [a, (a, [a])]
    d = {'k': a, 1: [a]}
    e, f = a, [a]
    c.append(a)
    c[0] = a
    f += [a]
    g = a if a is not None else b
    h = a is b
    for i in [a, a]: j = i
    k = keep(a)
    keep(x=a)
    l = lambda m=a: m
    l()
    n = [o for o in [a]]
    while a is None: pass
    match [a]:
        case [p]: q = p
    try: raise KeyError(a)
    except KeyError as error: r = error
    def inner(): return a
    s = inner()
    t: object = a
    (u := a)
    with open('/dev/null') as v: w = a
    assert a is not None
    global z
    z = a
    del b
    x = frozenset([1]), d, c
    log('end')
    return a
"""


@pytest.mark.parametrize("base", "object list dict int str tuple float set Exception bytes".split())
def test_no_method_of_the_rules_own_objects_is_called(base: str) -> None:
    source = LOUD.replace("BASE", base) + "make = Loud\n" + QUIET
    log = same(source).log
    assert log[log.index("'start'") + 1] == "'end'"


@pytest.mark.parametrize("name", "repr eq hash bool getattr len iter str format".split())
def test_methods_that_raise_are_not_noticed(name: str) -> None:
    source = f"""
class Bad:
    def __{name}__(self, *args): raise KeyError(log('called'))
make = Bad
""" + QUIET  # fmt: skip
    assert same(source).log == ["'start'", "'end'"]


def test_getattribute_that_raises_is_not_noticed() -> None:
    source = """
class Bad:
    def __getattribute__(self, name): raise KeyError(log(name))
make = Bad
"""
    assert same(source + QUIET).log == ["'start'", "'end'"]


def test_classes_are_shown_without_asking_their_metaclass() -> None:
    source = LOUD.replace("BASE", "object") + "make = lambda: Loud\n" + QUIET
    assert same(source).log == ["'start'", "'end'"]


def test_a_class_that_pretends_to_be_another() -> None:
    source = """
class Pretender:
    @property
    def __class__(self): log('class'); return list
    @property
    def __dict__(self): log('dict'); return {'a': 1}
    @property
    def __name__(self): log('name'); return 'x'
    __slots__ = ()
make = Pretender
"""
    assert same(source + QUIET).log == ["'start'", "'end'"]


def test_properties_and_descriptors_are_read_as_often() -> None:
    source = """
        class Descriptor:
            def __get__(self, instance, owner): log('get'); return 5
            def __set__(self, instance, value): log(value)
        class C:
            d = Descriptor()
            @property
            def p(self): log('p'); return [1]
        def rule():
            c = C()
            x = c.p
            c.p.append(2)
            c.p[0] += 1
            c.d = c.d + 1
            c.d += 1
            if c.d > 3 and c.p: y = c.p[0]
            for i in c.p: z = i
            return c.d, c
    """
    assert same_failing(source).log.count("'p'") == 6


def test_missing_keys_and_attributes_are_not_looked_up() -> None:
    source = """
        from collections import defaultdict
        class D(dict):
            def __missing__(self, key): log(key); return 0
        def rule():
            d, e = D(), defaultdict(lambda: log('made'))
            d['a'] = 1
            d['b'] += 1
            e['a'] = d['c']
            x = d.get('z'), e.get('z'), 'y' in e
            for k in list(e): e[k] = e['new']
            return d, len(e)
    """
    assert same_failing(source).log == ["'b'", "'c'", "'made'"]


def test_operators_are_called_once() -> None:
    names = "add sub mul truediv floordiv mod pow lshift rshift and or xor matmul".split()
    methods = "\n".join(f"    def __{n}__(self, o): log('{n}'); return self" for n in names)
    uses = "\n".join(
        f"    a = n {op} n\n    n {op}= 1\n    if n {op} n is n: b = a"
        for op in "+ - * / // % ** << >> & | ^ @".split()
    )
    source = f"""
class N:
{methods}
    def __eq__(self, o): log('eq'); return self
    def __getitem__(self, k): log('item'); return self
    def __neg__(self): log('neg'); return self
    def __call__(self, *a): log('call'); return self
    def __contains__(self, x): log('in'); return False
def rule():
    n = N()
{uses}
    x = -n, n[n][n:n], n(n)(n), n in n, n == n
    return x
"""
    log = same_failing(source).log
    assert all(log.count(f"'{n}'") == 3 for n in names)


# The time at which objects die

DYING = """
class D:
    def __init__(self, name): self.name = name; self.value = 1
    def __del__(self): log('del ' + self.name)
    def method(self): return 1
    def __enter__(self): return self
    def __exit__(self, *error): return True
    def __iter__(self): return iter([1])
    def __add__(self, other): return 1
    def __getitem__(self, key): return 1
    def __bool__(self): return True
def use(x): return 1
def fails(x): raise KeyError
"""


@pytest.mark.parametrize(
    "body",
    split("""
x = D('a')
log(1)
x = None
log(2)

x = D('a')
x = D('b')
log(1)
del x
log(2)

D('a')
log(1)

D('a').value
log(1)

y = D('a').value
log(1)

y = D('a').value + D('b').value
log(1)

y = [D('a').value, D('b').value]
log(1)

D('a').method()
log(1)

y = use(D('a'))
log(1)

y = use(D('a')) + use(D('b'))
log(1)

y = use([D('a'), D('b')])
log(1)

y = len([D('a')])
log(1)

y = D('a') + D('b')
log(1)

y = D('a')[D('b')]
log(1)

y = D('a') is D('b')
log(1)

y = D('a') and D('b') and 1
log(1)

y = 1 if D('a') else 2
log(1)

y = not D('a')
log(1)

y = (lambda x: 1)(D('a'))
log(1)

y = [1 for _ in D('a')]
log(1)

y = [use(x) for x in [D('a'), D('b')]]
log(1)

y = sum(1 for x in [D('a')])
log(1)

y = f'{D("a").value}'
log(1)

y = (z := D('a')).value
log(1)
z = 1
log(2)

if D('a'): log(1)
log(2)

if D('a').value: log(1)
else: log(3)
log(2)

while D('a'):
    log(1)
    break
log(2)

for i in D('a'): log(i)
log(1)

for i in [D('a'), D('b')]: log(1)
log(2)
i = 0
log(3)

for i in (D(n) for n in 'abc'):
    log(1)
log(2)
del i
log(3)

for i in [D('a').value]: log(1)

with D('a'): log(1)
log(2)

with D('a') as x: log(1)
log(2)
x = 1
log(3)

with D('a'): fails(D('b'))
log(2)

match D('a'):
    case 1: log(1)
    case _: log(2)
log(3)

match [D('a')]:
    case [x]: log(1)
log(2)
x = 0
log(3)

try: fails(D('a'))
except KeyError: log(1)
log(2)

try: fails(D('a'))
except KeyError as e: log(1)
log(2)

try: raise KeyError(D('a'))
except KeyError as e: log(1)
log(2)

try:
    x = D('a')
    1 / 0
except ZeroDivisionError: log(1)
x = 0
log(2)

try: use(D('a'))
finally: log(1)
log(2)

x = [D('a'), D('b')]
x.pop()
log(1)
x[0] = 0
log(2)

x = [D('a')]
x.clear()
log(1)

x = [D('a')]
x[0] += 1
log(1)

x = {1: D('a')}
del x[1]
log(1)

x = D('a')
x += 1
log(1)

x = D('a')
x.value = D('b')
log(1)
x.value = 2
log(2)

x, y = D('a'), D('b')
x, y = y, x
log(1)
x = 0
log(2)

x, *y = [D('a'), D('b'), D('c')]
log(1)
y = 0
log(2)

x = y = D('a')
x = 0
log(1)
y = 0
log(2)

x = D('a'), 1
x = x[1]
log(1)

assert D('a')
log(1)

assert D('a').value, D('b')
log(1)

def f(x):
    y = x
    return 1
f(D('a'))
log(1)

def f(x): return x
f(D('a'))
log(1)
f(f(D('b'))).value
log(2)

def f(x):
    x = 1
    log(1)
f(D('a'))
log(2)

def f():
    x = D('a')
    return x.value
f()
log(1)

def f():
    x = D('a')
    try: return x
    finally: log(1)
f()
log(2)

def g():
    x = D('a')
    yield 1
    log(3)
i = g()
next(i)
log(1)
del i
log(2)

def g():
    yield D('a')
    log(1)
for i in g(): log(2)
i = 0
log(3)

def g():
    x = yield
    log(1)
    x = yield
    log(2)
i = g()
next(i)
i.send(D('a'))
i.send(D('b'))
log(3)

x = lambda y=D('a'): y
x = 0
log(1)

class C: x = D('a')
C.x = 0
log(1)

import weakref
x = D('a')
w = weakref.ref(x)
log(w() is x)
x = 0
log(w())

import weakref
x = [D('a')]
w = weakref.ref(x[0], lambda _: log('ref'))
x[0] = 0
log(w())
"""),
)
@pytest.mark.parametrize("where", ["module", "function", "loop"])
def test_objects_die_at_the_same_statement(body: str, where: str) -> None:
    if where == "function":
        body = "def rule():\n" + textwrap.indent(body, "    ")
    elif where == "loop":
        body = "def rule():\n  for turn in 1, 2:\n" + textwrap.indent(body, "    ")
    assert "'del " in "".join(same(DYING + body).log)


def test_recorded_steps_keep_no_object_alive() -> None:
    source = DYING + "def rule():\n    x = [D('a')]\n    y = x[0]\n    return y.value\nrule()\n"
    names: dict[str, Any] = {}
    notes: list[Any] = []
    names["log"] = notes.append
    steps: list[Any] = []
    with recording_into(steps):
        exec(instrumented(source, FILE), names)
        assert notes == ["del a"] * 2 or notes == ["del a"]
    assert steps


def test_an_object_revived_while_it_dies() -> None:
    source = """
        kept = []
        class D:
            def __del__(self): kept.append(self); log('del')
        def rule():
            x = D()
            x = None
            log(len(kept))
            return kept
    """
    assert same(source).log == ["'del'", "1"]


def test_the_garbage_collector_may_run_at_any_time() -> None:
    source = """
        import gc
        class D:
            def __del__(self): x = [log('del')]; y = x
        def rule():
            d = D()
            d.me = d
            e = [d]
            e.append(e)
            del d, e
            log('before')
            gc.collect()
            log('after')
    """
    assert same(source).log == ["'before'", "'del'", "'after'"]
    assert gc.isenabled()


def test_standard_tools_work_on_traced_functions() -> None:
    source = """
        import dataclasses, enum, functools, typing, abc, contextlib, operator
        @dataclasses.dataclass(order=True)
        class P:
            x: int
            y: list = dataclasses.field(default_factory=list)
            def __post_init__(self): self.y.append(log(self.x))
        class Color(enum.Enum):
            RED = enum.auto()
            BLUE = enum.auto()
            @property
            def low(self): return self.name.lower()
        class T(typing.NamedTuple):
            a: int
            b: int = 2
        class D(typing.TypedDict):
            k: int
        @functools.lru_cache
        def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
        @contextlib.contextmanager
        def manager():
            log('in')
            try: yield 5
            finally: log('out')
        class A(abc.ABC):
            @abc.abstractmethod
            def m(self): ...
        @functools.singledispatch
        def g(x): return 'any'
        @g.register
        def _(x: int): return 'int'
        @functools.total_ordering
        class O:
            def __init__(self, n): self.n = n
            def __eq__(self, o): return self.n == o.n
            def __lt__(self, o): return self.n < o.n
        def rule():
            with manager() as m: p = P(m)
            q = dataclasses.replace(p, x=3)
            return (p, q > p, Color.RED.low, Color(2), T(1), fib(10), g(1), g(''), D(k=1),
                    O(1) >= O(0), typing.get_type_hints(P), fib.cache_info().hits)
    """
    assert "'out'" in same(source).log
