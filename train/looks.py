"""How a look at a run is shown: as text, as JSON, as a page."""

import dataclasses
import html
import json
import sys
from collections.abc import Iterator

from rfft.tracer.values.characters import visible

from .look import Look
from .room import size

OPEN, CLOSE = "[loss>", "<loss]"
"""Where the loss begins and ends, in texts without colour."""

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; background: #fff }}
th {{ text-align: left; padding-right: 2rem; vertical-align: top }}
pre {{ white-space: pre-wrap; border: 1px solid #bbb; padding: 1rem }}
.given {{ color: #666 }}
.learnt {{ color: #05400a; background: #dff3e0; text-decoration: none }}
</style>
<h1>{title}</h1>
<table>
{rows}
</table>
<h2>{sample}</h2>
<p>The loss is on what is <mark class="learnt">marked</mark>.</p>
<pre>{text}</pre>
</html>
"""


def to_json(look: Look) -> str:
    """Return a look as JSON data."""
    said = dataclasses.asdict(look) | {"seconds": look.seconds}
    if look.memory is not None:
        said["memory"]["total"] = look.memory.total
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def to_html(look: Look) -> str:
    """Return a look as a page that needs nothing else."""
    rows = [
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(text)}</td></tr>"
        for name, text in _facts(look)
    ]
    text = "".join(
        f'<{tag} class="{kind}">{html.escape(visible(part.text))}</{tag}>'
        for part in look.parts
        for tag, kind in [("mark", "learnt") if part.learnt else ("span", "given")]
    )
    return _PAGE.format(
        title=html.escape(f"rfft train --recipe {look.recipe}: before the start"),
        rows="\n".join(rows),
        sample=html.escape(f"Sample {look.sample}"),
        text=text,
    )


def to_text(look: Look) -> str:
    """Return a look as lines; marks stand where the loss begins and ends."""
    sample = "".join(
        f"{OPEN}{visible(part.text)}{CLOSE}" if part.learnt else visible(part.text)
        for part in look.parts
    )
    said = f"sample {look.sample}; the loss is on what stands between {OPEN} and {CLOSE}:"
    return f"{_table(look)}\n{said}\n\n{sample}\n"


def show(look: Look) -> None:
    """Print a look: in colour on a terminal."""
    if not sys.stdout.isatty():
        print(to_text(look), end="")
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text(_table(look)))
    console.print(Text.assemble("sample ", look.sample, "; ", ("the loss is on this", _LEARNT)))
    console.print()
    console.print(
        Text.assemble(*((visible(p.text), _LEARNT if p.learnt else "dim") for p in look.parts))
    )


_LEARNT = "bold green"


def _table(look: Look) -> str:
    return "".join(f"{name:<12}{text}\n" for name, text in _facts(look))


def _facts(look: Look) -> Iterator[tuple[str, str]]:
    yield (
        "steps",
        (
            f"{look.steps:,} of {look.batch:,} samples: {look.epochs:.2f} epochs of "
            f"{look.samples:,} samples"
            + (f"; {look.too_long:,} are too long" if look.too_long else "")
        ),
    )
    yield (
        "tokens",
        (
            f"{look.tokens:,}, the loss is on {look.learnt:,} of them; the longest sample has "
            f"{look.longest:,}, the context {look.context:,}"
        ),
    )
    if look.validations:
        yield "validations", f"{look.validations:,}"
    if look.parameters is not None and look.trained is not None:
        yield "model", f"{look.model}: {look.parameters:,} weights, {look.trained:,} are trained"
    if look.memory is not None:
        yield "memory", _memory(look)
    if look.room is not None:
        yield "disk", f"about {size(look.room)} of {size(look.room_there)}: checkpoints and model"
    yield "time", _time(look)


def _memory(look: Look) -> str:
    assert look.memory is not None
    parts = {
        "weights": look.memory.weights,
        "gradients": look.memory.gradients,
        "optimiser": look.memory.optimiser,
        "activations": look.memory.activations,
    }
    listed = ", ".join(f"{n} {'unknown' if v is None else size(v)}" for n, v in parts.items())
    more = look.memory.total > look.memory_there
    return (
        f"about {size(look.memory.total)} of {size(look.memory_there)} ({look.device}): {listed}"
        + (
            "; IT WILL NOT FIT: lower --micro-tokens, or give --gradient-checkpointing"
            if more
            else ""
        )
    )


def _time(look: Look) -> str:
    if look.speed is None or look.seconds is None:
        return "not measured; --measure takes three steps"
    minutes, seconds = divmod(round(look.seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"about {hours}:{minutes:02}:{seconds:02}: {look.speed.seconds:,.2f} seconds a step, "
        f"{look.speed.tokens_per_second:,.0f} tokens/s, {size(look.speed.memory)} of memory taken"
    )
