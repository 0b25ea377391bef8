"""The commands ``rfft eval`` and ``rfft eval compare``."""

import dataclasses
import enum
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rfft.rules.corpus import options as shared
from rfft.rules.corpus.options import System, Template, TemplateArgs
from rfft.tracer.commands import disk
from rfft.tracer.commands.app import AllowOption, Format, note
from rfft.tracer.commands.extras import need
from rfft.tracer.commands.grammar import OUTPUT, App, Misused
from rfft.tracer.commands.progress import Bar

from . import backends
from .errors import EvalRejected

if TYPE_CHECKING:
    from .backends import Answer
    from .questions import Questions

_HELP = """Measure a model: accuracy at each length, and why its wrong answers are wrong.

\b
Examples:
  rfft corpus build --preset test --output test
  rfft eval --model checkpoint --corpus test --output results
  rfft eval --model Qwen/Qwen2.5-7B-Instruct --corpus test --shots 1 \\
      --output one-shot
  OPENAI_API_KEY=... rfft eval --model gpt-4.1 --backend openai \\
      --corpus test --limit 300 --output api
  rfft eval compare results one-shot --output compared
  rfft eval wrong results
  rfft eval forced --model checkpoint --corpus test --length 5 --length 30

A run may be killed at any time; the same command goes on. Its folder holds every answer and
score, results.json, and report.html with the pictures.

Exit codes: 0 done; 1 the model or its server failed, what is answered stays;
2 options, corpus or folder refused.
"""

_NEEDED = ("jinja2", "matplotlib", "numpy", "scipy")  # for numbers and report, with any back end

app = App(invoke_without_command=True, help=_HELP, short_help="Measure a model at each length.")


class Batching(enum.StrEnum):
    """How questions share the model."""

    padded = enum.auto()
    continuous = enum.auto()


@app.callback()
def _eval(
    context: typer.Context,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="M",
            help="A checkpoint's folder, a GGUF file, smollm2-135m, a hub name, a server's name.",
        ),
    ] = None,
    corpus: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A corpus, such as of preset test.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(*OUTPUT, metavar="DIR", help="The folder of the run; made if need be."),
    ] = None,
    backend: Annotated[
        str,
        typer.Option(
            metavar="NAME", help=f"What makes the model answer: {', '.join(backends.names())}."
        ),
    ] = "transformers",
    style: Annotated[
        str | None, typer.Option(metavar="STYLE", help="The style that the corpus must have.")
    ] = None,
    shots: Annotated[
        int | None,
        typer.Option(min=0, max=1, help="Worked examples in each prompt; as the corpus has them."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Ask at most N questions, spread over the corpus."),
    ] = None,
    tasks: Annotated[
        list[str] | None,
        typer.Option("--task", metavar="TASK", help="Ask questions of this task only; repeatable."),
    ] = None,
    lengths: Annotated[
        list[int] | None,
        typer.Option("--length", metavar="N", help="Ask questions of this length; repeatable."),
    ] = None,
    trained: Annotated[
        str,
        typer.Option(metavar="A-B", help="The lengths of training, for the means and pictures."),
    ] = "1-5",
    factor: Annotated[
        float,
        typer.Option(
            "--max-factor", metavar="F", help="Cut at F times the tokens of the true response."
        ),
    ] = 2.0,
    batch: Annotated[
        int, typer.Option("--batch-size", metavar="N", min=1, help="Questions in a batch.")
    ] = 64,
    batching: Annotated[Batching, typer.Option(help="How transformers batches.")] = Batching.padded,
    server: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The server of --backend openai; or OPENAI_BASE_URL."),
    ] = None,
    template: Template = None,
    system: System = None,
    template_args: TemplateArgs = None,
    options: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=JSON",
            help="Goes into each request: reasoning_effort=low. temperature=null leaves it out.",
        ),
    ] = None,
    concurrency: Annotated[
        int, typer.Option(metavar="N", min=1, help="Requests to the server at a time.")
    ] = 8,
    price: Annotated[
        str | None,
        typer.Option(metavar="IN,OUT", help="What a million tokens cost, read and written."),
    ] = None,
    shown: Annotated[
        int,
        typer.Option(
            "--traces", metavar="N", min=0, help="Wrong answers that the report steps through."
        ),
    ] = 1000,
    rules: Annotated[
        list[Path] | None,
        typer.Option("--rules", metavar="DIR", help="Your tasks, for worked examples of them."),
    ] = None,
    trust: Annotated[
        bool,
        typer.Option("--trust", help="Tasks and style of the corpus are your own: run them here."),
    ] = False,
    allow: AllowOption = None,
    unprotected: Annotated[
        bool,
        typer.Option("--allow-unprotected", help="Go on where nothing holds rules back."),
    ] = False,
) -> None:
    if context.invoked_subcommand is not None:
        return
    if model is None or corpus is None or out is None:
        given = {"--model": model, "--corpus": corpus, "--output": out}
        raise Misused(f"{next(n for n, v in given.items() if v is None)} is missing")
    need("eval", *_NEEDED)
    from . import questions

    asked = backends.Model(
        model, backend, factor, server, template, system, shared.template_args(template_args),
        shared.pairs("--set is NAME=JSON", options), batching.value,
        batch, concurrency, _price(price),
    )  # fmt: skip
    within = _lengths(trained)
    backends.check(asked)
    found = questions.read(
        corpus,
        style=style,
        shots=shots,
        limit=limit,
        tasks=tasks or (),
        lengths=lengths or (),
        rules=rules or (),
        trust=trust,
        unprotected=unprotected,
    )
    if found.plan.settings.side == "train":
        note(
            f"{corpus}: is of the side train; a model may have learnt these very instances", "rfft"
        )
    _run(out, asked, found, limit, within, shown)


def _run(
    out: Path,
    model: backends.Model,
    questions: "Questions",
    limit: int | None,
    trained: tuple[int, int],
    shown: int,
) -> None:
    """Answer, score, diagnose, report."""
    from . import diagnosis as diagnoses
    from . import report, results, run, traces
    from .summary import print_summary

    backward = questions.all[0].backward
    diagnosed = diagnoses.can_be_diagnosed(questions.style) and not backward
    if diagnosed or backward:
        diagnoses.check_protection(questions)
    with Bar("answering") as bar:
        started, written = time.monotonic(), 0

        def done(answer: "Answer") -> None:
            nonlocal written
            written += answer.written
            bar.add(note=f"{written / (time.monotonic() - started + 1e-9):,.0f} tokens/s")

        answers = run.answer(out, model, questions, limit, begun=bar.begin, done=done)
        scores = results.score(questions.all, answers, questions.unprotected)
    diagnosis: dict[str, Any] = {}
    views: dict[str, str] = {}
    if diagnosed:
        wrong = [score.id for score in scores if not score.right]
        with Bar("looking at wrong answers", len(wrong)) as bar:
            verdicts = diagnoses.diagnose(questions, answers, wrong, done=bar.add)
        scores = [
            dataclasses.replace(score, verdict=verdicts.get(score.id, {}).get("verdict"))
            for score in scores
        ]
        diagnosis = diagnoses.summary(scores)
        chosen = _spread([score for score in scores if not score.right], shown)
        with Bar("tracing wrong answers", len(chosen)) as bar:
            views = traces.traces(questions, answers, chosen, done=bar.add)
    made = results.Results(out.resolve().name, run.read(out), trained, scores)
    results.write(out, made, {**_cost(model, made), "diagnosis": diagnosis or None})
    report.write(out, [made], views)
    print_summary([made])
    if line := results.where_wrong(scores):
        print(line)
    print(f"{out / report.FILE} has the pictures and the wrong answers")


def _spread(wrong: list[Any], most: int) -> list[Any]:
    """Return at most so many wrong answers, spread over all of them."""
    count = min(most, len(wrong))
    return [wrong[place * len(wrong) // count] for place in range(count)]


def _cost(model: backends.Model, made: Any) -> dict[str, Any]:
    """Return the tokens of a run, and what they have cost if the price is known."""
    read = sum(score.read for score in made.scores)
    written = sum(score.written for score in made.scores)
    price = model.price
    cost = None if price is None else round((read * price[0] + written * price[1]) / 1e6, 6)
    return {"tokens": {"read": read, "written": written}, "cost": cost}


@app.command("compare")
def _compare(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN...", help="Folders of runs, or of a run for each task."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(*OUTPUT, metavar="DIR", help="Write the report of all of them here."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="json is for programs.")] = Format.text,
) -> None:
    """Put runs together: their numbers, their curves, and each against the first row by row."""
    need("eval", *_NEEDED)
    from . import report, results
    from .summary import print_comparison, to_json

    found = [results.read(folder) for folder in runs]
    if out is not None:
        report.write(out, found)
    if form is Format.json:
        print(json.dumps(to_json(found), indent=2, ensure_ascii=False))
    else:
        print_comparison(found)


@app.command("wrong")
def _wrong(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN...", help="Folders of runs, or of a run for each task."),
    ],
    form: Annotated[Format, typer.Option("--format", help="json is for programs.")] = Format.text,
) -> None:
    """Say what the first wrong lines of wrong answers asked for, and in which iterations."""
    need("eval", *_NEEDED)
    from . import results
    from .summary import print_wrong, wrong_lines

    found = [results.read(folder) for folder in runs]
    if form is Format.json:
        print(json.dumps(wrong_lines(found), indent=2, ensure_ascii=False))
    else:
        print_wrong(found)


@app.command("forced")
def _forced(
    model: Annotated[str, typer.Option(metavar="M", help="A checkpoint's folder, or a name.")],
    corpus: Annotated[Path, typer.Option(metavar="DIR", help="A corpus, such as of preset test.")],
    tasks: Annotated[
        list[str] | None,
        typer.Option("--task", metavar="TASK", help="Questions of this task only; repeatable."),
    ] = None,
    lengths: Annotated[
        list[int] | None,
        typer.Option("--length", metavar="N", help="Questions of this length; repeatable."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="At most N, spread over the corpus.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(*OUTPUT, metavar="FILE", help="Write the numbers here, as JSON.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="json is for programs.")] = Format.text,
) -> None:
    """Read true responses: which tokens a model would write, by what their lines ask for."""
    need("eval", "jinja2")
    from . import forced, questions
    from .summary import print_shares

    asked = backends.Model(model, "transformers", 2.0)
    backends.check(asked)
    found = questions.read(corpus, tasks=tasks or (), lengths=lengths or (), limit=limit)
    with Bar("reading", len(found.all)) as bar:
        shares = forced.read(asked, found.all, done=bar.add)
    text = json.dumps([dataclasses.asdict(share) for share in shares], indent=1)
    if out is not None:
        disk.put(out, (text + "\n").encode(), out.parent)
    if form is Format.json:
        print(text)
    else:
        print_shares(shares)


def _lengths(text: str) -> tuple[int, int]:
    from rfft.rules.corpus import settings as presets

    return presets.lengths(text)


def _price(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        read, written = map(float, text.split(","))
        if min(read, written) < 0:
            raise ValueError
    except ValueError:
        raise EvalRejected(f"--price is IN,OUT, such as 0.5,1.5, and not {text}") from None
    return read, written
