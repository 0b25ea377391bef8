"""The model card of a run: README.md, which the Hugging Face hub reads, too."""

from pathlib import Path
from typing import Any

from . import models

FILE = "README.md"


def text(said: dict[str, Any], name: str) -> str:
    """Return the card of a run that is over; `said` is what `run.json` says, `name` its name."""
    from huggingface_hub import EvalResult, ModelCardData

    asked, done, _corpus = said["configuration"], said["finished"], said["corpus"]
    base, loss = str(asked["model"]), done["validation_loss"]
    made = None
    if loss is not None:
        metric = "loss per response token (nats)"
        held_out = said["validation_corpus"]
        made = [
            EvalResult(
                task_type="text-generation",
                dataset_type=held_out["name"],
                dataset_name=held_out["name"],
                metric_type="loss",
                metric_name=metric,
                metric_value=loss,
            )
        ]
    data = ModelCardData(
        base_model=base if _on_the_hub(base) else None,
        library_name="transformers",
        pipeline_tag="text-generation",
        tags=["rule-following", "rfft"],
        model_name=name,
        eval_results=made,
    )
    return f"---\n{data.to_yaml()}\n---\n\n" + "\n".join(_lines(said, name)) + "\n"


def _on_the_hub(base: str) -> bool:
    return base not in models.SIZES and not Path(base).exists() and not Path(base).is_absolute()


def _lines(said: dict[str, Any], name: str) -> list[str]:
    asked, done = said["configuration"], said["finished"]
    base = str(asked["model"])
    came = base if _on_the_hub(base) or base in models.SIZES else Path(base).name
    weights = f" (sha256 of its files `{asked['model_hash']}`)" if asked["model_hash"] else ""
    lines = [
        f"# {name}",
        "",
        "A model that recites a written rule and follows it step by step, trained by `rfft train`.",
        "",
        f"- trained from: {came}{weights}",
        f"- recipe: `{asked['recipe']}`",
        *_corpus("corpus", said["corpus"], asked["corpus_hash"]),
        f"- steps: {done['steps']:,} of {asked['batch']:,} samples",
        (
            f"- loss per response token (nats): {done['first_loss']:.4f} at first, "
            f"{done['last_loss']:.4f} in the end"
        ),
    ]
    if done["validation_loss"] is not None:
        lines += _corpus("validation", said["validation_corpus"], asked["validation_hash"])
        lines.append(
            f"- loss on the validation corpus: {done['validation_loss']:.4f}, at step "
            f"{done['kept_step']:,}, whose weights these are"
        )
    lines += [
        "",
        "## Load it",
        "",
        "```python",
        "from transformers import AutoModelForCausalLM, AutoTokenizer",
        "",
        f'model = AutoModelForCausalLM.from_pretrained("{name}")',
        f'tokenizer = AutoTokenizer.from_pretrained("{name}")',
        "```",
    ]
    if asked["pissa_rank"]:
        lines += ["", ("`adapter/` has the same change as an adapter of peft for the model that it "
                  "was trained from.")]  # fmt: skip
    hashes = ("model", "model_hash", "tokenizer_hash", "corpus_hash", "validation_hash")
    settings = {n: v for n, v in asked.items() if n not in hashes}
    lines += ["", "## Recipe", "", *(f"- {n}: {v}" for n, v in settings.items())]
    lines += ["", "## Versions", ""]
    return lines + [f"- {n} {v}" for n, v in said["versions"][-1].items()]


def _corpus(what: str, corpus: dict[str, Any], digest: str) -> list[str]:
    first, last = corpus["lengths"]
    said = (
        f"{corpus['name']}, {corpus['tasks']:,} tasks at lengths {first} to {last}, "
        f"{corpus['rows']:,} rows of the side {corpus['side']}"
    )
    return [f"- {what}: {said} (sha256 of its manifest `{digest}`)"]
