"""Which samples make up a step, and how they are laid out for the model.

A step is a fixed number of samples, drawn without repetition within an epoch. They are cut into
*micro-batches* of a limited number of tokens, whose gradients are added up. The loss of a step is
the mean over the response tokens of all its samples; so it depends neither on the cut, nor on the
layout, nor on the number of processes. No sample ever sees another one.

Two layouts:

``packed``   the samples of a micro-batch stand end to end in one row. Positions restart with each
             sample, by which attention tells them apart. Nothing is padded. It takes attention that
             knows of lengths (FlashAttention); with a dense mask, its cost grows with the square of
             the row.
``grouped``  samples of about the same length stand in rows below each other, filled up at the
             right. Any causal attention does, since no token looks to the right.
"""

import functools
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from rfft.rules.corpus.encoding import IGNORED

from .tokens import Tokens

_ALIKE = 0.75  # the shortest row of a micro-batch, as a part of the longest: little is filled up


@dataclass(frozen=True)
class Order:
    """Which samples each step has: `batch` of `samples`, `epochs` times in another order.

    What does not fill a batch at the very end is left out, or with `rest` makes a smaller step.
    """

    samples: NDArray[np.int64]
    batch: int
    epochs: int
    seed: int
    rest: bool = False

    @property
    def steps(self) -> int:
        """How many steps there are: one at least."""
        wanted = len(self.samples) * self.epochs
        return -(-wanted // self.batch) if self.rest else max(1, wanted // self.batch)

    def epoch(self, steps: int) -> float:
        """Return how often the samples were seen after so many steps."""
        return steps * self.batch / len(self.samples)

    def step(self, number: int) -> NDArray[np.int64]:
        """Return the samples of a step, counted from 0."""
        first, count = number * self.batch, len(self.samples)
        last = min(first + self.batch, count * self.epochs)
        found = []
        for epoch in range(first // count, (last - 1) // count + 1):
            start = epoch * count
            found.append(_shuffled(count, self.seed, epoch)[max(first - start, 0) : last - start])
        return self.samples[np.concatenate(found)]


@functools.lru_cache(maxsize=2)
def _shuffled(count: int, seed: int, epoch: int) -> NDArray[np.int64]:
    return np.random.default_rng([seed, epoch]).permutation(count)


@dataclass(frozen=True)
class Micro:
    """A micro-batch, ready for the model: tensors of shape [rows, width], int64.

    `targets` are the tokens to be predicted at each place, `IGNORED` for those that are not
    learnt. `position_ids` are there if the layout is packed.
    """

    input_ids: torch.Tensor
    targets: torch.Tensor
    position_ids: torch.Tensor | None = None

    def to(self, device: torch.device) -> "Micro":
        """Return it on a device."""
        positions = self.position_ids
        return Micro(
            self.input_ids.to(device, non_blocking=True),
            self.targets.to(device, non_blocking=True),
            None if positions is None else positions.to(device, non_blocking=True),
        )


@dataclass(frozen=True)
class Batch:
    """What one process computes of a step; and, of all processes, what the step has.

    `lengths` are the tokens of its samples, `responses` how many of them are learnt.
    """

    micros: list[Micro]
    lengths: tuple[int, ...]
    responses: int


@dataclass(frozen=True)
class Layout:
    """How samples become micro-batches, by one process (`rank`) of `world`.

    With `fixed`, packed rows are filled up to `micro_tokens`, so that all have the same shape.
    """

    packed: bool
    micro_tokens: int
    rank: int = 0
    world: int = 1
    fixed: bool = False

    def batch(self, tokens: Tokens, samples: NDArray[np.int64]) -> Batch:
        """Return this process's part of a step with these samples."""
        lengths = [int(n) for n in tokens.lengths[samples]]
        cut = pack(lengths, self.micro_tokens, self.world) if self.packed else group(
            lengths, self.micro_tokens, self.world
        )  # fmt: skip
        make = self._row if self.packed else self._rows
        micros = [make(tokens, samples[part]) for part in cut[self.rank :: self.world]]
        responses = int((tokens.lengths[samples] - tokens.prompts[samples]).sum())
        return Batch(micros, tuple(lengths), responses)

    def _row(self, tokens: Tokens, samples: NDArray[np.int64]) -> Micro:
        parts = [tokens.ids(n) for n in samples]
        lengths = [len(ids) for ids in parts]
        fill = self.micro_tokens - sum(lengths) if self.fixed else int(not parts)
        ids = np.concatenate([*parts, np.zeros(fill, np.int32)]).astype(np.int64)
        positions = np.concatenate([np.arange(n) for n in (*lengths, fill)])
        targets = np.concatenate([*(_targets(tokens, n) for n in samples), np.full(fill, IGNORED)])
        return Micro(*(torch.from_numpy(values)[None] for values in (ids, targets, positions)))

    def _rows(self, tokens: Tokens, samples: NDArray[np.int64]) -> Micro:
        lengths = tuple(int(n) for n in tokens.lengths[samples])
        shape = (max(len(lengths), 1), max(lengths, default=1))
        ids = np.zeros(shape, np.int64)
        targets = np.full(shape, IGNORED)
        for row, n in enumerate(samples):
            ids[row, : lengths[row]] = tokens.ids(n)
            targets[row, : lengths[row]] = _targets(tokens, n)
        return Micro(torch.from_numpy(ids), torch.from_numpy(targets))


def _targets(tokens: Tokens, sample: int) -> NDArray[np.int64]:
    """Return what is to be predicted after each token: the response, and nothing after its end."""
    targets = np.full(tokens.lengths[sample], IGNORED)
    first = tokens.prompts[sample]
    targets[first - 1 : -1] = tokens.ids(sample)[first:]
    return targets


def pack(lengths: Sequence[int], most: int, multiple: int) -> list[list[int]]:
    """Cut samples into parts of at most `most` tokens and about the same size each.

    The number of parts is a multiple of `multiple`; some are empty if there are too few samples.
    Returns the places in `lengths`. No sample may be longer than `most`.
    """
    count = -(-sum(lengths) // most)
    order = sorted(range(len(lengths)), key=lambda n: -lengths[n])
    for parts in _multiples(count, multiple):
        # The longest sample first, each into the part that is the shortest so far.
        heap = [(0, n) for n in range(parts)]
        found: list[list[int]] = [[] for _ in range(parts)]
        for place in order:
            size, part = heap[0]
            heapq.heapreplace(heap, (size + lengths[place], part))
            found[part].append(place)
        if max(size for size, _ in heap) <= most:
            return found
    raise AssertionError("unreachable: a part for each sample holds it")


def group(lengths: Sequence[int], most: int, multiple: int) -> list[list[int]]:
    """Cut samples, by falling length, into parts that fill at most `most` tokens when padded.

    The samples of a part are of about the same length. The number of parts is a multiple of
    `multiple`; some are empty if there are too few samples. Returns the places in `lengths`. No
    sample may be longer than `most`.
    """
    order = sorted(range(len(lengths)), key=lambda n: -lengths[n])
    found: list[list[int]] = []
    for place in order:
        longest = lengths[found[-1][0]] if found else 0
        fits = found and longest * (len(found[-1]) + 1) <= most
        if fits and lengths[place] >= _ALIKE * longest:
            found[-1].append(place)
        else:
            found.append([place])
    while len(found) % multiple:
        largest = max(found, key=len)
        half = len(largest) // 2
        found.append(largest[len(largest) - half :])
        del largest[len(largest) - half :]
    return found


def _multiples(count: int, multiple: int) -> Iterator[int]:
    parts = -(-max(count, 1) // multiple) * multiple
    while True:
        yield parts
        parts += multiple
