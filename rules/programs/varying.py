"""A set in which variants stand in place of each program.

A variant has the fingerprint of its program, so that all of one are on one side of the split, and
the program's id with a number: ``ID~1``, ``ID~2`` ...
"""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from rfft.tracer import Rule

from ..variants.task import MARK
from .errors import SetRejected
from .stored import FILE, UNREAD, Program, ProgramSet, Shard

if TYPE_CHECKING:
    from ..variants.checked import Varied


def vary(
    programs: ProgramSet,
    folder: Path,
    count: int,
    seed: int,
    most: int,
    unprotected: bool = False,
    done: Callable[[int], None] = lambda programs: None,
) -> ProgramSet:
    """Write the variants of a set, `count` of each program if there are so many, into a folder.

    The set must be kept in that folder; what could not be varied is noted there. `most` is how
    many inputs a shard has, about. `done` is told of programs. Raises SetRejected, OSError,
    Unprotected.
    """
    from ..variants.checked import Checker, Original

    def originals(of: Iterator[Program]) -> Iterator[Original]:
        for program in of:
            rule = Rule.from_source(program.source, program.function)
            yield Original(rule, program.inputs, f"{seed}/{program.fingerprint}")

    every: Iterator[Program] = itertools.chain.from_iterable(
        map(programs.shard, range(len(programs.shards)))
    )
    every, again = itertools.tee(every)
    digest, shards = sha256(), []
    start = at = held = inputs = fewer = refused = 0
    unread = dict(programs.unread)
    made = folder / f"{FILE}.varied"
    with (
        Checker(unprotected=unprotected) as checker,
        made.open("wb") as file,
        (folder / UNREAD).open("ab") as out,
    ):
        for program, varied in zip(again, checker.varied(originals(every), count), strict=True):
            fewer += len(varied.variants) < count
            refused += len(varied.refused)
            if not varied.variants:
                said = {"id": program.id, "status": "no_variant", "reason": varied.why}
                out.write((json.dumps(said) + "\n").encode())
                unread["no_variant"] = unread.get("no_variant", 0) + 1
            for one in _programs(program, varied):
                if held and inputs + len(one.inputs) > most:
                    shards.append(Shard(start, held, inputs))
                    start, held, inputs = at, 0, 0
                data = one.line()
                file.write(data)
                digest.update(data)
                at, held, inputs = at + len(data), held + 1, inputs + len(one.inputs)
            done(1)
    if not at:
        raise SetRejected("there is no program in the set of which a variant runs alike")
    if held:
        shards.append(Shard(start, held, inputs))
    made.replace(folder / FILE)
    told = {"programs": programs.programs, "fewer": fewer, "refused": refused}
    return replace(
        programs, sha256=digest.hexdigest(), shards=tuple(shards), varied=told,
        unread=dict(sorted(unread.items())),
    )  # fmt: skip


def _programs(program: Program, varied: "Varied") -> Iterator[Program]:
    for number, variant in enumerate(varied.variants, 1):
        yield program._replace(
            id=f"{program.id}{MARK}{number}", source=variant.source, function=variant.function,
            of=program.id,
        )  # fmt: skip
