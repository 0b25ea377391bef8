"""What a rule cannot do again is found by doing it again, by whatever route it comes."""

import sys

import pytest

from rfft.rules import catalog
from rfft.tracer.sandbox import Sandbox, Task

THING = "class Thing:\n    def __init__(self, n):\n        self.n = n\n\n"
DIFFERS = {
    "order of a set of objects": THING
    + "def f(n):\n    return [t.n for t in {Thing(n), Thing(n + 1), Thing(n + 2)}]\n",
    "order of few objects": THING
    + "def f(n):\n    return [[t.n for t in {Thing(n), Thing(k)}] for k in (0, 1)]\n",
    "first of a set of objects": THING
    + "def f(n):\n    return set(map(Thing, range(n + 5))).pop().n\n",
    "hash of an object": THING + "def f(n):\n    return hash(Thing(n)) % 1000\n",
    "id by another name": "import builtins\ndef f(n):\n    return getattr(builtins, 'i' + 'd')(n)\n",
    "id in a map": "def f(n):\n    name = 'id'\n    import operator, builtins\n"
    "    return list(map(operator.attrgetter(name)(builtins), [[n]]))\n",
    "text of an object": "def f(n):\n    return len(repr(object())) and repr(object())\n",
    "time by another name": "import time\ndef f(n):\n    now = getattr(time, 'ti' + 'me')\n"
    "    return int(now())\n",
    "hour of the clock": "import time\nnow = vars(time)['gm' + 'time']\ndef f(n):\n    return now()[3]\n",
    "today": "import datetime as d\nday = d.date\ndef f(n):\n    ask = day.today\n    return str(ask())\n",
    "year": "import datetime\ndef f(n):\n    kind = datetime.datetime\n    return kind.now().year\n",
    "time written": "import time\nwrite = time.strftime\ndef f(n):\n    return write('%Y')\n",
    "half of the day": "import time\nwrite = time.strftime\ndef f(n):\n    return write('%H') > '11'\n",
    "second": "import datetime\nkind = datetime.datetime\ndef f(n):\n    return kind.utcnow().second % 2\n",
    "classes": "class A: pass\nclass B: pass\nclass C: pass\n"
    "def f(n):\n    return [kind.__name__ for kind in {A, B, C}]\n",
    "measured time": "import timeit\ndef f(n):\n    return timeit.default_timer() > 10 ** 8\n",
    "chance": "import random\ndef f(n):\n    kind = vars(random)['System' + 'Random']\n    return kind().random()\n",
    "order of words": "def f(n):\n    words = {'a', 'b', 'c', 'd', str(n)}\n    return list(words)\n",
    "order of words, proved": "def f(n):\n    words = set('abcdefgh')\n    out = []\n"
    "    for word in words:\n        out.append(word)\n    return out\n",
    "joined words": "def f(n):\n    return ''.join(set('hello world'))\n",
    "hash of a word": "def f(n):\n    return hash('abc' + str(n)) % 100\n",
    "common keys": "def f(n):\n    a = dict.fromkeys('abcdef')\n    return list(a.keys() & set(a))\n",
    "two types": "def f(n):\n    return [kind.__name__ for kind in {int, str}]\n",
    "two types, the other way round": "def f(n):\n    return [kind.__name__ for kind in {str, int}]\n",
    "types in a frozenset": "def f(n):\n    out = []\n    for kind in frozenset((float, bytes, list)):\n"
    "        out.append(kind(n).__class__.__name__)\n    return out\n",
    "functions": "def g(): pass\ndef h(): pass\ndef f(n):\n    return [k.__name__ for k in {g, h}]\n",
    "functions that are built in": "def f(n):\n    return [k([n, 7]) for k in {min, max}]\n",
    "functions the other way round": "def f(n):\n    return [k([n, 7]) for k in {max, min}]\n",
    "modules": "import math, json\ndef f(n):\n    return [m.__name__ for m in {math, json}]\n",
    "methods": "def f(n):\n    return [m('aB') for m in {str.upper, str.lower}]\n",
    "classes of a library": "from decimal import Decimal\nfrom fractions import Fraction\n"
    "def f(n):\n    return [kind(n) for kind in {Decimal, Fraction}]\n",
    "constants": "def f(n):\n    return [str(x) for x in {Ellipsis, NotImplemented}]\n",
    "pairs with types": "def f(n):\n    return [k.__name__ for k, _ in {(int, 1), (str, 1), (list, 1), (set, 1)}]\n",
    "hash of a type": "def f(n):\n    return hash(int) % 8\n",
    "error": "def f(n):\n    words = set('abcdefgh')\n    return 1 // 'abcdefgh'.index(list(words)[0]) + n\n",
}
if sys.version_info < (3, 12):  # since then the hash of None is a number
    DIFFERS["nothing and a number"] = "def f(n):\n    return [x for x in {None, n, 7}]\n"
SAME = {
    "sorted words": "def f(n):\n    return sorted(set('hello world'))\n",
    "count of words": "def f(n):\n    return len({'a', 'b', str(n)})\n",
    "numbers": "def f(n):\n    return [x for x in {3, 1, n}]\n",
    "objects in a list": THING + "def f(n):\n    return [t.n for t in [Thing(n), Thing(2)]]\n",
    "objects as keys": THING
    + "def f(n):\n    d = {Thing(n): 1, Thing(2): 2}\n    return [t.n for t in d]\n",
    "seeded chance": "import random\ndef f(n):\n    return random.random(), random.Random(n).random()\n",
    "a date": "import datetime\ndef f(n):\n    return str(datetime.date(2020, 1, n) + datetime.timedelta(40))\n",
    "a fixed time": "import time\ndef f(n):\n    write = time.strftime\n    return write('%Y', (2020, 1, n, 0, 0, 0, 0, 1, 0))\n",
    "error": "def f(n):\n    return 1 // (n - n)\n",
    "types in a dict": "def f(n):\n    names = {int: 'i', str: 's'}\n    return [names[type(n)], *names.values()]\n",
    "a type of several": "def f(n):\n    return type(n) in {int, float} and isinstance(n, (int, str))\n",
    "functions in a set": "def f(n):\n    return len({min, max, [].append, min, ''.join, ''.join}), min in {min, max}\n",
    "a library that goes by types": "import copy, functools, json\nfrom collections.abc import Hashable, Sized\n"
    "@functools.singledispatch\ndef g(x):\n    return 0\n@g.register(int)\ndef _(x):\n    return 1\n"
    "def f(n):\n    return g(n), g(''), copy.deepcopy([n]), json.dumps([n]), isinstance('', Sized), isinstance([], Hashable)\n",
    "words in a variable": "def f(n):\n    words = {'a', 'b', 'c', str(n)}\n    return words\n",
}


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(repeat=True) as made:
        yield made


def records(sandbox, source, steps):
    return sandbox.run(Task(source, ("3", "4", "5", "6"), "f", steps=steps))


@pytest.mark.parametrize("steps", [True, False])
@pytest.mark.parametrize("name", DIFFERS)
def test_what_differs_is_found(sandbox, name, steps):
    found = records(sandbox, DIFFERS[name], steps)
    assert {record["status"] for record in found} == {"tainted"}
    assert any("the rule does not do the same again: line " in r for r in found[0]["tainted"])


@pytest.mark.parametrize("steps", [True, False])
@pytest.mark.parametrize("name", SAME)
def test_what_is_the_same_is_left_alone(sandbox, name, steps):
    found = records(sandbox, SAME[name], steps)
    assert {record["status"] for record in found} <= {"ok", "rule_error"}
    assert all(record["tainted"] == [] for record in found)


def test_it_is_not_looked_for_unless_asked():
    with Sandbox() as sandbox:
        assert records(sandbox, DIFFERS["order of words"], False)[0]["status"] == "ok"


@pytest.mark.parametrize("name", catalog())
def test_the_library_can_be_repeated(sandbox, name):
    task = catalog()[name]
    length = min(task.max_length or 6, max(task.min_length, 6))
    inputs = tuple(", ".join(map(repr, task.arguments(length, 0, k))) for k in range(3))
    found = sandbox.run(Task(task.rule.source, inputs, task.rule.function, steps=False))
    assert [record["tainted"] for record in found] == [[]] * 3
