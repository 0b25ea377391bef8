"""What is got ready before the first step, and whatever can refuse a run does it here.

Nothing large is loaded: the model has no weights yet.
"""

import logging
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers.utils import logging as transformers_logging

from rfft.rules.corpus import reading, templates
from rfft.rules.corpus.templates import Template
from rfft.tracer.commands import app, disk
from rfft.tracer.commands.progress import Bar

from . import adapters, loading, room, tokens
from .batching import Order
from .errors import TrainingRejected
from .recipe import Recipe
from .run import configuration
from .tokens import Corpus, Tokens

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class Plan:
    """What is trained, where, and on what; all but the recipe leave the result as it is.

    `save_every` is the number of steps between checkpoints, `trackers` are names that `Trainer`
    knows, such as ``wandb``; `cache` is the folder for corpora as token ids. With `any_side`, the
    corpus may be of the side test. `push` is where on the hub the model goes in the end.
    """

    recipe: Recipe
    model: str
    corpus: Path
    out: Path
    validation: Path | None = None
    save_every: int = 100
    trackers: tuple[str, ...] = ()
    cache: Path | None = None
    any_side: bool = False
    push: str | None = None


def default_cache() -> Path:
    """Return the folder where corpora are kept as token ids."""
    return disk.cache("tokens")


@dataclass(frozen=True)
class Data:
    """The samples of a run, and in which order; `checked` are those of the validation corpus.

    `facts` are for `run.json`.
    """

    tokens: Tokens
    order: Order
    steps: int
    checked: Tokens | None
    held_out: Order | None
    facts: dict[str, Any]


def check_device(recipe: Recipe) -> None:
    """Raise TrainingRejected if no device here computes in the precision of a recipe."""
    if recipe.precision == "bf16":
        from transformers.utils.import_utils import is_torch_bf16_gpu_available

        if not is_torch_bf16_gpu_available():
            raise TrainingRejected(
                f"recipe {recipe.recipe} computes in bf16, and there is no GPU that does; "
                "--precision fp32 takes the CPU"
            )


def corpora(plan: Plan) -> tuple[Corpus, Corpus | None]:
    """Return the corpus of a run, and that for validation. Raises what `tokens.Corpus` raises."""
    recipe = plan.recipe
    corpus = _corpus(plan.corpus, recipe)
    validation = None if plan.validation is None else _corpus(plan.validation, recipe)
    side = corpus.plan.settings.side
    if side == "test" and not plan.any_side:
        raise TrainingRejected(
            f"{plan.corpus}: is of the side test, and what is trained on tests nothing any more; "
            "build one with rfft corpus build --side train, or give --any-side"
        )
    return corpus, validation


def _corpus(folder: Path, recipe: Recipe) -> Corpus:
    corpus = Corpus(folder)
    style = reading.style(corpus.plan, folder)
    if style != recipe.style:
        raise TrainingRejected(
            f"{folder}: is of style {style}, and recipe {recipe.recipe} learns {recipe.style}; "
            f"build one with rfft corpus build --style {recipe.style}, or give --style {style}"
        )
    return corpus


def tokenizer(plan: Plan) -> tuple["PreTrainedTokenizerBase", Template]:
    """Return the tokenizer of a run, and the template by which its model is asked.

    Raises TrainingRejected, CorpusRejected.
    """
    recipe, found = plan.recipe, loading.tokenizer(plan.model)
    template = templates.choose(
        found, plan.model, recipe.template, recipe.system, recipe.template_args
    )
    found.chat_template = template.text  # what the run leaves is asked by it, too
    return found, template


def asked(
    plan: Plan,
    corpus: Corpus,
    validation: Corpus | None,
    tokenizer: "PreTrainedTokenizerBase",
    template: Template,
) -> dict[str, Any]:
    """Return all that decides about the result of a run."""
    return configuration(
        plan.recipe,
        model=plan.model,
        model_hash=loading.identity(plan.model),
        tokenizer_hash=tokens.identity(tokenizer),
        **template.said(),
        corpus_hash=corpus.hash,
        validation_hash=None if validation is None else validation.hash,
    )


def samples(
    plan: Plan,
    corpus: Corpus,
    validation: Corpus | None,
    tokenizer: "PreTrainedTokenizerBase",
    template: Template,
) -> Data:
    """Return the samples of the corpora, and how many steps they make. Raises TrainingRejected."""
    _warn_of_sides(plan, corpus, validation)
    recipe = plan.recipe
    cache = plan.cache or default_cache()
    data = _tokens(corpus, tokenizer, cache, template)
    checked = None if validation is None else _tokens(validation, tokenizer, cache, template)
    fitting = tokens.fitting(data, corpus.folder, recipe.context, recipe.too_long)
    order = Order(fitting, recipe.batch, recipe.epochs, recipe.seed)
    steps = min(order.steps, recipe.max_steps or order.steps)
    facts = {
        "corpus": _about(corpus),
        "rows": len(data),
        "too_long": len(data) - len(fitting),
        "tokens": int(data.lengths[fitting].sum()),
        "steps": steps,
        "rows_without_a_batch": 0
        if steps < order.steps
        else max(0, len(fitting) * recipe.epochs - steps * recipe.batch),
    }
    held_out = None
    if checked is not None and validation is not None:
        fits = tokens.fitting(checked, validation.folder, recipe.context, recipe.too_long)
        held_out = Order(fits, recipe.batch, 1, recipe.seed, rest=True)
        facts["validation_corpus"] = _about(validation)
        facts["validation_rows"] = len(checked)
        facts["validation_too_long"] = len(checked) - len(fits)
    for where, name in ((plan.corpus, "too_long"), (plan.validation, "validation_too_long")):
        if facts.get(name):
            note(f"{where}: {facts[name]:,} rows are longer than the context and left out")
    return Data(data, order, steps, checked, held_out, facts)


def _tokens(
    corpus: Corpus, tokenizer: "PreTrainedTokenizerBase", cache: Path, template: Template
) -> Tokens:
    with Bar("encoding", corpus.rows) as bar:
        return tokens.load(corpus, tokenizer, cache, bar.at, template)


def _about(corpus: Corpus) -> dict[str, Any]:
    settings = corpus.plan.settings
    return {
        "name": corpus.folder.resolve().name,
        "rows": corpus.rows,
        "tasks": len(corpus.plan.tasks),
        "lengths": list(settings.lengths),
        "side": settings.side,
    }


def _warn_of_sides(plan: Plan, corpus: Corpus, validation: Corpus | None) -> None:
    """Say so where what is learnt, and what chooses the weights, are not apart from the rest."""
    side = corpus.plan.settings.side
    if side != "train":
        note(f"{plan.corpus}: is of the side {side}; the model will have seen it")
    if validation is None:
        return
    other = validation.plan.settings.side
    if other == side:
        note(f"{plan.validation}: is of the side {side}, as what is trained on; it may be the same")
    elif other == "test":
        note(f"{plan.validation}: is of the side test; weights chosen by it are not tested by it")


def before(
    plan: Plan, data: Data, tokenizer: "PreTrainedTokenizerBase"
) -> "torch.nn.Module | None":
    """Raise TrainingRejected for what cannot be trained; return the model, on the device meta.

    None stands for a model that cannot be made without its weights.
    """
    recipe = plan.recipe
    loading.check_files(plan.model)
    less: dict[str, int] = {}
    try:
        with torch.device("meta"):
            model: Any = loading.skeleton(plan.model, recipe, tokenizer)
            loading.packed(model, recipe)
            if recipe.pissa_rank:
                less = adapters.smaller(model, recipe.pissa_rank)
                model = adapters.add(model, recipe.pissa_rank, None)
    except (RuntimeError, NotImplementedError):  # code that looks at values, which are not there
        return None
    if less:
        ranks = " to ".join(str(n) for n in sorted({min(less.values()), max(less.values())}))
        note(
            f"PiSSA: {len(less):,} layers are smaller than rank {recipe.pissa_rank}, and get "
            f"that of their smaller side: {ranks}"
        )
    room.check(plan.out, room.needed(model, recipe, data.steps, plan.save_every, data.held_out))
    return model  # type: ignore[no-any-return]


def note(line: str) -> None:
    """Say something in passing, once."""
    if os.environ.get("RANK", "0") == "0":
        app.note(line, "rfft")


def quiet() -> None:
    """Keep what libraries say in passing from the terminal; errors are raised all the same."""
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    logging.getLogger("accelerate").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="torch|transformers|peft|accelerate")
