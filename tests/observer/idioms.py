"""Small programs in the idioms of everyday Python, each with an input.

It is one for the function ``f``, or for the method of the class ``Solution``. The observer judges
their traces, and all styles tell of them; see `test_idioms`.
"""

IDIOMS: list[tuple[str, str]] = [
    (
        """
from collections import OrderedDict
class LRU:
    def __init__(self, cap):
        self.cap = cap
        self.d = OrderedDict()
    def get(self, k):
        if k not in self.d:
            return -1
        self.d.move_to_end(k)
        return self.d[k]
    def put(self, k, v):
        if k in self.d:
            self.d.move_to_end(k)
        self.d[k] = v
        if len(self.d) > self.cap:
            self.d.popitem(last=False)
def f(cap, ops):
    c = LRU(cap)
    out = []
    for op in ops:
        if len(op) == 1:
            out.append(c.get(op[0]))
        else:
            c.put(*op)
    return out
""",
        "2, [[1, 1], [2, 2], [1], [3, 3], [2], [4, 4], [1], [3], [4]]",
    ),
    (
        """
import heapq
def f(graph, s):
    dist = {s: 0}
    pq = [(0, s)]
    while pq:
        d, u = heapq.heappop(pq)
        if d > dist.get(u, float('inf')):
            continue
        for v, w in graph.get(u, {}).items():
            nd = d + w
            if nd < dist.get(v, float('inf')):
                dist[v] = nd
                heapq.heappush(pq, (nd, v))
    return dist
""",
        "{'a': {'b': 1, 'c': 4}, 'b': {'c': 2, 'd': 5}, 'c': {'d': 1}}, 'a'",
    ),
    (
        """
from functools import lru_cache
def f(n):
    @lru_cache(None)
    def fib(k):
        return k if k < 2 else fib(k - 1) + fib(k - 2)
    return [fib(i) for i in range(n)]
""",
        "8",
    ),
    (
        """
def f(s):
    stack, pairs = [], {')': '(', ']': '[', '}': '{'}
    for i, ch in enumerate(s):
        match ch:
            case '(' | '[' | '{':
                stack.append((ch, i))
            case ')' | ']' | '}' if stack and stack[-1][0] == pairs[ch]:
                stack.pop()
            case c if c.isalpha():
                continue
            case _:
                return i
    return stack[0][1] if stack else -1
""",
        "'a(b[c]d)e}'",
    ),
    (
        """
def f(m):
    rot = [list(r) for r in zip(*m[::-1])]
    m[:] = rot
    for row in m:
        row[0], row[-1] = row[-1], row[0]
    return m
""",
        "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]",
    ),
    (
        """
def f(xs):
    a = b = []
    for x in xs:
        a += [x]
        b = b + [x * 2]
    a[:2], b[1:] = b[:2], a[1:]
    return a, b, a is b
""",
        "[1, 2, 3]",
    ),
    (
        """
def gen(n):
    total = 0
    while True:
        got = yield total
        if got is None:
            got = 1
        total += got
        if total > n:
            return 'done'
def f(n):
    g = gen(n)
    out = [next(g)]
    try:
        for v in (2, 3, None, 10):
            out.append(g.send(v))
    except StopIteration as stop:
        out.append(stop.value)
    return out
""",
        "9",
    ),
    (
        """
def inner(k):
    r = yield from range(k)
    return r
def outer(xs):
    for x in xs:
        got = yield from inner(x)
        yield (x, got)
def f(xs):
    return list(outer(xs))
""",
        "[2, 0, 1]",
    ),
    (
        """
class Node:
    __slots__ = ('val', 'next')
    def __init__(self, val, next=None):
        self.val = val
        self.next = next
def f(xs):
    head = None
    for x in reversed(xs):
        head = Node(x, head)
    prev = None
    while head:
        head.next, prev, head = prev, head, head.next
    out = []
    while prev:
        out.append(prev.val)
        prev = prev.next
    return out
""",
        "[1, 2, 3]",
    ),
    (
        """
def f(s):
    counts = {}
    for c in s:
        counts[c] = counts.get(c, 0) + 1
    best = max(counts, key=lambda c: (counts[c], -ord(c)))
    del counts[best]
    second = max(counts.items(), key=lambda kv: kv[1], default=None)
    return best, second
""",
        "'abracadabra'",
    ),
    (
        """
class Vec:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, o):
        return Vec(self.x + o.x, self.y + o.y)
    def __iadd__(self, o):
        self.x += o.x
        self.y += o.y
        return self
    def __eq__(self, o):
        return (self.x, self.y) == (o.x, o.y)
    def __repr__(self):
        return f'Vec({self.x}, {self.y})'
def f(pts):
    t = Vec(0, 0)
    u = t
    for x, y in pts:
        t += Vec(x, y)
    w = t + u
    return repr(w), u is t, w == Vec(8, 12)
""",
        "[(1, 2), (3, 4)]",
    ),
    (
        r"""
def f(n):
    sieve = bytearray([1]) * (n + 1)
    sieve[:2] = b'\0\0'
    for i in range(2, int(n ** 0.5) + 1):
        if sieve[i]:
            sieve[i * i::i] = bytes(len(range(i * i, n + 1, i)))
    return [i for i, v in enumerate(sieve) if v]
""",
        "20",
    ),
    (
        """
from itertools import groupby, accumulate, chain
def f(s):
    runs = [(k, len(list(g))) for k, g in groupby(s)]
    acc = list(accumulate(n for _, n in runs))
    flat = list(chain.from_iterable(zip((k for k, _ in runs), acc)))
    it = iter(flat)
    pairs = dict(zip(it, it))
    return runs, pairs
""",
        "'aabccc'",
    ),
    (
        """
def f(xs, k):
    def go(i, cur, acc):
        if cur == k:
            res.append(acc[:])
            return
        for j in range(i, len(xs)):
            if cur + xs[j] > k:
                break
            acc.append(xs[j])
            go(j, cur + xs[j], acc)
            acc.pop()
    res = []
    xs.sort()
    go(0, 0, [])
    return res
""",
        "[3, 2, 5], 7",
    ),
    (
        r"""
import re
def f(text):
    words = re.findall(r'[a-z]+', text.lower())
    seen = set()
    out = []
    for w in words:
        if w not in seen:
            seen.add(w)
            out.append(w)
    return re.sub(r'(\w)\w*', lambda m: m.group(1).upper(), ' '.join(out))
""",
        "'The cat the dog'",
    ),
    (
        """
def f(board):
    def valid(r, c, v):
        return all(board[r][i] != v for i in range(4)) and all(board[i][c] != v for i in range(4))
    def solve():
        for r in range(4):
            for c in range(4):
                if not board[r][c]:
                    for v in range(1, 5):
                        if valid(r, c, v):
                            board[r][c] = v
                            if solve():
                                return True
                            board[r][c] = 0
                    return False
        return True
    return solve(), board
""",
        "[[1, 2, 3, 4], [2, 0, 4, 3], [0, 4, 0, 2], [4, 3, 2, 0]]",
    ),
    (
        """
from dataclasses import dataclass, field
@dataclass(order=True)
class Task:
    pri: int
    name: str = field(compare=False)
    tags: list = field(default_factory=list, compare=False)
def f(items):
    ts = [Task(p, n) for n, p in items]
    ts.sort()
    ts[0].tags.append('first')
    first, *rest = ts
    return first, [t.name for t in rest]
""",
        "[('a', 3), ('b', 1), ('c', 2)]",
    ),
    (
        """
def f(a, b):
    try:
        q = a // b
    except ZeroDivisionError as e:
        q = str(e)
    else:
        q += 1
    finally:
        a = b
    try:
        try:
            [][q]
        finally:
            a = 'x'
    except (IndexError, TypeError) as e:
        b = type(e).__name__
    return a, b, q
""",
        "7, 0",
    ),
    (
        """
def f(xs):
    i = 0
    while (n := len(xs)) > 1 and i < 5:
        i += 1
        xs = [a + b for a, b in zip(xs, xs[1:])]
        if n % 2:
            continue
        xs.append(n)
    else:
        i = -i
    return i, xs
""",
        "[1, 2, 3, 4]",
    ),
    (
        """
def f(d):
    out = {}
    stack = [((), d)]
    while stack:
        path, cur = stack.pop()
        for k, v in sorted(cur.items()):
            if isinstance(v, dict) and v:
                stack.append((path + (k,), v))
            else:
                out['.'.join(path + (k,))] = v
    return out
""",
        "{'a': {'b': 1, 'c': {'d': 2}}, 'e': {}}",
    ),
    (
        """
from collections import defaultdict, deque, Counter
def f(edges):
    g = defaultdict(set)
    for u, v in edges:
        g[u].add(v)
        g[v].add(u)
    seen, comps = set(), []
    for s in sorted(g):
        if s in seen:
            continue
        q, comp = deque([s]), []
        seen.add(s)
        while q:
            u = q.popleft()
            comp.append(u)
            for v in sorted(g[u] - seen):
                seen.add(v)
                q.append(v)
        comps.append(comp)
    c = Counter(len(x) for x in comps)
    c.update([2, 2])
    c -= Counter({2: 1})
    return comps, c.most_common(1)
""",
        "[(1, 2), (2, 3), (4, 5)]",
    ),
    (
        """
def f(x):
    total = 0
    def bump(k=[]):
        nonlocal total
        k.append(total)
        total += len(k)
        return k
    a = bump()
    b = bump()
    c = bump([9])
    return a, b, a is b, c, total
""",
        "0",
    ),
    (
        """
def f(s):
    it = iter(s)
    out = []
    for a in it:
        b = next(it, None)
        if b is None:
            out.append(a)
            break
        out.append(b + a)
    return ''.join(out)
""",
        "'abcde'",
    ),
    (
        """
def f(xs):
    xs.sort(key=lambda x: (-len(x), x))
    first = xs.pop(0)
    xs.insert(1, first[::-1])
    xs.extend(map(str.upper, xs[:1]))
    xs.reverse()
    return xs, '|'.join(xs), xs.index('b')
""",
        "['b', 'aaa', 'cc']",
    ),
    (
        """
class Meta(type):
    def __new__(m, name, bases, ns):
        ns['tag'] = name.lower()
        return super().__new__(m, name, bases, ns)
class A(metaclass=Meta):
    n = 0
    @classmethod
    def make(cls, v):
        cls.n += 1
        o = cls()
        o.v = v
        return o
    @property
    def double(self):
        return self.v * 2
    @staticmethod
    def plus(a, b):
        return a + b
class B(A):
    @property
    def double(self):
        return super().double + 1
def f(v):
    a, b = A.make(v), B.make(v + 1)
    return a.double, b.double, A.n, B.n, B.tag, A.plus(a.v, b.v)
""",
        "3",
    ),
    (
        """
from contextlib import contextmanager
@contextmanager
def pushed(stack, v):
    stack.append(v)
    try:
        yield len(stack)
    finally:
        stack.pop()
def f(xs):
    st, out = [], []
    for x in xs:
        with pushed(st, x) as depth, pushed(st, -x):
            out.append((depth, st[:]))
            if x > 2:
                break
    return out, st
""",
        "[1, 3, 5]",
    ),
    (
        """
def f(n):
    memo = {}
    def c(k):
        if k in memo:
            return memo[k]
        if k <= 1:
            r = 1
        else:
            r = sum(c(i) * c(k - 1 - i) for i in range(k))
        memo[k] = r
        return r
    return c(n), memo
""",
        "4",
    ),
    (
        """
def f(a, *rest, k=2, **kw):
    rest = list(rest)
    rest[1:1] = [a] * k
    kw['n'] = len(rest)
    x, *y, z = rest
    return x, y, z, kw
""",
        "1, 2, 3, k=3, m=4",
    ),
    (
        """
def f(n):
    s = 0
    for i in range(n):
        for j in range(i, n):
            if (i + j) % 3 == 0:
                break
            s += i * j
        else:
            s -= 1
            continue
        s += 100
    return s
""",
        "4",
    ),
    (
        """
import math, string
def f(s, k):
    up, low = string.ascii_uppercase, string.ascii_lowercase
    out = ''
    for ch in s:
        for al in (up, low):
            if ch in al:
                out += al[(al.index(ch) + k) % 26]
                break
        else:
            out += ch
    return out, math.gcd(len(out), 12), round(math.sqrt(k), 3), f'{k:>5}|{out!r:10}|{k / 3:.2f}'
""",
        "'Hi, Z!', 3",
    ),
    (
        """
def f(xs):
    return (lambda f: f(f, xs))(lambda me, v: 0 if not v else v[0] + me(me, v[1:]))
""",
        "[1, 2, 3]",
    ),
    (
        """
from enum import Enum, auto
class S(Enum):
    IDLE = auto()
    RUN = auto()
    END = auto()
def f(cmds):
    st, log = S.IDLE, []
    table = {(S.IDLE, 'go'): S.RUN, (S.RUN, 'stop'): S.END}
    for c in cmds:
        st = table.get((st, c), st)
        log.append(st.name)
    return st, log, st is S.END and st.value
""",
        "['x', 'go', 'stop']",
    ),
    (
        """
def f(a):
    a = [[v for v in r] for r in a]
    n, m = len(a), len(a[0])
    for j in range(m):
        p = next((i for i in range(j, n) if a[i][j]), None)
        if p is None:
            continue
        a[j], a[p] = a[p], a[j]
        a[j] = [v / a[j][j] for v in a[j]]
        for i in range(n):
            if i != j and a[i][j]:
                a[i] = [x - a[i][j] * y for x, y in zip(a[i], a[j])]
    return a
""",
        "[[0, 2], [4, 6]]",
    ),
    (
        """
def f(xs):
    view = xs
    snapshot = xs[:]
    rows = [xs] * 2
    rows[0].append(99)
    rows[1] = rows[1] + [1]
    view.remove(snapshot[0])
    d = dict(a=xs, b=rows)
    d['a'].clear()
    d.setdefault('c', []).append(view)
    return d
""",
        "[1, 2]",
    ),
    (
        """
def f(n):
    a, b = 0, 1
    out = []
    while True:
        out.append(a)
        a, b = b, a + b
        if a > n: break
    x = y = z = out[-1]
    z -= 1; y += z
    assert x < y, 'no'
    return out, x, y, z
""",
        "20",
    ),
    (
        """
def f(words):
    trie = {}
    for w in words:
        t = trie
        for c in w:
            t = t.setdefault(c, {})
        t['$'] = True
    def count(t):
        return sum(1 if k == '$' else count(v) for k, v in t.items())
    return trie, count(trie)
""",
        "['ab', 'a', 'b']",
    ),
    (
        """
def f(s):
    out = []
    for tok in s.split():
        if tok in '+-*/':
            b, a = out.pop(), out.pop()
            table = {'+': lambda: a + b, '-': lambda: a - b, '*': lambda: a * b, '/': lambda: a / b}
            out.append(table[tok]())
        else:
            out.append(float(tok) if '.' in tok else int(tok))
    return out[-1]
""",
        "'3 4 + 2 * 7 /'",
    ),
    (
        """
def deco(fn):
    calls = 0
    def wrap(*a, **k):
        nonlocal calls
        calls += 1
        r = fn(*a, **k)
        return (r, calls)
    return wrap
@deco
def g(x):
    return x * x
def f(n):
    return [g(i) for i in range(n)]
""",
        "3",
    ),
    (
        """
def f(x):
    try:
        if x > 0:
            raise ValueError('pos', x)
        raise KeyError(x)
    except ValueError as e:
        try:
            raise RuntimeError('wrapped') from e
        except RuntimeError as r:
            return r.__cause__.args, str(r)
    except KeyError:
        return 'key'
    finally:
        x = None
""",
        "3",
    ),
    (
        """
def f(d):
    for k in list(d):
        if d[k] is None:
            d.pop(k)
            continue
        match d[k]:
            case {'t': 'n', 'v': v}:
                d[k] = v
            case [x, *_, y]:
                d[k] = x + y
            case int() | float() as n if n > 1:
                d[k] = -n
            case str(s):
                d[k] = s * 2
    return d
""",
        "{'a': None, 'b': {'t': 'n', 'v': 1}, 'c': [1, 2, 3], 'd': 5, 'e': 'x', 'f': 0}",
    ),
    (
        """
from bisect import insort, bisect_left
def f(xs):
    tails, order = [], []
    for x in xs:
        i = bisect_left(tails, x)
        tails[i:i + 1] = [x]
        insort(order, x)
    return len(tails), tails, order
""",
        "[10, 9, 2, 5, 3, 7]",
    ),
    (
        """
def f(n):
    bits = []
    while n:
        n, r = divmod(n, 2)
        bits.append(str(r))
        n ^= 0
    b = ''.join(reversed(bits)) or '0'
    return int(b, 2), b.zfill(8), ~int(b, 2) & 0xff, 1 << len(b)
""",
        "37",
    ),
    (
        """
import copy
def f(t):
    a = copy.deepcopy(t)
    b = copy.copy(t)
    a[0].append(1)
    b[0].append(2)
    b.append([3])
    return t, a, b
""",
        "[[0], []]",
    ),
    (
        """
def f(names):
    class Reg(dict):
        def __missing__(self, k):
            self[k] = v = len(self)
            return v
        def __len__(self):
            return super().__len__()
    r = Reg()
    ids = [r[n] for n in names]
    return ids, r, len(r)
""",
        "['a', 'b', 'a']",
    ),
    (
        """
def f(xs, t):
    lo, hi = 0, len(xs) - 1
    while lo <= hi:
        mid = lo + hi >> 1
        if xs[mid] == t:
            return mid
        elif xs[mid] < t:
            lo = mid + 1
        else:
            hi = mid - 1
    return ~lo
""",
        "[1, 3, 5, 7], 6",
    ),
    (
        """
class Acc:
    total = 0
    def __init__(self): self.h = []
    def __call__(self, v):
        self.h.append(v); self.total += v
        return self
    def __len__(self): return len(self.h)
    def __getitem__(self, i): return self.h[i]
    def __setitem__(self, i, v): self.h[i] = v
    def __delitem__(self, i): del self.h[i]
    def __contains__(self, v): return v in self.h
    def __iter__(self): return iter(self.h)
    def __bool__(self): return self.total > 3
def f(xs):
    a = Acc()
    for x in xs: a(x)(x)
    a[0] = 9
    del a[1]
    ok = 9 in a and bool(a)
    return list(a), len(a), a[-1], ok, Acc.total
""",
        "[1, 2]",
    ),
    (
        """
class Stack:
    def __init__(self, items=()):
        self._items = list(items)
    def push(self, x):
        self._items.append(x)
        return self
    def pop(self):
        return self._items.pop() if self._items else None
    def __repr__(self):
        return f"Stack({self._items})"
def f(xs):
    s = Stack()
    for x in xs:
        if x % 2:
            s.push(x).push(x + 1)
        elif (top := s.pop()) is not None:
            s.push(top * x)
    return repr(s), s.pop()
""",
        "[1, 2, 3, 4]",
    ),
    (
        """
def f(grid):
    R, C = len(grid), len(grid[0])
    dirs = ((0, 1), (1, 0), (0, -1), (-1, 0))
    def area(r, c):
        if not (0 <= r < R and 0 <= c < C) or grid[r][c] != 1:
            return 0
        grid[r][c] = 2
        return 1 + sum(area(r + dr, c + dc) for dr, dc in dirs)
    return max((area(r, c) for r in range(R) for c in range(C)), default=0)
""",
        "[[1, 0], [1, 1]]",
    ),
    (
        """
def f(s, t):
    dp = [[0] * (len(t) + 1) for _ in range(len(s) + 1)]
    for i in range(len(s) + 1):
        for j in range(len(t) + 1):
            if not i or not j:
                dp[i][j] = i or j
            else:
                dp[i][j] = min(dp[i - 1][j] + 1, dp[i][j - 1] + 1,
                               dp[i - 1][j - 1] + (s[i - 1] != t[j - 1]))
    return dp[-1][-1]
""",
        "'ab', 'b'",
    ),
    (
        """
def f(text):
    import json
    try:
        data = json.loads(text)
    except json.JSONDecodeError as e:
        return e.msg, e.pos
    data['n'] = sorted(data)
    return json.dumps(data, sort_keys=True)
""",
        '\'{"b": 1, "a": [1, null]}\'',
    ),
    (
        """
def f(xs):
    best = cur = float('-inf')
    for x in xs:
        cur = max(x, cur + x)
        best = max(best, cur)
    return best
""",
        "[-2, 1, -3, 4]",
    ),
    (
        """
from typing import Optional, List
class TreeNode:
    def __init__(self, val=0, left=None, right=None):
        self.val = val
        self.left = left
        self.right = right
def build(xs, i=0):
    if i >= len(xs) or xs[i] is None:
        return None
    return TreeNode(xs[i], build(xs, 2 * i + 1), build(xs, 2 * i + 2))
def f(xs):
    root = build(xs)
    out = []
    def walk(n):
        if n:
            walk(n.left)
            out.append(n.val)
            walk(n.right)
    walk(root)
    root.left, root.right = root.right, root.left
    return out, root.left.val
""",
        "[2, 1, 3]",
    ),
    (
        """
def f(n):
    def outer():
        x = n
        def inner():
            nonlocal x
            x *= 2
            return x
        return inner
    g = outer()
    h = outer()
    return [g(), g(), h()], g is h
""",
        "3",
    ),
    (
        """
fns = []
for i in range(3):
    fns.append(lambda x, i=i: x * i)
TABLE = {k: v for k, v in zip('abc', fns)}
def f(s, x):
    total = 0
    for c in s:
        total += TABLE[c](x)
    return total
""",
        "'bca', 5",
    ),
    (
        """
count = 0
cache = {}
def g(x):
    global count
    count += 1
    cache[x] = x * count
    return cache[x]
def f(xs):
    r = [g(x) for x in xs]
    return r, count, cache
""",
        "[3, 1, 3]",
    ),
    (
        """
def f(xs):
    a, *b = xs
    while b:
        c, *b = b
        a = a * 10 + c if c < 10 else a - c
    return a
""",
        "[1, 2, 30, 4]",
    ),
    (
        """
def f(s):
    out = ''
    i = 0
    while i < len(s):
        j = i
        while j < len(s) and s[j] == s[i]:
            j += 1
        out += f"{s[i]}{j - i if j - i > 1 else ''}"
        i = j
    return out
""",
        "'aaabcc'",
    ),
    (
        """
def f(m):
    res = []
    while m:
        res += m.pop(0)
        m = list(zip(*m))[::-1]
    return res
""",
        "[[1, 2], [3, 4]]",
    ),
    (
        """
from fractions import Fraction
from decimal import Decimal
def f(a, b):
    x = Fraction(a, b)
    y = x + Fraction(1, 3)
    d = Decimal(a) / Decimal(4)
    return y.numerator, str(d), x < y, complex(a, b) * 1j
""",
        "1, 2",
    ),
    (
        """
def f(d, k):
    try:
        v = d[k]
        v += 1
    except KeyError as err:
        missing = err.args[0]
        d[missing] = v = 0
    except TypeError:
        v = None
        raise
    else:
        d[k] = v
    return d, v
""",
        "{'a': 1}, 'b'",
    ),
    (
        """
def f(d, k):
    try:
        v = d[k]
        v += 1
    except KeyError as err:
        d[k] = v = 0
    except TypeError:
        v = None
        raise
    else:
        d[k] = v
    return d, v
""",
        "{'a': 'x'}, 'a'",
    ),
    (
        """
from collections import namedtuple
P = namedtuple('P', 'x y')
def f(pts):
    ps = sorted((P(*p) for p in pts), key=lambda p: (p.y, -p.x))
    a, b = ps[0], ps[-1]
    c = a._replace(x=b.x)
    return c, abs(a.x - b.x) + abs(a.y - b.y), ps
""",
        "[(1, 5), (2, 3), (4, 3)]",
    ),
    (
        """
class Matrix:
    def __init__(self, rows):
        self.rows = rows
    def __matmul__(self, o):
        return Matrix([[sum(a * b for a, b in zip(r, c)) for c in zip(*o.rows)] for r in self.rows])
    def __getitem__(self, ij):
        i, j = ij
        return self.rows[i][j]
    def __setitem__(self, ij, v):
        i, j = ij
        self.rows[i][j] = v
def f(n):
    base, res = Matrix([[1, 1], [1, 0]]), Matrix([[1, 0], [0, 1]])
    while n:
        if n & 1:
            res = res @ base
        base = base @ base
        n >>= 1
    res[0, 0] += 5
    return res[0, 1], res.rows
""",
        "3",
    ),
    (
        """
def f(words):
    g = {}
    for w in words:
        g.setdefault(''.join(sorted(w)), []).append(w)
    for k in g:
        g[k].sort()
    return sorted(g.values(), key=len, reverse=True)
""",
        "['eat', 'tea', 'tan']",
    ),
    (
        """
def f(n):
    seq = [n]
    while seq[-1] != 1:
        seq.append(seq[-1] // 2 if seq[-1] % 2 == 0 else 3 * seq[-1] + 1)
        if len(seq) > 6:
            seq[:] = seq[-3:]
    return seq
""",
        "6",
    ),
    (
        """
def f(ops):
    regs = dict.fromkeys('abc', 0)
    pc = 0
    while 0 <= pc < len(ops):
        op, *args = ops[pc].split()
        if op == 'inc':
            regs[args[0]] += 1
        elif op == 'jnz':
            if regs[args[0]]:
                pc += int(args[1]) - 1
        elif op == 'dec':
            regs[args[0]] -= 1
        pc += 1
    return regs
""",
        "['inc a', 'inc a', 'inc b', 'dec a', 'jnz a -2']",
    ),
    (
        """
def f(xs):
    res = []
    for i, x in enumerate(xs):
        for j in range(i):
            if xs[j] == x: break
        else:
            res.append(x)
    return tuple(res)
""",
        "[1, 2, 1]",
    ),
    (
        """
def primes():
    n, found = 2, []
    while True:
        if all(n % p for p in found):
            found.append(n)
            yield n
        n += 1
def f(k):
    out = []
    for p in primes():
        if p > k:
            break
        out.append(p)
    return out
""",
        "7",
    ),
    (
        """
class Base:
    registry = []
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        Base.registry.append(cls.__name__)
class A(Base):
    def go(self): return 'A'
class B(A):
    def go(self): return super().go() + 'B'
def f(n):
    objs = [A(), B()] * n
    return [o.go() for o in objs], Base.registry, isinstance(objs[-1], A)
""",
        "1",
    ),
    (
        """
def f(s):
    d = {}
    for i, ch in enumerate(s):
        d[ch] = d.get(ch, []) + [i]
    rev = {tuple(v): k for k, v in d.items() if len(v) > 1}
    (key, val), *_ = rev.items()
    return key, val, {**d, 'z': None}, [*d]
""",
        "'abab'",
    ),
    (
        """
def f(x, /, y=2, *, z=3):
    w = x if y > z else y if z > x else z
    x, y = (y, x) if w else (x, y)
    return x ** -y, x / y, x // -y, -x % y, w
""",
        "4",
    ),
    (
        """
def f(xs):
    s = set(xs)
    t = s
    s |= {9}
    t -= {1}
    u = s - {2}
    u ^= s
    fs = frozenset(u)
    return s is t, sorted(s), fs, s.issuperset(fs)
""",
        "[1, 2, 3]",
    ),
    (
        """
def f(s):
    bal = 0
    keep = bytearray(s, 'ascii')
    i = 0
    while i < len(keep):
        c = chr(keep[i])
        bal += (c == '(') - (c == ')')
        if bal < 0:
            del keep[i]
            bal = 0
        else:
            i += 1
    return keep.decode(), bal
""",
        "'())('",
    ),
    (
        """
def f(n, acc=None):
    acc = [] if acc is None else acc
    if n == 0:
        return acc
    acc.append(n)
    return f(n - 1, acc) or acc
""",
        "3",
    ),
    (
        """
def f(xs):
    lo = hi = xs[0]
    for x in xs[1:]:
        lo, hi = (x, hi) if x < lo else (lo, x) if x > hi else (lo, hi)
    return hi - lo
""",
        "[3, 1, 5]",
    ),
    (
        """
def f(a):
    b = a
    b += b
    a = a * 1
    b[0] = a
    a = a, b
    return len(a), a[0] is b[0]
""",
        "[1, 2]",
    ),
    (
        """
def apply(fn, *args, **kw):
    return fn(*args, **kw)
def f(n):
    add = lambda a, b=1: a + b
    sq = lambda a: add(a, b=a)
    return apply(add, n), apply(sq, n), apply(sorted, [n, 1], reverse=True), apply(lambda: n)
""",
        "4",
    ),
    (
        """
def f(rows):
    head, *body = [r.split(',') for r in rows]
    recs = [dict(zip(head, r)) for r in body]
    tot = {}
    for r in recs:
        k = r.pop('k')
        tot[k] = tot.setdefault(k, 0) + int(r['v'])
    best, n = max(tot.items(), key=lambda t: t[1])
    return recs, best, n
""",
        "['k,v', 'a,1', 'b,5', 'a,3']",
    ),
    (
        """
class Cell:
    def __init__(self): self.v = 0; self.n = []
    def link(self, o): self.n.append(o); o.n.append(self)
def f(k):
    cs = [Cell() for _ in range(k)]
    for a, b in zip(cs, cs[1:]):
        a.link(b)
    cs[0].v = 1
    for c in cs:
        for o in c.n:
            if not o.v:
                o.v = c.v + 1
    return [c.v for c in cs]
""",
        "3",
    ),
    (
        """
class Counter:
    def __enter__(self):
        self.n = getattr(self, 'n', 0) + 1
        return self
    def __exit__(self, t, v, tb):
        self.n *= 10
        return t is ZeroDivisionError
def f(x):
    c = Counter()
    out = []
    for i in range(2):
        with c as me:
            out.append(me.n)
            x // i
            out.append('ok')
    return out, c.n
""",
        "3",
    ),
    (
        """
def f(x):
    for i in range(3):
        try:
            if i == 1:
                continue
            if i == 2:
                break
            x += 1
        finally:
            x *= 2
    else:
        x = -x
    return x
""",
        "3",
    ),
    (
        """
def f(s):
    n = sum(map(int, filter(str.isdigit, s)))
    return n, [*map(lambda a, b: a + b, s, s[1:])], any(c > 'x' for c in s)
""",
        "'a1b2'",
    ),
    (
        """
def f(m):
    m[0][0], m[1] = m[1], [m[0][0]]
    i = 0
    i, m[0][i] = 1, 'x'
    return m, i
""",
        "[[1, 2], [3]]",
    ),
    (
        """
import operator, functools
def f(xs):
    prod = functools.reduce(operator.mul, xs, 1)
    half = functools.partial(operator.floordiv, prod)
    g = operator.itemgetter(0, -1)
    return prod, half(2), g(xs), functools.reduce(lambda a, b: a + [b] if b not in a else a, xs, [])
""",
        "[2, 3, 2]",
    ),
    (
        """
def f(n):
    total = 0
    i = n
    while i:
        i -= 1
        if i == 3: continue
        total += i
        if total > 20: break
    else:
        total += 1000
    del i
    return total
""",
        "5",
    ),
    (
        """
class Countdown:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n + 1
def f(n):
    c = Countdown(n)
    out = []
    for x in c:
        if x == 2:
            break
        out.append(x)
    rest = list(c)
    a, *b = Countdown(2)
    return out, rest, c.n, a, b, 3 in Countdown(5)
""",
        "4",
    ),
    (
        """
class Temp:
    def __init__(self, c):
        self._c = c
        self.log = []
    @property
    def f(self):
        self.log.append('get')
        return self._c * 9 / 5 + 32
    @f.setter
    def f(self, v):
        self.log.append('set')
        self._c = (v - 32) * 5 / 9
def f(c):
    t = Temp(c)
    x = t.f
    t.f = x + 18
    t.f += 9
    return t._c, t.log, round(t.f)
""",
        "10",
    ),
    (
        """
class Lazy:
    def __getattr__(self, name):
        if name.startswith('x'):
            v = len(name)
            setattr(self, name, v)
            return v
        raise AttributeError(name)
def f(n):
    o = Lazy()
    a = o.xyz
    b = getattr(o, 'nope', n)
    o.n = a + b
    del o.xyz
    return a, b, sorted(vars(o)), hasattr(o, 'q')
""",
        "4",
    ),
    (
        """
class Money:
    def __init__(self, v): self.v = v
    def __radd__(self, o): return Money(self.v + (o if isinstance(o, int) else o.v))
    __add__ = __radd__
    def __lt__(self, o): return self.v < o.v
    def __neg__(self): return Money(-self.v)
    def __abs__(self): return Money(abs(self.v))
    def __hash__(self): return hash(self.v)
    def __eq__(self, o): return isinstance(o, Money) and self.v == o.v
def f(xs):
    ms = [Money(x) for x in xs]
    total = sum(ms)
    low = min(ms)
    seen = {m: i for i, m in enumerate(ms)}
    return total.v, low.v, abs(-low).v, len(seen), Money(3) in seen
""",
        "[3, -2, 3]",
    ),
    (
        """
def f(n):
    fs = [lambda: i for i in range(n)]
    gs = [(lambda j: lambda: j)(i) for i in range(n)]
    i = 10
    return [g() for g in fs], [g() for g in gs], i
""",
        "3",
    ),
    (
        """
def f(xs):
    if (n := len(xs)) > 2 and (m := max(xs)) < 10:
        ys = [y for x in xs if (y := x * m) > n]
    else:
        ys = [n]
    z = [last := v for v in ys][-1:]
    return ys, n, z, last
""",
        "[1, 2, 3]",
    ),
    (
        """
def f(xs, k):
    xs[k:], xs[:k] = xs[:k], xs[k:]
    del xs[1::2]
    xs[len(xs):] = [k] * 2
    xs[1:1] = xs[::-1]
    xs *= 2
    return xs
""",
        "[1, 2, 3, 4, 5], 2",
    ),
    (
        """
def f(a, b, c):
    if a < b < c:
        r = 'inc'
    elif a > b > c:
        r = 'dec'
    elif a == b != c or not a <= c < 10:
        r = 'odd'
    else:
        r = None
    return r, (a < b) + (b < c), 0 < (d := c - a) <= 5 and d
""",
        "3, 3, 4",
    ),
    (
        """
from contextlib import suppress
def f(xs):
    out = []
    for x in xs:
        with suppress(ZeroDivisionError, TypeError):
            out.append(6 // x)
            continue
        out.append(None)
    return out
""",
        "[2, 0, 'a']",
    ),
    (
        """
def f(s):
    def parse(i):
        items = []
        while i < len(s):
            c = s[i]
            if c == '[':
                sub, i = parse(i + 1)
                items.append(sub)
            elif c == ']':
                return items, i + 1
            else:
                items.append(c)
                i += 1
        return items, i
    return parse(0)[0]
""",
        "'a[b[c]]d'",
    ),
    (
        """
from itertools import permutations, product, combinations, islice, count, takewhile
def f(s, n):
    perms = sorted({''.join(p) for p in permutations(s)})
    pairs = [a + b for a, b in product(s, repeat=2) if a != b]
    evens = list(islice(count(0, 2), n))
    small = list(takewhile(lambda v: v < 3, evens))
    return perms, pairs[:3], list(combinations(s, 2)), small
""",
        "'aab', 3",
    ),
    (
        """
def f(tree):
    match tree:
        case None:
            return 0
        case (l, v, r):
            return f(l) + v + f(r)
        case {'v': v, **rest}:
            return v + len(rest)
        case [*items] if items:
            return sum(f(x) for x in items)
        case int(n) | str(n):
            return int(n)
    return -1
""",
        "((None, 1, None), 2, ({'v': 5, 'w': 6}))",
    ),
    (
        """
from dataclasses import dataclass
@dataclass
class Point:
    x: int
    y: int = 0
    def moved(self, dx):
        return Point(self.x + dx, self.y)
def f(pts):
    out = []
    for p in map(lambda t: Point(*t), pts):
        match p:
            case Point(0, y):
                out.append(('axis', y))
            case Point(x=x, y=0):
                out.append(('flat', x))
            case Point() as q:
                q.y -= 1
                out.append(q.moved(1))
    return out
""",
        "[(0, 5), (3,), (2, 2)]",
    ),
    (
        """
import functools
def twice(times=2):
    def deco(fn):
        @functools.wraps(fn)
        def inner(*a):
            r = a
            for _ in range(times):
                r = (fn(*r),)
            return r[0]
        return inner
    return deco
@twice(3)
def inc(x):
    '''Add.'''
    return x + 1
def f(n):
    return inc(n), inc.__name__, inc.__doc__
""",
        "1",
    ),
    (
        """
def f(xs):
    out = []
    def visit(node, depth=0):
        if isinstance(node, list):
            for child in node:
                visit(child, depth + 1)
        else:
            out.append((depth, node))
    visit(xs)
    total = 0
    for depth, node in out:
        total += depth * node
    return total, out
""",
        "[1, [2, [3]]]",
    ),
    (
        """
def f(a, b):
    res, carry = [], 0
    a, b = a[::-1], b[::-1]
    for i in range(max(len(a), len(b))):
        x = int(a[i]) if i < len(a) else 0
        y = int(b[i]) if i < len(b) else 0
        carry, d = divmod(x + y + carry, 10)
        res.append(str(d))
    if carry:
        res.append(str(carry))
    return ''.join(reversed(res))
""",
        "'99', '7'",
    ),
    (
        """
def f(n):
    board, sols = [-1] * n, 0
    def ok(r, c):
        return not any(board[i] == c or abs(board[i] - c) == r - i for i in range(r))
    def place(r):
        nonlocal sols
        if r == n:
            sols += 1
            return
        for c in range(n):
            if ok(r, c):
                board[r] = c
                place(r + 1)
                board[r] = -1
    place(0)
    return sols
""",
        "4",
    ),
    (
        """
def f(log):
    state = {'open': 0, 'max': 0}
    hist = []
    for t, ev in sorted(log, key=lambda e: (e[0], e[1] != 'close')):
        state['open'] += 1 if ev == 'open' else -1
        state['max'] = max(state.values())
        hist.append(dict(state))
    return hist[-1], len(hist)
""",
        "[(2, 'open'), (1, 'open'), (2, 'close')]",
    ),
    (
        """
def f(xs):
    try:
        it = iter(xs)
        while True:
            a = next(it)
            try:
                b = next(it)
            except StopIteration:
                return 'odd', a
            if a > b:
                raise ValueError(f'{a} > {b}')
    except StopIteration:
        return 'even', None
    except ValueError as e:
        msg = str(e)
        return 'bad', msg
""",
        "[1, 2, 4, 3]",
    ),
    (
        """
def f(m):
    n = len(m)
    for i in range(n):
        for j in range(i + 1, n):
            m[i][j], m[j][i] = m[j][i], m[i][j]
    for row in m:
        row.reverse()
    a = m[0]
    a[0] = -a[0]
    return m, a is m[0]
""",
        "[[1, 2], [3, 4]]",
    ),
    (
        """
import string
def f(s):
    t = s.translate(str.maketrans('abc', 'xyz', '!'))
    parts = t.partition('-')
    u = parts[0].center(7, '*') + parts[2].title()
    return u.swapcase(), u.rfind('*'), t.count('x'), u.encode()[:2], s.isidentifier()
""",
        "'abc!-de f'",
    ),
    (
        """
def f(n):
    x = 0b1011
    x |= n << 2
    x &= ~1
    x ^= 0xF
    y = x >> 1 if x > n else -x
    y **= 2
    y %= 100
    z = y / 4
    z //= 2
    return x, y, z, bin(x).count('1'), f'{x:08b}', hex(255)[2:].upper()
""",
        "5",
    ),
    (
        """
def f(d):
    for k, v in d.items():
        if isinstance(v, list):
            v.append(k)
    keys = d.keys()
    d['new'] = len(keys)
    vals = [v for v in d.values() if v]
    d.update({k: str(k) for k in list(d)[:1]})
    item = d.popitem()
    return list(keys), vals, item, d
""",
        "{'a': [], 'b': 0}",
    ),
    (
        """
class Graph:
    def __init__(self):
        self.adj = {}
    def add(self, u, v):
        self.adj.setdefault(u, []).append(v)
        self.adj.setdefault(v, [])
    def topo(self):
        deg = {u: 0 for u in self.adj}
        for u in self.adj:
            for v in self.adj[u]:
                deg[v] += 1
        ready = [u for u, k in deg.items() if k == 0]
        order = []
        while ready:
            u = ready.pop()
            order.append(u)
            for v in self.adj[u]:
                deg[v] -= 1
                if not deg[v]:
                    ready.append(v)
        return order if len(order) == len(self.adj) else None
def f(es):
    g = Graph()
    for e in es:
        g.add(*e)
    return g.topo()
""",
        "[('a', 'b'), ('a', 'c'), ('b', 'c')]",
    ),
    (
        """
def squares(n):
    for i in range(n):
        yield i * i
def evens(it):
    for x in it:
        if x % 2 == 0:
            yield x
def f(n):
    total = 0
    for v in evens(squares(n)):
        total += v
    return total, sum(evens(squares(3)))
""",
        "4",
    ),
    (
        """
def acc():
    s = 0
    try:
        while True:
            x = yield s
            s += x
    except GeneratorExit:
        log.append(s)
    finally:
        log.append('end')
log = []
def f(xs):
    g = acc()
    next(g)
    r = [g.send(x) for x in xs]
    g.close()
    return r, log
""",
        "[1, 2]",
    ),
    (
        """
def f(x):
    r = []
    for i in range(x):
        if i % 2 == 0:
            pass
        elif i == 3:
            r.append('three'); continue
        r.append(i); r[0] = r[-1]
    return r
""",
        "5",
    ),
    (
        """
class Tree:
    def __init__(self, v):
        self.v, self.kids = v, []
    def add(self, *vs):
        for v in vs:
            self.kids.append(v if isinstance(v, Tree) else Tree(v))
        return self
    def __iter__(self):
        yield self.v
        for k in self.kids:
            yield from k
    def depth(self):
        return 1 + max((k.depth() for k in self.kids), default=0)
def f(n):
    t = Tree(n).add(n + 1, Tree(n + 2).add(9))
    return list(t), t.depth()
""",
        "1",
    ),
    (
        """
def f(xs):
    cache = {}
    def solve(i, left):
        key = i, left
        if key not in cache:
            if i == len(xs):
                cache[key] = 0
            else:
                w, v = xs[i]
                best = solve(i + 1, left)
                if w <= left:
                    best = max(best, v + solve(i + 1, left - w))
                cache[key] = best
        return cache[key]
    return solve(0, 3)
""",
        "[(1, 2), (2, 5)]",
    ),
    (
        """
def f(s):
    vowels = set('aeiou')
    i, j = 0, len(s) - 1
    cs = list(s)
    while i < j:
        while i < j and cs[i] not in vowels: i += 1
        while i < j and cs[j] not in vowels: j -= 1
        cs[i], cs[j] = cs[j], cs[i]
        i, j = i + 1, j - 1
    return ''.join(cs)
""",
        "'hello'",
    ),
    (
        """
def bump(d, k, by=1, seen=[]):
    d[k] = d.get(k, 0) + by
    seen.append(k)
    return len(seen)
def f(ks):
    d = {}
    n = 0
    for k in ks:
        n = bump(d, k, by=n or 1)
    return d, n, bump.__defaults__
""",
        "['a', 'b', 'a']",
    ),
    (
        """
def f(items):
    total = 0
    for name, (price, qty), *tags in items:
        cost = price * qty
        if 'sale' in tags:
            cost -= cost // 10
        total += cost
    else:
        name = None
    return total, name, tags
""",
        "[('a', (10, 3), 'sale', 'x'), ('b', (5, 1))]",
    ),
    (
        """
class Node:
    def __init__(self, key):
        self.key = key
        self.left = self.right = None
class BST:
    root = None
    def insert(self, key):
        if self.root is None:
            self.root = Node(key)
            return
        cur = self.root
        while True:
            side = 'left' if key < cur.key else 'right'
            nxt = getattr(cur, side)
            if nxt is None:
                setattr(cur, side, Node(key))
                break
            cur = nxt
    def inorder(self):
        st, cur, out = [], self.root, []
        while st or cur:
            while cur:
                st.append(cur)
                cur = cur.left
            cur = st.pop()
            out.append(cur.key)
            cur = cur.right
        return out
def f(xs):
    t = BST()
    for x in xs:
        t.insert(x)
    return t.inorder(), BST.root
""",
        "[2, 1, 3]",
    ),
    (
        """
def f(n):
    global total
    total = 0
    def add(k):
        global total
        total += k
        return total
    xs = [add(i) for i in range(n)]
    return xs, total
""",
        "3",
    ),
    (
        r"""
def f(s, pats):
    import re
    out = {}
    for name, pat in pats.items():
        if m := re.search(pat, s):
            out[name] = m.groups() or m.group()
        else:
            out[name] = None
    toks = [m[0] for m in re.finditer(r'\d+', s)]
    return out, toks, re.split('[, ]+', s)
""",
        "'ab 12, c3', {'n': '[0-9]+', 'w': '([a-z])([a-z])', 'q': 'q'}",
    ),
    (
        """
def f(x):
    a = [x]
    b = (a, a)
    c = {'k': b}
    a.append(c['k'][0] is a)
    c['k'][1].append(2)
    d = [*b, a[:]]
    d[0].pop()
    return a, b, d, c
""",
        "1",
    ),
    (
        """
from collections import ChainMap, deque
def f(xs):
    q = deque(xs, maxlen=3)
    q.append(9)
    q.rotate(1)
    q.appendleft(q[-1])
    cm = ChainMap({'a': 1}, {'b': 2})
    cm['b'] = 5
    return list(q), cm['b'], dict(cm.maps[1]), q
""",
        "[1, 2, 3]",
    ),
    (
        """
def f(n):
    try:
        assert n > 5, f'{n} is small'
    except AssertionError as e:
        try:
            raise KeyError('k') from None
        except KeyError:
            n = -n
        else:
            n = 100
        finally:
            n -= 1
        return n, str(e)
""",
        "3",
    ),
    (
        """
def hanoi(n, a, b, c, moves):
    if not n:
        return 0
    k = hanoi(n - 1, a, c, b, moves)
    moves.append((a, c))
    return k + 1 + hanoi(n - 1, b, a, c, moves)
def f(n):
    moves = []
    k = hanoi(n, *'ABC', moves)
    return k, moves
""",
        "2",
    ),
    (
        """
def f(xs, ys):
    i = j = 0
    out = []
    while True:
        if i == len(xs):
            out.extend(ys[j:]); break
        if j == len(ys):
            out += xs[i:]; break
        if xs[i] <= ys[j]:
            out.append(xs[i]); i += 1
        else:
            out.append(ys[j]); j += 1
    return out
""",
        "[1, 4], [2, 3, 9]",
    ),
    (
        """
class Solution:
    def twoSum(self, nums: List[int], target: int) -> List[int]:
        seen = {}
        for i, n in enumerate(nums):
            if target - n in seen:
                return [seen[target - n], i]
            seen[n] = i
""",
        "[2, 7, 11, 15], 9",
    ),
    (
        """
# Definition for singly-linked list.
# class ListNode:
#     def __init__(self, val=0, next=None):
#         self.val = val
#         self.next = next
class Solution:
    def mergeTwoLists(self, list1: Optional[ListNode], list2: ListNode) -> Optional[ListNode]:
        dummy = tail = ListNode()
        while list1 and list2:
            if list1.val <= list2.val:
                tail.next, list1 = list1, list1.next
            else:
                tail.next, list2 = list2, list2.next
            tail = tail.next
        tail.next = list1 or list2
        return dummy.next
""",
        "[1, 2, 4], [1, 3]",
    ),
    (
        """
class Solution:
    def levelOrder(self, root: Optional[TreeNode]) -> List[List[int]]:
        if not root: return []
        q, ans = deque([root]), []
        while q:
            level = []
            for _ in range(len(q)):
                node = q.popleft()
                level.append(node.val)
                if node.left: q.append(node.left)
                if node.right: q.append(node.right)
            ans.append(level)
        return ans
""",
        "[3, 9, 20, null, null, 15, 7]",
    ),
    (
        """
class Solution:
    def invertTree(self, root: TreeNode) -> TreeNode:
        if root is None:
            return None
        root.left, root.right = self.invertTree(root.right), self.invertTree(root.left)
        return root
""",
        "[4, 2, 7, 1, 3]",
    ),
    (
        """
class Solution:
    def lengthOfLongestSubstring(self, s: str) -> int:
        last = defaultdict(lambda: -1)
        start = best = 0
        for i, c in enumerate(s):
            start = max(start, last[c] + 1)
            last[c] = i
            best = max(best, i - start + 1)
        return best
""",
        "'abcabcbb'",
    ),
    (
        """
class Solution:
    def coinChange(self, coins: List[int], amount: int) -> int:
        @cache
        def dfs(rem):
            if rem == 0: return 0
            if rem < 0: return inf
            return min(dfs(rem - c) + 1 for c in coins)
        ans = dfs(amount)
        return ans if ans < inf else -1
""",
        "[1, 2, 5], 6",
    ),
    (
        """
class Solution:
    def rotate(self, nums: List[int], k: int) -> None:
        '''
        Do not return anything, modify nums in-place instead.
        '''
        k %= len(nums)
        nums[:] = nums[-k:] + nums[:-k]
""",
        "[1, 2, 3, 4], 3",
    ),
    (
        """
class Solution:
    def findKthLargest(self, nums: List[int], k: int) -> int:
        heap = nums[:k]
        heapify(heap)
        for n in nums[k:]:
            if n > heap[0]:
                heappushpop(heap, n)
        return heap[0]
""",
        "[3, 2, 1, 5, 6, 4], 2",
    ),
    (
        """
class Solution:
    def isValidBST(self, root: Optional[TreeNode]) -> bool:
        self.prev = -math.inf
        def go(n):
            if not n:
                return True
            if not go(n.left) or n.val <= self.prev:
                return False
            self.prev = n.val
            return go(n.right)
        return go(root)
""",
        "[2, 1, 3]",
    ),
    (
        """
class Solution:
    def reverseList(self, head: Optional[ListNode]) -> Optional[ListNode]:
        if not head or not head.next:
            return head
        new = self.reverseList(head.next)
        head.next.next = head
        head.next = None
        return new
""",
        "[1, 2, 3]",
    ),
    (
        """
class Solution:
    def hasCycle(self, head: Optional[ListNode]) -> bool:
        slow = fast = head
        while fast and fast.next:
            slow, fast = slow.next, fast.next.next
            if slow is fast:
                return True
        return False
""",
        "[3, 2, 0, -4], pos=1",
    ),
    (
        """
class Solution:
    def lowestCommonAncestor(self, root: 'TreeNode', p: 'TreeNode', q: 'TreeNode') -> 'TreeNode':
        while root:
            if p.val < root.val > q.val:
                root = root.left
            elif p.val > root.val < q.val:
                root = root.right
            else:
                return root
""",
        "[6, 2, 8, 0, 4, 7, 9], 2, 4",
    ),
    (
        """
class Solution:
    def wordBreak(self, s: str, wordDict: List[str]) -> bool:
        words, n = set(wordDict), len(s)
        dp = [True] + [False] * n
        for i in range(1, n + 1):
            dp[i] = any(dp[j] and s[j:i] in words for j in range(i))
        return dp[-1]
""",
        "'catsan', ['cat', 'san', 'cats']",
    ),
    (
        """
class Solution:
    def solve(self, board: List[List[str]]) -> None:
        R, C = len(board), len(board[0])
        def mark(r, c):
            if 0 <= r < R and 0 <= c < C and board[r][c] == 'O':
                board[r][c] = 'S'
                mark(r + 1, c); mark(r - 1, c); mark(r, c + 1); mark(r, c - 1)
        for r in range(R):
            mark(r, 0); mark(r, C - 1)
        for r in range(R):
            for c in range(C):
                board[r][c] = {'S': 'O', 'O': 'X'}.get(board[r][c], board[r][c])
""",
        '[["X", "O"], ["X", "X"]]',
    ),
    (
        """
class Solution:
    def mergeKLists(self, lists: List[Optional[ListNode]]) -> Optional[ListNode]:
        heap = []
        for i, l in enumerate(lists):
            if l:
                heapq.heappush(heap, (l.val, i, l))
        head = cur = ListNode(0)
        while heap:
            v, i, node = heapq.heappop(heap)
            cur.next = node
            cur = cur.next
            if node.next:
                heapq.heappush(heap, (node.next.val, i, node.next))
        return head.next
""",
        "[[1, 4], [2]]",
    ),
    (
        """
class Solution:
    best = -10 ** 9
    def maxPathSum(self, root):
        '''
        :type root: TreeNode
        :rtype: int
        '''
        def gain(n):
            if not n: return 0
            l, r = max(gain(n.left), 0), max(gain(n.right), 0)
            self.best = max(self.best, n.val + l + r)
            return n.val + max(l, r)
        gain(root)
        return self.best
""",
        "[1, 2, 3]",
    ),
    (
        """
class Solution:
    def flatten(self, root: Optional[TreeNode]) -> None:
        cur = root
        while cur:
            if cur.left:
                p = cur.left
                while p.right:
                    p = p.right
                p.right, cur.right, cur.left = cur.right, cur.left, None
            cur = cur.right
""",
        "[1, 2, 5, 3]",
    ),
    (
        """
class Solution:
    def topKFrequent(self, nums: List[int], k: int) -> List[int]:
        count = Counter(nums)
        buckets = [[] for _ in range(len(nums) + 1)]
        for n, c in count.items():
            buckets[c].append(n)
        res = []
        for b in reversed(buckets):
            for n in b:
                res.append(n)
                if len(res) == k:
                    return res
""",
        "[1, 1, 2, 3, 3, 3], 2",
    ),
    (
        """
class Solution:
    def longestPalindrome(self, s: str) -> str:
        def grow(l, r):
            while l >= 0 and r < len(s) and s[l] == s[r]:
                l -= 1
                r += 1
            return s[l + 1:r]
        return max((grow(i, i + d) for i in range(len(s)) for d in (0, 1)), key=len, default='')
""",
        "'abad'",
    ),
    (
        """
class Solution(object):
    def deleteDuplicates(self, head):
        '''
        :type head: Optional[ListNode]
        :rtype: Optional[ListNode]
        '''
        cur = head
        while cur and cur.next:
            if cur.val == cur.next.val:
                cur.next = cur.next.next
            else:
                cur = cur.next
        return head
""",
        "[1, 1, 2, 3, 3]",
    ),
    (
        """
def g(xs):
    return xs[0]
def f(xs):
    try:
        a = g(xs)
    finally:
        b = 1
        try:
            c = g(xs)
        except IndexError:
            c = 2
        return c
""",
        "[]",
    ),
    (
        """
def g(xs):
    try:
        return xs[0]
    except IndexError:
        return xs
    finally:
        xs.append(1)
def f(xs):
    a = g(xs)
    return a
""",
        "[]",
    ),
    (
        """
def f(xs):
    try:
        return xs
    finally:
        xs.append(1)
""",
        "[]",
    ),
    (
        """
def g(xs):
    for x in xs:
        try:
            return xs
        finally:
            xs = [x]
            xs.append(2)
def f(xs):
    return g(xs)
""",
        "[5]",
    ),
    (
        """
def g(n):
    yield n
    n += 1
    yield n
    n += 2
def h(it):
    a = 0
    for v in it:
        a += v
    return a
def f(n):
    it = g(n)
    x = next(it)
    y = h(it)
    z = x + y
    return z
""",
        "3",
    ),
    (
        """
def g(n):
    for i in range(n):
        yield i
def f(n):
    out = []
    for a, b in zip(g(n), g(n + 1)):
        out.append(a + b)
    return out
""",
        "2",
    ),
    (
        """
from contextlib import contextmanager, ExitStack
@contextmanager
def g(xs, n):
    xs.append(n)
    yield xs
    xs.append(-n)
def f(n):
    xs = []
    with ExitStack() as st:
        for i in range(n):
            st.enter_context(g(xs, i))
        n = len(xs)
    m = n
    return xs, m
""",
        "2",
    ),
]
