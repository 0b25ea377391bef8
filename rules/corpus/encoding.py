"""From texts to token ids: what a model is given, and what it is to answer.

Training and evaluation both use what stands here, so that a model is asked in just the form in
which it was taught. Prompt and completion are encoded apart: how the first token of a completion
is cut never depends on the prompt's last, which a model that generates has already been given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

IGNORED = -100
"""The label of a token that is not learnt."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The token ids of a row: what is given, and what is learnt, an end-of-text token included."""

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


def encode_prompt(tokenizer: "PreTrainedTokenizerBase", prompt: str) -> list[int]:
    """Return the token ids after which a model writes its response to a prompt.

    With a chat template, the prompt is the user's message, and the answer is opened. Without one,
    a blank line follows the prompt, as `rfft-trace` prints it.
    """
    return encode_prompts(tokenizer, [prompt])[0]


def encode_prompts(tokenizer: "PreTrainedTokenizerBase", prompts: Sequence[str]) -> list[list[int]]:
    """Return what `encode_prompt` returns for each prompt, faster than one by one."""
    special = tokenizer.chat_template is None
    texts = [blank_line(p) for p in prompts] if special else [_chat(tokenizer, p) for p in prompts]
    found = tokenizer(texts, add_special_tokens=special)["input_ids"]
    end = tokenizer.eos_token_id
    # Some tokenizers close every text; a prompt stays open.
    return [ids[:-1] if special and ids and ids[-1] == end else ids for ids in found]


def encode_completions(
    tokenizer: "PreTrainedTokenizerBase", completions: Sequence[str]
) -> list[list[int]]:
    """Return the token ids of responses, each closed by the end-of-text token.

    Raises ValueError if the tokenizer has no such token.
    """
    if tokenizer.eos_token_id is None:
        raise ValueError("the tokenizer has no end-of-text token (eos_token)")
    texts = completions
    if tokenizer.chat_template is not None:  # a message has no line end of its own
        texts = [text.rstrip("\n") for text in completions]
    found = tokenizer(list(texts), add_special_tokens=False)["input_ids"]
    return [[*ids, tokenizer.eos_token_id] for ids in found]


def encode_rows(
    tokenizer: "PreTrainedTokenizerBase", rows: Sequence[Mapping[str, Any]]
) -> list[Sample]:
    """Return the samples of rows of a corpus (`prompt`, `completion`). Raises ValueError."""
    prompts = encode_prompts(tokenizer, [row["prompt"] for row in rows])
    completions = encode_completions(tokenizer, [row["completion"] for row in rows])
    return [Sample(p, c) for p, c in zip(prompts, completions, strict=True)]


def blank_line(prompt: str) -> str:
    """Return a prompt as a model without a chat template is given it: with a blank line behind."""
    return prompt + ("\n" if prompt.endswith("\n") else "\n\n")


def _chat(tokenizer: "PreTrainedTokenizerBase", prompt: str) -> str:
    message = {"role": "user", "content": prompt.rstrip("\n")}
    text = tokenizer.apply_chat_template([message], add_generation_prompt=True, tokenize=False)
    return str(text)
