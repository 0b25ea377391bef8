"""A small corpus of tasks of its own, and what tests do with it."""

import os
import subprocess
import sys
from pathlib import Path

from rfft.rules.corpus import plan
from rfft.rules.corpus import settings as presets

COMMAND = str(Path(sys.executable).parent / "rfft")
TASKS = {
    "add_up": '''
def add_up(nums: list[int]) -> int:
    """What is the sum of the numbers {nums}?"""
    total = 0
    for num in nums:
        total += num
    return total
''',
    "flip": '''
MAX_LENGTH = 3


def flip(coins: str) -> str:
    """Turn all coins: {coins}."""
    turned = ""
    while coins:
        turned += "T" if coins[0] == "H" else "H"
        coins = coins[1:]
    return turned


def inputs(length, rng):
    return "".join(rng.choices("HT", k=length))


def oracle(coins):
    return coins.translate({72: 84, 84: 72})
''',
}


def rules_in(folder: Path, **more: str) -> Path:
    """Write the tasks into a folder; return it."""
    place = folder / "rules"
    place.mkdir(exist_ok=True)
    for name, text in {**TASKS, **more}.items():
        (place / f"{name}.py").write_text(text)
    return place


def plan_in(folder: Path, tasks: tuple[str, ...] = tuple(TASKS), **changes) -> plan.Plan:
    """Return a plan with the tasks, written into a folder."""
    settings = {"lengths": (1, 4), "per_length": 20, "shard_rows": 30, **changes}
    more = settings.pop("more", {})
    rules = rules_in(folder, **more)
    return plan.make(presets.load("rf-pretrain", tasks=tasks, **settings), [rules])


def options(folder: Path, **changes: object) -> list[str]:
    """Return the options of ``rfft corpus build`` for the same plan."""
    rules = rules_in(folder)
    said = {"lengths": "1-4", "per-length": 20, "shard-rows": 30, **changes}
    given = [f"--{name}={value}" for name, value in said.items()]
    return ["--preset", "rf-pretrain", "--rules", str(rules), *given,
            *(f"--task={name}" for name in TASKS)]  # fmt: skip


def run(*arguments: object, **settings) -> subprocess.CompletedProcess[str]:
    """Run ``rfft corpus`` to its end."""
    environment = {**os.environ, **settings.pop("env", {})}
    command = [COMMAND, "corpus", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=120, **settings
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all files of a corpus by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".work" not in path.parts
    }
