"""Programs drawn at random of what traces find hard: state that changes out of sight.

Closures, globals, attributes of classes and functions, aliases, walrus onto names that are bound,
patterns with guards, iterators that are consumed later, memos, classes whose methods are named
like those of lists, places that are assigned. `draw` returns the source of one, and its input.
"""

from collections.abc import Callable
from random import Random

HEADER = """
LIMIT = 3
COUNT = 0
LOG = []
MEMO = {}


class Node:
    made = 0
    seen = []

    def __init__(self, value, left=None):
        Node.made += 1
        self.value = value
        self.left = left

    def grow(self, by):
        self.value += by
        Node.seen.append(self.value)
        return self.value


class Queue:
    def __init__(self, items):
        self.items = list(items)

    def append(self, item):
        self.items.insert(0, item)

    def pop(self):
        return self.items.pop(0)

    def get(self, key, default=None):
        return self.items[key] if key < len(self.items) else default

    def count(self, item):
        return sum(1 for i in self.items if i != item)

    def index(self, item):
        return len(self.items) - item

    def __len__(self):
        return len(self.items)

    def __bool__(self):
        return len(self.items) > 1

    def __add__(self, other):
        return Queue(self.items + other.items)

    def __getitem__(self, key):
        return self.items[key]

    def __eq__(self, other):
        return self.items[:1] == other.items[:1]


def note(x):
    LOG.append(x)


def tally(k):
    global COUNT
    COUNT += k
    tally.calls += 1
    return COUNT


tally.calls = 0


def fib(n):
    if n in MEMO:
        return MEMO[n]
    if n < 2:
        return n
    MEMO[n] = fib(n - 1) + fib(n - 2)
    return MEMO[n]


def stir(rows):
    for row in rows:
        row.append(len(row))


def evens(n):
    for i in range(n):
        if i % 2 == 0:
            yield i


def fail(n):
    LOG.append(n)
    raise ValueError("low", n)
"""

START = """
k, m = 1, 2
a, b = [1], [n]
d = {1: 2}
rows = [[1], [2, 3]]
node = Node(n)
q = Queue([1, 2, 3])
t = "ab"

def bump(by):
    nonlocal k
    k += by
    a.append(k)
    return k

def total():
    return k + sum(x * m for x in xs)

def dfs(i):
    seen.append(i)
    if i > 0:
        dfs(i - 1)
    return len(seen)

seen = []
"""

SIMPLE = """
k = n % LIMIT
k += LIMIT
m = k * LIMIT + len(LOG)
k = COUNT + tally.calls
b = a
a.append(m)
a[0] = k
a[-1] += m
a[0], b[0] = k, m
d[k] = d.get(k, 0) + 1
d[n] = [k]
d.setdefault(m, k)
rows[0][0] += k
rows[-1] = a
a = rows[0]
stir(rows)
note(k)
note(len(LOG))
k = tally(2)
tally(m)
m = fib(n % 5)
MEMO[k] = fib(3)
MEMO[m] = k
LOG[-1:] = [k, m]
k = bump(m)
bump(1)
m = bump(1) + k
k = total()
m = dfs(2)
seen.clear()
node.value = k
node.value += m
node.left = Node(k, node)
other = node
node = Node(m, node)
k = node.grow(2)
node.grow(k) if k < 40 else note(k)
Node.made += 1
Node.seen = []
Node.seen.append(m)
k = Node.made
tally.calls = 0
tally.calls += k
q.append(k)
m = q.pop()
m = q.get(1, 0)
k = q.count(2)
k = q.index(1)
q = q + Queue([n])
m = q[0]
q.items[0] = k
it = map(a.append, xs)
it = filter(lambda x: note(x) or x > 1, xs)
it = (bump(x) for x in xs)
it = iter(xs)
it = evens(3)
m = next(it, 0)
b = list(it)
b = [x + k for x in xs]
b = [bump(x) for x in a[:2]]
b = [(m := x) for x in xs]
d = {x: k for x in xs}
m = sum(k * LIMIT for _ in range(LIMIT))
k = (m := n) + m
k = (m := m + 1) * m
m = k if (k := n % 4) else k + 1
t = f"{k}-{(m := k + 1)}"[:5]
t += t[:1]
xs = sorted(xs, key=lambda x: -x * m)
m = max(xs, default=k)
xs.sort(reverse=True)
del a[:1]
k, *b = xs + [m]
k = m = n
x: int = k + m
k = row[0]
m = w
global_ = [LOG, k][0]
assert k < 1000, t
print(k, m)
pass
""".strip().split("\n")  # fmt: skip

TESTS = """
k > m
(k := m - 1) > 0
a is b
q
q == Queue([1])
n in MEMO
len(LOG) > LIMIT
k and m < 3 or not a
any(x > k for x in xs)
0 < k < LIMIT
bump(1) > 3
tally.calls > 1
node.left is None
node.value > k
""".strip().split("\n")

LOOPS = """
for x in xs[:2]
for i, x in enumerate(a[:2])
for row in rows[:2]
for k in range(2)
for x in evens(3)
for d[0] in range(2)
for x in (note(y) or y for y in xs[:2])
for x in map(bump, xs[:2])
for key, w in list(d.items())[:2]
""".strip().split("\n")

MATCHES = [
    ("xs", ["case [k]", "case [k, m] if k > m", "case [k, *b]", "case _"]),
    ("d", ['case {"k": m}', "case {1: k} if k > 100", "case {1: m}", "case _"]),
    ("node", ["case Node(value=0)", "case Node(value=k) if k > LIMIT", "case Node(left=None)"]),
    ("(m := k + 1)", ["case 1", "case 2 | 3", "case k if note(k)", "case _"]),
]  # fmt: skip


def draw(seed: int) -> tuple[str, str]:
    """Return the source of a program with a function `f`, and what to call it with."""
    rng = Random(seed)
    body = _block(rng, 0, rng.randint(4, 9))
    last = rng.choice(["k, m, a, b", "d, rows, LOG", "node.value, q.items, Node.made", "k + m"])
    lines = [*START.strip("\n").split("\n"), *body, f"return {last}"]
    source = HEADER.lstrip("\n") + "\n\ndef f(n, xs):\n" + "".join(f"    {x}\n" for x in lines)
    return source, f"{rng.randint(0, 6)}, {[rng.randint(0, 5) for _ in range(rng.randint(0, 3))]}"


def _block(rng: Random, depth: int, most: int) -> list[str]:
    lines: list[str] = []
    for _ in range(most):
        make: Callable[[Random, int], list[str]] = _simple
        if depth < 2 and rng.random() < 0.35:
            make = rng.choice([_loop, _while, _if, _match, _try, _inner])
        lines += make(rng, depth)
    return lines


def _simple(rng: Random, depth: int) -> list[str]:
    return [rng.choice(SIMPLE)]


def _inside(rng: Random, depth: int, most: int = 3) -> list[str]:
    return [f"    {x}" for x in _block(rng, depth + 1, rng.randint(1, most))]


def _loop(rng: Random, depth: int) -> list[str]:
    lines = [f"{rng.choice(LOOPS)}:", *_inside(rng, depth)]
    if rng.random() < 0.3:
        lines += [f"    if {rng.choice(TESTS)}:", f"        {rng.choice(['break', 'continue'])}"]
    return lines + (["else:", *_inside(rng, depth, 1)] if rng.random() < 0.2 else [])


def _while(rng: Random, depth: int) -> list[str]:
    name = f"left{depth}"
    test = rng.choice([f"({name} := {name} - 1) > 0", f"{name} > 0", f"{name} and {name} < 9"])
    burn = [] if ":=" in test else [f"    {name} -= 1"]
    return [f"{name} = {rng.randint(1, 3)}", f"while {test}:", *burn, *_inside(rng, depth)]


def _if(rng: Random, depth: int) -> list[str]:
    lines = [f"if {rng.choice(TESTS)}:", *_inside(rng, depth)]
    if rng.random() < 0.4:
        lines += [f"elif {rng.choice(TESTS)}:", *_inside(rng, depth)]
    return lines + (["else:", *_inside(rng, depth)] if rng.random() < 0.4 else [])


def _match(rng: Random, depth: int) -> list[str]:
    subject, patterns = rng.choice(MATCHES)
    lines = [f"match {subject}:"]
    for pattern in sorted(rng.sample(patterns, rng.randint(1, len(patterns))), key=patterns.index):
        lines += [f"    {pattern}:", *[f"    {x}" for x in _inside(rng, depth, 2)]]
    return lines


def _try(rng: Random, depth: int) -> list[str]:
    error = rng.choice(["ValueError", "(ValueError, IndexError) as e", "Exception as e"])
    lines = ["try:", *_inside(rng, depth), f"    {rng.choice(['fail(k)', 'k = xs[1]', 'pass'])}"]
    lines += [f"except {error}:", *_inside(rng, depth, 2)]
    if "as e" in error:
        lines.append("    t = str(e)[:5]")
    if rng.random() >= 0.3:
        return lines
    # Where something was raised, Python has no code, and no event, for a ``pass`` there.
    last = [line.replace("pass", "LIMIT") for line in _inside(rng, depth, 1)]
    return [*lines, "finally:", *last]


def _inner(rng: Random, depth: int) -> list[str]:
    """Draw a nested function that changes what is around it, and calls of it."""
    name = f"inner{rng.randint(0, 99)}"
    change = rng.choice(["nonlocal m", "global COUNT", "nonlocal a"])
    does = {"nonlocal m": "m += by", "global COUNT": "COUNT = by", "nonlocal a": "a = a + [by]"}
    more = rng.choice(["LOG.append(by)", "node.value += by", "rows[0].append(by)", "pass"])
    call = rng.choice([f"k = {name}(2)", f"{name}(k)", f"b = [{name}(x) for x in xs[:2]]"])
    lines = [f"def {name}(by):", f"    {change}", f"    {does[change]}", f"    {more}"]
    return [*lines, "    return by + len(LOG)", call]
