"""The command ``rfft train``."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rfft.rules.corpus import options
from rfft.rules.corpus.options import System, Template, TemplateArgs
from rfft.tracer.commands.app import TraceFormat
from rfft.tracer.commands.extras import need
from rfft.tracer.commands.grammar import OUTPUT, App, Misused

if TYPE_CHECKING:
    from .ready import Plan

app = App()

_EXAMPLES = """Train a model on a corpus, or go on with it.

The folder RUN then has the model, which transformers loads; metrics.jsonl, curve.png and
run.json tell how it went. Training may be killed at any time; the same command goes on from the
last checkpoint, to the same losses.

\b
Examples:
  rfft train --recipe tiny-vanilla --corpus adapt --output run
  rfft train --recipe rf-pretrain-full --model Qwen/Qwen2.5-7B-Instruct \\
      --corpus pretrain --validation held-out --output stage1
  rfft train --recipe adapt-pissa --corpus adapt --model stage1 \\
      --output stage2
  torchrun --nproc-per-node 8 $(which rfft) train --recipe ... (the same)
  rfft train --recipe tiny-vanilla --corpus adapt --output run --dry-run

Recipes are files that can be read and copied; --recipe takes a .toml, too. Each number in it can
be another here.

Exit codes: 0 trained; 1 training had to stop, and may go on; 2 options, corpus,
model or run folder refused.
"""


@app.command(help=_EXAMPLES, short_help="Train a model on a corpus.")
def _train(
    recipe: Annotated[
        str, typer.Option(metavar="RECIPE", help="A recipe's name, or a .toml file.")
    ],
    corpus: Annotated[Path, typer.Option(metavar="DIR", help="The corpus, of rfft corpus build.")],
    out: Annotated[Path, typer.Option(*OUTPUT, metavar="RUN", help="The folder of the run.")],
    model: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="tiny, small, smollm2-135m, a folder, a GGUF file, a name of the hub.",
        ),
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
    train_steps: Annotated[
        int | None, typer.Option(metavar="N", help="The most steps, max_steps of a recipe; 0: all.")
    ] = None,
    # What --train-steps was called before: a rule has steps, too.
    max_steps: Annotated[int | None, typer.Option(hidden=True)] = None,
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
    any_side: Annotated[
        bool, typer.Option("--any-side", help="Train on a corpus of the side test, too.")
    ] = False,
    push: Annotated[
        str | None,
        typer.Option("--push-to-hub", metavar="ID", help="Put the model on the hub at the end."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell steps, memory, and a sample's loss mask.")
    ] = False,
    measure: Annotated[
        bool, typer.Option("--measure", help="With --dry-run: take three steps for the time.")
    ] = False,
    form: Annotated[
        TraceFormat, typer.Option("--format", help="How --dry-run tells: html is a page.")
    ] = TraceFormat.text,
) -> None:
    need("train", "torch", "transformers", "peft", "accelerate", "pyarrow")
    from . import recipe as recipes

    chosen = recipes.load(
        recipe, style=style, context=context, too_long=too_long, learning_rate=learning_rate,
        batch=batch, epochs=epochs, schedule=schedule, warmup=warmup,
        max_steps=max_steps if train_steps is None else train_steps,
        weight_decay=weight_decay, clip=clip, pissa_rank=pissa_rank,
        evaluate_every=evaluate_every, patience=patience, precision=precision,
        micro_tokens=micro_tokens, layout=layout, attention=attention, compile=compile_,
        gradient_checkpointing=gradient_checkpointing, seed=seed, model=model,
        template=template, system=system,
        template_args=options.template_args(template_args) if template_args else None,
    )  # fmt: skip
    if chosen.model is None:
        raise Misused(
            f"--model is missing: recipe {recipe} trains a model of yours, a folder or a name "
            "of the Hugging Face hub"
        )
    from .ready import Plan

    plan = Plan(
        chosen, chosen.model, corpus, out, validation, save_every, tuple(trackers or ()), cache,
        any_side, push,
    )  # fmt: skip
    if measure and not dry_run:
        raise Misused("--measure is for --dry-run; training measures itself")
    if dry_run:
        _look(plan, measure, form)
        return
    from .training import train

    done = train(plan)
    if done:
        validated = done["validation_loss"]
        held_out = "" if validated is None else f", {validated:.4f} on the validation corpus"
        print(f"{out}: {done['steps']:,} steps, loss {done['last_loss']:.4f}{held_out}")
        if done["kept_step"] != done["steps"]:
            print(f"the weights are those of step {done['kept_step']:,}, the best ones")
        if done.get("pushed"):
            print(f"{done['pushed']} has it")


def _look(plan: "Plan", measure: bool, form: TraceFormat) -> None:
    """Print what is known of a run before it starts."""
    from . import looks
    from .look import look

    found = look(plan, measure=measure)
    if os.environ.get("RANK", "0") != "0":
        return
    if form is TraceFormat.text:
        looks.show(found)
    else:
        print(looks.to_json(found) if form is TraceFormat.json else looks.to_html(found), end="")
