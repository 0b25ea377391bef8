"""From texts to token ids: what a model is given, and what it is to answer.

Training and evaluation both use what stands here, so that a model is asked in just the form in
which it was taught; the form is that of a `Template`, by default the tokenizer's own. Prompt and
completion are encoded apart: how the first token of a completion is cut never depends on the
prompt's last, which a model that generates has already been given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .templates import Template, own

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

IGNORED = -100
"""The label of a token that is not learnt."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The token ids of a row: what is given, and what is learnt, the end of the turn included."""

    prompt: list[int]
    completion: list[int]

    @property
    def input_ids(self) -> list[int]:
        """The whole sequence."""
        return self.prompt + self.completion

    @property
    def labels(self) -> list[int]:
        """The sequence with the prompt left out of the loss, not shifted."""
        return [IGNORED] * len(self.prompt) + self.completion


def encode_prompt(
    tokenizer: "PreTrainedTokenizerBase", prompt: str, template: Template | None = None
) -> list[int]:
    """Return the token ids after which a model writes its response to a prompt."""
    return encode_prompts(tokenizer, [prompt], template)[0]


def encode_prompts(
    tokenizer: "PreTrainedTokenizerBase", prompts: Sequence[str], template: Template | None = None
) -> list[list[int]]:
    """Return what `encode_prompt` returns for each prompt, faster than one by one."""
    form = template or own(tokenizer)
    plain = form.text is None  # a chat template writes all special tokens itself
    texts = [form.opened(tokenizer, prompt) for prompt in prompts]
    found = tokenizer(texts, add_special_tokens=plain)["input_ids"]
    end = tokenizer.eos_token_id
    # Some tokenizers close every text; a prompt stays open.
    return [ids[:-1] if plain and ids and ids[-1] == end else ids for ids in found]


def encode_responses(
    tokenizer: "PreTrainedTokenizerBase", responses: Sequence[str], template: Template
) -> list[list[int]]:
    """Return the token ids of responses, up to the token that ends them."""
    texts = list(responses)
    if template.text is not None:  # a message has no line end of its own
        tail = template.closing(tokenizer).text
        texts = [text.rstrip("\n") + tail for text in texts]
    found: list[list[int]] = tokenizer(texts, add_special_tokens=False)["input_ids"]
    return found


def encode_completions(
    tokenizer: "PreTrainedTokenizerBase",
    completions: Sequence[str],
    template: Template | None = None,
) -> list[list[int]]:
    """Return the token ids of responses, each closed by the token that ends a turn.

    Without a chat template that is the end-of-text token. Raises ValueError if there is none.
    """
    form = template or own(tokenizer)
    end = form.closing(tokenizer).end
    if end is None:
        raise ValueError("the tokenizer has no end-of-text token (eos_token)")
    return [[*ids, end] for ids in encode_responses(tokenizer, completions, form)]


def encode_rows(
    tokenizer: "PreTrainedTokenizerBase",
    rows: Sequence[Mapping[str, Any]],
    template: Template | None = None,
) -> list[Sample]:
    """Return the samples of rows of a corpus (`prompt`, `completion`). Raises ValueError."""
    form = template or own(tokenizer)
    prompts = encode_prompts(tokenizer, [row["prompt"] for row in rows], form)
    completions = encode_completions(tokenizer, [row["completion"] for row in rows], form)
    return [Sample(p, c) for p, c in zip(prompts, completions, strict=True)]
