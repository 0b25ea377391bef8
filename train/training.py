"""Trains a model by a recipe: from a corpus to a folder that transformers loads."""

import contextlib
import logging
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers import TrainerState, TrainingArguments
from transformers.utils import logging as transformers_logging

from rfft.rules.corpus import reading, templates
from rfft.rules.corpus.templates import Template
from rfft.tracer.commands.app import say
from rfft.tracer.commands.progress import Bar

from . import adapters, checkpoints, curve, export, loading, speed, tokens
from .batching import Layout, Order
from .callbacks import Checkpoints, EarlyStop, Metrics, best, stopped, validations
from .errors import TrainingFailed, TrainingRejected
from .progress import Progress
from .recipe import Recipe
from .run import Run, configuration
from .tokens import Corpus, Tokens
from .trainer import Steps, StepTrainer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class Plan:
    """What is trained, where, and on what; all but the recipe leave the result as it is.

    `save_every` is the number of steps between checkpoints, `trackers` are names that `Trainer`
    knows, such as ``wandb``; `cache` is the folder for corpora as token ids.
    """

    recipe: Recipe
    model: str
    corpus: Path
    out: Path
    validation: Path | None = None
    save_every: int = 100
    trackers: tuple[str, ...] = ()
    cache: Path | None = None


def default_cache() -> Path:
    """Return the folder where corpora are kept as token ids."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "rfft" / "tokens"


def train(plan: Plan) -> dict[str, Any]:
    """Train, or go on with training; return what has come out, as in `run.json`.

    Under `torchrun` or `accelerate launch`, every process calls this. Raises TrainingRejected,
    TrainingFailed, CorpusRejected.
    """
    _quiet()
    recipe = plan.recipe
    _check_device(recipe)
    corpus = _corpus(plan.corpus, recipe)
    validation = None if plan.validation is None else _corpus(plan.validation, recipe)
    tokenizer = loading.tokenizer(plan.model)
    template = templates.choose(
        tokenizer, plan.model, recipe.template, recipe.system, recipe.template_args
    )
    tokenizer.chat_template = template.text  # what the run leaves is asked by it, too
    said = configuration(
        recipe,
        model=plan.model,
        model_hash=loading.identity(plan.model),
        tokenizer_hash=tokens.identity(tokenizer),
        **template.said(),
        corpus_hash=corpus.hash,
        validation_hash=None if validation is None else validation.hash,
    )
    run = Run(plan.out, said)
    if run.finished is not None:
        return run.finished
    arguments = _arguments(plan, run)
    locked = run.locked() if arguments.process_index == 0 else contextlib.nullcontext()
    with locked, _explained(plan):
        return _train(plan, run, arguments, corpus, validation, tokenizer, template)


def _train(
    plan: Plan,
    run: Run,
    arguments: TrainingArguments,
    corpus: Corpus,
    validation: Corpus | None,
    tokenizer: "PreTrainedTokenizerBase",
    template: Template,
) -> dict[str, Any]:
    recipe = plan.recipe
    cache = plan.cache or default_cache()
    with arguments.main_process_first(desc="tokens"):
        data = _tokens(corpus, tokenizer, cache, template)
        checked = None if validation is None else _tokens(validation, tokenizer, cache, template)
    samples = tokens.fitting(data, corpus.folder, recipe.context, recipe.too_long)
    order = Order(samples, recipe.batch, recipe.epochs, recipe.seed)
    steps = min(order.steps, recipe.max_steps or order.steps)
    facts = {
        "rows": len(data),
        "too_long": len(data) - len(samples),
        "tokens": int(data.lengths[samples].sum()),
        "steps": steps,
        "rows_without_a_batch": 0
        if steps < order.steps
        else max(0, len(samples) * recipe.epochs - steps * recipe.batch),
    }
    fits = None
    if checked is not None and validation is not None:
        fits = tokens.fitting(checked, validation.folder, recipe.context, recipe.too_long)
        facts["validation_rows"] = len(checked)
        facts["validation_too_long"] = len(checked) - len(fits)
    for where, name in ((plan.corpus, "too_long"), (plan.validation, "validation_too_long")):
        if facts.get(name):
            _note(f"{where}: {facts[name]:,} rows are longer than the context and left out")
    model = loading.model(plan.model, recipe, tokenizer)
    if arguments.process_index == 0:
        run.claim()
    dtype = torch.bfloat16 if recipe.precision == "bf16" else torch.float32
    packed = loading.packed(model, recipe)
    if recipe.pissa_rank:
        if not loading.sharded():
            torch.nn.Module.to(model, arguments.device)  # singular values are found faster there
        with arguments.main_process_first(local=False, desc="adapters"):
            model = adapters.add(model, recipe.pissa_rank, run.first_adapter)  # type: ignore[assignment]
    work = speed.Work.of(model)
    if recipe.gradient_checkpointing:
        loading.checkpoint_gradients(model)
    if recipe.compile:
        loading.compile_layers(model)
    layout = Layout(
        packed,
        recipe.micro_tokens,
        rank=arguments.process_index,
        world=arguments.world_size,
        fixed=packed and recipe.compile,
    )
    held_out = None
    if checked is not None and fits is not None:
        held_out = Steps(checked, Order(fits, recipe.batch, 1, recipe.seed, rest=True), layout)
    arguments.max_steps = steps
    shown = Progress()
    callbacks = [Metrics(run, shown), Checkpoints(run)]
    if held_out is not None:
        callbacks.insert(0, EarlyStop(recipe.patience))
    trainer = StepTrainer(
        model,
        arguments,
        Steps(data, order, layout),
        validation=held_out,
        dtype=dtype,
        work=work,
        peak=speed.peak(arguments.device, recipe.precision),
        tokenizer=tokenizer,
        callbacks=callbacks,
    )
    if arguments.process_index == 0:
        run.note(**facts)
    found = checkpoints.whole(run.checkpoints)
    if found:
        last = TrainerState.load_from_json(str(found[-1] / "trainer_state.json"))
        _note(f"{run.folder}: goes on after step {last.global_step:,}")
    if found and (last.global_step >= steps or stopped(last, recipe.patience)):
        trainer.state = last
    else:
        trainer.train(resume_from_checkpoint=str(found[-1]) if found else None)
    return _finish(plan, run, trainer) if arguments.process_index == 0 else {}


def _finish(plan: Plan, run: Run, trainer: StepTrainer) -> dict[str, Any]:
    """Put the model in place, with its best weights; return what has come out."""
    state = trainer.state
    kept = best(state) or state.global_step
    made = run.work / "model"
    export.model(plan.model, plan.recipe, run, kept, made)
    run.put(made)
    losses = [log["loss"] for log in state.log_history if "loss" in log]
    finished = {
        "steps": state.global_step,
        "kept_step": kept,
        "first_loss": losses[0],
        "last_loss": losses[-1],
        "validation_loss": dict(validations(state)).get(kept),
    }
    curve.draw(run)
    run.note(finished=finished)
    return finished


def _corpus(folder: Path, recipe: Recipe) -> Corpus:
    corpus = Corpus(folder)
    style = reading.style(corpus.plan, folder)
    if style != recipe.style:
        raise TrainingRejected(
            f"{folder}: is of style {style}, and recipe {recipe.recipe} learns {recipe.style}; "
            f"build one with rfft corpus build --style {recipe.style}, or give --style {style}"
        )
    return corpus


def _tokens(
    corpus: Corpus, tokenizer: "PreTrainedTokenizerBase", cache: Path, template: Template
) -> Tokens:
    with Bar("encoding", corpus.rows) as bar:
        return tokens.load(corpus, tokenizer, cache, bar.at, template)


def _check_device(recipe: Recipe) -> None:
    if recipe.precision == "bf16":
        from transformers.utils.import_utils import is_torch_bf16_gpu_available

        if not is_torch_bf16_gpu_available():
            raise TrainingRejected(
                f"recipe {recipe.recipe} computes in bf16, and there is no GPU that does; "
                "--precision fp32 takes the CPU"
            )


def _arguments(plan: Plan, run: Run) -> TrainingArguments:
    recipe = plan.recipe
    made = TrainingArguments(
        output_dir=str(run.work),
        seed=recipe.seed,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type=recipe.schedule,
        warmup_steps=recipe.warmup,
        weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.clip,
        optim="adamw_torch_fused",
        per_device_train_batch_size=1,  # an item is a whole step
        max_steps=1,
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_strategy="steps",
        save_steps=plan.save_every,
        eval_strategy="no" if plan.validation is None else "steps",
        eval_steps=recipe.evaluate_every,
        report_to=list(plan.trackers),
        disable_tqdm=True,
        use_cpu=recipe.precision == "fp32" and not torch.cuda.is_available(),
        remove_unused_columns=False,
        ddp_find_unused_parameters=False,
    )
    if made.n_gpu > 1:  # several GPUs are for torchrun
        made._n_gpu = 1
    return made


@contextlib.contextmanager
def _explained(plan: Plan) -> Iterator[None]:
    """Turn what the machine lacks into a line; for memory, it says what to lower."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise TrainingFailed(_memory(plan.recipe)) from error
    except OSError as error:
        raise TrainingFailed(f"{plan.out}: {error.strerror or error}") from None
    except RuntimeError as error:
        if "not enough memory" in str(error) or "can't allocate memory" in str(error):
            raise TrainingFailed(_memory(plan.recipe)) from error
        raise


def _memory(recipe: Recipe) -> str:
    ways = [f"lower --micro-tokens ({recipe.micro_tokens:,}, at least the context)"]
    if recipe.context > 1024:
        ways.append(f"lower --context ({recipe.context:,})")
    if not recipe.gradient_checkpointing:
        ways.append("give --gradient-checkpointing")
    return f"out of memory: {'; '.join(ways)}; or shard the model over more GPUs (FSDP)"


def _note(line: str) -> None:
    """Say something in passing, once."""
    if os.environ.get("RANK", "0") == "0":
        say(line, "rfft")


def _quiet() -> None:
    """Keep what libraries say in passing from the terminal; errors are raised all the same."""
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    logging.getLogger("accelerate").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="torch|transformers|peft|accelerate")
