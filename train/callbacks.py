"""What happens beside the steps: early stop, checkpoints, metrics, and the progress bar."""

import json
import math
import time
from pathlib import Path
from typing import Any, TextIO

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from rfft.tracer.commands import disk

from . import checkpoints, curve
from .errors import TrainingFailed
from .progress import Progress
from .run import Run

_DRAWN_EVERY = 60  # seconds; a picture takes a good part of one


def validations(state: TrainerState) -> list[tuple[int, float]]:
    """Return the steps and losses of the validations so far."""
    return [(int(log["step"]), log["eval_loss"]) for log in state.log_history if "eval_loss" in log]


def best(state: TrainerState) -> int | None:
    """Return the step with the lowest loss on the validation corpus."""
    return min(validations(state), key=lambda v: (v[1], v[0]), default=(None, 0.0))[0]


def stopped(state: TrainerState, patience: int) -> bool:
    """Say whether the loss on the validation corpus was no new lowest one too often."""
    lowest = best(state)
    return sum(step > (lowest or 0) for step, _ in validations(state)) >= patience


class EarlyStop(TrainerCallback):
    """Saves at each new lowest loss on the validation corpus, and stops where there is none."""

    def __init__(self, patience: int) -> None:
        self._patience = patience

    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        if best(state) == state.global_step:
            control.should_save = True
        elif stopped(state, self._patience):
            control.should_training_stop = True
            control.should_save = True


class Checkpoints(TrainerCallback):
    """Puts the checkpoints in place that the trainer has written aside."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._drawn = time.monotonic()

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        if torch.distributed.is_initialized():
            torch.distributed.barrier()  # each process writes its part
        if state.is_world_process_zero:
            made = Path(str(args.output_dir)) / f"checkpoint-{state.global_step}"
            checkpoints.put(made, self._run.checkpoints)
            kept = {state.global_step, best(state) or state.global_step}
            checkpoints.keep(self._run.checkpoints, kept, self._run.work)
            if time.monotonic() - self._drawn > _DRAWN_EVERY:
                curve.draw(self._run)
                self._drawn = time.monotonic()


class Metrics(TrainerCallback):
    """Writes what the trainer logs into `metrics.jsonl`, a line each, and shows it.

    In a run that goes on, the lines of steps that are done once more are removed first.
    """

    def __init__(self, run: Run, shown: Progress) -> None:
        self._path = run.metrics
        self._shown = shown
        self._file: TextIO | None = None

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        if state.is_world_process_zero:
            truncate(self._path, state.global_step)
            self._file = self._path.open("a", encoding="utf-8")
            self._shown.begin(state.global_step, state.max_steps)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        said = {name: value for name, value in (logs or {}).items() if name != "epoch"}
        if not math.isfinite(said.get("loss", 0)):
            raise TrainingFailed(
                f"the loss of step {state.global_step} is {said['loss']}; "
                "lower --learning-rate, or raise --warmup"
            )
        if self._file is not None and ("loss" in said or "eval_loss" in said):
            line = {"step": state.global_step, **said}
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            self._shown.line(line)

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._shown.end()


def truncate(path: Path, step: int) -> None:
    """Remove the lines of a metrics file that are of later steps, or not whole."""
    earlier = []
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                if json.loads(line)["step"] > step:
                    break
            except (ValueError, KeyError, TypeError):
                break
            earlier.append(line + "\n")
    disk.put(path, "".join(earlier).encode())
