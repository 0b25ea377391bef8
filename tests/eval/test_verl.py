"""The reward that verl calls for rows of a corpus."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest

from rfft.eval.verl import compute_score
from rfft.tracer import Rule, reward, trace

RULE = """\
def total(nums):
    sum = 0
    for num in nums:
        sum += num
    return sum
"""


def row(style="rfft", nums=(4, 9, 6), rule=RULE):
    """Return a row's right answer and what verl hands on of it."""
    made = trace(Rule.from_source(RULE), list(nums))
    extra = {"rule": rule, "arguments": [repr(list(nums))], "style": style, "task": "total"}
    return made.answer, {**extra, "completion": made.response(style)}


def score(text, answer, extra):
    return compute_score("rfft/total", text, answer, extra_info=extra)


@pytest.mark.parametrize("style", ["rfft", "rfft-icl", "natural", "scratchpad", "direct"])
def test_the_true_response_has_all_of_it(style):
    answer, extra = row(style)
    assert score(extra["completion"].rstrip("\n"), answer, extra) == 1.0
    assert score("", answer, extra) == 0.0


def test_a_slip_costs_what_the_reward_says():
    answer, extra = row()
    text = extra["completion"].replace("sum = 4 + 9 = 13", "sum = 4 + 9 = 14", 1)
    assert text != extra["completion"]
    found = score(text, answer, extra)
    assert found == pytest.approx(reward(Rule.from_source(RULE), [[4, 9, 6]], text))
    assert 0 < found < 0.9
    # A right answer with no steps is not a right text.
    assert score(f"So the answer is {answer}", answer, extra) < found


@pytest.mark.parametrize(
    "changes",
    [
        {"rule": None},
        {"arguments": None},
        {"style": "of-a-package-that-is-not-here"},
        {"rule": "def total(nums):\n    while True:\n        pass\n"},
        {"rule": "no rule"},
        {"rule": "def total(nums):\n    return open('/etc/passwd').read()\n"},
    ],
)
def test_without_a_verdict_the_answer_counts(changes):
    answer, extra = row()
    extra.update(changes)
    assert score(extra["completion"], answer, extra) == 1.0
    wrong = extra["completion"].replace(f"So the answer is {answer}", "So the answer is 0")
    assert score(wrong, answer, extra) == 0.0


def test_the_answer_alone_is_enough():
    assert compute_score("rfft/total", "So it is.\nSo the answer is 19\n", "19") == 1.0
    assert compute_score("rfft/total", "So the answer is '19'", "19") == 0.0


def test_a_row_runs_nothing_in_this_process(tmp_path):
    (tmp_path / "style.py").write_text(f"open({str(tmp_path / 'style ran')!r}, 'w')\n")
    hostile = f"def total(nums):\n    open({str(tmp_path / 'rule ran')!r}, 'w')\n    return 19\n"
    answer, extra = row(rule=hostile)
    assert score(extra["completion"], answer, extra) == 1.0  # by its answer
    extra["style"] = str(tmp_path / "style.py")
    assert score(extra["completion"], answer, extra) == 1.0
    assert [path.name for path in tmp_path.iterdir()] == ["style.py"]


def test_several_threads():
    rows = [row(nums=range(n)) for n in range(1, 9)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda r: score(r[1]["completion"], *r), rows))
    assert found == [1.0] * 8


def in_child(send):
    answer, extra = row()
    send.send(score(extra["completion"], answer, extra))


def test_a_forked_process_has_sandboxes_of_its_own():
    answer, extra = row()
    assert score(extra["completion"], answer, extra) == 1.0
    receive, send = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=in_child, args=(send,))
    child.start()
    assert receive.poll(60)
    assert receive.recv() == 1.0
    child.join(60)
    assert child.exitcode == 0
