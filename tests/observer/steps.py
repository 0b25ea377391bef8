"""Holds the JSON steps of a trace against the run."""

import ast
from typing import Any

from .describing import ANY, agrees
from .equations import parsed
from .findings import Finding
from .program import Program
from .records import Call, Step
from .timeline import Moment


def judge_steps(
    program: Program, moments: list[Moment], steps: list[dict[str, Any]]
) -> list[Finding]:
    """Return what is wrong in the JSON steps."""
    return _Steps(program, moments, steps).judge()


class _Steps:
    def __init__(
        self, program: Program, moments: list[Moment], steps: list[dict[str, Any]]
    ) -> None:
        self.program = program
        self.moments = [
            m for m in moments
            if m.kind in ("call", "step") or (m.kind == "end" and m.implicit)
        ]  # fmt: skip
        self.moments = [m for m in self.moments if not in_class(m)]
        bodies = _lines_of_classes(program)
        self.steps = [
            s for s in steps
            if s["kind"] not in ("finally", "else")
            and (s["kind"] in ("call", "end") or (s["line"], s["kind"]) not in bodies)
        ]  # fmt: skip
        self.found: list[Finding] = []
        self.frames: dict[int, int] = {}
        self.calls: dict[int, int] = {}
        self.ends = {m.call: m for m in moments if m.kind == "end"}
        self.line = 0

    def add(self, kind: str, expected: str, found: str = "") -> None:
        self.found.append(Finding(kind, self.line, expected, found, "json"))

    def judge(self) -> list[Finding]:
        at = 0
        for step in self.steps:
            self.line = (step.get("lines") or [0])[0]
            if at < len(self.moments) and self.fits(self.moments[at], step):
                self.check(self.moments[at], step)
                at += 1
                continue
            told = f"{step['kind']} {step['source'].splitlines()[0] if step['source'] else ''}"
            ahead = next(
                (k for k in range(1, 6) if at + k < len(self.moments)
                 and self.fits(self.moments[at + k], step)), None)  # fmt: skip
            if ahead is None:
                due = tell(self.moments[at]) if at < len(self.moments) else "the end"
                self.add("control", f"next is {due}", told)
                continue
            for moment in self.moments[at : at + ahead]:
                self.add("control", f"{tell(moment)} is missing", f"before {told}")
            at += ahead
            self.check(self.moments[at], step)
            at += 1
        if at < len(self.moments):
            self.add("control", f"{tell(self.moments[at])} is missing at the end")
        return self.found

    def fits(self, moment: Moment, step: dict[str, Any]) -> bool:
        """Tell whether a step may be that of a moment."""
        if moment.kind == "call":
            return bool(step["kind"] == "call" and step["source"] == moment.call.code.name)
        if moment.kind == "end":
            return bool(step["kind"] == "end")
        if moment.step is None or step["kind"] in ("call", "end"):
            return False
        statement = moment.step.statement
        return _kind(step["kind"]) == _kind(statement.kind) and (
            same_text(statement.source, step["source"])
            or same_text(self.program.whole(statement), step["source"])
        )

    # One step

    def check(self, moment: Moment, told: dict[str, Any]) -> None:
        """Hold a step against the moment that it tells of."""
        if told["depth"] != moment.call.depth and moment.kind != "end":
            self.add("control", f"depth {moment.call.depth} of {tell(moment)}", str(told["depth"]))
        number, frame = moment.call.number, told["frame"]
        if self.frames.setdefault(frame, number) != number or (
            self.calls.setdefault(number, frame) != frame
        ):
            self.add("control", f"{tell(moment)} is of another call", f"frame {told['frame']}")
        if moment.kind == "call":
            self.entered(moment, told)
        elif moment.kind == "end":
            if not agrees(moment.value, told.get("outcome") or ""):
                self.add("control", f"returns {shown(moment.value)}", str(told.get("outcome")))
        elif moment.step is not None:
            self.ran(moment.step, told)

    def entered(self, moment: Moment, told: dict[str, Any]) -> None:
        state = moment.call.state
        for name, text in told.get("after", {}).items():
            self.value(name, text, [state.get(name)], "at the call")
        for name in parameters(moment.call):
            if name not in told.get("after", {}):
                self.add("missing change", f"{name} = {shown(state[name])} at the call")

    def ran(self, step: Step, told: dict[str, Any]) -> None:
        before, after = told.get("before", {}), told.get("after", {})
        walrus = dict(step.walrus)
        for name, text in before.items():
            texts = [step.before[name]] if name in step.before else values_of(step, name)
            self.value(name, text, [*texts, walrus.get(name)], "before")
        ended = step.after or {}
        for name, text in after.items():
            place = step.places.get(unparsed(name))
            texts = [
                ended.get(name),
                place,
                step.paths_after.get(name),
                *(v for n, v in step.walrus if n == name),
            ]
            if step.raised or step.paused:
                texts += values_of(step, name)
            self.value(name, text, texts, "after")
            if not is_new(step, name):
                self.add("unchanged under now", f"{name} is as before", f"{name} = {text}")
        if not (step.raised or step.paused):
            for name in changed(step):
                if name not in after:
                    self.add("missing change", f"{name} = {shown(ended[name])}", told["source"])
        stated = {*before, *(e["source"] for e in told.get("evaluated", []))}
        for name, text in needed(step, stated):
            self.add("unstated read", f"{name} = {shown(text)}", told["source"])
        for item in told.get("evaluated", []):
            texts = [*values_of(step, item["source"]), *step.places.values()]
            texts += [v for n, v in step.walrus if n == item["source"]]
            if item["source"] in step.before:
                texts.append(step.before[item["source"]])
            self.value(item["source"], item["value"], texts, "worked out")
        self.outcome(step, told)

    def outcome(self, step: Step, told: dict[str, Any]) -> None:
        kind, outcome = step.statement.kind, told.get("outcome")
        if step.raised:
            return
        if kind in ("if", "while", "for") and outcome is not step.truth:
            self.add("control", f"{step.statement.source} is {step.truth}", str(outcome))
        if kind == "return":
            end = self.ends.get(step.call)
            if end is not None and end.step is step and not agrees(end.value, str(outcome)):
                self.add("control", f"returns {shown(end.value)}", str(outcome))

    def value(self, name: str, text: str, real: list[str | None], when: str) -> None:
        """Hold a stated value against the real ones that it may be."""
        known = [r for r in real if r is not None]
        if not known and text.startswith("<"):
            return  # a function, a class, a module: no data
        if not text.strip():
            self.add("empty value", f"{name} = {shown(known[0]) if known else '?'}")
        elif not any(agrees(r, text) for r in known):
            want = " or ".join(dict.fromkeys(map(shown, known))) or "nothing of that name"
            self.add("false value", f"{name} = {want} {when}", text)


def needed(step: Step, stated: set[str]) -> list[tuple[str, str]]:
    """Return the variables that a step has read and that are not stated, with their values."""
    found: dict[str, str] = {}
    bound = {n for n, _ in step.walrus}
    for name, text, attribute in step.reads:
        if name in bound and step.before.get(name) != text:
            continue
        if step.statement.kind == "case" and name in step.statement.assigned:
            continue  # a guard reads what the pattern has just bound
        if not attribute or not any(s.startswith(f"{name}.") and "(" not in s for s in stated):
            found.setdefault(name, text)
    node = step.statement.node
    if isinstance(node, ast.AugAssign):
        name = ast.unparse(node.target)
        if name in step.before:
            found.setdefault(name, step.before[name])
    # A member of an enumeration is its own value's text.
    return [(n, text) for n, text in found.items() if n not in stated and not agrees(text, n)]


def changed(step: Step) -> list[str]:
    """Return the variables that are other after a step than before."""
    after = step.after or {}
    return [n for n, text in after.items() if step.before.get(n) != text and text != ANY]


def is_new(step: Step, name: str) -> bool:
    """Tell whether a step has assigned or changed what a line under ``now,`` states."""
    key = unparsed(name)
    if step.paths.get(name) != step.paths_after.get(name):
        return True
    text = (step.after or {}).get(name)
    if step.before.get(name) != text or ANY in (text or ""):
        return True  # what is opaque, an iterator for example, may have changed
    return key in step.statement.assigned or name in {n for n, _ in step.walrus}


def values_of(step: Step, source: str) -> list[str]:
    """Return the values that an expression of a step had."""
    text = unparsed(source)
    return [
        v
        for n, e in step.statement.expressions.items()
        if e.text == text
        for v in step.values.get(n, [])
    ]


def unparsed(source: str) -> str:
    """Return an expression as ``ast`` writes it."""
    node = parsed(source)
    return ast.unparse(node) if node is not None else source


def shown(description: str) -> str:
    """Return a description for people."""
    marks = {"\x00": "…", "\x01": "", "\x02": " or ", "\x03": ""}
    return "".join(marks.get(c, c) for c in description)[:200]


def same_text(source: str, told: str) -> bool:
    """Tell whether two recitals are the same but for indentation and comments."""
    return _bare(source) == _bare(told)


def _bare(text: str) -> list[str]:
    lines = [line.strip() for line in text.strip().splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _kind(kind: str) -> str:
    return {"annassign": "assign", "importfrom": "import", "delete": "del", "elif": "if"}.get(
        kind, kind
    )


def in_class(moment: Moment) -> bool:
    """Tell whether a moment is of the body of a class, of which traces tell nothing."""
    return isinstance(moment.call.code.node, ast.ClassDef)


def _lines_of_classes(program: Program) -> set[tuple[int, str]]:
    """Return where the statements of the bodies of classes are."""
    return {
        (s.line, s.kind)
        for code in program.codes.values()
        if isinstance(code.node, ast.ClassDef)
        for s in code.statements
    }


def parameters(call: Call) -> list[str]:
    """Return what a call begins with: its parameters, and the attributes of its receiver."""
    node = call.code.node
    if isinstance(node, ast.ClassDef):
        return []
    a = node.args
    named = [*a.posonlyargs, *a.args, *a.kwonlyargs, *[v for v in (a.vararg, a.kwarg) if v]]
    names = {x.arg for x in named}
    return [n for n in call.state if n.split(".")[0] in names and n not in call.shared]


def tell(moment: Moment) -> str:
    """Return what a moment is, for people."""
    if moment.kind == "step" and moment.step is not None:
        return moment.step.statement.source.splitlines()[0]
    return f"{moment.kind} of {moment.call.code.name}"
