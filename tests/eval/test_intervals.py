"""Intervals hold what they should, and do not depend on chance."""

import pytest

from rfft.eval.intervals import mean, mean_of_means, paired, wilson
from rfft.eval.results import Cell, longest
from rfft.eval.summary import shown


def test_wilson_intervals():
    found = wilson(8, 10)
    # As in Newcombe (1998) and every table.
    assert (found.value, round(found.low, 4), round(found.high, 4)) == (0.8, 0.4902, 0.9433)
    assert wilson(0, 10).low == 0
    assert wilson(0, 10).high > 0.2


def test_means_count_each_task_the_same():
    tasks = [[(1, 10, 10), (2, 10, 10)], [(1, 0, 1000)]]
    assert mean_of_means(tasks).value == 0.5


def test_bootstrap_interval_is_about_what_theory_says():
    found = mean_of_means([[(1, 50, 100)], [(1, 50, 100)], [(1, 50, 100)], [(1, 50, 100)]])
    # The standard error is 0.05 / sqrt(4).
    assert found.low == pytest.approx(0.5 - 1.96 * 0.025, abs=0.005)
    assert found.high == pytest.approx(0.5 + 1.96 * 0.025, abs=0.005)
    assert mean([1.0, 3.0] * 200).high == pytest.approx(2 + 1.96 / 20, abs=0.01)


def test_paired_comparison_looks_at_rows_that_differ():
    first = [True] * 50 + [False] * 50
    second = [True] * 45 + [False] * 5 + [True] * 20 + [False] * 30
    found = paired(first, second)
    assert (found.rows, found.first, found.second) == (100, 5, 20)
    assert found.difference.value == pytest.approx(0.15)
    assert found.difference.low > 0
    assert found.p == pytest.approx(0.004077, abs=1e-5)  # 2 * P(X <= 5) of 25 tosses
    assert paired(first, first).p == 1.0


def test_the_same_numbers_give_the_same_interval():
    assert mean_of_means([[(1, 3, 7)]]) == mean_of_means([[(1, 3, 7)]])


def test_one_value_has_no_interval():
    found = mean([5])
    assert (found.value, found.low, found.high) == (5, None, None)
    assert (shown(found), shown(mean([5, 5]))) == ("5.00", "5.00 (5.00 to 5.00)")
    assert found.ends == (5, 5)


def test_the_longest_length_is_one_up_to_which_accuracy_stays():
    shares = {"falls": [10, 9, 8, 10], "fails": [0, 10, 10, 10], "stays": [10, 9, 10, 10]}
    cells = [Cell(t, n, s, 10) for t, all_ in shares.items() for n, s in enumerate(all_, 1)]
    assert longest(cells) == longest(cells[::-1]) == {"falls": 2, "fails": 0, "stays": 4}
