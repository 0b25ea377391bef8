"""The run as a trace should tell it: one moment after the other."""

from dataclasses import dataclass

from .program import CannotFollow
from .records import Call, Run, Step


@dataclass(eq=False)
class Moment:
    """``call``, ``step`` or ``end`` (a call returns; `implicit` if without a ``return``)."""

    kind: str
    call: Call
    step: Step | None = None
    value: str = ""
    implicit: bool = False
    at: int = 0  # its place among the events


def moments(run: Run) -> list[Moment]:
    """Return the moments of a run that a trace tells."""
    found: list[Moment] = []
    late: dict[int, list[Moment]] = {}  # the next item of a loop is told when it is there
    for at, event in enumerate(run.events):
        found += late.pop(at, [])
        step = event.step
        if event.kind == "step" and step is not None:
            if step.statement.kind in ("case", "except") and not step.truth:
                continue
            moment = Moment("step", event.call, step)
            if step.statement.kind == "for" and step.again and step.ended > at + 1:
                late.setdefault(step.ended, []).append(moment)
            else:
                found.append(moment)
        elif event.kind == "call":
            found.append(Moment("call", event.call, at=at))
        elif event.kind == "end":
            found.append(Moment("end", event.call, step, event.value, step is None))
        elif event.kind in ("raise", "pause", "resume"):
            found.append(Moment(event.kind, event.call, step))
    return found + [m for moments in late.values() for m in moments]


def same(plain: Run, probed: Run) -> None:
    """Raise CannotFollow if two runs of the same program differ."""
    a, b = map(_texts, (plain, probed))
    for one, other in zip(a, b, strict=False):
        if one != other:
            raise CannotFollow(f"two runs differ: {one} and {other}"[:300])
    if len(a) != len(b):
        raise CannotFollow("two runs differ in length")


def _texts(run: Run) -> list[object]:
    found: list[object] = []
    for e in run.events:
        step = e.step
        told = (step.statement.number, step.before, step.after) if step else None
        found.append((e.kind, e.call.number, e.value, told))
    return [*found, run.result, run.error]
