"""The command ``rfft train``."""

from pathlib import Path
from typing import Annotated

import typer

from rfft.rules.corpus import options
from rfft.rules.corpus.options import System, Template, TemplateArgs
from rfft.tracer.commands.app import need

from .errors import TrainingRejected

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

_EXAMPLES = """Train a model on a corpus, or go on with it.

The folder RUN then has the model, which transformers loads; metrics.jsonl, curve.png and
run.json tell how it went. Training may be killed at any time; the same command goes on from the
last checkpoint, to the same losses.

\b
Examples:
  rfft train --recipe tiny-vanilla --corpus adapt --out run
  rfft train --recipe rf-pretrain-full --corpus pretrain --validation held-out \\
      --model Qwen/Qwen2.5-7B-Instruct --out stage1
  rfft train --recipe adapt-pissa --corpus adapt --model stage1 --out stage2
  torchrun --nproc-per-node 8 $(which rfft) train --recipe ... (the same)

Recipes are files that can be read and copied; --recipe takes a .toml, too. Each number in it can
be another here.

\b
Exit codes: 0 trained; 1 training had to stop, and may go on; 2 options, corpus,
model or run folder refused.
"""


@app.command(help=_EXAMPLES, short_help="Train a model on a corpus.")
def _train(
    recipe: Annotated[
        str, typer.Option(metavar="RECIPE", help="A recipe's name, or a .toml file.")
    ],
    corpus: Annotated[Path, typer.Option(metavar="DIR", help="The corpus, of rfft corpus build.")],
    out: Annotated[Path, typer.Option(metavar="RUN", help="The folder of the run.")],
    model: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="tiny, small, a folder, or a name of the hub."),
    ] = None,
    validation: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A corpus of held-out instances, for an early stop."),
    ] = None,
    style: Annotated[str | None, typer.Option(metavar="STYLE", help="The corpus's style.")] = None,
    template: Template = None,
    system: System = None,
    template_args: TemplateArgs = None,
    context: Annotated[
        int | None, typer.Option(metavar="N", help="The most tokens a sample may have.")
    ] = None,
    too_long: Annotated[
        str | None, typer.Option(metavar="HOW", help="Longer samples: error or skip.")
    ] = None,
    learning_rate: Annotated[float | None, typer.Option(metavar="X")] = None,
    batch: Annotated[int | None, typer.Option(metavar="N", help="Samples of a step.")] = None,
    epochs: Annotated[int | None, typer.Option(metavar="N", help="Passes over the corpus.")] = None,
    max_steps: Annotated[
        int | None, typer.Option(metavar="N", help="The most steps; 0: all of the epochs.")
    ] = None,
    schedule: Annotated[
        str | None, typer.Option(metavar="NAME", help="constant, linear or cosine.")
    ] = None,
    warmup: Annotated[int | None, typer.Option(metavar="N", help="Steps of warm-up.")] = None,
    weight_decay: Annotated[float | None, typer.Option(metavar="X")] = None,
    clip: Annotated[
        float | None, typer.Option(metavar="X", help="The largest norm of gradients; 0: any.")
    ] = None,
    pissa_rank: Annotated[
        int | None, typer.Option(metavar="N", help="Rank of PiSSA adapters; 0: all weights.")
    ] = None,
    evaluate_every: Annotated[
        int | None, typer.Option(metavar="N", help="Steps between validations.")
    ] = None,
    patience: Annotated[
        int | None, typer.Option(metavar="N", help="Validations without a new best, then stop.")
    ] = None,
    precision: Annotated[str | None, typer.Option(metavar="NAME", help="bf16 or fp32.")] = None,
    micro_tokens: Annotated[
        int | None, typer.Option(metavar="N", help="Tokens computed at a time; memory.")
    ] = None,
    layout: Annotated[
        str | None, typer.Option(metavar="NAME", help="auto, packed or grouped.")
    ] = None,
    attention: Annotated[
        str | None, typer.Option(metavar="NAME", help="auto, or a name that transformers knows.")
    ] = None,
    compile_: Annotated[
        bool | None, typer.Option("--compile/--no-compile", help="Compile the layers.")
    ] = None,
    gradient_checkpointing: Annotated[
        bool | None,
        typer.Option(
            "--gradient-checkpointing/--no-gradient-checkpointing",
            help="Compute more, keep less in memory.",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="S", help="New weights and the order of samples.")
    ] = None,
    save_every: Annotated[
        int, typer.Option(metavar="N", min=1, help="Steps between checkpoints.")
    ] = 100,
    trackers: Annotated[
        list[str] | None,
        typer.Option("--tracker", metavar="NAME", help="wandb, tensorboard ...; may be repeated."),
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where corpora are kept as token ids.")
    ] = None,
) -> None:
    need("train", "torch", "transformers", "peft", "accelerate", "pyarrow")
    from . import recipe as recipes

    chosen = recipes.load(
        recipe, style=style, context=context, too_long=too_long, learning_rate=learning_rate,
        batch=batch, epochs=epochs, max_steps=max_steps, schedule=schedule, warmup=warmup,
        weight_decay=weight_decay, clip=clip, pissa_rank=pissa_rank,
        evaluate_every=evaluate_every, patience=patience, precision=precision,
        micro_tokens=micro_tokens, layout=layout, attention=attention, compile=compile_,
        gradient_checkpointing=gradient_checkpointing, seed=seed, model=model,
        template=template, system=system,
        template_args=options.template_args(template_args) if template_args else None,
    )  # fmt: skip
    if chosen.model is None:
        raise TrainingRejected(
            f"--model is missing: recipe {recipe} trains a model of yours, a folder or a name "
            "of the Hugging Face hub"
        )
    from .training import Plan, train

    plan = Plan(
        chosen, chosen.model, corpus, out, validation, save_every, tuple(trackers or ()), cache
    )
    done = train(plan)
    if done:
        validated = done["validation_loss"]
        held_out = "" if validated is None else f", {validated:.4f} on the validation corpus"
        print(f"{out}: {done['steps']:,} steps, loss {done['last_loss']:.4f}{held_out}")
        if done["kept_step"] != done["steps"]:
            print(f"the weights are those of step {done['kept_step']:,}, the best ones")
