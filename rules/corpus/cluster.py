"""Builds the parts of a corpus with datatrove's executors: on this machine, by Slurm or by Ray.

A job builds one part, as ``rfft corpus build --shard k/n`` does. Logs and completions are in
``.work/logs/HASH-N``, named by the plan's hash and the number of jobs, so that those of another
plan are never taken for its own. The corpus's folder must be one that all machines see.
"""

from pathlib import Path
from typing import Any

from rfft.tracer.commands.disk import WORK
from rfft.tracer.commands.extras import installing

from . import plan as plans
from .errors import CorpusRejected

EXECUTORS = ("local", "slurm", "ray")


def build_part(
    folder: str, plan: str, workers: int | None, k: int, n: int, trust: bool = False
) -> None:
    """Build part `k` (1 to `n`) of the corpus in a folder, if that is of this plan."""
    from .build import build

    there = plans.checked(Path(folder), trust)
    if there.hash != plan:
        raise CorpusRejected(f"{folder}: is of another plan")
    build(there, Path(folder), part=(k, n), workers=workers)


class Part:
    """The step of a datatrove pipeline that builds one part; datatrove gives its rank."""

    def __init__(self, folder: str, plan: str, workers: int | None, trust: bool = False) -> None:
        self.folder = folder
        self.plan = plan
        self.workers = workers
        self.trust = trust

    def __call__(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        build_part(self.folder, self.plan, self.workers, rank + 1, world_size, self.trust)
        return data or ()


def executor(
    kind: str, folder: Path, jobs: int, sandboxes: int | None, trust: bool = False, **options: Any
) -> Any:
    """Return datatrove's executor for a corpus; `run` starts it.

    Each of `jobs` has so many `sandboxes`; for `trust` see `Plan`. `options` are those of the
    executor, such as ``time`` and ``partition`` of Slurm's. Raises CorpusRejected.
    """
    if kind not in EXECUTORS:
        raise CorpusRejected(f"no executor {kind!r}; there are {', '.join(EXECUTORS)}")
    try:
        from datatrove import executor as executors
    except ImportError:
        raise CorpusRejected(
            f"this needs datatrove: {installing('cluster')}; "
            "rfft corpus build --shard k/n needs nothing"
        ) from None
    plan = plans.checked(folder, trust)
    made = {
        "local": executors.LocalPipelineExecutor,
        "slurm": executors.SlurmPipelineExecutor,
        "ray": executors.RayPipelineExecutor,
    }[kind]
    folder = folder.resolve()
    logs = folder / WORK / "logs" / f"{plan.hash}-{jobs}"
    step = Part(str(folder), plan.hash, sandboxes, trust)
    # What is complete is told by the files themselves, and not by a job having ended once.
    options.setdefault("skip_completed", False)
    try:
        return made(pipeline=[step], tasks=jobs, logging_dir=str(logs), **options)
    except TypeError as error:
        raise CorpusRejected(f"executor {kind}: {error}") from None
