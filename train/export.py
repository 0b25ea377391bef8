"""The model that a run leaves: made from a checkpoint, loaded by transformers alone."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rfft.rules.corpus.templates import Template

from . import adapters, loading
from .recipe import Recipe
from .run import Run

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def model(name: str, recipe: Recipe, run: Run, step: int, target: Path) -> None:
    """Write the model at a checkpoint into a folder, in the precision of the recipe.

    With adapters, that is the model with the adapters in its weights, and the adapters beside it.
    """
    checkpoint = run.checkpoints / f"checkpoint-{step}"
    tokenizer = loading.tokenizer(str(checkpoint))
    if recipe.pissa_rank:
        made = adapters.merge(
            loading.model(name, recipe, tokenizer),
            recipe.pissa_rank,
            run.first_adapter,
            checkpoint,
            target / "adapter",
        )
    else:
        made = loading.weights(str(checkpoint), recipe.precision)
    made.config.use_cache = True  # which training has turned off
    _end(
        made,
        Template(tokenizer.chat_template, recipe.system, recipe.template_args or {}),
        tokenizer,
    )
    made.save_pretrained(target)
    tokenizer.save_pretrained(target)


def _end(
    model: "PreTrainedModel", template: Template, tokenizer: "PreTrainedTokenizerBase"
) -> None:
    """Have a model stop, whoever lets it generate, at the token that it has learnt to end with."""
    settings: Any = model.generation_config
    end = template.closing(tokenizer).end
    if settings is None or end is None:
        return
    known = settings.eos_token_id
    ends = [] if known is None else known if isinstance(known, list) else [known]
    if end not in ends:
        settings.eos_token_id = [*ends, end] if ends else end
