"""Trains a model by a recipe: from a corpus to a folder that transformers loads."""

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from transformers import TrainerCallback, TrainerState, TrainingArguments

from . import adapters, card, checkpoints, curve, export, hub, loading, ready, room, speed, trackers
from .batching import Layout
from .callbacks import Checkpoints, EarlyStop, Metrics, best, stopped, validations
from .errors import TrainingFailed
from .progress import Progress
from .ready import Data, Plan, note
from .recipe import Recipe
from .run import Run
from .trainer import Steps, StepTrainer

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def train(plan: Plan) -> dict[str, Any]:
    """Train, or go on with training; return what has come out, as in `run.json`.

    Under `torchrun` or `accelerate launch`, every process calls this. Raises TrainingRejected,
    TrainingFailed, CorpusRejected.
    """
    ready.quiet()
    ready.check_device(plan.recipe)
    followers = trackers.made(plan.trackers, plan.out)
    corpus, validation = ready.corpora(plan)
    tokenizer, template = ready.tokenizer(plan)
    run = Run(plan.out, ready.asked(plan, corpus, validation, tokenizer, template))
    first = os.environ.get("RANK", "0") == "0"
    target = hub.claim(plan.push) if plan.push and first else None
    if run.finished is not None:
        return _pushed(plan, run.finished, target)
    arguments = _arguments(plan, run)
    locked = run.locked() if arguments.process_index == 0 else contextlib.nullcontext()
    with locked, explained(plan):
        with arguments.main_process_first(desc="tokens"):
            data = ready.samples(plan, corpus, validation, tokenizer, template)
        ready.before(plan, data, tokenizer)
        model = loading.model(plan.model, plan.recipe, tokenizer)
        if arguments.process_index == 0:
            run.claim()
        shown = Progress()
        callbacks = [*followers, Metrics(run, shown), Checkpoints(run)]
        if validation is not None:
            callbacks.insert(0, EarlyStop(plan.recipe.patience))
        trainer = make_trainer(model, plan, run, arguments, data, tokenizer, callbacks)
        if arguments.process_index == 0:
            run.note(**data.facts)
        _steps(plan, run, trainer, data.steps)
        done = _finish(plan, run, trainer, target) if arguments.process_index == 0 else {}
    return _pushed(plan, done, target)


def _pushed(plan: Plan, done: dict[str, Any], target: str | None) -> dict[str, Any]:
    """Put the model on the hub, if asked; return what has come out, with the address."""
    return {**done, "pushed": hub.push(plan.out, target)} if target else done


def make_trainer(
    model: "PreTrainedModel",
    plan: Plan,
    run: Run,
    arguments: TrainingArguments,
    data: Data,
    tokenizer: "PreTrainedTokenizerBase",
    callbacks: list[TrainerCallback],
) -> StepTrainer:
    """Return what trains a model that is loaded."""
    recipe = plan.recipe
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
    layout = layout_of(recipe, packed, arguments.process_index, arguments.world_size)
    held_out = None
    if data.checked is not None and data.held_out is not None:
        held_out = Steps(data.checked, data.held_out, layout)
    arguments.max_steps = data.steps
    return StepTrainer(
        model,
        arguments,
        Steps(data.tokens, data.order, layout),
        validation=held_out,
        dtype=dtype,
        work=work,
        peak=speed.peak(arguments.device, recipe.precision),
        tokenizer=tokenizer,
        callbacks=callbacks,
    )


def layout_of(recipe: Recipe, packed: bool, rank: int, world: int) -> Layout:
    """Return how one process of `world` lays out samples."""
    fixed = packed and recipe.compile
    return Layout(packed, recipe.micro_tokens, rank=rank, world=world, fixed=fixed)


def _steps(plan: Plan, run: Run, trainer: StepTrainer, steps: int) -> None:
    """Take the steps that are left."""
    found = checkpoints.whole(run.checkpoints)
    if found:
        last = TrainerState.load_from_json(str(found[-1] / "trainer_state.json"))
        note(f"{run.folder}: goes on after step {last.global_step:,}")
    if found and (last.global_step >= steps or stopped(last, plan.recipe.patience)):
        trainer.state = last
    else:
        trainer.train(resume_from_checkpoint=str(found[-1]) if found else None)


def _finish(plan: Plan, run: Run, trainer: StepTrainer, target: str | None) -> dict[str, Any]:
    """Put the model in place, with its best weights; return what has come out."""
    state = trainer.state
    kept = best(state) or state.global_step
    losses = [log["loss"] for log in state.log_history if "loss" in log]
    finished = {
        "steps": state.global_step,
        "kept_step": kept,
        "first_loss": losses[0],
        "last_loss": losses[-1],
        "validation_loss": dict(validations(state)).get(kept),
    }
    made = run.work / "model"
    export.model(plan.model, plan.recipe, run, kept, made)
    name = target or plan.out.resolve().name
    text = card.text({**run.said, "finished": finished}, name)
    (made / card.FILE).write_text(text, encoding="utf-8")
    run.put(made)
    curve.draw(run)
    run.note(finished=finished)
    return finished


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
        report_to="none",  # those of `trackers` are callbacks
        run_name=plan.out.resolve().name,
        disable_tqdm=True,
        use_cpu=recipe.precision == "fp32" and not torch.cuda.is_available(),
        remove_unused_columns=False,
        ddp_find_unused_parameters=False,
    )
    if made.n_gpu > 1:  # several GPUs are for torchrun
        made._n_gpu = 1
    return made


@contextlib.contextmanager
def explained(plan: Plan) -> Iterator[None]:
    """Turn what the machine lacks into a line; for memory, it says what to lower."""
    try:
        yield
    except OSError as error:
        raise TrainingFailed(f"{plan.out}: {error.strerror or error}") from None
    except (MemoryError, RuntimeError, SafetensorError) as error:
        if loading.is_memory(error):
            raise TrainingFailed(_memory(plan.recipe)) from error
        if isinstance(error, SafetensorError) or "inline_container" in str(error):
            why = room.why(plan.out, error)
            raise TrainingFailed(f"{plan.out}: cannot be written: {why}") from None
        raise


def _memory(recipe: Recipe) -> str:
    ways = [f"lower --micro-tokens ({recipe.micro_tokens:,}, at least the context)"]
    if recipe.context > 1024:
        ways.append(f"lower --context ({recipe.context:,})")
    if not recipe.gradient_checkpointing:
        ways.append("give --gradient-checkpointing")
    return f"out of memory: {'; '.join(ways)}; or shard the model over more GPUs (FSDP)"
