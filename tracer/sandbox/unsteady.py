"""What a rule asks for that differs from run to run, so that its trace cannot be made again."""

import ast

from ..plan.source import walk
from ..rule import Rule

_CLOCKS = (
    "time.time time.time_ns time.monotonic time.monotonic_ns time.perf_counter time.perf_counter_ns"
    " time.process_time time.process_time_ns time.localtime time.gmtime time.ctime"
    " datetime.datetime.now datetime.datetime.today datetime.datetime.utcnow datetime.date.today"
)
_CHANCE = (
    "uuid.uuid1 uuid.uuid4 os.urandom secrets.choice secrets.randbelow secrets.randbits"
    " secrets.token_bytes secrets.token_hex secrets.token_urlsafe random.SystemRandom"
)
_ASKED = {
    "id": "an address",
    **dict.fromkeys(_CLOCKS.split(), "the time"),
    **dict.fromkeys(_CHANCE.split(), "chance"),
    **dict.fromkeys(("os.getpid", "os.getppid"), "the number of a process"),
}


def unsteady(rule: Rule) -> list[str]:
    """Return what a rule asks for that differs from run to run, each as a reason."""
    nodes = walk(rule.module.tree)
    names, bound = _imported(nodes), rule.module.effects.bound
    found: dict[str, None] = {}
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        name = _dotted(node.func, names)
        if name in _ASKED and name not in bound:
            found[f"the rule asks for {_ASKED[name]}: {name}"] = None
        elif name == "hash" and name not in bound and any(map(_is_none, node.args)):
            found["the rule asks for an address: hash(None)"] = None
    return list(found)


def _imported(nodes: list[ast.AST]) -> dict[str, str]:
    """Return the full names of what a module imports."""
    names: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {a.asname: a.name for a in node.names if a.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return names


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, names)}.{node.attr}"
    return ""


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
