"""What is good, before it is spoilt."""

SOURCES = [
    """\
def f(n):
    total = 0
    while n > 0:
        total += n
        n -= 1
    return total
""",
    """\
def f(n):
    # Look
    out = [x * 2 for x in range(n) if x % 2]
    d = {'a': out}
    for k, v in d.items():
        out.append(len(v))
    return f'{out!r}', d
""",
    """\
class Box:
    def f(self, n):
        try:
            return 10 // n
        except ZeroDivisionError as e:
            return str(e)
        finally:
            self.n = n
""",
    """\
def f(n):
    def g(n):
        return n if n < 2 else g(n - 1) + g(n - 2)

    return g(n)
""",
    """\
def f(n):
    match n:
        case [a, *rest]:
            return rest
        case int() if n > 2:
            return (y := n) + y
        case _:
            return None
""",
    """\
def f(n):
    def inner(m=n, *a, **k):
        nonlocal n
        n += m
        yield n

    return list(inner())
""",
]
INPUTS = [
    "3",
    "[0, 16]",
    "n=2",
    "'''a\nb''', -0.0",
    "{1: [2, (3,)]}, {4}, b'\\xff'",
    "None, True, 1+2j",
    '"\\ud800"',
]
TASKS = {
    "add_up": '''\
def add_up(nums: list[int]) -> int:
    """What is the sum of {nums}?"""
    total = 0
    for num in nums:
        total += num
    return total
''',
    "flip": '''\
def flip(n: int) -> int:
    """Which number comes after {n}?"""
    return n + 1
''',
}
