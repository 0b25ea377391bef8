"""The papers in small: from nothing to the curves of length generalisation, with one command.

    python examples/study/study.py --scale cpu --out study

Five methods answer tasks that no pretraining has seen, at lengths far beyond those of adaptation:
direct answer, scratchpad, vanilla RFFT, Meta-RFFT, and one worked example without adaptation. The
plan is a file beside this one, `cpu.toml`. Every stage is an `rfft` command; the same command again
goes on where a study was killed.
"""

import concurrent.futures
import json
import os
import shlex
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
RFFT = Path(sys.executable).parent / "rfft"
STYLES = {"direct": "direct", "scratchpad": "scratchpad", "vanilla": "rfft", "meta": "rfft"}
"""The methods that are adapted to a task, and the style of each."""


@dataclass(frozen=True)
class Stage:
    """An `rfft` command. It begins when the stages that it needs are done."""

    name: str
    command: tuple[str, ...]
    needs: tuple[str, ...] = ()


def stages(plan: dict[str, Any], seed: int, out: Path) -> list[Stage]:
    """Return the stages of a study, each after those that it needs."""
    made: list[Stage] = []

    def add(name: str, *command: object, needs: tuple[str, ...] = ()) -> str:
        made.append(Stage(name, tuple(map(str, command)), needs))
        return name

    def corpus(name: str, preset: str, *settings: object) -> str:
        return add(
            f"corpus {name}", "corpus", "build", "--preset", preset, "--seed", seed,
            "--config", "prompt_completion", "--workers", 1, "--out", out / "corpora" / name,
            *settings,
        )  # fmt: skip

    def train(name: str, recipe: str, data: str, model: str, *needs: str) -> str:
        settings = plan["training"].get(name.split()[0], [])
        return add(
            f"train {name}", "train", "--recipe", recipe, "--seed", seed, "--model", model,
            "--corpus", out / "corpora" / data, "--out", out / "models" / name.replace(" ", "-"),
            *settings, needs=(f"corpus {data}", *needs),
        )  # fmt: skip

    def ask(method: str, data: str, model: str, task: str, *needs: str) -> str:
        shots = ("--shots", 1) if method == "one-shot" else ()
        return add(
            f"eval {method} {task}", "eval", "--model", out / "models" / model,
            "--corpus", out / "corpora" / data, "--task", task, "--trained", plan["trained"],
            "--out", out / "results" / method / task, *shots, *plan["eval"],
            needs=(f"corpus {data}", *needs),
        )  # fmt: skip

    targets = [part for task in plan["targets"] for part in ("--task", task)]
    known = [part for task in plan["pretraining"] for part in ("--task", task)]
    if plan.get("rules"):
        known += ["--rules", str(HERE / plan["rules"])]
    corpus("pretrain", "rf-pretrain", *known, *plan["corpora"]["pretrain"])
    corpus("icl", "icl", *known, *plan["corpora"]["icl"])
    for style in dict.fromkeys((*STYLES.values(), "rfft-icl")):
        corpus(f"test-{style}", "test", *targets, "--style", style, *plan["corpora"]["test"])
    train("pretrain", "tiny-pretrain", "pretrain", plan["model"])
    train("icl", "tiny-icl", "icl", plan["model"])
    answered = []
    for task in plan["targets"]:
        for style in dict.fromkeys(STYLES.values()):
            settings = ("--task", task, "--style", style, *plan["corpora"]["adapt"])
            corpus(f"{task}-{style}", "adapt", *settings)
        for method, style in STYLES.items():
            data, name = f"{task}-{style}", f"{method} {task}"
            if method == "meta":
                stage = train(
                    name, "tiny-adapt", data, str(out / "models" / "pretrain"), "train pretrain"
                )
            else:
                stage = train(name, f"tiny-{method}", data, plan["model"])
            answered.append(ask(method, f"test-{style}", name.replace(" ", "-"), task, stage))
        one_shot = ask("one-shot", "test-rfft-icl", "icl", task, "train icl")
        answered.append(one_shot)
    runs = [
        out / "results" / method
        for method in ("meta", "vanilla", "scratchpad", "direct", "one-shot")
    ]
    add("report", "eval", "compare", *runs, "--out", out / "report", needs=tuple(answered))
    return made


class Study:
    """Runs stages, so many at a time, and keeps which ones are done."""

    def __init__(self, made: list[Stage], out: Path, jobs: int) -> None:
        self.stages = made
        self.out = out
        self.jobs = jobs
        self.console = Console()
        for name in ("done", "logs"):
            (out / name).mkdir(parents=True, exist_ok=True)

    def seconds(self, stage: Stage) -> float | None:
        """Return how long a stage took; None if it is not done, or was another command."""
        path = self.out / "done" / f"{stage.name}.json"
        said = json.loads(path.read_text()) if path.exists() else {}
        return said.get("seconds") if said.get("command") == list(stage.command) else None

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
        path.with_suffix(".tmp").write_text(
            json.dumps({"command": stage.command, "seconds": seconds})
        )
        path.with_suffix(".tmp").rename(path)
        return None


def show(plan: dict[str, Any], study: Study, seed: int) -> None:
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
        f"{len(plan['pretraining'])} tasks, targets {', '.join(plan['targets'])}; seed {seed}; "
        f"expected: {plan['expected']}",
        highlight=False,
    )


def main(
    scale: Annotated[str, typer.Option(help="cpu, or a plan of yours (.toml).")] = "cpu",
    out: Annotated[Path, typer.Option(help="The folder of the study.")] = Path("study"),
    seed: Annotated[int, typer.Option(help="Of instances, weights and order.")] = 0,
    jobs: Annotated[int, typer.Option(help="Stages at a time; 0: as the plan says.")] = 0,
    only_plan: Annotated[bool, typer.Option("--plan", help="Print the commands and stop.")] = False,
) -> None:
    """Train and compare all methods, and write the report."""
    path = Path(scale) if scale.endswith(".toml") else HERE / f"{scale}.toml"
    if not path.is_file():
        raise typer.BadParameter(f"no plan {scale!r}; there are cpu, and files (.toml)")
    plan = tomllib.loads(path.read_text())
    made = stages(plan, seed, out.resolve())
    if only_plan:
        for stage in made:
            print(shlex.join(["rfft", *stage.command]))
        return
    study = Study(made, out, jobs or plan["jobs"])
    show(plan, study, seed)
    if not study.run():
        raise typer.Exit(1)
    print(f"{out}/report/report.html has the curves")


if __name__ == "__main__":
    typer.run(main)
