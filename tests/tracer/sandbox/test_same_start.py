"""Every input of a task starts from the same state, whatever the rule has done on others."""

import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rfft.rules import catalog
from rfft.tracer.sandbox import Sandbox, Task

# What a rule does on odd inputs, and how it shows on even ones.
STATE = {
    "decimal context": (
        "from decimal import Decimal, getcontext",
        "getcontext().prec = 5",
        "str(Decimal(1) / Decimal(7))",
    ),
    "first day of the week": (
        "import calendar",
        "calendar.setfirstweekday(6)",
        "calendar.firstweekday(), calendar.weekheader(2)",
    ),
    "registered class": (
        "from collections.abc import Sized",
        "Sized.register(int)",
        "isinstance(n, Sized)",
    ),
    "environment": ("import os", "os.environ['A_NAME'] = 'x'", "os.environ.get('A_NAME')"),
    "recursion limit": ("import sys", "sys.setrecursionlimit(1234)", "sys.getrecursionlimit()"),
    "digits of ints": (
        "import sys",
        "sys.set_int_max_str_digits(700)",
        "sys.get_int_max_str_digits()",
    ),
    "garbage collection": ("import gc", "gc.set_threshold(99, 3, 4)", "gc.get_threshold()"),
    "copyreg": (
        "import copyreg",
        "copyreg.pickle(complex, lambda c: (complex, (1, 2)))",
        "complex in copyreg.dispatch_table and len(copyreg.dispatch_table)",
    ),
    "linecache": (
        "import linecache",
        "linecache.cache['x'] = (3, None, ['a', 'b'], 'x')",
        "linecache.getline('x', 2)",
    ),
    "dict in a module": ("import keyword", "keyword.kwlist.append('a')", "len(keyword.kwlist)"),
    "html names": (
        "import html.entities as e",
        "e.codepoint2name[1] = 'x'",
        "1 in e.codepoint2name",
    ),
    "warnings": (
        "import warnings",
        "warnings.simplefilter('error')",
        "len(warnings.filters)",
    ),
    "locale": ("import string", "string.Template.idpattern = '[0-9]'", "string.Template.idpattern"),
    "chance": ("import random", "random.seed(n)", "random.random()"),
    "cache": (
        "import functools\n@functools.lru_cache\ndef g(n):\n    return n\n",
        "g(1)",
        "g.cache_info().currsize",
    ),
    "regular expressions": ("import re", "re.compile('abc' * n)", "len(re._cache)"),
    "attribute of the function": ("", "f.seen = n", "getattr(f, 'seen', None)"),
    "default value": ("def g(n, seen=[]):\n    return seen", "g(n).append(n)", "len(g(n))"),
    "constant of the module": ("SEEN = [0]", "SEEN.append(n)", "len(SEEN)"),
    "dict of the module": ("SEEN = {'a': 0}", "SEEN['a'] += n", "SEEN['a']"),
    "context variable": (
        "from contextvars import ContextVar\nvar = ContextVar('var', default=0)",
        "var.set(n)",
        "var.get()",
    ),
}


def odd_sets_even_shows(kind):
    head, sets, shows = STATE[kind]
    return f"{head}\n" + textwrap.dedent(f"""
    def f(n):
        if n % 2:
            {sets}
            return n
        return {shows}
    """)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as made:
        yield made


def alone(sandbox, task):
    """Return the records of inputs that are each given in a task of its own."""
    return [record for n in range(len(task.inputs)) for record in sandbox.run(task.some([n]))]


@pytest.mark.parametrize("steps", [True, False])
@pytest.mark.parametrize("kind", STATE)
def test_state_that_a_rule_sets_is_not_seen_on_other_inputs(sandbox, kind, steps):
    task = Task(odd_sets_even_shows(kind), tuple("214364"), "f", steps=steps)
    records = sandbox.run(task)
    assert records == alone(sandbox, task)
    assert len({record["answer"] for record in records[::2]}) == 1
    assert records[0]["status"] in ("ok", "tainted")


@pytest.mark.parametrize("steps", [True, False])
@pytest.mark.parametrize("where", ["n=SET", "n: SET = 0", "n, m=SET"])
def test_state_set_when_the_module_runs_is_there_for_every_input(sandbox, where, steps):
    sets = "__import__('decimal').getcontext().__setattr__('prec', 5)"
    source = f"def f({where.replace('SET', sets)}):\n    n += 1\n    return n\n"
    task = Task(source, ("1", "2", "'a'", "3", "4"), "f", steps=steps)
    assert sandbox.run(task) == alone(sandbox, task)


LINES = (
    "n += len(SEEN)",
    "SEEN.append(n)",
    "COUNT['a'] = COUNT.get('a', 0) + n",
    "n += COUNT.get('a', 0)",
    "n -= g(n)",
    "f.seen = getattr(f, 'seen', 0) + 1",
    "n += getattr(f, 'seen', 0)",
    "m = m + [n]",
    "m.append(n)",
    "n += len(m)",
    "global LAST\n    LAST = n",
    "n += LAST",
    "while n > 40:\n        n //= 2",
    "if n % 2:\n        SEEN.pop()",
    "seen = SEEN\n    seen.append(n)",
    "seen = SEEN\n    seen += [n]",
    "seen = [SEEN, m][n % 2]\n    seen.append(n)",
    "SEEN[0] += n",
    "n += SEEN[0]",
    "for x in SEEN:\n        n += x",
    "for row in ROWS:\n        row.append(n)",
    "n += len(ROWS[0])",
    "for k in COUNT:\n        COUNT[k] += 1",
    "m = SEEN",
    "m = m or SEEN",
    "n += len(ROWS[0] + SEEN)",
    "SEEN.sort(reverse=True)",
    "del SEEN[0]",
)
MODULE = """
SEEN = [1, 2, 3]
COUNT = {}
ROWS = [[1], [2]]
LAST = 0

def g(n, seen=[]):
    seen.append(n)
    return len(seen)

def f(n, m=[0]):
    LINES
    return n, m
"""


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.sampled_from(LINES), min_size=1, max_size=7, unique=True),
    st.lists(
        st.sampled_from(["1", "2", "35", "4, [1]", "7, []", "100", "'a'"]), min_size=2, max_size=5
    ),
    st.booleans(),
)
def test_rows_are_what_each_input_gives_alone(sandbox, lines, inputs, steps):
    lines.sort(key=lambda line: not line.startswith("global"))
    source = MODULE.replace("LINES", "\n    ".join(lines))
    task = Task(source, tuple(inputs), "f", steps=steps)
    assert sandbox.run(task) == alone(sandbox, task)


@pytest.mark.parametrize("name", sorted(catalog())[::9])
def test_rows_of_the_library_are_what_each_input_gives_alone(sandbox, name):
    found = catalog()[name]
    length = found.min_length
    inputs = tuple(", ".join(map(repr, found.arguments(length, 7, k))) for k in range(4))
    task = Task(found.rule.source, inputs, found.rule.function, steps=False)
    assert sandbox.run(task) == alone(sandbox, task)
