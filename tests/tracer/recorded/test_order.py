"""Each expression is evaluated once, in order, and only what ran is reported."""

import textwrap

import pytest

from .forms import split, with_parts
from .semantics import evaluated, record, same, same_failing, step

# Operands and order


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("x + (x := 5) + x", 11),
        ("(x := 5) + x", 10),
        ("[x, (x := 5), x]", [1, 5, 5]),
        ("(x, change(), x)", (1, 7, 7)),
        ("x * 10 + change() + x", 24),
        ("x + (lambda: change())() * x", 50),
        ("x < (x := 3) < (x := 2) or x", 2),
        ("f'{x}{change()}{x}'", "177"),
        ("{x: change(), x: 2}", {1: 7, 7: 2}),
        ("max(x, change(), key=lambda v: v + x)", 7),
    ],
)
def test_operand_changed_later_in_the_same_expression(expression: str, result: object) -> None:
    source = f"""
        def rule():
            x = 1
            def change():
                nonlocal x
                x = 7
                return x
            y = {expression}
            return y
    """
    steps = record(source)
    assert step(steps, "return y").before == {"y": repr(result)}
    assert evaluated(steps).get(expression, repr(result)) == repr(result)


def test_mutable_operand_changed_later_is_shown_as_it_was() -> None:
    source = "def rule():\n    a = [1]\n    b = a + [a.append(2)] + a\n    return b"
    steps = record(source)
    assert step(steps, "b = a + [a.append(2)] + a").before["a"] == "[1]"
    assert evaluated(steps).get("a + [a.append(2)]", "[1, 2, None]") == "[1, 2, None]"


@pytest.mark.parametrize("operator", ["+", "-", "*", "//", "%", "**", "|", "&", "^", "<<", ">>"])
def test_order_of_augmented_assignment_to_an_item(operator: str) -> None:
    source = f"""
        class Box:
            def __getitem__(self, key): return log(5)
            def __setitem__(self, key, value): log((key, value))
        class Holder:
            @property
            def box(self): return log(Box())
        def f(): return log('key')
        def g(): return log(2)
        log(Holder()).box[f()] {operator}= g()
    """
    log = same_failing(source).log
    assert [note for note in log if note in ("'key'", "5", "2")] == ["'key'", "5", "2"]


def test_order_of_augmented_assignment_to_an_attribute() -> None:
    source = """
        class Box:
            def __getattribute__(self, name): return log(5)
            def __setattr__(self, name, value): log((name, value))
        log(Box()).held += log(2)
    """
    assert same_failing(source).log[1:] == ["5", "2", "tuple('held', 7)"]


def test_augmented_assignment_calls_the_in_place_method_once() -> None:
    source = """
        class Sum:
            def __iadd__(self, other): log('iadd'); return self
            def __add__(self, other): log('add'); return 0
        def rule():
            a = b = Sum()
            a += 1
            return a is b
    """
    assert same(source).log == ["'iadd'"]


def test_failing_store_after_a_change_in_place() -> None:
    source = "def rule(a):\n    try: a[0] += [2]\n    except TypeError: log(a)\n    return a"
    assert same(source, ([1],)).log == ["tuple(#1:[1, 2])"]


# What ran and what did not


@pytest.mark.parametrize(
    ("expression", "ran", "not_ran"),
    [
        ("(a or f(1)) + 5", "a or f(1)", "f(1)"),
        ("(not a or f(1)) + 5", "f(1)", ""),
        ("(a and f(1)) + 5", "f(1)", ""),
        ("(not a and f(1)) + 5", "not a and f(1)", "f(1)"),
        ("(f(1) if a else f(2)) + 5", "f(1) if a else f(2)", "f(2)"),
        ("(f(1) if not a else f(2)) + 5", "f(1) if not a else f(2)", "f(1)"),
        ("[a > 5 > f(1)]", "a > 5 > f(1)", "f(1)"),
        ("[(a or f(1)) and (not a or f(2))]", "f(2)", "f(1)"),
        ("[f(1) for _ in range(0)] + [f(2)]", "f(2)", "f(1)"),
        ("[lambda: f(1), f(2)]", "f(2)", "f(1)"),
        ("[next((f(i) for i in ()), 0), f(2)]", "f(2)", "f(i)"),
    ],
)
def test_only_what_ran_is_reported(expression: str, ran: str, not_ran: str) -> None:
    source = f"def f(x): return log(x + 1)\ndef rule(a):\n    x = {expression}\n    return bool(x)"
    reported = [s for s, _ in step(record(source, 3), f"x = {expression}").evaluated]
    assert not_ran not in reported
    assert ran in reported


@pytest.mark.parametrize(
    ("expression", "variable"),
    [("a or b", "b"), ("a if a else b", "b"), ("b if not a else a", "b"), ("a > 5 > b", "b")],
)
def test_a_variable_that_was_not_read_is_not_stated(expression: str, variable: str) -> None:
    source = f"def rule(a, b):\n    x = {expression}\n    return x"
    before = step(record(source, 3, 4), f"x = {expression}").before
    assert variable not in before
    assert before["a"] == "3"


def test_a_chained_comparison_evaluates_its_middle_once() -> None:
    assert same_failing("x = log(1) < log(2) < log(3)").log == ["1", "2", "3"]
    assert same_failing("x = log(3) < log(2) < log(3)").log == ["3", "2"]


def test_a_chained_comparison_tests_each_result_once() -> None:
    source = """
        class Truth:
            def __init__(self, value): self.value = value
            def __bool__(self): return log(self.value)
        class Number:
            def __lt__(self, other): return Truth(log(other is not None))
        x = Number() < Number() < None < Number()
        if Number() < Number() < None: log('no')
        while Number() < None: pass
        assert not Number() < None
        y = Number() < None and log('no')
        z = log('no') if Number() < None else 1
    """
    assert "'no'" not in same_failing(source).log


def test_truth_is_tested_as_often_as_plain_python_does() -> None:
    source = """
        class Truth:
            def __init__(self, *values): self.values = list(values)
            def __bool__(self): return log(self.values.pop(0))
        def rule():
            a = Truth(False, True) or Truth()
            b = Truth(True) and Truth()
            if Truth(True) and Truth(False) or Truth(True): log('then')
            while Truth(True): break
            c = not Truth(True)
            d = 1 if Truth(False) else 2
            e = [i for i in [1, 2] if (Truth(True) if i == 1 else Truth(False))]
            assert Truth(True), 'message'
            if not Truth(False): pass
            elif Truth(): pass
            return a, b, c, d, e
    """
    assert len(same(source).log) == 13


def test_an_object_whose_truth_raises() -> None:
    source = """
        class Bad:
            def __bool__(self): raise KeyError(log(1))
        def rule():
            bad = Bad()
            also = [bad]
            if bad is not None: log(2)
            if (
                bad
            ):
                pass
    """
    assert same(source).log == ["2", "1"]


def test_length_is_asked_for_as_often_as_plain_python_does() -> None:
    source = """
        class Sized:
            def __len__(self): return log(1)
            def __getitem__(self, i): log(i); raise IndexError
        def rule():
            s = Sized()
            t = s, [s]
            if s: pass
            for i in s: pass
            return len(s)
    """
    assert same(source).log == ["1", "0", "1"]


@pytest.mark.parametrize(
    "source",
    split("""
a, *b = log(it())

a, b = c, d = it()

[*it(), *it()]

max(*it(), *it())

for a in it(): log(a)

a = list(it())

a = [b for b in it()]

a, b = sorted(it())

a = sum(x for x in it())

a = dict([it()])

a = 1 in it()

(a, b), c = it(), 1

match [*it()]:
    case a, b: log(a)

x = [0] * 2
x[:] = it()

x = [0]
x += it()

a = ''.join(map(str, it()))

def g(): yield from it()
a = list(g())
"""),
)
def test_iterables_are_consumed_once(source: str) -> None:
    definition = """
class It:
    def __iter__(self): log('iter'); self.left = 2; return self
    def __next__(self):
        log('next')
        if not self.left: raise StopIteration
        self.left -= 1
        return self.left
it = It
"""
    assert "'iter'" in same_failing(definition + source).log
    same(definition + "def rule():\n" + textwrap.indent(source, "    "))


def test_defaults_are_evaluated_once_when_the_function_is_defined() -> None:
    source = """
        def f(a=log([]), *, b=log({})):
            a.append(1)
            return a, b
        log('defined')
        def rule(): return f(), f(), f.__defaults__
    """
    assert same_failing(source).log == ["#1:[]", "#1:{}", "'defined'"]


def test_decorators_are_evaluated_and_applied_in_order() -> None:
    source = """
        def d(n):
            log(n)
            return lambda f: log(f) and (lambda *a: (log(-n), f(*a)))
        @d(1)
        @d(2)
        def rule(a=log(3)): return log(4)
        @d(5)
        class C: log(6)
    """
    assert same_failing(source).log[:3] == ["1", "2", "3"]


def test_a_decorated_function_keeps_its_line() -> None:
    source = """
        @log
        @(
            log
        )
        def rule(
            a=1,
        ):
            return rule.__code__.co_firstlineno
        first = rule.__code__.co_firstlineno
    """
    same(source)


def test_a_match_subject_is_evaluated_once() -> None:
    source = """
        def rule():
            match log([1, 2]):
                case {}: log('mapping')
                case [1]: log('one')
                case [a, 3]: log('three')
                case [a, b] if log(a) > log(b): log('greater')
                case (1, x) | (x, 1): log(x)
    """
    assert same_failing(source).log[1:] == ["1", "2", "2"]


def test_match_asks_a_subject_no_more_than_plain_python_does() -> None:
    source = """
        class Asked:
            __match_args__ = ('a', 'b')
            def __getattribute__(self, name): log(name); return 5
            def __eq__(self, other): log('eq'); return other == 2
        class Meta(type):
            def __instancecheck__(cls, instance): log('instancecheck'); return True
        class Any(metaclass=Meta): __match_args__ = ('a',)
        def rule():
            match Asked():
                case 1: log('one')
                case Asked(4): log('four')
                case Any(5, b=7): log('any')
                case Any(a=5) as whole: log('whole')
            match Asked(), [Asked()]:
                case 2, [x]: return log('two')
    """
    log = same_failing(source).log
    assert log[0] == "'eq'"
    assert log[-1] == "'two'"


def test_match_on_a_sequence_and_a_mapping_that_log() -> None:
    source = """
        import collections.abc
        class Map(collections.abc.Mapping):
            def __getitem__(self, key): log(key); return {'a': 1, 'b': 2}[key]
            def __iter__(self): log('iter'); return iter('ab')
            def __len__(self): log('len'); return 2
            def get(self, key, default=None): log(('get', key)); return super().get(key, default)
            def keys(self): log('keys'); return super().keys()
        def rule():
            match Map():
                case {'c': 1}: log('c')
                case {'a': 1, **rest}: log(rest)
            match Seq(1, 2, 3):
                case [1, 2]: log('two')
                case [1, *middle, 3]: log(middle)
    """
    assert same_failing(with_parts(source)).log[-1] == "#1:[2]"


# finally


@pytest.mark.parametrize(
    "body",
    split("""
try: return log(1)
finally: return log(2)

try: return log(1)
finally: log(2)

try: 1 / 0
finally: return log(2)

try: 1 / 0
except ZeroDivisionError: return log(1)
finally: return log(2)

try: 1 / 0
except KeyError: return log(1)
finally: log(2)

for i in range(3):
    try: return log(i)
    finally: continue

for i in range(3):
    try: return log(i)
    finally: break
return log(5)

while True:
    try: 1 / 0
    finally: break
return log(5)

try:
    try: raise KeyError
    finally: raise ValueError(log(1))
except ValueError as e: return repr(e.__context__)

x = [1]
try: return log(x)
finally: x.append(2)

x = 1
try: return log(x)
finally: x = 2

try:
    try: return log(1)
    finally: log(2)
finally: log(3)

with Manager(1, True):
    try: 1 / 0
    finally: log(1)
return log(2)

with Manager(1, True) as a:
    return log(1) / 0
return log(2)

try: pass
except KeyError: pass
else: return log(1)
finally: log(2)
"""),
)
def test_finally_with_return(body: str) -> None:
    assert same_failing(with_parts("def rule():\n" + textwrap.indent(body, "    "))).log
