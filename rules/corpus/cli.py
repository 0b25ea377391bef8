"""The commands ``rfft corpus ...``."""

import dataclasses
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rfft.tracer.commands.app import AllowOption, Format, note, print_json, say
from rfft.tracer.commands.grammar import OUTPUT, App, Misused
from rfft.tracer.commands.progress import Bar

from ..cli import Rules, Trust
from .errors import BuildFailed
from .export_cli import export
from .options import System, Template, TemplateArgs, template_args

if TYPE_CHECKING:
    from .build import Built
    from .gathering import Gathering
    from .pace import Pace
    from .plan import Plan
    from .records import Record
    from .rows import Row

app = App(help="Corpora: from tasks to training data that any trainer reads.")

Preset = Annotated[
    str | None,
    typer.Option(metavar="PRESET", help="rf-pretrain, adapt, test, icl ..., or a .toml file."),
]
Tasks = Annotated[
    list[str] | None,
    typer.Option("--task", metavar="TASK", help="A name or title; may be given again."),
]
Style = Annotated[str | None, typer.Option(metavar="STYLE", help="A style's name or file.")]
Lengths = Annotated[str | None, typer.Option(metavar="A-B", help="Lengths of instances.")]
PerLength = Annotated[
    int | None, typer.Option(metavar="N", min=0, help="Samples for each task and length.")
]
Seed = Annotated[int | None, typer.Option(metavar="S", help="Which instances are drawn.")]
Side = Annotated[
    str | None, typer.Option(metavar="SIDE", help="train, validation or test instances.")
]
Example = Annotated[
    bool | None, typer.Option("--example/--no-example", help="A worked example in each prompt.")
]
Synthetic = Annotated[
    int | None, typer.Option(metavar="N", min=0, help="Samples with a rule drawn for each.")
]
SyntheticKind = Annotated[
    str | None,
    typer.Option(metavar="KIND", help="Their kind: snippets, grammar, steps or changes."),
]
Unit = Annotated[
    str | None, typer.Option(metavar="UNIT", help="A row is a whole run, or a step of one.")
]
Vary = Annotated[
    int | None,
    typer.Option(metavar="N", min=0, help="Each task or program in N variants that mean the same."),
]
Direction = Annotated[
    str | None, typer.Option(metavar="D", help="backward asks for an input that gives an answer.")
]
ShardRows = Annotated[int | None, typer.Option(metavar="N", min=1, help="Rows of a shard.")]
ShardFormat = Annotated[
    str | None, typer.Option(metavar="FORMAT", help="What shards are: parquet or jsonl.")
]
Configs = Annotated[
    list[str] | None,
    typer.Option(
        "--config",
        metavar="CONFIG",
        help="prompt_completion, conversational or messages; by default the first two.",
    ),
]
Programs = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A set of programs, .jsonl or .parquet, in place of tasks."),
]
Fields = Annotated[
    str | None, typer.Option(metavar="NAME", help="What the set's columns are, if not guessed.")
]
Split = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Ids of the set by side; else a hash decides.")
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a corpus.")]
Workers = Annotated[
    int | None, typer.Option(metavar="N", min=1, help="Sandboxes; by default one a core.")
]
AllowUnprotected = Annotated[
    bool, typer.Option("--allow-unprotected", help="Go on where nothing holds rules back.")
]
Output = Annotated[Format, typer.Option("--format", help="json is for programs.")]


def _changes(context: typer.Context) -> dict[str, Any]:
    """Return the options of a command that are settings of a preset, by the names of these."""
    from .settings import Settings

    given = dict(context.params)
    given["format"] = given.pop("shard_format") or given.get("format")
    names = [field.name for field in dataclasses.fields(Settings) if field.name != "preset"]
    return {name: given[name] for name in names if name in given}


def _planned(
    preset: str | None,
    rules: list[Path] | None,
    changes: dict[str, Any],
    trust: bool = False,
    programs: "Gathering | None" = None,
    unprotected: bool = False,
) -> "Plan":
    from . import plan
    from . import settings as presets

    if programs is not None and preset is None:
        preset = "programs"
    if preset is None:
        raise Misused(f"--preset is missing; there are {', '.join(presets.FILES.names())}")
    for name in ("tasks", "configs"):
        changes[name] = tuple(changes[name]) if changes[name] else None
    if changes["lengths"] is not None:
        changes["lengths"] = presets.lengths(changes["lengths"])
    settings = presets.load(preset, **changes)
    if programs is None:
        return plan.make(settings, rules or (), trust, unprotected=unprotected)
    return plan.make(settings, rules or (), trust, lambda: programs.collect(settings))


@app.command("plan")
def _plan(
    preset: Preset = None,
    tasks: Tasks = None,
    style: Style = None,
    lengths: Lengths = None,
    per_length: PerLength = None,
    seed: Seed = None,
    side: Side = None,
    example: Example = None,
    synthetic: Synthetic = None,
    synthetic_kind: SyntheticKind = None,
    unit: Unit = None,
    vary: Vary = None,
    direction: Direction = None,
    shard_rows: ShardRows = None,
    configs: Configs = None,
    rules: Rules = None,
    programs: Programs = None,
    fields: Fields = None,
    split: Split = None,
    out: Annotated[
        Path | None, typer.Option(*OUTPUT, metavar="DIR", help="A folder to write the plan into.")
    ] = None,
    shard_format: ShardFormat = None,
    form: Annotated[
        Format, typer.Option("--format", help="json is the whole plan, for programs.")
    ] = Format.text,
    *,
    context: typer.Context,
) -> None:
    """Say what a corpus would hold. Nothing is drawn or run, but for variants."""
    from .gathering import gathering

    gather = context.with_resource(gathering(programs, fields, split, out))
    plan = _planned(preset, rules, _changes(context), programs=gather)
    if out is not None:
        from .build import claim, locked

        with locked(out, (1, 1)):
            claim(plan, out)
    if form is Format.json:
        print(plan.text(), end="")
        return
    print(f"plan: {plan.hash}")
    for name, value in dataclasses.asdict(plan.settings).items():
        if name == "tasks":
            value = f"{len(plan.tasks)} ({value if isinstance(value, str) else ', '.join(value)})"
        elif isinstance(value, tuple):
            value = ("-" if name == "lengths" else ", ").join(map(str, value))
        print(f"{name.replace('_', ' ')}: {value}")
    print(f"samples: {plan.samples:,}, at most")
    print(f"shards: {len(plan.shards):,}")
    for line in plan.left_out:
        print(f"not planned: {line}")
    _say_programs(plan, [])


@app.command("build")
def _build(
    out: Annotated[
        Path, typer.Option(*OUTPUT, metavar="DIR", help="The folder; it is made if need be.")
    ],
    preset: Preset = None,
    tasks: Tasks = None,
    style: Style = None,
    lengths: Lengths = None,
    per_length: PerLength = None,
    seed: Seed = None,
    side: Side = None,
    example: Example = None,
    synthetic: Synthetic = None,
    synthetic_kind: SyntheticKind = None,
    unit: Unit = None,
    vary: Vary = None,
    direction: Direction = None,
    shard_rows: ShardRows = None,
    shard_format: ShardFormat = None,
    configs: Configs = None,
    rules: Rules = None,
    programs: Programs = None,
    fields: Fields = None,
    split: Split = None,
    trust: Trust = False,
    allow: AllowOption = None,
    workers: Workers = None,
    shard: Annotated[
        str | None, typer.Option(metavar="K/N", help="Build the K-th of N parts alone.")
    ] = None,
    tokenizer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Count tokens for the card; see stats.")
    ] = None,
    unprotected: AllowUnprotected = False,
    # What --shard-format was called before: elsewhere --format says how something is told.
    format: Annotated[str | None, typer.Option(hidden=True)] = None,
    *,
    context: typer.Context,
) -> None:
    """Build a corpus, or go on with one: without --preset, with the one that is in the folder.

    It may be killed at any time; the same command goes on. The result is the same to the byte.
    """
    from . import plan as plans
    from .build import build
    from .gathering import gathering
    from .pace import Pace

    k, n = _part(shard)
    gather = context.with_resource(gathering(programs, fields, split, out, unprotected))
    if preset is None and gather is None and (out / plans.FILE).exists():
        given = [name for name, value in _changes(context).items() if value]
        if given:
            option = "shard-format" if given[0] == "format" else given[0].replace("_", "-")
            raise Misused(f"--{option} needs --preset, too")
        plan = plans.checked(out, trust)
    else:
        plan = _planned(preset, rules, _changes(context), trust, gather, unprotected)
    wanted = sum(part.count for i in plan.part(k, n) for part in plan.shards[i])
    pace = Pace(_counting(tokenizer) if tokenizer is not None else None)
    with Bar("building", wanted) as bar:

        def done(samples: int, rows: Sequence["Row"]) -> None:
            pace.done(samples, rows)
            bar.add(samples, str(pace))

        built = build(
            plan, out, part=(k, n), workers=workers, unprotected=unprotected,
            begun=lambda complete: bar.begin(complete, wanted), done=done,
        )  # fmt: skip
    _say_built(plan, out, built, (k, n), pace)
    if built.manifest is not None and not built.manifest["rows"]:
        left_out = built.manifest["left_out"]
        why = f"; the first was left out: {left_out[0]['reason']}" if left_out else ""
        raise BuildFailed(f"{out}: is a corpus without a sample{why}")
    if tokenizer is not None and built.manifest is not None:
        _with_tokens(plan, out, tokenizer, card=True)


def _counting(name: str) -> Callable[[str], int]:
    """Return what counts the tokens of a text."""
    from .stats import load_tokenizer

    tokenizer = load_tokenizer(name)
    return lambda text: len(tokenizer(text, add_special_tokens=False)["input_ids"])


def _part(shard: str | None) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,9})/(\d{1,9})", shard or "1/1")
    if match and 1 <= int(match[1]) <= int(match[2]):
        return int(match[1]), int(match[2])
    raise Misused(f"--shard is K/N, such as 1/4, and not {shard}")


def _say_built(
    plan: "Plan", folder: Path, built: "Built", part: tuple[int, int], pace: "Pace"
) -> None:
    """Print the summary of a build."""
    from rfft.tracer.sandbox.protection import shortfall

    if built.protection and (line := shortfall(built.protection)):
        note(line, "rfft")
    what = folder if part[1] == 1 else f"{folder}, part {part[0]} of {part[1]}"
    print(f"{what}: {built.rows:,} samples, plan {plan.hash}")
    speed = f" ({pace})" if built.shards else ""
    print(f"shards: {built.shards:,} built{speed}, {built.kept:,} were complete")
    for line in plan.left_out:
        print(f"not planned: {line}")
    if built.exhausted:
        print(f"exhausted: {built.exhausted} times a task has too few inputs; README.md lists them")
    _say_programs(plan, built.records)
    if built.left_out and not plan.programs:
        print(f"left out: {built.left_out:,} samples; README.md lists them with their reasons")
    if built.manifest is None:
        print("other parts are not built yet")


def _say_programs(plan: "Plan", records: Sequence["Record"]) -> None:
    """Print what has come of a set of programs, with a table of why it was not more."""
    if plan.programs is None:
        return
    from ..tables import print_table
    from . import outcome

    for line in outcome.summary(plan, records):
        print(line)
    if found := outcome.reasons(plan, records):
        rows = [[name, f"{count:,}", meaning] for name, meaning, count in found]
        print_table(["in no row", "count", "because"], rows, right="count")


@app.command("verify")
def _verify(
    folder: Folder,
    against: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="A corpus that must share nothing; may be given again."),
    ] = None,
    sample: Annotated[
        int, typer.Option(metavar="N", min=0, help="How many rows are traced again.")
    ] = 200,
    everything: Annotated[bool, typer.Option("--all", help="Trace all rows again.")] = False,
    workers: Workers = None,
    trust: Trust = False,
    allow: AllowOption = None,
    unprotected: AllowUnprotected = False,
    form: Output = Format.text,
) -> None:
    """Check files, split and traces of a corpus; name what is wrong and exit with 1.

    Checksums; that each row is on its side of the split and there once; that the rule in a row is
    in its prompt and makes its trace and answer; that the oracle gives that answer, too; and, with
    nothing run, that equations hold and that no line contradicts those above it.
    """
    from .verify import verify

    with Bar("tracing again", None if everything else sample) as bar:
        report = verify(
            folder, against=against or (), sample=None if everything else sample, workers=workers,
            trust=trust, unprotected=unprotected, done=bar.at,
        )  # fmt: skip
    if form is Format.json:
        print_json(dataclasses.asdict(report))
    else:
        print(f"{folder}: {report.shards:,} shards are whole, with {report.rows:,} rows")
        print(f"{report.pairs:,} pairs of rule and arguments; {report.traced:,} rows traced again")
        for other in report.against:
            print(f"compared with {other}")
        for line in report.problems:
            print(f"FAILED: {line}")
    if report.problems:
        say(f"problems: {sum(report.counts.values()):,}", "rfft")
        raise typer.Exit(1)


@app.command("stats")
def _stats(
    folder: Folder,
    tokenizer: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Count tokens: tokenizer.json, its folder, or hub name."),
    ] = None,
    template: Template = None,
    system: System = None,
    arguments: TemplateArgs = None,
    card: Annotated[bool, typer.Option("--card", help="Write the tokens into README.md.")] = False,
    form: Output = Format.text,
) -> None:
    """Count samples, characters and tokens, by task and length.

    Tokens are those of prompt and completion under the tokenizer's chat template.
    """
    from . import plan as plans
    from . import reading, stats

    plan = plans.read(folder)
    counted = None
    if tokenizer is not None:
        given = {"source": template, "system": system, "arguments": template_args(arguments)}
        counted = _with_tokens(plan, folder, tokenizer, card=card, **given)
    elif template or system or arguments or card:
        raise Misused("--tokenizer is missing: it says of which model tokens are counted")
    style = reading.style(plan, folder)
    rows = stats.summary(reading.built(plan, folder), style, counted)
    if form is Format.json:
        print_json(rows)
        return
    from ..tables import print_table

    columns = ["task", "length", "samples", "characters", "most_characters"]
    columns += ["tokens", "most_tokens"] * (counted is not None)
    cells = [[f"{row[c]:,}" if type(row[c]) is int else str(row[c]) for c in columns]
             for row in rows]  # fmt: skip
    print_table([c.replace("_", " ") for c in columns], cells, right=" ".join(columns[1:]))
    print(f"\n{sum(row['samples'] for row in rows):,} samples, "
          f"{sum(row['characters'] for row in rows):,} characters, style {style}"
          f"{', backward' if plan.settings.backward else ''}")  # fmt: skip
    if counted is not None:
        most = max((row["most_tokens"] for row in rows), default=0)
        total = sum(row["tokens"] for row in rows)
        print(f"{total:,} tokens; max_length {most} cuts nothing")


def _with_tokens(
    plan: "Plan", folder: Path, name: str, *, card: bool, **given: Any
) -> dict[tuple[str, int], tuple[int, int]]:
    """Return the tokens by task and length; write them into the card if that is wanted.

    `given` says which template, as `rfft.rules.corpus.templates.choose` takes it.
    """
    from . import card as cards
    from . import reading, stats, templates

    tokenizer = stats.load_tokenizer(name)
    template = templates.choose(tokenizer, name, **given)
    found = reading.built(plan, folder)
    rows = sum(record["rows"] for record in found)
    with Bar("counting tokens", rows) as bar:
        counted = stats.tokens(plan, folder, found, tokenizer, template, bar.add)
    if card:
        by = Path(name).name
        if any(given.values()):
            by += f" with `{template.options()}`"
        cards.write(plan, folder, found, counted, by)
    return counted


@app.command("show")
def _show(
    folder: Folder,
    row_id: Annotated[str, typer.Argument(metavar="ID", help="A row's id: task:length:number.")],
    regenerate: Annotated[
        bool, typer.Option("--regenerate", help="Make the row again from the plan and compare.")
    ] = False,
    trust: Trust = False,
    allow: AllowOption = None,
    unprotected: AllowUnprotected = False,
    form: Output = Format.text,
) -> None:
    """Show a row of a corpus."""
    from . import plan as plans
    from . import reading
    from .rows import parse_id
    from .tracing import Tracer

    plan = plans.checked(folder, trust) if regenerate else plans.read(folder)
    row = reading.find(plan, folder, row_id)
    if regenerate:
        with Tracer(plan, 1, unprotected=unprotected) as tracer:
            again = tracer.one(*parse_id(row_id)).rows
    if form is Format.json:
        print_json(row)
    else:
        sys.stdout.write(f"{row['prompt']}\n{row['completion']}")
    if regenerate:
        if row not in again:
            say(f"{row_id}: made again it is another row", "rfft")
            raise typer.Exit(1)
        note(f"{row_id}: made again it is the same", "rfft")


app.command("export")(export)


@app.command("launch")
def _launch(
    folder: Folder,
    executor: Annotated[str, typer.Option(metavar="KIND", help="local, slurm or ray.")] = "local",
    jobs: Annotated[int, typer.Option(metavar="N", min=1, help="Into how many jobs.")] = 1,
    workers: Workers = None,
    trust: Trust = False,
    allow: AllowOption = None,
    options: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="An option of datatrove's executor: time=2:00:00."
        ),
    ] = None,
) -> None:
    """Build a planned corpus (plan --output DIR) in jobs, by datatrove."""
    from .cluster import executor as make

    settings: dict[str, Any] = {}
    for option in options or ():
        name, equals, value = option.partition("=")
        if not equals or not name.isidentifier():
            raise Misused(f"--set is NAME=VALUE, and not {option}")
        settings[name] = int(value) if value.lstrip("-").isdecimal() else value
    make(executor, folder, jobs, workers, trust, **settings).run()
