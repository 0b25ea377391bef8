"""How a model may be asked: in batches that texts leave, in whole batches, or one text at a time.

Some models keep states that cannot be taken out of a batch, and some see the padding in front of a
text. Which, their names do not tell; so a few tokens are written in a batch and by `generate`, and
compared.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import torch

from ..errors import RunFailed
from .greedy import Rows, greedy

Writer = Callable[..., Iterator[tuple[int, list[int]]]]
"""Writes as `greedy` does."""

_LONGEST = 256  # tokens of the prompt that is tried
_STEPS = 4  # tokens that are written to compare


def fitting(model: Any, prompt: list[int], longest: Callable[[], int]) -> tuple[Writer, str]:
    """Return what writes for a model the same in a batch as alone, and a line if that is slower.

    `prompt` is one to try it with; `longest` returns how many tokens a prompt and what follows it
    may have. Raises RunFailed if the model cannot write.
    """
    most = turn(model)
    if most is not None and longest() > most:
        return single, "its positions follow the longest text of a batch: one answer at a time"
    size = min(len(prompt), _LONGEST)
    # The first row has no padding, and the one in the middle leaves.
    prompts = [prompt[:length] for length in (size, max(1, size // 3), max(1, size // 2))]
    try:
        wanted = [_generated(model, p) for p in prompts]
    except torch.OutOfMemoryError:
        raise
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        raise RunFailed(
            f"{type(model).__name__}: cannot write text ({type(error).__name__}: {said})"
        ) from None
    if _same(model, prompts, wanted, leave=True):
        return greedy, ""
    if _same(model, prompts, wanted, leave=False):
        return partial(greedy, leave=False), "nothing leaves its batches: each runs to its end"
    return single, "its answers differ in a batch: one at a time"


def single(
    model: Any, prompts: Sequence[list[int]], limits: Sequence[int], ends: Sequence[int]
) -> Iterator[tuple[int, list[int]]]:
    """Yield what `greedy` does, by `generate` for each prompt alone."""
    for i, (prompt, limit) in enumerate(zip(prompts, limits, strict=True)):
        made = _generate(model, prompt, max_new_tokens=limit, eos_token_id=list(ends))
        yield i, made.sequences[0, len(prompt) :].tolist()


def _generate(model: Any, prompt: list[int], **settings: Any) -> Any:
    ids = torch.tensor([prompt], device=model.device)
    return model.generate(
        ids, attention_mask=torch.ones_like(ids), do_sample=False, return_dict_in_generate=True,
        **settings,
    )  # fmt: skip


def _generated(model: Any, prompt: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the tokens that `generate` writes, and all logits before each: steps by tokens."""
    made = _generate(
        model, prompt, max_new_tokens=_STEPS, min_new_tokens=_STEPS, output_logits=True
    )
    return made.sequences[0, len(prompt) :], torch.cat(made.logits).float()


def _same(
    model: Any,
    prompts: Sequence[list[int]],
    wanted: Sequence[tuple[torch.Tensor, torch.Tensor]],
    *,
    leave: bool,
) -> bool:
    """Tell whether a batch has the logits that `generate` has."""
    running = list(range(len(prompts)))
    errors: list[list[torch.Tensor]] = [[] for _ in prompts]
    try:
        rows = Rows(model, prompts)
        for step in range(_STEPS):
            found = rows.logits().float()
            for i, logits in zip(running, found, strict=True):
                errors[i].append(_distance(logits, wanted[i][1][step]))
            rows.add(torch.stack([wanted[i][0][step] for i in running]))
            if leave and step == 1:
                rows.keep([0, 2])
                running = [0, 2]
    except torch.OutOfMemoryError:
        raise
    except Exception:  # states that cannot be cut raise anything
        return False
    # In few bits the same sums differ a little, and some experts are others; hence the medians.
    most = 2 * torch.finfo(model.dtype).eps ** 0.5
    return all(torch.stack(e).median().item() <= most for e in errors)


def _distance(logits: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """Return how far logits are from the true ones, where these spread by 1."""
    known = true.isfinite()  # some models rule tokens out
    true = true[known]
    found: torch.Tensor = (logits[known] - true).norm() / (true - true.mean()).norm()
    return found


def positions(model: Any) -> int | None:
    """Return how many positions a model has, None if that is not known or they are stretched."""
    config = model.config.get_text_config(decoder=True)
    most = getattr(config, "max_position_embeddings", None)
    if not isinstance(most, int) or most <= 0:  # -1: as many as wanted
        return None
    if any("dynamic" in kind for kind, _ in _rotary(config)):
        return None
    return most


def turn(model: Any) -> int | None:
    """Return beyond how many tokens all positions of a batch are others, if that is so."""
    config = model.config.get_text_config(decoder=True)
    turns = []
    for kind, rope in _rotary(config):
        if kind == "longrope":
            turns.append(rope["original_max_position_embeddings"])
        elif "dynamic" in kind:
            turns.append(config.max_position_embeddings)
    return min(turns, default=None)


def _rotary(config: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the kinds of rotary positions that a model has, with what is said of each."""
    given = getattr(config, "rope_parameters", None) or {}
    for rope in (given, *(part for part in given.values() if isinstance(part, dict))):
        yield rope.get("rope_type") or "", rope
