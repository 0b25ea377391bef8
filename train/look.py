"""A look at a run before it starts: how long, how much memory, and what a sample looks like."""

import dataclasses
import os
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from rfft.tracer.commands.progress import Bar

from . import loading, memory, ready, room, trackers, training
from .ready import Data, Plan
from .run import Run

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_MEASURED = 3  # steps


@dataclasses.dataclass(frozen=True)
class Part:
    """A part of a sample: its text, how many tokens it has, and whether they are learnt."""

    text: str
    tokens: int
    learnt: bool


@dataclasses.dataclass(frozen=True)
class Speed:
    """What some steps have taken: seconds a step, tokens a second, and bytes of memory at most."""

    seconds: float
    tokens_per_second: float
    memory: int


@dataclasses.dataclass(frozen=True)
class Look:
    """What is known of a run before it starts. Sizes are bytes; None is what cannot be told.

    `tokens` are those of all steps, `learnt` those of them that the loss is on; `longest` is the
    longest sample. `parameters` and `trained` are numbers of weights. `room` and `memory` are what
    the run takes, those with `there` what is there for it. `speed` has been measured, if asked.
    """

    recipe: str
    model: str
    corpus: str
    steps: int
    batch: int
    samples: int
    too_long: int
    epochs: float
    tokens: int
    learnt: int
    longest: int
    context: int
    validations: int
    parameters: int | None
    trained: int | None
    memory: memory.Memory | None
    memory_there: int
    device: str
    room: int | None
    room_there: int
    speed: Speed | None
    sample: str
    parts: Sequence[Part]

    @property
    def seconds(self) -> float | None:
        """How long all steps will take, without validations."""
        return None if self.speed is None else self.tokens / self.speed.tokens_per_second


def look(plan: Plan, *, measure: bool = False) -> Look:
    """Return what is known of a run; with `measure`, take three steps of it and forget them.

    Nothing is made in the folder of the run. Raises what `training.train` raises before the first
    step.
    """
    ready.quiet()
    trackers.made(plan.trackers, plan.out)
    corpus, validation = ready.corpora(plan)
    tokenizer, template = ready.tokenizer(plan)
    Run(plan.out, ready.asked(plan, corpus, validation, tokenizer, template))
    data = ready.samples(plan, corpus, validation, tokenizer, template)
    model: Any = ready.before(plan, data, tokenizer)
    recipe, order = plan.recipe, data.order
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    chosen = np.concatenate([order.step(n) for n in range(data.steps)])
    lengths = data.tokens.lengths[chosen]
    needs = taken = None
    if model is not None:
        layout = training.layout_of(
            recipe, loading.packed(model, recipe), 0, int(os.environ.get("WORLD_SIZE", "1"))
        )
        micro = memory.largest(data.tokens, order, data.steps, layout)
        taken = room.needed(model, recipe, data.steps, plan.save_every, data.held_out)
        needs = memory.estimate(model, recipe, micro, device)
    there, where = memory.there(device)
    weights = None if model is None else [(p.numel(), p.requires_grad) for p in model.parameters()]
    return Look(
        recipe=recipe.recipe,
        model=plan.model,
        corpus=str(plan.corpus),
        steps=data.steps,
        batch=recipe.batch,
        samples=len(order.samples),
        too_long=data.facts["too_long"],
        epochs=order.epoch(data.steps),
        tokens=int(lengths.sum()),
        learnt=int((lengths - data.tokens.prompts[chosen]).sum()),
        longest=int(lengths.max()),
        context=recipe.context,
        validations=0 if data.held_out is None else data.steps // recipe.evaluate_every,
        parameters=None if weights is None else sum(n for n, _ in weights),
        trained=None if weights is None else sum(n for n, learns in weights if learns),
        memory=needs,
        memory_there=there,
        device=where,
        room=taken,
        room_there=room.free(plan.out),
        speed=_measured(plan, data, tokenizer) if measure else None,
        sample=data.tokens.rows[chosen[0]],
        parts=_parts(data, int(chosen[0]), tokenizer),
    )


def _parts(data: Data, sample: int, tokenizer: "PreTrainedTokenizerBase") -> list[Part]:
    ids, cut = data.tokens.ids(sample).tolist(), int(data.tokens.prompts[sample])
    return [
        Part(str(tokenizer.decode(some, skip_special_tokens=False)), len(some), learnt)
        for some, learnt in ((ids[:cut], False), (ids[cut:], True))
    ]


class _Counted(TrainerCallback):
    """Shows how many steps are measured."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self._bar.add()


def _measured(plan: Plan, data: Data, tokenizer: "PreTrainedTokenizerBase") -> Speed:
    """Take some steps in a folder that is thrown away."""
    ready.check_device(plan.recipe)
    steps = min(_MEASURED, data.steps)
    with tempfile.TemporaryDirectory() as folder, Bar("measuring", steps) as bar:
        there = dataclasses.replace(plan, out=Path(folder), validation=None)
        run = Run(there.out / "run", {})
        run.work.mkdir(parents=True)
        arguments = training._arguments(there, run)
        arguments.save_strategy = type(arguments.save_strategy)("no")
        some = dataclasses.replace(data, steps=steps, checked=None, held_out=None)
        with training.explained(plan):
            model = loading.model(plan.model, plan.recipe, tokenizer)
            trainer = training.make_trainer(
                model, there, run, arguments, some, tokenizer, [_Counted(bar)]
            )
            trainer.train()
    said = [log for log in trainer.state.log_history if "loss" in log]
    return Speed(
        statistics.median(log["seconds"] for log in said),
        statistics.median(log["tokens_per_second"] for log in said),
        int(max(log["memory_gib"] for log in said) * 2**30),
    )
