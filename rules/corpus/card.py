"""The dataset card: README.md, which `datasets` reads, and dataset_info.json for LLaMA-Factory."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from . import files, outcome
from .plan import Plan
from .records import Record, manifest, manifest_hash
from .split import ALL

_ROLES = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
}
_INTRODUCTION = """# Rule-following traces

Each sample asks a question about a rule, a plain Python function. It is answered by the trace of a
run of that rule, which ends with the answer.

Rows stand in the order of tasks and lengths: shuffle them. Columns: `id`, `task`, `length`,
`style`, `prompt` and `completion`, `answer`, `rule`, `arguments`.

In config `conversational`, prompt and completion are messages, for models with a chat template; in
`prompt_completion` they are texts, for models without one; `messages` has both in one column."""
Tokens = Mapping[tuple[str, int], tuple[int, int]]
"""By task and length: tokens of all samples together, and of the longest one."""


def write(
    plan: Plan, folder: Path, records: Sequence[Record], tokens: Tokens | None = None, by: str = ""
) -> None:
    """Write the card, with tokens counted `by` a tokenizer if given. Raises BuildFailed."""
    info = json.dumps(dataset_info(plan), indent=1) + "\n"
    files.write(folder, "dataset_info.json", info.encode())
    files.write(folder, "README.md", text(plan, records, tokens or {}, by).encode())


def dataset_info(plan: Plan) -> dict[str, object]:
    """Return what LLaMA-Factory wants to know; a corpus's folder is its ``dataset_dir``."""
    forms = {
        "prompt_completion": {
            "formatting": "alpaca",
            "columns": {"prompt": "prompt", "response": "completion"},
        },
        "messages": {
            "formatting": "sharegpt",
            "columns": {"messages": "messages"},
            "tags": _ROLES,
        },
    }
    return {
        f"rfft_{config}": {"file_name": config, "split": _split(plan), **forms[config]}
        for config in plan.settings.configs
        if config in forms
    }


def _split(plan: Plan) -> str:
    return plan.settings.split


def text(plan: Plan, records: Sequence[Record], tokens: Tokens, by: str) -> str:
    """Return the text of README.md."""
    settings = plan.settings
    cells = [cell for record in records for cell in record["cells"]]
    rows = sum(cell["rows"] for cell in cells)
    left_out = [one for cell in cells for one in cell.get("left_out", ())]
    exhausted = sorted({(c["task"], c["length"]) for c in cells if c["exhausted"]})
    first, last = settings.lengths
    shown = ", a worked example in front" if settings.example else ""
    parts = [
        *_header(plan, records),
        *_INTRODUCTION.splitlines(),
        "",
        f"- plan: `{plan.hash}` (preset {settings.preset}, seed {settings.seed})",
        f"- style: {settings.style}{shown}",
        *(["- unit: a row is a step of a run, with the state before and after it"]
          if plan.by_steps else []),
        f"- samples: {rows:,} of {plan.samples:,} planned",
        *(_programs(plan, records) if plan.programs else [
            f"- tasks: {len(plan.tasks)}, lengths {first} to {last}",
            *(f"- variants: {n}, in place of the tasks" for n in [len(plan.variants)] if n),
            f"- instances: of the side `{settings.side}`; no other side has any of them",
        ]),
        *(["- direction: backward, an input is asked for"] if settings.backward else []),
        *_sizes(cells, tokens, by),
    ]  # fmt: skip
    if plan.programs:
        parts += ["", "## In no row", "", *_reasons(plan, records)]
    else:
        parts += ["", "## Tasks", "", *_table(cells, tokens)]
    if exhausted:
        parts += ["", "## Exhausted", "", "There are no more instances of"]
        parts += _listed(f"{t} at length {n}" for t, n in exhausted)
    if plan.left_out:
        parts += ["", "## Not planned", "", *_listed(plan.left_out)]
    if left_out:
        parts += ["", "## Left out", ""]
        parts += _listed(f"`{one['id']}`: {one['status']}: {one['reason']}" for one in left_out)
    return "\n".join(parts) + "\n"


def _programs(plan: Plan, records: Sequence[Record]) -> list[str]:
    side = plan.settings.side
    lines = [f"- {line}" for line in outcome.summary(plan, records)]
    return (
        lines if side == ALL else [*lines, f"- of the side `{side}`; no other side has any of them"]
    )


def _reasons(plan: Plan, records: Sequence[Record]) -> list[str]:
    found = outcome.reasons(plan, records)
    if not found:
        return ["All is in rows."]
    lines = [f"| {name} | {meaning} | {count:,} |" for name, meaning, count in found]
    head = f"Programs and inputs, by reason; `{outcome.LEFT_OUT}` has each of them."
    return [head, "", "| reason | what it means | count |", "|---|---|---:|", *lines]


_MOST = 1000  # lines of a list; the manifest has all


def _listed(lines: Iterable[str]) -> list[str]:
    made = [f"- {line}" for line in lines]
    more = len(made) - _MOST
    return made if more <= 0 else [*made[:_MOST], f"- and {more:,} more"]


def _header(plan: Plan, records: Sequence[Record]) -> list[str]:
    lines = ["---", "configs:"]
    # The cache of `datasets` tells folders apart by their last name and what is said of a config.
    described = f"corpus {manifest_hash(manifest(plan, records))}"
    form = plan.settings.format
    configs = plan.settings.configs
    for config in configs:
        lines += [
            f"- config_name: {config}",
            f"  description: {described}",
            *(["  default: true"] if config == configs[0] else []),
            "  data_files:",
            f"  - split: {_split(plan)}",
            f"    path: {config}/*.{form}",
        ]
    return [*lines, "---", ""]


def _sizes(cells: Sequence[Mapping[str, object]], tokens: Tokens, by: str) -> list[str]:
    characters = [_characters(cell) for cell in cells]
    total = sum(c["prompts"] + c["completions"] for c in characters)
    longest = max((c["longest"] for c in characters), default=0)
    lines = [f"- characters: {total:,}; the longest sample has {longest:,}"]
    if tokens:
        count = sum(all_ for all_, _ in tokens.values())
        most = max(most for _, most in tokens.values())
        lines.append(f"- tokens of {by}: {count:,}; `max_length: {most}` cuts nothing")
    return lines


def _characters(cell: Mapping[str, object]) -> dict[str, int]:
    found = cell["characters"]
    assert isinstance(found, dict)
    return found


def _table(cells: Sequence[Record], tokens: Tokens) -> list[str]:
    """Return the lines of a table with a row for each task and length."""
    merged: dict[tuple[str, int], list[int]] = {}
    for cell in cells:
        sizes = _characters(cell)
        row = merged.setdefault((cell["task"], cell["length"]), [0, 0, 0])
        row[0] += cell["rows"]
        row[1] += sizes["prompts"] + sizes["completions"]
        row[2] = max(row[2], sizes["longest"])
    more = " mean tokens | most tokens |" if tokens else ""
    lines = [
        "| task | length | samples | mean characters | most characters |" + more,
        "|---|---:|---:|---:|---:|" + ("---:|---:|" if tokens else ""),
    ]
    for (task, length), (rows, total, most) in merged.items():
        line = f"| {task} | {length} | {rows:,} | {total // max(rows, 1):,} | {most:,} |"
        if tokens:
            all_, longest = tokens.get((task, length), (0, 0))
            line += f" {all_ // max(rows, 1):,} | {longest:,} |"
        lines.append(line)
    return lines
