"""The training loop: transformers' `Trainer`, given whole steps.

Plain `Trainer` and TRL's `SFTTrainer` were weighed. TRL packs, and learns from completions alone,
but its steps count rows, so that a packed batch has another number of samples at every step; it
needs `datasets` as well. What is wanted here is a fixed number of samples a step, as in the papers,
computed in as many micro-batches as it takes. So an item of the data loader is a whole step, and
`training_step` goes through its micro-batches. Optimiser, schedule, checkpoints, trackers, DDP and
FSDP stay those of `Trainer`.
"""

import contextlib
import itertools
import time
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from accelerate.utils import DistributedType
from torch.utils.data import DataLoader, Dataset
from transformers import (
    PreTrainedTokenizerBase,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from .batching import Batch, Layout, Order
from .loss import response_loss
from .speed import Work, memory
from .tokens import Tokens


class Steps(Dataset[Batch]):
    """What this process computes of each step of some samples."""

    def __init__(self, tokens: Tokens, order: Order, layout: Layout) -> None:
        self.tokens = tokens
        self.order = order
        self.layout = layout

    def __len__(self) -> int:
        return self.order.steps

    def __getitem__(self, number: int) -> Batch:
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self.layout.batch(self.tokens, self.order.step(number))


class StepTrainer(Trainer):
    """A `Trainer` whose data are `Steps`.

    `validation` are the steps of the validation corpus, all of which make up one figure. `dtype`
    is that of products; if the weights are of another, by autocast. `work` counts operations,
    `peak` is what the device can do of them in a second.
    """

    def __init__(
        self,
        model: torch.nn.Module,
        args: TrainingArguments,
        steps: Steps,
        *,
        validation: Steps | None,
        dtype: torch.dtype,
        work: Work | None,
        peak: float,
        tokenizer: PreTrainedTokenizerBase,
        callbacks: list[TrainerCallback],
    ) -> None:
        super().__init__(
            model=model,
            args=args,
            train_dataset=steps,
            eval_dataset=validation,
            processing_class=tokenizer,
            callbacks=callbacks,
        )
        self.remove_callback(PrinterCallback)
        self._steps = steps
        self._validation = validation
        self._dtype = dtype
        self._work = work
        self._peak = peak
        self._batch: Batch | None = None
        self._begun = 0.0

    def get_train_dataloader(self) -> DataLoader[Batch]:
        # Not prepared by accelerate: each process makes its own part of a step.
        return DataLoader(self._steps, batch_size=1, collate_fn=_only)

    def training_step(
        self, model: torch.nn.Module, inputs: Any, num_items_in_batch: Any = None
    ) -> torch.Tensor:
        batch: Batch = inputs
        self._batch = batch
        model.train()
        # DDP and FSDP take the mean of the processes' gradients.
        scale = self.args.world_size / batch.responses
        total = torch.zeros((), device=self.args.device)
        for number, micro in enumerate(batch.micros, 1):
            with self._gradients(model, last=number == len(batch.micros)):
                with self._autocast():
                    loss = scale * response_loss(model, micro.to(self.args.device))
                self.accelerator.backward(loss)
            total += loss.detach()
        return total

    def _gradients(
        self, model: torch.nn.Module, *, last: bool
    ) -> contextlib.AbstractContextManager[Any]:
        """Let DDP exchange gradients once a step. FSDP would keep them whole until then."""
        if last or self.accelerator.distributed_type is DistributedType.FSDP:
            return contextlib.nullcontext()
        waiting: contextlib.AbstractContextManager[Any] = self.accelerator.no_sync(model)
        return waiting

    def _autocast(self) -> torch.autocast:
        enabled = self._dtype is not torch.float32
        return torch.autocast(self.args.device.type, dtype=self._dtype, enabled=enabled)

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Return and log the loss on the validation corpus, a mean over its response tokens."""
        assert self._validation is not None
        model = self.model_wrapped
        model.eval()
        total = torch.zeros((), device=self.args.device, dtype=torch.float64)
        responses = 0
        with torch.no_grad(), self._autocast():
            for number in range(len(self._validation)):
                batch = self._validation[number]
                for micro in batch.micros:
                    total += response_loss(model, micro.to(self.args.device))
                responses += batch.responses
        loss = self.accelerator.reduce(total, "sum").item() / responses
        metrics = {"eval_loss": loss}
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(
            self.args, self.state, self.control, metrics
        )
        return metrics

    def floating_point_ops(self, inputs: Any) -> int:
        return 0 if self._work is None else int(self._operations(inputs) / self.args.world_size)

    def _operations(self, batch: Batch) -> float:
        return self._work.step(batch.lengths, batch.responses) if self._work else 0.0

    def get_batch_samples(
        self, epoch_iterator: Iterator[Any], num_batches: int, device: torch.device
    ) -> tuple[list[Any], None]:
        self._begun = time.perf_counter()
        return list(itertools.islice(epoch_iterator, num_batches)), None

    def log(self, logs: dict[str, Any], start_time: float | None = None) -> None:
        """Log, and add to the figures of a step how fast it was.

        These are, of all processes: samples, tokens, seconds, tokens a second, `mfu`
        (`rfft.train.speed`, null if it cannot be told); and the most memory that this process has
        taken so far, in GiB.
        """
        self.state.epoch = self._steps.order.epoch(self.state.global_step)
        if "loss" in logs and self._batch is not None:
            seconds = time.perf_counter() - self._begun
            tokens = sum(self._batch.lengths)
            speed = self._operations(self._batch) / seconds / self._peak / self.args.world_size
            logs |= {
                "samples": len(self._batch.lengths),
                "tokens": tokens,
                "seconds": round(seconds, 4),
                "tokens_per_second": round(tokens / seconds, 1),
                "mfu": round(speed, 4) if self._work else None,
                "memory_gib": round(memory(self.args.device), 3),
            }
        super().log(logs, start_time)


def _only(items: Sequence[Batch]) -> Batch:
    return items[0]
