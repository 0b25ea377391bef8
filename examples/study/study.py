"""The papers in small: from nothing to the curves of length generalisation, with one command.

    python examples/study/study.py --scale cpu --out study

Five methods answer tasks that no pretraining has seen, at lengths far beyond those of adaptation:
direct answer, scratchpad, vanilla RFFT, Meta-RFFT, and one worked example without adaptation. The
plan is a file beside this one, such as `cpu.toml`. Every stage is an `rfft` command; the same
command again goes on where a study was killed.
"""

import concurrent.futures
import hashlib
import itertools
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import summary
import typer
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
RFFT = Path(sys.executable).parent / "rfft"
PLANS = "cpu, smol and gpu"
STYLES = {"direct": "direct", "scratchpad": "scratchpad", "vanilla": "rfft", "meta": "rfft"}
"""The methods that are adapted to a task, and the style of each."""
RECIPES = {
    "pretrain": "tiny-pretrain",
    "icl": "tiny-icl",
    "meta": "tiny-adapt",
    **{method: f"tiny-{method}" for method in STYLES if method != "meta"},
}
"""By what each stage is trained, where a plan has no `recipes`."""


@dataclass(frozen=True)
class Stage:
    """An `rfft` command, run in the study's folder when the stages that it needs are done."""

    name: str
    command: tuple[str, ...]
    needs: tuple[str, ...] = ()


def stages(plan: dict[str, Any]) -> list[Stage]:
    """Return the stages of a study, each after those that it needs.

    Pretraining, in-context training and the questions have the first seed; all else is done with
    each seed. What tells most comes first: Meta-RFFT with the first seed, then the other methods.
    """
    made: list[Stage] = []
    first = plan["seeds"][0]

    def add(name: str, *command: object, needs: tuple[str, ...] = ()) -> str:
        made.append(Stage(name, tuple(map(str, command)), needs))
        return name

    def corpus(name: str, preset: str, *settings: object, seed: int = first) -> str:
        return add(
            f"corpus {name}", "corpus", "build", "--preset", preset, "--seed", seed,
            "--config", "prompt_completion", "--workers", 1, "--out", f"corpora/{name}",
            *settings,
        )  # fmt: skip

    def train(name: str, data: str, *more: str, start: str | None = None, seed: int = first) -> str:
        method = "pretrain" if name == "gate" else name.partition("-")[0]
        trained = [] if start is None else [f"train {start}"]
        return add(
            f"train {name}", "train", "--recipe", recipes[method], "--seed", seed,
            "--model", plan["model"] if start is None else f"models/{start}",
            "--corpus", f"corpora/{data}", "--out", f"models/{name}",
            *plan["training"].get("every", []), *plan["training"].get(method, []), *more,
            needs=(f"corpus {data}", *trained),
        )  # fmt: skip

    def look(model: str) -> str:
        """Read true responses of the targets, at the lengths of the gate."""
        return add(
            f"look {model}", "eval", "forced", "--model", f"models/{model}",
            "--corpus", "corpora/test-rfft", "--limit", plan["gate"]["questions"],
            "--out", f"results/look-{model}.json",
            *[part for length in plan["gate"]["lengths"] for part in ("--length", length)],
            needs=("corpus test-rfft", f"train {model}"),
        )  # fmt: skip

    def ask(method: str, run: str, task: str, data: str, model: str, *settings: str) -> str:
        return add(
            f"eval {method} {run}", "eval", "--model", f"models/{model}",
            "--corpus", f"corpora/{data}", "--task", task, "--trained", plan["trained"],
            "--out", f"results/{method}/{run}", *settings, *plan["eval"], *lengths,
            needs=(f"corpus {data}", f"train {model}"),
        )  # fmt: skip

    recipes = RECIPES | plan.get("recipes", {})
    lengths = [part for length in plan.get("lengths", []) for part in ("--length", str(length))]
    targets = [part for task in plan["targets"] for part in ("--task", task)]
    known = [part for task in plan["pretraining"] for part in ("--task", task)]
    corpus("pretrain", "rf-pretrain", *known, *plan["corpora"]["pretrain"])
    corpus("icl", "icl", *known, *plan["corpora"]["icl"])
    for style in dict.fromkeys(STYLES.values()):
        corpus(f"test-{style}", "test", *targets, "--style", style, *plan["corpora"]["test"])
    one_shot = plan["corpora"].get("one-shot", plan["corpora"]["test"])
    corpus("test-rfft-icl", "test", *targets, "--style", "rfft-icl", *one_shot)
    if "gate" in plan:
        train("gate", "pretrain", *plan["gate"]["training"])
        look("gate")
    train("pretrain", "pretrain")
    if "gate" in plan:
        look("pretrain")
    answered = []
    for seed, method in itertools.product(
        plan["seeds"], ("meta", *(m for m in STYLES if m != "meta"))
    ):
        for task in plan["targets"]:
            run, style = f"{task}-{seed}", STYLES[method]
            name, data = f"{method}-{run}", f"{run}-{style}"
            if f"corpus {data}" not in {stage.name for stage in made}:
                settings = ("--task", task, "--style", style, *plan["corpora"]["adapt"])
                corpus(data, "adapt", *settings, seed=seed)
            train(name, data, start="pretrain" if method == "meta" else None, seed=seed)
            answered.append(ask(method, run, task, f"test-{style}", name))
        if seed == first and method == "vanilla":
            train("icl", "icl", start="pretrain")
            answered += [
                ask("one-shot", task, task, "test-rfft-icl", "icl", "--shots", "1")
                for task in plan["targets"]
            ]
    runs = [f"results/{method}" for method in summary.PAPER]
    add("report", "eval", "compare", *runs, "--out", "report", needs=tuple(answered))
    return made


class Study:
    """Runs stages, so many at a time, and keeps which ones are done."""

    def __init__(self, made: list[Stage], out: Path, jobs: int) -> None:
        self.stages = made
        self.out = out
        self.jobs = jobs
        self.console = Console()
        self.rests_on: dict[str, str] = {}
        """Of each stage, a hash of its command and those of all stages that it rests on."""
        for stage in made:
            text = "\0".join((*stage.command, *(self.rests_on[name] for name in stage.needs)))
            self.rests_on[stage.name] = hashlib.sha256(text.encode()).hexdigest()
        for name in ("done", "logs"):
            (out / name).mkdir(parents=True, exist_ok=True)

    def seconds(self, stage: Stage) -> float | None:
        """Return how long a stage took; None if it is not done, or rests on other commands."""
        path = self.out / "done" / f"{stage.name}.json"
        said = json.loads(path.read_text()) if path.exists() else {}
        same = said.get("rests_on") == self.rests_on[stage.name]
        return said.get("seconds") if same else None

    def run(self) -> bool:
        """Run what is not done; return whether all is. A failed stage lets the others end."""
        done = {stage.name for stage in self.stages if self.seconds(stage) is not None}
        waiting = [stage for stage in self.stages if stage.name not in done]
        running: dict[concurrent.futures.Future[str | None], Stage] = {}
        failed = False
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            while running or (waiting and not failed):
                for stage in list(waiting):
                    if not failed and len(running) < self.jobs and done.issuperset(stage.needs):
                        running[pool.submit(self.stage, stage)] = stage
                        waiting.remove(stage)
                ended, _ = concurrent.futures.wait(running, return_when="FIRST_COMPLETED")
                for future in ended:
                    stage, problem = running.pop(future), future.result()
                    if problem is None:
                        done.add(stage.name)
                        self.console.print(f"{stage.name}: {self.seconds(stage):,.0f} s")
                    else:
                        failed = True
                        self.console.print(f"{stage.name}: failed: {problem}", style="red")
        return not failed

    def stage(self, stage: Stage) -> str | None:
        """Run a stage; return the last line of what it said if it failed."""
        started = time.monotonic()
        log = self.out / "logs" / f"{stage.name}.txt"
        threads = {"OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 1) // self.jobs))}
        with log.open("w") as file:
            ended = subprocess.run(
                [RFFT, *stage.command],
                cwd=self.out,
                stdout=file,
                stderr=file,
                env=os.environ | threads,
                check=False,
            )
        if ended.returncode:
            lines = log.read_text().splitlines()
            return f"{lines[-1] if lines else f'exit {ended.returncode}'} ({log})"
        seconds = round(time.monotonic() - started, 1)
        path = self.out / "done" / f"{stage.name}.json"
        said = {"rests_on": self.rests_on[stage.name], "seconds": seconds}
        path.with_suffix(".tmp").write_text(json.dumps(said))
        path.with_suffix(".tmp").rename(path)
        return None


def show(plan: dict[str, Any], study: Study) -> None:
    """Print what will be done, and what of it is done."""
    table = Table(box=None, pad_edge=False)
    for column in ("stage", "needs", "seconds"):
        table.add_column(column, overflow="fold")
    for stage in study.stages:
        seconds = study.seconds(stage)
        table.add_row(
            stage.name, ", ".join(stage.needs[:3]), "" if seconds is None else f"{seconds:,.0f}"
        )
    study.console.print(table)
    for name in ("corpora", "training"):
        for part, settings in plan[name].items():
            study.console.print(f"{name}: {part}: {' '.join(settings)}", highlight=False)
    study.console.print(
        f"{len(study.stages)} stages, {study.jobs} at a time; pretraining on "
        f"{len(plan['pretraining']) or 'all'} tasks, targets {', '.join(plan['targets'])}; "
        f"seeds {', '.join(map(str, plan['seeds']))}; "
        f"expected: {plan['expected']}",
        highlight=False,
    )


def main(
    scale: Annotated[str, typer.Option(help="cpu, smol, gpu, or a plan of yours (.toml).")] = "cpu",
    out: Annotated[Path, typer.Option(help="The folder of the study.")] = Path("study"),
    model: Annotated[
        str | None, typer.Option(help="In place of the plan's model, such as a GGUF file.")
    ] = None,
    jobs: Annotated[int, typer.Option(help="Stages at a time; 0: as the plan says.")] = 0,
    so_far: Annotated[
        bool, typer.Option("--so-far", help="Run nothing; report on what is complete.")
    ] = False,
    only_plan: Annotated[bool, typer.Option("--plan", help="Print the commands and stop.")] = False,
) -> None:
    """Train and compare all methods, and write the report."""
    path = Path(scale) if scale.endswith(".toml") else HERE / f"{scale}.toml"
    if not path.is_file():
        raise typer.BadParameter(f"no plan {scale!r}; there are {PLANS}, and files (.toml)")
    plan = tomllib.loads(path.read_text())
    if model is not None:
        plan["model"] = str(Path(model).resolve()) if Path(model).exists() else model
    made = stages(plan)
    if only_plan:
        for stage in made:
            print(shlex.join(["rfft", *stage.command]))
        return
    study = Study(made, out, jobs or plan["jobs"])
    if not so_far:
        show(plan, study)
        if not study.run():
            raise typer.Exit(1)
    elif not report_so_far(plan, out):
        raise typer.BadParameter(f"no method has answered for all targets in {out} yet")
    seconds = {stage.name: study.seconds(stage) or 0.0 for stage in made}
    (out / "report" / "README.md").write_text(summary.page(plan, out, seconds))
    summary.answers(out, out / "report" / "answers.csv")
    shutil.copy(path, out / "report" / "plan.toml")
    print(f"{out}/report/README.md has the numbers, {out}/report/report.html the curves")


def report_so_far(plan: dict[str, Any], out: Path) -> bool:
    """Write the report of the runs that count; return whether there are any."""
    runs = [out / summary.SO_FAR / method for method in summary.so_far(plan, out)]
    if runs:
        report = [RFFT, "eval", "compare", *runs, "--out", out / "report"]
        subprocess.run(report, stdout=subprocess.DEVNULL, check=True)
    return bool(runs)


if __name__ == "__main__":
    typer.run(main)
