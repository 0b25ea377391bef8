"""Steps of a run: their states are those of the plain run, and no other row is needed."""

import itertools
import json
import re
import sys

import pytest

from rfft.rules.corpus import plan as plans
from rfft.rules.corpus import settings as presets
from rfft.rules.corpus import steps
from rfft.rules.corpus.build import build
from rfft.rules.corpus.errors import CorpusRejected
from rfft.rules.corpus.rows import parse_id
from rfft.rules.corpus.steps import NoSteps, pieces
from rfft.rules.corpus.verify import verify
from rfft.tracer import Rule
from rfft.tracer.styles import load
from rfft.tracer.tracing import Trace

from .small import plan_in, rules_in, run

RULES = {
    "nested": (
        (
            "def f(rows):\n    seen = []\n    for row in rows:\n        for x in row:\n"
            "            if x in seen:\n                break\n            seen.append(x)\n"
            "        else:\n            seen.append(0)\n    return seen"
        ),
        ([[1, 2], [2, 3], [4]],),
    ),
    "recursive": (
        "def f(n):\n    if n < 2:\n        return n\n    return f(n - 1) + f(n - 2)",
        (4,),
    ),
    "in place": (
        (
            "def swap(items, i, j):\n    items[i], items[j] = items[j], items[i]\n\n"
            "def f(nums):\n    end = len(nums)\n    while end > 1:\n        end -= 1\n"
            "        for i in range(end):\n            if nums[i] > nums[i + 1]:\n"
            "                swap(nums, i, i + 1)\n    return nums"
        ),
        ([3, 1, 2],),
    ),
    "the same object": (
        (
            "def f(n):\n    a = []\n    b = a\n    while n:\n        b.append(n)\n        n -= 1\n"
            "    return a"
        ),
        (2,),
    ),
    "a method": (
        (
            "class Solution:\n    def half(self, n):\n        return n // 2\n\n"
            "    def f(self, n):\n        self.count = 0\n        while n > 0:\n"
            "            self.count += 1\n            n = self.half(n)\n        return self.count"
        ),
        (9,),
    ),
    "handlers": (
        (
            "def f(texts):\n    total = 0\n    for text in texts:\n        try:\n"
            "            total += int(text)\n        except ValueError:\n            total -= 1\n"
            "    return total"
        ),
        (["1", "x"],),
    ),
}


def traced(source, args, style="rfft"):
    rule = Rule.from_source(source, "Solution.f" if "class" in source else "f")
    rule = rule.detailed if load(style).detailed else rule
    return Trace(rule, json.loads(json.dumps(args)), states=True).run().to_json(style)


def frames(state):
    """Return the functions of a state, each with its variables as they are told."""
    found = []
    for line in state.splitlines()[1:-1]:
        if function := re.fullmatch(r"in (\w+):", line):
            found.append((function[1], {}))
            told = True
        elif line.startswith(("in the loop ", "at: ")):
            told = False
        elif told:
            name, _, text = line.partition(" = ")
            found[-1][1][name] = text
    return [(name, {n: known.get(t, t) for n, t in known.items()}) for name, known in found]


def watched(source, args):
    """Return what Python itself says of each line that it comes to: the functions at work."""
    seen = []

    def stack(at):
        found = []
        while at is not None:
            if at.f_code.co_filename == "<plain>" and at.f_code.co_name != "<module>":
                local = dict(at.f_locals)
                owner = local.pop("self", None)
                if owner is not None:
                    local |= {f"self.{name}": value for name, value in vars(owner).items()}
                mine = {name: repr(value) for name, value in local.items()}
                found.append((at.f_code.co_name, mine))
            at = at.f_back
        return found[::-1]

    def look(at, event, _):
        if at.f_code.co_filename == "<plain>":
            seen.append(stack(at if event != "return" else at.f_back))
        return look

    space = {}
    exec(compile(source, "<plain>", "exec"), space)
    function = space["Solution"]().f if "class" in source else space["f"]
    before = sys.gettrace()
    sys.settrace(look)
    try:
        function(*json.loads(json.dumps(args)))
    finally:
        sys.settrace(before)
    return seen


@pytest.mark.parametrize("name", RULES)
def test_states_are_those_of_the_plain_run(name):
    source, args = RULES[name]
    record = traced(source, args)
    found = pieces(record)
    assert "".join(piece.body for piece in found) == record["response"]
    assert len(found) > 3
    events = iter(watched(source, args))
    for piece in found:
        assert frames(piece.before) in events  # each comes after the one before it


@pytest.mark.parametrize("style", ["rfft", "rfft-icl", "granular"])
def test_pieces_are_the_run_in_any_style_that_recites(style):
    for source, args in RULES.values():
        record = traced(source, args, style)
        assert "".join(piece.body for piece in pieces(record)) == record["response"]


def test_outside_of_loops_a_piece_is_a_statement_and_inside_an_iteration():
    found = pieces(
        traced("def f(n):\n    a = n\n    b = a\n    while b:\n        b -= 1\n    return a", (2,))
    )
    assert [piece.before.splitlines()[-1] for piece in found] == [
        "Next: the beginning", "Next: b = a", *["Next: while b:"] * 3, "Next: return a",
    ]  # fmt: skip
    assert (
        found[2].after
        == found[3].before
        == ("State:\nin f:\nn = 2\na = 2\nb = 1\nin the loop while b:\nNext: while b:\n")
    )


def test_a_state_has_what_a_waiting_statement_has_come_to():
    found = pieces(traced(*RULES["recursive"]))
    assert any(
        piece.before == "State:\nin f:\nn = 4\nat: return f(n - 1) + f(n - 2)\nn - 1 = 3\n"
        "f(n - 1) = 2\nn - 2 = 2\nin f:\nn = 2\nNext: if n < 2:\n"
        for piece in found
    )
    assert any("f returns 2\nNext: go on\n" in piece.before for piece in found)


def test_what_a_loop_is_about_stays_as_it_was_when_it_began():
    source = (
        "def f(n):\n    t = 0\n    for i in range(n):\n        n -= 1\n        t += i\n"
        "    for c in sorted(x for x in [n, 1]):\n        t += c\n    return t"
    )
    found = pieces(traced(source, (3,)))
    assert "in the loop for i in range(n): after item 2, with n = 3" in found[3].before
    assert "n = 1" in found[3].before.splitlines()


def test_equal_statements_are_told_apart():
    found = pieces(
        traced(
            "def f(n):\n    n += g(1)\n    n += g(1)\n    return n\n\ndef g(x):\n    return x", (2,)
        )
    )
    said = {
        line for piece in found for line in piece.before.splitlines() if line.startswith("at: ")
    }
    assert said == {"at: n += g(1) (line 2)", "at: n += g(1) (line 3)"}


def test_a_call_that_no_state_could_place_is_not_cut():
    source = (
        "def f(xs):\n    ys = [g(x) for x in xs]\n    return ys\n\n"
        "def g(x):\n    x += 1\n    return x"
    )
    found = pieces(traced(source, ([1, 2],)))
    assert not any("in g:" in piece.before for piece in found)
    assert "".join(piece.body for piece in found).count("g returns") == 2


UNTOLD = {
    "no state shows it": "def f(n):\n    it = iter([n])\n    n += 1\n    return next(it)",
    "no state shows x": "def f(n):\n    x = object()\n    n += 1\n    return n",
    "generators": "def f(n):\n    return sum(g(n))\n\ndef g(n):\n    yield n",
    "global": "T = 0\n\ndef f(n):\n    global T\n    T = n\n    return T",
    "changes SEEN, which": "SEEN = []\n\ndef f(n):\n    SEEN.append(n)\n    return SEEN",
    "decorator": (
        "import functools\n\n@functools.cache\ndef g(n):\n    return n\n\n"
        "def f(n):\n    return g(n)"
    ),
}


@pytest.mark.parametrize("why", UNTOLD)
def test_what_no_state_shows_is_refused(why):
    with pytest.raises(NoSteps, match=why):
        pieces(traced(UNTOLD[why], (2,)))


def test_a_text_is_parted_at_its_last_state():
    assert steps.parted("a\nState:\nb\nState:\nc\n\n") == ("a\nState:\nb\n", "State:\nc\n")
    assert steps.parted("State:\nc") == ("", "State:\nc\n")
    assert steps.parted("a State:\nc") == ("a State:\nc", "")


# Corpora


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("steps")
    built = build(planned(folder), folder / "steps", workers=1)
    assert built.rows > 40
    return folder / "steps"


def planned(folder, **changes):
    settings = {"lengths": (2, 3), "per_length": 3, "format": "jsonl", "unit": "step", **changes}
    return plan_in(folder, **settings)


def rows_of(corpus):
    files = sorted((corpus / "prompt_completion").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_a_row_is_a_step_whose_prompt_is_the_rule_and_the_state(corpus):
    rows = rows_of(corpus)
    row = next(row for row in rows if row["id"].endswith(".1") and row["task"] == "flip")
    assert row["prompt"] == (
        f"{steps.OPENING}\nRule:\n\n{row['rule']}\n\nState:\nin flip:\n"
        f"coins = {row['arguments'][0]}\nturned = ''\nNext: while coins:\n\n"
    )
    assert row["completion"].endswith("in the loop while coins:\nNext: while coins:\n")
    for one, other in itertools.pairwise(rows):
        if one["id"].partition(".")[0] == other["id"].partition(".")[0]:
            assert one["completion"].endswith(steps.parted(other["prompt"])[1])
        else:
            assert one["completion"].endswith(f"So the answer is {one['answer']}\n")


def test_a_corpus_of_steps_is_right_and_the_same_again(corpus, tmp_path):
    report = verify(corpus, sample=None, workers=1)
    assert (report.problems, report.traced) == ([], len(rows_of(corpus)))
    assert report.pairs == 11
    build(planned(tmp_path), tmp_path / "again", workers=2)
    assert rows_of(tmp_path / "again") == rows_of(corpus)


def test_commands_know_a_row_by_its_step(corpus):
    row = rows_of(corpus)[5]
    done = run("show", corpus, row["id"], "--regenerate")
    assert (done.returncode, done.stdout) == (0, row["prompt"] + row["completion"])
    assert "made again it is the same" in done.stderr
    assert run("stats", corpus).stdout.count("add_up") == 2
    assert parse_id("a:b:3:0.12") == ("a:b", 3, 0)
    with pytest.raises(CorpusRejected, match="is no id"):
        parse_id("a:3:0.")


def test_runs_that_cannot_be_told_are_left_out_with_the_reason(tmp_path):
    text = (
        'def wait(n: int) -> int:\n    """{n}?"""\n    it = iter([n])\n    m = n\n'
        "    return next(it)\n"
    )
    made = planned(tmp_path, tasks=("wait",), more={"wait": text})
    built = build(made, tmp_path / "c", workers=1)
    assert (built.rows, built.left_out) == (0, 6)
    assert "no_steps: no state shows it" in (tmp_path / "c" / "README.md").read_text()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"style": "natural"}, "not with natural"),
        ({"style": "direct"}, "not with direct"),
        ({"example": True}, "without worked examples"),
        ({"unit": "loop"}, "no unit 'loop'; there are run, step"),
    ],
)
def test_what_does_not_go_with_steps_is_refused(tmp_path, changes, why):
    with pytest.raises(CorpusRejected, match=why):
        planned(tmp_path, **changes)


def test_plans_of_whole_runs_have_the_hash_that_they_had(tmp_path):
    made = plans.make(presets.load("rf-pretrain", tasks=("flip",)), [rules_in(tmp_path)])
    data = made.to_json()
    del data["settings"]["unit"]
    (tmp_path / plans.FILE).write_text(json.dumps(data))
    assert plans.read(tmp_path).hash == made.hash
