"""The command ``rfft corpus export``."""

import math
from pathlib import Path
from typing import Annotated

import typer

from rfft.tracer.commands.grammar import OUTPUT, Misused
from rfft.tracer.commands.progress import Bar

from .errors import CorpusRejected


def export(
    corpora: Annotated[
        list[Path], typer.Argument(metavar="CORPUS...", help="Folders of complete corpora.")
    ],
    to: Annotated[str, typer.Option(metavar="PROGRAM", help="lm-eval, mlx, openai or verl.")],
    output: Annotated[
        Path | None, typer.Option(*OUTPUT, metavar="DIR", help="A new folder.")
    ] = None,
    validation: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="Which share of the training instances, such as 0.05, is for validation; or the "
            "folder of a validation corpus.",
        ),
    ] = None,
) -> None:
    """Write corpora as another program takes them, all sides into one folder.

    Rows go to the file of their corpus's side: training, validation or tests.
    """
    from . import plan
    from .export import load
    from .exporting import export as write

    target = load(to)
    if output is None and len(corpora) > 1 and not (corpora[-1] / plan.FILE).exists():
        *corpora, output = corpora  # as of what copies
    if output is None:
        raise Misused("--output is missing: the new folder to write into")
    share = 0.0
    if validation is not None:
        share = _share(validation)
        if not share:
            more = Path(validation)
            if (side := plan.read(more).settings.side) != "validation":
                raise CorpusRejected(
                    f"{more}: is of side {side}; --validation takes a corpus of side validation, "
                    "which --side of rfft corpus build chooses, or a share such as 0.05"
                )
            corpora = [*corpora, more]
    with Bar("exporting") as bar:
        contents = write(
            corpora, target, output, share=share,
            begun=lambda rows: bar.begin(0, rows), done=bar.add,
        )  # fmt: skip
    rows = ", ".join(f"{count:,} {side}" for side, count in contents.rows.items())
    print(f"{output}: {sum(contents.rows.values()):,} rows ({rows})")
    for line in target.use(output, contents):
        print(line)


def _share(text: str) -> float:
    """Return the share that is given, 0 if it is the name of a folder. Raises CorpusRejected."""
    try:
        share = float(text)
    except ValueError:
        return 0.0
    if not math.isfinite(share) or not 0 < share < 1:
        raise CorpusRejected(f"--validation is a share between 0 and 1, such as 0.05, not {text}")
    return share
