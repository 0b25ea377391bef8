"""Trackers: where else the figures of a run go, such as TensorBoard or Weights & Biases.

They are the callbacks of transformers. Those that write files do so in the folder `FOLDER` of the
run, which outlives a resume.
"""

import copy
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainingArguments

from rfft.tracer.commands.app import say

from .errors import TrainingFailed, TrainingRejected

FOLDER = "logs"


def made(names: Sequence[str], run: Path) -> list[TrainerCallback]:
    """Return the trackers of these names for a run in a folder.

    Raises TrainingRejected if there is none of a name, or its package is not installed.
    """
    return [Tracker(name, run / FOLDER) for name in dict.fromkeys(names)]


class Tracker(TrainerCallback):
    """A tracker of transformers. One that cannot begin stops training before the first step.

    One that fails later, as when a server is away, is left out from there on.
    """

    def __init__(self, name: str, folder: Path) -> None:
        from transformers.integrations.integration_utils import INTEGRATION_TO_CALLBACK

        if name not in INTEGRATION_TO_CALLBACK:
            known = ", ".join(sorted(INTEGRATION_TO_CALLBACK))
            raise TrainingRejected(f"no tracker {name!r}; there are {known}")
        try:
            inner = INTEGRATION_TO_CALLBACK[name]()
        except (RuntimeError, ImportError) as error:
            raise TrainingRejected(f"tracker {name}: {_line(error)}") from None
        if name == "tensorboard" and inner.logging_dir is None:
            inner.logging_dir = str(folder / name)  # one for all resumes: one curve
        self._name, self._folder, self._inner = name, folder, inner
        self._begun = self._failed = False

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("on_"):
            return object.__getattribute__(self, name)
        return functools.partial(self._tell, name)

    def _tell(self, event: str, args: TrainingArguments, *given: Any, **said: Any) -> Any:
        if self._failed:
            return None
        if event != "on_save":  # at which it may read what the trainer has written
            args = copy.copy(args)
            args.output_dir = str(self._folder)
        try:
            done = getattr(self._inner, event)(args, *given, **said)
        except Exception as error:  # a tracker may raise anything
            if not self._begun:
                raise TrainingFailed(
                    f"tracker {self._name} cannot begin: {_line(error)}; mend that, or leave out "
                    f"--tracker {self._name}"
                ) from None
            self._failed = True
            say(f"tracker {self._name}: {_line(error)}; training goes on without it", "rfft")
            return None
        self._begun |= event == "on_train_begin"
        return done


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
