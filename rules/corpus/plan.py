"""A plan: what is in a corpus, and how it is cut into shards.

Its hash covers everything that decides about the bytes: the settings, the text of each task, the
code that draws, traces and writes, and the version of what writes Parquet. Opening a plan
enumerates no samples.
"""

import functools
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from rfft.tracer import styles
from rfft.tracer.commands.settings import fits
from rfft.tracer.records import MAX_SOURCE
from rfft.tracer.styles import Style

from ..programs.stored import FILE as PROGRAMS_FILE
from ..programs.stored import ProgramSet
from ..sandboxed import guarded
from ..task import Task
from ..variants.task import MARK, VariantTask
from . import files, steps
from . import versions as code
from .errors import CorpusRejected
from .programs import PROGRAMS
from .settings import STEP, Settings
from .sources import SYNTHETIC, Source, TaskSource, identity, load
from .split import ALL, SHARES
from .varying import Variants, vary

FILE = "plan.json"
MOST_CELLS = 100_000
"""How many cells, and how many shards, there may be."""

_STEPS = 40  # rows of a sample, about, if a row is a step
_LATER = {"unit": "run", "vary": 0, "direction": "forward"}
_LARGEST = 16 << 20  # bytes of a plan's file


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a cell: `count` samples of a task at a length, the `slice`-th of `slices`."""

    task: str
    length: int
    count: int
    slice: int = 0
    slices: int = 1


class Plan:
    """What is in a corpus. Make one with `make` or `read`.

    `tasks` are the texts of the task files by name. `left_out` are lines that say what of the
    settings cannot be, such as lengths that a task does not have. Code of the tasks runs in the
    sandbox, or, with `trust`, in this process. A plan is `foreign` if it was read and is not
    trusted. With `programs` it is of these and of no tasks. With `variants` these are in place of
    the tasks.
    """

    def __init__(
        self,
        settings: Settings,
        tasks: dict[str, str],
        versions: dict[str, str],
        trust: bool = False,
        foreign: bool = False,
        programs: ProgramSet | None = None,
        variants: Variants | None = None,
    ) -> None:
        self.trust = trust
        self.foreign = foreign
        self.settings = settings
        self.tasks = tasks
        self.versions = versions
        self.cells: list[Slice] = []
        self.left_out: list[str] = []
        self.programs = programs
        self.variants = variants or {}
        if programs is not None:
            self.cells = [
                Slice(PROGRAMS, 0, shard.inputs, number, len(programs.shards))
                for number, shard in enumerate(programs.shards)
            ]
            return
        if settings.side == ALL:
            raise CorpusRejected(f"--side {ALL} is for --programs; take one of {', '.join(SHARES)}")
        first, last = settings.lengths
        for name, text in tasks.items():
            task = Task.from_source(text, name)
            least, most = task.min_length, task.max_length
            found = range(max(first, least), min(last, most if most is not None else last) + 1)
            if len(found) < last - first + 1:
                limits = f"{least} and more" if most is None else f"{least} to {most}"
                self.left_out.append(
                    f"{name}: {last - first + 1 - len(found)} of {last - first + 1} lengths are "
                    f"left out; it has lengths {limits}"
                )
            names = self._names(name)
            if lacking := max(0, settings.vary - len(names)):
                self.left_out.append(
                    f"{name}: {lacking} of {settings.vary} variants are left out; there is no "
                    "other wording of it that runs alike"
                )
            if settings.per_length:
                if len(self.cells) + len(names) * len(found) > MOST_CELLS:
                    raise CorpusRejected(f"these are more than {MOST_CELLS:,} tasks and lengths")
                self.cells += [
                    Slice(one, length, settings.per_length) for one in names for length in found
                ]
        drawn, span = settings.synthetic, last - first + 1
        for place, length in enumerate(range(first, last + 1) if drawn else ()):
            count = drawn * (place + 1) // span - drawn * place // span
            if count and length:
                self.cells.append(Slice(SYNTHETIC, length, count))
        if not self.cells:
            raise CorpusRejected("there is nothing to build: no task has these lengths")
        if sum(-(-cell.count // settings.shard_rows) for cell in self.cells) > MOST_CELLS:
            raise CorpusRejected(f"these are more than {MOST_CELLS:,} shards; take more shard_rows")

    def _names(self, task: str) -> list[str]:
        """Return the names under which a task is in the corpus: its own, or of its variants."""
        if not self.settings.vary:
            return [task]
        return [name for name in self.variants if name.rpartition(MARK)[0] == task]

    @property
    def by_steps(self) -> bool:
        """Whether a row is a step of a run."""
        return self.settings.unit == STEP

    @property
    def samples(self) -> int:
        """How many samples are planned."""
        return sum(cell.count for cell in self.cells)

    @functools.cached_property
    def hash(self) -> str:
        """What tells plans apart: 32 hexadecimal digits."""
        return sha256(self._canonical.encode()).hexdigest()[:32]

    @property
    def _canonical(self) -> str:
        settings = {k: v for k, v in asdict(self.settings).items() if k != "preset"}
        for name, usual in _LATER.items():  # plans that are older have no such settings
            if settings[name] == usual:
                del settings[name]
        said = {"settings": settings, "tasks": self.tasks, "versions": self.versions}
        if self.variants:
            said["variants"] = self.variants
        if self.programs is not None:
            said["programs"] = self.programs.to_json()
        return json.dumps(said, sort_keys=True, ensure_ascii=True)

    # Shards

    @functools.cached_property
    def shards(self) -> Sequence[tuple[Slice, ...]]:
        """What each shard holds: some whole cells, or one slice of a large one."""
        if self.programs is not None:
            return [(cell,) for cell in self.cells]
        most = self.settings.shard_rows
        if self.by_steps:
            most = max(1, most // _STEPS)
        shards: list[tuple[Slice, ...]] = []
        group: list[Slice] = []
        rows = 0
        for cell in self.cells:
            if group and rows + cell.count > most:
                shards.append(tuple(group))
                group, rows = [], 0
            if cell.count > most:
                shards += [(part,) for part in _sliced(cell, -(-cell.count // most))]
            else:
                group.append(cell)
                rows += cell.count
        if group:
            shards.append(tuple(group))
        return shards

    def part(self, k: int, n: int) -> range:
        """Return the numbers of the shards of part `k` (1 to `n`) of `n`."""
        return range(k - 1, len(self.shards), n)

    def shards_of(self, task: str, length: int) -> list[int]:
        """Return the numbers of the shards that hold a cell, or a program."""
        if self.programs is not None:
            found = self.programs.find(task)
            return [] if found is None else [found[0]]
        return [
            number
            for number, shard in enumerate(self.shards)
            if any(s.task == task and s.length == length for s in shard)
        ]

    def place(self, row: Mapping[str, Any]) -> tuple[str, int]:
        """Return the task and the length under which a row is counted."""
        return (PROGRAMS, 0) if self.programs is not None else (row["task"], row["length"])

    def apart(self, row: Mapping[str, Any]) -> Sequence[str]:
        """Return what, with the rule, decides about a row's side: nothing more, of programs."""
        arguments: list[str] = row["arguments"]
        return arguments if self.programs is None else ()

    def source(self, task: str, unprotected: bool = False) -> Source:
        """Return what makes instances of a task of the plan. Raises CorpusRejected."""
        said = self.settings
        if task in self.variants:
            made = self.task(task, unprotected)
            return TaskSource(made, said.seed, self.variant_of(task))
        text = self.tasks.get(task, "")
        return load(task, text, said.seed, said.synthetic_kind, self.trust, unprotected)

    def has(self, task: str) -> bool:
        """Tell whether rows may be of a task, or of a variant."""
        return task in (self.variants if self.settings.vary else self.tasks)

    def task(self, name: str, unprotected: bool = False) -> Task:
        """Return a task of the plan, or a variant of one."""
        own = name.rpartition(MARK)[0] if name in self.variants else name
        task = guarded(Task.from_source(self.tasks[own], own), self.trust, unprotected)
        return VariantTask(task, name, *self.variants[name]) if own != name else task

    def variant_of(self, task: str) -> str:
        """Return what rows of a variant have as that, or nothing for a task."""
        if task not in self.variants:
            return ""
        own = task.rpartition(MARK)[0]
        return identity(Task.from_source(self.tasks[own], own).rule.text, own)

    def load_style(self) -> Style:
        """Return the style of the plan. Raises StyleNotFound, CorpusRejected."""
        name = self.settings.style
        if self.foreign and name.endswith(".py"):
            raise CorpusRejected(
                f"its style is the file {name}, which would run unprotected; "
                "--trust says that it is your own"
            )
        return styles.load(name)

    # Files

    def to_json(self) -> dict[str, Any]:
        """Return the plan as JSON data."""
        return {
            "plan": self.hash,
            "samples": self.samples,
            "shards": len(self.shards),
            "settings": asdict(self.settings),
            "left_out": self.left_out,
            "versions": self.versions,
            "tasks": self.tasks,
            **({"variants": self.variants} if self.variants else {}),
            **({} if self.programs is None else {"programs": self.programs.to_json()}),
        }

    def text(self) -> str:
        """Return the text of the plan's file."""
        return json.dumps(self.to_json(), indent=1) + "\n"


def make(
    settings: Settings,
    rules: Sequence[str | Path] = (),
    trust: bool = False,
    programs: Callable[[], ProgramSet] | None = None,
    unprotected: bool = False,
) -> Plan:
    """Return the plan for some settings; `rules` are folders with more tasks.

    `programs` makes the set that stands in place of tasks, which may take long. For `trust` see
    `Plan`.

    Raises CorpusRejected, TaskNotFound, TaskRejected, StyleNotFound.
    """
    files.check(settings.format, settings.configs)
    style = styles.load(settings.style)
    if settings.unit == STEP:
        steps.check_style(style, settings.style)
    if programs is not None:
        if settings.tasks or settings.synthetic or settings.example:
            raise CorpusRejected(
                "--programs goes without tasks, rules that are drawn and worked examples"
            )
        versions = code.versions(style, settings.format)
        return Plan(settings, {}, versions, trust, programs=programs())
    tasks = _tasks(settings, rules)
    if not isinstance(settings.tasks, str):  # by whatever names: titles, files
        settings = replace(settings, tasks=tuple(tasks))
    if settings.synthetic:
        load(SYNTHETIC, "", settings.seed, settings.synthetic_kind)
    variants = vary(tasks, settings, trust, unprotected) if settings.vary else None
    return Plan(settings, tasks, code.versions(style, settings.format), trust, variants=variants)


def read(folder: Path, trust: bool = False) -> Plan:
    """Return the plan of a folder; for `trust` see `Plan`. Raises CorpusRejected."""
    path = folder / FILE
    try:
        if path.stat().st_size > _LARGEST:
            raise CorpusRejected(f"{path}: is no plan: it has more than {_LARGEST:,} bytes")
        data = json.loads(path.read_text(encoding="utf-8"))
        texts = _texts(data, "tasks"), _texts(data, "versions")
        programs = None
        if "programs" in data:
            programs = ProgramSet.from_json(data["programs"], folder / PROGRAMS_FILE)
        variants = _variants(data)
        plan = Plan(_settings(data["settings"]), *texts, trust, not trust, programs, variants)
    except FileNotFoundError:
        raise CorpusRejected(f"{folder}: is no corpus, there is no {FILE}") from None
    except OSError as error:
        raise CorpusRejected(f"{path}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise CorpusRejected(f"{path}: is damaged: {reason[:300]}") from None
    for name, there_are in (("samples", plan.samples), ("shards", len(plan.shards))):
        if data.get(name, there_are) != there_are:
            raise CorpusRejected(
                f"{path}: is damaged: it does not have {there_are:,} {name}, as its settings say"
            )
    if data.get("plan") != plan.hash:
        raise CorpusRejected(f"{path}: is damaged: the plan does not have the hash that it states")
    return plan


def _settings(said: Any) -> Settings:
    """Return the settings that a plan's file says. Raises ValueError, TypeError, KeyError."""
    given = dict(said)
    for field in fields(Settings):
        if field.name in given and not fits(field.type, given[field.name]):
            raise ValueError(f"{field.name} cannot be {_short(given[field.name])}")
        if isinstance(given.get(field.name), list):
            given[field.name] = tuple(given[field.name])
    if len(given["lengths"]) != 2:
        raise ValueError("lengths are two numbers")
    settings = Settings(**given)
    files.check(settings.format, settings.configs)
    return settings


def _texts(data: Any, name: str) -> dict[str, str]:
    """Return texts by their names. Raises ValueError, TypeError, KeyError."""
    said = data[name]
    if not isinstance(said, dict) or not all(isinstance(text, str) for text in said.values()):
        raise ValueError(f"{name} are texts with names")
    if any(len(text) > MAX_SOURCE for text in said.values()):
        raise ValueError(f"a text of {name} is longer than {MAX_SOURCE:,} characters")
    return said


def _variants(data: Any) -> Variants:
    """Return the variants of tasks. Raises ValueError, TypeError."""
    said = data.get("variants", {})
    for name, (source, function) in said.items():
        if name.rpartition(MARK)[0] not in data["tasks"] or len(source) > MAX_SOURCE:
            raise ValueError(f"{name} is no variant of a task")
        if not (isinstance(source, str) and isinstance(function, str)):
            raise TypeError(f"{name} is no text")
    return dict(said)


def checked(folder: Path, trust: bool = False) -> Plan:
    """Return the plan of a folder if the code at hand makes the same bytes. Raises CorpusRejected.

    For what is made anew; a corpus can be read whatever code has made it.
    """
    plan = read(folder, trust)
    code.demand(plan.versions)
    style = plan.load_style()
    versions = code.versions(style, plan.settings.format)
    now = Plan(plan.settings, plan.tasks, versions, programs=plan.programs, variants=plan.variants)
    differs = difference(plan, now)
    if differs:
        raise CorpusRejected(f"{folder}: was planned with {differs}")
    if plan.programs is not None:
        plan.programs.check()
    return plan


def difference(one: Plan, other: Plan) -> str:
    """Say in what two plans differ, in a few words; empty if they are the same."""
    if one.hash == other.hash:
        return ""
    a, b = asdict(one.settings), asdict(other.settings)
    found = [f"{k} {_short(a[k])} and not {_short(b[k])}" for k in a if a[k] != b[k]]
    if not found:
        texts = {**one.tasks, **other.tasks}
        found = [f"task {t}" for t in texts if one.tasks.get(t) != other.tasks.get(t)]
    if not found and one.variants != other.variants:
        found = ["other variants"]
    sets = [plan.programs and plan.programs.to_json() for plan in (one, other)]
    if not found and sets[0] != sets[1]:
        found = ["another set of programs"]
    if not found:
        changed = [k for k in one.versions if one.versions[k] != other.versions.get(k)]
        found = [f"another version of {k}" for k in changed]
    return "; ".join(found[:3])


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _sliced(cell: Slice, slices: int) -> list[Slice]:
    ends = [cell.count * n // slices for n in range(slices + 1)]
    counts = [b - a for a, b in itertools.pairwise(ends)]
    return [Slice(cell.task, cell.length, c, n, slices) for n, c in enumerate(counts)]


def _tasks(settings: Settings, rules: Sequence[str | Path]) -> dict[str, str]:
    """Return the texts of the tasks of a plan by name, sorted."""
    from ..discovery import catalog
    from ..discovery import load as load_task

    if isinstance(settings.tasks, str):
        found = catalog(rules)
        chosen = [t for t in found.values() if t.split == settings.tasks or settings.tasks == "all"]
        if not chosen:
            splits = ", ".join(sorted({t.split for t in found.values()}))
            raise CorpusRejected(f"no task is of split {settings.tasks!r}; there are {splits}")
    else:
        chosen = [load_task(name, rules) for name in settings.tasks]
        if not chosen and not settings.synthetic:
            raise CorpusRejected(
                f"preset {settings.preset} needs a task: --task NAME; rfft rules list shows all"
            )
    names = [task.id for task in chosen]
    twice = sorted({n for n in names if names.count(n) > 1} | ({SYNTHETIC} & set(names)))
    if twice:
        raise CorpusRejected(f"two tasks are named {twice[0]}")
    return {task.id: task.text for task in sorted(chosen, key=lambda t: t.id)}
