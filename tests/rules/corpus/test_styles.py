"""In every style, a user's own too: all prompts are one, and what a corpus says is right."""

import functools
from pathlib import Path
from typing import Any

import pytest

from rfft.eval import questions
from rfft.eval.scoring import score
from rfft.rules import Task
from rfft.rules.corpus import plan as plans
from rfft.rules.corpus import reading
from rfft.rules.corpus.build import build
from rfft.rules.corpus.rows import parse_id
from rfft.rules.corpus.sources import SYNTHETIC
from rfft.rules.corpus.tracing import Tracer
from rfft.rules.corpus.verify import verify
from rfft.rules.synthetic import draw
from rfft.tracer import Rule, check, grpo_reward, reward, trace
from rfft.tracer.inputs import parse_input
from rfft.tracer.sandbox import Pool
from rfft.tracer.sandbox import Task as Request

from ...styles import BUILT_IN, OWN
from .small import TASKS, plan_in, rules_in, run

STYLES = (*BUILT_IN, OWN)
LIBRARY = ("leetcode_258", "bbh_navigate")


OFTEN = ("rfft", "natural", OWN)
SOME = [
    pytest.param(style, id=Path(style).stem, marks=() if style in OFTEN else pytest.mark.slow)
    for style in STYLES
]


@pytest.fixture(scope="module", params=SOME)
def style(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def corpora(style, tmp_path_factory) -> list[tuple[Path, list[dict[str, Any]]]]:
    """Return a corpus without worked examples and one with them, each with its rows."""
    folder = tmp_path_factory.mktemp("styles")
    made = []
    for example in (False, True):
        plan = plan_in(
            folder, (*TASKS, *LIBRARY), style=style, example=example, lengths=(2, 3),
            per_length=2, synthetic=4, synthetic_kind="grammar", format="jsonl",
        )  # fmt: skip
        out = folder / f"out-{example}"
        build(plan, out, workers=1)
        found = [row for n in range(len(plan.shards)) for row in reading.rows(plan, out, n)]
        made.append((out, found))
    return made


@pytest.fixture(scope="module")
def rows(corpora):
    return corpora[0][1]


def asker_of(row: dict[str, Any], tasks: dict[str, str]):
    """Return the task or the synthetic rule of a row."""
    if row["task"] != SYNTHETIC:
        return Task.from_source(tasks[row["task"]], row["task"])
    _, length, number = parse_id(row["id"])
    return draw(0, 1000 * number + length, "grammar")


def values_of(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(parse_input(", ".join(row["arguments"]))[0])


def test_a_corpus_is_right(style, corpora):
    for folder, rows in corpora:
        assert len(rows) == 20
        assert {row["style"] for row in rows} == {style}
        report = verify(folder, sample=None, workers=1, trust=style == OWN)
        assert (report.problems, report.traced) == ([], 20)


def test_rows_are_made_again(style, corpora):
    for folder, rows in corpora:
        with Tracer(plans.checked(folder, trust=style == OWN), 1) as tracer:
            for row in (rows[0], rows[-1]):
                assert tracer.one(*parse_id(row["id"])).rows == [row]
        own = ["--trust"] if style == OWN else []
        done = run("show", folder, rows[0]["id"], "--regenerate", *own)
        assert done.stderr.endswith("made again it is the same\n")


def test_true_completions_have_the_whole_reward(style, corpora):
    for _, rows in corpora:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        prompts, completions = columns.pop("prompt"), columns.pop("completion")
        assert grpo_reward(prompts, completions, **columns) == [1.0] * len(rows)
        if style != OWN:  # which cannot be told from the prompt
            del columns["style"]
            assert grpo_reward(prompts, completions, **columns) == [1.0] * len(rows)


def test_true_completions_are_right(style, rows):
    for row in rows:
        rule, given = Rule.from_source(row["rule"]), ", ".join(row["arguments"])
        assert check(rule, given, row["completion"], style).right
        assert reward(rule, given, row["completion"], style) == 1.0
        scored = functools.partial(score, row["completion"], row["answer"], style=style)
        assert scored(row["completion"]).right
        assert scored(row["completion"]).given == row["answer"]
        assert scored(f"{row['completion']}\nQ: and now?\n").right
        end = row["completion"].rstrip().rpartition("\n")[2]
        other = row["completion"].replace(end, end.replace(row["answer"], "'another'"))
        assert (scored(other).right, scored(other).given) == (False, "'another'")


def test_all_prompts_are_the_same(style, corpora):
    folder, rows = corpora[0]
    tasks = plans.read(folder).tasks
    for row in rows:
        asker = asker_of(row, tasks)
        question = asker.question(*values_of(row))
        assert asker.prompt(values_of(row), style) == row["prompt"]
        assert trace(asker.rule, *values_of(row)).prompt(style, question) == row["prompt"]
        rule = Rule.from_source(row["rule"])
        assert trace(rule, *values_of(row)).prompt(style, question) == row["prompt"]


@pytest.mark.parametrize("steps", [True, False])
def test_the_sandbox_has_the_same_prompts(style, corpora, steps):
    folder, rows = corpora[0]
    tasks = plans.read(folder).tasks
    first = "rfft-icl" if style == "direct" else "direct"
    jobs = [
        Request(
            row["rule"], (", ".join(row["arguments"]),), None, (first, style),
            (asker_of(row, tasks).question(*values_of(row)),), steps,
        )
        for row in rows[::5]
    ]  # fmt: skip
    with Pool(1, styles=(first, style)) as pool:
        found = [record["texts"][style] for (record,) in pool.map(jobs)]
    assert [text["prompt"] for text in found] == [row["prompt"] for row in rows[::5]]
    assert [text["response"] for text in found] == [row["completion"] for row in rows[::5]]


def test_examples_in_front_are_the_same(style, corpora):
    (folder, _), (shown, rows) = corpora
    place = rules_in(folder.parent)
    asked = questions.read(folder, style=style, shots=1, rules=[place], trust=style == OWN)
    assert {question.id: question.prompt for question in asked.all} == {
        row["id"]: row["prompt"] for row in rows
    }
    assert asked.style == questions.read(shown, trust=style == OWN).style == style


def test_an_example_is_shown_as_its_style_shows_rules(style):
    one, other = draw(1, 0, "snippets"), draw(1, 1, "snippets")
    shot, asked = one.arguments(3), other.arguments(3)
    prompt = other.prompt(asked, style, one.worked(one.arguments(3), style))
    questions = one.question(*shot), other.question(*asked)
    traced = trace(one.rule, *shot)
    traced.question = questions[0]
    assert trace(other.rule, *asked).prompt(style, questions[1], traced) == prompt


def test_statistics_say_the_style(style, corpora):
    done = run("stats", corpora[0][0])
    assert done.stdout.rstrip().endswith(f"style {style}")


def test_rows_without_the_column_are_of_the_plans_style(style, rows, corpora, monkeypatch):
    from rfft.rules.corpus import files

    old = [{k: v for k, v in row.items() if k != "style"} for row in rows]
    monkeypatch.setattr(files, "read", lambda path: iter(old))
    folder = corpora[0][0]
    assert next(reading.rows(plans.read(folder), folder, 0))["style"] == style
    assert reading.style(plans.read(folder), folder) == style
