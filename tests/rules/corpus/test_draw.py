"""Instances are distinct, on their side of the split, and small input spaces come to an end."""

from collections import Counter

import pytest

from rfft.rules.corpus.draw import Drawn, draw
from rfft.rules.corpus.plan import Slice
from rfft.rules.corpus.split import SHARES, identity, key, side

from .small import plan_in


def drawn(plan, task, length, count, of="train", part=0, parts=1):
    """Return the instances of a slice, and how the drawing went."""
    how = Drawn()
    slice_ = Slice(task, length, count, part, parts)
    return list(draw(plan.source(task), slice_, of, how)), how


def test_instances_of_a_slice_are_distinct_and_of_the_side(tmp_path):
    found, how = drawn(plan_in(tmp_path), "add_up", 3, 200)
    assert len({i.arguments for i in found}) == len(found) == 200
    assert {side(i.key) for i in found} == {"train"}
    assert not how.exhausted


def test_sides_share_nothing_whatever_the_seed(tmp_path):
    sides = {}
    for seed, of in enumerate(SHARES):
        found, _ = drawn(plan_in(tmp_path, seed=seed), "add_up", 1, 1000, of)
        sides[of] = {i.arguments for i in found}
    assert sum(map(len, sides.values())) == len(set.union(*sides.values())) == 100
    assert all(sides.values())


def test_a_small_input_space_is_exhausted_and_not_repeated(tmp_path):
    plan = plan_in(tmp_path)
    found, how = drawn(plan, "flip", 3, 100)
    others = [drawn(plan, "flip", 3, 100, of) for of in ("test", "validation")]
    assert how.exhausted
    assert how.draws < 10_000
    everything = [i.arguments for i in found] + [i.arguments for o, _ in others for i in o]
    assert len(everything) == len(set(everything)) == 8


def test_slices_of_a_cell_share_nothing_and_miss_nothing(tmp_path):
    plan = plan_in(tmp_path)
    parts = [drawn(plan, "add_up", 1, 100, part=n, parts=4)[0] for n in range(4)]
    whole, _ = drawn(plan, "add_up", 1, 100)
    counts = Counter(i.arguments for part in parts for i in part)
    assert set(counts.values()) == {1}
    assert set(counts) == {i.arguments for i in whole}


def test_a_longer_cell_begins_like_a_shorter_one(tmp_path):
    plan = plan_in(tmp_path)
    short, long = (drawn(plan, "add_up", 5, n)[0] for n in (10, 50))
    assert [i.arguments for i in short] == [i.arguments for i in long[:10]]


def test_shares_are_as_they_are_said_to_be():
    counts = Counter(side(key("rule", [str(n)])) for n in range(20_000))
    for name, share in SHARES.items():
        assert counts[name] / 20_000 == pytest.approx(share, abs=0.02)


def test_a_rule_under_other_names_has_the_same_instances():
    one = "def f(a):\n    return a + 1"
    other = "def g(b):\n    # more\n    return b + 1"
    assert identity(one) == identity(other)
    assert identity(one) != identity("def f(a):\n    return a + 2")


def test_arguments_are_told_apart():
    assert key("r", ["1", "2"]) != key("r", ["1, 2"])
    assert key("r", ["1"]) != key("r1", [""])


def test_an_instance_can_be_drawn_alone(tmp_path):
    plan = plan_in(tmp_path)
    for instance in drawn(plan, "add_up", 4, 5)[0]:
        again = plan.source("add_up").draw(4, instance.number)
        assert (again.key, again.values) == (instance.key, instance.values)


def test_synthetic_rules_are_fresh_for_each_sample(tmp_path):
    plan = plan_in(tmp_path, synthetic=10)
    found = [i for length in (2, 3) for i in drawn(plan, "synthetic", length, 30)[0]]
    assert len({i.rule for i in found}) == 60
    source = plan.source("synthetic")
    examples = [source.example(i) for i in found]
    assert not {e.rule for e in examples} & {i.rule for i in found}


def test_the_example_of_a_task_is_another_training_instance(tmp_path):
    plan = plan_in(tmp_path)
    source = plan.source("add_up")
    for instance in drawn(plan, "add_up", 2, 20, "test")[0]:
        example = source.example(instance)
        assert example.rule == instance.rule
        assert side(example.key) == "train"
        assert example.length <= 5
