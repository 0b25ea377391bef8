"""The commands ``rfft rules ...``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rfft.tracer.commands.app import (
    AllowOption,
    Format,
    FormOption,
    OutputOption,
    Part,
    print_json,
    say,
)
from rfft.tracer.commands.grammar import OUTPUT, App, Misused
from rfft.tracer.commands.progress import Bar
from rfft.tracer.errors import Refused

from .errors import TaskNotFound, TaskRejected
from .synthetic_cli import synthetic
from .vary_cli import vary

if TYPE_CHECKING:
    from .task import Task

app = App(help="The task library: rules with questions, inputs of any length and answers.")

Rules = Annotated[
    list[Path] | None,
    typer.Option("--rules", metavar="DIR", help="A folder with more tasks; may be given again."),
]
Trust = Annotated[
    bool,
    typer.Option(
        "--trust", help="Code of task files is your own: run it here, not in the sandbox."
    ),
]
Form = Annotated[Format, typer.Option("--format", help="json is for programs.")]
FunctionOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Which function, of a file with several; or FILE.py::NAME."),
]
Name = Annotated[str, typer.Argument(metavar="TASK", help="A task's name, title or file.")]


def _load(name: str, rules: list[Path] | None, trust: bool, function: str | None = None) -> "Task":
    from .discovery import load
    from .sandboxed import guarded

    return guarded(load(_in_file(name, function), rules or ()), trust)


def _in_file(name: str, function: str | None) -> str:
    """Return the name of a function in a file; a task of the library has one."""
    if function is not None and not name.endswith(".py"):
        raise Misused(f"--function says which of a file's functions; {name} is no .py file")
    return name if function is None else f"{name}::{function}"


def _about(task: "Task") -> dict[str, Any]:
    return {
        "id": task.id,
        "title": task.title,
        "source": task.source,
        "split": task.split,
        "length": task.length,
        "min_length": task.min_length,
        "max_length": task.max_length,
    }


@app.command("list")
def _list(rules: Rules = None, form: Form = Format.text) -> None:
    """List the tasks. Their files are read and not run."""
    from .discovery import find
    from .task import Task

    tasks, rejected = [], []
    for path in find(rules or ()).values():
        try:
            tasks.append(_about(Task.from_file(path)))
        except TaskRejected as problem:
            rejected.append(str(problem))
    if form is Format.json:
        print_json(tasks)
    else:
        from .tables import print_table

        columns = ["id", "title", "source", "split", "length"]
        print_table(columns, [[str(task[c]) for c in columns] for task in tasks])
    for line in rejected:
        say(line, "rfft")
    if rejected:
        raise typer.Exit(1)


@app.command("show")
def _show(
    name: Name,
    length: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="The length of the question's instance.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", help="Which instance.")] = 0,
    function: FunctionOption = None,
    rules: Rules = None,
    trust: Trust = False,
    allow: AllowOption = None,
    form: Form = Format.text,
) -> None:
    """Show what a task says, a question and the rule."""
    task = _load(name, rules, trust, function)
    if length is None:
        length = max(task.min_length, min(5, task.max_length or 5))
    about = _about(task)
    about["file"] = str(task.path)
    about["question"] = task.question(*task.arguments(length, seed))
    rule = task.rule.text
    about["fingerprint"] = task.fingerprint
    if form is Format.json:
        print_json({**about, "rule": rule})
        return
    for key, value in about.items():
        if value is not None:
            print(f"{key.replace('_', ' ')}: {value}")
    print(f"\n{rule}")


@app.command("trace")
def _trace(
    name: Name,
    length: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="The length of the instance.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", help="Instances differ by their seeds,")] = 0,
    index: Annotated[int, typer.Option(metavar="I", min=0, help="and by their numbers.")] = 0,
    function: FunctionOption = None,
    style: Annotated[
        str, typer.Option(metavar="STYLE", help="How the trace is written: a name or a file.")
    ] = "rfft",
    rules: Rules = None,
    trust: Trust = False,
    allow: AllowOption = None,
    form: FormOption = None,
    only: Annotated[Part | None, typer.Option(help="Write one part of the text.")] = None,
    output: OutputOption = None,
) -> None:
    """Trace a task on an instance of it, as rfft-trace does.

    FILE.jsonl#ID is a program of a set; it is traced on the input of its own that --index says.
    """
    from rfft.tracer.commands.files import read_program
    from rfft.tracer.commands.output import Writer
    from rfft.tracer.commands.reports import Reports
    from rfft.tracer.sandbox import Limits, run
    from rfft.tracer.values.show import show

    from .sandboxed import protection

    writer = Writer(output, form, only)
    limits = Limits()
    reports = Reports(writer, limits)
    if program := read_program(name):
        source, function, given = program
        if index >= max(len(given), 1):
            raise Refused(f"{name}: has {len(given)} inputs, counted from 0")
        text = given[index] if given else ""
        record = run(source, text, function=function, style=style, limits=limits)
        reports.add(record, name)
        raise typer.Exit(reports.close())
    if length is None:
        raise Misused("Missing option '--length': how long the instance of a task is")
    status = "rejected_source"
    try:
        task = _load(name, rules, trust, function)
        status = "rejected_input"
        arguments = task.arguments(length, seed, index)
        question = task.question(*arguments)
    except Refused as problem:
        reports.refuse(status, problem, [""], protection)
        raise
    rule = task.rule
    record = run(
        rule.source,
        ", ".join(map(show, arguments)),
        function=rule.function,
        style=style,
        question=question,
        limits=limits,
    )
    reports.add(record, task.id)
    raise typer.Exit(reports.close())


@app.command("check")
def _check(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TASK]...", help="Names, titles, files or folders; by default all."
        ),
    ] = None,
    function: FunctionOption = None,
    rules: Rules = None,
    form: Form = Format.text,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Show the branches of every task, not of one alone.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Processes; by default one a core.")
    ] = None,
    trust: Trust = False,
    allow: AllowOption = None,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", min=1, help="For one task.")] = 120,
    pythons: Annotated[
        list[str] | None,
        typer.Option(
            "--python", metavar="PYTHON", help="Another interpreter that must make the same inputs."
        ),
    ] = None,
) -> None:
    """Check tasks; name those that fail and exit with 1.

    On some 300 inputs of each: do the oracle and the rule in the prompt give the same answer, is
    every branch reached, do answers vary, do steps grow with the length, does every question tell
    its arguments, do the same inputs come again, on another interpreter too, and does the rule do
    the same again under another hash seed, clock and layout of memory?
    """
    from .checks import pool, present

    paths = _paths([_in_file(name, function) for name in names or ()], rules or [])
    if not paths:
        raise TaskNotFound("there are no tasks to check")
    with Bar("checking", len(paths)) as bar:
        try:
            reports = pool.check(
                paths, workers=workers, seconds=timeout, pythons=pythons or (),
                trust=trust,
                done=lambda report: bar.add(note=report.id),
            )  # fmt: skip
        except OSError as error:
            raise Refused(f"no process to check in: {error}") from None
    if form is Format.json:
        print_json([one.to_json() for one in reports])
    else:
        present.show_reports(reports, coverage=coverage or len(reports) == 1)
    failed = [one.id for one in reports if not one.passed]
    if failed:
        say(f"{len(failed)} of {len(reports)} tasks failed: {', '.join(failed)}", "rfft")
        raise typer.Exit(1)


def _paths(names: list[str], rules: list[Path]) -> list[Path]:
    """Return the files of the tasks that are named, or of all."""
    from .discovery import find, load
    from .task import split_path

    if not names:
        return list(find(rules).values())
    paths: list[Path] = []
    for name in names:
        if Path(name).is_dir():
            paths += find([Path(name)], library=False).values()
        else:
            is_file = name.endswith(".py") or ".py::" in name
            path = Path(name) if is_file else load(name, rules).path
            assert path is not None
            if not split_path(path)[0].is_file():
                raise TaskNotFound(f"{path}: no such file")
            paths.append(path)
    return paths


@app.command("new")
def _new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The task, and its function.")],
    folder: Annotated[
        Path, typer.Option(*OUTPUT, metavar="DIR", help="The folder for the file.")
    ] = Path(),
) -> None:
    """Write a file to start a task from."""
    from .new import write_new

    try:
        path = write_new(name, folder)
    except OSError as error:
        raise Refused(f"{folder}: {error.strerror or error}") from None
    print(f"{path} holds an example to put {path.stem} into; then: rfft rules check {path}")


@app.command("gallery")
def _gallery(
    output: OutputOption = None,
    rules: Rules = None,
    trust: Trust = False,
    allow: AllowOption = None,
) -> None:
    """Make the page that shows all tasks."""
    from rfft.tracer.commands.output import Output

    from .discovery import catalog
    from .gallery import page
    from .sandboxed import guarded

    target = Output(output)
    target.write(page(guarded(task, trust) for task in catalog(rules or ()).values()))
    target.close()


app.command("synthetic")(synthetic)
app.command("vary")(vary)
