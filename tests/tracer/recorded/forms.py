"""Every statement and expression form of Python 3.11 to 3.13, and the places they can stand in.

Each ``log(n)`` in a form notes that it was evaluated. `spread` puts every one of them on a line
of its own, so that a wrong line number shows.
"""

import re
import sys
import textwrap
import warnings

from .semantics import FILE, plain


def split(text: str) -> list[str]:
    """Return the forms of a text, where a blank line ends each."""
    return text.strip("\n").split("\n\n")


def named(text: str) -> dict[str, str]:
    """Return the forms of a text by the name in the comment above each."""
    return {form[2 : form.index("\n")]: form[form.index("\n") + 1 :] for form in split(text)}


# Definitions that a source gets in front of it when it mentions their name.
PARTS = {
    "Obj": """
class Obj:
    def __init__(self, **held): self.__dict__.update(held)
""",
    "Manager": """
class Manager:
    def __init__(self, name, swallow=False): self.name, self.swallow = name, swallow
    def __enter__(self): log(f'enter {self.name}'); return self.name
    def __exit__(self, kind, error, tb):
        log(f'exit {self.name} {kind and kind.__name__}')
        return self.swallow
""",
    "AsyncManager": """
class AsyncManager:
    def __init__(self, name, swallow=False): self.name, self.swallow = name, swallow
    async def __aenter__(self): log('enter'); await Pause(); return self.name
    async def __aexit__(self, kind, error, tb):
        log(f'exit {kind and kind.__name__}'); await Pause()
        return self.swallow
""",
    "Countdown": """
class Countdown:
    def __init__(self, start): self.left = start
    def __aiter__(self): return self
    async def __anext__(self):
        await Pause()
        if not self.left: raise StopAsyncIteration
        self.left -= 1
        return log(self.left)
""",
    "Pause": """
class Pause:
    def __await__(self): return (yield 'pause')
""",
    "drive": """
def drive(coroutine):
    suspensions = []
    while True:
        try: suspensions.append(coroutine.send(None))
        except StopIteration as stop: return stop.value, suspensions
""",
    "Point": """
class Point:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self._x, self._y = x, y
    @property
    def x(self): return log(self._x)
    @property
    def y(self): return log(self._y)
""",
    "Seq": """
import collections.abc
class Seq(collections.abc.Sequence):
    def __init__(self, *items): self.items = items
    def __len__(self): log('len'); return len(self.items)
    def __getitem__(self, key): log(key); return self.items[key]
""",
}


def with_parts(source: str) -> str:
    """Return `source` with the definitions that it mentions in front of it."""
    source = textwrap.dedent(source)
    for name, part in PARTS.items():
        if re.search(rf"\b{name}\b", source):
            source = part.lstrip("\n") + source
    return source


def spread(expression: str) -> str:
    """Return the expression with each ``log`` call on a line of its own."""
    if re.search(r"\bf['\"]", expression):
        return expression
    return re.sub(r"(?<![\w.'\"])log\(", "\n        log(", expression)


def compiles(source: str) -> bool:
    """Tell whether Python accepts the source."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            plain(source, FILE)
    except SyntaxError:
        return False
    return True


_BINARY = [f"log(7) {op} log(2)" for op in "+ - * / // % ** << >> & | ^ @".split()]
_COMPARE = [f"log(7) {op} log(2)" for op in "== != < <= > >= is".split()]
_COMPARE.append("log(7) is not log(2)")

EXPRESSIONS = [
    # constants, names and operators
    "log(1)",
    "log(-1), -log(1), +log(True), ~log(1), not log([])",
    "log(...), log(None), log(1.5), log(2j), log(b'a'), log('a' 'b'), log(10 ** 20), __debug__",
    "log(1) + undefined_name",
    "undefined_name + log(1)",
    "-log('a')",
    *_BINARY,
    "log(1) / log(0)",
    "log(1) + log('a')",
    "log(2) ** -log(3) ** log(2)",
    "(log(1) + log(2)) * (log(3) - log(4)) // log(5)",
    # short circuits and conditions
    "log(0) and log(1)",
    "log(1) and log(2) and log(0) and log(3)",
    "log(0) or log([]) or log(2) or log(3)",
    "log(1) and log(0) or log(2)",
    "not (log(0) or not log(1))",
    "log(1) if log(2) else log(3)",
    "log(1) if log(0) else log(3)",
    "log(1) if log(0) else log(2) if log(0) else log(3)",
    "(log(1) if log(1) and log(0) else log(2)) or log(3)",
    # comparisons
    *_COMPARE,
    "log(1) in log([1]), log(1) not in log([1]), log(1) in log(2)",
    "log(1) < log(2) < log(3) < log(4)",
    "log(1) < log(3) < log(2) < log(4)",
    "log(1) < log(2) in log([2]) == log([2]) is not log(None)",
    "log(1) < log('a') < log(2)",
    # calls
    "log(abs)(log(-1))",
    "max(log(1), log(2), key=log(None))",
    "print(log(1), log('a'), sep=log('-'), end=log('.'))",
    "dict(log([]), a=log(1), b=log(2))",
    "max(*log([1, 2]), log(0), *log([3]), **log({}), **{'default': log(1)})",
    "dict(**log({'a': 1}), b=log(2), **log({'c': 3}))",
    "dict(a=log(1), **log({'a': 2}))",
    "log(1)(log(2))",
    "max(*log(1), log(2))",
    "dict(**log(1))",
    "log('a b').upper().split(log(' '))",
    "log([1]).append(log(2))",
    "log([3, 1]).sort(key=log(None), reverse=log(True))",
    "'{} {a}'.format(log(1), a=log(2))",
    "log('%s-%s') % (log(1), log(2))",
    "int(log('x'))",
    "(lambda: log(1))()",
    "(lambda a, /, b=log(1), *c, d=log(2), **e: [a, b, c, d, e])(log(3), d=log(4), z=log(5))",
    "[f(log(1)) for f in [lambda a: log(a) + log(2)]]",
    "sorted(log([3, 1, 2]), key=lambda a: -log(a))",
    # attributes and subscripts
    "log(1).real",
    "log(None).real",
    "log(1).real.imag.bit_length()",
    "log([1, 2])[log(0)]",
    "log([1, 2])[log(5)]",
    "log({1: {2: 3}})[log(1)][log(2)]",
    "log({1: 2})[log(0)]",
    "log([1, 2, 3])[log(0):log(2)]",
    "log([1, 2, 3])[log(0):log(2):log(2)], log([1])[:], log([1])[::log(-1)]",
    "log({(1, 2): 3})[log(1), log(2)]",
    "log({(1, 2): 3})[log(1), *log([2])]",
    "log({})[log(1):log(2), ...]",
    "log(1)[log(0)]",
    # displays
    "[], (), {}, set(), [log(1)], (log(1),), {log(1)}, {log(1): log(2)}",
    "[log(1), log(2), *log([3, 4]), *log(()), log(5)]",
    "(*log([1]), log(2), *log('ab'))",
    "{log(1), log(2), *log([1, 3])}",
    "{log(1): log(2), **log({3: 4}), log(1): log(5)}",
    "{log(1): log(2), log(3): log(4)}",
    "[[log(1), [log(2)]], {log(3): (log(4), {log(5)})}]",
    "{log(1): log(2), log([]): log(3)}",
    "[*log(1), log(2)]",
    "{**log(1), log(2): log(3)}",
    # walrus
    "(y := log(1))",
    "[y := log(1), y, (y := log(2)), y]",
    "(y := log(1)) + y * (y := log(2)) + y",
    "max((y := log(1)), y + log(1))",
    "(y := log(0)) or (y := log(2)) and y",
    "[(z := log(i)) for i in [1, 2]]",
    # comprehensions
    "[log(i) for i in log([1, 2])]",
    "[log(i) for i in log([1, 2]) if log(i) > log(1) if log(i)]",
    "[(log(i), log(j)) for i in log([1, 2]) if log(i) for j in log([i, 3]) if log(j) > 1]",
    "{log(i) for i in log([1, 1])}",
    "{log(i): log(j) for i, j in log([(1, 2), (3, 4)])}",
    "[log(j) for i in log([[1], [2]]) for j in i]",
    "[[log(j) for j in [i, log(0)]] for i in log([1, 2])]",
    "[log(i) for i, *j in log([[1, 2, 3], [4]]) if not log(j)]",
    "[i for i in log(1)]",
    "[log(i) / i for i in log([1, 0, 2])]",
    "[(lambda: log(i))() for i in log([1, 2])]",
    "list(log(i) for i in log([1, 2]) if log(i))",
    "next(log(i) for i in log([1, 2]))",
    "(log(i) for i in log([1, 2]))",
    "any(log(i) for i in log([0, 1, 2]))",
    "sum(log(i) + j for i in log([1, 2]) for j in log([3]))",
    # strings with values
    "f''",
    "f'{log(1)}'",
    "f'a{log(1)}b{log(2)!r}c{log(3)!s}d{log(4)!a}{{}}'",
    "f'{log(3.14159):.{log(2)}f}|{log(1):>{log(5)}}'",
    "f'{log(1)=}{log(2) = !r}'",
    "f'{log(1) if log(0) else log(2)}' 'and' f'{log(3)}'",
    "f'{[log(i) for i in (1, 2)]}' + f'''{log(4)}'''",
    "f'{log(1)}{log(1) / log(0)}'",
    "f'{log(1):{log(\"q\")}}'",
    'f"""{log(1)}\n{\nlog(2)\n}\n{log(3)}"""',
    "log(1), log(2)",
]

EXPRESSIONS_312 = [
    "f'{log('a')}'",
    "f'{log(f'{log(f'{log(1)}')}')}'",
    "f'{'\\n'.join([log('a'), log('b')])}'",
    "f'{log(1) # a comment\n + log(2)}'",
    "f'{log(1):{'>' + log('5')}}'",
    "f'{(lambda: log(1))()}'",
    "f'''{\nlog(1)\n}\n{log(2):\n}'''",
]

# Where an expression can stand, HERE; it may have several lines.
PLACES = named("""
# statement
(HERE)

# global
x = (HERE)

# local
def rule():
    x = (HERE)
    return x

# returned
def rule():
    return (HERE)

# class
class C:
    x = (HERE)

# method
class C:
    def m(self):
        return (HERE)
rule = C().m

# lambda
rule = lambda: (HERE)

# argument
def rule():
    return log([0, (HERE), log(9)])

# keyword
def rule():
    return dict(a=log(8), b=(HERE), c=log(9))

# operand
def rule():
    return log(8) + (HERE) + log(9)

# right operand
def rule():
    return log([8]) == (HERE)

# condition
def rule():
    if (HERE):
        return log('then')
    return log('else')

# elif
if log(0):
    log(1)
elif (HERE):
    log('then')
else:
    log('else')

# while
def rule():
    while (HERE):
        log('body')
        break
    else:
        log(9)

# for
def rule():
    for i in (HERE):
        log(i)
    else:
        log('else')

# ternary
x = log('then') if (HERE) else log('else')

# short circuit
x = log(1) and (HERE) or log(9)

# subscript
x = {}
x[(HERE)] = log(9)
x[(HERE)]

# container
x = (HERE)[log(0)]

# attribute
x = (HERE).real

# called
x = (HERE)(log(9))

# augmented
def rule():
    x = 1
    x += (HERE)
    return x

# assert
def rule():
    assert (HERE), log('message')

# message
def rule():
    assert log(0), (HERE)

# raise
def rule():
    raise (HERE)

# with
def rule():
    with (HERE) as x:
        log(x)

# subject
def rule():
    match (HERE):
        case 1 | True: return log('one')
        case [a, *_]: return log(a)
        case _: return log('other')

# guard
def rule():
    match 1:
        case y if (HERE): return log(y)
        case _: return log('other')

# default
def rule(a=(HERE), *, b=(HERE)):
    return a, b

# annotation
def f(a: (HERE)) -> (HERE): pass

# decorator
@log
@(HERE)
def f(): pass

# base
class C((HERE), metaclass=log(type)): pass

# yielded
def g():
    yield (HERE)
    yield log(9)
def rule(): return list(g())

# yielded from
def g():
    yield from (HERE)
def rule(): return list(g())

# element
def rule():
    return [(HERE) for i in [1, 2]]

# filter
def rule():
    return [i for i in [1, 2] if (HERE)]

# deleted
def rule():
    x = [1, 2]
    del x[(HERE)]
    return x

# unpacked
def rule():
    a, *b = (HERE)
    return a, b

# tried
def rule():
    try:
        return (HERE)
    except ZeroDivisionError as e:
        return log('caught')
    finally:
        log('finally')

# handler
def rule():
    try:
        log(1) / 0
    except (HERE) as e:
        log('caught')

# assigned to
class O: pass
x = O()
x.a, x.b = x.c = log(1), (HERE)

# coroutine
async def f():
    return (HERE)
def rule():
    return drive(f())
""")

STATEMENTS = split("""
a = log(1)

a = b = log([1])

a, b = log(1), log(2)

a, (b, *c), [d] = log([1, (2, 3, 4), [5]])

*a, b = log('xyz')

[a, b] = c = log((1, 2))

a, b = log([1])

a, b = log([1, 2, 3])

a, *b, c = log([1])

a = log(1)
a, b = b, a

a, b = 1, 2
a, b = b, a
log((a, b))

log(Obj()).a = log(1)

o = Obj()
log(o).a, log(o).b = log(1), log(2)

o = Obj(a=[0, 0])
log(o).a[log(0)], log(o).a[log(1)] = log(3), log(4)

a = [0, 1, 2]
i, a[i] = log(1), log(5)

log([0])[log(0)] = log(1)

log([0])[log(1)] = log(1)

a = [1, 2, 3, 4]
a[log(0) : log(2)] = log([9])

a = [1, 2, 3, 4]
a[log(0) : log(4) : log(2)] = log([9, 9])

a = {}
a[log(1)], a[log(2)] = a[log(3)] = log((4, 5))

a = {}
a[log(1), log(2)] = log(3)

log(1).real = log(2)

log(None)[log(0)] = log(1)

a: log(int) = log(1)

a: log(int)

o = Obj()
o.a: log(int) = log(1)
log(o).b: log(int)

a = {}
a[log(1)]: log(int) = log(2)

(a): log(int) = log(1)

a: int = 1
b: 'int' = a

a = 7
a += log(2)

a = 7
a -= log(2)

a = 7
a *= log(2)

a = 7
a /= log(2)

a = 7
a //= log(2)

a = 7
a %= log(2)

a = 7
a **= log(2)

a = 7
a <<= log(2)

a = 7
a >>= log(2)

a = 7
a &= log(2)

a = 7
a |= log(2)

a = 7
a ^= log(2)

a = 7
a @= log(2)

a = log([1])
b = a
a += log([2])

a = log((1,))
b = a
a += log((2,))

log(Obj(a=1)).a += log(2)

log([1, 2])[log(0)] += log(3)

a = [1, 2, 3]
a[log(0) : log(2)] += log([9])

log({1: 2})[log(0)] += log(1)

a = ([1],)
a[log(0)] += log([2])

a += log(1)

a = 1
a += log('x')

(a := log(1))

log(a := log(1)) + a

a = log(1)
del a
log(a)

a = b = log(1)
del a, (b)

o = Obj(a=1, b=2)
del log(o).a, log(o).b

a = [1, 2, 3, 4]
del a[log(0)], a[log(0) : log(1)]

del a

del log([])[log(0)]

del log(1).real

pass

...

'a string'

log(1); log(2); a = log(3)

assert log(1)

assert log(1), log(2)

assert log(0)

assert log(0), log('message')

assert log(1) < log(2) < log(0), f'{log(3)}'

raise KeyError

raise log(KeyError)(log(1))

raise log(KeyError(1)) from log(ValueError(2))

raise KeyError(log(1)) from None

raise KeyError(log(1)) from log(3)

raise log(1)

raise

raise StopIteration(log(1))

raise SystemExit(log(1))

import math

import os.path, math as m

import os.path as path

from math import pi, tau as t

from os import (path as p, sep,)

import no_such_module

from math import no_such_name

from . import sibling

from math import *
log(pi)

global a
a = log(1)
log(a)

global a, b
a = b = log(1)
a += log(2)
del b

if log(1): log(2)

if log(0): log(1)
else: log(2)

if log(0): log(1)
elif log(1): log(2)
else: log(3)

if log(0): log(1)
elif log([]): log(2)
elif log(0): log(3)
else:
    if log(1): log(4)

if log(1) and (a := log(2)):
    log(a)

if log(1) < log(2) < log(3): a = log(4)
log(a)

if log(0): a = log(4)
log(a)

a = 3
while log(a): a -= log(1)

a = 3
while log(a): a -= log(1)
else: log('else')

a = 3
while log(a):
    a -= 1
    if log(a) == 1: break
else: log('else')

a = 3
while log(a):
    a -= 1
    if log(a) == 1: continue
    log('body')
else: log('else')

while True:
    if log(1): break

while log(0): pass
else: log(1)

a = 2
while (b := log(a)) and log(1): a = b - 1

a = 2
while a:
    a -= 1
    b = 2
    while b:
        b -= 1
        if log(b): continue
        break
    else: log('else')

for a in log([1, 2]): log(a)

for a in log([]): log(a)
else: log('else')

for a in log([1, 2]):
    if log(a): break
else: log('else')

for a in log([1, 2]):
    if log(a) == 1: continue
    log('body')
else: log('else')

for a, (b, *c) in log([(1, (2, 3)), (4, (5,))]): log((a, b, c))

for a in log([1]), log([2]): log(a)

for a in *log([1]), log(2): log(a)

o = Obj()
for log(o).a in log([1, 2]): log(o.a)

b = [0, 0]
for b[log(0)] in log([1, 2]): log(b)

for a in log(1): log(a)

for a, b in log([1]): log(a)

b = [1, 2]
for a in b:
    if log(a) == 2: b.append(3)

for a in range(log(3)):
    for b in range(a):
        if log(b): break
    else: continue
    log('broken')

for a in iter([1, 2, 3]):
    a = log(a) + 1
log(a)

b = iter([1, 2, 3])
for a in b: log(next(b, 0))

try: log(1)
except KeyError: log(2)
else: log(3)
finally: log(4)

try: log({})[log(1)]
except KeyError as e: log(e.args)
else: log(3)
finally: log(4)

try: log({})[log(1)]
except (log(ValueError), log(KeyError)): log(2)

try: log({})[log(1)]
except log(ValueError): log(2)
except log(KeyError): log(3)
except: log(4)

try: log(1) / 0
except log(ValueError): log(2)
finally: log(3)

try: log(1) / 0
except log(7): log(2)

try: log(1) / 0
except ZeroDivisionError as e: log(2)
log(e)

e = 1
try: log(1) / 0
except ZeroDivisionError as e: e = log(2)
log(e)

try: log(1) / 0
except ZeroDivisionError as e: del e
log(3)

try: log(1) / 0
except: raise

try: log(1) / 0
except ZeroDivisionError: raise KeyError(log(2))

try: log(1) / 0
except ZeroDivisionError as e: raise KeyError(log(2)) from e

try: log(1) / 0
except ZeroDivisionError:
    try: log({})[2]
    except KeyError: log(3)
    raise

try:
    try: log(1) / 0
    finally: log(2)
except ZeroDivisionError: log(3)

try:
    try: log(1) / 0
    finally: log({})[2]
except KeyError as e: log(e.__context__)

try: log(1)
finally:
    try: log(2) / 0
    except ZeroDivisionError: log(3)

for a in [1, 2]:
    try: log(a) / 0
    except ZeroDivisionError: continue
    finally: log('f')

for a in [1, 2]:
    try: log(a) / 0
    finally: break

for a in [1, 2]:
    try:
        if log(a): break
    finally: log('f')
else: log('else')

while True:
    try: log(1)
    except KeyError: pass
    else: break
    finally: log(2)

try: raise ExceptionGroup('g', [KeyError(1), ValueError(2)])
except* KeyError as e: log(len(e.exceptions))
except* log(ValueError): log(2)

try: raise ExceptionGroup('g', [KeyError(1), OSError(2)])
except* KeyError: log(1)
finally: log(2)

try: raise KeyError(log(1))
except* (log(KeyError), log(OSError)) as e: log(e.message)

try: raise ExceptionGroup('g', [KeyError(1)])
except* KeyError: raise ValueError(log(2))

try: log(1)
except* KeyError: log(2)
else: log(3)
finally: log(4)

try: raise ExceptionGroup('g', [KeyError(1)])
except* KeyError: raise

with log(Manager(1)): log(2)

with Manager(log(1)) as a: log(a)

with Manager(log(1)) as a, Manager(log(2)) as b, Manager(log(3)): log((a, b))

with (Manager(log(1)) as a, Manager(log(2)),): log(a)

with Manager(1): log(1) / 0

with Manager(1, swallow=True) as a: log(1) / 0
log(a)

with Manager(1), Manager(2, True), Manager(3): log(1) / 0
log(4)

with Manager([1, 2]) as (a, b): log(a + b)

o = Obj()
with Manager(1) as o.a, Manager(2) as log(o).b: log(o.a)

for a in [1, 2]:
    with Manager(a):
        if log(a) == 1: continue
        break

with log(1): log(2)

with Manager(1) as a.b: log(2)

with Manager(1) as (a, b): log(2)

match log(1):
    case 1: log('one')
    case _: log('other')

match log(3):
    case 1 | 2: log('few')
    case a if log(a) > log(5): log('big')
    case b: log(b)

match log(-1.5), log('a'):
    case (-1.5 | 2, str() as a): log(a)

match log([1, 2, 3]):
    case []: log(0)
    case [a]: log(1)
    case [a, *b] if log(b): log(a)

match log([1, [2, {'k': 3}]]):
    case [a, [b, {'k': c, **d}]]: log((a, b, c, d))

match log({'a': 1, 'b': 2}):
    case {'c': _}: log(0)
    case {'a': int(a), **rest}: log((a, rest))

match Point(log(1), log(2)):
    case Point(2, y=_): log('a')
    case Point(x, y=2): log(x)

match Point(1, 2):
    case Point(x=1, y=3) | Point(x=1, y=2): log('matched')

match Seq(1, 2):
    case [1, 3]: log('a')
    case [1, *_]: log('b')

match Seq(1, 2, 3):
    case [a, *_, b]: log((a, b))

k = Obj(v=1)
match log(1):
    case k.v: log('value')

match log(5):
    case int(a) | str(a): log(a)

match log(5):
    case str(): log('a')
    case None: log('b')

match log(5):
    case log(): log('a')

match log(5):
    case undefined.name: log('a')

match log(1), log(2):
    case a, b if log(0): pass
    case a, c: log(c)
log(b)

match log(b'a'):
    case b'b' | b'a': log(1)

match log(1 + 2j):
    case 1 + 2j: log(1)

match log(True):
    case 1: log('one')

match log(True):
    case False: log('f')
    case True: log('t')

match log('ab'):
    case [a, b]: log('sequence')
    case str(a): log(a)

for a in [1, 2, 3]:
    match log(a):
        case 1: continue
        case 2: break

match log([1]), *log([2]):
    case a, b: log(a)

def f(a, b=log(1), /, c=log(2), *d, e=log(3), f, **g): return log([a, b, c, d, e, f, g])
f(log(4), f=log(5))
f()

def f(a: log(int) = log(1), *b: log(str), c: 'log(2)' = log(3)) -> log(None): 'doc'
f()

@log
@(lambda f: log(f))
def f(): return log(1)
f()

def f(): log(1)
log(f())

def f():
    return log(1)
    log(2)
log(f())

def f():
    for i in [1, 2]:
        try: return log(i)
        finally: log('f')
log(f())

def f():
    try: return log(1)
    finally: return log(2)
log(f())

def f():
    try: 1 / 0
    finally: return log(2)
log(f())

def f():
    while True:
        try: return log(1)
        finally: break
    return log(3)
log(f())

def f():
    with Manager(1): return log(1)
log(f())

def f(n): return log(n) * f(n - 1) if n else 1
log(f(4))

def f():
    a = log(1)
    def g():
        nonlocal a
        a += log(2)
        return a
    return [g(), a]
log(f())

def f():
    a = log(1)
    return lambda: log(a)
f()()

def f():
    def g(): return a
    a = log(1)
    b = g()
    del a
    return g()
f()

def f():
    log(a)
    a = 1
f()

def f(a):
    if log(a): b = log(2)
    return b
f(1)
f(0)

def f(a):
    del a
    return a
f(1)

def f(): return
log(f())

def f(): pass
f(log(1))

f = lambda a, *b, c=log(1), **d: log((a, b, c, d))
f(log(1), log(2), e=log(3))

def g():
    a = yield log(1)
    log(a)
    b = log((yield log(2))) + (yield log(3))
    return log(b)
i = g()
next(i)
i.send(4)
i.send(5)
try: i.send(6)
except StopIteration as e: log(e.value)

def g():
    try: yield log(1)
    finally: log('closed')
i = g()
next(i)
i.close()
log(2)

def g():
    try: yield log(1)
    except KeyError: yield log(2)
i = g()
next(i)
log(i.throw(KeyError))

def g():
    a = yield from h()
    yield log(a)
def h():
    yield log(1)
    return log(2)
log(list(g()))

def g():
    yield from log([1, 2])
    yield
log(list(g()))

def g(): yield log(1)
g()

def g():
    yield log(1)
    raise KeyError(log(2))
list(g())

def g():
    yield log(1)
    raise StopIteration
list(g())

def g():
    for i in log([1, 2]): yield log(i), (yield log(i + 10))
log([*g()])

g = lambda: (yield log(1))
log(list(g()))

class C: pass

class C: a = log(1)
log(C.a)

class C(log(list), metaclass=log(type)): 'doc'; a = log(1)
log(C())

@log
class C:
    @log
    def m(self): return log(self.a)
    a = log(2)
    b = a + log(1)
C().m()

class C:
    def __init__(self, a): self.a = log(a)
class D(C):
    def __init__(self):
        super().__init__(log(1))
        self.b = __class__
D().a

class C:
    __a = log(1)
    def m(self): self.__b = log(2); return self.__a + self.__b
log(C().m())

class C:
    a = log(1)
    class D:
        b = log(2)
        try: a
        except NameError: log(3)

class C:
    a = 2
    b = [log(i) for i in range(a)]
    c = lambda self: log(a)
C().c()

class C:
    for i in log([1, 2]): log(i)
    if log(1): a = log(2)
    else: b = log(3)
    del i

class C:
    a: log(int) = log(1)
    b: log(str)
log(C.__annotations__)

class C(k=log(1), *log([])):
    def __init_subclass__(cls, k): log(k)
class D(C): pass

class C:
    def __init_subclass__(cls, /, **k): log(k)
class D(C, a=log(1), **log({'b': 2})): pass

class C(log(1)): pass

class C:
    a = log(1)
    a = 1 / 0

class C:
    @property
    def a(self): return log(1)
    @a.setter
    def a(self, v): log(v)
    @staticmethod
    def s(): return log(2)
    @classmethod
    def c(cls): return log(3)
o = C()
o.a += log(4)
C.s() + C.c()

class C:
    __slots__ = log(('a',))
o = C()
o.a = log(1)
o.b = log(2)

async def f(): return log(1)
log(drive(f()))

async def f():
    a = log(await Pause())
    return [await Pause(), log(2), await g(log(3))]
async def g(a):
    await Pause()
    return log(a)
log(drive(f()))

async def f():
    async for a in Countdown(log(2)): log(a)
    else: log('else')
drive(f())

async def f():
    async for a in Countdown(3):
        if log(a): continue
        break
    else: log('e')
drive(f())

async def f():
    async with AsyncManager(log(1)) as a, AsyncManager(2): log(a)
log(drive(f()))

async def f():
    async with AsyncManager(log(1), True): log(1) / 0
    return log(2)
log(drive(f()))

async def f():
    return [log(a) async for a in Countdown(log(3)) if log(a)]
log(drive(f()))

async def f():
    return {log(a): await g(a) for a in log([1, 2])}
async def g(a):
    await Pause()
    return log(a)
log(drive(f()))

async def f():
    a = (log(b) async for b in Countdown(log(2)))
    return [c async for c in a]
log(drive(f()))

async def g():
    for i in [1, 2]:
        a = yield log(i)
        log(await Pause())
async def f(): return [a async for a in g()]
log(drive(f()))

async def g():
    try: yield log(1)
    finally:
        await Pause()
        log('closed')
async def f():
    i = g()
    await i.__anext__()
    await i.aclose()
log(drive(f()))

async def f():
    try: await Pause()
    finally: log('f')
c = f()
c.send(None)
c.throw(KeyError(log(1)))

async def f(): await log(1)
drive(f())

async def f():
    async for a in log(1): pass
drive(f())

async def f():
    async with log(1): pass
drive(f())

async def f():
    if await g() and (a := await g()): return log(a)
async def g():
    await Pause()
    return log(1)
log(drive(f()))

async def f(): return await g() if log(1) else await h()
async def g(): return log(2)
log(drive(f()))

async def f(): return log(1)
f().close()

import asyncio
async def f(a):
    await asyncio.sleep(0)
    return log(a)
async def g(): return await asyncio.gather(f(1), f(2), f(3))
log(asyncio.run(g()))
""")

STATEMENTS_312 = split("""
type A = log(int)
log(1)
A.__value__
A.__value__

type A[T: log(int), *U, **P] = list[log(T)]
log(A.__value__)
log(A.__type_params__[0].__bound__)

type A = undefined_name
A.__value__

def f[T](a: T, b: log(int) = log(1)) -> T: return log(a)
f(log(2))
log(len(f.__type_params__))

def f[T: (log(int), log(str))](a: T) -> T: return a
log(f.__type_params__[0].__constraints__)

class C[T, *U, **P]:
    a = log(1)
    def m[V](self, b: T, c: V) -> T: return log(b)
C().m(log(2), 3)

class C[T](log(list)[T], k=log(1)):
    def __init_subclass__(cls, k=0): log(k)

@log
class C[T]:
    type A = list[T]
    def m(self): return __class__, super().__init__, log(1)
C().m()[2]

@log
def f[T](a=log(1)):
    return lambda: log((a, T.__name__))
f()()

a = [log(x) for x in [1, 2] if (lambda: log(x))()]
""")

STATEMENTS_313 = split("""
def f[T = log(int)](a: T): return log(a)
f(1)
log(f.__type_params__[0].__default__)

type A[T = log(int), *U = log((1,))] = T
log(A.__type_params__[0].__default__)

class C[T: log(int) = log(bool)]: pass
log(C.__type_params__[0].__default__)
""")

# Where a statement can stand, HERE. Functions return all their local variables.
HOMES = named("""
# module
HERE

# function
def rule():
    HERE
    return dict(locals())

# class
class Home:
    HERE

# method
class Home:
    def m(self):
        HERE
        return dict(locals())
def rule(): Home().m()

# nested
def rule():
    kept = 0
    def inner():
        HERE
        return kept, a, b
    a = b = 5
    return inner()

# cells
def rule():
    HERE
    return lambda: (a, b, c, o, i, e)

# generator
def g():
    HERE
    yield dict(locals())
def rule(): return list(g())

# coroutine
async def home():
    HERE
    return dict(locals())
def rule(): return drive(home())

# if
def rule():
    if log(1):
        HERE
    else:
        log(2)

# else
def rule():
    if log(0):
        log(1)
    else:
        HERE

# loop
def rule():
    for turn in log([1, 2]):
        HERE
    else:
        log('loop else')

# while
def rule():
    turn = 2
    while log(turn):
        turn -= 1
        HERE

# try
def rule():
    try:
        HERE
    except Exception as error:
        log(type(error))
    else:
        log('try else')
    finally:
        log('try finally')

# except
def rule():
    try:
        [][log(0)]
    except IndexError as error:
        HERE

# finally
def rule():
    try:
        return log(0)
    finally:
        HERE

# with
def rule():
    with Manager('home'):
        HERE

# case
def rule():
    match log([1]):
        case [first, *others]:
            HERE
""")


def placed(expression: str, place: str) -> str:
    """Return a module with the expression standing in a place."""
    return with_parts(PLACES[place].replace("HERE", spread(expression)))


def housed(statement: str, home: str) -> str:
    """Return a module with the statement standing in a home."""
    before, _, after = HOMES[home].partition("HERE")
    indent = before[before.rfind("\n") + 1 :]
    return with_parts(before + textwrap.indent(statement, indent)[len(indent) :] + after)


def for_this_python(common: list[str], *newer: tuple[tuple[int, int], list[str]]) -> list[str]:
    """Return the forms that the running Python has."""
    later = [forms for version, forms in newer if sys.version_info >= version]
    return common + [form for forms in later for form in forms]
