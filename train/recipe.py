"""Recipes: how a model is trained, in small files that a person can read and copy."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rfft.tracer.commands.settings import SettingsFiles

from .errors import TrainingRejected

SCHEDULES = ("constant", "linear", "cosine")
PRECISIONS = ("fp32", "bf16")
LAYOUTS = ("auto", "packed", "grouped")
TOO_LONG = ("error", "skip")


@dataclass(frozen=True)
class Recipe:
    """How a model is trained. All but `COMPUTED` decides about the result.

    What is learnt: `style` is that of the corpus. `model` is a name, a folder, or a size of
    `rfft.train.models`; `pissa_rank` is the rank of the PiSSA adapters, 0 trains all weights.
    `template`, `system` and `template_args` say how prompt and response become one text
    (`rfft.rules.corpus.templates.choose`).
    `context` is the most tokens that a sample may have, and `too_long` what happens to longer
    ones: an error, or they are left out and counted.

    How far: `epochs` passes, at most `max_steps` steps (0: no such limit) of `batch` samples.
    With a validation corpus, the loss on it is taken every `evaluate_every` steps; after `patience`
    times without a new best one, training stops. The best weights are what is kept.

    Optimiser: AdamW with `learning_rate`, reached in `warmup` steps and then following `schedule`
    down to zero; `weight_decay`; gradients are clipped to the norm `clip` (0: not).

    How it is computed: a step's samples are cut into micro-batches of at most `micro_tokens`
    tokens, laid out by `layout` (`rfft.train.batching`). `attention` is what transformers calls the
    implementation of attention, or ``auto``. `seed` decides about new weights and the order of
    samples.
    """

    recipe: str
    style: str
    learning_rate: float
    batch: int
    context: int
    micro_tokens: int
    model: str | None = None
    template: str | None = None
    system: str | None = None
    template_args: dict[str, Any] | None = None
    pissa_rank: int = 0
    epochs: int = 1
    max_steps: int = 0
    schedule: str = "cosine"
    warmup: int = 0
    weight_decay: float = 0.0
    clip: float = 1.0
    evaluate_every: int = 50
    patience: int = 3
    precision: str = "bf16"
    layout: str = "auto"
    attention: str = "auto"
    compile: bool = False
    gradient_checkpointing: bool = False
    too_long: str = "error"
    seed: int = 0

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise TrainingRejected(
                    f"no {name} {getattr(self, name)!r}; there are {', '.join(allowed)}"
                )
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise TrainingRejected(f"{name} must be {least} or more, not {getattr(self, name)}")
        if not 0 < self.learning_rate < 10:
            raise TrainingRejected(f"learning_rate cannot be {self.learning_rate}")
        if self.micro_tokens < self.context:
            raise TrainingRejected(
                f"micro_tokens ({self.micro_tokens:,}) must hold a sample of context "
                f"({self.context:,}) tokens"
            )


COMPUTED = ("micro_tokens", "layout", "attention", "compile", "gradient_checkpointing")
"""Settings that say how it is computed; what comes out is the same, but for rounding."""

_CHOICES = {
    "schedule": SCHEDULES,
    "precision": PRECISIONS,
    "layout": LAYOUTS,
    "too_long": TOO_LONG,
}
_LEAST = {
    "batch": 1, "context": 2, "micro_tokens": 2, "pissa_rank": 0, "epochs": 1, "max_steps": 0,
    "warmup": 0, "weight_decay": 0, "clip": 0, "evaluate_every": 1, "patience": 1, "seed": 0,
}  # fmt: skip


FILES = SettingsFiles(
    "recipe", Path(__file__).resolve().parent / "recipes", Recipe, TrainingRejected
)


def load(recipe: str, **changes: Any) -> Recipe:
    """Return a recipe by its name or the path of its file, with changes that are not None.

    Raises TrainingRejected.
    """
    return FILES.load(recipe, changes)
