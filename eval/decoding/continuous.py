"""Continuous batching of transformers: a place that comes free takes the next question at once."""

from collections.abc import Iterator, Sequence
from typing import Any

from ..errors import RunFailed

_WAIT = 1.0  # seconds between looks at whether it is still running


def generate(
    model: Any,
    prompts: Sequence[list[int]],
    limits: Sequence[int],
    order: Sequence[int],
    ends: Sequence[int],
) -> Iterator[tuple[int, list[int]]]:
    """Yield, as they end, the number of a prompt and the tokens that follow it; see `greedy`."""
    from transformers import GenerationConfig

    settings = GenerationConfig(
        do_sample=False, max_new_tokens=max(limits), eos_token_id=list(ends), pad_token_id=ends[0]
    )
    with model.continuous_batching_context_manager(generation_config=settings) as manager:
        for i in order:
            manager.add_request(prompts[i], request_id=str(i), max_new_tokens=limits[i])
        left = len(order)
        while left:
            result = manager.get_result(timeout=_WAIT)
            if result is None:
                if not manager.is_running():
                    raise RunFailed("continuous batching has stopped; take --batching padded")
            elif result.error:
                raise RunFailed(f"continuous batching failed: {result.error}")
            elif result.is_finished():
                yield int(result.request_id), list(result.generated_tokens)
                left -= 1
