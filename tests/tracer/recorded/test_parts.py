"""What a step tells of the steps that came between, and of variables that hold one object."""

from rfft.tracer import Rule, trace

CALLS = """\
def rule(n):
    if n == 0:
        return 1
    return rule(n - 1) + rule(0) + n
"""
SAME = """\
class Own:
    pass


def rule(items):
    a = items
    b, c = (1, 2), (1, 2)
    d = e = Own()
    a.append(0)
    del e
    f = a
    items = [3]
    try:
        a = f, 1 // 0
    except ZeroDivisionError:
        pass
    return a
"""


def steps(source, *args):
    return trace(Rule.from_source(source), *args).to_json()["steps"]


def test_a_step_says_when_it_went_on():
    found = [
        (at, [w["source"] for w in step["evaluated"]], step["parts"])
        for at, step in enumerate(steps(CALLS, 1))
        if "parts" in step
    ]
    expressions = ["n - 1", "rule(n - 1)", "rule(0)", "rule(n - 1) + rule(0)"]
    expressions.append("rule(n - 1) + rule(0) + n")
    assert found == [(2, expressions, [[3, 1], [6, 2], [9, 5]])]


def test_groups_of_variables_that_hold_one_object():
    found = {step["source"]: step["same"] for step in steps(SAME, [1]) if "same" in step}
    assert found.pop("a = items") == [["a", "items"]]
    assert found.pop("d = e = Own()") == [["a", "items"], ["d", "e"]]
    assert ["a", "f"] in [group[:2] for group in found["f = a"]]
    assert found.pop("items = [3]") == [["a", "f"]]
    assert all("b" not in group for groups in found.values() for group in groups)
