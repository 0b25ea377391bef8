"""Other tracers, where they are installed, set to write a trace of a function to nowhere."""

import importlib.metadata
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Function: TypeAlias = Callable[..., Any]


class _Nowhere(io.TextIOBase):
    """A text stream that forgets what is written to it."""

    def write(self, text: str) -> int:
        return len(text)


def _pysnooper(function: Function) -> Function:
    """Write the lines that run and the variables that change."""
    import pysnooper

    traced: Function = pysnooper.snoop(output=_Nowhere(), color=False)(function)
    return traced


def _snoop(function: Function) -> Function:
    """Write the lines that run and the variables that change."""
    import snoop

    traced: Function = snoop.Config(out=_Nowhere(), color=False).snoop(function)
    return traced


def _hunter(function: Function) -> Function:
    """Write the lines that run and the variables that change."""
    import hunter

    actions = [hunter.CodePrinter(stream=_Nowhere()), hunter.VarsSnooper(stream=_Nowhere())]
    traced: Function = hunter.wrap(function, local=True, actions=actions)
    return traced


def _birdseye(function: Function) -> Function:
    """Record the value of every expression to a database in memory.

    Of a loop it keeps the first and the last few iterations only.
    """
    os.environ["OUTDATED_IGNORE"] = "1"  # else it asks a server for newer versions
    import birdseye

    traced: Function = birdseye.BirdsEye("sqlite://")(function)
    return traced


@dataclass(frozen=True)
class Peer:
    """Another tracer; `trace` returns a function that does the same and is traced."""

    name: str
    trace: Callable[[Function], Function]

    @property
    def version(self) -> str | None:
        """The version that is installed; None if there is none."""
        try:
            return importlib.metadata.version(self.name)
        except importlib.metadata.PackageNotFoundError:
            return None


PEERS = (
    Peer("PySnooper", _pysnooper),
    Peer("hunter", _hunter),
    Peer("birdseye", _birdseye),
    Peer("snoop", _snoop),
)
